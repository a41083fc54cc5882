//! Bodies that are no JSON objects, or too large.

use serde_json::json;

use super::hold;
use crate::support::{Scene, Whose, differences, records, routes, watched};

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused_everywhere() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let deep = |open: &str| open.repeat(20_000).into_bytes();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("half an object", b"{\"name\":".to_vec()),
        ("a word", b"nul".to_vec()),
        ("null", b"null".to_vec()),
        ("a number", b"7".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("an empty list", b"[]".to_vec()),
        ("a list of nulls", json!([null, null, null, null, null, null, null, null]).to_string().into_bytes()),
        ("a list of an object", b"[{}]".to_vec()),
        ("two objects", b"{}{}".to_vec()),
        ("a trailing comma", b"{\"name\":\"x\",}".to_vec()),
        ("a comment", b"{/* x */}".to_vec()),
        ("bytes that are no text", b"{\"name\":\"\xff\xfe\"}".to_vec()),
        ("half a surrogate pair", b"{\"name\":\"\\ud800\"}".to_vec()),
        ("a number too large", b"{\"name\":1e999}".to_vec()),
        ("lists without end", deep("[")),
        ("objects without end", deep("{\"name\":")),
        ("a form", b"name=x&active=true".to_vec()),
    ];
    for route in routes(&scene.house).await.0.iter().filter(|route| !route.operation["requestBody"].is_null()) {
        let target = scene.request(&route.method, &route.path, Whose::Adas).await;
        let before = records(&scene.house).await;
        for (name, body) in &bodies {
            drop(log.take());
            let what = format!("{}: {name}", route.name());
            let answer = scene.house.ada.send_bytes(route.method.clone(), &target.path, &[], Some(body.clone())).await;
            hold(&what, &answer, &log);
            assert!(matches!(answer.status, 400 | 422), "{what}: {} {}", answer.status, answer.text);
        }
        assert_eq!(differences(&before, &records(&scene.house).await), [""; 0], "{}", route.name());
    }
}

#[tokio::test]
async fn a_field_that_is_there_twice_is_refused() {
    let scene = Scene::new().await;
    let body = br#"{"name":"One","name":"Two"}"#.to_vec();
    let answer = scene.house.ada.send_bytes(reqwest::Method::PATCH, "/v1/practice", &[], Some(body)).await;
    assert_eq!(answer.refused(422, "invalid-field").body["pointer"], "/name");
}

#[tokio::test]
async fn a_megabyte_is_too_large_whatever_it_is() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let text = format!("{{\"name\":\"{}\"}}", "x".repeat(1 << 20)).into_bytes();
    for body in [text, vec![b' '; 1 << 20], vec![0; 1 << 20]] {
        for route in routes(&scene.house).await.0.iter().filter(|route| !route.operation["requestBody"].is_null()) {
            let target = scene.request(&route.method, &route.path, Whose::Adas).await;
            drop(log.take());
            let answer = scene.house.ada.send_bytes(route.method.clone(), &target.path, &[], Some(body.clone())).await;
            hold(&route.name(), &answer, &log);
            answer.refused(413, "too-large");
        }
    }
}

#[tokio::test]
async fn an_empty_body_is_an_empty_object() {
    let scene = Scene::new().await;
    let ada = &scene.house.ada;
    let missing = ada.send_bytes(reqwest::Method::POST, "/v1/sessions", &[], Some(Vec::new())).await;
    assert_eq!(missing.refused(422, "invalid-field").body["pointer"], "/clients");
    ada.send_bytes(reqwest::Method::PATCH, "/v1/practice", &[], None).await.refused(409, "nothing-to-do");
    let session = scene.session(Whose::Adas, "2026-12-08T09:00").await;
    let path = format!("/v1/sessions/{}/cancel", session["id"].as_str().unwrap());
    ada.send_bytes(reqwest::Method::POST, &path, &[], None).await.expect(200);
}
