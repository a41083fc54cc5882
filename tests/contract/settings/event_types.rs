//! Kinds of calendar entries (T2, T3), and what sessions take from them.

use hourkeep_tests::House;
use serde_json::{Value, json};

async fn types(house: &House) -> Vec<Value> {
    house.ada.get("/v1/event-types").await.expect(200).body["items"].as_array().unwrap().clone()
}

fn id_of(types: &[Value], name: &str) -> String {
    types.iter().find(|of| of["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_practice_begins_with_the_usual_ones_in_the_usual_colours() {
    let house = House::new().await;
    let shown: Vec<_> =
        types(&house).await.iter().map(|of| format!("{} {} {}", of["name"], of["category"], of["colour"])).collect();
    assert_eq!(
        shown,
        [
            r#""Session" "client" "blue""#,
            r#""Video session" "video" "pink""#,
            r#""Work for a client" "client" "blue""#,
            r#""Team meeting" "team" "purple""#,
            r#""Busy" "non_client" "orange""#,
            r#""Note" "non_client" "orange""#,
        ]
    );
}

#[tokio::test]
async fn one_is_made_changed_retired_and_brought_back() {
    let house = House::new().await;
    let made = house.fay.post("/v1/event-types", json!({"name": "Assessment", "category": "client", "length_minutes": 90})).await;
    let made = made.expect(201);
    let path = format!("/v1/event-types/{}", made.text_of("/id"));
    assert_eq!((&made.body["colour"], &made.body["icon"], &made.body["direct"]), (&json!("blue"), &json!("person"), &json!(true)));
    let changed = house.fay.patch(&path, json!({"colour": "teal", "length_minutes": null})).await.expect(200).body;
    assert_eq!((&changed["colour"], &changed["length_minutes"], &changed["revision"]), (&json!("teal"), &Value::Null, &json!(2)));
    house.fay.patch(&path, json!({"colour": "teal"})).await.refused(409, "nothing-to-do");
    house.fay.patch(&path, json!({"active": false})).await.expect(200);
    assert_eq!(types(&house).await.len(), 6);
    assert_eq!(house.ada.get("/v1/event-types?include_inactive=true").await.expect(200).body["items"].as_array().unwrap().len(), 7);
    house.fay.patch(&path, json!({"active": true})).await.expect(200);
    assert_eq!(types(&house).await.len(), 7);
    let practice = house.ada.patch("/v1/practice", json!({"name": "Harbour House"})).await.expect(200);
    assert_eq!(practice.text_of("/name"), "Harbour House");
    assert_eq!(types(&house).await.len(), 7, "they outlive a change of the practice");
}

#[tokio::test]
async fn the_seventh_for_clients_is_refused_and_the_limit_says_so() {
    let house = House::new().await;
    let new = |n: usize| json!({"name": format!("More {n}"), "category": "video"});
    for n in 0..3 {
        house.ada.post("/v1/event-types", new(n)).await.expect(201);
    }
    let refused = house.ada.post("/v1/event-types", new(3)).await.refused(422, "limit-reached");
    assert_eq!(
        refused.text_of("/detail"),
        "A practice has at most 6 active event types for clients. Deactivate one first, or change one that there is."
    );
    house.ada.post("/v1/event-types", json!({"name": "Supervision", "category": "team"})).await.expect(201);
    house.ada.post("/v1/event-types", json!({"name": "Lunch", "category": "non_client"})).await.refused(422, "limit-reached");
}

#[tokio::test]
async fn of_many_made_at_once_no_more_are_there_than_may_be() {
    let house = House::new().await;
    let bodies: Vec<Value> = (0..8).map(|n| json!({"name": format!("At once {n}"), "category": "client"})).collect();
    let answers = futures_util::future::join_all(bodies.into_iter().map(|body| house.ada.post("/v1/event-types", body))).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 422 | 503)));
    let for_clients =
        types(&house).await.iter().filter(|of| ["client", "video"].contains(&of["category"].as_str().unwrap())).count();
    assert!(for_clients <= 6, "{for_clients}");
}

#[tokio::test]
async fn a_session_takes_length_service_and_presence_from_its_type_unless_someone_says_otherwise() {
    let house = House::new().await;
    let report = json!({
        "name": "Report", "category": "client", "direct": false, "length_minutes": 25, "service_id": house.service_id,
    });
    let report = house.ada.post("/v1/event-types", report).await.expect(201).text_of("/id");
    let session = house.schedule("2026-12-08T06:00", json!({"event_type_id": report})).await;
    assert_eq!((&session["length_minutes"], &session["direct"], &session["busy"]), (&json!(25), &json!(false), &json!(true)));
    assert_eq!(session["services"][0]["service_id"], house.service_id.as_str());
    assert_eq!(session["event_type_id"], report.as_str());
    let otherwise = json!({"event_type_id": report, "length_minutes": 40, "direct": true, "services": []});
    let otherwise = house.schedule("2026-12-08T07:00", otherwise).await;
    assert_eq!(
        (&otherwise["length_minutes"], &otherwise["direct"], &otherwise["services"]),
        (&json!(40), &json!(true), &json!([]))
    );
    let calendar = house.ada.get("/v1/calendar?from=2026-12-08&to=2026-12-09").await.expect(200).body;
    assert!(calendar["items"].as_array().unwrap().iter().all(|entry| entry["event_type_id"] == report.as_str()));
}

#[tokio::test]
async fn a_type_that_is_retired_without_clients_or_nobodys_is_refused_and_a_session_keeps_its_own() {
    let house = House::new().await;
    let all = types(&house).await;
    let (session_type, note) = (id_of(&all, "Session"), id_of(&all, "Note"));
    let schedule = |of: &str| house.session("2026-12-08T06:00", json!({"event_type_id": of}));
    house.ada.post("/v1/sessions", schedule(&note)).await.refused(422, "wrong-event-type");
    let nobodys = "typ_00000000000000000000000000";
    let refused = house.ada.post("/v1/sessions", schedule(nobodys)).await.refused(422, "unknown-event-type");
    assert_eq!(refused.body["pointer"], "/event_type_id");
    let session = house.ada.post("/v1/sessions", schedule(&session_type)).await.expect(201);
    let path = format!("/v1/sessions/{}", session.text_of("/id"));
    house.ada.patch(&format!("/v1/event-types/{session_type}"), json!({"active": false})).await.expect(200);
    house
        .ada
        .post("/v1/sessions", house.session("2026-12-09T06:00", json!({"event_type_id": session_type})))
        .await
        .refused(422, "unknown-event-type");
    house.ada.patch(&path, json!({"event_type_id": session_type})).await.refused(409, "nothing-to-do");
    let video = id_of(&all, "Video session");
    assert_eq!(house.ada.patch(&path, json!({"event_type_id": video})).await.expect(200).text_of("/event_type_id"), video);
    let calendar = house.ada.get("/v1/calendar?from=2026-12-08&to=2026-12-09").await.expect(200).body;
    assert_eq!(calendar["items"][0]["event_type_id"], video.as_str());
}

#[tokio::test]
async fn what_leaves_the_time_free_is_in_nothings_way_and_stays_so() {
    let house = House::new().await;
    let free = house.ada.post("/v1/event-types", json!({"name": "Standby", "category": "client", "busy": false})).await.expect(201);
    let free = free.text_of("/id");
    let first = house.schedule("2026-12-08T06:00", json!({"event_type_id": free})).await;
    assert_eq!(first["busy"], false);
    house.schedule("2026-12-08T06:00", json!({})).await;
    house.schedule("2026-12-08T06:00", json!({"event_type_id": free})).await;
    house.ada.post("/v1/sessions", house.session("2026-12-08T06:00", json!({}))).await.refused(409, "overlap");
    let busy = id_of(&types(&house).await, "Session");
    let path = format!("/v1/sessions/{}", first["id"].as_str().unwrap());
    house.ada.patch(&path, json!({"event_type_id": busy})).await.refused(422, "wrong-event-type");
}

#[tokio::test]
async fn a_series_is_of_a_type_and_so_are_its_sessions() {
    let house = House::new().await;
    let all = types(&house).await;
    let (video, plain) = (id_of(&all, "Video session"), id_of(&all, "Session"));
    let mut body = house.session("2026-12-08T06:00", json!({"event_type_id": video}));
    body["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=4"});
    let series = house.ada.post("/v1/series", body).await.expect(201).body;
    let second = series["sessions"][1]["session_id"].as_str().unwrap();
    let path = format!("/v1/sessions/{second}");
    assert_eq!(house.ada.get(&path).await.expect(200).text_of("/event_type_id"), video);
    let following = json!({"event_type_id": plain, "scope": "this_and_following"});
    house.ada.patch(&path, following).await.expect(200);
    let of = async |n: usize| {
        let id = series["sessions"][n]["session_id"].as_str().unwrap();
        house.ada.get(&format!("/v1/sessions/{id}")).await.expect(200).text_of("/event_type_id")
    };
    assert_eq!([of(0).await, of(1).await, of(3).await], [video, plain.clone(), plain]);
}
