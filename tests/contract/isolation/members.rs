//! Membership decides, not the token and not the header.

use hourkeep_tests::Person;
use reqwest::Method;
use serde_json::json;

use crate::support::Scene;

#[tokio::test]
async fn a_practice_named_in_the_header_opens_to_its_members_alone() {
    let scene = Scene::new().await;
    let there = [("hourkeep-practice", scene.practice.as_str())];
    let named = scene.olga.send(Method::GET, "/v1/practice", &there, None).await;
    named.refused(403, "not-a-member");
    let nowhere = [("hourkeep-practice", "prc_00000000000000000000000000")];
    scene.house.ada.send(Method::GET, "/v1/practice", &nowhere, None).await.refused(403, "not-a-member");
    assert_eq!(scene.house.ada.send(Method::GET, "/v1/practice", &there, None).await.expect(200).text_of("/id"), scene.practice);
}

#[tokio::test]
async fn who_works_in_two_practices_names_one() {
    let scene = Scene::new().await;
    let second = scene.house.found("Third Clinic", "third-clinic", "olga@other.test").await;
    let olga = scene.house.sign_in("olga@other.test").await;
    let refused = olga.get("/v1/practice").await.refused(422, "several-practices");
    assert_eq!(refused.body["pointer"], "header:Hourkeep-Practice");
    let first = scene.olga.get("/v1/practice").await.expect(200).text_of("/id");
    let mut practices: Vec<&str> = refused.body["practices"].as_array().unwrap().iter().filter_map(|id| id.as_str()).collect();
    practices.sort_unstable();
    let mut both = [first.as_str(), second.as_str()];
    both.sort_unstable();
    assert_eq!(practices, both);
    for practice in both {
        let headers = [("hourkeep-practice", practice)];
        assert_eq!(olga.send(Method::GET, "/v1/practice", &headers, None).await.expect(200).text_of("/id"), practice);
    }
}

#[tokio::test]
async fn everyone_is_told_where_they_work_and_whether_it_is_suspended() {
    let scene = Scene::new().await;
    let second = scene.house.found("Third Clinic", "third-clinic", "ada@demo.test").await;
    scene.house.server.platform().suspend(second.parse().unwrap(), "The bill is not paid.").await.unwrap();
    let ada = scene.house.sign_in("ada@demo.test").await;
    ada.get("/v1/practice").await.refused(422, "several-practices");
    let list = ada.get("/v1/memberships").await.expect(200).body;
    let item = |id: &str| list["items"].as_array().unwrap().iter().find(|item| item["practice_id"] == id).unwrap();
    let first = json!({
        "practice_id": scene.practice, "name": "Harbour Clinic", "slug": "harbour-clinic", "time_zone": "America/Vancouver",
        "role": "director", "practitioner_id": scene.house.ada_id, "suspended": false,
    });
    assert_eq!(item(&scene.practice), &first);
    assert_eq!((&item(&second)["time_zone"], &item(&second)["suspended"]), (&json!("Europe/Oslo"), &json!(true)));
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    // Naming one of them, or another, makes no difference.
    for practice in [&second, &scene.olga.get("/v1/practice").await.expect(200).text_of("/id")] {
        assert_eq!(ada.send(Method::GET, "/v1/memberships", &[("hourkeep-practice", practice)], None).await.expect(200).body, list);
    }
    let fay = scene.house.fay.get("/v1/memberships").await.expect(200);
    assert_eq!((fay.body.pointer("/items/0/role"), fay.body.pointer("/items/1")), (Some(&json!("front_desk")), None));
    assert_eq!(scene.former.get("/v1/memberships").await.expect(200).body, json!({"items": []}));
}

#[tokio::test]
async fn who_is_deactivated_is_refused_though_their_token_holds() {
    let scene = Scene::new().await;
    let path = format!("/v1/members/{}", scene.fay_id);
    scene.house.fay.get("/v1/clients").await.expect(200);
    scene.house.ada.patch(&path, json!({"active": false})).await.expect(200);
    scene.house.fay.get("/v1/clients").await.refused(403, "not-a-member");
    scene.house.fay.post("/v1/clients", json!({"first_name": "X"})).await.refused(403, "not-a-member");
    scene.house.ada.patch(&path, json!({"active": true})).await.expect(200);
    scene.house.fay.get("/v1/clients").await.expect(200);
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_at_once() {
    let scene = Scene::new().await;
    let path = format!("/v1/members/{}", scene.fay_id);
    scene.house.ada.patch(&path, json!({"role": "director"})).await.expect(200);
    scene.house.fay.patch("/v1/practice", json!({"name": "Fay's Clinic"})).await.expect(200);
    scene.house.ada.patch(&path, json!({"role": "front_desk"})).await.expect(200);
    scene.house.fay.patch("/v1/practice", json!({"name": "Fay's again"})).await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_token_that_is_none_of_ours_is_no_sign_in() {
    let scene = Scene::new().await;
    let url = scene.house.server.url();
    for token in ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGFAZGVtby50ZXN0In0."] {
        Person::with_token(&url, token).get("/v1/practice").await.refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_practitioner_changes_their_own_zone_and_hours_and_nothing_else() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let own = format!("/v1/practitioners/{}", house.ben_id);
    house.ben.patch(&own, json!({"time_zone": "Europe/Berlin"})).await.expect(200);
    house.ben.patch(&own, json!({"weekly_hours": []})).await.expect(200);
    for more in [json!({"name": "B"}), json!({"email": "b@demo.test"}), json!({"active": false})] {
        house.ben.patch(&own, more).await.refused(403, "forbidden");
    }
    let others = format!("/v1/practitioners/{}", house.ada_id);
    house.ben.patch(&others, json!({"time_zone": "Europe/Berlin"})).await.refused(403, "forbidden");
}
