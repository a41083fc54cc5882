//! What one may not see is not there.

use serde_json::json;

use crate::support::{Scene, Whose, differences, records};

#[tokio::test]
async fn a_session_that_one_may_not_see_is_as_absent_as_one_that_never_was() {
    let scene = Scene::new().await;
    let ben = &scene.house.ben;
    let hidden = scene.session(Whose::Adas, "2026-12-08T09:00").await;
    let hidden = hidden["id"].as_str().unwrap();
    let absent = "ses_00000000000000000000000000";
    let third = json!({"name": "Cleo", "email": "cleo@demo.test"});
    let third = scene.house.ada.post("/v1/practitioners", third).await.expect(201).text_of("/id");
    let requests = [
        ("/reschedule", json!({"local_start": "2026-12-09T09:00"})),
        ("/reschedule", json!({"local_start": "2026-12-09T09:00", "practitioner_id": scene.house.ben_id})),
        ("/reschedule", json!({"local_start": "2026-12-09T09:00", "practitioner_id": third})),
        ("/cancel", json!({})),
        ("/delete", json!({})),
        ("/invites", json!({})),
        ("/outcome", json!({"progress": "completed"})),
        ("/reschedule", json!({"local_start": "2026-12-09T09:00", "scope": "this_and_following"})),
        ("/cancel", json!({"scope": "this_and_following"})),
        ("/delete", json!({"scope": "this_and_following"})),
        ("/invites", json!({"scope": "this_and_following"})),
    ];
    for (verb, body) in requests {
        let [one, other] = [hidden, absent].map(|id| format!("/v1/sessions/{id}{verb}"));
        let (one, other) = (ben.post(&one, body.clone()).await, ben.post(&other, body.clone()).await);
        assert_eq!((one.status, one.text), (other.status, other.text), "{verb} {body}");
        assert_eq!(other.status, 404);
    }
    for path in [format!("/v1/sessions/{hidden}"), format!("/v1/sessions/{hidden}/history")] {
        ben.get(&path).await.refused(404, "not-found");
    }
    ben.patch(&format!("/v1/sessions/{hidden}"), json!({"instructions": "x"})).await.refused(404, "not-found");
    // Not even a revision that is right or wrong tells that it is there.
    for tag in ["\"1\"", "\"9\""] {
        let path = format!("/v1/sessions/{hidden}/cancel");
        let answer = ben.send(reqwest::Method::POST, &path, &[("if-match", tag)], Some(&json!({}))).await;
        answer.refused(404, "not-found");
    }
}

#[tokio::test]
async fn to_a_practitioner_a_client_of_others_is_like_none_at_all() {
    let scene = Scene::new().await;
    let house = &scene.house;
    house.ada.patch(&format!("/v1/clients/{}", house.client_id()), json!({"active": false})).await.expect(200);
    let body =
        |client: &str| json!({"clients": [{"client_id": client}], "local_start": "2026-12-09T09:00", "invite": {"send": true}});
    let absent = "cli_00000000000000000000000000";
    let hidden = house.ben.post("/v1/sessions", body(house.client_id())).await.refused(422, "client-not-assigned");
    let none = house.ben.post("/v1/sessions", body(absent)).await.refused(422, "client-not-assigned");
    assert_eq!(hidden.text, none.text);
    assert!(hidden.text_of("/detail").contains("Assign the client first"), "{}", hidden.text);
}

#[tokio::test]
async fn an_unassigned_client_is_refused_whoever_acts() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let before = records(house).await;
    for person in [&house.ada, &house.fay] {
        let body = house.session("2026-12-09T09:00", json!({"practitioner_id": house.ben_id}));
        person.post("/v1/sessions", body).await.refused(422, "client-not-assigned");
    }
    assert_eq!(differences(&before, &records(house).await), [""; 0]);
}

#[tokio::test]
async fn a_practitioner_schedules_in_their_own_calendar_alone() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let both = json!({"practitioner_ids": [house.ada_id, house.ben_id]});
    house.ada.patch(&format!("/v1/clients/{}", house.client_id()), both).await.expect(200);
    let body = house.session("2026-12-09T09:00", json!({"practitioner_id": house.ada_id}));
    house.ben.post("/v1/sessions", body).await.refused(403, "forbidden");
    let own = house.session("2026-12-09T09:00", json!({}));
    let own = house.ben.post("/v1/sessions", own).await.expect(201);
    assert_eq!(own.text_of("/practitioner_id"), house.ben_id);
    let path = format!("/v1/sessions/{}/reschedule", own.text_of("/id"));
    let away = json!({"local_start": "2026-12-09T11:00", "practitioner_id": house.ada_id});
    house.ben.post(&path, away).await.refused(403, "forbidden");
}

#[tokio::test]
async fn who_treated_a_client_still_sees_their_own_session_and_is_told_who_may_change_it() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let session = scene.session(Whose::Bens, "2026-12-08T09:00").await;
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let client = format!("/v1/clients/{}", scene.client_id(Whose::Bens));
    house.ada.patch(&client, json!({"practitioner_ids": [house.ada_id]})).await.expect(200);
    house.ben.get(&path).await.expect(200);
    house.ben.get(&client).await.refused(404, "not-found");
    house.ben.post(&format!("{path}/cancel"), json!({})).await.refused(403, "forbidden");
    house.fay.post(&format!("{path}/cancel"), json!({})).await.expect(200);
}
