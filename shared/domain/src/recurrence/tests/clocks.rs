use super::*;
use crate::zone::tz_version;

/// Each occurrence by its local start: with the instant it means in UTC, or in the place of one that is skipped, the next
/// local time that exists.
fn made(text: &str, first: &str, zone: &str) -> Vec<(String, Result<String, String>)> {
    let told = |occurrence: Occurrence| {
        let start = shown(occurrence.local_start());
        match occurrence {
            Occurrence::At(slot) => (start, Ok(shown(slot.starts_at().naive_utc()))),
            Occurrence::Gap { next_valid, .. } => (start, Err(shown(next_valid))),
        }
    };
    occurrences(&rule(text, first), first, zone).map(told).collect()
}

fn at(start: &str, instant: &str) -> (String, Result<String, String>) {
    (start.to_owned(), Ok(instant.to_owned()))
}

fn gap(start: &str, next_valid: &str) -> (String, Result<String, String>) {
    (start.to_owned(), Err(next_valid.to_owned()))
}

#[test]
fn a_start_that_the_clocks_skip_is_told_and_does_not_count() {
    assert_eq!(
        made("FREQ=WEEKLY;COUNT=3", "2027-03-21T02:30", "Europe/Paris"),
        [
            at("2027-03-21T02:30", "2027-03-21T01:30"),
            gap("2027-03-28T02:30", "2027-03-28T03:00"),
            at("2027-04-04T02:30", "2027-04-04T00:30"),
            at("2027-04-11T02:30", "2027-04-11T00:30"),
        ]
    );
    assert_eq!(
        made("FREQ=WEEKLY;COUNT=2", "2027-03-07T02:30", "America/New_York"),
        [
            at("2027-03-07T02:30", "2027-03-07T07:30"),
            gap("2027-03-14T02:30", "2027-03-14T03:00"),
            at("2027-03-21T02:30", "2027-03-21T06:30"),
        ]
    );
}

#[test]
fn a_gap_on_the_last_date_is_the_end() {
    assert_eq!(
        made("FREQ=DAILY;UNTIL=20270328", "2027-03-27T02:30", "Europe/Paris"),
        [at("2027-03-27T02:30", "2027-03-27T01:30"), gap("2027-03-28T02:30", "2027-03-28T03:00")]
    );
}

#[test]
fn the_first_start_may_itself_be_skipped() {
    assert_eq!(
        made("FREQ=WEEKLY;COUNT=1", "2027-03-28T02:30", "Europe/Paris"),
        [gap("2027-03-28T02:30", "2027-03-28T03:00"), at("2027-04-04T02:30", "2027-04-04T00:30")]
    );
}

#[test]
fn a_start_that_the_clocks_repeat_is_the_first_of_the_two() {
    assert_eq!(
        made("FREQ=DAILY;COUNT=3", "2025-11-01T00:30", "America/Havana"),
        [
            at("2025-11-01T00:30", "2025-11-01T04:30"),
            at("2025-11-02T00:30", "2025-11-02T04:30"),
            at("2025-11-03T00:30", "2025-11-03T05:30"),
        ]
    );
    assert_eq!(
        made("FREQ=DAILY;COUNT=2", "2026-10-25T02:30", "Europe/Paris"),
        [at("2026-10-25T02:30", "2026-10-25T00:30"), at("2026-10-26T02:30", "2026-10-26T01:30")]
    );
}

#[test]
fn midnight_itself_may_be_skipped() {
    for (zone, first, skipped) in [
        ("America/Santiago", "2026-09-05T00:00", "2026-09-06T00:00"),
        ("Africa/Cairo", "2027-04-29T00:00", "2027-04-30T00:00"),
        ("Asia/Beirut", "2027-03-27T00:00", "2027-03-28T00:00"),
        ("America/Havana", "2026-03-07T00:00", "2026-03-08T00:00"),
    ] {
        let told = made("FREQ=DAILY;COUNT=2", first, zone);
        assert_eq!(told.len(), 3, "{zone}");
        assert_eq!(told[1], gap(skipped, &skipped.replace("T00:00", "T01:00")), "{zone}");
    }
}

#[test]
fn lord_howe_skips_half_an_hour() {
    assert_eq!(
        made("FREQ=DAILY;COUNT=2", "2026-10-03T02:15", "Australia/Lord_Howe"),
        [
            at("2026-10-03T02:15", "2026-10-02T15:45"),
            gap("2026-10-04T02:15", "2026-10-04T02:30"),
            at("2026-10-05T02:15", "2026-10-04T15:15"),
        ]
    );
    assert_eq!(made("FREQ=DAILY;COUNT=1", "2026-10-04T02:30", "Australia/Lord_Howe"), [at("2026-10-04T02:30", "2026-10-03T15:30")]);
}

#[test]
fn a_series_goes_by_the_rules_of_2026() {
    // Vancouver stays at −07:00, which chrono-tz's older database does not know; nor that Casablanca is at +00:00.
    assert_eq!(
        made("FREQ=MONTHLY;COUNT=3", "2026-12-15T09:00", "America/Vancouver"),
        [
            at("2026-12-15T09:00", "2026-12-15T16:00"),
            at("2027-01-15T09:00", "2027-01-15T16:00"),
            at("2027-02-15T09:00", "2027-02-15T16:00"),
        ]
    );
    assert_eq!(made("FREQ=DAILY;COUNT=1", "2026-12-15T09:00", "Africa/Casablanca"), [at("2026-12-15T09:00", "2026-12-15T09:00")]);
    assert_eq!(made("FREQ=DAILY;COUNT=1", "2026-12-15T09:00", "America/Edmonton"), [at("2026-12-15T09:00", "2026-12-15T15:00")]);
}

#[test]
fn wall_time_is_kept_through_a_year() {
    let rule = rule("FREQ=WEEKLY;COUNT=53", "2027-01-12T09:00");
    let slots: Vec<_> = occurrences(&rule, "2027-01-12T09:00", "Europe/Paris").map(|o| o.slot().unwrap()).collect();
    assert_eq!(slots.len(), 53);
    assert!(slots.iter().all(|slot| slot.local_start().time() == local("2027-01-12T09:00").time()));
    assert!(slots.iter().all(|slot| slot.length() == Minutes::HOUR && slot.tz_version() == tz_version()));
    let winter = slots.iter().filter(|slot| shown(slot.starts_at().naive_utc()).ends_with("T08:00")).count();
    assert_eq!((winter, slots.len() - winter), (22, 31));
}

proptest! {
    #[test]
    fn a_count_is_of_those_that_take_place(rule in any_rule(), first in any_start(), count in 1_u32..40) {
        let rule = Rule { ends: Ends::After(Count::new(count).unwrap()), interval: Interval::ONE, ..rule };
        let rule = Rule { pattern: Pattern::Weekly(Weekdays::of(chrono::Datelike::weekday(&first))), ..rule };
        for zone in ["Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo"] {
            let told: Vec<_> = rule.occurrences(first, &Zone::parse(zone).unwrap(), Minutes::HOUR).collect();
            prop_assert!(told.windows(2).all(|pair| (pair[1].local_start() - pair[0].local_start()).num_days() == 7));
            prop_assert_eq!(told.into_iter().filter_map(Occurrence::slot).count(), count as usize);
        }
    }
}
