//! Clients: their names, contacts and assignments.

use hourkeep_tests::House;
use serde_json::{Value, json};

use super::{names, pages};

async fn add(house: &House, body: Value) -> (String, Value) {
    let body = house.ada.post("/v1/clients", body).await.expect(201).body;
    (format!("/v1/clients/{}", body["id"].as_str().unwrap()), body)
}

#[tokio::test]
async fn a_name_alone_is_enough() {
    let house = House::new().await;
    for body in [json!({"first_name": "Sam"}), json!({"last_name": "Lane"})] {
        let (path, made) = add(&house, body.clone()).await;
        let (lists, name) = (made["contacts"] == json!([]) && made["practitioner_ids"] == json!([]), body.as_object().unwrap());
        assert!(lists && name.iter().all(|(field, value)| made[field] == *value), "{made}");
        assert_eq!(house.ada.get(&path).await.expect(200).body, made);
    }
    house.ada.post("/v1/clients", json!({"time_zone": "UTC"})).await.refused(422, "invalid-field");
}

#[tokio::test]
async fn a_client_keeps_a_name_when_the_other_is_taken_away() {
    let house = House::new().await;
    let (path, _) = add(&house, json!({"first_name": "Sam", "last_name": "Lane"})).await;
    let body = house.ada.patch(&path, json!({"last_name": null})).await.expect(200).body;
    assert_eq!((&body["first_name"], &body["last_name"]), (&json!("Sam"), &Value::Null));
    house.ada.patch(&path, json!({"first_name": null})).await.refused(422, "invalid-field");
}

#[tokio::test]
async fn contacts_keep_their_ids_and_who_is_left_out_goes() {
    let house = House::new().await;
    let path = format!("/v1/clients/{}", house.client_id());
    let (gil, ida) = (house.contact_id(0), house.contact_id(1));
    let contacts = json!([
        {"id": ida, "name": "Aunt Ida", "kind": "primary", "email": "ida@family.test"},
        {"name": "Neighbour Ned", "kind": "other", "phone": "+1 604 555 0100"},
        {"id": gil, "name": "Gil M.", "kind": "guardian", "email": "gil@family.test"},
    ]);
    let body = house.ada.patch(&path, json!({"contacts": contacts})).await.expect(200).body;
    let ids: Vec<&str> = body["contacts"].as_array().unwrap().iter().filter_map(|contact| contact["id"].as_str()).collect();
    assert_eq!((ids[0], ids[2], ids.len()), (ida, gil, 3));
    assert!(ids[1] != ida && ids[1] != gil);
    let fewer = json!({"contacts": [{"id": gil, "name": "Gil M.", "kind": "guardian", "email": "gil@family.test"}]});
    let body = house.ada.patch(&path, fewer).await.expect(200).body;
    assert_eq!(body["contacts"].as_array().unwrap().len(), 1);
    // Ida's id is spent.
    let back = json!({"contacts": [{"id": ida, "name": "Ida", "kind": "other"}]});
    house.ada.patch(&path, back).await.refused(422, "unknown-contact");
}

#[tokio::test]
async fn a_contact_that_keeps_its_id_can_still_be_invited_by_it() {
    let house = House::new().await;
    let path = format!("/v1/clients/{}", house.client_id());
    let moved =
        json!({"contacts": [{"id": house.contact_id(0), "name": "Gil Moreau", "kind": "guardian", "email": "new@family.test"}]});
    house.ada.patch(&path, moved).await.expect(200);
    let invite = json!({"invite": {"send": true, "recipients": [{"contact_id": house.contact_id(0)}]}});
    assert_eq!(house.schedule("2026-12-08T09:00", invite).await["recipients"][0]["email"], "new@family.test");
}

#[tokio::test]
async fn a_reassignment_moves_a_client_from_one_practitioners_list_to_anothers() {
    let house = House::new().await;
    let lists = async || {
        let of = async |id: &str| names(&pages(&house.ada, &format!("/v1/clients?search=moreau&practitioner_id={id}")).await.0);
        (of(&house.ada_id).await, of(&house.ben_id).await)
    };
    let (mia, nobody) = (vec!["Mia Moreau".to_owned()], Vec::<String>::new());
    let path = format!("/v1/clients/{}", house.client_id());
    assert_eq!(lists().await, (mia.clone(), nobody.clone()));
    house.ben.get(&path).await.refused(404, "not-found");
    house.ada.patch(&path, json!({"practitioner_ids": [house.ben_id]})).await.expect(200);
    assert_eq!(lists().await, (nobody.clone(), mia.clone()));
    assert_eq!(house.ben.get(&path).await.expect(200).text_of("/last_name"), "Moreau");
    house.ada.patch(&path, json!({"practitioner_ids": [house.ada_id, house.ben_id]})).await.expect(200);
    assert_eq!(lists().await, (mia.clone(), mia));
    house.ada.patch(&path, json!({"practitioner_ids": []})).await.expect(200);
    assert_eq!(lists().await, (nobody.clone(), nobody));
}

#[tokio::test]
async fn a_practitioners_new_client_is_theirs_and_stays_so_by_their_hand() {
    let house = House::new().await;
    let made = house.ben.post("/v1/clients", json!({"first_name": "Own"})).await.expect(201);
    assert_eq!(made.body["practitioner_ids"], json!([house.ben_id]));
    let path = format!("/v1/clients/{}", made.text_of("/id"));
    for away in [json!([]), json!([house.ada_id])] {
        house.ben.patch(&path, json!({"practitioner_ids": away})).await.refused(422, "invalid-field");
        let body = json!({"first_name": "X", "practitioner_ids": away});
        house.ben.post("/v1/clients", body).await.refused(422, "invalid-field");
    }
    house.ben.patch(&path, json!({"practitioner_ids": [house.ada_id, house.ben_id]})).await.expect(200);
}

#[tokio::test]
async fn who_is_deactivated_leaves_the_lists_and_can_come_back() {
    let house = House::new().await;
    let path = format!("/v1/clients/{}", house.client_id());
    let found = async |more: &str| pages(&house.ada, &format!("/v1/clients?search=moreau{more}")).await.0.len();
    house.ada.patch(&path, json!({"active": false})).await.expect(200);
    assert_eq!((found("").await, found("&include_inactive=true").await), (0, 1));
    assert_eq!(house.ada.get(&path).await.expect(200).body["active"], false);
    let session = house.session("2026-12-08T09:00", json!({}));
    house.ada.post("/v1/sessions", session.clone()).await.refused(422, "client-inactive");
    house.ada.patch(&path, json!({"active": true})).await.expect(200);
    assert_eq!(found("").await, 1);
    house.ada.post("/v1/sessions", session).await.expect(201);
}

#[tokio::test]
async fn a_clients_sessions_are_listed_in_order_by_pages() {
    let house = House::new().await;
    let times = ["2026-12-08T09:00", "2026-12-11T09:00", "2026-12-07T09:00", "2026-12-09T09:00", "2026-12-10T09:00"];
    for time in times {
        house.schedule(time, json!({})).await;
    }
    let (items, count) = pages(&house.ada, &format!("/v1/clients/{}/sessions?limit=2", house.client_id())).await;
    let starts: Vec<&str> = items.iter().filter_map(|item| item["starts_at"].as_str()).collect();
    assert_eq!((starts.len(), starts.is_sorted(), count), (5, true, 3));
}
