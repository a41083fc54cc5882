//! What was moved, changed or cancelled by hand, when the rest changes.

use super::world::{World, invited, link, ruled, starting, wish};
use crate::{
    event::Effect,
    ids::{SeriesId, SessionId},
    series::{ChangeSeries, Exceptions, IfTaken, NewTiming, OnConflict, Place},
    session::{
        Reschedule, Session, Status, Template,
        tests::clinic::{BEN, GREEN, at, choices, local, to, zone},
    },
};

fn eight() -> (World, SeriesId) {
    let mut world = World::new();
    let series = world.book(wish("FREQ=WEEKLY;COUNT=8"));
    (world, series)
}

fn change(world: &mut World, series: SeriesId, date: &str, to: impl FnOnce(ChangeSeries) -> ChangeSeries) -> SeriesId {
    let like = world.like(series, world.at(series, date));
    world.change(series, to(like)).unwrap()
}

fn linked(like: ChangeSeries) -> ChangeSeries {
    ChangeSeries { template: Template { url: Some(link("other")), ..like.template.clone() }, ..like }
}

fn start(world: &World, id: SessionId) -> String {
    world.session(id).details().slot.local_start().format("%m-%dT%H:%M").to_string()
}

fn described(world: &World, id: SessionId) -> bool {
    let details = world.session(id).details();
    details.sequence <= details.occurrence.as_ref().unwrap().described
}

#[test]
fn one_that_was_moved_keeps_its_time_and_takes_over_a_new_link() {
    let (mut world, series) = eight();
    let seventh = world.at(series, "2027-01-12");
    world.move_one(seventh, "2027-01-14T11:00");
    let parted = world.shift(series, "2026-12-22", "2026-12-22T14:00");
    assert_eq!(start(&world, seventh), "01-14T11:00");
    let again = change(&mut world, parted, "2026-12-29", linked);
    assert_eq!(start(&world, seventh), "01-14T11:00");
    assert_eq!(world.session(seventh).details().url, Some(link("other")));
    assert_eq!(world.at(again, "2027-01-12"), seventh);
    assert!(!described(&world, seventh), "it is an exception");
    world.check();
}

#[test]
fn one_whose_link_was_changed_keeps_it_and_takes_over_a_new_time() {
    let (mut world, series) = eight();
    let seventh = world.at(series, "2027-01-12");
    world.link_one(seventh, "own").unwrap();
    let parted = world.shift(series, "2026-12-22", "2026-12-22T14:00");
    assert_eq!(start(&world, seventh), "01-12T14:00");
    change(&mut world, parted, "2026-12-22", linked);
    assert_eq!(world.session(seventh).details().url, Some(link("own")));
    assert!(!described(&world, seventh));
    world.check();
}

#[test]
fn one_that_went_to_another_practitioner_or_room_stays_there() {
    let (mut world, series) = eight();
    let seventh = world.at(series, "2027-01-12");
    let room = Reschedule { practitioner: Some(BEN), room: Some(Some(GREEN)), ..to("2027-01-12T09:00") };
    world.reschedule(seventh, room).unwrap();
    let parted = change(&mut world, series, "2026-12-22", |like| {
        linked(ChangeSeries { timing: Some(starting("2026-12-22T14:00")), ..like })
    });
    let details = world.session(seventh).details();
    assert_eq!((details.practitioner, details.room, details.url.clone()), (BEN, Some(GREEN), Some(link("other"))));
    assert_eq!(start(&world, seventh), "01-12T14:00");
    assert_eq!(world.at(parted, "2027-01-12"), seventh);
    assert!(!described(&world, seventh), "calendars that know the series alone do not know that it is with Ben");
    world.check();
}

#[test]
fn one_that_the_series_comes_to_meet_is_an_exception_no_longer() {
    let (mut world, series) = eight();
    let seventh = world.at(series, "2027-01-12");
    world.move_one(seventh, "2027-01-13T10:00");
    world.shift(series, "2026-12-22", "2026-12-23T10:00");
    assert_eq!(start(&world, seventh), "01-13T10:00");
    assert!(described(&world, seventh));
    world.check();
}

#[test]
fn those_that_were_cancelled_or_deleted_stay_so() {
    let (mut world, series) = eight();
    world.cancel_one(world.at(series, "2026-12-29")).unwrap();
    world.delete_one(world.at(series, "2027-01-05")).unwrap();
    let parted = world.shift(series, "2026-12-22", "2026-12-23T14:00");
    assert_eq!(world.shown(parted), ["12-23", "12-30: cancelled", "01-06: deleted", "01-13", "01-20"]);
    let again = change(&mut world, parted, "2026-12-23", |like| ChangeSeries {
        timing: Some(ruled("2026-12-23T14:00", "FREQ=WEEKLY;COUNT=6")),
        ..like
    });
    assert_eq!(world.shown(again), ["12-23", "12-30: cancelled", "01-06: deleted", "01-13", "01-20", "01-27"]);
    world.check();
}

#[test]
fn places_that_were_not_wanted_stay_left_out_and_those_that_were_taken_are_tried_again() {
    let mut world = World::new();
    world.busy_at("2026-12-22T09:30");
    let at = [(local("2026-12-15T09:00"), IfTaken::Skip), (local("2026-12-22T09:00"), IfTaken::Skip)].into();
    let wish =
        crate::series::BookSeries { on_conflict: OnConflict { otherwise: IfTaken::Skip, at }, ..wish("FREQ=WEEKLY;COUNT=5") };
    let series = world.book(wish);
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15: not wanted", "12-22: not wanted", "12-29"]);
    let parted = world.shift(series, "2026-12-08", "2026-12-08T14:00");
    assert_eq!(world.shown(parted), ["12-08", "12-15: not wanted", "12-22: not wanted", "12-29"]);
    world.check();

    let mut world = World::new();
    world.busy_at("2026-12-22T09:30");
    let skip =
        crate::series::BookSeries { on_conflict: OnConflict::all(IfTaken::Skip), ..super::world::wish("FREQ=WEEKLY;COUNT=5") };
    let series = world.book(skip);
    assert_eq!(world.shown(series)[3], "12-22: taken");
    let parted = world.shift(series, "2026-12-08", "2026-12-08T14:00");
    assert_eq!(world.shown(parted), ["12-08", "12-15", "12-22", "12-29"]);
    world.check();
}

#[test]
fn a_reset_puts_all_back() {
    let (mut world, series) = eight();
    let (fourth, fifth, sixth, seventh) = (
        world.at(series, "2026-12-22"),
        world.at(series, "2026-12-29"),
        world.at(series, "2027-01-05"),
        world.at(series, "2027-01-12"),
    );
    world.move_one(fourth, "2026-12-24T11:00");
    world.cancel_one(fifth).unwrap();
    world.delete_one(sixth).unwrap();
    world.link_one(seventh, "own").unwrap();
    let sequence = world.series(series).sequence;
    let same = change(&mut world, series, "2026-12-08", |like| ChangeSeries { exceptions: Exceptions::Reset, ..like });
    assert_eq!(same, series);
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15", "12-22", "12-29", "01-05", "01-12", "01-19"]);
    assert_eq!(world.session(seventh).details().url, Some(link("first")));
    assert!(described(&world, fourth) && described(&world, seventh));
    assert_ne!(world.at(series, "2026-12-29"), fifth, "what is cancelled stays so: another is booked");
    assert_eq!(world.session(fifth).status(&world.practice.policies, world.now), Status::Cancelled);
    assert!(world.series(series).sequence > sequence + 1, "calendars that hold exceptions must see it");
    world.check();
}

#[test]
fn a_reset_is_sent_to_those_invited() {
    let mut world = World::new();
    let invitation = invited(world.next_series(), &["mum@home.test"]);
    let mut wish = wish("FREQ=WEEKLY;COUNT=4");
    wish.terms.invitation = invitation.clone();
    let series = world.book(wish);
    let third = world.at(series, "2026-12-15");
    world.move_one(third, "2026-12-16T09:00");
    world.invite_one(third, &["mum@home.test", "gran@home.test"]);
    let since = world.events.len();
    change(&mut world, series, "2026-12-08", |like| ChangeSeries { exceptions: Exceptions::Reset, ..like });
    let sequence = world.series(series).sequence;
    let mum = invitation.recipients().next().unwrap().id;
    assert!(world.effects_of(series, since).contains(&Effect::Invite { recipient: mum, sequence }));
    let details = world.session(third).details();
    assert_eq!(details.invitation, invitation);
    let gran = invited(series, &["gran@home.test"]).recipients().next().unwrap().id;
    assert!(details.withdrawn.iter().any(|r| r.id == gran));
    let own = world.events[since..].iter().find(|event| event.subject == third.into()).unwrap();
    assert!(own.effects.contains(&Effect::Cancel { recipient: gran, sequence: details.sequence }), "{:?}", own.effects);
    world.check();
}

#[test]
fn one_that_was_moved_and_whose_place_is_no_more_stands_alone() {
    let (mut world, series) = eight();
    let fifth = world.at(series, "2026-12-29");
    world.move_one(fifth, "2026-12-31T11:00");
    let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
        timing: Some(ruled("2026-12-22T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=3")),
        ..like
    });
    assert_eq!(world.shown(parted), ["12-22", "01-05", "01-19"]);
    assert_eq!(start(&world, fifth), "12-31T11:00");
    let details = world.session(fifth).details();
    assert_eq!(details.occurrence, None);
    assert_eq!(details.addressed_as(), fifth.into());
    world.check();
}

#[test]
fn one_that_stands_alone_is_sent_as_one_of_its_own() {
    let mut world = World::new();
    let mut wish = wish("FREQ=WEEKLY;COUNT=4");
    wish.terms.invitation = invited(world.next_series(), &["mum@home.test"]);
    let series = world.book(wish);
    let third = world.at(series, "2026-12-15");
    world.move_one(third, "2026-12-16T09:00");
    let since = world.events.len();
    change(&mut world, series, "2026-12-08", |like| ChangeSeries {
        timing: Some(ruled("2026-12-08T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=2")),
        ..like
    });
    let details = world.session(third).details();
    let (own, sequence) = (details.invitation.recipients().next().unwrap().id, details.sequence);
    let event = world.events[since..].iter().find(|event| event.subject == third.into()).unwrap();
    assert_eq!(event.effects, [Effect::Invite { recipient: own, sequence }]);
    assert_ne!(own, world.series(series).invitation.recipients().next().unwrap().id);
    world.check();
}

#[test]
fn a_new_time_that_meets_one_that_was_moved_is_a_conflict() {
    for chunk in [1, 100] {
        let mut world = World::with_chunk(chunk);
        let series = world.book(wish("FREQ=WEEKLY;COUNT=8"));
        let seventh = world.at(series, "2027-01-12");
        world.move_one(seventh, "2027-01-20T09:00");
        let before = world.sessions.clone();
        assert_eq!(world.shift(series, "2026-12-22", "2026-12-23T09:00"), series, "it stops all");
        assert_eq!(world.sessions, before);
        world.check();
        let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
            timing: Some(starting("2026-12-23T09:00")),
            on_conflict: OnConflict::all(IfTaken::Skip),
            ..like
        });
        assert_eq!(world.shown(parted), ["12-23", "12-30", "01-06", "01-13: 01-20T09:00", "01-20: taken"]);
        world.check();
    }
}

#[test]
fn one_that_was_moved_and_comes_to_meet_another_is_a_conflict() {
    let (mut world, series) = eight();
    let seventh = world.at(series, "2027-01-12");
    let with_ben = Reschedule { practitioner: Some(BEN), room: Some(None), ..to("2027-01-19T09:30") };
    world.reschedule(seventh, with_ben).unwrap();
    let parted = change(&mut world, series, "2026-12-22", |like| {
        let template = Template { practitioner: BEN, ..like.template.clone() };
        ChangeSeries { template, on_conflict: OnConflict::all(IfTaken::Skip), ..like }
    });
    assert_eq!(world.shown(parted), ["12-22", "12-29", "01-05", "01-12: 01-19T09:30", "01-19: taken"]);
    world.check();
}

#[test]
fn a_link_given_to_this_and_following_leaves_the_one_named_where_it_was_moved() {
    let (mut world, series) = eight();
    let fourth = world.at(series, "2026-12-22");
    world.move_one(fourth, "2026-12-24T11:00");
    let parted = change(&mut world, series, "2026-12-22", linked);
    assert_eq!(start(&world, fourth), "12-24T11:00");
    assert_eq!(world.session(fourth).details().url, Some(link("other")));
    assert_eq!(world.shown(parted), ["12-22: 12-24T11:00", "12-29", "01-05", "01-12", "01-19"]);
    world.check();
}

#[test]
fn a_time_given_to_this_and_following_leaves_the_one_named_in_the_room_that_it_was_given() {
    let (mut world, series) = eight();
    let fourth = world.at(series, "2026-12-22");
    world.reschedule(fourth, Reschedule { room: Some(Some(GREEN)), ..to("2026-12-24T11:00") }).unwrap();
    let parted = world.shift(series, "2026-12-22", "2026-12-23T15:00");
    assert_eq!(start(&world, fourth), "12-23T15:00", "the time is the one asked for");
    assert_eq!(world.session(fourth).details().room, Some(GREEN), "of the room nobody spoke");
    assert_eq!(world.at(parted, "2026-12-23"), fourth);
    world.check();
}

#[test]
fn the_one_named_goes_where_it_was_sent_though_that_is_its_own_place() {
    let (mut world, series) = eight();
    let fourth = world.at(series, "2026-12-22");
    world.move_one(fourth, "2026-12-24T11:00");
    let length = NewTiming { length: Some(crate::session::tests::clinic::minutes(45)), ..starting("2026-12-22T09:00") };
    change(&mut world, series, "2026-12-22", |like| ChangeSeries { timing: Some(length), ..like });
    assert_eq!(start(&world, fourth), "12-22T09:00");
    world.check();
}

#[test]
fn what_is_over_never_changes() {
    let (mut world, series) = eight();
    // The seventh was brought forward and is over; the fourth is the first to come.
    let seventh = world.at(series, "2027-01-12");
    world.move_one(seventh, "2026-12-16T11:00");
    world.now = at("2026-12-17T16:00:00Z");
    let over = world.session(seventh).clone();
    for exceptions in [Exceptions::Keep, Exceptions::Reset] {
        let mut world = world.clone();
        let parted = change(&mut world, series, "2026-12-22", |like| {
            linked(ChangeSeries { timing: Some(starting("2026-12-23T14:00")), exceptions, ..like })
        });
        assert_eq!(world.at(parted, "2027-01-13"), seventh);
        let (now, before) = (world.session(seventh).details(), over.details());
        assert_eq!((&now.slot, &now.url, now.sequence), (&before.slot, &before.url, before.sequence));
        world.check();
    }
    let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
        timing: Some(ruled("2026-12-22T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=2")),
        ..like
    });
    assert_eq!(world.shown(parted), ["12-22", "01-05"]);
    assert_eq!(world.session(seventh), &over);
}

#[test]
fn one_that_is_due_stays_where_it_is() {
    let (mut world, series) = eight();
    let fifth = world.at(series, "2026-12-29");
    world.move_one(fifth, "2026-12-15T11:00");
    world.now = at("2026-12-15T17:55:00Z");
    let parted = world.shift(series, "2026-12-22", "2026-12-23T14:00");
    assert_eq!(start(&world, fifth), "12-15T11:00");
    assert_eq!(world.at(parted, "2026-12-30"), fifth);
    world.check();
}

#[test]
fn a_reset_moves_nothing_into_the_past() {
    let (mut world, series) = eight();
    let third = world.at(series, "2026-12-15");
    world.move_one(third, "2026-12-26T11:00");
    world.cancel_one(world.at(series, "2026-12-22")).unwrap();
    world.now = at("2026-12-23T16:00:00Z");
    let same = change(&mut world, series, "2026-12-15", |like| ChangeSeries { exceptions: Exceptions::Reset, ..like });
    assert_eq!(same, series);
    assert_eq!(start(&world, third), "12-26T11:00");
    assert_eq!(world.shown(series)[3], "12-22: cancelled");
    world.check();
}

#[test]
fn a_hold_is_given_back_whatever_becomes_of_its_session() {
    let mut world = World::with_chunk(2);
    let series = world.book(wish("FREQ=WEEKLY;COUNT=8"));
    let ids: Vec<SessionId> = world.places(series).iter().filter_map(Place::session).collect();
    world.move_one(ids[3], "2026-12-24T11:00");
    let like = world.like(series, ids[2]);
    let plan = world.plan_change(series, ChangeSeries { timing: Some(starting("2026-12-16T09:00")), ..like }).unwrap();
    world.begin(world.series(series).clone(), &plan);
    for _ in 0..3 {
        world.work(series);
    }
    // All is held. Before it is redeemed, one is cancelled, one deleted, one moved.
    world.cancel_one(ids[4]).unwrap();
    world.delete_one(ids[5]).unwrap();
    world.move_one(ids[6], "2027-01-14T11:00");
    world.run(series);
    let standing = world.sessions.values().filter(|session| matches!(session, Session::Scheduled(_)));
    assert_eq!(standing.count(), 6);
    assert_eq!(start(&world, ids[6]), "01-14T11:00");
    world.check();
}

#[test]
fn one_in_another_zone_by_hand_is_one_that_was_moved() {
    let (mut world, series) = eight();
    let fifth = world.at(series, "2026-12-29");
    world.reschedule(fifth, Reschedule { zone: Some(zone("America/Toronto")), ..to("2026-12-29T09:00") }).unwrap();
    world.shift(series, "2026-12-22", "2026-12-22T14:00");
    assert_eq!(start(&world, fifth), "12-29T09:00");
    world.check();
}

#[test]
fn staff_may_leave_one_out_of_a_change_though_nothing_is_in_the_way() {
    let (mut world, series) = eight();
    for (timing, place) in [(Some(starting("2026-12-22T14:00")), "2026-12-29T14:00"), (None, "2026-12-29T09:00")] {
        let mut world = world.clone();
        let at = [(local(place), IfTaken::Skip)].into();
        let parted = change(&mut world, series, "2026-12-22", |like| {
            linked(ChangeSeries { timing, on_conflict: OnConflict { otherwise: IfTaken::Stop, at }, ..like })
        });
        assert_eq!(world.shown(parted), ["12-22", "12-29: not wanted", "01-05", "01-12", "01-19"]);
        world.check();
    }
    world.check();
    assert_eq!(choices(&[]).len(), 0);
}
