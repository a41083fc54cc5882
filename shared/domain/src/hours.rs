//! When someone works: hours that repeat week by week, and the days that are exceptions to them.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{slot::Slot, text::Name, zone::Zone};

/// When someone works, week after week: intervals that do not overlap, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WeeklyHours(Vec<OpenHours>);

/// One interval of a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    /// The day, as `mon` to `sun`.
    #[serde(with = "weekday")]
    pub weekday: Weekday,
    /// From this wall time, such as `09:00`.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// Until this wall time, later on the same day.
    #[serde(with = "hour_minute")]
    pub until: NaiveTime,
}

/// Hours that end before they begin, overlap, or are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be at most 42 intervals that end after they begin and do not overlap")]
pub struct BadHours;

impl WeeklyHours {
    /// These hours, put in order.
    pub fn new(mut hours: Vec<OpenHours>) -> Result<Self, BadHours> {
        hours.sort_by_key(|h| (h.weekday.num_days_from_monday(), h.from));
        let ordered = hours.iter().all(|h| h.from < h.until);
        let apart = hours.windows(2).all(|pair| pair[0].weekday != pair[1].weekday || pair[0].until <= pair[1].from);
        if ordered && apart && hours.len() <= 42 { Ok(Self(hours)) } else { Err(BadHours) }
    }

    /// The intervals of a weekday.
    pub fn on(&self, weekday: Weekday) -> impl Iterator<Item = OpenHours> + '_ {
        self.0.iter().copied().filter(move |h| h.weekday == weekday)
    }

    /// Whether no hours are kept at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for WeeklyHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A run of days on which the weekly hours do not hold: a holiday, an absence, or days of other hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The first of the days, in the practitioner's zone.
    #[serde(with = "day")]
    pub first_day: NaiveDate,
    /// The last of the days.
    #[serde(with = "day")]
    pub last_day: NaiveDate,
    /// When there is work on each of them; none at all if empty.
    #[serde(default)]
    pub hours: DayHours,
    /// What staff call it, such as `Christmas`.
    #[serde(default)]
    pub name: Option<Name>,
}

/// The hours of one day: at most six intervals that do not overlap, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DayHours(Vec<Interval>);

/// One interval of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// From this wall time, such as `09:00`.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// Until this wall time, later on the same day.
    #[serde(with = "hour_minute")]
    pub until: NaiveTime,
}

impl Interval {
    /// Whether all of another lies within.
    fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }

    /// What both have, if anything.
    fn both(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), until: self.until.min(other.until) };
        (both.from < both.until).then_some(both)
    }
}

/// Hours of a day that end before they begin, overlap, or are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be at most 6 intervals that end after they begin and do not overlap")]
pub struct BadDayHours;

impl DayHours {
    /// These hours, put in order.
    pub fn new(mut hours: Vec<Interval>) -> Result<Self, BadDayHours> {
        hours.sort_by_key(|h| h.from);
        let ordered = hours.iter().all(|h| h.from < h.until);
        let apart = hours.windows(2).all(|pair| pair[0].until <= pair[1].from);
        if ordered && apart && hours.len() <= 6 { Ok(Self(hours)) } else { Err(BadDayHours) }
    }
}

impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Exceptions that do not overlap, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Exceptions(Vec<Exception>);

/// Exceptions that end before they begin, last too long, overlap, or are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be at most 100 runs of days, each of at most 366, that end no earlier than they begin and do not overlap")]
pub struct BadExceptions;

impl Exceptions {
    /// These exceptions, put in order.
    pub fn new(mut exceptions: Vec<Exception>) -> Result<Self, BadExceptions> {
        exceptions.sort_by_key(|e| e.first_day);
        let sized = exceptions.iter().all(|e| (0..366).contains(&(e.last_day - e.first_day).num_days()));
        let apart = exceptions.windows(2).all(|pair| pair[0].last_day < pair[1].first_day);
        if sized && apart && exceptions.len() <= 100 { Ok(Self(exceptions)) } else { Err(BadExceptions) }
    }

    /// The one that a day belongs to.
    pub fn on(&self, date: NaiveDate) -> Option<&Exception> {
        let next = self.0.partition_point(|e| e.first_day <= date);
        next.checked_sub(1).and_then(|at| self.0.get(at)).filter(|e| date <= e.last_day)
    }
}

impl<'de> Deserialize<'de> for Exceptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// When a practitioner works, all told. On any day their own exception is what holds, else the weekly hours as far as the
/// practice is open.
#[derive(Clone, Copy, Debug)]
pub struct WorkingHours<'a> {
    /// Week by week.
    pub weekly: &'a WeeklyHours,
    /// Their own exceptions.
    pub own: &'a Exceptions,
    /// The practice's, such as holidays.
    pub practice: &'a Exceptions,
    /// The zone of all these hours and days.
    pub zone: &'a Zone,
}

/// The hours of a certain day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Day {
    /// No hours are kept: any time is as good as another.
    Any,
    /// These intervals, in order; none on a day off.
    Within(Vec<Interval>),
}

impl<'a> WorkingHours<'a> {
    /// Of someone who keeps none, in a practice that never closes.
    pub fn any(zone: &'a Zone) -> Self {
        const NONE: &Exceptions = &Exceptions(Vec::new());
        Self { weekly: const { &WeeklyHours(Vec::new()) }, own: NONE, practice: NONE, zone }
    }

    /// The hours of a day.
    pub fn on(&self, date: NaiveDate) -> Day {
        if let Some(own) = self.own.on(date) {
            return Day::Within(own.hours.0.clone());
        }
        let open = self.practice.on(date).map(|closure| &closure.hours.0);
        let weekly = self.weekly.on(date.weekday()).map(|h| Interval { from: h.from, until: h.until });
        match (open, self.weekly.is_empty()) {
            (None, true) => Day::Any,
            (None, false) => Day::Within(weekly.collect()),
            (Some(open), true) => Day::Within(open.clone()),
            (Some(open), false) => Day::Within(weekly.flat_map(|h| open.iter().filter_map(move |o| h.both(*o))).collect()),
        }
    }

    /// Whether a slot lies within one interval of a day; where no hours are kept, always.
    pub fn cover(&self, slot: &Slot) -> bool {
        self.covers(self.zone.local(slot.starts_at()), self.zone.local(slot.ends_at()))
    }

    fn covers(&self, from: NaiveDateTime, until: NaiveDateTime) -> bool {
        let wanted = Interval { from: from.time(), until: until.time() };
        // The end no longer belongs to it: what ends at midnight does not last into the day after.
        let last = (until - TimeDelta::nanoseconds(1)).date();
        match self.on(from.date()) {
            Day::Any => from.date() == last || matches!(self.on(last), Day::Any),
            Day::Within(hours) => from.date() == until.date() && hours.into_iter().any(|h| h.covers(wanted)),
        }
    }

    /// What the day off is called on which a slot begins, if it has a name: whose holiday or absence it is.
    pub fn day_off(&self, slot: &Slot) -> Option<&'a Name> {
        let date = self.zone.local(slot.starts_at()).date();
        self.own.on(date).or_else(|| self.practice.on(date)).and_then(|exception| exception.name.as_ref())
    }
}

mod weekday {
    use chrono::Weekday;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
    pub(super) fn serialize<S: Serializer>(day: &Weekday, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match day {
            Weekday::Mon => "mon",
            Weekday::Tue => "tue",
            Weekday::Wed => "wed",
            Weekday::Thu => "thu",
            Weekday::Fri => "fri",
            Weekday::Sat => "sat",
            Weekday::Sun => "sun",
        })
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("must be a weekday: mon, tue, wed, thu, fri, sat or sun"))
    }
}

mod day {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
    pub(super) fn serialize<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveDate::parse_from_str(&text, "%Y-%m-%d").map_err(|_| D::Error::custom("must be a day such as 2026-12-24"))
    }
}

mod hour_minute {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| D::Error::custom("must be a time of day such as 09:00"))
    }
}

#[cfg(test)]
mod tests;
