use chrono::{DateTime, NaiveTime, Utc, Weekday};

use super::clinic::*;
use crate::{
    hours::{Exceptions, OpenHours, WeeklyHours, WorkingHours},
    ids::SessionId,
    practice::Policies,
    session::{FreeSlots, Schedule},
    sheet::{Diary, Resource},
    slot::{Minutes, Slot},
    zone::Zone,
};

/// The same hours on every day.
fn daily(from: &str, until: &str) -> WeeklyHours {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
    let mut weekday = Weekday::Mon;
    let mut hours = Vec::new();
    for _ in 0..7 {
        hours.push(OpenHours { weekday, from: time(from), until: time(until) });
        weekday = weekday.succ();
    }
    WeeklyHours::new(hours).unwrap()
}

struct Search {
    hours: WeeklyHours,
    own: Exceptions,
    practice: Exceptions,
    zone: Zone,
    policies: Policies,
    diaries: Vec<Diary>,
    now: DateTime<Utc>,
}

impl Search {
    fn of(hours: WeeklyHours, zone_name: &str, busy: &[(&str, i64)]) -> Self {
        let diaries = vec![taken(Resource::Practitioner(ADA), busy)];
        let (own, practice_s) = (Exceptions::default(), Exceptions::default());
        Self { hours, own, practice: practice_s, zone: zone(zone_name), policies: practice().policies, diaries, now: at(NOW) }
    }

    fn slots(&self, asked: &str, length: Minutes, count: usize) -> Vec<Slot> {
        let asked = Slot::resolve(local(asked), &self.zone, length, None).unwrap();
        self.finder(SESSION).near(&asked, count)
    }

    fn finder(&self, session: SessionId) -> FreeSlots<'_> {
        FreeSlots {
            session,
            diaries: &self.diaries,
            hours: WorkingHours { weekly: &self.hours, own: &self.own, practice: &self.practice, zone: &self.zone },
            policies: &self.policies,
            now: self.now,
        }
    }

    fn near(&self, asked: &str, count: usize) -> Vec<String> {
        self.slots(asked, Minutes::HOUR, count).iter().map(text).collect()
    }
}

fn text(slot: &Slot) -> String {
    slot.local_start().format("%m-%dT%H:%M").to_string()
}

#[test]
fn the_nearest_free_times_come_first_and_the_earlier_of_two() {
    // Busy from 9:00 to 10:00 on Tuesday, 1 December.
    let search = Search::of(daily("08:00", "17:00"), "America/Vancouver", &[("2026-12-01T16:00:00Z", 60)]);
    assert_eq!(search.near("2026-12-01T09:00", 3), ["12-01T08:00", "12-01T10:00", "12-01T10:15"]);
    assert_eq!(search.near("2026-12-01T09:30", 3), ["12-01T10:00", "12-01T10:15", "12-01T10:30"]);
}

#[test]
fn nothing_is_offered_outside_working_hours() {
    let search = Search::of(daily("09:00", "10:30"), "America/Vancouver", &[("2026-12-01T17:00:00Z", 15)]);
    // On Tuesday something begins at 10:00, so 9:00 is the one time left; on later days there are three.
    let offered = search.near("2026-12-01T09:30", 4);
    assert_eq!(offered, ["12-01T09:00", "12-02T09:00", "12-02T09:15", "12-02T09:30"]);
    assert!(search.slots("2026-12-01T09:30", Minutes::new(91).unwrap(), 1).is_empty());
}

#[test]
fn nothing_is_offered_on_a_day_off() {
    let mut search = Search::of(daily("09:00", "10:00"), "America/Vancouver", &[]);
    let off = |json: &str| serde_json::from_str::<Exceptions>(json).unwrap();
    search.practice = off(r#"[{"first_day":"2026-12-01","last_day":"2026-12-02"}]"#);
    search.own = off(r#"[{"first_day":"2026-12-03","last_day":"2026-12-03","hours":[{"from":"15:00","until":"16:00"}]}]"#);
    assert_eq!(search.near("2026-12-01T09:00", 2), ["12-03T15:00", "12-04T09:00"]);
    // Whoever keeps no hours still keeps the holidays.
    search.hours = WeeklyHours::default();
    assert_eq!(search.near("2026-12-01T09:00", 2), ["12-03T15:00", "12-04T07:00"]);
}

#[test]
fn nothing_is_offered_before_now() {
    let mut search = Search::of(daily("08:00", "17:00"), "America/Vancouver", &[("2026-12-01T16:00:00Z", 60)]);
    search.now = at("2026-12-01T16:00:00Z");
    assert_eq!(search.near("2026-12-01T09:00", 1), ["12-01T10:00"]);
}

#[test]
fn buffers_are_kept_free() {
    let mut search = Search::of(daily("08:00", "17:00"), "America/Vancouver", &[("2026-12-01T16:00:00Z", 60)]);
    search.policies.buffer_before_minutes = 10.try_into().unwrap();
    search.policies.buffer_after_minutes = 5.try_into().unwrap();
    assert_eq!(search.near("2026-12-01T09:00", 2), ["12-01T10:15", "12-01T10:30"]);
}

#[test]
fn the_time_of_the_session_that_is_moved_is_free() {
    let session = granted(Schedule { local_start: local("2026-12-01T10:00"), ..wish() });
    let mut search = Search::of(daily("09:00", "11:30"), "America/Vancouver", &[]);
    search.diaries = vec![holding(Resource::Practitioner(ADA), &session.details, &practice())];
    let own = search.near("2026-12-01T10:15", 1);
    assert_eq!(own, ["12-01T10:15"]);
    let asked = Slot::resolve(local("2026-12-01T10:15"), &search.zone, Minutes::HOUR, None).unwrap();
    let others = search.finder(SessionId::from_bits(NOBODY)).near(&asked, 1);
    assert_eq!(others.iter().map(text).collect::<Vec<_>>(), ["12-01T09:00"]);
}

#[test]
fn every_resource_must_be_free() {
    let mut search = Search::of(daily("08:00", "12:00"), "America/Vancouver", &[("2026-12-01T16:00:00Z", 60)]);
    search.diaries.push(taken(Resource::Room(BLUE), &[("2026-12-01T17:00:00Z", 60)]));
    assert_eq!(search.near("2026-12-01T09:00", 2), ["12-01T08:00", "12-01T11:00"]);
}

#[test]
fn a_day_that_was_not_read_is_not_offered() {
    let mut search = Search::of(daily("09:00", "10:00"), "America/Vancouver", &[]);
    search.diaries = vec![Diary::new(Resource::Practitioner(ADA), day("2026-12-01"), day("2026-12-02"), [].into())];
    assert_eq!(search.near("2026-12-01T09:00", 5), ["12-01T09:00", "12-02T09:00"]);
}

#[test]
fn without_hours_times_around_the_one_asked_for_are_offered_on_each_day() {
    let search = Search::of(WeeklyHours::default(), "America/Vancouver", &[("2026-12-01T16:00:00Z", 60)]);
    assert_eq!(search.near("2026-12-01T09:00", 3), ["12-01T08:00", "12-01T10:00", "12-01T07:45"]);
    let full = Search::of(WeeklyHours::default(), "America/Vancouver", &[("2026-12-01T13:00:00Z", 480)]);
    assert_eq!(full.near("2026-12-01T09:00", 2), ["12-02T07:00", "12-02T07:15"]);
}

#[test]
fn on_the_day_when_clocks_go_forward_no_skipped_time_is_offered() {
    let search = Search::of(daily("01:00", "04:00"), "Europe/Paris", &[]);
    let slots = search.slots("2027-03-28T03:00", Minutes::HOUR, 40);
    let on_the_day: Vec<_> = slots.iter().map(text).filter(|text| text.starts_with("03-28")).collect();
    assert_eq!(on_the_day, ["03-28T03:00", "03-28T01:45", "03-28T01:30", "03-28T01:15", "03-28T01:00"]);
    for slot in &slots {
        assert!(Slot::resolve(slot.local_start(), slot.zone(), slot.length(), None).is_ok());
    }
}

#[test]
fn on_the_day_when_clocks_go_back_the_hour_is_offered_twice() {
    let mut search = Search::of(daily("02:00", "03:00"), "Europe/Paris", &[]);
    search.now = at("2026-10-01T00:00:00Z");
    let slots = search.slots("2026-10-25T02:00", Minutes::HOUR, 5);
    let of_the_day: Vec<_> = slots.iter().filter(|slot| text(slot).starts_with("10-25")).collect();
    assert_eq!(
        of_the_day.iter().map(|slot| text(slot)).collect::<Vec<_>>(),
        ["10-25T02:00", "10-25T02:15", "10-25T02:30", "10-25T02:45", "10-25T02:00"]
    );
    assert_eq!(of_the_day[4].starts_at() - of_the_day[0].starts_at(), chrono::Duration::hours(1));
}

#[test]
fn the_slots_offered_are_in_the_zone_that_was_asked_in() {
    let search = Search::of(daily("09:00", "17:00"), "America/Vancouver", &[]);
    let asked = Slot::resolve(local("2026-12-01T18:15"), &zone("Europe/Paris"), Minutes::HOUR, None).unwrap();
    let slots = search.finder(SESSION).near(&asked, 1);
    assert_eq!((slots[0].zone().name(), slots[0].starts_at()), ("Europe/Paris", asked.starts_at()));
}

#[test]
fn of_some_days_every_free_time_is_found_the_earliest_first() {
    let search = Search::of(daily("09:00", "11:00"), "America/Vancouver", &[("2026-12-01T17:30:00Z", 30)]);
    let day = |text: &str| local(&format!("{text}T00:00")).date();
    let finder = search.finder(SESSION);
    let found = |until: &str, length: i64| -> Vec<String> {
        finder.between(day("2026-12-01"), day(until), &search.zone, minutes(length)).map(|slot| text(&slot)).collect()
    };
    // Busy from 10:30 to 11:00.
    assert_eq!(found("2026-12-02", 60), ["12-01T09:00", "12-01T09:15", "12-01T09:30"]);
    assert_eq!(found("2026-12-03", 90), ["12-01T09:00", "12-02T09:00", "12-02T09:15", "12-02T09:30"]);
    assert_eq!(found("2026-12-01", 60), [""; 0], "the last day is not one of them");
    let none = Search::of(WeeklyHours::default(), "America/Vancouver", &[]);
    let all = none.finder(SESSION).between(day("2026-12-01"), day("2026-12-09"), &none.zone, Minutes::HOUR).count();
    assert_eq!(all, 0, "who keeps no hours says for themselves when they are free");
}
