//! Ids of another practice mean nothing, wherever they are sent.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Scene, Whose, differences, records};

/// Olga's own practitioner, client and sessions.
struct Own {
    practitioner: String,
    client: String,
    session: String,
    of_a_series: String,
}

async fn own(scene: &Scene) -> Own {
    let practitioner = scene.olga.get("/v1/practitioners").await.expect(200).text_of("/items/0/id");
    let client = json!({"first_name": "Own", "practitioner_ids": [practitioner]});
    let client = scene.olga.post("/v1/clients", client).await.expect(201).text_of("/id");
    let body = json!({"clients": [{"client_id": client}], "local_start": "2026-12-08T09:00"});
    let session = scene.olga.post("/v1/sessions", body).await.expect(201).text_of("/id");
    let body = json!({
        "clients": [{"client_id": client}], "local_start": "2026-12-10T09:00", "recurrence": {"rule": "FREQ=WEEKLY;COUNT=3"},
    });
    let of_a_series = scene.olga.post("/v1/series", body).await.expect(201).text_of("/sessions/1/session_id");
    Own { practitioner, client, session, of_a_series }
}

#[tokio::test]
async fn ids_of_another_practice_are_unknown_in_every_body() {
    let scene = Scene::new().await;
    let own = own(&scene).await;
    let house = &scene.house;
    let schedule = |more: Value| {
        let mut body = json!({"clients": [{"client_id": own.client}], "local_start": "2026-12-09T09:00"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (Method::POST, "/v1/sessions".to_owned(), body)
    };
    let session = |method: Method, verb: &str, body: Value| (method, format!("/v1/sessions/{}{verb}", own.session), body);
    let moved = |more: Value| {
        let mut body = json!({"local_start": "2026-12-09T09:00"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        session(Method::POST, "/reschedule", body)
    };
    let recurring = |path: &str, more: Value| {
        let (method, _, mut body) = schedule(more);
        body["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=3"});
        (method, path.to_owned(), body)
    };
    let following = |method: Method, verb: &str, mut body: Value| {
        body["scope"] = "this_and_following".into();
        (method, format!("/v1/sessions/{}{verb}", own.of_a_series), body)
    };
    let contact = house.contact_id(0);
    let cases = [
        (schedule(json!({"clients": [{"client_id": house.client_id()}]})), "unknown-client"),
        (schedule(json!({"practitioner_id": house.ada_id})), "unknown-practitioner"),
        (schedule(json!({"services": [{"service_id": house.service_id}]})), "unknown-service"),
        (schedule(json!({"room_id": house.room_id})), "unknown-room"),
        (schedule(json!({"location_id": scene.location_id})), "unknown-location"),
        (schedule(json!({"invite": {"send": true, "recipients": [{"contact_id": contact}]}})), "unknown-contact"),
        (recurring("/v1/series", json!({"clients": [{"client_id": house.client_id()}]})), "unknown-client"),
        (recurring("/v1/series", json!({"practitioner_id": house.ada_id})), "unknown-practitioner"),
        (recurring("/v1/series", json!({"services": [{"service_id": house.service_id}]})), "unknown-service"),
        (recurring("/v1/series", json!({"room_id": house.room_id})), "unknown-room"),
        (recurring("/v1/series", json!({"location_id": scene.location_id})), "unknown-location"),
        (recurring("/v1/series", json!({"invite": {"send": true, "recipients": [{"contact_id": contact}]}})), "unknown-contact"),
        (recurring("/v1/series/preview", json!({"clients": [{"client_id": house.client_id()}]})), "unknown-client"),
        (recurring("/v1/series/preview", json!({"practitioner_id": house.ada_id})), "unknown-practitioner"),
        (recurring("/v1/series/preview", json!({"room_id": house.room_id})), "unknown-room"),
        (following(Method::PATCH, "", json!({"services": [{"service_id": house.service_id}]})), "unknown-service"),
        (following(Method::PATCH, "", json!({"location_id": scene.location_id})), "unknown-location"),
        (following(Method::POST, "/invites", json!({"recipients": [{"contact_id": contact}]})), "unknown-contact"),
        (
            following(Method::POST, "/reschedule", json!({"local_start": "2026-12-17T09:00", "practitioner_id": house.ada_id})),
            "unknown-practitioner",
        ),
        (
            following(Method::POST, "/reschedule", json!({"local_start": "2026-12-17T09:00", "room_id": house.room_id})),
            "unknown-room",
        ),
        (session(Method::PATCH, "", json!({"services": [{"service_id": house.service_id}]})), "unknown-service"),
        (session(Method::PATCH, "", json!({"location_id": scene.location_id})), "unknown-location"),
        (session(Method::POST, "/invites", json!({"recipients": [{"contact_id": contact}]})), "unknown-contact"),
        (moved(json!({"practitioner_id": house.ada_id})), "unknown-practitioner"),
        (moved(json!({"room_id": house.room_id})), "unknown-room"),
        (
            (Method::POST, "/v1/clients".into(), json!({"first_name": "X", "practitioner_ids": [house.ada_id]})),
            "unknown-practitioner",
        ),
        (
            (Method::PATCH, format!("/v1/clients/{}", own.client), json!({"practitioner_ids": [own.practitioner, house.ada_id]})),
            "unknown-practitioner",
        ),
        (
            (
                Method::PATCH,
                format!("/v1/clients/{}", own.client),
                json!({"contacts": [{"id": contact, "name": "X", "kind": "other"}]}),
            ),
            "unknown-contact",
        ),
        (
            (
                Method::POST,
                "/v1/members".into(),
                json!({"subject": "x", "name": "X", "role": "practitioner", "practitioner_id": house.ada_id}),
            ),
            "unknown-practitioner",
        ),
    ];
    let before = records(house).await;
    for ((method, path, body), problem) in cases {
        scene.olga.send(method, &path, &[], Some(&body)).await.refused(422, problem);
    }
    assert_eq!(differences(&before, &records(house).await), [""; 0]);
}

#[tokio::test]
async fn an_outcome_of_another_practices_client_is_of_nobody_in_the_session() {
    let scene = Scene::new().await;
    let session = scene.session(Whose::Adas, "2026-11-30T08:00").await;
    let path = format!("/v1/sessions/{}/outcome", session["id"].as_str().unwrap());
    let client = scene.olga.post("/v1/clients", json!({"first_name": "Own"})).await.expect(201).text_of("/id");
    let body = json!({"attendance": [{"client_id": client, "value": "attended"}]});
    scene.house.ada.post(&path, body).await.refused(422, "not-a-participant");
}

#[tokio::test]
async fn a_filter_by_a_practitioner_of_another_practice_finds_nothing() {
    let scene = Scene::new().await;
    let found = scene.olga.get(&format!("/v1/clients?practitioner_id={}", scene.house.ada_id)).await.expect(200);
    assert_eq!(found.body["items"], json!([]));
}

#[tokio::test]
async fn a_cursor_of_another_practice_leads_nowhere_but_in_ones_own() {
    let scene = Scene::new().await;
    let page = scene.house.ada.get("/v1/clients?limit=1").await.expect(200);
    let cursor = page.text_of("/next_cursor");
    let found = scene.olga.get(&format!("/v1/clients?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(found.body["items"], json!([]));
}

#[tokio::test]
async fn the_same_sign_in_of_another_practice_is_another_member() {
    let scene = Scene::new().await;
    // Fay's id names her sign-in, which may be a member elsewhere too: what Olga sees and changes is her own record.
    let path = format!("/v1/members/{}", scene.fay_id);
    scene.olga.get(&path).await.refused(404, "not-found");
    let member = json!({"subject": "fay@demo.test", "name": "Fay Elsewhere", "role": "front_desk"});
    scene.olga.post("/v1/members", member).await.expect(201);
    assert_eq!(scene.olga.get(&path).await.expect(200).text_of("/name"), "Fay Elsewhere");
    scene.olga.patch(&path, json!({"active": false})).await.expect(200);
    let here = scene.house.ada.get(&path).await.expect(200).body;
    assert_eq!((here["name"].as_str(), here["active"].as_bool()), (Some("Fay Fournier"), Some(true)));
    scene.house.fay.get("/v1/practice").await.expect(200);
}
