//! Values of the right form that mean nothing.

use serde_json::{Value, json};

use super::{hold, pointer};
use crate::support::{Scene, Whose, differences, records, watched};

fn put(body: &Value, place: &str, value: Value) -> Value {
    let mut body = body.clone();
    match body.pointer_mut(place) {
        Some(there) => *there = value,
        None => body[place.trim_start_matches('/')] = value,
    }
    body
}

#[tokio::test]
async fn what_cannot_be_scheduled_is_refused_at_its_field() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let valid = super::bodies::full(&scene, "POST /v1/sessions").remove(0).0;
    let id = |prefix: &str| json!(format!("{prefix}_00000000000000000000000000"));
    let inactive = json!({"first_name": "Gone", "practitioner_ids": [scene.house.ada_id]});
    let inactive = scene.house.ada.post("/v1/clients", inactive).await.expect(201).text_of("/id");
    scene.house.ada.patch(&format!("/v1/clients/{inactive}"), json!({"active": false})).await.expect(200);
    let cases = [
        ("/length_minutes", json!(1_500), "invalid-field"),
        ("/length_minutes", json!(0), "invalid-field"),
        ("/time_zone", json!("Mars/Olympus"), "invalid-field"),
        ("/time_zone", json!("PST8PDT7"), "invalid-field"),
        ("/local_start", json!("2026-12-09"), "invalid-field"),
        ("/local_start", json!("2026-12-09T25:00"), "invalid-field"),
        ("/local_start", json!("2026-02-30T09:00"), "invalid-field"),
        ("/local_start", json!("2026-12-09T09:00-08:00"), "invalid-field"),
        ("/local_start", json!("2026-12-09T09:00:30"), "invalid-field"),
        ("/local_start", json!("9999-12-31T09:00"), "invalid-field"),
        ("/local_start", json!("0000-01-01T09:00"), "invalid-field"),
        ("/local_start", json!("99999-12-09T09:00"), "invalid-field"),
        ("/local_start", json!("2026-11-30T07:59"), "starts-in-the-past"),
        ("/local_start", json!("0001-01-01T09:00"), "starts-in-the-past"),
        ("/local_start", json!("2099-01-01T09:00"), "starts-too-far-ahead"),
        ("/local_start", json!("9998-12-31T23:59"), "starts-too-far-ahead"),
        ("/utc_offset", json!("-05:00"), "offset-not-in-force"),
        ("/utc_offset", json!("-99:00"), "invalid-field"),
        ("/utc_offset", json!("Z"), "invalid-field"),
        ("/url", json!("javascript:alert(1)"), "invalid-field"),
        ("/reminders", json!([{"days_before": 6, "channel": "email"}]), "invalid-field"),
        ("/reminders", json!([{"days_before": 1, "channel": "pigeon"}]), "invalid-field"),
        ("/reminders", json!([{"days_before": 1, "channel": "email"}, {"days_before": 1, "channel": "email"}]), "invalid-field"),
        ("/clients", json!([]), "not-one-client"),
        ("/clients", json!([{"client_id": scene.house.client_id()}, {"client_id": scene.house.client_id()}]), "not-one-client"),
        ("/clients/0/client_id", id("cli"), "unknown-client"),
        ("/clients/0/client_id", json!(inactive), "client-inactive"),
        ("/clients/0/client_id", json!(scene.client_id(Whose::Bens)), "client-not-assigned"),
        ("/practitioner_id", id("prt"), "unknown-practitioner"),
        ("/services", json!([{"service_id": "srv_00000000000000000000000000"}]), "unknown-service"),
        ("/services", json!(vec![json!({"service_id": scene.house.service_id}); 21]), "limit-reached"),
        ("/room_id", id("rom"), "unknown-room"),
        ("/location_id", id("loc"), "unknown-location"),
        ("/invite/recipients", json!([{"contact_id": "con_00000000000000000000000000"}]), "unknown-contact"),
        ("/invite/recipients", json!([]), "no-recipient"),
        ("/invite/recipients", json!([{}]), "invalid-field"),
        ("/invite/recipients", json!([{"name": "No address"}]), "invalid-field"),
        ("/invite/recipients", json!([{"email": "a@b.test\r\nBcc: c@d.test"}]), "invalid-field"),
        (
            "/invite/recipients",
            json!((0..21).map(|n| json!({"email": format!("{n}@x.test")})).collect::<Vec<_>>()),
            "limit-reached",
        ),
    ];
    let before = records(&scene.house).await;
    for (place, value, problem) in cases {
        drop(log.take());
        let what = format!("{place}: {value}");
        let body = if place == "/local_start" { put(&valid, "/utc_offset", Value::Null) } else { valid.clone() };
        let answer = scene.house.ada.post("/v1/sessions", put(&body, place, value)).await;
        hold(&what, &answer, &log);
        assert_eq!(answer.problem(), problem, "{what}: {}", answer.text);
        assert!(pointer(&answer).starts_with(place), "{what} names {}", pointer(&answer));
    }
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
}

#[tokio::test]
async fn a_skipped_local_time_is_refused_with_the_next_that_exists() {
    let scene = Scene::new().await;
    let more = json!({"time_zone": "Europe/Paris"});
    let answer = scene.house.ada.post("/v1/sessions", scene.house.session("2027-03-28T02:30", more)).await;
    let answer = answer.refused(422, "skipped-local-time");
    assert_eq!((answer.text_of("/pointer"), answer.text_of("/next_valid")), ("/local_start".into(), "2027-03-28T03:00".into()));
}

#[tokio::test]
async fn practice_data_that_contradicts_itself_is_refused_at_its_field() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let ada = &scene.house.ada;
    let hours = |from: &str, until: &str| json!({"weekday": "mon", "from": from, "until": until});
    let practitioner = |hours: Value| json!({"name": "Cleo", "email": "cleo@demo.test", "weekly_hours": hours});
    let days = |first: &str, last: &str| json!({"first_day": first, "last_day": last});
    let off = |exceptions: Value| json!({"name": "Cleo", "email": "cleo@demo.test", "exceptions": exceptions});
    let client = |more: Value| {
        let mut body = json!({"first_name": "Sam"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let many = |n: usize| json!(vec![json!({"name": "X", "kind": "other"}); n]);
    let member = |role: &str| json!({"subject": "new@demo.test", "name": "New", "role": role});
    let cases = [
        ("/v1/practitioners", practitioner(json!([hours("17:00", "09:00")])), "/weekly_hours", "invalid-field"),
        ("/v1/practitioners", practitioner(json!([hours("09:00", "09:00")])), "/weekly_hours", "invalid-field"),
        (
            "/v1/practitioners",
            practitioner(json!([hours("09:00", "12:00"), hours("11:00", "13:00")])),
            "/weekly_hours",
            "invalid-field",
        ),
        ("/v1/practitioners", practitioner(json!([hours("9", "12:00")])), "/weekly_hours/0/from", "invalid-field"),
        ("/v1/practitioners", practitioner(json!([hours("09:00", "24:00")])), "/weekly_hours/0/until", "invalid-field"),
        ("/v1/practitioners", off(json!([days("2026-12-02", "2026-12-01")])), "/exceptions", "invalid-field"),
        (
            "/v1/practitioners",
            off(json!([days("2026-12-01", "2026-12-03"), days("2026-12-03", "2026-12-04")])),
            "/exceptions",
            "invalid-field",
        ),
        ("/v1/practitioners", off(json!([days("2026-02-30", "2026-12-01")])), "/exceptions/0/first_day", "invalid-field"),
        ("/v1/clients", json!({}), "/first_name", "invalid-field"),
        ("/v1/clients", client(json!({"contacts": many(21)})), "/contacts", "limit-reached"),
        (
            "/v1/clients",
            client(json!({"practitioner_ids": vec![json!(scene.house.ada_id); 21]})),
            "/practitioner_ids",
            "limit-reached",
        ),
        (
            "/v1/clients",
            client(json!({"practitioner_ids": ["prt_00000000000000000000000000"]})),
            "/practitioner_ids",
            "unknown-practitioner",
        ),
        ("/v1/clients", client(json!({"reminder_channels": ["pigeon"]})), "/reminder_channels/0", "invalid-field"),
        ("/v1/clients", client(json!({"contacts": [{"name": "X", "kind": "friend"}]})), "/contacts/0/kind", "invalid-field"),
        (
            "/v1/clients",
            client(json!({"contacts": [{"name": "X", "kind": "other", "email": "x"}]})),
            "/contacts/0/email",
            "invalid-field",
        ),
        ("/v1/members", member("practitioner"), "/practitioner_id", "invalid-field"),
        ("/v1/members", member("owner"), "/role", "invalid-field"),
        ("/v1/members", json!({"subject": "fay@demo.test", "name": "Fay", "role": "front_desk"}), "/subject", "already-a-member"),
        ("/v1/services", json!({"code": "90 837!", "name": "X", "price_minor": 1}), "/code", "invalid-field"),
        ("/v1/services", json!({"code": "90837", "name": "X", "price_minor": 100_000_001}), "/price_minor", "invalid-field"),
        ("/v1/locations", json!({"name": "X", "place_of_service": "1"}), "/place_of_service", "invalid-field"),
    ];
    let before = records(&scene.house).await;
    for (path, body, place, problem) in cases {
        drop(log.take());
        let what = format!("{path}: {body}");
        let answer = ada.post(path, body).await;
        hold(&what, &answer, &log);
        assert_eq!((answer.problem(), pointer(&answer)), (problem, place), "{what}: {}", answer.text);
    }
    let policies = |policies: Value| json!({"policies": policies});
    for (body, place) in [
        (policies(json!({"late_cancellation_hours": 337})), "/policies/late_cancellation_hours"),
        (policies(json!({"due_window_minutes": 121})), "/policies/due_window_minutes"),
        (policies(json!({"slot_step_minutes": 0})), "/policies/slot_step_minutes"),
        (json!({"currency": "dollars"}), "/currency"),
        (json!({"slug": "other"}), "/slug"),
    ] {
        let answer = ada.patch("/v1/practice", body.clone()).await;
        hold(&body.to_string(), &answer, &log);
        assert_eq!((answer.problem(), pointer(&answer)), ("invalid-field", place), "{body}");
    }
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
}
