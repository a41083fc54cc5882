//! Series, and those that follow a session, are seen and changed by those who may see and change each of the sessions.

use reqwest::Method;
use serde_json::json;

use super::{
    Column, secrets,
    table::{Cell, ROWS},
};
use crate::support::{Scene, Whose, differences, records};

/// The routes that take a `scope`.
const SCOPED: [&str; 5] = [
    "PATCH /v1/sessions/{id}",
    "POST /v1/sessions/{id}/reschedule",
    "POST /v1/sessions/{id}/cancel",
    "POST /v1/sessions/{id}/delete",
    "POST /v1/sessions/{id}/invites",
];

#[tokio::test]
async fn those_that_follow_are_changed_by_those_who_may_change_the_first_of_them() {
    let scene = Scene::new().await;
    let secrets = secrets(&scene);
    for route in SCOPED {
        let row = ROWS.iter().find(|row| row.route == route).unwrap();
        let (method, path) = route.split_once(' ').unwrap();
        for column in Column::ALL {
            let what = format!("{route} by {}", column.title());
            let request = scene.request_of_series(&method.parse().unwrap(), path, column.whose()).await;
            let headers: &[(&str, &str)] = if column == Column::Intruder { &[("hourkeep-practice", &scene.practice)] } else { &[] };
            let before = records(&scene.house).await;
            let answer = request.send(&column.person(&scene), headers).await;
            let changed = differences(&before, &records(&scene.house).await);
            match row.cell(column) {
                Cell::Yes => assert_eq!(answer.status, 200, "{what}: {}", answer.text),
                Cell::Own => panic!("{what} is about no practice in particular"),
                Cell::Refused(status) => {
                    assert_eq!(answer.status, status, "{what}: {}", answer.text);
                    assert!(changed.is_empty(), "{what} changed {changed:?}");
                    let told = secrets.iter().find(|secret| answer.text.contains(secret.as_str()));
                    assert_eq!(told, None, "{what}: {}", answer.text);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_series_that_one_may_not_see_is_as_absent_as_one_that_never_was() {
    let scene = Scene::new().await;
    let hidden = scene.series(Whose::Adas).await;
    let absent = scene.house.ben.get("/v1/series/ser_00000000000000000000000000").await.refused(404, "not-found");
    for person in [&scene.house.ben, &scene.olga] {
        let answer = person.get(&format!("/v1/series/{}", hidden["id"].as_str().unwrap())).await;
        assert_eq!((answer.status, &answer.text), (404, &absent.text));
    }
}

#[tokio::test]
async fn who_treated_a_client_still_sees_their_own_series_and_is_told_who_may_change_it() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let series = scene.series(Whose::Bens).await;
    let client = format!("/v1/clients/{}", scene.client_id(Whose::Bens));
    house.ada.patch(&client, json!({"practitioner_ids": [house.ada_id]})).await.expect(200);
    house.ben.get(&format!("/v1/series/{}", series["id"].as_str().unwrap())).await.expect(200);
    let cancel = format!("/v1/sessions/{}/cancel", series["sessions"][0]["session_id"].as_str().unwrap());
    house.ben.post(&cancel, json!({"scope": "this_and_following"})).await.refused(403, "forbidden");
    house.fay.post(&cancel, json!({"scope": "this_and_following"})).await.expect(200);
}

#[tokio::test]
async fn a_practitioner_books_a_series_in_their_own_calendar_and_moves_it_to_nobody_else() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let both = json!({"practitioner_ids": [house.ada_id, house.ben_id]});
    house.ada.patch(&format!("/v1/clients/{}", house.client_id()), both).await.expect(200);
    for path in ["/v1/series", "/v1/series/preview"] {
        house.ben.post(path, scene.series_body(Whose::Adas, &json!({}))).await.refused(403, "forbidden");
    }
    let mut own = scene.series_body(Whose::Adas, &json!({}));
    own["practitioner_id"] = house.ben_id.as_str().into();
    let own = house.ben.post("/v1/series", own).await.expect(201).text_of("/sessions/1/session_id");
    let away = json!({"local_start": "2026-12-17T11:00", "practitioner_id": house.ada_id, "scope": "this_and_following"});
    house.ben.post(&format!("/v1/sessions/{own}/reschedule"), away).await.refused(403, "forbidden");
}

#[tokio::test]
async fn to_a_practitioner_what_stands_in_the_way_of_a_series_is_an_interval_of_the_room() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let mut adas = scene.series_body(Whose::Adas, &json!({}));
    adas["room_id"] = house.room_id.as_str().into();
    house.ada.post("/v1/series", adas).await.expect(201);
    let mut bens = scene.series_body(Whose::Bens, &json!({"on_conflict": "stop"}));
    bens["room_id"] = house.room_id.as_str().into();
    let preview = house.ben.post("/v1/series/preview", bens.clone()).await.expect(200);
    let refused = house.ben.post("/v1/series", bens.clone()).await.refused(409, "series-conflicts");
    let clash = &refused.body["taken"][2]["clashes"][0];
    assert_eq!((clash["resource"].as_str(), clash["local_start"].as_str()), (Some("room"), Some("2026-12-23T09:00")));
    assert_eq!(&preview.body["occurrences"][2]["conflicts"][0]["clash"], clash);
    for answer in [preview, refused] {
        for secret in [house.client_id(), &house.ada_id, "Moreau", "ses_"] {
            assert!(!answer.text.contains(secret), "{secret} in {}", answer.text);
        }
    }
    let full = house.fay.send(Method::POST, "/v1/series", &[], Some(&bens)).await.refused(409, "series-conflicts");
    assert_eq!(full.body["taken"][0]["clashes"][0]["client_ids"], json!([house.client_id()]));
}
