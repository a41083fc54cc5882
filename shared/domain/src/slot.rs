//! A slot: wall-clock start, zone and length, with the instant they mean.

use std::fmt;

use chrono::{DateTime, Duration, NaiveDateTime, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use crate::zone::{Meaning, Zone, tz_version};

/// How long a session lasts: whole minutes, from one to twenty-four hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Minutes(u16);

/// A length outside one minute to twenty-four hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number of minutes from 1 to 1440")]
pub struct BadLength;

impl Minutes {
    /// One hour: how long a session lasts unless someone says otherwise (P3).
    pub const HOUR: Self = Self(60);

    /// A quarter of an hour: the step of the times that are offered (P3).
    pub const QUARTER: Self = Self(15);

    /// This many minutes.
    pub fn new(minutes: i64) -> Result<Self, BadLength> {
        u16::try_from(minutes).ok().filter(|m| (1..=1440).contains(m)).map(Self).ok_or(BadLength)
    }

    /// The number of minutes.
    pub fn get(self) -> u16 {
        self.0
    }

    /// As a duration.
    pub fn duration(self) -> Duration {
        Duration::minutes(i64::from(self.0))
    }
}

impl TryFrom<i64> for Minutes {
    type Error = BadLength;

    fn try_from(minutes: i64) -> Result<Self, BadLength> {
        Self::new(minutes)
    }
}

impl From<Minutes> for i64 {
    fn from(minutes: Minutes) -> Self {
        Self::from(minutes.0)
    }
}

/// Why a wall-clock time cannot be a start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// The clocks are set forward over it.
    #[error("{asked} does not exist in {zone}: the clocks are set forward over it. The next time that exists is {next_valid}.")]
    Skipped {
        /// What was asked for.
        asked: Wall,
        /// In this zone.
        zone: Zone,
        /// The first wall-clock time that exists after it.
        next_valid: Wall,
    },
    /// The named offset is not in force then.
    #[error("The offset given is not in force in {zone} at {asked}; leave it out, or name one of: {in_force}.")]
    OffsetNotInForce {
        /// What was asked for.
        asked: Wall,
        /// In this zone.
        zone: Zone,
        /// The offsets that are, such as `-07:00, -08:00`.
        in_force: String,
    },
}

/// A wall-clock time, shown to the minute: `2026-12-01T09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wall(pub NaiveDateTime);

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M"))
    }
}

/// An offset from UTC in seconds as ISO 8601 writes it: `-07:00`.
pub fn offset_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// When something takes place. The wall time is the promise; the instants follow from it by the tz rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    local_start: NaiveDateTime,
    zone: Zone,
    length: Minutes,
    starts_at: DateTime<Utc>,
    tz_version: String,
}

impl Slot {
    /// The only place where wall time becomes an instant.
    ///
    /// `local` counts to the minute. A repeated time is the first of the two unless `offset` (seconds east of
    /// UTC) names the other one.
    pub fn resolve(local: NaiveDateTime, zone: &Zone, length: Minutes, offset: Option<i32>) -> Result<Self, Unresolved> {
        let local = local.with_second(0).and_then(|l| l.with_nanosecond(0)).unwrap_or(local);
        let meanings = match zone.meaning(local) {
            Meaning::Once(instant) => vec![instant],
            Meaning::Twice { first, second } => vec![first, second],
            Meaning::Skipped { next_valid } => {
                return Err(Unresolved::Skipped { asked: Wall(local), zone: zone.clone(), next_valid: Wall(next_valid) });
            }
        };
        let chosen = match offset {
            None => meanings.first(),
            Some(offset) => meanings.iter().find(|&&instant| zone.offset_seconds(instant) == offset),
        };
        let Some(&starts_at) = chosen else {
            let in_force: Vec<_> = meanings.iter().map(|&m| offset_text(zone.offset_seconds(m))).collect();
            return Err(Unresolved::OffsetNotInForce { asked: Wall(local), zone: zone.clone(), in_force: in_force.join(", ") });
        };
        Ok(Self { local_start: local, zone: zone.clone(), length, starts_at, tz_version: tz_version().to_owned() })
    }

    /// The slot that begins at an instant, seen from a zone.
    pub fn at(starts_at: DateTime<Utc>, zone: &Zone, length: Minutes) -> Self {
        Self { local_start: zone.local(starts_at), zone: zone.clone(), length, starts_at, tz_version: tz_version().to_owned() }
    }

    /// The wall-clock start, in [`Slot::zone`].
    pub fn local_start(&self) -> NaiveDateTime {
        self.local_start
    }

    /// The wall-clock end, in [`Slot::zone`].
    pub fn local_end(&self) -> NaiveDateTime {
        self.zone.local(self.ends_at())
    }

    /// The zone in which the wall time was promised.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// How long it lasts.
    pub fn length(&self) -> Minutes {
        self.length
    }

    /// The instant of its start.
    pub fn starts_at(&self) -> DateTime<Utc> {
        self.starts_at
    }

    /// The instant of its end, which no longer belongs to it.
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.starts_at + self.length.duration()
    }

    /// Whether the two mean the same: wall time, zone, length and instants, by whichever tz database.
    pub fn is_same_time(&self, other: &Self) -> bool {
        let meaning = |slot: &Self| (slot.local_start, slot.length, slot.starts_at);
        meaning(self) == meaning(other) && self.zone == other.zone
    }

    /// The tz database by which the instants were computed.
    pub fn tz_version(&self) -> &str {
        &self.tz_version
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
    }

    #[test]
    fn a_skipped_start_is_refused_with_the_next_valid_one() {
        let paris = Zone::parse("Europe/Paris").unwrap();
        let refused = Slot::resolve(local("2027-03-28T02:30"), &paris, Minutes::HOUR, None).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "2027-03-28T02:30 does not exist in Europe/Paris: the clocks are set forward over it. The next time that exists is 2027-03-28T03:00."
        );
    }

    #[test]
    fn a_repeated_start_is_the_first_unless_the_offset_says_otherwise() {
        let paris = Zone::parse("Europe/Paris").unwrap();
        let at = |offset| Slot::resolve(local("2026-10-25T02:30"), &paris, Minutes::HOUR, offset);
        assert_eq!(at(None), at(Some(7200)));
        assert_eq!(at(Some(3600)).unwrap().starts_at() - at(None).unwrap().starts_at(), Duration::hours(1));
        assert!(at(Some(0)).unwrap_err().to_string().ends_with("name one of: +02:00, +01:00."));
    }

    #[test]
    fn an_hour_across_the_change_of_clocks_is_still_an_hour() {
        let paris = Zone::parse("Europe/Paris").unwrap();
        let slot = Slot::resolve(local("2027-03-28T01:30"), &paris, Minutes::HOUR, None).unwrap();
        assert_eq!(Wall(slot.local_end()).to_string(), "2027-03-28T03:30");
    }

    proptest! {
        #[test]
        fn a_resolved_start_shows_the_wall_time_that_was_asked_for(
            minutes in 0_i64..(4 * 366 * 24 * 60),
            zone in prop::sample::select(vec!["America/Vancouver", "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia"]),
        ) {
            let zone = Zone::parse(zone).unwrap();
            let asked = local("2026-01-01T00:00") + Duration::minutes(minutes);
            match Slot::resolve(asked, &zone, Minutes::HOUR, None) {
                Ok(slot) => prop_assert_eq!(zone.local(slot.starts_at()), asked),
                Err(Unresolved::Skipped { next_valid, .. }) => {
                    prop_assert!(next_valid.0 > asked);
                    prop_assert!(Slot::resolve(next_valid.0, &zone, Minutes::HOUR, None).is_ok());
                    prop_assert!(Slot::resolve(next_valid.0 - Duration::minutes(1), &zone, Minutes::HOUR, None).is_err());
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
