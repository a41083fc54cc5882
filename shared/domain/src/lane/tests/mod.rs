//! What a lane lets through, case by case, and a model of many workers at once.

mod model;
mod person;
mod undeliverable;

use super::*;
use crate::{
    session::{
        Cancel, Delete, Invite, Reschedule, Schedule, Scheduled,
        tests::clinic::{
            NOW, at, choices, deciding, granted, invited, practice, recipient, reminders, reschedule_facts, scheduled, to, wish,
        },
    },
    slot::Minutes,
};

const A: &str = "a@home.test";
const B: &str = "b@home.test";

type Words = &'static str;

fn plan(lane: &Lane<Words>, ask: Ask, session: &Session, minutes: i64) -> Plan<Words> {
    lane.plan(ask, Matter::Session(session), recipient(A), at(NOW) + Duration::minutes(minutes))
}

/// A mail of which nobody learnt whether it left.
fn cut_off(lane: Lane<Words>, posting: Posting, letter: Words, session: &Session) -> Lane<Words> {
    lane.taken(posting, letter, session.details().sequence, "worker".to_owned(), at(NOW))
}

fn sent(lane: Lane<Words>, posting: Posting, session: &Session) -> Lane<Words> {
    cut_off(lane, posting, "sent", session).sent(posting, &session.details().slot, at(NOW))
}

fn entry(sequence: u32) -> Posting {
    Posting::Entry { sequence }
}

fn cancellation(sequence: u32, calendar: bool) -> Posting {
    Posting::Cancellation { sequence, calendar }
}

fn with_invites() -> Scheduled {
    invited(&[A, B])
}

/// Invites exactly these.
fn recipients(session: &Scheduled, addresses: &[&str]) -> Scheduled {
    let invite = Invite { recipients: Some(choices(addresses)) };
    scheduled(deciding(NOW, |deciding| invite.decide(session.clone(), &practice(), &[], deciding)).unwrap())
}

fn moved(session: &Scheduled, to: Reschedule) -> Scheduled {
    scheduled(deciding(NOW, |deciding| to.decide(session.clone(), reschedule_facts(session), deciding)).unwrap())
}

fn cancelled(session: &Scheduled, notify: bool) -> Session {
    let cancel = Cancel { reason: None, notify: Some(notify), fee: None };
    deciding(NOW, |deciding| cancel.decide(session.clone(), &practice(), &[], Vec::new(), deciding)).unwrap().session
}

fn deleted(session: Session) -> Session {
    let delete = Delete { reason: None };
    deciding(NOW, |deciding| delete.decide(session, &practice(), Vec::new(), deciding)).unwrap().session
}

fn reminding() -> (Scheduled, Due) {
    let session = granted(Schedule { reminders: Some(reminders(&[1])), ..wish() });
    let reminder = session.details.reminders.iter().next().unwrap();
    (session.clone(), Due { reminder, due_at: reminder.due_at(&session.details.slot) })
}

#[test]
fn the_current_state_is_sent_whatever_the_job_was_for() {
    let session = Session::Scheduled(moved(&with_invites(), to("2026-12-02T09:00")));
    assert_eq!(plan(&Lane::default(), Ask::Entry { sequence: 0 }, &session, 0), Plan::Send(entry(1)));
}

#[test]
fn a_job_older_than_what_was_sent_is_done() {
    let session = Session::Scheduled(moved(&with_invites(), to("2026-12-02T09:00")));
    let lane = sent(Lane::default(), entry(1), &session);
    for sequence in [0, 1] {
        assert_eq!(plan(&lane, Ask::Entry { sequence }, &session, 0), Plan::Done);
    }
}

#[test]
fn a_silent_move_stays_silent_when_an_old_job_comes_twice() {
    let before = with_invites();
    let lane = sent(Lane::default(), entry(0), &Session::Scheduled(before.clone()));
    let after = Session::Scheduled(moved(&before, Reschedule { send_updates: Some(false), ..to("2026-12-02T09:00") }));
    assert_eq!(plan(&lane, Ask::Entry { sequence: 0 }, &after, 0), Plan::Done);
}

#[test]
fn a_live_lease_keeps_everyone_else_out_and_after_it_the_same_mail_is_repeated() {
    let session = Session::Scheduled(with_invites());
    let lane = cut_off(Lane::default(), entry(0), "the first", &session);
    assert_eq!(plan(&lane, Ask::Entry { sequence: 0 }, &session, 1), Plan::Busy);
    assert_eq!(plan(&lane, Ask::Entry { sequence: 0 }, &session, 2), Plan::Repeat(lane.sending.clone().unwrap()));
}

#[test]
fn a_mail_cut_off_before_a_change_gives_way_to_the_newer_one() {
    let before = with_invites();
    let lane = cut_off(Lane::default(), entry(0), "old", &Session::Scheduled(before.clone()));
    let after = Session::Scheduled(moved(&before, to("2026-12-02T09:00")));
    assert_eq!(plan(&lane, Ask::Entry { sequence: 0 }, &after, 2), Plan::Send(entry(1)));
}

#[test]
fn who_holds_an_entry_gets_it_cancelled_and_who_does_not_gets_a_plain_notice() {
    let before = with_invites();
    let lane = sent(Lane::default(), entry(0), &Session::Scheduled(before.clone()));
    let after = cancelled(&before, true);
    let ask = Ask::Cancellation { sequence: 1 };
    assert_eq!(plan(&lane, ask, &after, 0), Plan::Send(cancellation(1, true)));
    assert_eq!(plan(&Lane::default(), ask, &after, 0), Plan::Send(cancellation(1, false)));
    assert_eq!(plan(&sent(lane, cancellation(1, true), &after), ask, &after, 0), Plan::Done);
}

#[test]
fn an_invite_that_comes_after_the_cancellation_is_done() {
    let after = cancelled(&with_invites(), false);
    assert_eq!(plan(&Lane::default(), Ask::Entry { sequence: 0 }, &after, 0), Plan::Done);
}

#[test]
fn an_entry_that_may_have_arrived_is_taken_back() {
    let before = with_invites();
    let lane = cut_off(Lane::default(), entry(0), "perhaps", &Session::Scheduled(before.clone()));
    let after = Session::Scheduled(recipients(&before, &[B]));
    assert_eq!(plan(&lane, Ask::Cancellation { sequence: 1 }, &after, 2), Plan::Send(cancellation(1, true)));
}

#[test]
fn an_entry_that_may_have_arrived_is_taken_back_though_a_reminder_was_sent_since() {
    let (mut before, due) = reminding();
    before.details.invitation = with_invites().details.invitation;
    let session = Session::Scheduled(before.clone());
    let lane = cut_off(Lane::default(), entry(0), "perhaps", &session);
    let lane = sent(lane, Posting::Reminder(due), &session);
    let Plan::Repeat(repeated) = plan(&lane, Ask::Entry { sequence: 0 }, &session, 2) else { panic!("the same bytes") };
    assert_eq!(repeated.letter, "perhaps");
    let after = Session::Scheduled(recipients(&before, &[B]));
    assert_eq!(plan(&lane, Ask::Cancellation { sequence: 1 }, &after, 2), Plan::Send(cancellation(1, true)));
}

#[test]
fn who_was_removed_before_anything_was_sent_hears_nothing() {
    let removed = recipients(&with_invites(), &[B]);
    let ask = Ask::Cancellation { sequence: 1 };
    assert_eq!(plan(&Lane::default(), ask, &Session::Scheduled(removed.clone()), 0), Plan::Done);
    assert_eq!(plan(&Lane::default(), ask, &cancelled(&removed, true), 0), Plan::Done);
}

#[test]
fn the_removal_of_one_who_came_back_says_nothing_of_a_silent_cancellation() {
    let returned = recipients(&recipients(&with_invites(), &[B]), &[A, B]);
    let lane = sent(Lane::default(), entry(2), &Session::Scheduled(returned.clone()));
    let ask = Ask::Cancellation { sequence: 1 };
    assert_eq!(plan(&lane, ask, &cancelled(&returned, false), 0), Plan::Done);
    assert_eq!(plan(&Lane::default(), ask, &cancelled(&returned, false), 0), Plan::Done);
}

#[test]
fn who_was_removed_is_still_freed_of_the_entry_after_a_silent_cancellation() {
    let before = with_invites();
    let lane = sent(Lane::default(), entry(0), &Session::Scheduled(before.clone()));
    let after = cancelled(&recipients(&before, &[B]), false);
    assert_eq!(plan(&lane, Ask::Cancellation { sequence: 1 }, &after, 0), Plan::Send(cancellation(2, true)));
}

#[test]
fn of_a_deleted_session_nothing_is_told_to_anyone() {
    let standing = Session::Scheduled(moved(&with_invites(), to("2026-12-02T09:00")));
    let lane = sent(Lane::default(), entry(0), &Session::Scheduled(with_invites()));
    let gone = deleted(standing.clone());
    assert_eq!(plan(&lane, Ask::Entry { sequence: 1 }, &standing, 0), Plan::Send(entry(1)));
    assert_eq!(plan(&lane, Ask::Entry { sequence: 1 }, &gone, 0), Plan::Done);
    let practitioner = recipient("ada@practice.test");
    let notice = |session: &Session| {
        Lane::<Words>::default().plan(Ask::Notice { sequence: 1 }, Matter::Session(session), practitioner, at(NOW))
    };
    assert_eq!(notice(&standing), Plan::Send(Posting::Notice { sequence: 1 }));
    assert_eq!(notice(&gone), Plan::Done);
}

#[test]
fn who_was_to_hear_of_a_cancellation_or_a_removal_does_though_the_session_is_deleted_since() {
    let before = with_invites();
    let lane = sent(Lane::default(), entry(0), &Session::Scheduled(before.clone()));
    let ask = Ask::Cancellation { sequence: 1 };
    assert_eq!(plan(&lane, ask, &deleted(cancelled(&before, true)), 0), Plan::Send(cancellation(1, true)));
    let removed = deleted(Session::Scheduled(recipients(&before, &[B])));
    assert_eq!(plan(&lane, ask, &removed, 0), Plan::Send(cancellation(1, true)));
    // Who never got anything still hears nothing.
    assert_eq!(plan(&Lane::default(), ask, &removed, 0), Plan::Done);
}

#[test]
fn a_session_read_before_what_the_lane_knows_is_read_again() {
    let before = with_invites();
    let after = Session::Scheduled(moved(&before, to("2026-12-02T09:00")));
    let stale = Session::Scheduled(before);
    assert_eq!(plan(&Lane::default(), Ask::Cancellation { sequence: 1 }, &stale, 0), Plan::Busy);
    let told = sent(Lane::default(), entry(1), &after);
    assert_eq!(plan(&told, Ask::Entry { sequence: 0 }, &stale, 0), Plan::Busy);
}

#[test]
fn a_reminder_is_sent_once_while_it_is_wanted_and_the_session_stands_ahead() {
    let (session, due) = reminding();
    let standing = Session::Scheduled(session.clone());
    let ask = Ask::Reminder(due);
    let none = Lane::default();
    assert_eq!(plan(&none, ask, &standing, 0), Plan::Send(Posting::Reminder(due)));
    assert_eq!(plan(&sent(none.clone(), Posting::Reminder(due), &standing), ask, &standing, 0), Plan::Done);
    assert_eq!(plan(&none, ask, &cancelled(&session, false), 0), Plan::Done);
    assert_eq!(plan(&none, ask, &deleted(standing.clone()), 0), Plan::Done);
    assert_eq!(plan(&none, ask, &Session::Scheduled(moved(&session, to("2026-12-02T09:00"))), 0), Plan::Done);
    assert_eq!(plan(&none, ask, &Session::Scheduled(granted(wish())), 0), Plan::Done);
    let begun = none.plan(ask, Matter::Session(&standing), recipient(A), session.details.slot.starts_at());
    assert_eq!(begun, Plan::Done);
}

#[test]
fn a_reminder_is_not_sent_again_when_the_session_comes_back_to_its_old_time() {
    let (session, due) = reminding();
    let lane = sent(Lane::default(), Posting::Reminder(due), &Session::Scheduled(session.clone()));
    let back = moved(&moved(&session, to("2026-12-02T09:00")), to("2026-12-01T09:00"));
    assert_eq!(plan(&lane, Ask::Reminder(due), &Session::Scheduled(back), 0), Plan::Done);
}

#[test]
fn a_reminder_cut_off_before_a_change_is_written_anew() {
    let (session, due) = reminding();
    let standing = Session::Scheduled(session.clone());
    let lane = cut_off(Lane::default(), Posting::Reminder(due), "an hour", &standing);
    let ask = Ask::Reminder(due);
    assert!(matches!(plan(&lane, ask, &standing, 2), Plan::Repeat(same) if same.letter == "an hour"));
    let longer = moved(&session, Reschedule { length: Some(Minutes::QUARTER), ..to("2026-12-01T09:00") });
    assert_eq!(plan(&lane, ask, &Session::Scheduled(longer), 2), Plan::Send(Posting::Reminder(due)));
}

#[test]
fn a_lane_written_by_an_older_release_is_read() {
    let lane: Lane<String> = serde_json::from_str(r#"{"told":null,"sending":null,"undeliverable":null}"#).unwrap();
    assert_eq!(lane, Lane::default());
}

#[test]
fn a_practitioner_is_told_once_of_each_change_and_not_at_all_where_they_are_invited() {
    let session = Session::Scheduled(with_invites());
    let ask = Ask::Notice { sequence: 0 };
    let lane: Lane<&str> = Lane::default();
    let practitioner = recipient("ada@practice.test");
    assert_eq!(lane.plan(ask, Matter::Session(&session), practitioner, at(NOW)), Plan::Send(Posting::Notice { sequence: 0 }));
    let told = sent(lane, Posting::Notice { sequence: 0 }, &session);
    assert_eq!(told.plan(ask, Matter::Session(&session), practitioner, at(NOW)), Plan::Done);
    assert_eq!(plan(&Lane::default(), ask, &session, 0), Plan::Done);
}

#[test]
fn a_notice_leaves_what_calendars_hold_alone() {
    let session = Session::Scheduled(with_invites());
    let lane = sent(Lane::default(), entry(0), &session);
    let told = lane.told.clone();
    assert_eq!(sent(lane, Posting::Notice { sequence: 0 }, &session).told, told);
}
