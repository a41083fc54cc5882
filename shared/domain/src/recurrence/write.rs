//! A rule as text.

use std::fmt;

use chrono::{Datelike as _, TimeDelta, Weekday};
use serde::{Serialize, Serializer};

use super::{Ends, Interval, Pattern, Rule, expand::LAST_YEAR};
use crate::zone::Zone;

impl Rule {
    /// The rule as a calendar part says it, beside a DTSTART with a TZID: there UNTIL is an instant in UTC (RFC 5545
    /// §3.3.10), the last second of the last local date in the series' zone. A last date at the end of all calendars is none.
    pub fn calendar_text(&self, zone: &Zone) -> String {
        let Ends::On(last) = self.ends else { return self.to_string() };
        let endless = Self { ends: Ends::Never, ..*self };
        match last.succ_opt().filter(|next| next.year() <= LAST_YEAR) {
            Some(next) => {
                let until = zone.start_of_day(next) - TimeDelta::seconds(1);
                format!("{endless};UNTIL={}", until.format("%Y%m%dT%H%M%SZ"))
            }
            None => endless.to_string(),
        }
    }
}

impl fmt::Display for Rule {
    /// As RFC 5545 writes it, with everything said that a first start would otherwise say: `FREQ=WEEKLY;BYDAY=TU`.
    /// UNTIL is a date, the last local one. The same rule is always the same text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency = match self.pattern {
            Pattern::Daily => "DAILY",
            Pattern::Weekly(_) => "WEEKLY",
            Pattern::MonthlyOnDay(_) | Pattern::MonthlyOnWeekday { .. } => "MONTHLY",
        };
        write!(f, "FREQ={frequency}")?;
        if self.interval != Interval::ONE {
            write!(f, ";INTERVAL={}", self.interval.get())?;
        }
        match self.pattern {
            Pattern::Daily => {}
            Pattern::Weekly(days) => {
                let days: Vec<_> = days.iter().map(code).collect();
                write!(f, ";BYDAY={}", days.join(","))?;
            }
            Pattern::MonthlyOnDay(day) => write!(f, ";BYMONTHDAY={}", day.get())?,
            Pattern::MonthlyOnWeekday { nth, weekday } => write!(f, ";BYDAY={}{}", nth.number(), code(weekday))?,
        }
        match self.ends {
            Ends::Never => Ok(()),
            Ends::On(last) => write!(f, ";UNTIL={}", last.format("%Y%m%d")),
            Ends::After(count) => write!(f, ";COUNT={}", count.get()),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn code(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
