//! The VTIMEZONE of a zone (RFC 5545 §3.6.5), made from the bundled tz rules.
//!
//! Calendar programs differ in what they understand. All know an observance that recurs on the same weekday of the same
//! month, counted from the month's start or its end, so that is what is written where a zone's rules are of this kind.
//! Where they are not (a change that happens once, Ramadan, the Friday after a Thursday), each change is an observance
//! of its own: a BYDAY limited by BYMONTHDAY would say some of them shortly, but readers built after Microsoft's
//! MS-OXCICAL refuse it. Nothing older than what is in force at the start is written, for Outlook has taken a
//! daylight saving time that was long over for the current one (nextcloud/calendar#4429).

use chrono::{DateTime, Datelike as _, Duration, NaiveDateTime, TimeZone as _, Utc, Weekday};
use hourkeep_domain::zone::{Transition, Zone};

use crate::content_line::fold;

/// How many years are looked at to tell whether a rule recurs: then weekdays and dates have met in every way.
const FORESEEN: i32 = 28;

/// Within how many years exceptions may come before the rules that recur, as in Havana, which skips the winter of 2026.
const ALLOWED: i32 = 4;

/// Writes the VTIMEZONE by which wall times from `from` to `until` mean what they mean in the zone. Without an end, it
/// holds for good where the zone's rules recur, and for 28 years where they don't.
pub(crate) fn write(out: &mut String, zone: &Zone, from: DateTime<Utc>, until: Option<DateTime<Utc>>) {
    fold(out, "BEGIN:VTIMEZONE");
    fold(out, &format!("TZID:{zone}"));
    for observance in observances(zone, from, until) {
        observance.write(out);
    }
    fold(out, "END:VTIMEZONE");
}

/// A STANDARD or DAYLIGHT component.
struct Observance {
    daylight: bool,
    /// When it begins, by the clock that it ends.
    onset: NaiveDateTime,
    offset_from: i32,
    offset_to: i32,
    abbreviation: String,
    recurs: Option<Yearly>,
}

/// On a weekday of a month: the first is 1, the last −1.
struct Yearly {
    month: u32,
    nth: i32,
    weekday: Weekday,
}

fn observances(zone: &Zone, from: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Vec<Observance> {
    let last_year = (from.year() + FORESEEN).max(until.map_or(0, |until| until.year()));
    let end = Utc.with_ymd_and_hms(last_year, 12, 31, 23, 59, 59).single().unwrap_or(DateTime::<Utc>::MAX_UTC);
    let mut changes = zone.transitions(from, end);
    // Some readers take the clock that a first DAYLIGHT is ahead of for UTC.
    while let Some(first) = changes.first().filter(|first| is_daylight(first)) {
        let before = first.at - Duration::seconds(1);
        let Some(previous) = zone.transitions(before, before).into_iter().next() else { break };
        changes.insert(0, previous);
    }
    for exceptions in 0..changes.len() {
        let (once, rest) = changes.split_at(exceptions);
        if rest.first().is_none_or(|first| onset(first).year() > from.year() + ALLOWED) {
            break;
        }
        if let Some(recurring) = recurring(rest, last_year) {
            return once.iter().map(Observance::once).chain(recurring).collect();
        }
    }
    changes.retain(|change| until.is_none_or(|until| change.at <= until));
    if changes.is_empty() { vec![Observance::always(zone, from)] } else { changes.iter().map(Observance::once).collect() }
}

/// The changes as rules that recur each year, if they all do, through the last year.
fn recurring(changes: &[Transition], last_year: i32) -> Option<Vec<Observance>> {
    let mut alike: Vec<Vec<&Transition>> = Vec::new();
    for change in changes {
        match alike.iter_mut().find(|group| group.first().is_some_and(|first| are_alike(first, change))) {
            Some(group) => group.push(change),
            None => alike.push(vec![change]),
        }
    }
    alike.iter().map(|group| recurs(group, last_year)).collect()
}

/// The rule of changes that are alike, if they have one and it leaves out no year.
fn recurs(group: &[&Transition], last_year: i32) -> Option<Observance> {
    let first = *group.first()?;
    let onsets = || group.iter().map(|change| onset(change));
    if !onsets().map(|onset| onset.year()).eq(onset(first).year()..=last_year) {
        return None;
    }
    let nth = |onset: NaiveDateTime| i32::try_from(onset.day0() / 7 + 1).unwrap_or_default();
    let is_last = |onset: NaiveDateTime| (onset + Duration::weeks(1)).month() != onset.month();
    let shared = nth(onset(first));
    let nth = if onsets().all(is_last) {
        -1
    } else if onsets().all(|onset| nth(onset) == shared) {
        shared
    } else {
        return None;
    };
    let (month, weekday) = (onset(first).month(), onset(first).weekday());
    Some(Observance { recurs: Some(Yearly { month, nth, weekday }), ..Observance::once(first) })
}

/// Whether two changes could be the same rule in two years.
fn are_alike(one: &Transition, other: &Transition) -> bool {
    let shape = |change: &Transition| {
        let onset = onset(change);
        let offsets = (change.offset_before, change.offset_after, is_daylight(change));
        (onset.month(), onset.weekday(), onset.time(), offsets)
    };
    shape(one) == shape(other) && one.abbreviation == other.abbreviation
}

/// When it happens, by the clock that it ends.
fn onset(change: &Transition) -> NaiveDateTime {
    change.at.naive_utc() + Duration::seconds(i64::from(change.offset_before))
}

/// Calendar programs take DAYLIGHT for the clock that is ahead, whichever of the two the tz database calls a saving.
fn is_daylight(change: &Transition) -> bool {
    change.offset_after > change.offset_before && (change.dst_before || change.dst_after)
}

impl Observance {
    fn once(change: &Transition) -> Self {
        Self {
            daylight: is_daylight(change),
            onset: onset(change),
            offset_from: change.offset_before,
            offset_to: change.offset_after,
            abbreviation: change.abbreviation.clone(),
            recurs: None,
        }
    }

    /// Of a zone whose clocks have never changed.
    fn always(zone: &Zone, at: DateTime<Utc>) -> Self {
        let offset = zone.offset_seconds(at);
        Self {
            daylight: false,
            onset: DateTime::UNIX_EPOCH.naive_utc(),
            offset_from: offset,
            offset_to: offset,
            abbreviation: zone.abbreviation(at),
            recurs: None,
        }
    }

    fn write(&self, out: &mut String) {
        let name = if self.daylight { "DAYLIGHT" } else { "STANDARD" };
        fold(out, &format!("BEGIN:{name}"));
        fold(out, &format!("DTSTART:{}", self.onset.format("%Y%m%dT%H%M%S")));
        if let Some(Yearly { month, nth, weekday }) = &self.recurs {
            fold(out, &format!("RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{}", two_letters(*weekday)));
        }
        fold(out, &format!("TZOFFSETFROM:{}", offset(self.offset_from)));
        fold(out, &format!("TZOFFSETTO:{}", offset(self.offset_to)));
        fold(out, &format!("TZNAME:{}", self.abbreviation));
        fold(out, &format!("END:{name}"));
    }
}

/// `-0700`; with seconds where there are any (RFC 5545 §3.3.14).
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes, rest) = (seconds.abs() / 3600, seconds.abs() / 60 % 60, seconds.abs() % 60);
    let rest = if rest == 0 { String::new() } else { format!("{rest:02}") };
    format!("{sign}{hours:02}{minutes:02}{rest}")
}

fn two_letters(weekday: Weekday) -> &'static str {
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

#[cfg(test)]
mod tests;
