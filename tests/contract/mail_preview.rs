//! A mail shown to staff before or after it is sent.

use hourkeep_tests::House;
use serde_json::{Value, json};

async fn invited(house: &House, more: Value) -> (String, String) {
    let mut body = house.session("2026-12-08T09:00", json!({"invite": {"send": true}}));
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let session = house.ada.post("/v1/sessions", body).await.expect(201);
    (format!("/v1/sessions/{}", session.text_of("/id")), session.text_of("/recipients/0/id"))
}

#[tokio::test]
async fn the_preview_of_an_invite_is_what_was_sent_but_for_the_recipients_own_link() {
    let house = House::new().await;
    let (path, recipient) = invited(&house, json!({"instructions": "Ring twice."})).await;
    let shown = house.ada.get(&format!("{path}/mail?kind=invite&recipient_id={recipient}")).await.expect(200).body;
    assert!(house.mails().await.is_empty(), "looking sends nothing");
    house.drain().await;
    let sent = house.mails().await.remove(0);
    assert_eq!((&shown["subject"], &shown["has_calendar_entry"]), (&sent["subject"], &json!(true)));
    let (shown, sent) = (shown["text"].as_str().unwrap(), sent["text"].as_str().unwrap());
    let token = sent.split_whitespace().find(|word| word.contains("/m/")).unwrap();
    assert!(!shown.contains(token) && shown.contains("/m/only-in-the-mail-itself"), "{shown}");
    let said = |text: &str, what: &str| text.contains(what);
    for what in ["Ring twice.", "Harbour Clinic", "Ada Adair"] {
        assert!(said(shown, what) && said(sent, what), "{what}");
    }
    let differing: Vec<_> = shown.lines().filter(|line| !sent.contains(*line)).collect();
    assert!(differing.iter().all(|line| line.contains("/m/")) && differing.len() == 1, "{differing:?}");
}

#[tokio::test]
async fn reminders_and_cancellations_are_shown_too() {
    let house = House::new().await;
    let (path, recipient) = invited(&house, json!({"reminders": [{"days_before": 2, "channel": "email"}]})).await;
    let shown = |kind: &str| format!("{path}/mail?kind={kind}&recipient_id={recipient}");
    let reminder = house.ada.get(&shown("reminder")).await.expect(200).text_of("/subject");
    let cancellation = house.ada.get(&shown("cancellation")).await.expect(200).text_of("/subject");
    insta::assert_snapshot!(format!("{reminder}\n{cancellation}"));
    house.ada.post(&format!("{path}/cancel"), json!({})).await.expect(200);
    house.drain().await;
    assert!(house.mails().await.iter().any(|mail| mail["subject"] == cancellation.as_str()));
}

#[tokio::test]
async fn there_is_a_mail_to_recipients_alone_and_a_reminder_where_there_is_one() {
    let house = House::new().await;
    let (path, _) = invited(&house, json!({})).await;
    house.ada.get(&format!("{path}/mail")).await.expect(200);
    house.ada.get(&format!("{path}/mail?kind=reminder")).await.refused(404, "not-found");
    let (_, nobody) = invited(&house, json!({"local_start": "2026-12-08T12:00"})).await;
    house.ada.get(&format!("{path}/mail?recipient_id={nobody}")).await.refused(404, "not-found");
    let silent = house.schedule("2026-12-08T15:00", json!({})).await;
    house.ada.get(&format!("/v1/sessions/{}/mail", silent["id"].as_str().unwrap())).await.refused(404, "not-found");
}
