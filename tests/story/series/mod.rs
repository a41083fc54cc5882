//! Series as people book and change them: what is foreseen, what is booked of it, and what becomes of those that follow.

mod booking;
mod ending;
mod foreseeing;
mod moving;

use hourkeep_tests::{Answer, House};
use serde_json::{Value, json};

/// The body of a series of the client's with Ada, on Wednesdays at nine if nothing else is said.
fn body(house: &House, recurrence: Value, more: Value) -> Value {
    let mut body = house.session("2026-12-09T09:00", more);
    body["recurrence"] = recurrence;
    body
}

/// Ada books such a series, which succeeds.
async fn book(house: &House, recurrence: Value, more: Value) -> Value {
    house.ada.post("/v1/series", body(house, recurrence, more)).await.expect(201).body
}

/// A series as it is now.
async fn show(house: &House, series: &Value) -> Value {
    house.ada.get(&format!("/v1/series/{}", series["id"].as_str().unwrap())).await.expect(200).body
}

/// The id of the nth session, from 1.
fn nth(series: &Value, n: usize) -> &str {
    series["sessions"][n - 1]["session_id"].as_str().unwrap()
}

/// A session as it is now.
async fn session(house: &House, id: &str) -> Value {
    house.ada.get(&format!("/v1/sessions/{id}")).await.expect(200).body
}

/// Ada asks for a change of this session and all that follow it.
async fn following(house: &House, id: &str, verb: &str, mut body: Value) -> Answer {
    body["scope"] = "this_and_following".into();
    house.ada.post(&format!("/v1/sessions/{id}/{verb}"), body).await
}

/// One field of each of a list.
fn each<'v>(list: &'v Value, field: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap_or("none")).collect()
}

/// What the history of a session says, oldest first.
async fn history(house: &House, id: &str) -> Vec<String> {
    let history = house.ada.get(&format!("/v1/sessions/{id}/history")).await.expect(200).body;
    each(&history["items"], "what").into_iter().map(str::to_owned).collect()
}

/// Wall-clock starts of the client's sessions that stand, in Ada's calendar.
async fn standing(house: &House) -> Vec<String> {
    let mut starts = Vec::new();
    for month in ["2026-12-01&to=2026-12-31", "2026-12-31&to=2027-01-30", "2027-01-30&to=2027-03-01"] {
        let calendar = house.ada.get(&format!("/v1/calendar?from={month}")).await.expect(200).body;
        let own = calendar["items"].as_array().unwrap().iter().filter(|item| item["client_ids"] == json!([house.client_id()]));
        starts.extend(own.map(|item| item["local_start"].as_str().unwrap().to_owned()));
    }
    starts
}
