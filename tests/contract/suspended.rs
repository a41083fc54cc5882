//! A suspended practice reads what it has and changes nothing.

use hourkeep_domain::account::Limits;

use crate::support::{Scene, Whose, differences, records, routes};

const WHY: &str = "The invoice of October is unpaid.";

#[tokio::test]
async fn every_change_is_refused_with_the_reason_and_every_read_is_answered() {
    let scene = Scene::new().await;
    let (routes, _) = routes(&scene.house).await;
    let mut requests = Vec::new();
    for route in &routes {
        requests.push((route, scene.request(&route.method, &route.path, Whose::Bens).await));
    }
    let platform = scene.house.server.platform();
    platform.suspend(scene.practice.parse().unwrap(), WHY).await.unwrap();
    let before = records(&scene.house).await;
    for (route, request) in &requests {
        let answer = request.send(&scene.house.ada, &[]).await;
        if route.changes() {
            let answer = answer.refused(403, "practice-suspended");
            assert!(answer.text_of("/detail").contains(WHY), "{}: {}", route.name(), answer.text);
        } else {
            assert!((200..300).contains(&answer.status), "{}: {}", route.name(), answer.text);
        }
    }
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);

    // Another practice goes on, and so does this one once it is resumed.
    scene.olga.patch("/v1/practice", serde_json::json!({"name": "Elsewhere"})).await.expect(200);
    platform.resume(scene.practice.parse().unwrap()).await.unwrap();
    scene.house.ada.patch("/v1/practice", serde_json::json!({"name": "Again"})).await.expect(200);
}

#[tokio::test]
async fn a_practice_books_as_many_sessions_a_month_as_it_may() {
    let scene = Scene::new().await;
    let house = &scene.house;
    let usage = house.ada.get("/v1/practice/usage").await.expect(200).body;
    let booked = u32::try_from(usage["sessions_booked"].as_u64().unwrap()).unwrap();
    let limits = Limits { sessions_per_month: Some(booked + 1), ..Limits::default() };
    house.server.platform().limit(scene.practice.parse().unwrap(), |kept| *kept = limits).await.unwrap();
    let session = |day| house.session(&format!("2026-12-{day}T07:00"), serde_json::json!({}));
    house.ada.post("/v1/sessions", session(14)).await.expect(201);
    let refused = house.ada.post("/v1/sessions", session(15)).await.refused(403, "monthly-limit-reached");
    assert!(refused.text_of("/detail").contains(&(booked + 1).to_string()), "{}", refused.text);
    let usage = house.ada.get("/v1/practice/usage?month=2026-11").await.expect(200).body;
    assert_eq!((&usage["sessions_booked"], &usage["sessions_limit"]), (&(booked + 1).into(), &(booked + 1).into()));
    // Olga's practice has no limit, and the next month is a new one.
    house.advance_to("2026-12-01T00:00:01Z").await;
    house.ada.post("/v1/sessions", session(15)).await.expect(201);
}

#[tokio::test]
async fn a_month_that_is_none_is_refused_and_one_without_anything_is_empty() {
    let scene = Scene::new().await;
    for month in ["2026-13", "2026", "november", "2026-11-01", ""] {
        let refused = scene.house.ada.get(&format!("/v1/practice/usage?month={month}")).await.refused(400, "invalid-request");
        assert_eq!(refused.text_of("/pointer"), "query:month");
    }
    let usage = scene.house.ada.get("/v1/practice/usage?month=2020-01").await.expect(200).body;
    for counter in ["sessions_booked", "mails_sent", "records_added", "records_stored"] {
        assert_eq!(usage[counter], 0, "{counter}");
    }
}
