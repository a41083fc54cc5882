//! Rules of series that mean harm, or nothing.

use serde_json::{Value, json};

use super::{hold, pointer};
use crate::support::{Scene, Whose, differences, records, watched};

const PATHS: [&str; 2] = ["/v1/series", "/v1/series/preview"];

fn body(scene: &Scene, recurrence: Value) -> Value {
    let mut body = scene.series_body(Whose::Adas, &json!({}));
    body["recurrence"] = recurrence;
    body
}

#[tokio::test]
async fn a_rule_that_cannot_be_is_refused_at_its_field_and_books_nothing() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let lengthy = format!("FREQ=WEEKLY;BYDAY={}", "MO,".repeat(30_000));
    let rules = [
        ("", "invalid-rule"),
        ("weekly", "invalid-rule"),
        ("FREQ=SECONDLY", "invalid-rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "invalid-rule"),
        ("FREQ=DAILY;COUNT=10000", "invalid-rule"),
        ("FREQ=DAILY;COUNT=0", "invalid-rule"),
        ("FREQ=DAILY;COUNT=-1", "invalid-rule"),
        ("FREQ=DAILY;COUNT=99999999999999999999", "invalid-rule"),
        ("FREQ=WEEKLY;INTERVAL=0", "invalid-rule"),
        ("FREQ=WEEKLY;INTERVAL=4294967295", "invalid-rule"),
        ("FREQ=WEEKLY;INTERVAL=1000000000000", "invalid-rule"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270630", "invalid-rule"),
        ("FREQ=WEEKLY;UNTIL=20270630T170000Z", "invalid-rule"),
        ("FREQ=WEEKLY;UNTIL=20261201", "invalid-rule"),
        ("FREQ=WEEKLY;UNTIL=99999999", "invalid-rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "invalid-rule"),
        ("FREQ=MONTHLY;BYDAY=6WE", "invalid-rule"),
        ("FREQ=WEEKLY;BYDAY=XX", "invalid-rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "invalid-rule"),
        ("RRULE:FREQ=WEEKLY\r\nATTENDEE:mailto:all@example.com", "invalid-rule"),
        ("FREQ=WEEKLY\nEXDATE:20261216T090000", "invalid-rule"),
        ("FREQ=WEEKLY;X-EVIL=<script>alert(1)</script>", "invalid-rule"),
        ("FREQ=WEEKLY;BYDAY='; DROP TABLE sessions; --", "invalid-rule"),
        ("FREQ=\u{202E}YLKEEW", "invalid-rule"),
        ("FREQ=WEEKLY\u{0}", "invalid-rule"),
        (&lengthy, "invalid-rule"),
        // A day that no month has together with a first start that is none of the rule's.
        ("FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12", "not-by-rule"),
        ("FREQ=WEEKLY;BYDAY=TH", "not-by-rule"),
        ("FREQ=MONTHLY;BYDAY=5WE", "not-by-rule"),
    ];
    let before = records(&scene.house).await;
    for (rule, problem) in rules {
        for path in PATHS {
            drop(log.take());
            let what = format!("{path}: {}", rule.chars().take(60).collect::<String>());
            let answer = scene.house.ada.post(path, body(&scene, json!({"rule": rule}))).await;
            hold(&what, &answer, &log);
            assert_eq!(answer.problem(), problem, "{what}: {}", answer.text);
            let place = if problem == "not-by-rule" { "/local_start" } else { "/recurrence/rule" };
            assert_eq!(pointer(&answer), place, "{what}");
            assert!(answer.text.len() < 2_000 && !answer.text.contains("\\r\\n"), "{what}: {}", answer.text);
        }
    }
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0]);
}

#[tokio::test]
async fn a_start_that_the_rule_does_not_give_is_refused_with_the_next_that_it_does() {
    let scene = Scene::new().await;
    let refused = scene.house.ada.post("/v1/series", body(&scene, json!({"rule": "FREQ=WEEKLY;BYDAY=TH"}))).await;
    assert_eq!(refused.refused(422, "not-by-rule").text_of("/next_valid"), "2026-12-10T09:00");
}

#[tokio::test]
async fn a_rule_as_far_reaching_as_rules_can_be_is_bounded_by_the_horizon() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    for (rule, most) in [
        ("FREQ=DAILY;COUNT=1000", 372),
        ("FREQ=DAILY", 372),
        ("FREQ=DAILY;INTERVAL=99;COUNT=1000", 4),
        ("FREQ=WEEKLY;INTERVAL=99;COUNT=1000", 1),
        ("FREQ=MONTHLY;INTERVAL=99;UNTIL=99981231", 1),
    ] {
        drop(log.take());
        let answer = scene.house.ada.post("/v1/series/preview", body(&scene, json!({"rule": rule}))).await;
        hold(rule, &answer, &log);
        let found = answer.expect(200).body["occurrences"].as_array().unwrap().len();
        assert!((1..=most).contains(&found), "{rule}: {found}");
    }
}

#[tokio::test]
async fn decisions_that_mean_nothing_are_refused_at_their_place() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let decision = |local_start: &str| json!({"local_start": local_start, "on_conflict": "skip"});
    let with = |decisions: Value| json!({"rule": "FREQ=WEEKLY;COUNT=3", "decisions": decisions});
    let many: Vec<Value> = (0..401).map(|n| decision(&format!("2027-01-01T{:02}:{:02}", n / 60, n % 60))).collect();
    let twice = json!([decision("2026-12-16T09:00"), decision("2026-12-23T09:00"), decision("2026-12-16T09:00")]);
    let cases = [
        (with(json!([decision("2026-12-17T09:00")])), "no-such-occurrence", "/recurrence/decisions"),
        (with(json!([decision("2026-12-30T09:00")])), "no-such-occurrence", "/recurrence/decisions"),
        (with(json!(many)), "limit-reached", "/recurrence/decisions"),
        (with(twice), "invalid-field", "/recurrence/decisions/2/local_start"),
    ];
    for (recurrence, problem, place) in cases {
        drop(log.take());
        let answer = scene.house.ada.post("/v1/series", body(&scene, recurrence)).await;
        hold(problem, &answer, &log);
        assert_eq!((answer.problem(), pointer(&answer)), (problem, place), "{}", answer.text);
    }
}

#[tokio::test]
async fn what_is_said_of_a_series_or_of_one_session_is_refused_where_it_is_the_other() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let series = scene.series(Whose::Adas).await;
    let path = format!("/v1/sessions/{}", series["sessions"][1]["session_id"].as_str().unwrap());
    let alone = scene.session(Whose::Adas, "2026-12-08T09:00").await;
    let alone = format!("/v1/sessions/{}", alone["id"].as_str().unwrap());
    let mut with_offset = scene.series_body(Whose::Adas, &json!({}));
    with_offset["utc_offset"] = "-07:00".into();
    let moved = |more: Value| {
        let mut body = json!({"local_start": "2026-12-17T10:00"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let following = "this_and_following";
    let cases = [
        ("/v1/series".to_owned(), with_offset.clone(), "invalid-field", "/utc_offset"),
        ("/v1/series/preview".to_owned(), with_offset, "invalid-field", "/utc_offset"),
        (format!("{path}/reschedule"), moved(json!({"rule": "FREQ=DAILY"})), "invalid-field", "/rule"),
        (format!("{path}/reschedule"), moved(json!({"on_conflict": "skip", "scope": "this"})), "invalid-field", "/on_conflict"),
        (format!("{path}/reschedule"), moved(json!({"exceptions": "keep"})), "invalid-field", "/exceptions"),
        (format!("{path}/reschedule"), moved(json!({"utc_offset": "-07:00", "scope": following})), "invalid-field", "/utc_offset"),
        (format!("{path}/reschedule"), moved(json!({"rule": "FREQ=YEARLY", "scope": following})), "invalid-rule", "/rule"),
        (
            format!("{path}/reschedule"),
            moved(json!({"rule": "FREQ=WEEKLY;BYDAY=MO", "scope": following})),
            "not-by-rule",
            "/local_start",
        ),
        (format!("{path}/cancel"), json!({"scope": "all"}), "invalid-field", "/scope"),
        (format!("{alone}/reschedule"), moved(json!({"scope": following})), "not-of-a-series", "/scope"),
        (format!("{alone}/cancel"), json!({"scope": following}), "not-of-a-series", "/scope"),
        (format!("{alone}/delete"), json!({"scope": following}), "not-of-a-series", "/scope"),
        (format!("{alone}/invites"), json!({"scope": following}), "not-of-a-series", "/scope"),
    ];
    for (path, body, problem, place) in cases {
        drop(log.take());
        let what = format!("{path} {body}");
        let answer = scene.house.ada.post(&path, body).await;
        hold(&what, &answer, &log);
        assert_eq!((answer.problem(), pointer(&answer)), (problem, place), "{what}: {}", answer.text);
    }
    let answer = scene.house.ada.patch(&alone, json!({"instructions": "Ring.", "scope": following})).await;
    assert_eq!(pointer(&answer.refused(409, "not-of-a-series")), "/scope");
}

#[tokio::test]
async fn a_member_that_no_series_has_or_that_is_there_twice_is_refused_at_its_place() {
    let scene = Scene::new().await;
    let body = body(&scene, json!({"rule": "FREQ=WEEKLY;COUNT=3"}));
    let text = body.to_string();
    let with = |more: &str| format!("{}, {more}}}", text.strip_suffix('}').unwrap()).into_bytes();
    let cases = [
        (with("\"recurence\": {\"rule\": \"FREQ=DAILY\"}"), "/recurence"),
        (with("\"recurrence\": {\"rule\": \"FREQ=DAILY\"}"), "/recurrence"),
        (with("\"local_start\": \"2026-12-10T09:00\""), "/local_start"),
        (text.replace("\"rule\"", "\"rrule\"").into_bytes(), "/recurrence/rrule"),
        (text.replace("\"recurrence\":", "\"recurrence\":[],\"x\":").into_bytes(), "/recurrence"),
        (b"{\"recurrence\": {\"rule\": \"FREQ=DAILY\"}}".to_vec(), "/clients"),
    ];
    for (bytes, place) in cases {
        let answer = scene.house.ada.send_bytes(reqwest::Method::POST, "/v1/series", &[], Some(bytes)).await;
        assert_eq!(pointer(&answer.clone().refused(422, "invalid-field")), place, "{}", answer.text);
    }
}
