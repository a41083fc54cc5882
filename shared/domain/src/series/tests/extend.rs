//! Sessions are made a year ahead, week by week; and when someone should look after a series.

use chrono::{DateTime, Duration, Utc};

use super::world::{World, invited, ruled, starting, wish, wish_at};
use crate::{
    event::Effect,
    ids::SeriesId,
    lane::{Ask, LEASE, Lane, Matter, Plan, Posting},
    series::{AHEAD, ChangeSeries, NOTICE, PATIENCE, Place, Taken, Why},
    session::tests::clinic::{at, local},
};

fn made_until(world: &World, series: SeriesId) -> String {
    world.series(series).made_until.unwrap().to_string()
}

/// Nothing is missing between the first place and the last, and nothing comes twice.
fn is_gapless(world: &World, series: SeriesId, every: Duration) -> bool {
    let places: Vec<_> = world.places(series).iter().map(|place| place.original).collect();
    places.windows(2).all(|pair| pair[1] - pair[0] == every) && places.last().copied() == world.series(series).made_until
}

fn instant(world: &World, series: SeriesId, local_start: &str) -> DateTime<Utc> {
    world.series(series).timing.zone.instant_or_next(local(local_start))
}

#[test]
fn an_endless_series_is_made_a_year_ahead_and_carried_on_week_by_week() {
    let mut world = World::with_chunk(20);
    let series = world.book(wish("FREQ=WEEKLY"));
    assert_eq!(world.places(series).len(), 54);
    assert!(!world.extend(series), "never twice");
    let wants = world.series(series).wants_attention_at(world.now).unwrap();
    assert_eq!(wants, instant(&world, series, "2027-12-14T09:00") - AHEAD);
    world.now = wants - Duration::minutes(1);
    assert!(!world.extend(series));
    world.now = wants;
    assert!(world.extend(series));
    assert_eq!(made_until(&world, series), "2027-12-14 09:00:00");
    assert!(!world.extend(series));
    assert!(is_gapless(&world, series, Duration::weeks(1)));
    assert!(world.series(series).wants_attention_at(world.now).unwrap() > world.now);
    world.check();
}

#[test]
fn a_series_that_begins_in_two_years_is_made_a_year_from_there() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish_at("FREQ=WEEKLY", "2028-11-28T09:00", "America/Vancouver"));
    assert_eq!(world.places(series).len(), 54);
    assert!(!world.extend(series));
    assert!(world.series(series).wants_attention_at(world.now).unwrap() > at("2028-11-28T00:00:00Z"));
}

#[test]
fn a_number_of_sessions_longer_than_the_horizon_is_made_in_the_end() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY;COUNT=60"));
    assert_eq!(world.places(series).len(), 54);
    while let Some(wants) = world.series(series).wants_attention_at(world.now).filter(|_| !world.series(series).end_flagged) {
        world.now = world.now.max(wants);
        if !world.extend(series) {
            break;
        }
    }
    assert_eq!(world.places(series).len(), 60);
    assert_eq!(world.now, instant(&world, series, "2028-01-18T09:00") - NOTICE, "then the end is told of");
    assert!(is_gapless(&world, series, Duration::weeks(1)));
    world.check();
}

#[test]
fn a_last_date_beyond_the_horizon_is_reached_and_not_passed() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY;UNTIL=20280201"));
    world.now = at("2027-06-01T00:00:00Z");
    assert!(world.extend(series));
    assert_eq!(made_until(&world, series), "2028-02-01 09:00:00");
    world.now = at("2027-12-01T00:00:00Z");
    assert!(!world.extend(series));
    assert!(is_gapless(&world, series, Duration::weeks(1)));
    world.check();
}

#[test]
fn every_other_week_stays_every_other_week() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY;INTERVAL=2"));
    for month in 1..=9 {
        world.now = at(&format!("2027-0{month}-11T16:00:00Z"));
        world.extend(series);
    }
    assert!(is_gapless(&world, series, Duration::weeks(2)));
    world.check();
}

#[test]
fn a_time_that_is_taken_is_left_out_and_told_to_all_who_hold_the_series() {
    let mut world = World::new();
    let mut wish = wish("FREQ=WEEKLY");
    wish.terms.invitation = invited(world.next_series(), &["mum@home.test"]);
    let series = world.book(wish);
    world.now = at("2026-12-10T16:00:00Z");
    world.busy_at("2027-12-14T09:30");
    let since = world.events.len();
    assert!(world.extend(series));
    let place = local("2027-12-14T09:00");
    assert_eq!(world.places(series).last().unwrap().taken, Taken::LeftOut { why: Why::TimeTaken });
    assert_eq!(world.dropped.iter().map(|place| place.original).collect::<Vec<_>>(), [place]);
    let (mum, sequence) = (world.series(series).invitation.recipients().next().unwrap().id, world.series(series).sequence);
    assert_eq!(world.effects_of(series, since), [Effect::LeaveOut { recipient: mum, sequence, place }]);
    assert!(!world.extend(series), "it is decided once");
    world.check();
}

#[test]
fn a_place_that_was_dropped_waits_for_an_entry_of_which_nobody_knows_what_it_said() {
    let mut world = World::new();
    let mut wish = wish("FREQ=WEEKLY");
    wish.terms.invitation = invited(world.next_series(), &["mum@home.test"]);
    let id = world.book(wish);
    let series = world.series(id);
    let mum = series.invitation.recipients().next().unwrap().id;
    let (entry, sequence) = (Posting::Entry { sequence: series.sequence }, series.sequence);
    let ask = Ask::LeftOut { place: local("2027-12-14T09:00"), sequence };
    let plan = |lane: &Lane<u8>| lane.plan(ask, Matter::Series(series), mum, world.now + LEASE);
    let cut_off = Lane::default().taken(entry, 1, sequence, "worker".to_owned(), world.now);
    assert_eq!(plan(&cut_off), Plan::Busy);
    let slot = world.series(id).timing.occurrences(None).next().unwrap().slot().unwrap();
    assert_eq!(plan(&cut_off.sent(entry, &slot, world.now)), Plan::Send(Posting::LeftOut { place: local("2027-12-14T09:00") }));
    assert_eq!(plan(&Lane::default()), Plan::Done, "who was never sent the series hears nothing of its places");
}

#[test]
fn a_crash_at_any_chunk_leaves_nothing_twice_and_no_gap() {
    for crash in 0..6 {
        let mut world = World::with_chunk(1);
        let series = world.book(wish("FREQ=WEEKLY"));
        world.now = at("2027-01-07T16:00:00Z");
        let plan = world.plan_extension(series).unwrap();
        assert_eq!(plan.steps.len(), 5);
        world.begin(world.series(series).clone(), &plan);
        for _ in 0..crash {
            if !world.plans.is_empty() {
                world.work(series);
            }
        }
        if crash < 5 {
            assert!(world.plan_extension(series).is_none(), "it is under way");
            assert_eq!(world.series(series).wants_attention_at(world.now), Some(world.now + PATIENCE));
        }
        world.run(series);
        assert!(is_gapless(&world, series, Duration::weeks(1)));
        world.check();
    }
}

#[test]
fn it_goes_on_after_ten_years() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY"));
    for year in 2027..=2039 {
        world.now = at(&format!("{year}-11-21T16:00:00Z"));
        assert!(world.extend(series), "{year}");
    }
    assert!(is_gapless(&world, series, Duration::weeks(1)));
    assert!(world.series(series).made_until.unwrap() >= local("2040-11-20T09:00"));
    world.check();
}

#[test]
fn a_last_date_after_more_than_ten_years_is_told_of_when_it_comes() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY;UNTIL=20391231"));
    let last = world.series(series).timing.last().unwrap().local_start();
    assert_eq!(last, local("2039-12-27T09:00"));
    world.now = at("2036-12-20T16:00:00Z");
    // Each goes ten years far.
    while world.extend(series) {}
    assert!(world.series(series).wants_attention_at(world.now).unwrap() > world.now);
}

#[test]
fn a_series_that_was_moved_goes_on_where_it_is() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY"));
    let parted = world.shift(series, "2026-12-15", "2026-12-16T14:00");
    assert_eq!(world.shown(series), ["12-01", "12-08"]);
    assert!(is_gapless(&world, parted, Duration::weeks(1)));
    world.now = at("2027-03-01T16:00:00Z");
    assert!(world.extend(parted));
    assert!(!world.extend(series));
    assert!(is_gapless(&world, parted, Duration::weeks(1)));
    world.check();
}

#[test]
fn a_series_that_was_given_another_end_in_place_goes_on_until_there() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY"));
    let like = world.like(series, world.at(series, "2026-12-15"));
    let timing = Some(ruled("2026-12-15T09:00", "FREQ=WEEKLY;COUNT=60"));
    assert_eq!(world.change(series, ChangeSeries { timing, ..like }), Ok(series));
    world.now = at("2027-12-01T16:00:00Z");
    assert!(world.extend(series));
    assert_eq!(world.places(series).len(), 62);
    assert!(is_gapless(&world, series, Duration::weeks(1)));
    world.check();
}

#[test]
fn a_first_session_that_is_brought_forward_by_months_cancels_none() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish_at("FREQ=WEEKLY", "2027-06-01T09:00", "America/Vancouver"));
    let before: Vec<_> = world.places(series).iter().filter_map(Place::session).collect();
    let like = world.like(series, before[0]);
    assert_eq!(world.change(series, ChangeSeries { timing: Some(starting("2027-01-05T09:00")), ..like }), Ok(series));
    let after: Vec<_> = world.places(series).iter().filter_map(Place::session).collect();
    assert_eq!(after, before);
    assert!(is_gapless(&world, series, Duration::weeks(1)));
    world.check();
}

#[test]
fn the_end_is_told_of_four_weeks_before_unless_it_was_nearer_from_the_beginning() {
    let mut world = World::new();
    let long = world.book(wish("FREQ=WEEKLY;COUNT=8"));
    let notice = instant(&world, long, "2027-01-19T09:00") - NOTICE;
    assert_eq!(world.series(long).wants_attention_at(world.now), Some(notice));
    let short = world.book(wish_at("FREQ=WEEKLY;COUNT=3", "2026-12-02T09:00", "America/Vancouver"));
    assert_eq!(world.series(short).wants_attention_at(world.now), None);
    world.series.get_mut(&long).unwrap().end_flagged = true;
    assert_eq!(world.series(long).wants_attention_at(world.now), None);
}
