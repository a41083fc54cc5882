//! Booking, and what is foreseen before it.

use super::world::{World, wish, wish_at};
use crate::{
    series::{BookSeriesRefused, IfTaken, OnConflict, Series, Stage, Standing, Working},
    session::{
        ScheduleRefused,
        tests::clinic::{ADA, BEN, local},
    },
    slot::Wall,
};

fn asking(rule: &str, otherwise: IfTaken, at: &[(&str, IfTaken)]) -> crate::series::BookSeries {
    let at = at.iter().map(|(place, if_taken)| (local(place), *if_taken)).collect();
    crate::series::BookSeries { on_conflict: OnConflict { otherwise, at }, ..wish(rule) }
}

#[test]
fn eight_weeks_are_eight_sessions() {
    let mut world = World::new();
    let series = world.book(wish("FREQ=WEEKLY;COUNT=8"));
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15", "12-22", "12-29", "01-05", "01-12", "01-19"]);
    assert_eq!(world.series(series).standing, Standing::Standing);
    assert_eq!(world.events.last().unwrap().effects, []);
    world.check();
}

#[test]
fn a_time_that_is_taken_is_left_out_where_staff_skip_it() {
    let mut world = World::new();
    world.busy_at("2026-12-15T09:30");
    let series = world.book(asking("FREQ=WEEKLY;COUNT=4", IfTaken::Skip, &[]));
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15: taken", "12-22"]);
    world.check();
}

#[test]
fn a_time_that_is_taken_is_booked_where_staff_keep_it() {
    let mut world = World::new();
    world.busy_at("2026-12-15T09:30");
    world.busy_at("2026-12-22T09:30");
    let keep = [("2026-12-15T09:00", IfTaken::Keep)];
    let series = world.book(asking("FREQ=WEEKLY;COUNT=4", IfTaken::Skip, &keep));
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15", "12-22: taken"]);
    assert_eq!(world.allowed.len(), 1);
    world.check();
}

#[test]
fn one_time_that_is_taken_stops_all_and_nothing_is_left_behind() {
    for chunk in [1, 2, 100] {
        let mut world = World::with_chunk(chunk);
        world.busy_at("2026-12-15T09:30");
        let before = world.clone();
        let (series, plan) = world.plan_booking(wish("FREQ=WEEKLY;COUNT=4")).unwrap();
        let id = series.id;
        world.whole(series, &plan);
        assert_eq!(world.sessions, before.sessions);
        assert_eq!(world.places, before.places);
        assert!(world.series.get(&id).is_none_or(|series| series.standing == Standing::Released && series.busy.is_none()));
        assert_eq!(world.series.get(&id).and_then(|series| series.wants_attention_at(world.now)), None);
        world.check();
    }
}

#[test]
fn a_time_that_is_taken_while_others_are_held_stops_all_the_same() {
    let mut world = World::with_chunk(1);
    let (series, plan) = world.plan_booking(wish("FREQ=WEEKLY;COUNT=4")).unwrap();
    let id = series.id;
    world.begin(series, &plan);
    world.work(id);
    assert!(world.single((ADA, None), local("2026-12-01T09:30"), 60, false).is_err(), "what is held is taken");
    world.busy_at("2026-12-22T09:30");
    world.run(id);
    assert_eq!(world.series(id).standing, Standing::Released);
    assert_eq!(world.sessions.len(), 1);
    world.check();
}

#[test]
fn what_was_held_is_booked_even_if_staff_overlap_it_knowingly() {
    let mut world = World::with_chunk(1);
    let (series, plan) = world.plan_booking(wish("FREQ=WEEKLY;COUNT=2")).unwrap();
    let id = series.id;
    world.begin(series, &plan);
    world.work(id);
    world.work(id);
    assert_eq!(world.working(id), Some(Working { stage: Stage::Redeeming, done: 0 }));
    world.single((ADA, None), local("2026-12-08T09:30"), 60, true).unwrap();
    world.run(id);
    assert_eq!(world.shown(id), ["12-01", "12-08"]);
    world.check();
}

#[test]
fn staff_may_leave_one_out_though_nothing_is_in_the_way() {
    let mut world = World::new();
    let series = world.book(asking("FREQ=WEEKLY;COUNT=3", IfTaken::Stop, &[("2026-12-08T09:00", IfTaken::Skip)]));
    assert_eq!(world.shown(series), ["12-01", "12-08: not wanted", "12-15"]);
    world.check();
}

#[test]
fn nothing_can_be_said_of_a_place_that_there_is_not() {
    let mut world = World::new();
    let wish = asking("FREQ=WEEKLY;COUNT=3", IfTaken::Stop, &[("2026-12-09T09:00", IfTaken::Skip)]);
    let refused = world.plan_booking(wish).unwrap_err();
    assert_eq!(refused, BookSeriesRefused::NoSuchPlace(Wall(local("2026-12-09T09:00"))));
}

#[test]
fn a_time_that_the_clocks_skip_is_left_out_and_does_not_count() {
    let mut world = World::new();
    let series = world.book(wish_at("FREQ=DAILY;COUNT=3", "2027-03-27T02:30", "Europe/Paris"));
    assert_eq!(world.shown(series), ["03-27", "03-28: does not exist", "03-29", "03-30"]);
    world.check();
}

#[test]
fn a_series_does_not_begin_in_the_past() {
    let mut world = World::new();
    let refused = world.plan_booking(wish_at("FREQ=DAILY", "2026-11-20T09:00", "UTC")).unwrap_err();
    assert_eq!(refused, ScheduleRefused::from(crate::session::Blocked::InThePast).into());
}

#[test]
fn the_id_of_a_session_follows_from_its_place() {
    let mut world = World::new();
    let series = world.book(wish("FREQ=WEEKLY;COUNT=3"));
    let record: &Series = world.series(series);
    assert_eq!(world.at(series, "2026-12-08"), record.session_id(local("2026-12-08T09:00")));
    let codes: std::collections::BTreeSet<_> =
        world.sessions.values().map(|session| session.details().clients[0].code.to_string()).collect();
    assert_eq!(codes.len(), 3);
}

#[test]
fn whoever_goes_on_after_a_crash_books_the_rest_once() {
    let mut world = World::with_chunk(2);
    let (series, plan) = world.plan_booking(asking("FREQ=WEEKLY;COUNT=9", IfTaken::Skip, &[])).unwrap();
    let id = series.id;
    world.begin(series, &plan);
    world.work(id);
    // One prepares a transaction and dies; another does it.
    drop(world.prepare(id));
    world.race(id, |world| world.work(id));
    assert_eq!(world.series(id).wants_attention_at(world.now), Some(world.now + crate::series::PATIENCE));
    world.run(id);
    assert_eq!(world.shown(id).len(), 9);
    assert_eq!(world.sessions.len(), 9);
    world.check();
}

#[test]
fn a_preview_names_everything_that_speaks_against_an_occurrence() {
    use crate::{
        people::Practitioner,
        series::Conflict,
        session::tests::clinic::{BLUE, ada},
    };
    let mut world = World::new();
    world.busy_at("2026-12-08T09:30");
    world.single((BEN, Some(BLUE)), local("2026-12-15T09:30"), 60, false).unwrap();
    let hours = serde_json::json!([{ "weekday": "tue", "from": "09:00", "until": "09:30" }]);
    let short = Practitioner { weekly_hours: serde_json::from_value(hours).unwrap(), ..ada() };
    let what = |conflict: &Conflict| match conflict {
        Conflict::Taken(clash) => clash.resource.to_string()[..3].to_owned(),
        Conflict::Closed => "closed".to_owned(),
        Conflict::ClientElsewhere => "elsewhere".to_owned(),
    };
    let shown = |hours: Option<&Practitioner>| -> Vec<Vec<String>> {
        let foreseen = world.foresee(&wish("FREQ=WEEKLY;COUNT=3"), hours);
        foreseen.iter().map(|foreseen| foreseen.conflicts.iter().map(what).collect()).collect()
    };
    assert_eq!(shown(None), [vec![], vec!["prt", "elsewhere"], vec!["rom", "elsewhere"]]);
    assert_eq!(shown(Some(&short))[0], ["closed"]);
}

#[test]
fn a_preview_says_what_the_clocks_do() {
    let world = World::new();
    let spring = world.foresee(&wish_at("FREQ=DAILY;COUNT=2", "2027-03-27T02:30", "Europe/Paris"), None);
    let notes: Vec<_> = spring.iter().map(|f| (f.occurrence.local_start(), f.clocks_change, f.comes_twice)).collect();
    assert_eq!(
        notes,
        [
            (local("2027-03-27T02:30"), None, false),
            (local("2027-03-28T02:30"), None, false),
            (local("2027-03-29T02:30"), Some((3600, 7200)), false),
        ]
    );
    let autumn = world.foresee(&wish_at("FREQ=DAILY;COUNT=3", "2027-10-30T02:30", "Europe/Paris"), None);
    let notes: Vec<_> = autumn.iter().map(|f| (f.clocks_change, f.comes_twice)).collect();
    assert_eq!(notes, [(None, false), (None, true), (Some((7200, 3600)), false)]);
}
