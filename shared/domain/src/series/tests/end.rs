//! This and all that follow are cancelled, or deleted as a mistake.

use super::world::{World, invited, wish, wish_at};
use crate::{
    event::{Change, Effect},
    ids::{SeriesId, SessionId},
    money::Amount,
    series::{EndSeriesRefused, Ending, Place, Standing},
    session::{
        CancelRefused, Cancelled, DeleteRefused, Session, Status,
        tests::clinic::{ADA, at, cents},
    },
};

fn with(addresses: &[&str]) -> (World, SeriesId) {
    let mut world = World::new();
    let mut wish = wish("FREQ=WEEKLY;COUNT=8");
    wish.terms.invitation = invited(world.next_series(), addresses);
    let series = world.book(wish);
    (world, series)
}

fn cancelled(world: &World, id: SessionId) -> &Cancelled {
    let Session::Cancelled(cancelled) = world.session(id) else { panic!("it is not cancelled") };
    cancelled
}

fn quietly() -> Ending {
    Ending::Cancel { notify: None, fee: None }
}

#[test]
fn the_rest_is_cancelled_and_the_series_ends_before_it() {
    let (mut world, series) = with(&["mum@home.test"]);
    let since = world.events.len();
    world.cancel_from(series, "2026-12-22");
    assert_eq!(world.shown(series)[..4], ["12-01", "12-08", "12-15", "12-22: cancelled"]);
    assert_eq!(world.series(series).timing.sentence(), "every Tuesday at 9:00, until 15 December 2026");
    assert_eq!(world.series(series).standing, Standing::Standing);
    let (mum, sequence) = (world.series(series).invitation.recipients().next().unwrap().id, world.series(series).sequence);
    assert_eq!(
        world.effects_of(series, since),
        [Effect::Invite { recipient: mum, sequence }, Effect::Inform { practitioner: ADA, sequence, moved_from: None }]
    );
    assert_eq!(sequence, 1);
    assert_eq!(world.series(series).wants_attention_at(world.now), None, "nobody is told that it ends, who ended it");
    world.check();
    assert!(!world.extend(series));
}

#[test]
fn from_the_first_on_the_whole_series_is_cancelled() {
    let (mut world, series) = with(&["mum@home.test"]);
    let since = world.events.len();
    world.cancel_from(series, "2026-12-01");
    assert!(matches!(world.series(series).standing, Standing::Cancelled { .. }));
    let (mum, sequence) = (world.series(series).invitation.recipients().next().unwrap().id, world.series(series).sequence);
    assert!(world.effects_of(series, since).contains(&Effect::Cancel { recipient: mum, sequence }));
    assert_eq!(world.series(series).wants_attention_at(world.now), None);
    assert!(!world.extend(series));
    world.check();
}

#[test]
fn where_all_before_it_were_cancelled_one_by_one_the_whole_series_is_cancelled() {
    let (mut world, series) = with(&["mum@home.test"]);
    world.cancel_one(world.at(series, "2026-12-01")).unwrap();
    world.cancel_from(series, "2026-12-08");
    assert!(matches!(world.series(series).standing, Standing::Cancelled { .. }));
    world.check();
}

#[test]
fn from_the_last_on_it_alone_is_cancelled() {
    let (mut world, series) = with(&[]);
    world.cancel_from(series, "2027-01-19");
    assert_eq!(world.shown(series)[6..], ["01-12", "01-19: cancelled"]);
    world.check();
}

#[test]
fn nobody_is_told_where_staff_say_so_or_nobody_was_invited() {
    let (mut world, series) = with(&["mum@home.test"]);
    let since = world.events.len();
    world.end(series, "2026-12-22", Ending::Cancel { notify: Some(false), fee: None }).unwrap();
    assert_eq!(world.effects_of(series, since), []);
    let (mut world, series) = with(&[]);
    let since = world.events.len();
    world.end(series, "2026-12-22", quietly()).unwrap();
    assert_eq!(world.effects_of(series, since), []);
}

#[test]
fn whoever_is_on_record_gets_a_notice_where_staff_say_so() {
    let (mut world, series) = with(&[]);
    let since = world.events.len();
    world.end(series, "2026-12-22", Ending::Cancel { notify: Some(true), fee: None }).unwrap();
    let sequence = world.series(series).sequence;
    let mum = world.series(series).notified[0].id;
    assert!(world.effects_of(series, since).contains(&Effect::Cancel { recipient: mum, sequence }));
    assert!(world.series(series).recipient(mum).is_some());
}

#[test]
fn whoever_was_invited_to_one_session_alone_is_told_of_that_one() {
    let (mut world, series) = with(&["mum@home.test"]);
    let fifth = world.at(series, "2026-12-29");
    world.invite_one(fifth, &["mum@home.test", "gran@home.test"]);
    let since = world.events.len();
    world.cancel_from(series, "2026-12-22");
    let gran = invited(series, &["gran@home.test"]).recipients().next().unwrap().id;
    let own = world.events[since..].iter().find(|event| event.subject == fifth.into()).unwrap();
    let sequence = world.session(fifth).details().sequence;
    assert_eq!(own.effects, [Effect::Cancel { recipient: gran, sequence }]);
    world.check();
}

#[test]
fn each_is_late_by_policy_and_a_fee_that_staff_choose_is_for_the_one_named() {
    let mut world = World::new();
    let series = world.book(wish_at("FREQ=DAILY;COUNT=4", "2026-12-01T09:00", "America/Vancouver"));
    world.now = at("2026-12-01T15:00:00Z");
    let ids: Vec<SessionId> = world.places(series).iter().filter_map(Place::session).collect();
    let mut chosen = world.clone();
    world.cancel_from(series, "2026-12-01");
    let fees = |world: &World| ids.iter().map(|id| cancelled(world, *id).fee).collect::<Vec<_>>();
    assert_eq!(fees(&world), [Some(cents(5000)), None, None, None]);
    chosen.end(series, "2026-12-01", Ending::Cancel { notify: None, fee: Some(Amount::ZERO) }).unwrap();
    assert_eq!(fees(&chosen), [Some(Amount::ZERO), None, None, None]);
    assert_eq!(cancelled(&chosen, ids[0]).fee_overridden_from, Some(cents(5000)));
}

#[test]
fn what_is_late_is_judged_by_when_it_was_decided_and_not_by_when_it_was_done() {
    let mut world = World::with_chunk(1);
    let series = world.book(wish("FREQ=WEEKLY;COUNT=4"));
    let ids: Vec<SessionId> = world.places(series).iter().filter_map(Place::session).collect();
    world.now = at("2026-12-07T15:55:00Z");
    let plan = world.plan_end(series, ids[1], quietly()).unwrap();
    world.begin(world.series(series).clone(), &plan);
    world.now = at("2026-12-07T16:10:00Z");
    world.run(series);
    assert!(!cancelled(&world, ids[1]).late);
    assert_eq!(cancelled(&world, ids[1]).fee, None);
    world.check();
}

#[test]
fn what_is_over_stays_as_it_was_and_what_goes_on_can_be_cancelled() {
    let (mut world, series) = with(&[]);
    let seventh = world.at(series, "2027-01-12");
    world.move_one(seventh, "2026-12-16T11:00");
    world.now = at("2026-12-22T16:30:00Z");
    world.cancel_from(series, "2026-12-22");
    assert_eq!(world.session(seventh).status(&world.practice.policies, world.now), Status::AwaitingOutcome);
    assert_eq!(cancelled(&world, world.at(series, "2026-12-22")).details.id, world.at(series, "2026-12-22"));
    world.check();
}

#[test]
fn one_that_is_over_or_cancelled_begins_no_cancellation() {
    let (mut world, series) = with(&[]);
    world.now = at("2026-12-01T18:00:00Z");
    let over = world.end(series, "2026-12-01", quietly()).unwrap_err();
    assert_eq!(over, EndSeriesRefused::Cancel(CancelRefused::Over(Status::AwaitingOutcome)));
    world.cancel_one(world.at(series, "2026-12-08")).unwrap();
    let gone = world.end(series, "2026-12-08", quietly()).unwrap_err();
    assert_eq!(gone, EndSeriesRefused::Cancel(CancelRefused::Over(Status::Cancelled)));
}

#[test]
fn deleting_the_rest_tells_nobody_and_costs_nothing() {
    let (mut world, series) = with(&["mum@home.test"]);
    let since = world.events.len();
    world.delete_from(series, "2026-12-22");
    assert_eq!(world.shown(series)[..4], ["12-01", "12-08", "12-15", "12-22: deleted"]);
    assert!(world.events[since..].iter().all(|event| event.effects.is_empty()));
    assert!(matches!(world.events.last().unwrap().change, Change::SeriesDeleted { .. }));
    assert_eq!(world.series(series).timing.sentence(), "every Tuesday at 9:00, until 15 December 2026");
    world.check();
    assert!(!world.extend(series));
}

#[test]
fn deleting_from_the_first_on_deletes_the_series() {
    let (mut world, series) = with(&["mum@home.test"]);
    world.delete_from(series, "2026-12-01");
    assert!(matches!(world.series(series).standing, Standing::Deleted { .. }));
    assert_eq!(world.series(series).sequence, 0, "no calendar is told");
    let again = world.end(series, "2026-12-01", Ending::Delete).unwrap_err();
    assert_eq!(again, EndSeriesRefused::Delete(DeleteRefused::AlreadyDeleted));
    world.check();
}

#[test]
fn a_session_that_is_over_can_be_deleted_with_those_to_come() {
    let (mut world, series) = with(&[]);
    world.now = at("2026-12-09T18:00:00Z");
    world.delete_from(series, "2026-12-01");
    assert_eq!(world.shown(series)[..3], ["12-01: deleted", "12-08", "12-15: deleted"]);
    world.check();
}

#[test]
fn an_ending_that_is_interrupted_is_brought_to_its_end_by_another() {
    let mut world = World::with_chunk(2);
    let series = world.book(wish("FREQ=WEEKLY;COUNT=8"));
    let plan = world.plan_end(series, world.at(series, "2026-12-08"), quietly()).unwrap();
    world.begin(world.series(series).clone(), &plan);
    world.work(series);
    drop(world.prepare(series));
    // One of them is cancelled by hand meanwhile, and another moved.
    world.cancel_one(world.at(series, "2026-12-29")).unwrap();
    world.move_one(world.at(series, "2027-01-05"), "2027-01-06T11:00");
    assert!(world.plan_extension(series).is_none());
    world.run(series);
    assert!(world.shown(series)[1..].iter().all(|place| place.ends_with("cancelled")));
    world.check();
}

#[test]
fn a_series_older_than_ten_years_ends_where_it_is_ended() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY"));
    for year in 2027..=2038 {
        world.now = at(&format!("{year}-11-21T16:00:00Z"));
        world.extend(series);
    }
    let places = world.places(series);
    let [.., before, named, _, _] = &places[..] else { panic!("too few") };
    world.cancel_from(series, &named.original.format("%Y-%m-%d").to_string());
    assert_eq!(world.series(series).timing.last().map(|o| o.local_start()), Some(before.original));
    assert_eq!(world.series(series).made_until, Some(before.original));
    world.check();
}
