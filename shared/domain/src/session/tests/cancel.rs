use super::clinic::*;
use crate::{
    event::Change,
    money::Amount,
    people::Client,
    practice::Practice,
    session::{Cancel, CancelRefused, Cancelled, Decision, Schedule, Scheduled, Session, Status},
    sheet::Resource,
    text::Reason,
};

const IN_TIME: &str = "2026-11-30T16:00:00Z";
const LATE: &str = "2026-11-30T16:00:01Z";

fn plain() -> Cancel {
    Cancel { reason: None, notify: None, fee: None }
}

fn decide(wish: Cancel, session: &Scheduled, now: &str) -> Result<Decision, CancelRefused> {
    decide_with(wish, session, now, &practice(), &[lea()])
}

fn decide_with(
    wish: Cancel,
    session: &Scheduled,
    now: &str,
    practice: &Practice,
    clients: &[Client],
) -> Result<Decision, CancelRefused> {
    let diaries = vec![holding(Resource::Practitioner(ADA), &session.details, practice)];
    deciding(now, |deciding| wish.decide(session.clone(), practice, clients, diaries, deciding))
}

fn cancelled(decision: Decision) -> Cancelled {
    match decision.session {
        Session::Cancelled(cancelled) => cancelled,
        Session::Scheduled(_) | Session::Closed(_) | Session::Deleted(_) => panic!("stands"),
    }
}

fn money(fee: Option<i64>, now: &str) -> (bool, Option<i64>, Option<i64>) {
    let with_fee = Cancel { fee: fee.map(cents), ..plain() };
    let Cancelled { late, fee, fee_overridden_from, .. } = cancelled(decide(with_fee, &granted(wish()), now).unwrap());
    (late, fee.map(Amount::minor), fee_overridden_from.map(Amount::minor))
}

#[test]
fn a_session_can_be_cancelled_until_it_ends() {
    let session = granted(wish());
    for now in [NOW, "2026-12-01T15:55:00Z", "2026-12-01T16:59:59Z"] {
        assert!(decide(plain(), &session, now).is_ok(), "{now}");
    }
    let refused = decide(plain(), &session, "2026-12-01T17:00:00Z").unwrap_err();
    assert_eq!(refused, CancelRefused::Over(Status::AwaitingOutcome));
}

#[test]
fn whoever_was_invited_is_told_by_default_with_a_raised_sequence() {
    let session = invited(&["a@home.test", "b@home.test"]);
    let decision = decide(plain(), &session, NOW).unwrap();
    assert_eq!(mailed(&decision), [("cancel", recipient("a@home.test"), 1), ("cancel", recipient("b@home.test"), 1)]);
    assert_eq!(decision.session.details().sequence, 1);
    assert!(cancelled(decision).notified.is_empty());
}

#[test]
fn nobody_is_told_by_default_where_no_invites_went_out() {
    let decision = decide(plain(), &granted(wish()), NOW).unwrap();
    assert!(decision.event.effects.is_empty());
}

#[test]
fn nobody_is_told_if_staff_say_so_and_sequence_rises_all_the_same() {
    let decision = decide(Cancel { notify: Some(false), ..plain() }, &invited(&["a@home.test"]), NOW).unwrap();
    assert!(decision.event.effects.is_empty());
    assert_eq!(decision.session.details().sequence, 1);
}

#[test]
fn whoever_is_on_record_gets_a_plain_notice_though_never_invited() {
    let decision = decide(Cancel { notify: Some(true), ..plain() }, &granted(wish()), NOW).unwrap();
    let mum = recipient("mum@home.test");
    assert_eq!(mailed(&decision), [("cancel", mum, 1)]);
    assert_eq!(decision.session.recipient(mum).unwrap().email, email("mum@home.test"));
    assert_eq!(cancelled(decision).notified.len(), 1);
}

#[test]
fn a_notice_needs_somebody_to_go_to() {
    let lonely = Client { contacts: Vec::new(), ..lea() };
    let aloud = Cancel { notify: Some(true), ..plain() };
    let refused = decide_with(aloud, &granted(wish()), NOW, &practice(), &[lonely]).unwrap_err();
    assert_eq!(refused, CancelRefused::NobodyToNotify);
}

#[test]
fn a_cancellation_inside_the_window_is_late_and_carries_the_fee() {
    assert_eq!(money(None, IN_TIME), (false, None, None));
    assert_eq!(money(None, LATE), (true, Some(5000), None));
    assert_eq!(money(None, "2026-12-01T16:30:00Z"), (true, Some(5000), None));
}

#[test]
fn another_fee_is_recorded_with_what_it_replaces() {
    assert_eq!(money(Some(1000), LATE), (true, Some(1000), Some(5000)));
    assert_eq!(money(Some(0), LATE), (true, Some(0), Some(5000)));
    assert_eq!(money(Some(1000), IN_TIME), (false, Some(1000), Some(0)));
}

#[test]
fn the_policys_own_fee_is_no_other_fee() {
    assert_eq!(money(Some(5000), LATE), (true, Some(5000), None));
    assert_eq!(money(Some(0), IN_TIME), (false, None, None));
}

#[test]
fn a_practice_without_a_fee_charges_none() {
    let free = with_policies(|policies| policies.no_show_fee_minor = cents(0));
    let cancelled = cancelled(decide_with(plain(), &granted(wish()), LATE, &free, &[]).unwrap());
    assert_eq!((cancelled.late, cancelled.fee, cancelled.fee_overridden_from), (true, None, None));
}

#[test]
fn who_when_and_why_are_kept() {
    let reason = Reason::parse("flu").unwrap();
    let decision = decide(Cancel { reason: Some(reason.clone()), ..plain() }, &granted(wish()), NOW).unwrap();
    assert_eq!(decision.event.reason, Some(reason.clone()));
    assert!(matches!(decision.event.change, Change::Cancelled { late: false, notified: 0, .. }));
    let cancelled = cancelled(decision);
    assert_eq!((cancelled.cancelled_at, cancelled.cancelled_by, cancelled.reason), (at(NOW), name("Fay"), Some(reason)));
    assert_eq!(cancelled.details.revision, 2);
}

#[test]
fn its_time_is_free_again_on_every_day_that_it_touched() {
    let session = granted(Schedule { local_start: local("2026-12-01T16:30"), ..wish() });
    let decision = decide(plain(), &session, NOW).unwrap();
    assert_eq!(touched(&decision.diaries[0]), ["2026-12-01: 0", "2026-12-02: 0"]);
}

#[test]
fn a_refusal_says_what_can_be_done_instead() {
    let said = |status| CancelRefused::Over(status).to_string();
    assert!(said(Status::AwaitingOutcome).ends_with("Mark its outcome instead."));
    assert_eq!(
        said(Status::Closed),
        "The session is closed, so it cannot be cancelled. If it did not take place, correct its outcome."
    );
    assert_eq!(said(Status::Cancelled), "The session is cancelled, so it cannot be cancelled. There is nothing left to do.");
}
