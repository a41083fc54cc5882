//! Rules read from the text of an RRULE.

use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{BadRule, Count, DayOfMonth, Ends, Interval, Nth, Pattern, Rule, Weekdays};

/// More characters than the longest rule needs, `RRULE:` and all.
const LIMIT: usize = 200;

impl Rule {
    /// Reads RRULE text, in any case and order of parts, with or without `RRULE:` before it (RFC 5545 §3.3.10).
    ///
    /// What the text leaves out is taken from the first start: the weekday of a weekly rule, the day of a monthly one. An
    /// UNTIL with a time of day counts by that time; every other part of the RFC, and every other value, is refused.
    pub fn parse(text: &str, first: NaiveDateTime) -> Result<Self, BadRule> {
        read(text, Some(first))
    }
}

impl FromStr for Rule {
    type Err = BadRule;

    /// Reads a rule that is complete without a first start, as `Display` writes it.
    fn from_str(text: &str) -> Result<Self, BadRule> {
        read(text, None)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

fn read(text: &str, first: Option<NaiveDateTime>) -> Result<Rule, BadRule> {
    let text = text.trim().to_ascii_uppercase();
    let text = text.strip_prefix("RRULE:").unwrap_or(&text);
    let found = text.chars().count();
    if text.is_empty() {
        return Err(BadRule::Empty);
    } else if found > LIMIT {
        return Err(BadRule::TooLong { limit: LIMIT, found });
    } else if !text.chars().all(|c| c.is_ascii_alphanumeric() || "=;,+-:".contains(c)) {
        return Err(BadRule::Characters);
    }
    let parts = Parts::split(text)?;
    let interval = parts.interval()?;
    let pattern = parts.pattern(interval, first)?;
    parts.check_week_start(pattern, interval, first)?;
    Ok(Rule { pattern, interval, ends: parts.ends(first)? })
}

/// The values of the parts, none of which stands twice.
#[derive(Default)]
struct Parts<'a> {
    frequency: Option<&'a str>,
    interval: Option<&'a str>,
    weekdays: Option<&'a str>,
    month_day: Option<&'a str>,
    set_position: Option<&'a str>,
    count: Option<&'a str>,
    until: Option<&'a str>,
    week_start: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, BadRule> {
        let mut parts = Self::default();
        for part in text.split(';') {
            let (name, value) = part.split_once('=').ok_or_else(|| BadRule::Part { found: part.to_owned() })?;
            let place = match name {
                "FREQ" => &mut parts.frequency,
                "INTERVAL" => &mut parts.interval,
                "BYDAY" => &mut parts.weekdays,
                "BYMONTHDAY" => &mut parts.month_day,
                "BYSETPOS" => &mut parts.set_position,
                "COUNT" => &mut parts.count,
                "UNTIL" => &mut parts.until,
                "WKST" => &mut parts.week_start,
                "" => return Err(BadRule::Part { found: part.to_owned() }),
                other => return Err(BadRule::Unknown { name: other.to_owned() }),
            };
            if place.replace(value).is_some() {
                return Err(BadRule::Twice { name: name.to_owned() });
            }
        }
        Ok(parts)
    }

    fn interval(&self) -> Result<Interval, BadRule> {
        self.interval.map_or(Ok(Interval::ONE), |value| Interval::new(digits(value).ok_or(BadRule::Interval)?))
    }

    fn pattern(&self, interval: Interval, first: Option<NaiveDateTime>) -> Result<Pattern, BadRule> {
        match self.frequency {
            None => Err(BadRule::NoFrequency),
            Some("DAILY") => self.daily(interval),
            Some("WEEKLY") => self.weekly(first),
            Some("MONTHLY") => self.monthly(first),
            Some(other) => Err(BadRule::Frequency { found: other.to_owned() }),
        }
    }

    /// On some weekdays of each week, a daily rule is a weekly one.
    fn daily(&self, interval: Interval) -> Result<Pattern, BadRule> {
        self.check_no_months()?;
        match self.weekdays {
            None => Ok(Pattern::Daily),
            Some(days) if interval == Interval::ONE => weekdays(days).map(Pattern::Weekly),
            Some(_) => Err(BadRule::DailyOnDays),
        }
    }

    fn weekly(&self, first: Option<NaiveDateTime>) -> Result<Pattern, BadRule> {
        self.check_no_months()?;
        let days = match self.weekdays {
            Some(days) => weekdays(days)?,
            None => Weekdays::of(first.ok_or(BadRule::NoDays)?.weekday()),
        };
        Ok(Pattern::Weekly(days))
    }

    fn check_no_months(&self) -> Result<(), BadRule> {
        match (self.month_day, self.set_position) {
            (None, None) => Ok(()),
            (Some(_), _) => Err(BadRule::MonthDayWithoutMonths),
            (None, Some(_)) => Err(BadRule::SetPosition),
        }
    }

    fn monthly(&self, first: Option<NaiveDateTime>) -> Result<Pattern, BadRule> {
        match (self.month_day, self.weekdays, self.set_position) {
            (None, None, None) => Ok(Pattern::MonthlyOnDay(DayOfMonth::of(first.ok_or(BadRule::NoDays)?.date()))),
            (Some(day), None, None) => {
                let day = digits(day.strip_prefix('+').unwrap_or(day)).ok_or(BadRule::MonthDay)?;
                Ok(Pattern::MonthlyOnDay(DayOfMonth::new(day)?))
            }
            (None, Some(day), position) => weekday_of_month(day, position),
            (Some(_), Some(_), _) => Err(BadRule::MonthDayAndWeekday),
            (_, None, Some(_)) => Err(BadRule::SetPosition),
        }
    }

    /// The day on which weeks begin decides which weeks are left out, and for several days which belong together; for one
    /// day of every so many weeks it decides nothing once the first start is such a day.
    fn check_week_start(&self, pattern: Pattern, interval: Interval, first: Option<NaiveDateTime>) -> Result<(), BadRule> {
        let Some(start) = self.week_start.map(weekday).transpose().map_err(|_| BadRule::WeekStart)? else { return Ok(()) };
        let matters = match pattern {
            Pattern::Weekly(days) => {
                let begins_there = days.single().is_some() && first.is_none_or(|first| pattern.falls_on(first.date()));
                interval != Interval::ONE && !begins_there
            }
            Pattern::Daily | Pattern::MonthlyOnDay(_) | Pattern::MonthlyOnWeekday { .. } => false,
        };
        if matters && start != Weekday::Mon { Err(BadRule::WeekStart) } else { Ok(()) }
    }

    fn ends(&self, first: Option<NaiveDateTime>) -> Result<Ends, BadRule> {
        match (self.count, self.until) {
            (None, None) => Ok(Ends::Never),
            (Some(count), None) => Ok(Ends::After(Count::new(digits(count).ok_or(BadRule::Count)?)?)),
            (None, Some(until)) => last_date(until, first).map(Ends::On),
            (Some(_), Some(_)) => Err(BadRule::CountAndUntil),
        }
    }
}

/// The last date on which a series may have an occurrence.
fn last_date(until: &str, first: Option<NaiveDateTime>) -> Result<NaiveDate, BadRule> {
    if until.ends_with('Z') {
        return Err(BadRule::UntilInUtc);
    }
    let last = match (until.split_once('T'), first) {
        (None, _) => date(until).ok_or(BadRule::Until)?,
        (Some((day, time_of_day)), Some(first)) => {
            let (day, time_of_day) = (date(day).ok_or(BadRule::Until)?, time(time_of_day).ok_or(BadRule::Until)?);
            // Of that day, the series' own time may no longer belong to it.
            if first.time() <= time_of_day { day } else { day.pred_opt().ok_or(BadRule::Until)? }
        }
        (Some(_), None) => return Err(BadRule::Until),
    };
    if first.is_some_and(|first| last < first.date()) { Err(BadRule::UntilBeforeFirst) } else { Ok(last) }
}

fn date(text: &str) -> Option<NaiveDate> {
    let number = digits(text).filter(|_| text.len() == 8)?;
    let year = i32::try_from(number / 10_000).ok().filter(|&year| year >= 1)?;
    NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
}

fn time(text: &str) -> Option<NaiveTime> {
    let number = digits(text).filter(|_| text.len() == 6)?;
    NaiveTime::from_hms_opt(number / 10_000, number / 100 % 100, number % 100)
}

fn weekdays(list: &str) -> Result<Weekdays, BadRule> {
    let days: Result<Vec<_>, _> = list
        .split(',')
        .map(|day| match weekday(day) {
            Err(_) if numbered(day).is_some() => Err(BadRule::Numbered { found: list.to_owned() }),
            read => read,
        })
        .collect();
    Weekdays::new(days?).ok_or(BadRule::NoDays)
}

/// `2TU`, or `TU` with a position of `2`.
fn weekday_of_month(day: &str, position: Option<&str>) -> Result<Pattern, BadRule> {
    let (number, weekday) = match (position, weekday(day), numbered(day)) {
        (None, _, Some((number, weekday))) => (number, weekday),
        (Some(position), Ok(weekday), _) => (signed(position).ok_or(BadRule::SetPosition)?, weekday),
        (Some(_), Err(_), _) => return Err(BadRule::SetPosition),
        (None, _, None) => return Err(BadRule::WeekdayOfMonth),
    };
    let nth = Nth::from_number(number).ok_or(BadRule::WeekdayOfMonth)?;
    Ok(Pattern::MonthlyOnWeekday { nth, weekday })
}

/// A weekday with a number before it.
fn numbered(text: &str) -> Option<(i8, Weekday)> {
    let (number, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    Some((signed(number)?, weekday(day).ok()?))
}

fn weekday(text: &str) -> Result<Weekday, BadRule> {
    match text {
        "MO" => Ok(Weekday::Mon),
        "TU" => Ok(Weekday::Tue),
        "WE" => Ok(Weekday::Wed),
        "TH" => Ok(Weekday::Thu),
        "FR" => Ok(Weekday::Fri),
        "SA" => Ok(Weekday::Sat),
        "SU" => Ok(Weekday::Sun),
        other => Err(BadRule::Weekday { found: other.to_owned() }),
    }
}

/// A number with or without a sign: one that no weekday can have is none.
fn signed(text: &str) -> Option<i8> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    digits(text).and_then(|number| i8::try_from(number).ok()).map(|number| sign * number)
}

/// A number of digits alone, without a sign.
fn digits(text: &str) -> Option<u32> {
    text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
