//! The same request with the same key is answered alike, and a change of what someone has seen is a change of that.

use hourkeep_tests::Answer;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Request, Scene, Whose, differences, records, routes};

const KEY: &str = "idempotency-key";

async fn changes(scene: &Scene) -> Vec<(String, Request)> {
    let mut requests = Vec::new();
    for route in routes(&scene.house).await.0.iter().filter(|route| route.changes()) {
        requests.push((route.name(), scene.request(&route.method, &route.path, Whose::Adas).await));
    }
    assert!(requests.len() > 15, "{}", requests.len());
    requests
}

fn same(one: &Answer, other: &Answer) -> bool {
    (one.status, &one.etag, &one.text) == (other.status, &other.etag, &other.text)
}

async fn add_room(scene: &Scene, key: &str, name: &str) -> Answer {
    let body = json!({"name": name, "kind": "virtual"});
    scene.house.fay.send(Method::POST, "/v1/rooms", &[(KEY, key)], Some(&body)).await
}

#[tokio::test]
async fn a_repeated_change_is_answered_alike_to_the_byte_and_done_once() {
    let scene = Scene::new().await;
    for (name, request) in changes(&scene).await {
        let first = request.send(&scene.house.ada, &[(KEY, &name)]).await;
        assert!((200..300).contains(&first.status), "{name}: {}", first.text);
        let between = records(&scene.house).await;
        let again = request.send(&scene.house.ada, &[(KEY, &name)]).await;
        assert!(same(&first, &again), "{name}: {first:?} and {again:?}");
        assert_eq!(differences(&between, &records(&scene.house).await), [""; 0], "{name}");
    }
}

#[tokio::test]
async fn what_changes_nothing_takes_a_key_and_is_answered_anew() {
    let scene = Scene::new().await;
    // The first sweep notes by which rules of time zones it works.
    scene.house.advance_to("2026-11-30T15:00:01Z").await;
    let before = records(&scene.house).await;
    let ask = || scene.house.ada.send(Method::POST, "/v1/practice/exports", &[(KEY, "k")], None);
    let first = ask().await.expect(201);
    scene.house.advance_to("2026-11-30T15:01:00Z").await;
    assert_ne!(ask().await.expect(201).text_of("/url"), first.text_of("/url"));
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
    add_room(&scene, "k", "Red").await.expect(201);
    scene.house.ada.send(Method::POST, "/v1/practice/exports", &[(KEY, "k")], None).await.expect(201);
}

#[tokio::test]
async fn the_answer_is_kept_though_the_record_has_changed_since() {
    let scene = Scene::new().await;
    let first = add_room(&scene, "k", "Red room").await.expect(201);
    let path = format!("/v1/rooms/{}", first.text_of("/id"));
    scene.house.fay.patch(&path, json!({"name": "Rose room"})).await.expect(200);
    let again = add_room(&scene, "k", "Red room").await;
    assert!(same(&first, &again), "{again:?}");
}

#[tokio::test]
async fn eight_at_once_with_one_key_are_one_change() {
    let scene = Scene::new().await;
    let all = tokio::join!(
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red"),
        add_room(&scene, "k", "Red")
    );
    let all = [all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7];
    assert!(all.iter().all(|answer| answer.status == 201 && same(answer, &all[0])), "{all:?}");
    let rooms = scene.house.fay.get("/v1/rooms").await.expect(200).body;
    assert_eq!(rooms["items"].as_array().unwrap().iter().filter(|room| room["name"] == "Red").count(), 1);
}

#[tokio::test]
async fn a_key_that_comes_with_another_request_is_refused() {
    let scene = Scene::new().await;
    add_room(&scene, "k", "Red").await.expect(201);
    let before = records(&scene.house).await;
    let body = add_room(&scene, "k", "Blue").await.refused(422, "idempotency-key-reused");
    assert_eq!(body.body["pointer"], "header:Idempotency-Key");
    let red = json!({"name": "Red", "kind": "virtual"});
    let requests = [
        (Method::POST, "/v1/services", json!({"code": "1", "name": "Red", "price_minor": 1})),
        (Method::POST, "/v1/clients", json!({"first_name": "Red"})),
    ];
    for (method, path, body) in requests {
        scene.house.fay.send(method, path, &[(KEY, "k")], Some(&body)).await.refused(422, "idempotency-key-reused");
    }
    // The bytes count, not what they mean.
    let spaced = red.to_string().replace(':', ": ").into_bytes();
    let answer = scene.house.fay.send_bytes(Method::POST, "/v1/rooms", &[(KEY, "k")], Some(spaced)).await;
    answer.refused(422, "idempotency-key-reused");
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
}

#[tokio::test]
async fn a_refusal_is_not_kept_but_decided_anew() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let body = house.session("2026-12-08T09:00", json!({"practitioner_id": house.ben_id}));
    let ask = || house.fay.send(Method::POST, "/v1/sessions", &[(KEY, "k")], Some(&body));
    ask().await.refused(422, "client-not-assigned");
    let both = json!({"practitioner_ids": [house.ada_id, house.ben_id]});
    house.ada.patch(&format!("/v1/clients/{}", house.client_id()), both).await.expect(200);
    let first = ask().await.expect(201);
    assert!(same(&first, &ask().await));
}

#[tokio::test]
async fn the_same_key_of_another_person_is_another_key() {
    let scene = Scene::new().await;
    let body = json!({"name": "Red", "kind": "virtual"});
    let mut ids: Vec<String> = Vec::new();
    for person in [&scene.house.fay, &scene.house.ada, &scene.olga] {
        let answer = person.send(Method::POST, "/v1/rooms", &[(KEY, "k")], Some(&body)).await.expect(201);
        ids.push(answer.text_of("/id"));
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    let other = json!({"name": "Blue", "kind": "virtual"});
    let member = json!({"subject": "fay@demo.test", "name": "Fay", "role": "director"});
    scene.olga.post("/v1/members", member).await.expect(201);
    let there = scene.olga.get("/v1/practice").await.expect(200).text_of("/id");
    // Nor do two practices of one person share their keys.
    let headers = [(KEY, "k"), ("hourkeep-practice", &*there)];
    scene.house.fay.send(Method::POST, "/v1/rooms", &headers, Some(&other)).await.expect(201);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day_and_not_before() {
    let scene = Scene::new().await;
    let first = add_room(&scene, "k", "Red").await.expect(201);
    scene.house.advance_to("2026-12-01T14:59:59Z").await;
    assert!(same(&first, &add_room(&scene, "k", "Red").await));
    add_room(&scene, "k", "Blue").await.refused(422, "idempotency-key-reused");
    scene.house.advance_to("2026-12-01T15:00:00Z").await;
    let second = add_room(&scene, "k", "Blue").await.expect(201);
    assert_ne!(first.text_of("/id"), second.text_of("/id"));
    assert!(same(&second, &add_room(&scene, "k", "Blue").await));
    add_room(&scene, "k", "Red").await.refused(422, "idempotency-key-reused");
}

#[tokio::test]
async fn the_key_is_looked_at_before_the_revision() {
    let scene = Scene::new().await;
    for (name, request) in changes(&scene).await.into_iter().filter(|(name, _)| name.contains("{id}")) {
        // Without the verb, if there is one.
        let record = request.path.split('/').take(4).collect::<Vec<_>>().join("/");
        let tag = scene.house.ada.get(&record).await.expect(200).etag.unwrap();
        let headers = [(KEY, &*name), ("if-match", &*tag)];
        let first = request.send(&scene.house.ada, &headers).await;
        assert_eq!(first.status, 200, "{name}: {}", first.text);
        assert_ne!(first.etag, Some(tag.clone()), "{name}");
        assert!(same(&first, &request.send(&scene.house.ada, &headers).await), "{name}");
        request.send(&scene.house.ada, &[("if-match", &*tag)]).await.refused(412, "outdated");
    }
}

#[tokio::test]
async fn every_record_and_every_change_answers_its_revision_as_etag() {
    let scene = Scene::new().await;
    let tagged = |name: &str, answer: &Answer| {
        let revision = answer.body["revision"].as_u64().unwrap_or_else(|| panic!("{name}: {}", answer.text));
        assert_eq!(answer.etag.as_deref(), Some(&*format!("\"{revision}\"")), "{name}");
    };
    let mut records = 0;
    for route in routes(&scene.house).await.0 {
        let answer = scene.request(&route.method, &route.path, Whose::Adas).await.send(&scene.house.ada, &[]).await;
        let is_record = route.path == "/v1/practice" || route.path.ends_with("{id}");
        if route.changes() || is_record {
            tagged(&route.name(), &answer);
            records += 1;
        } else if route.path == "/v1/calendar" {
            assert!(answer.etag.is_some_and(|tag| tag.starts_with("W/")), "it is of many records, and no revision");
        } else {
            assert_eq!(answer.etag, None, "{}", route.name());
        }
    }
    assert!(records > 25, "{records}");
}

#[tokio::test]
async fn a_change_of_another_revision_than_the_current_one_is_refused() {
    let scene = Scene::new().await;
    for (name, request) in changes(&scene).await.into_iter().filter(|(name, _)| name.contains("{id}") || name.contains("practice"))
    {
        if name == "POST /v1/practitioners" {
            continue;
        }
        let before = records(&scene.house).await;
        for tag in ["\"0\"", "\"99\""] {
            let answer = request.send(&scene.house.ada, &[("if-match", tag)]).await;
            assert_eq!((answer.status, answer.problem()), (412, "outdated"), "{name}: {}", answer.text);
            assert_eq!(answer.body["pointer"], "header:If-Match");
        }
        // A weak tag never matches (RFC 9110, 13.1.1), and none is ever given out: it is no tag of ours.
        request.send(&scene.house.ada, &[("if-match", "W/\"1\"")]).await.refused(400, "invalid-request");
        assert_eq!(differences(&before, &records(&scene.house).await), [""; 0], "{name}");
        let any = request.send(&scene.house.ada, &[("if-match", "*")]).await;
        assert_eq!(any.status, 200, "{name}: {}", any.text);
    }
}

#[tokio::test]
async fn of_two_who_saw_the_same_revision_one_changes_it() {
    let scene = Scene::new().await;
    let session = scene.session(Whose::Adas, "2026-12-08T09:00").await;
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let change = |text: &str| json!({"instructions": text});
    let (one, other): (Value, Value) = (change("one"), change("other"));
    let headers = [("if-match", "\"1\"")];
    let (one, other) = tokio::join!(
        scene.house.ada.send(Method::PATCH, &path, &headers, Some(&one)),
        scene.house.fay.send(Method::PATCH, &path, &headers, Some(&other))
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_repeated_change_of_those_that_follow_is_answered_alike_and_done_once() {
    let scene = Scene::new().await;
    for route in routes(&scene.house).await.0 {
        if !route.path.starts_with("/v1/sessions/{id}") || !route.changes() || route.path.ends_with("/outcome") {
            continue;
        }
        let name = route.name();
        let request = scene.request_of_series(&route.method, &route.path, Whose::Adas).await;
        let tag =
            scene.house.ada.get(&request.path.split('/').take(4).collect::<Vec<_>>().join("/")).await.expect(200).etag.unwrap();
        let headers = [(KEY, &*name), ("if-match", &*tag)];
        let first = request.send(&scene.house.ada, &headers).await;
        assert_eq!(first.status, 200, "{name}: {}", first.text);
        assert_eq!(first.etag, first.body["revision"].as_u64().map(|revision| format!("\"{revision}\"")), "{name}");
        assert!(first.text_of("/id").starts_with("ser_"), "{name}: {}", first.text);
        let between = records(&scene.house).await;
        assert!(same(&first, &request.send(&scene.house.ada, &headers).await), "{name}");
        let alone = Request { body: request.body.clone().map(without_scope), ..request };
        alone.send(&scene.house.ada, &[(KEY, &*name)]).await.refused(422, "idempotency-key-reused");
        assert_eq!(differences(&between, &records(&scene.house).await), [""; 0], "{name}");
    }
}

fn without_scope(mut body: Value) -> Value {
    body.as_object_mut().unwrap().remove("scope");
    body
}

#[tokio::test]
async fn a_change_of_those_that_follow_is_of_the_revision_that_was_seen() {
    let scene = Scene::new().await;
    let request = scene.request_of_series(&Method::POST, "/v1/sessions/{id}/cancel", Whose::Adas).await;
    let before = records(&scene.house).await;
    request.send(&scene.house.ada, &[("if-match", "\"99\"")]).await.refused(412, "outdated");
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
}

#[tokio::test]
async fn a_series_that_is_asked_for_four_times_at_once_with_one_key_is_booked_once() {
    let scene = Scene::new().await;
    let house = &scene.house;
    for (key, rule, count) in [("short", "FREQ=WEEKLY;COUNT=4", 4), ("long", "FREQ=WEEKLY;COUNT=40", 40)] {
        let start = if key == "short" { "2026-12-09T09:00" } else { "2026-12-09T11:00" };
        let body = house.session(start, json!({"recurrence": {"rule": rule, "on_conflict": "stop"}, "room_id": house.room_id}));
        let headers = [(KEY, key)];
        let book = || house.ada.send(Method::POST, "/v1/series", &headers, Some(&body));
        let all = tokio::join!(book(), book(), book(), book());
        let all = [all.0, all.1, all.2, all.3];
        assert!(all.iter().all(|answer| answer.status == 201 && same(answer, &all[0])), "{all:?}");
        assert_eq!(all[0].body["sessions"].as_array().unwrap().len(), count);
        let listed = house.ada.get(&format!("/v1/clients/{}/sessions?limit=100", house.client_id())).await.expect(200).body;
        // Vancouver is seven hours behind UTC, all year from 2026 on.
        let hour = if key == "short" { "T16:00:00Z" } else { "T18:00:00Z" };
        let at_that_time = |item: &&Value| item["starts_at"].as_str().unwrap().ends_with(hour);
        assert_eq!(listed["items"].as_array().unwrap().iter().filter(at_that_time).count(), count, "{key}");
        let other = house.session(start, json!({"recurrence": {"rule": "FREQ=DAILY;COUNT=4"}}));
        let other = house.ada.send(Method::POST, "/v1/series", &[(KEY, key)], Some(&other)).await;
        other.refused(422, "idempotency-key-reused");
    }
}
