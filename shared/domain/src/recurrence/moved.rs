//! The rule of "this and all that follow" when they are moved (S8).

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta};

use super::{DayOfMonth, Ends, Nth, Pattern, Rule};

impl Rule {
    /// The rule by which the occurrences from the one at `from` on recur when that one is moved to `to`, and all after it
    /// likewise. It yields `to`, unless it ends before.
    ///
    /// - Each day: as before.
    /// - Weekly: the weekday of `to` takes the place of the weekday of `from`; others stay.
    /// - Monthly on a day: the day of `to`.
    /// - Monthly on a weekday: the weekday of `to`, as often in the month as `to` says; the last one stays the last where
    ///   it can, and a fifth one that was none before is the last.
    ///
    /// A last date moves along where the start moves to a later day, lest the last occurrence be lost; it stays where the
    /// start moves to an earlier one. A number of occurrences is the caller's to reduce by those that stay behind.
    #[must_use]
    pub fn moved(&self, from: NaiveDateTime, to: NaiveDateTime) -> Self {
        let pattern = match self.pattern {
            Pattern::Daily => Pattern::Daily,
            Pattern::Weekly(days) => Pattern::Weekly(days.replacing(from.weekday(), to.weekday())),
            Pattern::MonthlyOnDay(_) => Pattern::MonthlyOnDay(DayOfMonth::of(to.date())),
            Pattern::MonthlyOnWeekday { nth, .. } => {
                Pattern::MonthlyOnWeekday { nth: nth_after(nth, to.date()), weekday: to.weekday() }
            }
        };
        let later = (to.date() - from.date()).max(TimeDelta::zero());
        let ends = match self.ends {
            Ends::On(last) => Ends::On(last.checked_add_signed(later).filter(|moved| moved.year() <= 9999).unwrap_or(last)),
            Ends::Never => Ends::Never,
            Ends::After(count) => Ends::After(count),
        };
        Self { pattern, interval: self.interval, ends }
    }
}

/// Which one of its weekday the date is to be called, where that was `before`.
fn nth_after(before: Nth, date: NaiveDate) -> Nth {
    let (stays_last, counted) = (before == Nth::Last && Nth::Last.is_of(date), Nth::of(date));
    if stays_last || (counted == Nth::Fifth && before != Nth::Fifth) { Nth::Last } else { counted }
}
