//! Machines are members with credentials of their own (B23).

use hourkeep_tests::{Answer, House};
use serde_json::{Value, json};

const BILLING: &str = "3n4b5urk1ft4fl3mg5e62d9ado";

fn machine(role: &str) -> Value {
    json!({"subject": BILLING, "kind": "machine", "name": "Billing system", "role": role})
}

async fn add(house: &House, member: Value) -> Answer {
    house.ada.post("/v1/members", member).await
}

#[tokio::test]
async fn a_machine_is_added_shown_and_listed_as_one_and_everyone_else_is_a_person() {
    let house = House::new().await;
    let added = add(&house, machine("front_desk")).await.expect(201);
    assert_eq!((&added.body["kind"], &added.body["name"]), (&json!("machine"), &json!("Billing system")));
    let path = format!("/v1/members/{}", added.text_of("/id"));
    assert_eq!(house.ada.get(&path).await.expect(200).body, added.body);
    let said = json!({"subject": "gus@demo.test", "kind": "person", "name": "Gus", "role": "front_desk"});
    assert_eq!(add(&house, said).await.expect(201).body["kind"], "person");
    let members = house.ada.get("/v1/members").await.expect(200).body;
    let members = members["items"].as_array().unwrap();
    assert_eq!(members.len(), 5);
    for member in members {
        let kind = if member["subject"] == BILLING { "machine" } else { "person" };
        assert_eq!(member["kind"], kind, "{member}");
    }
}

#[tokio::test]
async fn a_machine_is_no_director_and_becomes_none() {
    let house = House::new().await;
    let refused = add(&house, machine("director")).await.refused(422, "machine-not-director");
    assert_eq!(refused.text_of("/pointer"), "/role");
    assert!(refused.text_of("/detail").contains("front_desk"), "says what to do: {}", refused.text);
    let path = format!("/v1/members/{}", add(&house, machine("front_desk")).await.expect(201).text_of("/id"));
    house.ada.patch(&path, json!({"role": "director"})).await.refused(422, "machine-not-director");
    // So it is never the one who is left, either.
    let members = house.ada.get("/v1/members").await.expect(200).body;
    let ada = members["items"].as_array().unwrap().iter().find(|member| member["subject"] == "ada@demo.test").unwrap().clone();
    let ada = format!("/v1/members/{}", ada["id"].as_str().unwrap());
    house.ada.patch(&ada, json!({"role": "front_desk"})).await.refused(409, "last-director");
}

#[tokio::test]
async fn a_machine_with_the_practitioner_role_names_the_practitioner_and_sees_their_clients_alone() {
    let house = House::new().await;
    let missing = add(&house, machine("practitioner")).await.refused(422, "invalid-field");
    assert_eq!(missing.text_of("/pointer"), "/practitioner_id");
    let mut bens = machine("practitioner");
    bens["practitioner_id"] = house.ben_id.clone().into();
    add(&house, bens).await.expect(201);
    let billing = house.sign_in(BILLING).await;
    billing.get(&format!("/v1/clients/{}", house.client_id())).await.refused(404, "not-found");
    billing.post("/v1/sessions", house.session("2026-12-08T09:00", json!({}))).await.refused(422, "client-not-assigned");
    house.ada.get(&format!("/v1/clients/{}", house.client_id())).await.expect(200);
}

#[tokio::test]
async fn what_a_member_is_never_changes() {
    let house = House::new().await;
    let path = format!("/v1/members/{}", add(&house, machine("front_desk")).await.expect(201).text_of("/id"));
    for kind in ["person", "machine"] {
        let refused = house.ada.patch(&path, json!({"kind": kind})).await.refused(422, "invalid-field");
        assert!(refused.text_of("/detail").contains("kind"), "{}", refused.text);
    }
    add(&house, machine("front_desk")).await.refused(409, "already-a-member");
    for wrong in [json!("robot"), json!(null), json!(1)] {
        let mut new = machine("front_desk");
        new["kind"] = wrong.clone();
        assert_eq!(add(&house, new).await.refused(422, "invalid-field").text_of("/pointer"), "/kind", "{wrong}");
    }
    let changed = house.ada.patch(&path, json!({"name": "Billing 2"})).await.expect(200).body;
    assert_eq!((&changed["kind"], &changed["name"]), (&json!("machine"), &json!("Billing 2")));
}

/// Its token has no claim that names a practice; it works in one, so it need not say which.
#[tokio::test]
async fn a_machine_acts_within_its_role_and_is_named_in_the_history() {
    let house = House::new().await;
    add(&house, machine("front_desk")).await.expect(201);
    let billing = house.sign_in(BILLING).await;
    let session = billing.post("/v1/sessions", by_ada(&house)).await.expect(201);
    let history = billing.get(&format!("/v1/sessions/{}/history", session.text_of("/id"))).await.expect(200);
    assert_eq!(history.text_of("/items/0/who"), "Billing system");
    assert!(history.text_of("/items/0/what").contains("Billing system"), "{}", history.text);
    for (path, body) in [("/v1/practice", json!({"name": "Taken over"})), ("/v1/members", machine("front_desk"))] {
        let method = if path == "/v1/practice" { reqwest::Method::PATCH } else { reqwest::Method::POST };
        billing.send(method, path, &[], Some(&body)).await.refused(403, "forbidden");
    }
    billing.get("/v1/members").await.refused(403, "forbidden");
    billing.get("/v1/practice/usage").await.refused(403, "forbidden");
}

fn by_ada(house: &House) -> Value {
    house.session("2026-12-08T09:00", json!({"practitioner_id": house.ada_id}))
}

#[tokio::test]
async fn a_machine_acts_in_its_own_practice_alone() {
    let house = House::new().await;
    let other = house.found("Other Clinic", "other-clinic", "olga@other.test").await;
    let own = house.ada.get("/v1/practice").await.expect(200).text_of("/id");
    add(&house, machine("front_desk")).await.expect(201);
    let billing = house.sign_in(BILLING).await;
    let naming = |practice: &str| [("hourkeep-practice", practice.to_owned())];
    for (practice, status) in [(&own, 200), (&other, 403)] {
        let headers = naming(practice);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        billing.send(reqwest::Method::GET, "/v1/practice", &headers, None).await.expect(status);
    }
    // Once the other practice has added it too, it says which it means.
    let olga = house.sign_in("olga@other.test").await;
    olga.post("/v1/members", machine("front_desk")).await.expect(201);
    billing.get("/v1/practice").await.refused(422, "several-practices");
    let headers = [("hourkeep-practice", other.as_str())];
    assert_eq!(billing.send(reqwest::Method::GET, "/v1/practice", &headers, None).await.expect(200).text_of("/id"), other);
}

#[tokio::test]
async fn a_machine_that_is_deactivated_is_refused_though_its_token_holds() {
    let house = House::new().await;
    let path = format!("/v1/members/{}", add(&house, machine("front_desk")).await.expect(201).text_of("/id"));
    let billing = house.sign_in(BILLING).await;
    billing.get("/v1/clients").await.expect(200);
    house.ada.patch(&path, json!({"active": false})).await.expect(200);
    billing.get("/v1/clients").await.refused(403, "not-a-member");
    billing.post("/v1/sessions", by_ada(&house)).await.refused(403, "not-a-member");
    house.ada.patch(&path, json!({"active": true})).await.expect(200);
    billing.post("/v1/sessions", by_ada(&house)).await.expect(201);
}
