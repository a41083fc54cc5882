use super::clinic::*;
use crate::{
    event::{Change, Effect},
    ids::{AttemptId, RoomId},
    people::{Client, Membership, Practitioner},
    practice::Room,
    session::{
        Blocked, Deciding, Decision, Invitation, InviteChoice, Reschedule, RescheduleFacts, RescheduleRefused, Schedule, Scheduled,
        Status,
    },
    sheet::Resource,
};

fn decide(wish: Reschedule, session: &Scheduled) -> Result<Decision, RescheduleRefused> {
    decide_with(wish, session, reschedule_facts(session))
}

fn decide_with(wish: Reschedule, session: &Scheduled, facts: RescheduleFacts) -> Result<Decision, RescheduleRefused> {
    deciding(NOW, |deciding| wish.decide(session.clone(), facts, deciding))
}

/// A move to another room at the same time.
fn into(room: Option<RoomId>) -> Reschedule {
    Reschedule { room: Some(room), ..to("2026-12-01T09:00") }
}

#[test]
fn a_session_that_is_due_or_later_is_not_moved() {
    let session = granted(wish());
    let cases = [
        ("2026-12-01T15:50:00Z", Status::Due),
        ("2026-12-01T16:00:00Z", Status::Underway),
        ("2026-12-01T17:00:00Z", Status::AwaitingOutcome),
    ];
    for (now, status) in cases {
        let facts = reschedule_facts(&session);
        let refused = deciding(now, |deciding| to("2026-12-02T09:00").decide(session.clone(), facts, deciding)).unwrap_err();
        assert_eq!(refused, RescheduleRefused::NotScheduled(status));
    }
}

#[test]
fn a_refused_move_says_what_can_be_done_instead() {
    let said = |status| RescheduleRefused::NotScheduled(status).to_string();
    assert!(said(Status::Due).ends_with("this one is due to start. Until it ends it can be cancelled."));
    assert!(said(Status::AwaitingOutcome).ends_with("awaiting its outcome. Mark its outcome instead."));
    assert!(said(Status::Cancelled).ends_with("this one is cancelled."));
}

#[test]
fn a_move_to_where_it_already_is_is_refused() {
    let session = granted(wish());
    assert_eq!(decide(to("2026-12-01T09:00"), &session).unwrap_err(), RescheduleRefused::NothingToDo);
}

#[test]
fn a_move_to_where_it_already_is_is_refused_after_an_update_of_the_tz_database_too() {
    let mut session = serde_json::to_value(granted(wish())).unwrap();
    session["details"]["slot"]["tz_version"] = "2025a".into();
    let session = serde_json::from_value(session).unwrap();
    assert_eq!(decide(to("2026-12-01T09:00"), &session).unwrap_err(), RescheduleRefused::NothingToDo);
}

#[test]
fn a_move_into_the_past_is_refused() {
    let refused = decide(to("2026-11-20T09:00"), &granted(wish())).unwrap_err();
    assert_eq!(refused, RescheduleRefused::Blocked(Blocked::InThePast));
}

#[test]
fn a_move_onto_something_busy_is_refused_unless_the_overlap_is_meant() {
    let session = granted(wish());
    let busy = || RescheduleFacts {
        diaries: vec![taken(Resource::Practitioner(ADA), &[("2026-12-02T16:30:00Z", 60)])],
        ..reschedule_facts(&session)
    };
    let refused = decide_with(to("2026-12-02T09:00"), &session, busy()).unwrap_err();
    assert!(matches!(refused, RescheduleRefused::Blocked(Blocked::Overlap { clashes, .. }) if clashes.len() == 1));
    let meant = Reschedule { allow_overlap: true, ..to("2026-12-02T09:00") };
    let decision = decide_with(meant, &session, busy()).unwrap();
    assert!(matches!(decision.event.change, Change::Rescheduled { overlapping: true, .. }));
}

#[test]
fn its_own_old_time_never_clashes_with_itself() {
    let session = granted(wish());
    for start in ["2026-12-01T08:30", "2026-12-01T09:01", "2026-12-01T09:59"] {
        assert!(decide(to(start), &session).is_ok(), "{start}");
    }
    let longer = Reschedule { length: Some(minutes(90)), ..to("2026-12-01T09:00") };
    assert!(decide(longer, &session).is_ok());
}

#[test]
fn a_move_keeps_id_codes_zone_and_length() {
    let session = granted(Schedule { zone: Some(zone("Asia/Kolkata")), length: Some(minutes(25)), ..wish() });
    let moved = scheduled(decide(to("2026-12-03T10:00"), &session).unwrap()).details;
    assert_eq!((moved.id, &moved.clients), (session.details.id, &session.details.clients));
    assert_eq!((moved.slot.zone().name(), moved.slot.length().get()), ("Asia/Kolkata", 25));
    assert_eq!((moved.revision, moved.created_at), (2, session.details.created_at));
}

#[test]
fn updates_are_sent_by_default_exactly_when_invites_went_out_and_the_time_changes() {
    let with_room = |session: &Scheduled| RescheduleFacts { room: Some(room(BLUE)), ..reschedule_facts(session) };
    let (on, off) = (invited(&["a@home.test"]), granted(wish()));
    assert_eq!(mailed(&decide(to("2026-12-02T09:00"), &on).unwrap()), [("entry", recipient("a@home.test"), 1)]);
    assert!(mailed(&decide(to("2026-12-02T09:00"), &off).unwrap()).is_empty());
    assert!(mailed(&decide_with(into(Some(BLUE)), &on, with_room(&on)).unwrap()).is_empty());
    let longer = Reschedule { length: Some(minutes(61)), ..to("2026-12-01T09:00") };
    assert_eq!(mailed(&decide(longer, &on).unwrap()).len(), 1);
    let same_instant = Reschedule { zone: Some(zone("Europe/Paris")), ..to("2026-12-01T17:00") };
    assert!(mailed(&decide(same_instant, &on).unwrap()).is_empty());
}

#[test]
fn a_move_of_the_room_alone_is_sent_if_staff_say_so() {
    let session = invited(&["a@home.test"]);
    let facts = RescheduleFacts { room: Some(room(BLUE)), ..reschedule_facts(&session) };
    let decision = decide_with(Reschedule { send_updates: Some(true), ..into(Some(BLUE)) }, &session, facts).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient("a@home.test"), 1)]);
}

#[test]
fn a_silent_move_raises_sequence_and_its_stamp() {
    let session = invited(&["a@home.test"]);
    let decision = decide(Reschedule { send_updates: Some(false), ..to("2026-12-02T09:00") }, &session).unwrap();
    assert!(mailed(&decision).is_empty());
    let (before, after) = (&session.details, decision.session.details());
    assert_eq!((before.sequence, after.sequence, after.stamped_at), (0, 1, at(NOW)));
}

#[test]
fn there_is_nobody_to_update_where_no_invites_went_out() {
    let aloud = Reschedule { send_updates: Some(true), ..to("2026-12-02T09:00") };
    assert_eq!(decide(aloud, &granted(wish())).unwrap_err(), RescheduleRefused::NoInvitesToUpdate);
}

#[test]
fn another_practitioner_must_be_assigned_to_the_client() {
    let session = granted(wish());
    let wish = || Reschedule { practitioner: Some(BEN), ..to("2026-12-01T09:00") };
    let facts = |practitioners| RescheduleFacts {
        practitioner: Some(ben()),
        clients: vec![Client { practitioners, ..lea() }],
        diaries: vec![holding(Resource::Practitioner(ADA), &session.details, &practice()), free(Resource::Practitioner(BEN))],
        ..reschedule_facts(&session)
    };
    let refused = decide_with(wish(), &session, facts(vec![ADA])).unwrap_err();
    assert_eq!(refused, RescheduleRefused::Unassigned { client: LEA, practitioner: BEN });

    let decision = decide_with(wish(), &session, facts(vec![BEN])).unwrap();
    let sheets: Vec<_> = decision.diaries.iter().map(|diary| (diary.resource(), touched(diary))).collect();
    let expected = [
        (Resource::Practitioner(BEN), vec!["2026-12-01: 1".to_owned()]),
        (Resource::Practitioner(ADA), vec!["2026-12-01: 0".to_owned()]),
    ];
    assert_eq!(sheets, expected);
    assert_eq!(decision.session.details().practitioner, BEN);
}

#[test]
fn whoever_treats_may_go_on_after_the_assignment_has_ended() {
    let session = granted(wish());
    let facts = RescheduleFacts { clients: vec![Client { practitioners: Vec::new(), ..lea() }], ..reschedule_facts(&session) };
    assert!(decide_with(to("2026-12-02T09:00"), &session, facts).is_ok());
}

#[test]
fn a_practitioner_who_is_missing_or_has_left_is_unknown() {
    let session = granted(wish());
    for practitioner in [None, Some(Practitioner { active: false, ..ada() }), Some(ben())] {
        let facts = RescheduleFacts { practitioner, ..reschedule_facts(&session) };
        let refused = decide_with(to("2026-12-02T09:00"), &session, facts).unwrap_err();
        assert_eq!(refused, RescheduleRefused::UnknownPractitioner(ADA));
    }
}

#[test]
fn an_unknown_room_is_refused_and_the_one_it_is_in_may_be_kept_when_closed() {
    let session = granted(Schedule { room: Some(BLUE), ..wish() });
    let with = |found| RescheduleFacts { room: found, ..reschedule_facts(&session) };
    let closed = |id| Some(Room { active: false, ..room(id) });
    let refused = decide_with(into(Some(GREEN)), &session, with(closed(GREEN))).unwrap_err();
    assert_eq!(refused, RescheduleRefused::UnknownRoom(GREEN));
    assert_eq!(decide_with(into(Some(GREEN)), &session, with(None)).unwrap_err(), RescheduleRefused::UnknownRoom(GREEN));
    assert!(decide_with(to("2026-12-02T09:00"), &session, with(closed(BLUE))).is_ok());
    assert_eq!(scheduled(decide_with(into(None), &session, with(None)).unwrap()).details.room, None);
}

#[test]
fn a_move_of_the_room_changes_the_sheets_of_both_rooms_and_keeps_the_practitioners() {
    let session = granted(Schedule { room: Some(BLUE), ..wish() });
    let hold = |resource| holding(resource, &session.details, &practice());
    let facts = RescheduleFacts {
        room: Some(room(GREEN)),
        diaries: vec![hold(Resource::Practitioner(ADA)), hold(Resource::Room(BLUE)), free(Resource::Room(GREEN))],
        ..reschedule_facts(&session)
    };
    let decision = decide_with(into(Some(GREEN)), &session, facts).unwrap();
    let counts = |resource| decision.diaries.iter().find(|d| d.resource() == resource).unwrap().entries().len();
    assert_eq!([counts(Resource::Practitioner(ADA)), counts(Resource::Room(BLUE)), counts(Resource::Room(GREEN))], [1, 0, 1]);
}

#[test]
fn a_move_touches_the_days_it_leaves_and_those_it_enters() {
    let session = granted(Schedule { local_start: local("2026-12-01T16:30"), ..wish() });
    let moved = |start: &str| touched(&decide(to(start), &session).unwrap().diaries[0]);
    assert_eq!(moved("2026-12-04T09:00"), ["2026-12-01: 0", "2026-12-02: 0", "2026-12-04: 1"]);
    assert_eq!(moved("2026-12-01T17:00"), ["2026-12-01: 0", "2026-12-02: 1"]);
    assert_eq!(moved("2026-12-02T16:30"), ["2026-12-01: 0", "2026-12-02: 1", "2026-12-03: 1"]);
}

#[test]
fn a_move_arms_the_reminders_for_the_new_time() {
    let session = granted(Schedule { reminders: Some(reminders(&[1, 5])), ..wish() });
    assert_eq!(due(&decide(to("2026-12-03T09:00"), &session).unwrap()), ["2026-11-28T16:00Z", "2026-12-02T16:00Z"]);
    assert_eq!(due(&decide(to("2026-11-24T08:00"), &session).unwrap()), ["2026-11-23T15:00Z"]);
}

#[test]
fn the_second_of_two_equal_wall_times_is_kept_when_only_the_room_changes() {
    let santiago = Some(zone("America/Santiago"));
    let second = Schedule { local_start: local("2027-04-03T23:30"), zone: santiago, offset: Some(-4 * 3600), ..wish() };
    let session = granted(Schedule { invite: InviteChoice::OnRecord, ..second });
    let facts = || RescheduleFacts { room: Some(room(BLUE)), ..reschedule_facts(&session) };
    let wish = || Reschedule { room: Some(Some(BLUE)), ..to("2027-04-03T23:30") };
    let decision = decide_with(wish(), &session, facts()).unwrap();
    assert_eq!(decision.session.details().slot, session.details.slot);
    assert!(mailed(&decision).is_empty());

    let first = decide_with(Reschedule { offset: Some(-3 * 3600), ..wish() }, &session, facts()).unwrap();
    assert_eq!(first.session.details().slot.starts_at(), at("2027-04-04T02:30:00Z"));
}

#[test]
fn everyone_invited_is_sent_the_new_time_and_nobody_withdrawn() {
    let mut session = invited(&["a@home.test", "b@home.test"]);
    let Invitation::Sent { recipients } = &session.details.invitation else { panic!("invited") };
    session.details.withdrawn = vec![crate::recipient::Recipient::new(SESSION.into(), None, email("c@home.test"), None)];
    assert_eq!(recipients.len(), 2);
    let decision = decide(to("2026-12-02T09:00"), &session).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient("a@home.test"), 1), ("entry", recipient("b@home.test"), 1)]);
}

#[test]
fn the_practitioner_is_told_of_a_move_by_others_that_is_mailed_and_of_no_other() {
    let informed = |decision: &Decision| {
        decision.event.effects.iter().any(|e| matches!(e, Effect::Inform { practitioner, .. } if *practitioner == ADA))
    };
    let session = granted(Schedule { invite: InviteChoice::OnRecord, ..wish() });
    assert!(informed(&decide(to("2026-12-01T11:00"), &session).unwrap()));
    let silent = Reschedule { send_updates: Some(false), ..to("2026-12-01T11:00") };
    assert!(!informed(&decide(silent, &session).unwrap()));
    let ada = Membership { practitioner: Some(ADA), ..member() };
    let deciding = Deciding { actor: &ada, now: at(NOW), attempt: AttemptId::from_bits(7) };
    assert!(!informed(&to("2026-12-01T11:00").decide(session.clone(), reschedule_facts(&session), deciding).unwrap()));
}
