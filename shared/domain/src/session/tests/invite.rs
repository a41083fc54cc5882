use super::clinic::*;
use crate::{
    event::Change,
    people::{Client, ContactKind},
    session::{Decision, Invite, InviteRefused, RecipientChoice, Scheduled, Status},
};

const A: &str = "a@home.test";
const B: &str = "b@home.test";

fn these(addresses: &[&str]) -> Invite {
    Invite { recipients: Some(choices(addresses)) }
}

fn decide(wish: Invite, session: &Scheduled) -> Result<Decision, InviteRefused> {
    deciding(NOW, |deciding| wish.decide(session.clone(), &practice(), &[lea()], deciding))
}

#[test]
fn invites_are_sent_later_for_a_session_scheduled_without() {
    let decision = decide(these(&[A]), &granted(wish())).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient(A), 0)]);
    let details = decision.session.details();
    assert!(details.invitation.went_out());
    assert_eq!((details.revision, details.sequence), (2, 0));
    assert!(decision.diaries.is_empty());
}

#[test]
fn whoever_is_on_record_is_invited_if_nobody_is_named() {
    let decision = decide(Invite { recipients: None }, &granted(wish())).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient("mum@home.test"), 0)]);
}

#[test]
fn the_contact_of_record_is_the_first_guardian_or_primary_contact_with_an_address() {
    let mut client = lea();
    let of = |kind, address| contact(MUM, kind, address);
    client.contacts = vec![
        of(ContactKind::Other, Some("other@home.test")),
        of(ContactKind::Guardian, None),
        of(ContactKind::Primary, Some("lea@home.test")),
        of(ContactKind::Guardian, Some("mum@home.test")),
    ];
    assert_eq!(client.contact_of_record().unwrap().1, &email("lea@home.test"));
}

#[test]
fn a_recipient_has_the_zone_of_the_client_they_belong_to() {
    let clients = [Client { zone: Some(zone("Europe/Paris")), ..lea() }];
    let both = these(&["MUM@home.test", A]);
    let decision = deciding(NOW, |deciding| both.decide(granted(wish()), &practice(), &clients, deciding)).unwrap();
    let zones: Vec<_> = decision.session.details().invitation.recipients().map(|r| r.zone.clone()).collect();
    assert_eq!(zones, [Some(zone("Europe/Paris")), None]);
}

#[test]
fn only_who_is_new_is_mailed() {
    let decision = decide(these(&[A, B]), &invited(&[A])).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient(B), 0)]);
    assert_eq!(decision.event.change, Change::Invited { added: 1, removed: 0 });
}

#[test]
fn a_removed_recipient_gets_a_cancel_with_a_raised_sequence_and_nobody_else_hears() {
    let decision = decide(these(&[B]), &invited(&[A, B])).unwrap();
    assert_eq!(mailed(&decision), [("cancel", recipient(A), 1)]);
    let details = decision.session.details();
    assert_eq!((details.sequence, details.withdrawn.len()), (1, 1));
    assert!(decision.session.recipient(recipient(A)).is_some());
}

#[test]
fn one_who_returns_gets_an_invite_newer_than_their_cancel() {
    let removed = scheduled(decide(these(&[B]), &invited(&[A, B])).unwrap());
    let decision = decide(these(&[A, B]), &removed).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient(A), 2)]);
    assert!(decision.session.details().withdrawn.is_empty());
}

#[test]
fn exchanging_recipients_is_one_change() {
    let decision = decide(these(&[B]), &invited(&[A])).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient(B), 1), ("cancel", recipient(A), 1)]);
    assert_eq!(decision.event.change, Change::Invited { added: 1, removed: 1 });
}

#[test]
fn inviting_exactly_who_is_invited_is_refused() {
    assert_eq!(decide(these(&[A]), &invited(&[A])).unwrap_err(), InviteRefused::NothingToDo);
}

#[test]
fn nobody_at_all_is_refused() {
    assert_eq!(decide(these(&[]), &invited(&[A])).unwrap_err(), InviteRefused::NoRecipient);
    let unknown = Invite { recipients: Some(vec![RecipientChoice::Contact(crate::ids::ContactId::from_bits(NOBODY))]) };
    assert!(matches!(decide(unknown, &invited(&[A])), Err(InviteRefused::UnknownContact(_))));
}

#[test]
fn invites_are_sent_only_while_the_session_is_scheduled() {
    let cases = [
        ("2026-12-01T15:50:00Z", Status::Due),
        ("2026-12-01T16:00:00Z", Status::Underway),
        ("2026-12-01T17:00:00Z", Status::AwaitingOutcome),
    ];
    for (now, status) in cases {
        let decided = deciding(now, |deciding| these(&[A]).decide(granted(wish()), &practice(), &[lea()], deciding));
        assert_eq!(decided.unwrap_err(), InviteRefused::NotScheduled(status));
    }
}
