//! Where a series may begin.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Ends, Rule};

/// Weekdays that are a month's fifth are never as far apart as this.
const DAYS_AHEAD: usize = 366;

impl Rule {
    /// The first wall-clock start at or after `from` with which a series of this rule may begin, at the same time of day;
    /// none where the rule ends before.
    ///
    /// A series begins with an occurrence, and its interval counts from there. So a first start `from` fits the rule
    /// where this is `from` itself, and is otherwise to be refused with this as the one that would fit.
    pub fn first_at_or_after(&self, from: NaiveDateTime) -> Option<NaiveDateTime> {
        let last = match self.ends {
            Ends::On(last) => last,
            Ends::Never | Ends::After(_) => NaiveDate::MAX,
        };
        let mut days = from.date().iter_days().take(DAYS_AHEAD).take_while(|&day| day <= last);
        days.find(|&day| self.pattern.falls_on(day)).map(|day| day.and_time(from.time()))
    }
}
