//! A clash is named only as far as the reader may see it.

use serde_json::{Value, json};

use crate::support::{Scene, Whose};

/// Ben's client with Ben in the room, when Ada is there with hers.
fn wish(scene: &Scene, whose: Whose, more: &Value) -> Value {
    let mut body = json!({
        "clients": [{"client_id": scene.client_id(whose)}], "practitioner_id": scene.practitioner_id(whose),
        "local_start": "2026-12-08T09:00", "time_zone": "America/Vancouver", "reminders": [], "room_id": scene.house.room_id,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn to_a_practitioner_a_colleagues_session_is_an_interval_of_the_room() {
    let scene = Scene::new().await;
    let house = &scene.house;
    house.ada.post("/v1/sessions", wish(&scene, Whose::Adas, &json!({}))).await.expect(201);
    let refused = house.ben.post("/v1/sessions", wish(&scene, Whose::Bens, &json!({}))).await.refused(409, "overlap");
    let interval = json!([{
        "resource": "room", "resource_id": house.room_id,
        "starts_at": "2026-12-08T16:00:00Z", "ends_at": "2026-12-08T17:00:00Z",
        "local_start": "2026-12-08T09:00", "local_end": "2026-12-08T10:00", "time_zone": "America/Vancouver",
    }]);
    assert_eq!(refused.body["clashes"], interval);
    for secret in [house.client_id(), &house.ada_id, "Moreau", "ses_"] {
        assert!(!refused.text.contains(secret), "{secret} in {}", refused.text);
    }
}

#[tokio::test]
async fn to_the_front_desk_the_same_clash_has_a_session_and_a_client() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let session = house.ada.post("/v1/sessions", wish(&scene, Whose::Adas, &json!({}))).await.expect(201).body;
    for person in [&house.fay, &house.ada] {
        let refused = person.post("/v1/sessions", wish(&scene, Whose::Bens, &json!({}))).await.refused(409, "overlap");
        assert_eq!(refused.body["clashes"][0]["session_id"], session["id"]);
        assert_eq!(refused.body["clashes"][0]["client_ids"], json!([house.client_id()]));
    }
}

#[tokio::test]
async fn in_ones_own_calendar_a_clash_is_named_in_full() {
    let scene = Scene::new().await;
    let own = scene.house.ada.post("/v1/sessions", wish(&scene, Whose::Bens, &json!({}))).await.expect(201).body;
    let again = wish(&scene, Whose::Bens, &json!({"room_id": null}));
    let refused = scene.house.ben.post("/v1/sessions", again).await.refused(409, "overlap");
    assert_eq!(refused.body["clashes"][0]["session_id"], own["id"]);
    assert_eq!(refused.body["alternatives"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn moving_names_a_colleagues_session_no_more_than_scheduling_does() {
    let scene = Scene::new().await;
    let house = &scene.house;
    house.ada.post("/v1/sessions", wish(&scene, Whose::Adas, &json!({}))).await.expect(201);
    let own = wish(&scene, Whose::Bens, &json!({"local_start": "2026-12-08T11:00"}));
    let own = house.ben.post("/v1/sessions", own).await.expect(201).text_of("/id");
    let path = format!("/v1/sessions/{own}/reschedule");
    let refused = house.ben.post(&path, json!({"local_start": "2026-12-08T09:30"})).await.refused(409, "overlap");
    assert_eq!(
        refused.body["clashes"][0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["ends_at", "local_end", "local_start", "resource", "resource_id", "starts_at", "time_zone"]
    );
    assert!(!refused.text.contains(house.client_id()));
}

#[tokio::test]
async fn that_a_client_is_busy_elsewhere_is_said_and_nothing_more() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let both = json!({"first_name": "Both", "practitioner_ids": [house.ada_id, house.ben_id]});
    let both = house.ada.post("/v1/clients", both).await.expect(201).text_of("/id");
    let with = |whose| wish(&scene, whose, &json!({"clients": [{"client_id": both}], "room_id": null}));
    let first = house.ada.post("/v1/sessions", with(Whose::Adas)).await.expect(201).text_of("/id");
    let second = house.ben.post("/v1/sessions", with(Whose::Bens)).await.expect(201);
    let message = "The client has another appointment at that time.";
    let warnings = second.body["warnings"].as_array().unwrap();
    let said: Vec<&Value> = warnings.iter().filter(|warning| warning["type"] == "client_busy").collect();
    assert_eq!(said, [&json!({"type": "client_busy", "message": message})]);
    assert!(!second.text.contains(&first) && !second.text.contains(&house.ada_id), "{}", second.text);
}
