use super::clinic::*;
use crate::{
    event::Change,
    session::{
        Attendance, AttendanceMark, Cancel, CancelRefused, Decision, Delete, DeleteRefused, Deleted, Edit, EditRefused,
        InviteRefused, MarkOutcome, OutcomeRefused, RescheduleRefused, Schedule, Session, Status,
    },
    sheet::Resource,
    text::{Instructions, Reason},
};

const DUE: &str = "2026-12-01T15:55:00Z";
const UNDERWAY: &str = "2026-12-01T16:30:00Z";
const OVER: &str = "2026-12-01T17:30:00Z";

fn plain() -> Delete {
    Delete { reason: None }
}

fn decide(session: &Session, now: &str) -> Result<Decision, DeleteRefused> {
    let diaries = vec![holding(Resource::Practitioner(ADA), session.details(), &practice())];
    deciding(now, |deciding| plain().decide(session.clone(), &practice(), diaries, deciding))
}

fn deleted(decision: Decision) -> Deleted {
    match decision.session {
        Session::Deleted(deleted) => deleted,
        Session::Scheduled(_) | Session::Closed(_) | Session::Cancelled(_) => panic!("not deleted"),
    }
}

fn standing() -> Session {
    Session::Scheduled(invited(&["a@home.test"]))
}

fn missed() -> MarkOutcome {
    MarkOutcome::Attendance(vec![Attendance { client: LEA, value: AttendanceMark::NoShow, fee: None }])
}

fn closed() -> Session {
    deciding(OVER, |deciding| missed().decide(standing(), &practice(), None, Vec::new(), deciding)).unwrap().session
}

fn cancelled(notify: bool) -> Session {
    let cancel = Cancel { reason: None, notify: Some(notify), fee: Some(cents(5000)) };
    deciding(NOW, |deciding| cancel.decide(granted(wish()), &practice(), &[lea()], Vec::new(), deciding)).unwrap().session
}

#[test]
fn a_mistake_can_be_deleted_whatever_became_of_it() {
    let cases = [
        (standing(), NOW, Status::Scheduled),
        (standing(), DUE, Status::Due),
        (standing(), UNDERWAY, Status::Underway),
        (standing(), OVER, Status::AwaitingOutcome),
        (closed(), OVER, Status::Closed),
        (cancelled(true), NOW, Status::Cancelled),
    ];
    for (session, now, before) in cases {
        let decision = decide(&session, now).unwrap();
        assert_eq!(decision.event.change, Change::Deleted { before });
        assert_eq!(decision.session.status(&practice().policies, at(OVER)), Status::Deleted, "{before}");
    }
}

#[test]
fn nobody_is_told_of_a_deletion_and_no_calendar_is_to_see_it() {
    for session in [standing(), closed(), cancelled(true)] {
        let (before, decision) = (session.details().clone(), decide(&session, OVER).unwrap());
        assert_eq!(decision.event.effects, []);
        let after = decision.session.details();
        assert_eq!((after.sequence, after.stamped_at), (before.sequence, before.stamped_at));
        assert_eq!((after.revision, decision.event.revision), (before.revision + 1, before.revision + 1));
    }
}

#[test]
fn its_time_is_free_again_though_it_was_closed() {
    let over_midnight = granted(Schedule { local_start: local("2026-12-01T16:30"), ..wish() });
    let decision = decide(&Session::Scheduled(over_midnight), NOW).unwrap();
    assert_eq!(touched(&decision.diaries[0]), ["2026-12-01: 0", "2026-12-02: 0"]);
    let mut diary = holding(Resource::Practitioner(ADA), closed().details(), &practice());
    diary.revise(SESSION, |entry| entry.closed = true);
    let decided = deciding(OVER, |deciding| plain().decide(closed(), &practice(), vec![as_read(&diary)], deciding));
    assert_eq!(touched(&decided.unwrap().diaries[0]), ["2026-12-01: 0"]);
}

#[test]
fn what_was_cancelled_stands_on_no_sheet_and_none_is_written() {
    let elsewhere = vec![taken(Resource::Practitioner(ADA), &[("2026-12-01T16:00:00Z", 60)])];
    let decided = deciding(NOW, |deciding| plain().decide(cancelled(false), &practice(), elsewhere, deciding));
    assert!(touched(&decided.unwrap().diaries[0]).is_empty());
}

#[test]
fn who_when_and_why_of_a_deletion_are_kept() {
    let reason = Reason::parse("Entered twice").unwrap();
    let wish = Delete { reason: Some(reason.clone()) };
    let decision = deciding(NOW, |deciding| wish.decide(standing(), &practice(), Vec::new(), deciding)).unwrap();
    assert_eq!(decision.event.reason, Some(reason.clone()));
    let deleted = deleted(decision);
    assert_eq!((deleted.deleted_at, deleted.deleted_by, deleted.reason), (at(NOW), name("Fay"), Some(reason)));
}

#[test]
fn who_is_to_hear_of_an_earlier_cancellation_is_still_known() {
    let mum = recipient("mum@home.test");
    let decision = decide(&cancelled(true), NOW).unwrap();
    assert_eq!(decision.session.recipient(mum).unwrap().email, email("mum@home.test"));
    assert_eq!(decide(&cancelled(false), NOW).unwrap().session.recipient(mum), None);
}

#[test]
fn what_is_deleted_stays_as_it_is() {
    let gone = decide(&standing(), NOW).unwrap().session;
    assert_eq!(decide(&gone, NOW).unwrap_err(), DeleteRefused::AlreadyDeleted);
    let edit = Edit { instructions: Some(Some(Instructions::parse("Ring twice.").unwrap())), ..Edit::default() };
    let edited = deciding(NOW, |deciding| edit.decide(gone.clone(), &edit_facts(), deciding));
    assert_eq!(edited.unwrap_err(), EditRefused::Deleted);
    let marked = deciding(OVER, |deciding| missed().decide(gone, &practice(), None, Vec::new(), deciding));
    assert_eq!(marked.unwrap_err(), OutcomeRefused::Deleted);
}

#[test]
fn every_refusal_of_what_is_deleted_says_so() {
    let gone = Status::Deleted;
    let said = [
        DeleteRefused::AlreadyDeleted.to_string(),
        CancelRefused::Over(gone).to_string(),
        RescheduleRefused::NotScheduled(gone).to_string(),
        InviteRefused::NotScheduled(gone).to_string(),
        EditRefused::Deleted.to_string(),
        OutcomeRefused::Deleted.to_string(),
    ];
    assert_eq!(
        said,
        [
            "The session is deleted already. There is nothing left to do.",
            "The session is deleted, so it cannot be cancelled. There is nothing left to do.",
            "A session can be moved while it is scheduled; this one is deleted.",
            "Invites can be sent while a session is scheduled; this one is deleted.",
            "The session is deleted and can no longer be changed.",
            "The session is deleted and has no outcome.",
        ]
    );
}

#[test]
fn a_deleted_session_reads_back_from_its_record() {
    let session = decide(&cancelled(true), NOW).unwrap().session;
    let record = serde_json::to_value(&session).unwrap();
    assert_eq!(record["state"], "deleted");
    assert_eq!(serde_json::from_value::<Session>(record).unwrap(), session);
}
