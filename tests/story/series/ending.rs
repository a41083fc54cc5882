//! Those that follow are cancelled or deleted with the one that is named.

use hourkeep_tests::House;
use serde_json::json;

use super::{book, each, following, history, nth, session, show, standing};
use crate::home::Home as _;

const GIL: &str = "gil@family.test";

#[tokio::test]
async fn cancelling_from_one_on_leaves_those_before_and_frees_the_times() {
    let house = House::new().await;
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=5"}), json!({"room_id": house.room_id})).await;
    let ended = following(&house, nth(&series, 4), "cancel", json!({"reason": "They moved away."})).await.expect(200).body;
    assert_eq!(
        (&ended["id"], &ended["status"], &ended["last_local_start"]),
        (&series["id"], &json!("standing"), &json!("2026-12-23T09:00"))
    );
    assert_eq!(standing(&house).await, ["2026-12-09T09:00", "2026-12-16T09:00", "2026-12-23T09:00"]);
    let cancelled = session(&house, nth(&series, 5)).await;
    assert_eq!((&cancelled["status"], &cancelled["cancellation"]["reason"]), (&json!("cancelled"), &json!("They moved away.")));
    house.schedule("2026-12-30T09:00", json!({"room_id": house.room_id})).await;
}

#[tokio::test]
async fn cancelling_from_the_first_on_cancels_the_series_and_nothing_follows() {
    let house = House::new().await;
    let more = json!({"invite": {"send": true}, "reminders": [{"days_before": 1, "channel": "email"}]});
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=5"}), more).await;
    house.settle().await;
    let ended = following(&house, nth(&series, 1), "cancel", json!({})).await.expect(200).body;
    assert_eq!((&ended["status"], standing(&house).await.len()), (&json!("cancelled"), 0));
    house.until("2027-01-10T00:00:00Z").await;
    let kinds: Vec<String> = house.mails_to(GIL).await.iter().map(|mail| mail["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["invite", "cancellation"], "and no reminder");
    following(&house, nth(&series, 1), "cancel", json!({})).await.refused(409, "wrong-status");
}

#[tokio::test]
async fn cancelling_the_last_with_those_that_follow_cancels_the_last_alone() {
    let house = House::new().await;
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=3"}), json!({})).await;
    following(&house, nth(&series, 3), "cancel", json!({})).await.expect(200);
    assert_eq!(standing(&house).await, ["2026-12-09T09:00", "2026-12-16T09:00"]);
}

#[tokio::test]
async fn one_alone_is_cancelled_and_the_others_stand() {
    let house = House::new().await;
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=3"}), json!({})).await;
    house.ada.post(&format!("/v1/sessions/{}/cancel", nth(&series, 2)), json!({"scope": "this"})).await.expect(200);
    assert_eq!(standing(&house).await, ["2026-12-09T09:00", "2026-12-23T09:00"]);
    let now = show(&house, &series).await;
    assert_eq!(each(&now["sessions"], "status"), ["scheduled", "cancelled", "scheduled"]);
}

#[tokio::test]
async fn a_mistake_is_deleted_with_all_that_follow_without_a_word_or_a_fee() {
    let house = House::new().await;
    let more = json!({"invite": {"send": true}, "reminders": [{"days_before": 1, "channel": "email"}]});
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=5"}), more).await;
    house.until("2026-12-10T18:00:00Z").await;
    let before = house.mails().await.len();
    let deleted = following(&house, nth(&series, 2), "delete", json!({"reason": "Entered twice"})).await.expect(200).body;
    assert_eq!(deleted["id"], series["id"]);
    assert_eq!(standing(&house).await, ["2026-12-09T09:00"]);
    house.until("2027-01-10T00:00:00Z").await;
    assert_eq!(house.mails().await.len(), before, "nobody hears of it, and nobody is reminded");
    let gone = session(&house, nth(&series, 3)).await;
    assert_eq!((&gone["status"], &gone["billing"]["fees_minor"]), (&json!("deleted"), &json!(0)));
    let told = history(&house, nth(&series, 3)).await;
    assert!(told[1].contains("deleted") && told[1].contains("Entered twice"), "{told:?}");
}
