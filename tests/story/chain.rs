//! Invited, moved twice, cancelled: one entry in people's calendars, which follows the session.

use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::{
    calendar::Invitation,
    home::{Home as _, at},
    letter::Letter,
};

const GIL: &str = "gil@family.test";
const IDA: &str = "ida@family.test";

async fn both_invited(house: &House) -> Value {
    let recipients = json!([{"contact_id": house.contact_id(0)}, {"contact_id": house.contact_id(1)}]);
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": recipients}})).await;
    house.settle().await;
    session
}

async fn entries(house: &House) -> [Vec<(String, String)>; 2] {
    let shown = |(from, until): (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>)| {
        (from.format("%FT%R").to_string(), until.format("%FT%R").to_string())
    };
    let [gil, ida] = [house.calendar_of(GIL).await, house.calendar_of(IDA).await];
    [gil, ida].map(|calendar| calendar.entries().into_iter().map(shown).collect())
}

fn both(from: &str, until: &str) -> [Vec<(String, String)>; 2] {
    let one = vec![(from.to_owned(), until.to_owned())];
    [one.clone(), one]
}

#[tokio::test]
async fn one_entry_follows_the_session_from_its_invitation_to_its_cancellation() {
    let house = House::new().await;
    let session = both_invited(&house).await;
    assert_eq!(entries(&house).await, both("2026-12-10T16:00", "2026-12-10T17:00"));

    house.until("2026-11-30T16:00:00Z").await;
    let moved = house.act(&session, "reschedule", json!({"local_start": "2026-12-11T10:30", "length_minutes": 45})).await;
    house.settle().await;
    assert_eq!(entries(&house).await, both("2026-12-11T17:30", "2026-12-11T18:15"));

    house.until("2026-11-30T17:00:00Z").await;
    let silent = json!({"local_start": "2026-12-14T14:00", "send_updates": false});
    let silently_moved = house.act(&session, "reschedule", silent).await;
    house.settle().await;
    assert_eq!(entries(&house).await, both("2026-12-11T17:30", "2026-12-11T18:15"), "a silent move is not told");

    house.until("2026-11-30T18:00:00Z").await;
    let cancelled = house.act(&session, "cancel", json!({"reason": "Ada is away"})).await;
    house.settle().await;
    assert_eq!(entries(&house).await, [const { Vec::new() }; 2]);

    for after in [&moved, &silently_moved, &cancelled] {
        assert_eq!(after["id"], session["id"]);
        assert_eq!(after["clients"], session["clients"], "code and link stay");
    }
    for address in [GIL, IDA] {
        check_chain(&session, &house.letters_to(address).await);
    }
    assert_eq!(house.letters().await.len(), 6);
}

fn check_chain(session: &Value, letters: &[Letter]) {
    let kinds: Vec<&str> = letters.iter().map(|letter| letter.kind.as_str()).collect();
    assert_eq!(kinds, ["invite", "update", "cancellation"]);
    let invitations: Vec<&Invitation> = letters.iter().map(|letter| letter.invitation.as_ref().unwrap()).collect();
    let uid = format!("{}@hourkeep", session["id"].as_str().unwrap());
    let methods: Vec<&str> = invitations.iter().map(|invitation| invitation.method.as_str()).collect();
    assert_eq!(methods, ["REQUEST", "REQUEST", "CANCEL"]);
    let statuses: Vec<&str> = invitations.iter().map(|invitation| invitation.status.as_str()).collect();
    assert_eq!(statuses, ["CONFIRMED", "CONFIRMED", "CANCELLED"]);
    assert!(invitations.iter().all(|invitation| invitation.uid == uid));
    assert!(invitations.windows(2).all(|pair| pair[0].sequence < pair[1].sequence));
    assert!(invitations.windows(2).all(|pair| pair[0].stamped_at < pair[1].stamped_at));
    assert_eq!(invitations[2].sequence, 3, "the silent move has raised SEQUENCE too");
    let stranger = if letters[0].to == GIL { [IDA, "Ida"] } else { [GIL, "Gil"] };
    for letter in letters {
        assert_eq!(
            (letter.from.as_str(), letter.reply_to.as_deref()),
            ("harbour-clinic@mail.hourkeep.test", Some("ada@demo.test"))
        );
        for private in stranger.into_iter().chain(["Mia", "Ada is away"]) {
            assert!(!letter.everything().contains(private), "{private} in a mail to {}", letter.to);
        }
    }
}

#[tokio::test]
async fn the_mail_after_a_silent_move_says_what_its_recipient_knew_as_the_former_time() {
    let house = House::new().await;
    let session = both_invited(&house).await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-11T10:30", "send_updates": false})).await;
    house.settle().await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-15T10:30"})).await;
    house.settle().await;
    let letters = house.letters_to(GIL).await;
    assert_eq!(letters.len(), 2);
    assert!(letters[1].text.contains("Former time: Thursday, 10 December 2026, 9:00–10:00"), "{}", letters[1].text);
    assert!(!letters[1].text.contains("11 December"), "{}", letters[1].text);
}

#[tokio::test]
async fn a_cancellation_after_a_silent_move_speaks_of_the_time_its_recipient_knew() {
    let house = House::new().await;
    let session = both_invited(&house).await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-11T10:30", "send_updates": false})).await;
    house.act(&session, "cancel", json!({})).await;
    house.settle().await;
    let letters = house.letters_to(GIL).await;
    assert!(letters[1].text.contains("It was planned for: Thursday, 10 December 2026, 9:00–10:00"), "{}", letters[1].text);
    assert_eq!(house.calendar_of(GIL).await.entries(), []);
}

#[tokio::test]
async fn two_moves_before_the_mail_leaves_are_one_mail_with_the_last_time() {
    let house = House::new().await;
    let session = both_invited(&house).await;
    for local_start in ["2026-12-11T10:30", "2026-12-11T12:00"] {
        house.act(&session, "reschedule", json!({"local_start": local_start})).await;
    }
    house.settle().await;
    assert_eq!(house.letters_to(GIL).await.len(), 2, "the invitation and one update");
    assert_eq!(house.calendar_of(GIL).await.entries(), [(at("2026-12-11T19:00:00Z"), at("2026-12-11T20:00:00Z"))]);
}

#[tokio::test]
async fn cancelled_before_the_invitation_leaves_nobody_holds_an_entry() {
    let house = House::new().await;
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true}})).await;
    house.act(&session, "cancel", json!({})).await;
    house.settle().await;
    assert_eq!(house.calendar_of(GIL).await.entries(), []);
    let letters = house.letters_to(GIL).await;
    assert!(letters.iter().all(|letter| letter.kind == "cancellation" && letter.invitation.is_none()), "nothing to take back");
}
