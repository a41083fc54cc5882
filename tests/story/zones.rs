//! Time zones: this year's rules, gaps and folds, odd offsets, and midnights that do not exist.

use hourkeep_tests::{Answer, House};
use serde_json::{Value, json};

use crate::home::{Home as _, house_at};

async fn ask(house: &House, zone: &str, local_start: &str, more: Value) -> Answer {
    let mut body = house.session(local_start, more);
    body["time_zone"] = json!(zone);
    house.ada.post("/v1/sessions", body).await
}

/// When a session at this wall time is, and what it shows of that.
async fn shown(house: &House, zone: &str, local_start: &str) -> [String; 4] {
    let session = ask(house, zone, local_start, json!({"allow_overlap": true})).await.expect(201);
    ["/starts_at", "/utc_offset", "/local_start", "/local_end"].map(|pointer| session.text_of(pointer))
}

#[tokio::test]
async fn the_rules_of_2026_hold_where_older_databases_are_an_hour_off() {
    let house = House::new().await;
    for (zone, offset, starts_at) in [
        ("America/Vancouver", "-07:00", "2026-12-15T16:00:00Z"),
        ("America/Edmonton", "-06:00", "2026-12-15T15:00:00Z"),
        ("Africa/Casablanca", "+00:00", "2026-12-15T09:00:00Z"),
    ] {
        let found = shown(&house, zone, "2026-12-15T09:00").await;
        assert_eq!(found, [starts_at, offset, "2026-12-15T09:00", "2026-12-15T10:00"], "{zone}");
    }
    assert_eq!(shown(&house, "America/Vancouver", "2027-01-15T09:00").await[1], "-07:00");
}

#[tokio::test]
async fn odd_offsets_are_kept_to_the_minute() {
    let house = House::new().await;
    for (zone, offset, starts_at) in [
        ("Asia/Kolkata", "+05:30", "2026-12-15T03:30:00Z"),
        ("Asia/Kathmandu", "+05:45", "2026-12-15T03:15:00Z"),
        ("America/St_Johns", "-03:30", "2026-12-15T12:30:00Z"),
        ("Australia/Lord_Howe", "+11:00", "2026-12-14T22:00:00Z"),
        ("Pacific/Chatham", "+13:45", "2026-12-14T19:15:00Z"),
        ("Pacific/Kiritimati", "+14:00", "2026-12-14T19:00:00Z"),
    ] {
        assert_eq!(
            shown(&house, zone, "2026-12-15T09:00").await,
            [starts_at, offset, "2026-12-15T09:00", "2026-12-15T10:00"],
            "{zone}"
        );
    }
}

#[tokio::test]
async fn a_wall_time_that_is_skipped_is_refused_with_the_next_one_that_exists() {
    let house = House::new().await;
    let session = house.schedule("2027-03-01T09:00", json!({})).await;
    let path = format!("/v1/sessions/{}/reschedule", session["id"].as_str().unwrap());
    for (zone, local_start, next_valid) in [
        ("Europe/Paris", "2027-03-28T02:30", "2027-03-28T03:00"),
        ("America/New_York", "2027-03-14T02:00", "2027-03-14T03:00"),
        // Half an hour is skipped here.
        ("Australia/Lord_Howe", "2027-10-03T02:10", "2027-10-03T02:30"),
        // Midnight itself is skipped here.
        ("America/Santiago", "2027-09-05T00:15", "2027-09-05T01:00"),
        ("Africa/Cairo", "2027-04-30T00:00", "2027-04-30T01:00"),
    ] {
        let moved = json!({"local_start": local_start, "time_zone": zone});
        for refused in [ask(&house, zone, local_start, json!({})).await, house.ada.post(&path, moved).await] {
            let refused = refused.refused(422, "skipped-local-time");
            assert_eq!((&refused.body["next_valid"], &refused.body["pointer"]), (&json!(next_valid), &json!("/local_start")));
            assert!(refused.text_of("/detail").contains(next_valid), "{zone}");
        }
        ask(&house, zone, next_valid, json!({})).await.expect(201);
    }
}

#[tokio::test]
async fn a_wall_time_that_comes_twice_is_the_first_unless_the_offset_names_the_second() {
    let house = House::new().await;
    for (zone, local_start, [first, second], [first_at, second_at]) in [
        ("Europe/Paris", "2027-10-31T02:30", ["+02:00", "+01:00"], ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]),
        ("Australia/Lord_Howe", "2027-04-04T01:45", ["+11:00", "+10:30"], ["2027-04-03T14:45:00Z", "2027-04-03T15:15:00Z"]),
        ("America/Santiago", "2027-04-03T23:30", ["-03:00", "-04:00"], ["2027-04-04T02:30:00Z", "2027-04-04T03:30:00Z"]),
    ] {
        let overlap = json!({"allow_overlap": true});
        assert_eq!(ask(&house, zone, local_start, overlap.clone()).await.expect(201).text_of("/starts_at"), first_at);
        for (offset, starts_at) in [(first, first_at), (second, second_at)] {
            let named = json!({"allow_overlap": true, "utc_offset": offset});
            let session = ask(&house, zone, local_start, named).await.expect(201);
            assert_eq!([session.text_of("/starts_at"), session.text_of("/utc_offset")], [starts_at, offset], "{zone}");
        }
        let wrong = json!({"utc_offset": "+09:00"});
        let refused = ask(&house, zone, local_start, wrong).await.refused(422, "offset-not-in-force");
        assert!(refused.text_of("/detail").ends_with(&format!("name one of: {first}, {second}.")));
    }
}

#[tokio::test]
async fn the_two_hours_of_one_wall_time_do_not_overlap() {
    let house = House::new().await;
    for offset in ["+02:00", "+01:00"] {
        ask(&house, "Europe/Paris", "2027-10-31T02:00", json!({"utc_offset": offset})).await.expect(201);
    }
    ask(&house, "Europe/Paris", "2027-10-31T02:30", json!({"utc_offset": "+01:00"})).await.refused(409, "overlap");
}

#[tokio::test]
async fn a_session_across_a_change_of_clocks_lasts_as_long_as_it_is_long() {
    let house = House::new().await;
    assert_eq!(shown(&house, "Europe/Paris", "2027-03-28T01:30").await[3], "2027-03-28T03:30");
    assert_eq!(shown(&house, "Europe/Paris", "2027-10-31T02:30").await[3], "2027-10-31T02:30");
}

/// The local starts that a calendar of these days shows in a zone.
async fn day(house: &House, zone: &str, from: &str, to: &str) -> Vec<String> {
    let calendar = house.ada.get(&format!("/v1/calendar?from={from}&to={to}&time_zone={zone}")).await.expect(200).body;
    assert_eq!(calendar["time_zone"], zone);
    calendar["items"].as_array().unwrap().iter().map(|item| item["local_start"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_day_without_midnight_begins_at_its_first_moment() {
    let house = House::new().await;
    for (zone, before, first, last, after) in [
        ("America/Santiago", "2027-09-04T22:59", "2027-09-05T01:00", "2027-09-05T22:59", "2027-09-06T00:00"),
        ("Africa/Cairo", "2027-04-29T22:59", "2027-04-30T01:00", "2027-04-30T22:59", "2027-05-01T00:00"),
        // A day of 25 hours: the last hour before midnight comes twice.
        ("America/Santiago", "2027-04-02T22:59", "2027-04-03T00:00", "2027-04-03T22:59", "2027-04-04T00:00"),
    ] {
        for local_start in [before, first, last, after] {
            ask(&house, zone, local_start, json!({"allow_overlap": true})).await.expect(201);
        }
        assert_eq!(day(&house, zone, &first[..10], &after[..10]).await, [first, last], "{zone}");
    }
}

#[tokio::test]
async fn an_entry_over_midnight_stands_on_both_days_wherever_the_day_begins() {
    let house = House::new().await;
    ask(&house, "Asia/Kathmandu", "2027-02-10T23:30", json!({})).await.expect(201);
    for (from, to) in [("2027-02-10", "2027-02-11"), ("2027-02-11", "2027-02-12")] {
        assert_eq!(day(&house, "Asia/Kathmandu", from, to).await, ["2027-02-10T23:30"]);
    }
    assert!(day(&house, "Asia/Kathmandu", "2027-02-12", "2027-02-13").await.is_empty());
    assert_eq!(day(&house, "Pacific/Kiritimati", "2027-02-11", "2027-02-12").await, ["2027-02-11T07:45"]);
    assert!(day(&house, "Pacific/Kiritimati", "2027-02-10", "2027-02-11").await.is_empty());
    assert_eq!(day(&house, "Pacific/Pago_Pago", "2027-02-10", "2027-02-11").await, ["2027-02-10T06:45"]);
}

#[tokio::test]
async fn a_mail_shows_the_clinics_time_and_the_recipients_where_that_is_known_and_another() {
    let house = house_at("2027-03-20T15:00:00Z").await;
    let client = format!("/v1/clients/{}", house.client_id());
    for (zone, at) in [
        (json!("Europe/Paris"), Some("That is 17:00–18:00 in Paris (Europe/Paris, UTC+01:00).")),
        (json!("Asia/Kathmandu"), Some("That is 21:45–22:45 in Kathmandu (Asia/Kathmandu, UTC+05:45).")),
        (json!("Asia/Tokyo"), Some("That is Saturday, 27 March 2027, 1:00–2:00 in Tokyo (Asia/Tokyo, UTC+09:00).")),
        (json!("America/Vancouver"), None),
        (Value::Null, None),
    ] {
        house.ada.patch(&client, json!({"time_zone": zone})).await.expect(200);
        house.schedule("2027-03-26T09:00", json!({"invite": {"send": true}, "allow_overlap": true})).await;
        house.settle().await;
        let letter = house.newest_letter().await;
        let clinic = "When: Friday, 26 March 2027, 9:00–10:00, Vancouver time (America/Vancouver, UTC−07:00)";
        assert!(letter.text.contains(clinic), "{}", letter.text);
        assert_eq!(letter.text.contains("That is"), at.is_some(), "{}", letter.text);
        assert!(at.is_none_or(|at| letter.text.contains(at) && letter.html.contains(at)), "{}", letter.text);
        let named = letter.subject.ends_with("at 9:00 Vancouver time");
        assert_eq!(named, zone != "America/Vancouver", "{}", letter.subject);
    }
}

#[tokio::test]
async fn an_unknown_zone_is_refused_and_its_case_is_corrected() {
    let house = House::new().await;
    for zone in ["Mars/Olympus", "", "PST8PDT4", "America/Vancouver\r\nX:1", "+07:00"] {
        let refused = ask(&house, zone, "2026-12-15T09:00", json!({})).await.refused(422, "invalid-field");
        assert_eq!(refused.body["pointer"], "/time_zone", "{zone}");
    }
    assert_eq!(ask(&house, "europe/paris", "2026-12-15T09:00", json!({})).await.expect(201).text_of("/time_zone"), "Europe/Paris");
}
