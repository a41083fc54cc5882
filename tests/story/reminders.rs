//! Reminders: once, at the right minute, and never for what is no more.

use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::home::{Home as _, house_at};

const GIL: &str = "gil@family.test";

fn days_before(days: &[i64]) -> Value {
    json!({"reminders": days.iter().map(|days| json!({"days_before": days, "channel": "email"})).collect::<Vec<_>>()})
}

/// When reminders were sent, and nothing but reminders.
async fn sent(house: &House) -> Vec<String> {
    let letters = house.letters().await;
    assert!(letters.iter().all(|letter| letter.kind == "reminder" && letter.to == GIL && letter.ics.is_none()));
    letters.iter().map(|letter| letter.sent_at.format("%FT%TZ").to_string()).collect()
}

#[tokio::test]
async fn a_reminder_goes_out_once_at_its_minute_with_invites_off_and_not_at_booking_time() {
    let house = House::new().await;
    let session = house.schedule("2026-12-03T12:00", days_before(&[2, 1])).await;
    house.settle().await;
    assert!(sent(&house).await.is_empty(), "booking sends no reminder");
    assert_eq!(session["invited"], false);
    house.until("2026-12-01T18:59:59Z").await;
    assert!(sent(&house).await.is_empty());
    house.until("2026-12-01T19:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-01T19:00:00Z"]);
    house.until("2026-12-04T19:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-01T19:00:00Z", "2026-12-02T19:00:00Z"]);
}

#[tokio::test]
async fn no_reminder_follows_a_cancellation() {
    let house = House::new().await;
    let session = house.schedule("2026-12-03T12:00", days_before(&[2, 1])).await;
    house.until("2026-12-01T20:00:00Z").await;
    house.act(&session, "cancel", json!({})).await;
    house.until("2026-12-03T21:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-01T19:00:00Z"]);
}

#[tokio::test]
async fn after_a_move_only_the_new_time_is_reminded_of() {
    let house = House::new().await;
    let session = house.schedule("2026-12-03T12:00", days_before(&[2])).await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-03T12:30"})).await;
    house.until("2026-12-03T21:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-01T19:30:00Z"]);
    assert!(house.letters().await[0].text.contains("12:30–13:30"));
}

#[tokio::test]
async fn moved_away_and_back_a_session_is_reminded_of_once() {
    let house = House::new().await;
    let session = house.schedule("2026-12-03T12:00", days_before(&[2, 1])).await;
    for local_start in ["2026-12-04T12:00", "2026-12-03T12:00"] {
        house.act(&session, "reschedule", json!({"local_start": local_start})).await;
        house.settle().await;
    }
    house.until("2026-12-01T20:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-01T19:00:00Z"]);
    for local_start in ["2026-12-04T12:00", "2026-12-03T12:00"] {
        house.act(&session, "reschedule", json!({"local_start": local_start})).await;
        house.settle().await;
    }
    house.until("2026-12-04T21:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-01T19:00:00Z", "2026-12-02T19:00:00Z"]);
}

#[tokio::test]
async fn a_client_who_allows_no_email_any_more_gets_no_reminder() {
    let house = House::new().await;
    house.schedule("2026-12-03T12:00", days_before(&[2])).await;
    let client = format!("/v1/clients/{}", house.client_id());
    house.ada.patch(&client, json!({"reminder_channels": []})).await.expect(200);
    let refused = house.session("2026-12-05T12:00", days_before(&[1]));
    house.ada.post("/v1/sessions", refused).await.refused(422, "reminder-channel-not-allowed");
    house.until("2026-12-03T21:00:00Z").await;
    assert!(sent(&house).await.is_empty());
}

#[tokio::test]
async fn changed_reminders_replace_those_that_were_set() {
    let house = House::new().await;
    let session = house.schedule("2026-12-04T12:00", days_before(&[3])).await;
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    house.ada.patch(&path, days_before(&[1, 2])).await.expect(200);
    house.until("2026-12-04T21:00:00Z").await;
    assert_eq!(sent(&house).await, ["2026-12-02T19:00:00Z", "2026-12-03T19:00:00Z"]);
}

#[tokio::test]
async fn what_is_due_within_two_minutes_is_sent_at_its_minute_too() {
    let house = house_at("2026-11-30T18:59:00Z").await;
    house.schedule("2026-12-01T12:00", days_before(&[1])).await;
    house.settle().await;
    assert!(sent(&house).await.is_empty());
    house.until("2026-11-30T19:30:01Z").await;
    assert_eq!(sent(&house).await, ["2026-11-30T19:00:00Z"]);
}

#[tokio::test]
async fn a_session_nearer_than_its_reminder_sends_none() {
    let house = House::new().await;
    house.schedule("2026-12-01T12:00", days_before(&[2, 5])).await;
    house.until("2026-12-01T21:00:00Z").await;
    assert!(sent(&house).await.is_empty());
}

#[tokio::test]
async fn a_reminder_keeps_the_wall_time_when_clocks_are_set_forward_in_between() {
    let house = house_at("2027-03-26T09:00:00Z").await;
    let paris = |local_start: &str, days: &[i64]| {
        let mut body = days_before(days);
        body["time_zone"] = json!("Europe/Paris");
        house.session(local_start, body)
    };
    house.ada.post("/v1/sessions", paris("2027-03-29T09:00", &[2, 1])).await.expect(201);
    // 02:30 the day before is skipped, so the next valid time is meant: 03:00, which is 01:00 UTC.
    house.ada.post("/v1/sessions", paris("2027-03-29T02:30", &[1])).await.expect(201);
    house.until("2027-03-29T12:00:00Z").await;
    assert_eq!(sent(&house).await, ["2027-03-27T08:00:00Z", "2027-03-28T01:00:00Z", "2027-03-28T07:00:00Z"]);
}

#[tokio::test]
async fn a_reminder_in_vancouver_follows_the_rules_of_2026() {
    let house = house_at("2027-01-12T09:00:00Z").await;
    let session = house.schedule("2027-01-15T12:00", days_before(&[2])).await;
    assert_eq!((&session["utc_offset"], &session["starts_at"]), (&json!("-07:00"), &json!("2027-01-15T19:00:00Z")));
    house.until("2027-01-15T21:00:00Z").await;
    assert_eq!(sent(&house).await, ["2027-01-13T19:00:00Z"]);
}

#[tokio::test]
async fn a_closed_session_is_not_reminded_of() {
    let house = House::new().await;
    let session = house.schedule("2026-12-03T12:00", days_before(&[2])).await;
    house.act(&session, "reschedule", json!({"local_start": "2026-11-30T09:00", "reason": "sooner"})).await;
    house.until("2026-11-30T18:00:00Z").await;
    let attended = json!({"attendance": [{"client_id": house.client_id(), "value": "attended"}]});
    house.act(&session, "outcome", attended).await;
    house.until("2026-12-03T21:00:00Z").await;
    assert!(sent(&house).await.is_empty());
}
