use super::clinic::*;
use crate::{
    event::Change,
    ids::ClientId,
    money::Amount,
    session::{
        Attendance, AttendanceMark, Cancel, Closed, Decision, MarkOutcome, Outcome, OutcomeRefused, Presence, Progress, Schedule,
        Session, Status,
    },
    sheet::Resource,
};

const AFTER: &str = "2026-12-01T18:00:00Z";

fn mark(value: AttendanceMark) -> Attendance {
    Attendance { client: LEA, value, fee: None }
}

fn came(value: AttendanceMark) -> MarkOutcome {
    MarkOutcome::Attendance(vec![mark(value)])
}

fn direct() -> Session {
    Session::Scheduled(granted(wish()))
}

fn indirect() -> Session {
    Session::Scheduled(granted(Schedule { presence: Some(Presence::Indirect), ..wish() }))
}

fn decide(wish: MarkOutcome, session: &Session, now: &str) -> Result<Decision, OutcomeRefused> {
    let diaries = vec![holding(Resource::Practitioner(ADA), session.details(), &practice())];
    deciding(now, |deciding| wish.decide(session.clone(), &practice(), None, diaries, deciding))
}

fn closed(decision: Decision) -> Closed {
    match decision.session {
        Session::Closed(closed) => closed,
        Session::Scheduled(_) | Session::Cancelled(_) | Session::Deleted(_) => panic!("not closed"),
    }
}

fn fee(attendance: Attendance) -> Option<i64> {
    let outcome = closed(decide(MarkOutcome::Attendance(vec![attendance]), &direct(), AFTER).unwrap()).outcome;
    match outcome {
        Outcome::Attendance { marks } => marks[0].fee.map(Amount::minor),
        Outcome::Progress { .. } => panic!("attendance"),
    }
}

#[test]
fn an_outcome_is_marked_once_the_session_has_started() {
    let cases = [(NOW, Status::Scheduled), ("2026-12-01T15:59:59Z", Status::Due)];
    for (now, status) in cases {
        let refused = decide(came(AttendanceMark::Attended), &direct(), now).unwrap_err();
        assert_eq!(refused, OutcomeRefused::NotStarted(status));
    }
    for now in ["2026-12-01T16:00:00Z", AFTER] {
        assert!(decide(came(AttendanceMark::Attended), &direct(), now).is_ok(), "{now}");
    }
}

#[test]
fn a_cancelled_session_has_no_outcome() {
    let plain = Cancel { reason: None, notify: None, fee: None };
    let session = granted(wish());
    let cancelled = deciding(NOW, |deciding| plain.decide(session, &practice(), &[], Vec::new(), deciding)).unwrap().session;
    assert_eq!(decide(came(AttendanceMark::NoShow), &cancelled, AFTER).unwrap_err(), OutcomeRefused::Cancelled);
}

#[test]
fn attendance_and_progress_are_never_mixed() {
    let progress = MarkOutcome::Progress(Progress::Completed);
    assert_eq!(decide(progress, &direct(), AFTER).unwrap_err(), OutcomeRefused::NeedsAttendance);
    let attendance = came(AttendanceMark::Attended);
    assert_eq!(decide(attendance, &indirect(), AFTER).unwrap_err(), OutcomeRefused::NeedsProgress);
}

#[test]
fn each_client_of_the_session_is_named_once_and_nobody_else() {
    let attended = || mark(AttendanceMark::Attended);
    let stranger = ClientId::from_bits(NOBODY);
    let wrong = MarkOutcome::Attendance(vec![Attendance { client: stranger, ..attended() }]);
    assert_eq!(decide(wrong, &direct(), AFTER).unwrap_err(), OutcomeRefused::NotAParticipant(stranger));
    for marks in [Vec::new(), vec![attended(), attended()]] {
        assert_eq!(decide(MarkOutcome::Attendance(marks), &direct(), AFTER).unwrap_err(), OutcomeRefused::EachOnce);
    }
}

#[test]
fn marking_the_outcome_closes_the_session() {
    let decision = decide(came(AttendanceMark::Attended), &direct(), AFTER).unwrap();
    assert!(matches!(decision.event.change, Change::OutcomeMarked { .. }));
    assert!(decision.event.effects.is_empty());
    let closed = closed(decision);
    assert_eq!(closed.outcome, Outcome::Attendance { marks: vec![mark(AttendanceMark::Attended)] });
    assert_eq!((closed.closed_at, closed.details.revision, closed.details.sequence), (at(AFTER), 2, 0));
}

#[test]
fn progress_closes_an_indirect_session() {
    let closed = closed(decide(MarkOutcome::Progress(Progress::OnHold), &indirect(), AFTER).unwrap());
    assert_eq!(closed.outcome, Outcome::Progress { value: Progress::OnHold });
}

#[test]
fn a_client_who_missed_the_session_owes_the_practices_fee_unless_staff_name_another() {
    assert_eq!(fee(mark(AttendanceMark::NoShow)), Some(5000));
    assert_eq!(fee(mark(AttendanceMark::LateCancellation)), Some(5000));
    assert_eq!(fee(Attendance { fee: Some(cents(0)), ..mark(AttendanceMark::NoShow) }), Some(0));
    for value in [AttendanceMark::Attended, AttendanceMark::Cancelled, AttendanceMark::NonBillable] {
        assert_eq!(fee(mark(value)), None);
    }
}

#[test]
fn changing_an_outcome_is_a_correction_that_keeps_when_it_was_closed() {
    let closed_first = decide(came(AttendanceMark::Attended), &direct(), AFTER).unwrap().session;
    let decision = decide(came(AttendanceMark::NonBillable), &closed_first, "2026-12-09T18:00:00Z").unwrap();
    let Change::OutcomeCorrected { before, after } = &decision.event.change else { panic!("a correction") };
    assert_eq!(*before, Outcome::Attendance { marks: vec![mark(AttendanceMark::Attended)] });
    assert_eq!(*after, Outcome::Attendance { marks: vec![mark(AttendanceMark::NonBillable)] });
    let closed = closed(decision);
    assert_eq!((closed.closed_at, closed.details.revision), (at(AFTER), 3));
}

#[test]
fn the_same_outcome_again_is_refused() {
    let closed = decide(came(AttendanceMark::Attended), &direct(), AFTER).unwrap().session;
    assert_eq!(decide(came(AttendanceMark::Attended), &closed, AFTER).unwrap_err(), OutcomeRefused::NothingToDo);
}

#[test]
fn the_sheets_show_that_it_is_closed_and_a_correction_leaves_them_alone() {
    let marked = decide(came(AttendanceMark::Attended), &direct(), AFTER).unwrap();
    assert_eq!(touched(&marked.diaries[0]), ["2026-12-01: 1"]);
    assert!(marked.diaries[0].entry(SESSION).unwrap().closed);
    let diaries = marked.diaries.iter().map(as_read).collect();
    let corrected =
        deciding(AFTER, |deciding| came(AttendanceMark::NoShow).decide(marked.session, &practice(), None, diaries, deciding));
    assert!(touched(&corrected.unwrap().diaries[0]).is_empty());
}
