//! A rule in words.

use chrono::{Datelike as _, NaiveDateTime, Weekday};

use super::{Ends, Interval, Nth, Pattern, Rule, Weekdays};

impl Rule {
    /// The rule in words, for a series with this first start: "every other Tuesday at 9:00, until 30 June 2027".
    pub fn sentence(&self, first: NaiveDateTime) -> String {
        let (days, left_out) = (days(self.pattern, self.interval), left_out(self.pattern, self.interval, first));
        let ends = match self.ends {
            Ends::Never => String::new(),
            Ends::On(last) => format!(", until {}", last.format("%-d %B %Y")),
            Ends::After(count) if count.get() == 1 => ", once".to_owned(),
            Ends::After(count) => format!(", {} times", count.get()),
        };
        let left_out = left_out.map(|what| format!(" (months without a {what} are left out)")).unwrap_or_default();
        format!("{days} at {}{ends}{left_out}", first.format("%-H:%M"))
    }
}

fn days(pattern: Pattern, interval: Interval) -> String {
    match pattern {
        Pattern::Daily => match interval.get() {
            1 => "every day".to_owned(),
            2 => "every other day".to_owned(),
            n => format!("every {n} days"),
        },
        Pattern::Weekly(days) => weekly(days, interval),
        Pattern::MonthlyOnDay(day) => format!("{} on the {}", months(interval), ordinal(day.get())),
        Pattern::MonthlyOnWeekday { nth, weekday } => format!("{} on the {} {}", months(interval), which(nth), name(weekday)),
    }
}

fn weekly(days: Weekdays, interval: Interval) -> String {
    let week = match interval.get() {
        1 if days == Weekdays::ALL => return "every day".to_owned(),
        1 if days == Weekdays::WORKDAYS => return "every weekday".to_owned(),
        1 => return format!("every {}", listed(days)),
        2 if let Some(day) = days.single() => return format!("every other {}", name(day)),
        2 => "every other week".to_owned(),
        n => format!("every {} week", ordinal(n)),
    };
    if days == Weekdays::ALL {
        format!("{week} from Monday to Sunday")
    } else if days == Weekdays::WORKDAYS {
        format!("{week} from Monday to Friday")
    } else {
        format!("{week} on {}", listed(days))
    }
}

fn months(interval: Interval) -> String {
    match interval.get() {
        1 => "every month".to_owned(),
        n => format!("every {n} months"),
    }
}

/// What months may lack, where one of those that the rule comes to does.
fn left_out(pattern: Pattern, interval: Interval, first: NaiveDateTime) -> Option<String> {
    match pattern {
        Pattern::MonthlyOnDay(day) => {
            let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            let visited = lengths.iter().cycle().skip(first.month0() as usize).step_by(interval.get().into()).take(12);
            visited.min().is_some_and(|&shortest| shortest < day.get()).then(|| ordinal(day.get()))
        }
        Pattern::MonthlyOnWeekday { nth: Nth::Fifth, weekday } => Some(format!("{} {}", which(Nth::Fifth), name(weekday))),
        Pattern::Daily | Pattern::Weekly(_) | Pattern::MonthlyOnWeekday { .. } => None,
    }
}

fn listed(days: Weekdays) -> String {
    let mut names: Vec<_> = days.iter().map(name).collect();
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last.to_owned() } else { format!("{} and {last}", names.join(", ")) }
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn which(nth: Nth) -> &'static str {
    match nth {
        Nth::First => "first",
        Nth::Second => "second",
        Nth::Third => "third",
        Nth::Fourth => "fourth",
        Nth::Fifth => "fifth",
        Nth::Last => "last",
    }
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
