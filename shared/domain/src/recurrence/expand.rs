//! The occurrences that a rule yields.
//!
//! rrule is given wall time labelled as UTC, and neither COUNT nor UNTIL: in UTC it is right, in zones with changing
//! clocks it is not (`docs/time.md`). What a start means, and whether it counts, is decided here.

use std::iter::FusedIterator;

use chrono::{Datelike as _, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use rrule::{Frequency, NWeekday, RRule, RRuleSetIter, Tz};

use super::{Ends, Interval, Nth, Pattern, Rule};
use crate::{
    slot::{Minutes, Slot, Unresolved},
    zone::Zone,
};

/// How long after its first start the last occurrence of any series may be: ten years.
pub const HORIZON: Months = Months::new(120);

/// The most starts that are looked at in one expansion: the days of ten years, and some.
const STEPS: usize = 3_660;

/// The last year all of whose wall times are instants, in any zone.
pub(super) const LAST_YEAR: i32 = 9998;

/// A start that a rule yields in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// It takes place.
    At(Slot),
    /// The clocks are set forward over it: it does not take place, and does not count (RFC 5545 §3.3.10).
    Gap {
        /// The wall-clock start that does not exist.
        local_start: NaiveDateTime,
        /// The first wall-clock time after it that does.
        next_valid: NaiveDateTime,
    },
}

impl Occurrence {
    /// Its wall-clock start, by which the rule knows it.
    pub fn local_start(&self) -> NaiveDateTime {
        match self {
            Self::At(slot) => slot.local_start(),
            Self::Gap { local_start, .. } => *local_start,
        }
    }

    /// Its slot, where it takes place.
    pub fn slot(self) -> Option<Slot> {
        match self {
            Self::At(slot) => Some(slot),
            Self::Gap { .. } => None,
        }
    }
}

impl Rule {
    /// The occurrences of a series, in order, each made when it is asked for.
    ///
    /// `first` counts to the minute, and the interval from it; it is an occurrence itself only where it fits the rule
    /// ([`Rule::first_at_or_after`]). A repeated wall time is the first of the two. The series ends as the rule says, and
    /// ten years after its first start at the latest ([`HORIZON`]); whatever the rule, a few thousand steps are taken.
    pub fn occurrences(&self, first: NaiveDateTime, zone: &Zone, length: Minutes) -> Occurrences {
        let left = match self.ends {
            Ends::After(count) => Some(count.get()),
            Ends::Never | Ends::On(_) => None,
        };
        Occurrences { starts: Starts::new(self, first), zone: zone.clone(), length, left }
    }
}

/// The occurrences of a series: [`Rule::occurrences`].
#[derive(Clone, Debug)]
pub struct Occurrences {
    starts: Starts,
    zone: Zone,
    length: Minutes,
    left: Option<u16>,
}

impl Iterator for Occurrences {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        if self.left == Some(0) {
            return None;
        }
        let local_start = self.starts.next()?;
        match Slot::resolve(local_start, &self.zone, self.length, None) {
            Ok(slot) => {
                self.left = self.left.map(|left| left - 1);
                Some(Occurrence::At(slot))
            }
            Err(Unresolved::Skipped { next_valid, .. }) => Some(Occurrence::Gap { local_start, next_valid: next_valid.0 }),
            // Only an offset that is named can fail so.
            Err(Unresolved::OffsetNotInForce { .. }) => None,
        }
    }
}

impl FusedIterator for Occurrences {}

/// The wall-clock starts of a rule, whatever the zone and however many it wants.
#[derive(Clone, Debug)]
pub(super) struct Starts {
    candidates: Option<RRuleSetIter>,
    pattern: Pattern,
    last: NaiveDateTime,
    /// How many candidates were looked at.
    pub(super) steps: usize,
}

impl Starts {
    pub(super) fn new(rule: &Rule, first: NaiveDateTime) -> Self {
        let first = first.with_second(0).and_then(|f| f.with_nanosecond(0)).unwrap_or(first);
        let horizon = first.checked_add_months(HORIZON).unwrap_or(NaiveDateTime::MAX);
        let last = match rule.ends {
            Ends::On(date) => horizon.min(end_of(date)),
            Ends::Never | Ends::After(_) => horizon,
        };
        Self { candidates: candidates(rule.pattern, rule.interval, first), pattern: rule.pattern, last, steps: 0 }
    }
}

impl Iterator for Starts {
    type Item = NaiveDateTime;

    fn next(&mut self) -> Option<NaiveDateTime> {
        while self.steps < STEPS {
            self.steps += 1;
            let start = self.candidates.as_mut()?.next()?.naive_utc();
            if start > self.last || start.year() > LAST_YEAR {
                self.candidates = None;
                return None;
            }
            if self.pattern.falls_on(start.date()) {
                return Some(start);
            }
        }
        None
    }
}

impl FusedIterator for Starts {}

fn end_of(date: NaiveDate) -> NaiveDateTime {
    date.and_hms_opt(23, 59, 59).unwrap_or(date.and_time(NaiveTime::MIN))
}

/// What rrule yields for a pattern: each of its starts, and for a day that not every month has, one start in the months
/// without it. So rrule is never left to search for a month that may not come; what does not fall on the pattern is for the
/// caller to leave out. None for years that calendars do not write.
fn candidates(pattern: Pattern, interval: Interval, first: NaiveDateTime) -> Option<RRuleSetIter> {
    let rule = match pattern {
        Pattern::Daily => RRule::new(Frequency::Daily),
        Pattern::Weekly(days) => RRule::new(Frequency::Weekly).by_weekday(days.iter().map(NWeekday::Every).collect()),
        Pattern::MonthlyOnDay(day) => {
            // Of the 28th to the day: the last that the month has.
            let day = i8::try_from(day.get()).ok()?;
            RRule::new(Frequency::Monthly).by_month_day((day.min(28)..=day).collect()).by_set_pos(vec![-1])
        }
        Pattern::MonthlyOnWeekday { nth, weekday } => {
            let nth = if nth == Nth::Fifth { Nth::Last } else { nth };
            RRule::new(Frequency::Monthly).by_weekday(vec![NWeekday::Nth(nth.number().into(), weekday)])
        }
    };
    if !(1..=LAST_YEAR).contains(&first.year()) {
        return None;
    }
    let set = rule.interval(interval.get().into()).build(first.and_utc().with_timezone(&Tz::UTC)).ok()?;
    Some((&set.limit()).into_iter())
}
