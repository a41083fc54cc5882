//! Those that follow are moved, changed and invited with the one that is named; what was done by hand stays.

use hourkeep_tests::House;
use serde_json::{Value, json};

use super::{book, each, following, history, nth, session, show, standing};
use crate::home::Home as _;

const GIL: &str = "gil@family.test";

async fn five(house: &House, more: Value) -> Value {
    book(house, json!({"rule": "FREQ=WEEKLY;COUNT=5"}), more).await
}

#[tokio::test]
async fn those_before_stay_and_the_rest_become_a_series_of_their_own() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    let moved = following(&house, nth(&series, 3), "reschedule", json!({"local_start": "2026-12-24T10:30"})).await.expect(200).body;
    assert_eq!((&moved["continues"], &moved["sentence"]), (&series["id"], &json!("every Thursday at 10:30, 3 times")));
    assert_eq!(each(&moved["sessions"], "session_id"), each(&series["sessions"], "session_id")[2..], "they keep their ids");
    let before = show(&house, &series).await;
    assert_eq!((&before["status"], before["sessions"].as_array().unwrap().len()), (&json!("standing"), 2));
    assert_eq!(before["last_local_start"], "2026-12-16T09:00");
    assert_eq!(
        standing(&house).await,
        ["2026-12-09T09:00", "2026-12-16T09:00", "2026-12-24T10:30", "2026-12-31T10:30", "2027-01-07T10:30"]
    );
    let told = history(&house, nth(&series, 4)).await;
    assert!(told[1].contains("moved") && told[1].contains("as one of a series"), "{told:?}");
    // The time that they left is free again.
    house.schedule("2026-12-30T09:00", json!({})).await;
}

#[tokio::test]
async fn this_alone_on_the_first_is_an_exception_and_with_those_that_follow_it_is_the_series() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    let first = nth(&series, 1).to_owned();
    let alone = json!({"local_start": "2026-12-09T11:00", "scope": "this"});
    let moved = house.ada.post(&format!("/v1/sessions/{first}/reschedule"), alone).await.expect(200).body;
    assert_eq!((&moved["id"], &moved["occurrence"]["place"]), (&json!(first), &json!("2026-12-09T09:00")));
    let now = show(&house, &series).await;
    assert_eq!(each(&now["sessions"], "local_start")[..2], ["2026-12-09T11:00", "2026-12-16T09:00"]);
    assert_eq!((&now["sessions"][0]["moved"], &now["sessions"][1]["moved"]), (&json!(true), &json!(false)));
    let all = following(&house, &first, "reschedule", json!({"local_start": "2026-12-09T12:00"})).await.expect(200).body;
    assert_eq!((&all["id"], &all["continues"]), (&series["id"], &Value::Null));
    assert_eq!(each(&all["sessions"], "local_start")[..2], ["2026-12-09T12:00", "2026-12-16T12:00"]);
}

#[tokio::test]
async fn this_and_following_on_the_last_changes_the_last_alone() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    following(&house, nth(&series, 5), "reschedule", json!({"local_start": "2027-01-06T12:00"})).await.expect(200);
    assert_eq!(
        standing(&house).await,
        ["2026-12-09T09:00", "2026-12-16T09:00", "2026-12-23T09:00", "2026-12-30T09:00", "2027-01-06T12:00"]
    );
}

#[tokio::test]
async fn what_was_moved_or_cancelled_by_hand_stays_so_unless_it_is_to_be_reset() {
    for exceptions in ["keep", "reset"] {
        let house = House::new().await;
        let series = five(&house, json!({})).await;
        let by_hand = json!({"local_start": "2026-12-24T15:00"});
        house.ada.post(&format!("/v1/sessions/{}/reschedule", nth(&series, 3)), by_hand).await.expect(200);
        house.ada.post(&format!("/v1/sessions/{}/cancel", nth(&series, 4)), json!({})).await.expect(200);
        let change = json!({"local_start": "2026-12-16T10:00", "exceptions": exceptions});
        following(&house, nth(&series, 2), "reschedule", change).await.expect(200);
        let expected: &[&str] = match exceptions {
            "keep" => &["2026-12-09T09:00", "2026-12-16T10:00", "2026-12-24T15:00", "2027-01-06T10:00"],
            _ => &["2026-12-09T09:00", "2026-12-16T10:00", "2026-12-23T10:00", "2026-12-30T10:00", "2027-01-06T10:00"],
        };
        assert_eq!(standing(&house).await, expected, "{exceptions}");
    }
}

#[tokio::test]
async fn a_new_rule_and_its_conflicts_are_decided_as_when_booking() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    house.schedule("2026-12-29T10:30", json!({})).await;
    let change = |on_conflict: Value| {
        let mut body = json!({"local_start": "2026-12-22T10:00", "rule": "FREQ=WEEKLY;COUNT=4"});
        body.as_object_mut().unwrap().extend(on_conflict.as_object().unwrap().clone());
        body
    };
    let before = standing(&house).await;
    let refused = following(&house, nth(&series, 3), "reschedule", change(json!({}))).await.refused(409, "series-conflicts");
    assert_eq!(each(&refused.body["taken"], "local_start"), ["2026-12-29T10:00"]);
    assert_eq!(standing(&house).await, before, "nothing has moved");
    let moved = following(&house, nth(&series, 3), "reschedule", change(json!({"on_conflict": "skip"}))).await.expect(200).body;
    assert_eq!(moved["sentence"], "every Tuesday at 10:00, 4 times");
    assert_eq!(each(&moved["skipped"], "local_start"), ["2026-12-29T10:00"]);
    let stands: Vec<&Value> = moved["sessions"].as_array().unwrap().iter().filter(|s| s["status"] == "scheduled").collect();
    assert_eq!(
        stands.iter().map(|s| s["local_start"].as_str().unwrap()).collect::<Vec<_>>(),
        ["2026-12-22T10:00", "2027-01-05T10:00", "2027-01-12T10:00"]
    );
}

#[tokio::test]
async fn an_end_is_set_later_or_taken_away_and_a_series_goes_on() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    let longer = json!({"local_start": "2026-12-23T09:00", "rule": "FREQ=WEEKLY;COUNT=6"});
    let longer = following(&house, nth(&series, 3), "reschedule", longer).await.expect(200).body;
    assert_eq!((&longer["id"], &longer["last_local_start"]), (&series["id"], &json!("2027-01-27T09:00")));
    assert_eq!(standing(&house).await.len(), 8);
    let endless = json!({"local_start": "2026-12-23T09:00", "rule": "FREQ=WEEKLY"});
    let endless = following(&house, nth(&series, 3), "reschedule", endless).await.expect(200).body;
    assert_eq!((&endless["id"], &endless["last_local_start"]), (&series["id"], &Value::Null));
    let shorter = json!({"local_start": "2026-12-23T09:00", "rule": "FREQ=WEEKLY;UNTIL=20261231"});
    following(&house, nth(&series, 3), "reschedule", shorter).await.expect(200);
    assert_eq!(standing(&house).await, ["2026-12-09T09:00", "2026-12-16T09:00", "2026-12-23T09:00", "2026-12-30T09:00"]);
}

#[tokio::test]
async fn what_is_over_never_changes() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    house.until("2026-12-17T00:00:00Z").await;
    let refused = following(&house, nth(&series, 2), "reschedule", json!({"local_start": "2026-12-18T09:00"})).await;
    assert!(refused.refused(409, "wrong-status").text_of("/detail").contains("Begin with a later one"));
    following(&house, nth(&series, 3), "reschedule", json!({"local_start": "2026-12-24T09:00"})).await.expect(200);
    assert_eq!(standing(&house).await[..3], ["2026-12-09T09:00", "2026-12-16T09:00", "2026-12-24T09:00"]);
}

#[tokio::test]
async fn those_that_follow_are_corrected_but_for_what_was_corrected_by_hand() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    let patch = |id: &str, body: Value| {
        let path = format!("/v1/sessions/{id}");
        let ada = house.ada.clone();
        async move { ada.patch(&path, body).await.expect(200).body }
    };
    patch(nth(&series, 4), json!({"instructions": "Bring the form."})).await;
    let services = json!([{"service_id": house.service_id}]);
    let all = json!({"instructions": "Ring twice.", "services": services, "scope": "this_and_following"});
    let changed = patch(nth(&series, 2), all).await;
    assert_eq!(changed["instructions"], "Ring twice.");
    for (n, instructions, prices) in [
        (1, Value::Null, 0),
        (2, json!("Ring twice."), 1),
        (3, json!("Ring twice."), 1),
        (4, json!("Bring the form."), 1),
        (5, json!("Ring twice."), 1),
    ] {
        let now = session(&house, nth(&series, n)).await;
        assert_eq!((&now["instructions"], now["services"].as_array().unwrap().len()), (&instructions, prices), "{n}");
    }
}

#[tokio::test]
async fn invites_are_sent_for_those_that_follow_in_one_mail() {
    let house = House::new().await;
    let series = five(&house, json!({})).await;
    house.settle().await;
    assert_eq!(house.mails().await.len(), 0);
    let invited = following(&house, nth(&series, 2), "invites", json!({})).await.expect(200).body;
    assert_eq!((&invited["invited"], &invited["recipients"][0]["email"]), (&json!(true), &json!(GIL)));
    house.settle().await;
    assert_eq!(house.mails_to(GIL).await.len(), 1);
    assert_eq!(session(&house, nth(&series, 1)).await["invited"], false);
    assert_eq!(session(&house, nth(&series, 5)).await["invited"], true);
    following(&house, nth(&series, 2), "invites", json!({})).await.refused(409, "nothing-to-do");
}
