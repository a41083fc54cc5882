//! A mistake is deleted: nobody hears of it, nobody pays for it, and staff can still read what it was.

use hourkeep_tests::House;
use reqwest::Method;
use serde_json::{Value, json};

use crate::home::{Home as _, at};

const GIL: &str = "gil@family.test";

fn path(session: &Value) -> String {
    format!("/v1/sessions/{}", session["id"].as_str().unwrap())
}

/// What stands of the client in Ada's calendar of the first week of December.
async fn calendar(house: &House) -> Vec<String> {
    let calendar = house.ada.get("/v1/calendar?from=2026-11-30&to=2026-12-07").await.expect(200).body;
    let own = calendar["items"].as_array().unwrap().iter().filter(|item| item["client_ids"] == json!([house.client_id()]));
    own.map(|item| item["session_id"].as_str().unwrap().to_owned()).collect()
}

/// What the client's own list says.
async fn listed(house: &House) -> Vec<String> {
    let list = house.ada.get(&format!("/v1/clients/{}/sessions", house.client_id())).await.expect(200).body;
    list["items"].as_array().unwrap().iter().map(|item| item["session_id"].as_str().unwrap().to_owned()).collect()
}

/// Where whoever has the session's code looks.
fn public(session: &Value) -> [String; 2] {
    let code = session["clients"][0]["code"].as_str().unwrap();
    [format!("/v1/public/sessions/{code}"), format!("/s/{code}")]
}

async fn missed(house: &House, session: &Value) -> Value {
    let missed = json!({"attendance": [{"client_id": house.client_id(), "value": "no_show"}]});
    house.act(session, "outcome", missed).await
}

#[tokio::test]
async fn a_mistake_is_deleted_without_a_word_a_reminder_or_a_fee_and_its_time_is_free() {
    let house = House::new().await;
    let policies = house.ada.get("/v1/practice").await.expect(200).body["policies"].clone();
    assert_eq!((&policies["no_show_fee_minor"], &policies["late_cancellation_hours"]), (&json!(7_500), &json!(24)));
    let reminders = json!([{"days_before": 2, "channel": "email"}, {"days_before": 1, "channel": "email"}]);
    let more = json!({"invite": {"send": true}, "reminders": reminders, "room_id": house.room_id});
    let session = house.schedule("2026-12-03T12:00", more.clone()).await;
    // Late enough for a cancellation to cost, and after the first reminder.
    house.until("2026-12-02T18:00:00Z").await;
    let held = house.calendar_of(GIL).await.entries();
    assert_eq!(held.len(), 1);
    let before = house.letters().await.len();
    assert_eq!(before, 2, "the invitation and one reminder");

    let deleted = house.fay.post(&format!("{}/delete", path(&session)), json!({"reason": "Entered twice"})).await.expect(200).body;
    assert_eq!((&deleted["status"], &deleted["revision"]), (&json!("deleted"), &json!(2)));
    let deletion = json!({"deleted_at": "2026-12-02T18:00:00Z", "deleted_by": "Fay Fournier", "reason": "Entered twice"});
    assert_eq!((&deleted["deletion"], &deleted["cancellation"]), (&deletion, &Value::Null));
    assert_eq!(deleted["billing"]["fees_minor"], 0);
    assert_eq!(calendar(&house).await, [""; 0]);
    assert_eq!(listed(&house).await, [""; 0]);
    let again = house.schedule("2026-12-03T12:00", json!({"room_id": house.room_id})).await;
    assert_eq!(again["warnings"], json!([]), "the client is not busy elsewhere");
    let again = again["id"].as_str().unwrap();
    assert_eq!(calendar(&house).await, [again]);
    assert_eq!(listed(&house).await, [again]);

    house.until("2026-12-03T21:00:00Z").await;
    assert_eq!(house.letters().await.len(), before, "neither the family nor Ada hears of it, and nobody is reminded");
    assert_eq!(house.calendar_of(GIL).await.entries(), held);
}

#[tokio::test]
async fn staff_can_still_read_what_was_deleted_and_by_its_code_it_is_as_if_it_had_never_been() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-03T12:00").await;
    let manage = house.letters_to(GIL).await[0].manage_link().strip_prefix(&house.server.url()).unwrap().to_owned();
    for public in public(&session).iter().chain([&manage]) {
        assert_eq!(house.anyone().get(public).await.status, 200);
    }
    house.act(&session, "delete", json!({"reason": "The wrong client"})).await;

    let shown = house.fay.get(&path(&session)).await.expect(200);
    assert_eq!((shown.body["status"].as_str(), shown.etag.as_deref()), (Some("deleted"), Some("\"2\"")));
    assert_eq!(shown.body["local_start"], "2026-12-03T12:00");
    let history = house.ada.get(&format!("{}/history", path(&session))).await.expect(200).body;
    let last = &history["items"][1];
    assert_eq!(last["what"], "Ada Adair deleted the entry, as a mistake. Reason: The wrong client");
    assert_eq!(last["change"], json!({"change": "deleted", "before": "scheduled"}));
    let link = house.ada.post("/v1/practice/exports", json!({})).await.expect(201).text_of("/url");
    let export = house.anyone().get(link.strip_prefix(&house.server.url()).unwrap()).await.expect(200).text;
    let lines: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let own = lines.iter().find(|line| line["kind"] == "session" && line["id"] == session["id"]).unwrap();
    assert_eq!((&own["record"]["state"], &own["record"]["reason"]), (&json!("deleted"), &json!("The wrong client")));

    let nothing = [house.anyone().get("/v1/public/sessions/0000-0000-0000").await, house.anyone().get("/s/0000-0000-0000").await];
    for (public, nothing) in public(&session).iter().zip(&nothing) {
        let answer = house.anyone().get(public).await;
        assert_eq!((answer.status, &answer.text), (404, &nothing.text));
    }
    let answer = house.anyone().get(&manage).await;
    assert_eq!((answer.status, &answer.text), (404, &nothing[1].text));
}

#[tokio::test]
async fn whatever_became_of_a_mistake_it_can_be_deleted_and_only_once() {
    let house = House::new().await;
    let cancelled = house.schedule("2026-12-01T16:00", json!({})).await;
    house.act(&cancelled, "cancel", json!({"fee_minor": 500})).await;
    let closed = house.schedule("2026-11-30T08:00", json!({})).await;
    let over = house.schedule("2026-11-30T10:00", json!({})).await;
    let underway = house.schedule("2026-11-30T12:00", json!({})).await;
    let due = house.schedule("2026-11-30T13:00", json!({})).await;
    house.until("2026-11-30T19:55:00Z").await;
    missed(&house, &closed).await;
    let all = [
        (&cancelled, "cancelled", "; it was cancelled"),
        (&closed, "closed", "; it was closed"),
        (&over, "awaiting_outcome", "; it was over and awaiting its outcome"),
        (&underway, "underway", "; it was under way"),
        (&due, "due", "; it was due to start"),
    ];
    for (session, status, was) in all {
        assert_eq!(house.ada.get(&path(session)).await.expect(200).body["status"], status);
        let deleted = house.act(session, "delete", json!({})).await;
        assert_eq!((&deleted["status"], &deleted["billing"]["fees_minor"]), (&json!("deleted"), &json!(0)), "{status}");
        let history = house.ada.get(&format!("{}/history", path(session))).await.expect(200).body;
        let last = history["items"].as_array().unwrap().last().unwrap();
        assert_eq!(last["what"], format!("Ada Adair deleted the entry, as a mistake{was}."));
    }
    assert_eq!(calendar(&house).await, [""; 0]);
    assert_eq!(listed(&house).await, [""; 0]);

    let one = path(&underway);
    let refusals = [
        (Method::POST, "/delete", json!({}), "The session is deleted already."),
        (Method::POST, "/cancel", json!({}), "The session is deleted, so it cannot be cancelled."),
        (Method::POST, "/reschedule", json!({"local_start": "2026-12-04T09:00"}), "this one is deleted."),
        (Method::POST, "/invites", json!({}), "this one is deleted."),
        (Method::POST, "/outcome", json!({"progress": "completed"}), "The session is deleted and has no outcome."),
        (Method::PATCH, "", json!({"instructions": "Ring twice."}), "The session is deleted and can no longer be changed."),
    ];
    for (method, verb, body, words) in refusals {
        let refused = house.ada.send(method, &format!("{one}{verb}"), &[], Some(&body)).await.refused(409, "wrong-status");
        assert!(refused.text_of("/detail").contains(words), "{}", refused.text);
    }
    assert_eq!(house.ada.get(&one).await.expect(200).body["revision"], 2);
}

#[tokio::test]
async fn an_invitation_that_had_not_left_never_leaves_and_a_cancellation_that_was_promised_does() {
    let house = House::new().await;
    let unsent = house.schedule("2026-12-03T12:00", json!({"invite": {"send": true}})).await;
    house.act(&unsent, "delete", json!({})).await;
    house.settle().await;
    assert_eq!(house.letters().await.len(), 0);

    let invited = house.schedule_invited("2026-12-03T12:00").await;
    house.act(&invited, "cancel", json!({})).await;
    house.act(&invited, "delete", json!({})).await;
    let uninvited = house.schedule("2026-12-03T14:00", json!({})).await;
    house.act(&uninvited, "cancel", json!({"notify": true})).await;
    house.act(&uninvited, "delete", json!({})).await;
    house.settle().await;
    let kinds: Vec<String> = house.letters_to(GIL).await.into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["invite", "cancellation", "cancellation"]);
    assert_eq!(house.calendar_of(GIL).await.entries(), []);
}

#[tokio::test]
async fn a_deletion_of_what_has_changed_since_it_was_read_is_refused() {
    let house = House::new().await;
    let session = house.schedule("2026-12-03T12:00", json!({})).await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-04T12:00"})).await;
    let delete = |tag: &'static str| {
        let (path, ada) = (format!("{}/delete", path(&session)), &house.ada);
        async move { ada.send(Method::POST, &path, &[("if-match", tag)], Some(&json!({}))).await }
    };
    delete("\"1\"").await.refused(412, "outdated");
    let deleted = delete("\"2\"").await.expect(200).body;
    assert_eq!(deleted["starts_at"].as_str().map(at), Some(at("2026-12-04T19:00:00Z")));
    assert_eq!(listed(&house).await, [""; 0]);
}
