//! Recurrence: the rule of a series and the wall-clock starts it yields (S7, N5).
//!
//! A rule is local: it knows wall time and dates, no zone. What instants its starts mean is decided by
//! [`Slot::resolve`](crate::slot::Slot::resolve), one occurrence at a time, so a series stays at its wall time through
//! every change of the clocks. Weeks begin on Monday.

mod expand;
mod first;
mod moved;
mod number;
mod pattern;
mod presets;
mod read;
mod refusal;
mod sentence;
mod write;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use expand::{HORIZON, Occurrence, Occurrences};
pub use number::{Count, DayOfMonth, Interval};
pub use pattern::{Nth, Pattern, Weekdays};
pub use refusal::BadRule;

/// When a series recurs: the part of RFC 5545's RRULE that practices use (§3.3.10).
///
/// Read from text with [`Rule::parse`], and stored as the text that `Display` writes, which [`str::parse`] reads.
/// It says nothing without a first start: intervals count from that, and it gives every occurrence its time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The days on which it falls.
    pub pattern: Pattern,
    /// Every how many days, weeks or months.
    pub interval: Interval,
    /// When it ends.
    pub ends: Ends,
}

/// When a series ends (N5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Not by itself.
    Never,
    /// With this date, which is local and still belongs to it: wherever the zone, an occurrence on it takes place.
    /// A year of four digits.
    On(NaiveDate),
    /// After so many occurrences, where a start that the clocks skip counts for none (RFC 5545 §3.3.10).
    After(Count),
}
