//! Answers come compressed to whoever takes them so, and say the same.

use reqwest::Method;

use crate::support::Scene;

const GZIP: [(&str, &str); 1] = [("accept-encoding", "gzip")];

#[tokio::test]
async fn a_large_answer_is_smaller_where_gzip_is_taken_and_says_the_same() {
    let scene = Scene::new().await;
    let ada = &scene.house.ada;
    let (plain, small) = (ada.get("/v1/clients").await, ada.send(Method::GET, "/v1/clients", &GZIP, None).await);
    assert_eq!((&plain.body, plain.status), (&small.body, 200));
    assert_eq!(plain.bytes, plain.text.len());
    assert!(small.bytes * 2 < plain.bytes, "{} of {} bytes", small.bytes, plain.bytes);
}

#[tokio::test]
async fn a_small_answer_and_a_refusal_come_as_they_are() {
    let scene = Scene::new().await;
    for path in ["/v1/memberships", "/v1/nothing"] {
        let answer = scene.house.ada.send(Method::GET, path, &GZIP, None).await;
        assert_eq!(answer.bytes, answer.text.len(), "{path}");
    }
}

#[tokio::test]
async fn a_compressed_record_bears_its_revision_all_the_same() {
    let scene = Scene::new().await;
    let path = format!("/v1/clients/{}", scene.client_id(crate::support::Whose::Adas));
    let (plain, small) = (scene.house.ada.get(&path).await, scene.house.ada.send(Method::GET, &path, &GZIP, None).await);
    assert_eq!(plain.etag, small.etag);
    let etag = small.etag.unwrap();
    let headers = [("if-match", etag.as_str())];
    let body = serde_json::json!({"first_name": "Renamed"});
    scene.house.ada.send(Method::PATCH, &path, &headers, Some(&body)).await.expect(200);
}
