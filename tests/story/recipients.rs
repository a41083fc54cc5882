//! Who is mailed: those invited, those removed, whoever is on record; and when nobody is.

use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::home::Home as _;

const GIL: &str = "gil@family.test";
const IDA: &str = "ida@family.test";
const LEE: &str = "lee@school.test";

async fn kinds_to(house: &House, address: &str) -> Vec<String> {
    house.letters_to(address).await.into_iter().map(|letter| letter.kind).collect()
}

async fn invite(house: &House, session: &Value, recipients: Value) {
    house.act(session, "invites", json!({"recipients": recipients})).await;
    house.settle().await;
}

#[tokio::test]
async fn one_added_is_invited_one_removed_loses_the_entry_and_who_stays_hears_nothing() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    let (gil, ida) = (json!({"contact_id": house.contact_id(0)}), json!({"contact_id": house.contact_id(1)}));

    invite(&house, &session, json!([gil, ida, {"name": "Lee", "email": LEE}])).await;
    assert_eq!(kinds_to(&house, GIL).await, ["invite"]);
    assert_eq!(kinds_to(&house, IDA).await, ["invite"]);
    assert_eq!(kinds_to(&house, LEE).await, ["invite"]);

    invite(&house, &session, json!([gil, {"name": "Lee", "email": LEE}])).await;
    assert_eq!(kinds_to(&house, IDA).await, ["invite", "cancellation"]);
    assert_eq!(house.calendar_of(IDA).await.entries(), []);
    assert_eq!(kinds_to(&house, GIL).await, ["invite"]);
    assert_eq!(kinds_to(&house, LEE).await, ["invite"]);

    house.act(&session, "reschedule", json!({"local_start": "2026-12-11T09:00"})).await;
    house.settle().await;
    assert_eq!(kinds_to(&house, IDA).await, ["invite", "cancellation"], "who was removed hears no more");
    assert_eq!(kinds_to(&house, LEE).await, ["invite", "update"]);

    invite(&house, &session, json!([gil, ida])).await;
    assert_eq!(house.calendar_of(IDA).await.entries().len(), 1, "who comes back gets something newer than the CANCEL");
    assert_eq!(house.calendar_of(LEE).await.entries(), []);
    assert_eq!(house.calendar_of(GIL).await.entries(), house.calendar_of(IDA).await.entries());
}

#[tokio::test]
async fn nobody_reads_of_anybody_else() {
    let house = House::new().await;
    let people = [("Gil Moreau", GIL), ("Aunt Ida", IDA), ("Lee", LEE)];
    let named: Vec<Value> = people.iter().map(|(name, email)| json!({"name": name, "email": email})).collect();
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": named}})).await;
    house.settle().await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-11T09:00"})).await;
    house.settle().await;
    house.act(&session, "cancel", json!({})).await;
    house.settle().await;
    let letters = house.letters().await;
    assert_eq!(letters.len(), 9);
    for letter in letters {
        for (name, email) in people.into_iter().filter(|(_, email)| *email != letter.to) {
            assert!(
                !letter.everything().contains(name) && !letter.everything().contains(email),
                "{email} in a mail to {}",
                letter.to
            );
        }
    }
}

#[tokio::test]
async fn the_guardian_on_record_is_invited_unless_someone_else_is_named_for_this_session() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    assert_eq!(session["recipients"][0]["email"], GIL);
    let recipients = json!([{"name": "Lee", "email": LEE}]);
    house.schedule("2026-12-11T09:00", json!({"invite": {"send": true, "recipients": recipients}})).await;
    house.settle().await;
    assert_eq!((kinds_to(&house, GIL).await, kinds_to(&house, LEE).await), (vec!["invite".into()], vec!["invite".into()]));
    let body = house.session("2026-12-12T09:00", json!({"invite": {"send": true, "recipients": []}}));
    house.ada.post("/v1/sessions", body).await.refused(422, "no-recipient");
}

#[tokio::test]
async fn without_invites_nothing_is_mailed_and_invites_can_be_sent_later() {
    let house = House::new().await;
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": false}})).await;
    house.settle().await;
    assert_eq!(session["invited"], false);
    let link = session["clients"][0]["link"].as_str().unwrap();
    assert!(link.ends_with(&format!("/s/{}", session["clients"][0]["code"].as_str().unwrap())), "{link}");
    house.act(&session, "reschedule", json!({"local_start": "2026-12-11T09:00"})).await;
    house.settle().await;
    assert!(house.letters().await.is_empty(), "no invite went out, so no update does");

    let invited = house.act(&session, "invites", json!({})).await;
    house.settle().await;
    assert_eq!((&invited["invited"], &invited["clients"]), (&json!(true), &session["clients"]));
    assert_eq!(kinds_to(&house, GIL).await, ["invite"]);
    house
        .ada
        .post(&format!("/v1/sessions/{}/invites", session["id"].as_str().unwrap()), json!({}))
        .await
        .refused(409, "nothing-to-do");
}

#[tokio::test]
async fn updates_are_on_by_default_exactly_when_invites_went_out_and_the_time_changes() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-10T09:00", "room_id": house.room_id})).await;
    house.settle().await;
    assert_eq!(kinds_to(&house, GIL).await, ["invite"], "another room is not another time");
    house.act(&session, "reschedule", json!({"local_start": "2026-12-10T09:00", "length_minutes": 90})).await;
    house.settle().await;
    assert_eq!(kinds_to(&house, GIL).await, ["invite", "update"]);
    house.act(&session, "reschedule", json!({"local_start": "2026-12-10T09:00", "room_id": null, "send_updates": true})).await;
    house.settle().await;
    assert_eq!(kinds_to(&house, GIL).await, ["invite", "update", "update"], "asked for, it is sent");

    let quiet = house.schedule("2026-12-14T09:00", json!({})).await;
    let path = format!("/v1/sessions/{}/reschedule", quiet["id"].as_str().unwrap());
    let body = json!({"local_start": "2026-12-15T09:00", "send_updates": true});
    house.ada.post(&path, body).await.refused(422, "no-invites-sent");
}

#[tokio::test]
async fn a_cancellation_without_invites_is_told_only_if_asked_for_and_then_without_a_calendar_part() {
    let house = House::new().await;
    let [silent, told] = [house.schedule("2026-12-10T09:00", json!({})).await, house.schedule("2026-12-11T09:00", json!({})).await];
    house.act(&silent, "cancel", json!({})).await;
    house.settle().await;
    assert!(house.letters().await.is_empty());
    house.act(&told, "cancel", json!({"notify": true})).await;
    house.settle().await;
    let letters = house.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].to.as_str(), letters[0].kind.as_str()), (GIL, "cancellation"));
    assert!(letters[0].ics.is_none());
    assert!(!String::from_utf8_lossy(&letters[0].raw).to_lowercase().contains("calendar;"));
}

#[tokio::test]
async fn a_cancellation_that_notifies_nobody_leaves_the_mailbox_as_it_was() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    house.act(&session, "cancel", json!({"notify": false})).await;
    house.settle().await;
    assert_eq!(kinds_to(&house, GIL).await, ["invite"]);
}

#[tokio::test]
async fn another_practitioner_answers_the_mail_and_its_sender_stays() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    let client = format!("/v1/clients/{}", house.client_id());
    house.ada.patch(&client, json!({"practitioner_ids": [house.ada_id, house.ben_id]})).await.expect(200);
    let body = json!({"local_start": "2026-12-10T09:00", "practitioner_id": house.ben_id, "send_updates": true});
    house.act(&session, "reschedule", body).await;
    house.settle().await;
    let letters = house.letters_to(GIL).await;
    let answered_by: Vec<_> = letters.iter().map(|letter| letter.reply_to.as_deref()).collect();
    assert_eq!(answered_by, [Some("ada@demo.test"), Some("ben@demo.test")]);
    assert_eq!(letters[0].from, letters[1].from);
    assert_eq!(house.calendar_of(GIL).await.entries().len(), 1);
}
