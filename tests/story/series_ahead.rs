//! What happens to a series while nobody asks: it is carried on, what cannot be booked is said, and its end is told of in
//! time (S7, B4, N5).

use hourkeep_tests::{CalendarProgram, House};
use serde_json::{Value, json};

use crate::home::{Home as _, at};

const GIL: &str = "gil@family.test";

async fn book(house: &House, rule: &str, more: Value) -> Value {
    let mut body = house.session("2026-12-01T06:00", more);
    body["recurrence"] = json!({"rule": rule});
    let booked = house.ada.post("/v1/series", body).await.expect(201).body;
    house.settle().await;
    booked
}

async fn show(house: &House, series: &Value) -> Value {
    house.ada.get(&format!("/v1/series/{}", series["id"].as_str().unwrap())).await.expect(200).body
}

fn count(series: &Value, field: &str) -> usize {
    series[field].as_array().unwrap().len()
}

#[tokio::test]
async fn an_open_ended_series_is_carried_on_week_by_week() {
    let house = House::new().await;
    let series = book(&house, "FREQ=WEEKLY", json!({"invite": {"send": true}})).await;
    assert_eq!((count(&series, "sessions"), &series["last_local_start"]), (54, &Value::Null));
    assert_eq!(series["made_until"], "2027-12-07T06:00");
    house.until("2026-12-22T18:00:00Z").await;
    let series = show(&house, &series).await;
    assert_eq!((count(&series, "sessions"), series["made_until"].as_str()), (57, Some("2027-12-28T06:00")));
    assert_eq!(house.mails_to(GIL).await.len(), 1, "the calendar has an entry without an end already");
    house.until("2027-01-05T18:00:00Z").await;
    let series = show(&house, &series).await;
    let places: Vec<&str> = series["sessions"].as_array().unwrap().iter().map(|s| s["place"].as_str().unwrap()).collect();
    assert_eq!((places.len(), *places.last().unwrap()), (59, "2028-01-11T06:00"), "never twice, never a gap");
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
}

#[tokio::test]
async fn a_place_that_cannot_be_booked_is_left_out_and_everyone_learns_of_it() {
    let house = House::new().await;
    let series = book(&house, "FREQ=WEEKLY", json!({"invite": {"send": true}})).await;
    house.schedule("2027-12-14T06:30", json!({})).await;
    house.until("2026-12-20T18:00:00Z").await;
    let series = show(&house, &series).await;
    assert_eq!(
        series["skipped"],
        json!([{
            "local_start": "2027-12-14T06:00", "why": "time_taken", "message": "The time is taken, so no session was booked.",
        }])
    );
    let inbox = house.ada.get("/v1/inbox").await.expect(200).body;
    let item = &inbox["items"][0];
    assert_eq!((item["kind"].as_str(), item["series_id"].as_str()), (Some("place_taken"), series["id"].as_str()));
    assert_eq!(item["local_start"], "2027-12-14T06:00");
    let mails = house.mails_to(GIL).await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1]["kind"], "cancellation");
    let mut raw = Vec::new();
    for listed in &mails {
        raw.push(house.anyone().get(listed["raw_url"].as_str().unwrap()).await.expect(200).text.into_bytes());
    }
    let snapshots = CalendarProgram::read(&raw, at("2027-12-01T00:00:00Z"), at("2027-12-31T00:00:00Z"));
    let starts = |n: usize| snapshots[n].times().iter().map(|(start, _)| start.format("%m-%d").to_string()).collect::<Vec<_>>();
    assert_eq!(starts(0), ["12-07", "12-14", "12-21", "12-28"]);
    assert_eq!(starts(1), ["12-07", "12-21", "12-28"]);
}

#[tokio::test]
async fn the_end_of_a_series_is_told_of_four_weeks_before() {
    let house = House::new().await;
    let series = book(&house, "FREQ=WEEKLY;COUNT=6", json!({})).await;
    assert_eq!(series["last_local_start"], "2027-01-05T06:00");
    house.until("2026-12-08T12:00:00Z").await;
    assert_eq!(count(&house.ada.get("/v1/inbox").await.expect(200).body, "items"), 0);
    house.until("2026-12-08T14:00:00Z").await;
    let inbox = house.ada.get("/v1/inbox").await.expect(200).body;
    assert_eq!(inbox["items"][0]["kind"], "series_ends");
    assert_eq!(inbox["items"][0]["local_start"], "2027-01-05T06:00");
    house.until("2026-12-09T16:00:00Z").await;
    assert_eq!(count(&house.ada.get("/v1/inbox").await.expect(200).body, "items"), 1, "once");
}

#[tokio::test]
async fn each_session_of_a_series_is_reminded_of_once_and_a_moved_one_at_its_new_time() {
    let house = House::new().await;
    let reminders = json!({"reminders": [{"days_before": 1, "channel": "email"}]});
    let series = book(&house, "FREQ=WEEKLY;COUNT=4", reminders).await;
    let second = series["sessions"][1]["session_id"].as_str().unwrap().to_owned();
    let moved = json!({"local_start": "2026-12-09T07:00", "scope": "this_and_following"});
    house.ada.post(&format!("/v1/sessions/{second}/reschedule"), moved).await.expect(200);
    let third = series["sessions"][2]["session_id"].as_str().unwrap().to_owned();
    house.ada.post(&format!("/v1/sessions/{third}/cancel"), json!({})).await.expect(200);
    house.until("2026-12-23T00:00:00Z").await;
    let reminders: Vec<Value> = house.mails_to(GIL).await.into_iter().filter(|mail| mail["kind"] == "reminder").collect();
    let sent: Vec<&str> = reminders.iter().map(|mail| &mail["sent_at"].as_str().unwrap()[..16]).collect();
    // The first was due before it was booked.
    assert_eq!(sent, ["2026-12-08T14:00", "2026-12-22T14:00"]);
}
