//! A slot: wall-clock start, zone and length, with the instant they mean.

use std::fmt;

use chrono::{DateTime, Duration, NaiveDateTime, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use crate::zone::{Meaning, TzRelease, Zone, tz_version};

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

    /// A whole day: no session is longer.
    pub const DAY: Self = Self(1440);

    /// This many minutes.
    pub fn new(minutes: i64) -> Result<Self, BadLength> {
        u16::try_from(minutes).ok().filter(|m| (1..=Self::DAY.0).contains(m)).map(Self).ok_or(BadLength)
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

    /// The same promise by the current rules (B3): the wall time is kept where it exists. Of two it is the one nearest to
    /// where the session stood, so the second stays the second; where the clocks now skip it, the next valid one.
    #[must_use]
    pub fn by_current_rules(&self) -> Self {
        let distance = |instant: DateTime<Utc>| (instant - self.starts_at).abs();
        let starts_at = match self.zone.meaning(self.local_start) {
            Meaning::Once(instant) => instant,
            Meaning::Twice { first, second } if distance(second) < distance(first) => second,
            Meaning::Twice { first, .. } => first,
            Meaning::Skipped { .. } => self.zone.instant_or_next(self.local_start),
        };
        Self::at(starts_at, &self.zone, self.length)
    }

    /// Whether an older tz database than the bundled one computed its instants. Of a newer one, or one of which no age is
    /// known, nothing is to be written anew.
    pub fn is_of_older_rules(&self) -> bool {
        let release = TzRelease::parse(&self.tz_version);
        release.zip(TzRelease::current()).is_some_and(|(its, current)| its < current)
    }

    /// Whether this is what the current rules made of an earlier slot, and nobody's wish.
    pub fn is_reckoned_from(&self, earlier: &Self) -> bool {
        earlier.is_of_older_rules() && !self.is_same_time(earlier) && self.is_same_time(&earlier.by_current_rules())
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
        let shown = self.zone.local(self.starts_at);
        // Where other rules computed the instants, the clocks of today do not show the time that was agreed.
        if shown == self.local_start { self.zone.local(self.ends_at()) } else { self.local_start + self.length.duration() }
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

    /// The slot as a release with other rules computed it.
    fn of_rules(release: &str, zone: &str, local: &str, starts_at: &str) -> Slot {
        let slot = serde_json::json!({
            "local_start": format!("{local}:00"), "zone": zone, "length": 60, "starts_at": starts_at, "tz_version": release,
        });
        serde_json::from_value(slot).unwrap()
    }

    #[test]
    fn the_wall_time_is_kept_when_the_rules_change() {
        // Until 2026 Vancouver was to be at UTC−08:00 in winter.
        let before = of_rules("2025b", "America/Vancouver", "2027-01-15T09:00", "2027-01-15T17:00:00Z");
        assert_eq!((before.local_end(), before.is_of_older_rules()), (local("2027-01-15T10:00"), true));
        let after = before.by_current_rules();
        assert_eq!((Wall(after.local_start()).to_string(), after.tz_version()), ("2027-01-15T09:00".into(), tz_version()));
        assert_eq!(after.starts_at().to_rfc3339(), "2027-01-15T16:00:00+00:00");
        assert!(after.is_reckoned_from(&before) && !after.is_of_older_rules());
    }

    #[test]
    fn a_time_that_is_now_skipped_moves_to_the_next_valid_one() {
        let before = of_rules("2025b", "Europe/Paris", "2027-03-28T02:30", "2027-03-28T01:30:00Z");
        let after = before.by_current_rules();
        assert_eq!(
            (Wall(after.local_start()).to_string(), after.starts_at()),
            ("2027-03-28T03:00".into(), before.starts_at() - Duration::minutes(30))
        );
        assert!(after.is_reckoned_from(&before));
    }

    #[test]
    fn the_second_of_two_stays_the_second_and_the_first_the_first() {
        for (stood, stands) in [("00:30", "00:30"), ("01:30", "01:30"), ("02:30", "01:30"), ("01:10", "01:30"), ("00:50", "00:30")]
        {
            let before = of_rules("2025b", "Europe/Paris", "2026-10-25T02:30", &format!("2026-10-25T{stood}:00Z"));
            let after = before.by_current_rules();
            assert_eq!(after.starts_at().format("%H:%M").to_string(), stands, "{stood}");
            assert_eq!(Wall(after.local_start()).to_string(), "2026-10-25T02:30");
        }
    }

    #[test]
    fn only_older_rules_are_replaced() {
        let zone = "America/Vancouver";
        for (release, older) in [("2025b", true), (tz_version(), false), ("2099a", false), ("unknown", false), ("", false)] {
            let slot = of_rules(release, zone, "2027-01-15T09:00", "2027-01-15T17:00:00Z");
            assert_eq!(slot.is_of_older_rules(), older, "{release}");
            assert_eq!(slot.by_current_rules().is_reckoned_from(&slot), older, "{release}");
        }
        let same = of_rules("2025b", zone, "2027-07-15T09:00", "2027-07-15T16:00:00Z");
        assert!(!same.by_current_rules().is_reckoned_from(&same), "the same instants are no news");
    }

    proptest! {
        #[test]
        fn the_wall_time_is_kept_whenever_it_exists(
            minutes in 0_i64..(4 * 366 * 24 * 60),
            off_by in -180_i64..180,
            zone in prop::sample::select(vec!["America/Vancouver", "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia"]),
        ) {
            let asked = local("2026-01-01T00:00") + Duration::minutes(minutes);
            let name = zone;
            let zone = Zone::parse(zone).unwrap();
            let starts_at = zone.instant_or_next(asked) + Duration::minutes(off_by);
            let before = of_rules("2025b", name, &asked.format("%Y-%m-%dT%H:%M").to_string(), &starts_at.to_rfc3339());
            let after = before.by_current_rules();
            prop_assert_eq!((after.length(), after.zone()), (before.length(), before.zone()));
            prop_assert_eq!(zone.local(after.starts_at()), after.local_start());
            prop_assert!(after.by_current_rules().is_same_time(&after), "once is enough");
            match Slot::resolve(asked, &zone, Minutes::HOUR, None) {
                Ok(_) => prop_assert_eq!(after.local_start(), asked),
                Err(Unresolved::Skipped { next_valid, .. }) => prop_assert_eq!(after.local_start(), next_valid.0),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }

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
