//! Ids in paths, parameters in queries, methods and addresses that mean nothing.

use reqwest::Method;

use super::{hold, pointer};
use crate::support::{Scene, Whose, routes, watched};

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let lengthy = "a".repeat(3_000);
    let ids = [
        "x",
        "%00",
        "%FF",
        "..%2F..%2Fx",
        "%20",
        "ses_00000000000000000000000000",
        "ses_0000000000000000000000000",
        "ses_8zzzzzzzzzzzzzzzzzzzzzzzzz",
        "SES_00000000000000000000000000",
        "cli_00000000000000000000000000",
        "prt_00000000000000000000000000",
        "inb_00000000000000000000000000",
        "inb_7zzzzzzzzzzzzzzzzzzzzzzzzz",
        "YWJjCmRlZg",
        "%F0%9F%92%A5",
        &lengthy,
    ];
    for route in routes(&scene.house).await.0.iter().filter(|route| route.path.contains('{')) {
        let place = route.placeholder().unwrap();
        let body = scene.request(&route.method, &route.path, Whose::Adas).await.body;
        for id in ids {
            drop(log.take());
            let what = format!("{}: {id}", route.name());
            let path = route.path.replace(place, id);
            let answer = scene.house.ada.send(route.method.clone(), &path, &[], body.as_ref()).await;
            hold(&what, &answer, &log);
            assert_eq!(answer.status, 404, "{what}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_parameter_that_cannot_be_read_is_named() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let sessions = format!("/v1/clients/{}/sessions", scene.client_id(Whose::Adas));
    let mail = scene.request(&Method::GET, "/v1/sessions/{id}/mail", Whose::Adas).await.path;
    let lengthy = "a".repeat(101);
    let cases: Vec<(&str, &str, Vec<&str>)> = vec![
        (
            "/v1/calendar?to=2026-12-01",
            "from",
            vec!["", "x", "2026-13-01", "2026-02-30", "01.12.2026", "9999-12-01", "+262142-01-01", "-0001-01-01", "0000-01-01"],
        ),
        ("/v1/calendar?from=2026-11-30", "to", vec!["", "x", "2026-11-30", "2026-11-29", "2027-02-01", "9999-12-31"]),
        (&mail, "kind", vec!["", "x", "Invite", "notice"]),
        (&mail, "recipient_id", vec!["", "x", "rcp_1"]),
        ("/v1/calendar?to=9999-12-31", "from", vec!["9999-12-01"]),
        ("/v1/calendar?to=%2B10000-01-05", "from", vec!["9999-12-30", "%2B10000-01-01"]),
        ("/v1/calendar?to=0000-01-05", "from", vec!["0000-01-01", "-0001-12-30"]),
        ("/v1/calendar?from=2026-11-30&to=2026-12-01", "time_zone", vec!["", "Mars/Olympus", "-07:00", "%00"]),
        ("/v1/calendar?from=2026-11-30&to=2026-12-01", "practitioner_id", vec!["", "x", "cli_00000000000000000000000000"]),
        ("/v1/calendar?from=2026-11-30&to=2026-12-01", "surprise", vec!["", "1"]),
        ("/v1/calendar?from=2026-11-30&to=2026-12-01", "room_id", vec!["", "x", "prt_00000000000000000000000000"]),
        ("/v1/calendar?from=2026-11-30&to=2026-12-01", "names", vec!["", "maybe", "1"]),
        ("/v1/availability?", "practitioner_id", vec!["", "x"]),
        ("/v1/availability?", "room_id", vec!["", "x"]),
        ("/v1/availability?", "from", vec!["", "x", "2026-02-30"]),
        ("/v1/availability?", "days", vec!["", "0", "63", "-1", "300"]),
        ("/v1/availability?", "length_minutes", vec!["", "0", "1441", "-1", "x"]),
        ("/v1/availability?", "time_zone", vec!["", "Mars/Olympus", "%00"]),
        ("/v1/availability?", "limit", vec!["", "0", "201", "300"]),
        ("/v1/availability?", "surprise", vec!["1"]),
        ("/v1/event-types?", "include_inactive", vec!["", "maybe"]),
        ("/v1/clients?", "search", vec![&lengthy, "%00", "%E2%80%AE"]),
        ("/v1/clients?", "practitioner_id", vec!["", "x"]),
        ("/v1/clients?", "include_inactive", vec!["", "maybe", "1"]),
        ("/v1/clients?", "limit", vec!["", "0", "-1", "101", "x", "1.5", "99999999999999999999"]),
        ("/v1/clients?", "cursor", vec!["", "x", "!!!", "%FF"]),
        ("/v1/clients?search=mo", "cursor", vec!["YWFh"]),
        ("/v1/clients?", "surprise", vec!["1"]),
        (&sessions, "limit", vec!["", "0", "101", "x"]),
        (&sessions, "cursor", vec!["", "x", "YWFh", "Q0xJRU5U"]),
        (&sessions, "which", vec!["", "x", "Coming", "all"]),
        (&sessions, "surprise", vec!["1"]),
        ("/v1/inbox?", "done", vec!["", "maybe", "1"]),
        ("/v1/inbox?", "limit", vec!["", "0", "101", "x"]),
        ("/v1/inbox?", "cursor", vec!["", "x", "%FF"]),
        ("/v1/inbox?", "surprise", vec!["1"]),
        (
            "/v1/series/presets?",
            "local_start",
            vec!["", "x", "2026-12-01", "2026-12-01T25:00", "2026-02-30T09:00", "2026-12-01T09:00Z", "9999-12-31T09:00", "%00"],
        ),
        ("/v1/series/presets?local_start=2026-12-01T09:00", "surprise", vec!["1"]),
        ("/v1/rooms?", "include_inactive", vec!["", "maybe"]),
        ("/v1/services?", "include_inactive", vec!["x"]),
        ("/v1/locations?", "surprise", vec!["x"]),
        ("/v1/practitioners?", "surprise", vec!["x"]),
        ("/v1/members?", "include_inactive", vec!["x"]),
    ];
    for (path, parameter, values) in cases {
        for value in values {
            drop(log.take());
            let path = format!("{path}{}{parameter}={value}", if path.contains('?') { "&" } else { "?" });
            let answer = scene.house.ada.get(&path).await;
            hold(&path, &answer, &log);
            assert_eq!(answer.status, 400, "{path}: {}", answer.text);
            let named = pointer(&answer);
            // Of two days that do not fit together, either may be named.
            let fits = |name: &str| named == format!("query:{name}");
            assert!(fits(parameter) || (parameter == "from" && fits("to")), "{path} names {named}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_parameter_that_is_there_twice_is_named() {
    let scene = Scene::new().await;
    let answer = scene.house.ada.get("/v1/clients?limit=1&limit=2").await.refused(400, "invalid-request");
    assert_eq!(answer.body["pointer"], "query:limit");
}

#[tokio::test]
async fn a_cursor_that_was_made_up_finds_no_more_than_a_page() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    // "~", "\u{0}", "moreau", a place with a client's id of nobody, 1,024 times "z"
    let lengthy = "enp6".repeat(341);
    for cursor in ["fg", "AA", "bW9yZWF1", "bW9yZWF1I2NsaV8wMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA", &lengthy] {
        for list in ["clients", "inbox"] {
            let answer = scene.house.ada.get(&format!("/v1/{list}?cursor={cursor}")).await;
            hold(cursor, &answer, &log);
            answer.expect(200);
        }
    }
}

#[tokio::test]
async fn a_method_or_an_address_that_is_not_there_is_a_problem_too() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    for route in routes(&scene.house).await.0 {
        let path = scene.request(&route.method, &route.path, Whose::Adas).await.path;
        for method in [Method::DELETE, Method::PUT] {
            drop(log.take());
            let answer = scene.house.ada.send(method, &path, &[], None).await;
            hold(&path, &answer, &log);
            answer.refused(405, "method-not-allowed");
        }
    }
    for path in ["/v1", "/v1/", "/v1/nothing", "/v2/clients", "/v1/clients/", "/v1//clients", "/v1/sessions/x/y/z"] {
        scene.house.ada.get(path).await.refused(404, "not-found");
    }
}
