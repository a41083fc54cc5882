//! Reading changes nothing, and shows no more than one may see.

use hourkeep_http::pages;
use hourkeep_tests::Person;
use reqwest::Method;
use serde_json::json;

use super::{Column, secrets};
use crate::support::{Scene, Whose, differences, records, routes};

#[tokio::test]
async fn no_get_changes_anything_whoever_asks() {
    let scene = Scene::new().await;
    let mut requests = Vec::new();
    let described = routes(&scene.house).await.0.into_iter().filter(|route| route.method == Method::GET).map(|route| route.path);
    for path in described.chain(pages::ALL.map(str::to_owned)) {
        for whose in [Whose::Adas, Whose::Bens] {
            requests.push(scene.request(&Method::GET, &path, whose).await);
        }
    }
    assert!(requests.len() > 30, "{}", requests.len());
    let before = records(&scene.house).await;
    for request in &requests {
        for column in Column::ALL {
            request.send(&column.person(&scene), &[("idempotency-key", "read")]).await;
        }
    }
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
}

#[tokio::test]
async fn a_practitioners_list_holds_their_own_clients_alone() {
    let scene = Scene::new().await;
    let house = &scene.house;
    for query in ["", "?include_inactive=true", "?search=m", &format!("?practitioner_id={}", house.ada_id)] {
        let list = house.ben.get(&format!("/v1/clients{query}")).await.expect(200);
        let items = list.body["items"].as_array().unwrap();
        assert!(items.iter().all(|client| client["practitioner_ids"].as_array().unwrap().contains(&json!(house.ben_id))));
        assert!(!list.text.contains(house.client_id()), "{}", list.text);
    }
}

#[tokio::test]
async fn a_colleagues_calendar_shows_when_they_are_busy_and_not_with_whom() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let session = scene.session(Whose::Adas, "2026-12-01T16:00").await;
    let path = format!("/v1/calendar?practitioner_id={}&from=2026-12-01&to=2026-12-02", house.ada_id);
    let seen = house.ben.get(&path).await.expect(200);
    let times: Vec<_> = seen.body["items"].as_array().unwrap().iter().map(|entry| entry["starts_at"].clone()).collect();
    assert!(times.contains(&session["starts_at"]));
    for secret in [session["id"].as_str().unwrap(), house.client_id(), "ses_", "cli_", "scheduled"] {
        assert!(!seen.text.contains(secret), "{secret} in {}", seen.text);
    }
    assert!(house.fay.get(&path).await.expect(200).text.contains(house.client_id()));
}

#[tokio::test]
async fn the_page_of_a_code_shows_practice_and_time_and_no_names() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let more = json!({"services": [{"service_id": house.service_id}], "invite": {"send": true}, "instructions": "Ring twice", "room_id": house.room_id});
    let session = house.schedule("2026-12-01T16:00", more).await;
    let code = session["clients"][0]["code"].as_str().unwrap();
    let stranger = Person::stranger(&house.server.url());
    let page = stranger.get(&format!("/v1/public/sessions/{code}")).await.expect(200);
    let keys: Vec<&String> = page.body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["ends_at", "join_url", "local_start", "practice", "starts_at", "status", "time_zone"]);
    assert_eq!(page.text_of("/practice"), "Harbour Clinic");
    let said = page.text.replace("Harbour Clinic", "");
    for secret in secrets(&scene).iter().map(String::as_str).chain(["Ring", "Psychotherapy", "90837", "Blue", "gil@", "ses_"]) {
        assert!(!said.contains(secret), "{secret} in {}", page.text);
    }
    for wrong in ["0000-0000-0000", "nonsense", "7K3M-Q9TX-B2HD-7K3M"] {
        stranger.get(&format!("/v1/public/sessions/{wrong}")).await.refused(404, "not-found");
    }
}
