//! Mail that comes back, or is not wanted: what staff see of it, and what is still sent.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock},
};

use async_trait::async_trait;
use aws_lambda_events::sqs::SqsEvent;
use aws_sdk_dynamodb::types::AttributeValue;
use hourkeep_app::{
    port::{Envelope, MailRefused, Mailer},
    work::Notes,
};
use hourkeep_aws::mail_events::each_report;
use hourkeep_local::{Options, Ports};
use hourkeep_mail::Mail;
use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::home::Home as _;

/// The mailbox simulator of SES, as the local mailbox has it.
const BOUNCES: &str = "bounce+gil@simulator.amazonses.com";
const COMPLAINS: &str = "Complaint+Ida@simulator.amazonses.com";
const LEE: &str = "lee@school.test";

const BOUNCE: &str = include_str!("../../events/sqs-bounce.json");
const COMPLAINT: &str = include_str!("../../events/sqs-complaint.json");

fn named(addresses: &[&str]) -> Value {
    addresses.iter().map(|address| json!({"email": address})).collect()
}

/// A session to which these are invited; their mail has left, and what came back is noted.
async fn invited(house: &House, addresses: &[&str]) -> Value {
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": named(addresses)}})).await;
    house.settle().await;
    session
}

/// What the session shows of the mail to an address.
async fn delivery(house: &House, session: &Value, address: &str) -> Value {
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let shown = house.ada.get(&path).await.expect(200).body;
    let recipients = shown["recipients"].as_array().unwrap();
    recipients.iter().find(|recipient| recipient["email"] == address).unwrap()["delivery"].clone()
}

async fn state(house: &House, session: &Value, address: &str) -> (String, Option<String>) {
    let delivery = delivery(house, session, address).await;
    (delivery["state"].as_str().unwrap().to_owned(), delivery["reason"].as_str().map(str::to_owned))
}

fn undeliverable(reason: &str) -> (String, Option<String>) {
    ("undeliverable".to_owned(), Some(reason.to_owned()))
}

fn sent() -> (String, Option<String>) {
    ("sent".to_owned(), None)
}

/// The kinds of mail that an address was sent.
async fn kinds_to(house: &House, address: &str) -> Vec<String> {
    house.letters_to(address).await.into_iter().map(|letter| letter.kind).collect()
}

/// The id of the demo practice.
async fn practice(house: &House) -> String {
    house.ada.get("/v1/practice").await.expect(200).text_of("/id")
}

/// The ids that a mail to an address carries.
async fn tags(house: &House, session: &Value, address: &str) -> [Value; 3] {
    let recipients = session["recipients"].as_array().unwrap();
    let recipient = recipients.iter().find(|recipient| recipient["email"] == address).unwrap();
    [json!([practice(house).await]), json!([session["id"]]), json!([recipient["id"]])]
}

/// An event as SES documents it, of the mail that carried these ids.
fn event(sample: &str, at: &str, [practice, session, recipient]: &[Value; 3]) -> String {
    let sample: Value = serde_json::from_str(sample).unwrap();
    let mut event: Value = serde_json::from_str(sample["Records"][0]["body"].as_str().unwrap()).unwrap();
    let tags = &mut event["detail"]["mail"]["tags"];
    (tags["practice"], tags["session"], tags["recipient"]) = (practice.clone(), session.clone(), recipient.clone());
    for what in ["bounce", "complaint"] {
        if let Some(happened) = event["detail"].get_mut(what) {
            happened["timestamp"] = json!(at);
        }
    }
    event.to_string()
}

/// Hands these to the function, as its queue does; answers which it failed to note.
async fn note(notes: &Notes, bodies: &[String]) -> Vec<String> {
    let message = |(id, body): (usize, &String)| json!({"messageId": id.to_string(), "body": body});
    let records: Vec<Value> = bodies.iter().enumerate().map(message).collect();
    let batch: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
    let answer = each_report(batch, |report| async move { notes.note(&report).await }).await;
    answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

fn notes(house: &House) -> Notes {
    Notes { table: house.server.desk().table.clone(), clock: house.server.desk().clock.clone() }
}

/// Everything in the product's table, by its place.
async fn everything(house: &House) -> BTreeMap<[String; 2], HashMap<String, AttributeValue>> {
    let items = house.server.database().scan().table_name("hourkeep").into_paginator().items().send();
    let items: Vec<HashMap<String, AttributeValue>> = items.collect::<Result<_, _>>().await.unwrap();
    let place = |item: &HashMap<String, AttributeValue>| ["pk", "sk"].map(|name| item[name].as_s().unwrap().clone());
    items.into_iter().map(|item| (place(&item), item)).collect()
}

#[tokio::test]
async fn the_mail_of_a_whole_series_that_comes_back_is_shown_at_each_of_its_sessions() {
    let house = House::new().await;
    let more =
        json!({"invite": {"send": true, "recipients": named(&[BOUNCES, LEE])}, "recurrence": {"rule": "FREQ=WEEKLY;COUNT=2"}});
    let series = house.ada.post("/v1/series", house.session("2026-12-10T06:00", more)).await.expect(201).body;
    house.settle().await;
    for session in series["sessions"].as_array().unwrap() {
        let path = format!("/v1/sessions/{}", session["session_id"].as_str().unwrap());
        let session = house.ada.get(&path).await.expect(200).body;
        assert_eq!(delivery(&house, &session, BOUNCES).await["reason"], "bounced");
        assert_eq!(state(&house, &session, LEE).await, sent());
    }
}

#[tokio::test]
async fn a_mail_that_comes_back_is_shown_with_what_to_do_and_nobody_else_is_affected() {
    let house = House::new().await;
    let recipients = named(&[BOUNCES, LEE]);
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": recipients}})).await;
    let nothing = json!({"state": "none", "at": null, "reason": null, "detail": null});
    assert_eq!(delivery(&house, &session, BOUNCES).await, nothing);
    house.settle().await;
    let shown = delivery(&house, &session, BOUNCES).await;
    assert_eq!(
        shown,
        json!({
            "state": "undeliverable", "at": House::NOW, "reason": "bounced",
            "detail": "Our mail to this address came back. Check the address, then send the invites again to the right one.",
        })
    );
    let arrived = json!({"state": "sent", "at": House::NOW, "reason": null, "detail": null});
    assert_eq!(delivery(&house, &session, LEE).await, arrived);

    house.act(&session, "invites", json!({"recipients": named(&["gil@family.test", LEE])})).await;
    house.settle().await;
    assert_eq!(state(&house, &session, "gil@family.test").await, sent(), "another address begins anew");
    assert_eq!(kinds_to(&house, LEE).await, ["invite"]);
}

#[tokio::test]
async fn each_address_of_the_simulator_does_as_that_of_ses() {
    let house = House::new().await;
    let of = |name: &str| format!("{name}@simulator.amazonses.com");
    let expected = [
        (of("bounce"), undeliverable("bounced")),
        (of("suppressionlist"), undeliverable("bounced")),
        (of("complaint"), undeliverable("complained")),
        (of("ooto"), sent()),
        (of("success"), sent()),
        (of("success+bounce"), sent()),
        (of("somebody"), sent()),
        ("bounce@simulator.amazonses.com.example".to_owned(), sent()),
    ];
    let addresses: Vec<&str> = expected.iter().map(|(address, _)| address.as_str()).collect();
    let session = invited(&house, &addresses).await;
    for (address, expected) in &expected {
        assert_eq!(state(&house, &session, address).await, *expected, "{address}");
    }
}

#[tokio::test]
async fn answers_to_changes_say_nothing_of_deliveries() {
    let house = House::new().await;
    let session = invited(&house, &[BOUNCES]).await;
    let moved = house.act(&session, "reschedule", json!({"local_start": "2026-12-11T09:00"})).await;
    for answer in [session, moved] {
        assert_eq!(answer["recipients"][0].get("delivery"), None, "{answer}");
    }
}

#[tokio::test]
async fn an_update_hides_no_bounce_and_inviting_someone_again_does_until_it_comes_back() {
    let house = House::new().await;
    let session = invited(&house, &[LEE, "ida@family.test"]).await;
    let tags = tags(&house, &session, LEE).await;
    let bounce = event(BOUNCE, "2026-11-30T15:10:00Z", &tags);
    assert!(note(&notes(&house), std::slice::from_ref(&bounce)).await.is_empty());
    house.act(&session, "reschedule", json!({"local_start": "2026-12-11T09:00"})).await;
    house.settle().await;
    assert_eq!(kinds_to(&house, LEE).await, ["invite", "update"], "addresses recover, so mail is still sent");
    assert_eq!(state(&house, &session, LEE).await, undeliverable("bounced"), "that it was accepted says nothing");

    for recipients in [named(&["ida@family.test"]), named(&[LEE, "ida@family.test"])] {
        house.act(&session, "invites", json!({ "recipients": recipients })).await;
        house.settle().await;
    }
    assert_eq!(state(&house, &session, LEE).await, sent());
    assert!(note(&notes(&house), &[bounce]).await.is_empty());
    assert_eq!(state(&house, &session, LEE).await, undeliverable("bounced"));
}

#[tokio::test]
async fn who_complained_gets_no_reminder_and_still_learns_of_a_move() {
    let house = House::new().await;
    let mut sessions = Vec::new();
    for (address, time) in [(COMPLAINS, "09:00"), (BOUNCES, "11:00")] {
        let contacts = json!([{"name": "On Record", "kind": "guardian", "email": address}]);
        let client = json!({
            "first_name": "Sam", "last_name": "Lane", "practitioner_ids": [house.ada_id], "reminder_channels": ["email"],
            "contacts": contacts,
        });
        let client = house.ada.post("/v1/clients", client).await.expect(201).text_of("/id");
        let reminders = json!([{"days_before": 1, "channel": "email"}]);
        let body = json!({
            "clients": [{"client_id": client}], "local_start": format!("2026-12-10T{time}"), "reminders": reminders,
            "invite": {"send": true},
        });
        sessions.push(house.ada.post("/v1/sessions", body).await.expect(201).body);
    }
    house.settle().await;
    let detail = delivery(&house, &sessions[0], COMPLAINS).await["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("no more reminders") && detail.contains("send the invites again"), "{detail}");
    house.until("2026-12-09T20:00:00Z").await;
    assert_eq!(kinds_to(&house, COMPLAINS).await, ["invite"]);
    assert_eq!(kinds_to(&house, BOUNCES).await, ["invite", "reminder"]);
    house.act(&sessions[0], "reschedule", json!({"local_start": "2026-12-15T09:00"})).await;
    house.until("2026-12-15T18:00:00Z").await;
    assert_eq!(kinds_to(&house, COMPLAINS).await, ["invite", "update"]);
}

#[tokio::test]
async fn events_twice_and_out_of_order_end_the_same() {
    let house = House::new().await;
    let session = invited(&house, &[LEE]).await;
    let tags = tags(&house, &session, LEE).await;
    let complaint = event(COMPLAINT, "2026-11-30T16:00:00Z", &tags);
    let late = event(BOUNCE, "2026-11-30T17:00:00Z", &tags);
    let early = event(BOUNCE, "2026-11-30T15:30:00Z", &tags);
    let order = [late.clone(), early.clone(), late.clone(), complaint.clone(), early, late, complaint];
    assert!(note(&notes(&house), &order).await.is_empty());
    let shown = delivery(&house, &session, LEE).await;
    assert_eq!((&shown["reason"], &shown["at"]), (&json!("complained"), &json!("2026-11-30T16:00:00Z")));
}

#[tokio::test]
async fn events_of_whatever_is_not_a_mail_of_the_practice_change_nothing_at_all() {
    let house = House::new().await;
    let session = invited(&house, &[LEE]).await;
    let another = house.schedule("2026-12-12T09:00", json!({})).await;
    let [practice, id, recipient] = tags(&house, &session, LEE).await;
    let other = json!([house.found("Other Clinic", "other-clinic", "olga@other.test").await]);
    let unknown = |prefix: &str| json!([format!("{prefix}_01m87bqd8s2a5grq3zt2ka792g")]);
    let forged = [
        [other.clone(), id.clone(), recipient.clone()],
        [unknown("prc"), id.clone(), recipient.clone()],
        [practice.clone(), json!([another["id"]]), recipient.clone()],
        [practice.clone(), unknown("ses"), recipient.clone()],
        [practice.clone(), id.clone(), unknown("rcp")],
        [practice.clone(), recipient.clone(), id.clone()],
        [practice.clone(), json!([format!("{}#LANE", id[0].as_str().unwrap())]), recipient.clone()],
        [json!([practice[0], other[0]]), id.clone(), recipient.clone()],
        [practice.clone(), json!([]), recipient],
    ];
    let before = everything(&house).await;
    let bodies: Vec<String> = forged.iter().map(|tags| event(COMPLAINT, House::NOW, tags)).collect();
    assert!(note(&notes(&house), &bodies).await.is_empty(), "there is nothing to try again");
    assert!(everything(&house).await == before);
    assert_eq!(state(&house, &session, LEE).await, sent());
}

#[tokio::test]
async fn an_event_of_a_session_that_is_cancelled_is_noted_too() {
    let house = House::new().await;
    let session = invited(&house, &[LEE]).await;
    house.act(&session, "cancel", json!({})).await;
    house.settle().await;
    let body = event(BOUNCE, House::NOW, &tags(&house, &session, LEE).await);
    assert!(note(&notes(&house), &[body]).await.is_empty());
    assert_eq!(state(&house, &session, LEE).await, undeliverable("bounced"));
}

/// A mail service whose report is there before its answer.
struct Hasty {
    inner: Arc<dyn Mailer>,
    notes: Arc<OnceLock<Notes>>,
    failed: Arc<Mutex<Vec<usize>>>,
}

#[async_trait]
impl Mailer for Hasty {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        let tags = [json!([envelope.practice]), json!([envelope.subject.to_string()]), json!([envelope.recipient])];
        let failed = note(self.notes.get().unwrap(), &[event(BOUNCE, House::NOW, &tags)]).await;
        self.failed.lock().unwrap().push(failed.len());
        self.inner.send(envelope, mail).await
    }
}

#[tokio::test]
async fn a_report_that_comes_while_the_mail_is_being_sent_waits_until_it_was() {
    let (late, failed) = (Arc::new(OnceLock::new()), Arc::new(Mutex::new(Vec::new())));
    let (notes_of_hasty, failed_of_hasty) = (late.clone(), failed.clone());
    let around = move |ports: Ports| Ports {
        mailer: Arc::new(Hasty { inner: ports.mailer, notes: notes_of_hasty, failed: failed_of_hasty }),
        ..ports
    };
    let house = House::with(Options { around: Some(Box::new(around)), ..Options::default() }).await;
    assert!(late.set(notes(&house)).is_ok());
    let session = invited(&house, &[LEE]).await;
    assert_eq!(*failed.lock().unwrap(), [1], "it goes back to its queue");
    assert_eq!(state(&house, &session, LEE).await, sent(), "and the sender could say that the mail was sent");

    let body = event(BOUNCE, House::NOW, &tags(&house, &session, LEE).await);
    assert!(note(&notes(&house), &[body]).await.is_empty());
    house.until("2026-11-30T18:00:00Z").await;
    assert_eq!(state(&house, &session, LEE).await, undeliverable("bounced"));
    assert_eq!(kinds_to(&house, LEE).await, ["invite"], "nothing was sent twice");
}

#[tokio::test]
async fn a_report_leaves_a_letter_that_was_cut_off_in_its_lane() {
    let house = House::new().await;
    let session = invited(&house, &[LEE]).await;
    let tags = tags(&house, &session, LEE).await;
    let key = |name: &str, value: String| (name.to_owned(), AttributeValue::S(value));
    let [practice, id, recipient] = tags.clone().map(|tag| tag[0].as_str().unwrap().to_owned());
    let key = HashMap::from([key("pk", format!("P#{practice}#SESSION#{id}")), key("sk", format!("LANE#{recipient}"))]);
    let database = house.server.database();
    let read =
        || async { database.get_item().table_name("hourkeep").set_key(Some(key.clone())).send().await.unwrap().item.unwrap() };
    // As an older release left it, in the words of the mail service.
    let mut before = read().await;
    let words = AttributeValue::S("MessageRejected (request 1)".to_owned());
    let AttributeValue::M(body) = before.get_mut("body").unwrap() else { panic!("a body") };
    body.insert("undeliverable".to_owned(), words);
    database.put_item().table_name("hourkeep").set_item(Some(before.clone())).send().await.unwrap();
    let shown = delivery(&house, &session, LEE).await;
    assert_eq!((&shown["state"], &shown["reason"], &shown["at"]), (&json!("undeliverable"), &json!("refused"), &Value::Null));

    assert!(note(&notes(&house), &[event(BOUNCE, House::NOW, &tags)]).await.is_empty());
    let mut after = read().await;
    let AttributeValue::M(body) = after.get_mut("body").unwrap() else { panic!("a body") };
    let noted = body.remove("undeliverable").unwrap();
    assert_eq!(noted.as_m().unwrap()["reason"], AttributeValue::S("bounced".to_owned()));
    let AttributeValue::M(body) = before.get_mut("body").unwrap() else { panic!("a body") };
    body.remove("undeliverable");
    let (revision, next) = (before.remove("revision").unwrap(), after.remove("revision").unwrap());
    let number = |n: AttributeValue| n.as_n().unwrap().parse::<u32>().unwrap();
    assert_eq!(number(next), number(revision) + 1);
    assert_eq!(after, before, "nothing else in the record changed, the attempt that wrote it included");
}
