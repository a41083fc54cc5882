//! Services, rooms, locations, practitioners and the practice itself.

use hourkeep_tests::House;
use serde_json::{Value, json};

fn has(list: &Value, id: &str) -> bool {
    list["items"].as_array().unwrap().iter().any(|item| item["id"] == id)
}

/// Makes, shows, lists, changes, deactivates and brings back a record.
async fn live(house: &House, path: &str, new: Value, change: Value) {
    let ada = &house.ada;
    let made = ada.post(path, new.clone()).await.expect(201);
    let id = made.text_of("/id");
    let one = format!("{path}/{id}");
    for (field, value) in new.as_object().unwrap() {
        assert_eq!(&made.body[field], value, "{path} {field}");
    }
    assert_eq!((&made.body["revision"], &made.body["active"]), (&json!(1), &json!(true)), "{path}");
    assert_eq!(ada.get(&one).await.expect(200).body, made.body, "{path}");
    assert!(has(&ada.get(path).await.expect(200).body, &id), "{path}");

    let changed = ada.patch(&one, change.clone()).await.expect(200);
    for (field, before) in made.body.as_object().unwrap() {
        let expected = if field == "revision" { json!(2) } else { change.get(field).unwrap_or(before).clone() };
        assert_eq!(changed.body[field], expected, "{path} {field}");
    }
    ada.patch(&one, change).await.refused(409, "nothing-to-do");

    ada.patch(&one, json!({"active": false})).await.expect(200);
    assert!(!has(&ada.get(path).await.expect(200).body, &id), "{path} lists what is deactivated");
    assert!(has(&ada.get(&format!("{path}?include_inactive=true")).await.expect(200).body, &id), "{path}");
    assert_eq!(ada.get(&one).await.expect(200).body["active"], false);
    ada.patch(&one, json!({"active": true})).await.expect(200);
    assert!(has(&ada.get(path).await.expect(200).body, &id), "{path}");
}

#[tokio::test]
async fn a_service_lives_and_rests() {
    let new = json!({"code": "90834", "name": "Psychotherapy, 45 minutes", "price_minor": 12_000, "length_minutes": 45});
    live(&House::new().await, "/v1/services", new, json!({"price_minor": 12_500, "length_minutes": null})).await;
}

#[tokio::test]
async fn a_room_lives_and_rests() {
    live(&House::new().await, "/v1/rooms", json!({"name": "Red room", "kind": "in_person"}), json!({"name": "Rose room"})).await;
}

#[tokio::test]
async fn a_location_lives_and_rests() {
    let new = json!({"name": "Harbour Street", "place_of_service": "11"});
    live(&House::new().await, "/v1/locations", new, json!({"place_of_service": "49"})).await;
}

#[tokio::test]
async fn a_practitioner_lives_and_rests() {
    let hours =
        json!([{"weekday": "mon", "from": "09:00", "until": "12:00"}, {"weekday": "mon", "from": "13:00", "until": "17:00"}]);
    let new = json!({"name": "Cleo", "email": "cleo@demo.test", "time_zone": "Asia/Kathmandu", "weekly_hours": hours});
    live(&House::new().await, "/v1/practitioners", new, json!({"time_zone": "Europe/Paris", "weekly_hours": []})).await;
}

#[tokio::test]
async fn what_is_deactivated_cannot_be_booked() {
    let house = House::new().await;
    house.ada.patch(&format!("/v1/rooms/{}", house.room_id), json!({"active": false})).await.expect(200);
    house.ada.patch(&format!("/v1/services/{}", house.service_id), json!({"active": false})).await.expect(200);
    let with = |more: Value| house.session("2026-12-08T09:00", more);
    house.ada.post("/v1/sessions", with(json!({"room_id": house.room_id}))).await.refused(422, "unknown-room");
    let services = json!({"services": [{"service_id": house.service_id}]});
    house.ada.post("/v1/sessions", with(services)).await.refused(422, "unknown-service");
    house.ada.patch(&format!("/v1/practitioners/{}", house.ada_id), json!({"active": false})).await.expect(200);
    house.ada.post("/v1/sessions", with(json!({}))).await.refused(422, "unknown-practitioner");
}

#[tokio::test]
async fn a_price_that_changes_leaves_what_is_booked_alone() {
    let house = House::new().await;
    let session = house.schedule("2026-12-08T09:00", json!({"services": [{"service_id": house.service_id}]})).await;
    let path = format!("/v1/services/{}", house.service_id);
    house.ada.patch(&path, json!({"price_minor": 99_900, "name": "Dearer"})).await.expect(200);
    let shown = house.ada.get(&format!("/v1/sessions/{}", session["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(shown["services"], session["services"]);
    assert_eq!(shown["billing"]["services_minor"], 15_000);
}

#[tokio::test]
async fn a_practitioner_without_a_zone_has_the_practices() {
    let house = House::new().await;
    let cleo = json!({"name": "Cleo", "email": "cleo@demo.test"});
    assert_eq!(house.ada.post("/v1/practitioners", cleo).await.expect(201).text_of("/time_zone"), "America/Vancouver");
}

#[tokio::test]
async fn a_practices_policies_change_one_by_one() {
    let house = House::new().await;
    let before = house.ada.get("/v1/practice").await.expect(200).body;
    let change = json!({"policies": {"due_window_minutes": 20, "sender_name": "The Harbour"}});
    let after = house.ada.patch("/v1/practice", change).await.expect(200).body;
    for (field, value) in before["policies"].as_object().unwrap() {
        let expected = match field.as_str() {
            "due_window_minutes" => json!(20),
            "sender_name" => json!("The Harbour"),
            _ => value.clone(),
        };
        assert_eq!(after["policies"][field], expected, "{field}");
    }
    let taken = house.ada.patch("/v1/practice", json!({"policies": {"sender_name": null}})).await.expect(200).body;
    assert_eq!(taken["policies"]["sender_name"], Value::Null);
    assert_eq!((&taken["revision"], &taken["slug"]), (&json!(3), &before["slug"]));
}
