//! What a lane knows of mails that did not arrive: whatever comes first, twice or late.

use proptest::prelude::*;

use super::*;

fn found(reason: Reason, minutes: i64) -> Undeliverable {
    Undeliverable { reason, at: Some(at(NOW) + Duration::minutes(minutes)) }
}

fn noted(lane: Lane<Words>, reason: Reason) -> Lane<Words> {
    lane.noted(found(reason, 5))
}

fn reason(lane: &Lane<Words>) -> Option<Reason> {
    lane.undeliverable.map(|known| known.reason)
}

/// Holds the entry.
fn told() -> (Scheduled, Lane<Words>) {
    let session = with_invites();
    let lane = sent(Lane::default(), entry(0), &Session::Scheduled(session.clone()));
    (session, lane)
}

/// A session that they are invited to and reminded of.
fn invited_and_reminded() -> (Scheduled, Due) {
    let (mut session, due) = reminding();
    session.details.invitation = with_invites().details.invitation;
    (session, due)
}

#[test]
fn an_update_that_is_accepted_hides_no_bounce() {
    let (session, lane) = told();
    let moved = Session::Scheduled(moved(&session, to("2026-12-02T09:00")));
    for known in [Reason::Bounced, Reason::Complained] {
        let lane = noted(lane.clone(), known);
        assert_eq!(plan(&lane, Ask::Entry { sequence: 1 }, &moved, 0), Plan::Send(entry(1)), "it is sent all the same");
        assert_eq!(reason(&sent(lane, entry(1), &moved)), Some(known));
    }
}

#[test]
fn neither_reminder_nor_cancellation_hides_a_bounce() {
    let (session, due) = invited_and_reminded();
    let standing = Session::Scheduled(session.clone());
    let lane = noted(sent(Lane::default(), entry(0), &standing), Reason::Bounced);
    assert_eq!(plan(&lane, Ask::Reminder(due), &standing, 0), Plan::Send(Posting::Reminder(due)));
    let lane = sent(lane, Posting::Reminder(due), &standing);
    assert_eq!(reason(&lane), Some(Reason::Bounced));
    assert_eq!(reason(&sent(lane, cancellation(1, true), &cancelled(&session, true))), Some(Reason::Bounced));
}

#[test]
fn who_is_invited_again_begins_anew_until_the_next_bounce() {
    let (session, lane) = told();
    let without = recipients(&session, &[B]);
    let lane = sent(noted(lane, Reason::Bounced), cancellation(1, true), &Session::Scheduled(without.clone()));
    let again = sent(lane, entry(2), &Session::Scheduled(recipients(&without, &[A, B])));
    assert_eq!(reason(&again), None);
    assert_eq!(
        reason(&noted(again, Reason::Bounced)),
        Some(Reason::Bounced),
        "be it that of the first mail: the address is the same"
    );
}

#[test]
fn what_the_mail_service_takes_it_does_not_refuse() {
    let (session, lane) = told();
    let moved = Session::Scheduled(moved(&session, to("2026-12-02T09:00")));
    assert_eq!(reason(&sent(noted(lane, Reason::Refused), entry(1), &moved)), None);
}

#[test]
fn who_complained_is_not_reminded_and_still_learns_of_changes() {
    let (session, due) = invited_and_reminded();
    let standing = Session::Scheduled(session.clone());
    let lane = noted(sent(Lane::default(), entry(0), &standing), Reason::Complained);
    assert_eq!(plan(&lane, Ask::Reminder(due), &standing, 0), Plan::Done);
    let later = Session::Scheduled(moved(&session, to("2026-12-02T09:00")));
    assert_eq!(plan(&lane, Ask::Entry { sequence: 1 }, &later, 0), Plan::Send(entry(1)));
    assert_eq!(plan(&lane, Ask::Cancellation { sequence: 1 }, &cancelled(&session, true), 0), Plan::Send(cancellation(1, true)));
}

#[test]
fn a_reminder_cut_off_before_a_complaint_is_not_repeated() {
    let (session, due) = reminding();
    let standing = Session::Scheduled(session);
    let lane = cut_off(Lane::default(), Posting::Reminder(due), "perhaps", &standing);
    assert_eq!(plan(&noted(lane, Reason::Complained), Ask::Reminder(due), &standing, 2), Plan::Done);
}

#[test]
fn what_an_older_release_noted_in_words_is_a_refusal() {
    let read = |json| serde_json::from_str::<Lane<String>>(json).unwrap().undeliverable;
    let words = read(r#"{"told":null,"sending":null,"undeliverable":"MessageRejected (request 1)"}"#);
    assert_eq!(words, Some(Undeliverable { reason: Reason::Refused, at: None }));
}

#[test]
fn what_is_noted_reads_back() {
    for reason in [Reason::Refused, Reason::Bounced, Reason::Complained] {
        let lane: Lane<String> = Lane::default().noted(found(reason, 1));
        let json = serde_json::to_string(&lane).unwrap();
        assert!(json.contains(reason.name()));
        assert_eq!(serde_json::from_str::<Lane<String>>(&json).unwrap(), lane);
    }
}

fn any_found() -> impl Strategy<Value = Undeliverable> {
    let reason = prop_oneof![Just(Reason::Refused), Just(Reason::Bounced), Just(Reason::Complained)];
    (reason, prop::option::of(0_i64..4))
        .prop_map(|(reason, minutes)| Undeliverable { reason, at: minutes.map(|minutes| at(NOW) + Duration::minutes(minutes)) })
}

/// What may happen to a lane whose recipient stays invited.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Found(Undeliverable),
    Update,
    Reminder,
    CutOff,
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let happening = prop_oneof![
        3 => any_found().prop_map(Happening::Found),
        1 => Just(Happening::Update),
        1 => Just(Happening::Reminder),
        1 => Just(Happening::CutOff),
    ];
    prop::collection::vec(happening, 0..12)
}

proptest! {
    #[test]
    fn events_may_come_twice_and_in_any_order(
        (once, shuffled) in prop::collection::vec(any_found(), 0..6).prop_flat_map(|once| {
            let twice: Vec<Undeliverable> = once.iter().chain(&once).copied().collect();
            (Just(once), Just(twice).prop_shuffle())
        }),
    ) {
        let noting = |lane: Lane<Words>, found: &Undeliverable| lane.noted(*found);
        prop_assert_eq!(once.iter().fold(Lane::default(), noting), shuffled.iter().fold(Lane::default(), noting));
    }

    #[test]
    fn noting_changes_nothing_else_in_a_lane(found in any_found(), free in any::<bool>()) {
        let (session, due) = reminding();
        let standing = Session::Scheduled(session);
        let lane = sent(Lane::default(), entry(0), &standing);
        let lane = if free { lane } else { cut_off(lane, Posting::Reminder(due), "perhaps", &standing) };
        let after = lane.clone().noted(found);
        prop_assert_eq!(Lane { undeliverable: lane.undeliverable, ..after }, lane);
    }

    /// Whatever follows by itself: the gravest that was found is what staff see, a refusal only until the next mail.
    #[test]
    fn nothing_that_follows_by_itself_hides_what_was_found(happenings in happenings()) {
        let (session, due) = reminding();
        let standing = Session::Scheduled(session);
        let mut lane = sent(Lane::default(), entry(0), &standing);
        for happening in &happenings {
            lane = match *happening {
                Happening::Found(found) => lane.noted(found),
                Happening::Update => sent(lane, entry(0), &standing),
                Happening::Reminder => sent(lane, Posting::Reminder(due), &standing),
                Happening::CutOff => cut_off(lane, entry(0), "perhaps", &standing),
            };
        }
        let accepted = |happening: &Happening| matches!(happening, Happening::Update | Happening::Reminder);
        let last = happenings.iter().rposition(accepted).map_or(0, |last| last + 1);
        let found = happenings.iter().enumerate().filter_map(|(index, happening)| match happening {
            Happening::Found(found) if found.reason != Reason::Refused || index >= last => Some(*found),
            Happening::Found(_) | Happening::Update | Happening::Reminder | Happening::CutOff => None,
        });
        prop_assert_eq!(lane.undeliverable, found.max());
    }
}
