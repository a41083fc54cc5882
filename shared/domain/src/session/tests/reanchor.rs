//! When the rules of a zone change. Vancouver was to be at UTC−08:00 in the winter of 2027 by the rules of 2025, and is at
//! UTC−07:00 by those of 2026.

use proptest::prelude::*;

use super::clinic::{
    ADA, BLUE, LEA, SESSION, as_read, at, day, due, free, granted, holding, invited, local, mailed, minutes, practice, recipient,
    reminders, touched, wish,
};
use crate::{
    event::{Change, Effect},
    ids::{AttemptId, SeriesId, SessionId},
    money::Amount,
    people::MemberKind,
    session::{
        Attendance, AttendanceMark, Cancelled, Closed, Details, InviteChoice, Neighbour, Occurrence, Outcome, Reanchored,
        Reckoning, Schedule, Scheduled, Session,
    },
    sheet::{Diary, Resource},
    slot::{Slot, Wall},
    zone::tz_version,
};

const BEFORE: &str = "2027-01-11T12:00:00Z";

fn attempt() -> AttemptId {
    AttemptId::from_bits(7)
}

/// A slot as the rules of a release had it.
fn of_rules(release: &str, zone: &str, start: &str, starts_at: &str) -> Slot {
    let slot = serde_json::json!({
        "local_start": local(start), "zone": zone, "length": 60, "starts_at": starts_at, "tz_version": release,
    });
    serde_json::from_value(slot).unwrap()
}

/// Nine o'clock on a Friday in Vancouver, as the rules of 2025 had it.
fn nine() -> Slot {
    of_rules("2025b", "America/Vancouver", "2027-01-15T09:00", "2027-01-15T17:00:00Z")
}

fn with(session: Scheduled, slot: Slot) -> Scheduled {
    Scheduled { details: Details { slot, ..session.details }, ..session }
}

fn session(slot: Slot) -> Session {
    Session::Scheduled(with(invited(&["a@home.test", "b@home.test"]), slot))
}

fn sheets(session: &Session) -> Vec<Diary> {
    vec![holding(Resource::Practitioner(ADA), session.details(), &practice())]
}

fn reanchored(session: &Session, diaries: Vec<Diary>, neighbours: &[Neighbour], now: &str) -> Reanchored {
    match session.reckon(at(now)) {
        Reckoning::Moves(reanchor) => reanchor.decide(diaries, neighbours, at(now), attempt()),
        other @ (Reckoning::Untouched | Reckoning::Renewed(_)) => panic!("{other:?}"),
    }
}

/// Another session with Ada, as the rules of 2025 had it.
fn another(id: u128, start: &str, starts_at: &str) -> Session {
    let mut other = session(of_rules("2025b", "America/Vancouver", start, starts_at));
    other.details_mut().id = SessionId::from_bits(id);
    other
}

/// Ada's sheets with these on them.
fn with_all(sessions: &[&Session]) -> Vec<Diary> {
    let mut diary = free(Resource::Practitioner(ADA));
    for session in sessions {
        let own = holding(Resource::Practitioner(ADA), session.details(), &practice());
        diary.put(own.entry(session.details().id).unwrap());
    }
    vec![as_read(&diary)]
}

fn neighbour(session: &Session) -> Neighbour {
    Neighbour { session: session.clone(), stood_at: None }
}

#[test]
fn nine_stays_nine_and_everyone_is_told_of_the_new_instant() {
    let before = session(nine());
    let Reanchored { decision, overlaps, skipped } = reanchored(&before, sheets(&before), &[], BEFORE);
    let details = decision.session.details();
    assert_eq!(Wall(details.slot.local_start()).to_string(), "2027-01-15T09:00");
    assert_eq!((details.slot.starts_at(), details.slot.tz_version()), (at("2027-01-15T16:00:00Z"), tz_version()));
    assert_eq!((details.revision, details.sequence, details.stamped_at), (2, 1, at(BEFORE)));
    assert_eq!(details.attempt, attempt());
    assert_eq!(mailed(&decision), [("entry", recipient("a@home.test"), 1), ("entry", recipient("b@home.test"), 1)]);
    let told = |effect: &Effect| matches!(effect, Effect::Inform { practitioner: ADA, sequence: 1, moved_from: Some(from) } if *from == nine());
    assert_eq!(decision.event.effects.iter().filter(|effect| told(effect)).count(), 1);
    assert!(matches!(decision.event.change, Change::Reanchored { moved_by_minutes: -60, overlapping: false, updated: 2, .. }));
    assert_eq!((decision.event.actor.name.as_str(), decision.event.actor.kind), ("Hourkeep", MemberKind::Machine));
    assert_eq!((overlaps, skipped), (vec![], false));
    let entry = decision.diaries[0].entry(SESSION).unwrap();
    assert_eq!((entry.starts_at, entry.ends_at), (at("2027-01-15T16:00:00Z"), at("2027-01-15T17:00:00Z")));
    assert_eq!(decision.session.reckon(at(BEFORE)), Reckoning::Untouched, "a second time does nothing");
}

#[test]
fn an_entry_takes_its_buffers_along_and_leaves_the_day_that_it_stood_on() {
    let evening = of_rules("2025b", "America/Vancouver", "2027-01-14T15:30", "2027-01-14T23:30:00Z");
    let before = session(evening);
    let mut diary = free(Resource::Practitioner(ADA));
    let mut entry = holding(Resource::Practitioner(ADA), before.details(), &practice()).entry(SESSION).unwrap().clone();
    entry.buffer_after = 15;
    diary.put(&entry);
    let moved = reanchored(&before, vec![as_read(&diary), free(Resource::Room(BLUE))], &[], BEFORE);
    assert_eq!(touched(&moved.decision.diaries[0]), ["2027-01-14: 1", "2027-01-15: 0"]);
    assert_eq!(moved.decision.diaries[0].entry(SESSION).unwrap().buffer_after, 15);
    assert_eq!(touched(&moved.decision.diaries[1]), Vec::<String>::new(), "a virtual room has no sheet");
}

#[test]
fn where_the_instants_are_the_same_only_the_release_is_renewed() {
    let before = session(of_rules("2025b", "America/Vancouver", "2027-07-16T09:00", "2027-07-16T16:00:00Z"));
    let Reckoning::Renewed(after) = before.reckon(at(BEFORE)) else { panic!("the same instant") };
    assert_eq!(after.details().slot.tz_version(), tz_version());
    let mut expected = before.clone();
    expected.details_mut().slot = after.details().slot.clone();
    assert_eq!(after, expected, "and nothing else");
    assert!(after.details().slot.is_same_time(&before.details().slot));
}

#[test]
fn what_does_not_stand_or_has_begun_or_is_newer_is_left_alone() {
    let Session::Scheduled(scheduled) = session(nine()) else { panic!("scheduled") };
    let details = scheduled.details.clone();
    let marks = vec![Attendance { client: LEA, value: AttendanceMark::Attended, fee: None }];
    let closed = Closed { details: details.clone(), outcome: Outcome::Attendance { marks }, closed_at: at(BEFORE) };
    let cancelled = Cancelled {
        details: details.clone(),
        cancelled_at: at(BEFORE),
        cancelled_by: practice().name,
        reason: None,
        late: false,
        fee: Some(Amount::ZERO),
        fee_overridden_from: None,
        notified: Vec::new(),
    };
    let mut untouched = vec![(Session::Closed(closed), BEFORE), (Session::Cancelled(cancelled), BEFORE)];
    for release in [tz_version(), "2099a", "unknown"] {
        untouched.push((session(of_rules(release, "America/Vancouver", "2027-01-15T09:00", "2027-01-15T17:00:00Z")), BEFORE));
    }
    // Begun by the new rules alone, by the old rules alone, and over.
    untouched.push((session(nine()), "2027-01-15T16:00:00Z"));
    let later = of_rules("2025b", "America/Vancouver", "2027-01-15T09:00", "2027-01-15T15:00:00Z");
    untouched.push((session(later), "2027-01-15T15:30:00Z"));
    untouched.push((session(nine()), "2027-02-01T00:00:00Z"));
    for (session, now) in untouched {
        assert_eq!(session.reckon(at(now)), Reckoning::Untouched, "{session:?} at {now}");
    }
}

#[test]
fn a_session_that_is_due_within_minutes_is_moved_too() {
    let before = session(nine());
    let moved = reanchored(&before, sheets(&before), &[], "2027-01-15T15:55:00Z");
    assert_eq!(moved.decision.session.details().slot.starts_at(), at("2027-01-15T16:00:00Z"));
}

#[test]
fn reminders_come_at_the_same_wall_time_and_one_whose_minute_has_just_passed_at_once() {
    let wish = Schedule { reminders: Some(reminders(&[2, 1])), invite: InviteChoice::Off, ..wish() };
    let before = Session::Scheduled(with(granted(wish), nine()));
    let due_at = |now| due(&reanchored(&before, sheets(&before), &[], now).decision);
    assert_eq!(due_at(BEFORE), ["2027-01-13T16:00Z", "2027-01-14T16:00Z"]);
    // By the old rules the first would come in half an hour.
    assert_eq!(due_at("2027-01-13T16:30:00Z"), ["2027-01-13T16:00Z", "2027-01-14T16:00Z"]);
    assert_eq!(due_at("2027-01-13T17:30:00Z"), ["2027-01-14T16:00Z"]);
    let told_nobody = reanchored(&before, sheets(&before), &[], BEFORE).decision;
    assert_eq!(mailed(&told_nobody), [], "nobody was invited");
}

#[test]
fn an_overlap_that_arises_is_named_and_not_refused() {
    let before = session(nine());
    // Phoenix keeps its clocks: half past eight there was before nine in Vancouver, and ends after it now.
    let mut phoenix = session(of_rules(tz_version(), "America/Phoenix", "2027-01-15T08:30", "2027-01-15T15:30:00Z"));
    phoenix.details_mut().id = SessionId::from_bits(50);
    let moved = reanchored(&before, with_all(&[&before, &phoenix]), &[neighbour(&phoenix)], BEFORE);
    assert_eq!(moved.overlaps, [SessionId::from_bits(50)]);
    assert!(matches!(moved.decision.event.change, Change::Reanchored { overlapping: true, .. }));
    assert_eq!(moved.decision.session.details().slot.starts_at(), at("2027-01-15T16:00:00Z"));
}

#[test]
fn sessions_that_move_along_do_not_overlap_whoever_comes_first() {
    let before = session(nine());
    let eight = another(50, "2027-01-15T08:00", "2027-01-15T16:00:00Z");
    for (first, second) in [(&before, &eight), (&eight, &before)] {
        let moved = reanchored(first, with_all(&[&before, &eight]), &[neighbour(second)], BEFORE);
        assert_eq!(moved.overlaps, []);
        let id = first.details().id;
        let Neighbour { session: now_there, .. } = neighbour(&moved.decision.session);
        let next = reanchored(
            second,
            with_all(&[&now_there, second]),
            &[Neighbour { session: now_there.clone(), stood_at: None }],
            BEFORE,
        );
        assert_eq!(next.overlaps, [], "after {id}");
    }
}

#[test]
fn an_overlap_that_staff_allowed_is_no_news() {
    let before = session(nine());
    let beside = another(50, "2027-01-15T09:30", "2027-01-15T17:30:00Z");
    let moved = reanchored(&before, with_all(&[&before, &beside]), &[neighbour(&beside)], BEFORE);
    assert_eq!(moved.overlaps, []);
    let first = moved.decision.session;
    let knowing = Neighbour { session: first.clone(), stood_at: Some(at("2027-01-15T17:00:00Z")) };
    assert_eq!(reanchored(&beside, with_all(&[&first, &beside]), &[knowing], BEFORE).overlaps, []);
}

#[test]
fn one_that_was_booked_by_the_new_rules_where_it_moves_is_an_overlap() {
    let before = session(nine());
    let mut booked = session(of_rules(tz_version(), "America/Vancouver", "2027-01-15T09:00", "2027-01-15T16:00:00Z"));
    booked.details_mut().id = SessionId::from_bits(50);
    let moved = reanchored(&before, with_all(&[&before, &booked]), &[neighbour(&booked)], BEFORE);
    assert_eq!(moved.overlaps, [SessionId::from_bits(50)]);
}

#[test]
fn those_that_may_come_near_are_neighbours_and_no_others() {
    let before = session(nine());
    let near = another(50, "2027-01-14T15:00", "2027-01-14T23:00:00Z");
    let far = another(51, "2027-01-18T15:00", "2027-01-18T23:00:00Z");
    let Reckoning::Moves(reanchor) = before.reckon(at(BEFORE)) else { panic!("moves") };
    let twice = [with_all(&[&before, &near, &far]), with_all(&[&near])].concat();
    assert_eq!(reanchor.neighbours(&twice), [SessionId::from_bits(50)]);
    assert_eq!(reanchor.slot().starts_at(), at("2027-01-15T16:00:00Z"));
}

#[test]
fn a_wall_time_that_is_skipped_now_moves_to_the_next_one_and_says_so() {
    let before = session(of_rules("2025b", "Europe/Paris", "2027-03-28T02:30", "2027-03-28T01:30:00Z"));
    let moved = reanchored(&before, sheets(&before), &[], BEFORE);
    assert!(moved.skipped);
    let details = moved.decision.session.details();
    assert_eq!(Wall(details.slot.local_start()).to_string(), "2027-03-28T03:00");
    assert_eq!(details.slot.length(), minutes(60));
    // The clock says otherwise though the instant is the same.
    let same = session(of_rules("2025b", "Europe/Paris", "2027-03-28T02:00", "2027-03-28T01:00:00Z"));
    let moved = reanchored(&same, sheets(&same), &[], BEFORE);
    assert!(moved.skipped);
    assert!(matches!(moved.decision.event.change, Change::Reanchored { moved_by_minutes: 0, updated: 2, .. }));
}

#[test]
fn an_occurrence_as_its_series_says_is_left_to_the_mail_of_the_series() {
    let mut before = session(nine());
    let occurrence = |described| Occurrence {
        series: SeriesId::from_bits(1),
        original: local("2027-01-15T09:00"),
        root: SeriesId::from_bits(1),
        described,
    };
    before.details_mut().occurrence = Some(occurrence(0));
    let moved = reanchored(&before, sheets(&before), &[], BEFORE).decision;
    assert_eq!((mailed(&moved), moved.session.details().sequence), (vec![], 1));
    assert_eq!(moved.session.details().occurrence, Some(occurrence(1)), "it still is as the series says, and not changed by hand");
    assert!(!moved.event.effects.iter().any(|effect| matches!(effect, Effect::Inform { .. })));
    // An exception has mails of its own.
    before.details_mut().sequence = 3;
    let moved = reanchored(&before, sheets(&before), &[], BEFORE).decision;
    assert_eq!(mailed(&moved).len(), 2);
    assert_eq!(moved.session.details().occurrence, Some(occurrence(0)));
}

proptest! {
    #[test]
    fn the_wall_time_is_kept_whenever_it_exists(
        minute in 0_i64..(100 * 24 * 60),
        off_by in -24_i64..24,
        zone in prop::sample::select(vec!["America/Vancouver", "Europe/Paris", "Asia/Kathmandu", "America/Santiago", "Africa/Casablanca"]),
    ) {
        let start = local("2027-01-12T12:00") + chrono::Duration::minutes(minute);
        let parsed = crate::zone::Zone::parse(zone).unwrap();
        let starts_at = parsed.instant_or_next(start) + chrono::Duration::minutes(30 * off_by);
        let exists = Slot::resolve(start, &parsed, minutes(60), None).is_ok();
        let text = start.format("%Y-%m-%dT%H:%M").to_string();
        let before = session(of_rules("2025b", zone, &text, &starts_at.to_rfc3339()));
        match before.reckon(at("2027-01-01T00:00:00Z")) {
            Reckoning::Untouched => prop_assert!(false, "older rules"),
            Reckoning::Renewed(after) => prop_assert!(exists && after.details().slot.is_same_time(&before.details().slot)),
            Reckoning::Moves(reanchor) => {
                let diaries = vec![Diary::new(Resource::Practitioner(ADA), day("2026-01-01"), day("2028-01-01"), [].into())];
                let moved = reanchor.decide(diaries, &[], at("2027-01-01T00:00:00Z"), attempt());
                let after = &moved.decision.session.details().slot;
                prop_assert_eq!(moved.skipped, !exists);
                prop_assert_eq!(exists, after.local_start() == start);
                prop_assert!(after.is_reckoned_from(&before.details().slot));
                prop_assert!(moved.decision.session.details().sequence == 1 && mailed(&moved.decision).len() == 2);
            }
        }
    }
}
