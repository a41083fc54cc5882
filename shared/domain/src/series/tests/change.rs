//! This and all that follow become otherwise.

use super::world::{World, invited, link, ruled, starting, wish, wish_at};
use crate::{
    event::Effect,
    ids::{RecipientId, SeriesId, SessionId},
    recurrence::Ends,
    series::{BookSeriesRefused, ChangeSeries, ChangeSeriesRefused, IfTaken, NewTiming, OnConflict, Place, Standing},
    session::{
        Blocked, Invitation, Status, Template,
        tests::clinic::{ADA, BEN, GREEN, at, local, minutes, zone},
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

fn ids(world: &World, series: SeriesId) -> Vec<SessionId> {
    world.places(series).iter().filter_map(Place::session).collect()
}

fn skipping(change: ChangeSeries) -> ChangeSeries {
    ChangeSeries { on_conflict: OnConflict::all(IfTaken::Skip), ..change }
}

/// A series to which these are invited.
fn with(addresses: &[&str], rule: &str) -> (World, SeriesId) {
    let mut world = World::new();
    let invitation = invited(world.next_series(), addresses);
    let mut wish = wish(rule);
    wish.terms.invitation = invitation;
    let series = world.book(wish);
    (world, series)
}

fn recipients(world: &World, series: SeriesId) -> Vec<RecipientId> {
    world.series(series).invitation.recipients().map(|r| r.id).collect()
}

#[test]
fn another_time_of_this_and_following_parts_the_series() {
    let (mut world, series) = eight();
    let before = ids(&world, series);
    let parted = world.shift(series, "2026-12-22", "2026-12-22T14:00");
    assert_ne!(parted, series);
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15"]);
    assert_eq!(world.shown(parted), ["12-22", "12-29", "01-05", "01-12", "01-19"]);
    assert!(
        ids(&world, parted)
            .iter()
            .all(|id| world.session(*id).details().slot.local_start().time() == local("2026-12-22T14:00").time())
    );
    assert_eq!([ids(&world, series), ids(&world, parted)].concat(), before);
    assert_eq!(world.series(series).timing.sentence(), "every Tuesday at 9:00, until 15 December 2026");
    assert_eq!(world.series(parted).timing.sentence(), "every Tuesday at 14:00, 5 times");
    assert_eq!(world.series(parted).continues, Some(series));
    assert_eq!(world.series(parted).root, series);
    world.check();
}

#[test]
fn this_and_following_on_the_first_changes_the_series_itself() {
    let (mut world, series) = eight();
    let (before, sequence) = (ids(&world, series), world.series(series).sequence);
    assert_eq!(world.shift(series, "2026-12-01", "2026-12-02T10:00"), series);
    assert_eq!(world.shown(series), ["12-02", "12-09", "12-16", "12-23", "12-30", "01-06", "01-13", "01-20"]);
    assert_eq!(ids(&world, series), before);
    assert_eq!(world.series.len(), 1);
    assert!(world.series(series).sequence > sequence);
    assert_eq!(world.series(series).timing.first, local("2026-12-02T10:00"));
    world.check();
}

#[test]
fn this_and_following_on_the_last_changes_it_alone() {
    let (mut world, series) = eight();
    let last = world.at(series, "2027-01-19");
    let parted = world.shift(series, "2027-01-19", "2027-01-20T10:00");
    assert_eq!(world.shown(parted), ["01-20"]);
    assert_eq!(ids(&world, parted), [last]);
    assert_eq!(world.series(parted).timing.rule.to_string(), "FREQ=WEEKLY;BYDAY=WE;COUNT=1");
    assert_eq!(world.shown(series).len(), 7);
    world.check();
}

#[test]
fn a_week_later_moves_each_by_a_week() {
    let (mut world, series) = eight();
    let before = ids(&world, series);
    let parted = world.shift(series, "2026-12-22", "2026-12-29T09:00");
    assert_eq!(world.shown(parted), ["12-29", "01-05", "01-12", "01-19", "01-26"]);
    assert_eq!(ids(&world, parted), before[3..]);
    world.check();
}

#[test]
fn a_week_later_moves_a_series_from_its_first_on_in_place() {
    let (mut world, series) = eight();
    let before = ids(&world, series);
    assert_eq!(world.shift(series, "2026-12-01", "2026-12-08T09:00"), series);
    assert_eq!(world.shown(series), ["12-08", "12-15", "12-22", "12-29", "01-05", "01-12", "01-19", "01-26"]);
    assert_eq!(ids(&world, series), before);
    world.check();
}

#[test]
fn the_one_named_is_at_the_time_that_was_asked_for_whatever_the_rule() {
    let (mut world, series) = eight();
    let named = world.at(series, "2026-12-22");
    let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
        timing: Some(ruled("2026-12-29T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=3")),
        ..like
    });
    assert_eq!(world.at(parted, "2026-12-29"), named);
    assert_eq!(world.shown(parted), ["12-29", "01-12", "01-26"]);
    world.check();
}

#[test]
fn an_earlier_day_moves_a_session_onto_its_own_day_before_and_all_after_it() {
    let (mut world, series) = eight();
    let parted = world.shift(series, "2026-12-22", "2026-12-18T09:00");
    assert_eq!(world.shown(parted), ["12-18", "12-25", "01-01", "01-08", "01-15"]);
    world.check();
}

#[test]
fn onto_a_session_that_stays_nothing_is_moved() {
    let (mut world, series) = eight();
    let before = world.sessions.clone();
    assert_eq!(world.shift(series, "2026-12-22", "2026-12-15T09:00"), series);
    assert_eq!(world.sessions, before);
    world.check();
}

#[test]
fn every_other_week_cancels_those_between_and_keeps_the_rest_where_they_are() {
    let (mut world, series) = eight();
    let before = ids(&world, series);
    let parted = change(&mut world, series, "2026-12-15", |like| ChangeSeries {
        timing: Some(ruled("2026-12-15T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=3")),
        ..like
    });
    assert_eq!(world.shown(parted), ["12-15", "12-29", "01-12"]);
    assert_eq!(ids(&world, parted), [before[2], before[4], before[6]]);
    let status = |id: &SessionId| world.session(*id).status(&world.practice.policies, world.now);
    assert_eq!([before[3], before[5], before[7]].iter().map(status).collect::<Vec<_>>(), [Status::Cancelled; 3]);
    world.check();
}

#[test]
fn a_second_day_in_the_week_is_booked_beside_those_that_were() {
    let (mut world, series) = eight();
    let parted = change(&mut world, series, "2027-01-12", |like| ChangeSeries {
        timing: Some(ruled("2027-01-12T09:00", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4")),
        ..like
    });
    assert_eq!(world.shown(parted), ["01-12", "01-14", "01-19", "01-21"]);
    assert_eq!(world.sessions.len(), 10);
    world.check();
}

#[test]
fn an_earlier_end_cancels_what_follows_and_keeps_the_series() {
    let (mut world, series) = eight();
    let sequence = world.series(series).sequence;
    let same = change(&mut world, series, "2026-12-15", |like| ChangeSeries {
        timing: Some(ruled("2026-12-15T09:00", "FREQ=WEEKLY;UNTIL=20261229")),
        ..like
    });
    assert_eq!(same, series);
    assert_eq!(world.shown(series), ["12-01", "12-08", "12-15", "12-22", "12-29"]);
    assert!(world.series(series).sequence > sequence);
    assert_eq!(world.series(series).timing.first, local("2026-12-01T09:00"));
    world.check();
}

#[test]
fn a_later_end_books_more_and_keeps_the_series() {
    let (mut world, series) = eight();
    let same = change(&mut world, series, "2027-01-12", |like| ChangeSeries {
        timing: Some(ruled("2027-01-12T09:00", "FREQ=WEEKLY;COUNT=4")),
        ..like
    });
    assert_eq!(same, series);
    assert_eq!(world.shown(series)[6..], ["01-12", "01-19", "01-26", "02-02"]);
    assert_eq!(world.series(series).timing.rule.to_string(), "FREQ=WEEKLY;BYDAY=TU;COUNT=10");
    world.check();
}

#[test]
fn more_in_all_than_a_rule_can_count_still_end() {
    let mut world = World::with_chunk(400);
    let series = world.book(wish("FREQ=DAILY"));
    world.now = at("2027-10-20T16:00:00Z");
    world.extend(series);
    change(&mut world, series, "2027-10-25", |like| ChangeSeries {
        timing: Some(ruled("2027-10-25T09:00", "FREQ=DAILY;COUNT=900")),
        ..like
    });
    let last = world.series(series).timing.last().unwrap().local_start();
    assert_eq!(last, local("2027-10-25T09:00") + chrono::Duration::days(899));
    assert_ne!(world.series(series).timing.rule.ends, Ends::Never);
    world.check();
}

#[test]
fn a_number_of_sessions_counts_those_that_stay_behind() {
    let (mut world, series) = eight();
    let parted = world.shift(series, "2026-12-08", "2026-12-09T09:00");
    assert_eq!(world.series(parted).timing.rule.to_string(), "FREQ=WEEKLY;BYDAY=WE;COUNT=7");
    let again = world.shift(parted, "2026-12-30", "2026-12-31T09:00");
    assert_eq!(world.series(again).timing.rule.to_string(), "FREQ=WEEKLY;BYDAY=TH;COUNT=4");
    assert_eq!(world.series(again).root, series);
    world.check();
}

#[test]
fn a_longer_session_takes_more_time_and_keeps_its_start() {
    let (mut world, series) = eight();
    let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
        timing: Some(NewTiming { length: Some(minutes(90)), ..starting("2026-12-22T09:00") }),
        ..like
    });
    assert_eq!(world.shown(parted), ["12-22", "12-29", "01-05", "01-12", "01-19"]);
    assert!(ids(&world, parted).iter().all(|id| world.session(*id).details().slot.length() == minutes(90)));
    world.check();
}

#[test]
fn another_zone_moves_the_instants_and_keeps_the_wall_time() {
    let (mut world, series) = eight();
    let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
        timing: Some(NewTiming { zone: Some(zone("Europe/Paris")), ..starting("2026-12-22T09:00") }),
        ..like
    });
    assert_eq!(world.shown(parted), ["12-22", "12-29", "01-05", "01-12", "01-19"]);
    let slot = &world.session(world.at(parted, "2026-12-22")).details().slot;
    assert_eq!((slot.starts_at(), slot.zone()), (at("2026-12-22T08:00:00Z"), &zone("Europe/Paris")));
    world.check();
}

#[test]
fn another_zone_and_an_earlier_end_cancel_what_follows_like_any_other() {
    let (mut world, series) = eight();
    let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
        timing: Some(NewTiming { zone: Some(zone("Europe/Paris")), ..ruled("2026-12-22T09:00", "FREQ=WEEKLY;COUNT=2") }),
        ..like
    });
    assert_eq!(world.shown(parted), ["12-22", "12-29"]);
    let standing =
        world.sessions.values().filter(|session| session.status(&world.practice.policies, world.now) == Status::Scheduled);
    assert_eq!(standing.count(), 5);
    world.check();
}

#[test]
fn another_practitioner_takes_over_on_their_own_sheet() {
    let (mut world, series) = eight();
    world.single((BEN, None), local("2027-01-05T09:30"), 60, false).unwrap();
    let parted = change(&mut world, series, "2026-12-22", |like| {
        let template = Template { practitioner: BEN, ..like.template.clone() };
        skipping(ChangeSeries { template, ..like })
    });
    assert_eq!(world.shown(parted), ["12-22", "12-29", "01-05: taken", "01-12", "01-19"]);
    assert_eq!(world.session(world.at(parted, "2026-12-29")).details().practitioner, BEN);
    assert_eq!(world.session(world.at(series, "2026-12-15")).details().practitioner, ADA);
    world.check();
}

#[test]
fn both_practitioners_learn_that_the_rest_of_a_series_goes_from_one_to_the_other() {
    let (mut world, series) = with(&["mum@home.test"], "FREQ=WEEKLY;COUNT=4");
    let since = world.events.len();
    let parted = change(&mut world, series, "2026-12-15", |like| ChangeSeries {
        template: Template { practitioner: BEN, ..like.template.clone() },
        ..like
    });
    let informed = |effect: Effect| match effect {
        Effect::Inform { practitioner, .. } => Some(practitioner),
        Effect::Invite { .. } | Effect::Cancel { .. } | Effect::LeaveOut { .. } | Effect::Remind { .. } => None,
    };
    assert_eq!(world.effects_of(parted, since).into_iter().filter_map(informed).collect::<Vec<_>>(), [ADA, BEN]);
    world.check();
}

#[test]
fn another_room_is_taken_and_the_old_one_is_free_again() {
    let (mut world, series) = eight();
    let parted = change(&mut world, series, "2026-12-22", |like| {
        let template = Template { room: Some(GREEN), ..like.template.clone() };
        ChangeSeries { template, room: Some(GREEN), ..like }
    });
    assert_eq!(world.session(world.at(parted, "2027-01-05")).details().room, Some(GREEN));
    world.check();
    let back = change(&mut world, parted, "2027-01-05", |like| {
        let template = Template { room: None, ..like.template.clone() };
        ChangeSeries { template, room: None, ..like }
    });
    assert_eq!(world.session(world.at(back, "2027-01-05")).details().room, None);
    world.check();
}

#[test]
fn the_room_of_a_series_from_its_first_on_changes_in_place() {
    let (mut world, series) = eight();
    let same = change(&mut world, series, "2026-12-01", |like| {
        let template = Template { room: Some(GREEN), ..like.template.clone() };
        ChangeSeries { template, room: Some(GREEN), ..like }
    });
    assert_eq!(same, series);
    assert!(ids(&world, series).iter().all(|id| world.session(*id).details().room == Some(GREEN)));
    assert_eq!(world.series(series).sequence, 1);
    world.check();
}

#[test]
fn services_alone_change_in_place_and_no_calendar_is_told() {
    let (mut world, series) = with(&["mum@home.test"], "FREQ=WEEKLY;COUNT=4");
    let since = world.events.len();
    let same = change(&mut world, series, "2026-12-15", |like| {
        let services = crate::session::tests::clinic::granted(crate::session::Schedule {
            services: Some(vec![crate::session::ServiceChoice { service: crate::session::tests::clinic::TALK, price: None }]),
            ..crate::session::tests::clinic::wish()
        });
        ChangeSeries { template: Template { services: services.details.services, ..like.template.clone() }, ..like }
    });
    assert_eq!(same, series);
    assert_eq!(world.series(series).sequence, 0);
    assert_eq!(world.effects_of(series, since), []);
    let count = |date: &str| world.session(world.at(series, date)).details().services.len();
    assert_eq!([count("2026-12-08"), count("2026-12-15"), count("2026-12-22")], [0, 1, 1]);
    assert!(world.sessions.values().all(|session| session.details().sequence == 0));
    world.check();
}

#[test]
fn another_link_parts_the_series_and_whoever_holds_it_is_told_of_both_halves() {
    let (mut world, series) = with(&["mum@home.test"], "FREQ=WEEKLY;COUNT=4");
    let since = world.events.len();
    let parted = change(&mut world, series, "2026-12-15", |like| ChangeSeries {
        template: Template { url: Some(link("other")), ..like.template.clone() },
        ..like
    });
    assert_ne!(parted, series);
    assert_eq!(world.session(world.at(parted, "2026-12-22")).details().url, Some(link("other")));
    assert_eq!(world.session(world.at(series, "2026-12-08")).details().url, Some(link("first")));
    let mum = recipients(&world, series)[0];
    let invite = |series: SeriesId| Effect::Invite { recipient: mum, sequence: world.series(series).sequence };
    assert!(world.effects_of(series, since).contains(&invite(series)), "the first half ends");
    assert!(world.effects_of(parted, since).contains(&invite(parted)), "the second half begins");
    world.check();
}

#[test]
fn who_is_no_longer_invited_gets_a_cancellation_and_who_is_new_an_invitation() {
    let (mut world, series) = with(&["mum@home.test", "dad@home.test"], "FREQ=WEEKLY;COUNT=3");
    let since = world.events.len();
    let invitation = invited(series, &["dad@home.test", "gran@home.test"]);
    let mum = recipients(&world, series)[0];
    let same = change(&mut world, series, "2026-12-01", |like| ChangeSeries { invitation: invitation.clone(), ..like });
    assert_eq!(same, series);
    let sequence = world.series(series).sequence;
    assert_eq!(sequence, 1);
    let mut expected: Vec<Effect> = invitation.recipients().map(|r| Effect::Invite { recipient: r.id, sequence }).collect();
    expected.push(Effect::Cancel { recipient: mum, sequence });
    expected.push(Effect::Inform { practitioner: ADA, sequence, moved_from: None });
    assert_eq!(world.effects_of(series, since), expected);
    assert!(world.series(series).recipient(mum).is_some(), "she is still to be found");
    assert!(world.sessions.values().all(|session| session.details().invitation == invitation));
    world.check();
}

#[test]
fn who_was_removed_from_those_that_follow_keeps_those_before() {
    let (mut world, series) = with(&["mum@home.test", "dad@home.test"], "FREQ=WEEKLY;COUNT=3");
    let since = world.events.len();
    let mum = recipients(&world, series)[0];
    let invitation = invited(series, &["dad@home.test"]);
    let parted = change(&mut world, series, "2026-12-08", |like| ChangeSeries { invitation, ..like });
    assert_ne!(parted, series);
    let sequence = world.series(series).sequence;
    assert!(world.effects_of(series, since).contains(&Effect::Invite { recipient: mum, sequence }), "hers ends sooner");
    assert_eq!(recipients(&world, parted).len(), 1);
    world.check();
}

#[test]
fn sequence_rises_above_that_of_any_exception() {
    let (mut world, series) = eight();
    let seventh = world.at(series, "2027-01-12");
    for hour in [10, 11, 12] {
        world.move_one(seventh, &format!("2027-01-12T{hour}:00"));
    }
    let highest = world.session(seventh).details().sequence;
    assert_eq!(highest, 3);
    world.shift(series, "2026-12-01", "2026-12-02T09:00");
    assert!(world.series(series).sequence > highest);
    world.cancel_from(series, "2026-12-16");
    assert!(world.series(series).sequence > world.session(seventh).details().sequence);
}

#[test]
fn a_change_that_changes_nothing_is_refused() {
    let (mut world, series) = eight();
    let named = world.at(series, "2026-12-15");
    let like = world.like(series, named);
    assert_eq!(world.plan_change(series, like.clone()).unwrap_err(), ChangeSeriesRefused::NothingToDo);
    let timing = Some(starting("2026-12-15T09:00"));
    assert_eq!(world.plan_change(series, ChangeSeries { timing, ..like.clone() }).unwrap_err(), ChangeSeriesRefused::NothingToDo);
    let told = ChangeSeries { send_updates: Some(true), timing: Some(starting("2026-12-15T10:00")), ..like };
    assert_eq!(world.plan_change(series, told).unwrap_err(), ChangeSeriesRefused::NoInvitesToUpdate);
}

#[test]
fn a_session_that_is_not_scheduled_begins_no_change() {
    let (mut world, series) = eight();
    let named = world.at(series, "2026-12-01");
    let like = ChangeSeries { timing: Some(starting("2026-12-01T10:00")), ..world.like(series, named) };
    world.cancel_one(named).unwrap();
    assert_eq!(world.plan_change(series, like.clone()).unwrap_err(), ChangeSeriesRefused::NotScheduled(Status::Cancelled));
    world.now = at("2026-12-08T16:30:00Z");
    let underway = world.at(series, "2026-12-08");
    let like = ChangeSeries { timing: Some(starting("2026-12-09T10:00")), ..world.like(series, underway) };
    assert_eq!(world.plan_change(series, like).unwrap_err(), ChangeSeriesRefused::NotScheduled(Status::Underway));
}

#[test]
fn a_new_time_must_exist_and_lie_ahead() {
    let (mut world, series) = eight();
    let named = world.at(series, "2026-12-15");
    let like = world.like(series, named);
    let mut refused = |to: NewTiming| world.plan_change(series, ChangeSeries { timing: Some(to), ..like.clone() }).unwrap_err();
    assert_eq!(refused(starting("2026-11-17T09:00")), ChangeSeriesRefused::Blocked(Blocked::InThePast));
    let paris = NewTiming { zone: Some(zone("Europe/Paris")), ..starting("2027-03-28T02:30") };
    assert!(matches!(refused(paris), ChangeSeriesRefused::Blocked(Blocked::Unresolved(_))));
    let other_day = refused(ruled("2026-12-16T09:00", "FREQ=WEEKLY;BYDAY=MO"));
    assert!(matches!(other_day, ChangeSeriesRefused::Rule(BookSeriesRefused::NotByRule { .. })), "{other_day}");
}

#[test]
fn nothing_can_be_said_of_a_place_that_there_will_not_be() {
    let (mut world, series) = eight();
    let like = world.like(series, world.at(series, "2026-12-15"));
    let at = [(local("2026-12-17T10:00"), IfTaken::Skip)].into();
    let on_conflict = OnConflict { otherwise: IfTaken::Stop, at };
    let wish = ChangeSeries { timing: Some(starting("2026-12-16T10:00")), on_conflict, ..like };
    assert!(matches!(world.plan_change(series, wish).unwrap_err(), ChangeSeriesRefused::Rule(BookSeriesRefused::NoSuchPlace(_))));
}

#[test]
fn where_a_new_time_is_taken_staff_skip_keep_or_stop() {
    for (if_taken, seen) in [
        (IfTaken::Skip, vec!["12-23", "12-30: taken", "01-06"]),
        (IfTaken::Keep, vec!["12-23", "12-30", "01-06"]),
        (IfTaken::Stop, vec!["12-01", "12-08", "12-15", "12-22", "12-29", "01-05"]),
    ] {
        for chunk in [1, 100] {
            let mut world = World::with_chunk(chunk);
            let series = world.book(wish("FREQ=WEEKLY;COUNT=6"));
            world.busy_at("2026-12-30T09:30");
            let parted = change(&mut world, series, "2026-12-22", |like| ChangeSeries {
                timing: Some(starting("2026-12-23T09:00")),
                on_conflict: OnConflict::all(if_taken),
                ..like
            });
            assert_eq!(world.shown(parted), seen, "{if_taken:?} in chunks of {chunk}");
            world.check();
        }
    }
}

#[test]
fn a_change_that_is_stopped_half_way_leaves_all_as_it_was() {
    let mut world = World::with_chunk(1);
    let series = world.book(wish("FREQ=WEEKLY;COUNT=6"));
    let like = world.like(series, world.at(series, "2026-12-22"));
    let plan = world.plan_change(series, ChangeSeries { timing: Some(starting("2026-12-23T09:00")), ..like }).unwrap();
    let (sessions, places, record) = (world.sessions.clone(), world.places(series), world.series(series).clone());
    world.begin(world.series(series).clone(), &plan);
    world.work(series);
    world.work(series);
    let other = world.busy_at("2027-01-06T09:30");
    world.run(series);
    world.sessions.retain(|id, _| *id != other || world.series.len() == 1);
    assert_eq!(world.places(series), places);
    assert_eq!(world.series.len(), 1);
    for (id, session) in &sessions {
        assert_eq!(world.session(*id), session);
    }
    let now = world.series(series).clone();
    assert_eq!(crate::series::Series { revision: record.revision, ..now }, record);
    world.check();
}

#[test]
fn sessions_that_change_places_among_themselves_never_clash() {
    for chunk in [1, 2, 100] {
        let mut world = World::with_chunk(chunk);
        let series = world.book(wish_at("FREQ=DAILY;COUNT=9", "2026-12-01T09:00", "America/Vancouver"));
        let before = ids(&world, series);
        assert_eq!(world.shift(series, "2026-12-01", "2026-12-02T09:00"), series);
        assert_eq!(ids(&world, series), before);
        world.check();
        assert_eq!(world.shift(series, "2026-12-02", "2026-12-01T09:30"), series);
        assert_eq!(ids(&world, series), before);
        world.check();
    }
}

#[test]
fn reminders_follow_each_session_that_moves() {
    let (mut world, series) = eight();
    let parted = world.shift(series, "2026-12-22", "2026-12-23T15:00");
    let id = world.at(parted, "2026-12-23");
    let due: Vec<_> = world.armed.iter().filter(|(session, ..)| *session == id).map(|(_, _, due)| *due).collect();
    for wanted in ["2026-12-21T22:00:00Z", "2026-12-22T22:00:00Z"] {
        assert!(due.contains(&at(wanted)), "{due:?}");
    }
    world.check();
}

#[test]
fn a_series_that_was_cancelled_from_a_session_on_can_be_given_a_later_end_again() {
    let (mut world, series) = eight();
    world.cancel_from(series, "2026-12-22");
    let same = change(&mut world, series, "2026-12-15", |like| ChangeSeries {
        timing: Some(ruled("2026-12-15T09:00", "FREQ=WEEKLY;COUNT=3")),
        ..like
    });
    assert_eq!(world.shown(same)[2..5], ["12-15", "12-22", "12-29"]);
    world.check();
}

#[test]
fn a_series_older_than_ten_years_changes_as_any_other() {
    let mut world = World::with_chunk(100);
    let series = world.book(wish("FREQ=WEEKLY"));
    for year in 2027..=2038 {
        world.now = at(&format!("{year}-11-21T16:00:00Z"));
        world.extend(series);
    }
    let named = world.places(series).iter().rev().nth(20).unwrap().original;
    let date = named.format("%Y-%m-%d").to_string();
    let count = world.places(series).len();
    let until = (named.date() + chrono::Days::new(14 * 7)).format("%Y%m%d").to_string();
    let same = change(&mut world, series, &date, |like| ChangeSeries {
        timing: Some(ruled(&named.format("%Y-%m-%dT%H:%M").to_string(), &format!("FREQ=WEEKLY;UNTIL={until}"))),
        ..like
    });
    assert_eq!(same, series);
    assert_eq!(world.places(series).len(), count - 6);
    assert_eq!(world.series(series).timing.last().map(|o| o.local_start()), Some(named + chrono::Duration::weeks(14)));
    let same = change(&mut world, series, &date, |like| ChangeSeries {
        timing: Some(ruled(&named.format("%Y-%m-%dT%H:%M").to_string(), "FREQ=WEEKLY;COUNT=10")),
        ..like
    });
    assert_eq!(same, series);
    assert_eq!(world.series(series).timing.last().map(|o| o.local_start()), Some(named + chrono::Duration::weeks(9)));
    world.check();
}

#[test]
fn what_a_change_drops_costs_nobody_a_fee() {
    let mut world = World::new();
    let series = world.book(wish_at("FREQ=DAILY;COUNT=5", "2026-12-01T09:00", "America/Vancouver"));
    world.now = at("2026-12-01T10:00:00Z");
    let dropped = world.at(series, "2026-12-02");
    change(&mut world, series, "2026-12-01", |like| ChangeSeries {
        timing: Some(ruled("2026-12-01T09:00", "FREQ=DAILY;COUNT=1")),
        ..like
    });
    let crate::session::Session::Cancelled(cancelled) = world.session(dropped) else { panic!("it stands") };
    assert!(cancelled.fee.is_none_or(|fee| fee == crate::money::Amount::ZERO));
    world.check();
}

#[test]
fn when_the_earlier_ones_were_all_cancelled_the_rest_is_the_series() {
    let (mut world, series) = eight();
    world.cancel_one(world.at(series, "2026-12-01")).unwrap();
    assert_eq!(world.shift(series, "2026-12-08", "2026-12-09T10:00"), series);
    assert_eq!(world.series(series).standing, Standing::Standing);
    world.check();
}

#[test]
fn nobody_is_invited_to_a_series_without_invites() {
    let (world, series) = eight();
    assert_eq!(world.series(series).invitation, Invitation::Off);
}
