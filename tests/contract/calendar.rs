//! Calendars of practitioners and rooms, and when they are free (T1, N1).

use hourkeep_tests::House;
use reqwest::Method;
use serde_json::{Value, json};

const WEEK: &str = "from=2027-02-08&to=2027-02-15";

#[tokio::test]
async fn a_room_has_a_calendar_that_says_whose_each_session_is() {
    let house = House::new().await;
    let session = house.schedule("2027-02-09T06:00", json!({"room_id": house.room_id})).await;
    house.schedule("2027-02-09T08:00", json!({})).await;
    let path = format!("/v1/calendar?{WEEK}&room_id={}", house.room_id);
    let calendar = house.fay.get(&path).await.expect(200).body;
    assert_eq!((&calendar["room_id"], &calendar["practitioner_id"]), (&json!(house.room_id), &Value::Null));
    let items = calendar["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["session_id"], &items[0]["practitioner_id"]), (&session["id"], &json!(house.ada_id)));
    assert_eq!(items[0]["room_id"], house.room_id.as_str());
    let own = house.ada.get(&format!("/v1/calendar?{WEEK}")).await.expect(200).body;
    assert_eq!(own["items"][0]["room_id"], house.room_id.as_str(), "and a practitioner's says where it is");
    let seen = house.ben.get(&path).await.expect(200);
    assert_eq!(seen.body["items"][0]["busy"], true);
    for secret in [session["id"].as_str().unwrap(), house.client_id(), house.ada_id.as_str(), "ses_", "cli_", "scheduled"] {
        assert!(!seen.text.contains(secret), "a colleague is told only that it is busy, not {secret}: {}", seen.text);
    }
}

#[tokio::test]
async fn a_virtual_room_has_none_and_a_practitioner_and_a_room_are_two_calendars() {
    let house = House::new().await;
    let room = house.ada.post("/v1/rooms", json!({"name": "Meeting", "kind": "virtual"})).await.expect(201).text_of("/id");
    let refused = house.ada.get(&format!("/v1/calendar?{WEEK}&room_id={room}")).await.refused(400, "invalid-request");
    assert_eq!(refused.body["pointer"], "query:room_id");
    let both = format!("/v1/calendar?{WEEK}&room_id={}&practitioner_id={}", house.room_id, house.ada_id);
    house.ada.get(&both).await.refused(400, "invalid-request");
    house.ada.get(&format!("/v1/calendar?{WEEK}&room_id=rom_00000000000000000000000000")).await.refused(404, "not-found");
}

#[tokio::test]
async fn names_are_answered_where_they_are_asked_for_and_only_of_ones_own_clients() {
    let house = House::new().await;
    house.schedule("2027-02-09T06:00", json!({})).await;
    let path = format!("/v1/calendar?{WEEK}");
    assert_eq!(house.ada.get(&path).await.expect(200).body.get("clients"), None);
    let named = house.ada.get(&format!("{path}&names=true")).await.expect(200).body;
    assert_eq!(named["clients"][0]["id"], house.client_id());
    assert!(named["clients"][0]["last_name"].is_string());
    let other = house.ben.get(&format!("{path}&names=true&practitioner_id={}", house.ada_id)).await.expect(200).body;
    assert_eq!(other["clients"], json!([]));
}

#[tokio::test]
async fn whoever_asks_again_is_told_in_a_word_that_nothing_is_new() {
    let house = House::new().await;
    house.schedule("2027-02-09T06:00", json!({})).await;
    let path = format!("/v1/calendar?{WEEK}");
    let tag = house.ada.get(&path).await.expect(200).etag.unwrap();
    let again = house.ada.send(Method::GET, &path, &[("if-none-match", &tag)], None).await.expect(304);
    assert_eq!((again.text.as_str(), again.etag.as_deref()), ("", Some(tag.as_str())));
    house.schedule("2027-02-09T08:00", json!({})).await;
    let changed = house.ada.send(Method::GET, &path, &[("if-none-match", &tag)], None).await.expect(200);
    assert_ne!(changed.etag.clone().unwrap(), tag);
    let several = format!("\"other\", {}", changed.etag.clone().unwrap());
    house.ada.send(Method::GET, &path, &[("if-none-match", &several)], None).await.expect(304);
}

async fn with_hours() -> House {
    let house = House::new().await;
    let day = |weekday: &str, from: &str, until: &str| json!({"weekday": weekday, "from": from, "until": until});
    let adas = json!({"weekly_hours": [day("tue", "09:00", "12:00")]});
    let bens = json!({"weekly_hours": [day("tue", "10:00", "11:30")], "time_zone": "America/Vancouver"});
    house.ada.patch(&format!("/v1/practitioners/{}", house.ada_id), adas).await.expect(200);
    house.ada.patch(&format!("/v1/practitioners/{}", house.ben_id), bens).await.expect(200);
    house
}

fn starts(answer: &Value) -> Vec<(String, String)> {
    let text = |free: &Value, field: &str| free[field].as_str().unwrap().to_owned();
    answer["items"].as_array().unwrap().iter().map(|free| (text(free, "local_start"), text(free, "practitioner_id"))).collect()
}

#[tokio::test]
async fn the_next_free_times_are_found_across_practitioners_around_what_is_taken() {
    let house = with_hours().await;
    house.schedule("2026-12-08T09:30", json!({"time_zone": "America/Vancouver"})).await;
    let free = house.fay.get("/v1/availability?from=2026-12-08&days=1&length_minutes=60").await.expect(200).body;
    let (ada, ben) = (house.ada_id.clone(), house.ben_id.clone());
    let at = |start: &str, who: &String| (format!("2026-12-08T{start}"), who.clone());
    let mut expected =
        vec![at("10:00", &ben), at("10:15", &ben), at("10:30", &ada), at("10:30", &ben), at("10:45", &ada), at("11:00", &ada)];
    expected.sort();
    let mut found = starts(&free);
    found.sort();
    assert_eq!(found, expected);
    let first = house.fay.get("/v1/availability?from=2026-12-08&days=1&length_minutes=60&limit=1").await.expect(200).body;
    assert_eq!(starts(&first), [at("10:00", &ben)]);
    let adas = format!("/v1/availability?from=2026-12-08&days=1&length_minutes=60&practitioner_id={ada}&time_zone=Europe/Berlin");
    let adas = house.ben.get(&adas).await.expect(200).body;
    assert_eq!(adas["items"][0]["local_start"], "2026-12-08T18:30", "shown in the zone that was asked for");
}

#[tokio::test]
async fn what_is_free_can_be_booked_and_is_free_no_more() {
    let house = with_hours().await;
    let path = format!("/v1/availability?practitioner_id={}&room_id={}&limit=200&days=62", house.ada_id, house.room_id);
    let first = house.ada.get(&path).await.expect(200).body["items"][0].clone();
    let more = json!({"room_id": house.room_id, "time_zone": first["time_zone"]});
    house.schedule(first["local_start"].as_str().unwrap(), more).await;
    let then = house.ada.get(&path).await.expect(200).body;
    assert!(then["items"].as_array().unwrap().iter().all(|free| free["starts_at"] != first["starts_at"]));
    for free in then["items"].as_array().unwrap().iter().take(5) {
        let booked =
            house.session(free["local_start"].as_str().unwrap(), json!({"room_id": house.room_id, "time_zone": free["time_zone"]}));
        let status = house.ada.post("/v1/sessions", booked).await.status;
        // What is offered at every step overlaps what was just booked an hour long, but nothing else.
        assert!(matches!(status, 201 | 409), "{status}");
    }
}

#[tokio::test]
async fn of_someone_without_hours_nothing_is_said_but_that() {
    let house = House::new().await;
    let new = json!({"name": "Cleo", "email": "cleo@demo.test"});
    let cleo = house.ada.post("/v1/practitioners", new).await.expect(201).text_of("/id");
    let free = house.ada.get(&format!("/v1/availability?practitioner_id={cleo}")).await.expect(200).body;
    assert_eq!((&free["items"], &free["without_hours"]), (&json!([]), &json!([cleo])));
    let all = house.ada.get("/v1/availability").await.expect(200).body;
    assert_eq!((all["items"].as_array().unwrap().len(), &all["without_hours"]), (20, &json!([cleo])));
    house.ada.get("/v1/availability?practitioner_id=prt_00000000000000000000000000").await.refused(404, "not-found");
}
