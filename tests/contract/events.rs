//! Events without clients (S10): the same calendars, series and sheets as sessions; nobody is treated, invited or billed.

use hourkeep_tests::House;
use serde_json::{Value, json};

const DAY: &str = "/v1/calendar?from=2026-12-08&to=2026-12-09";

async fn type_id(house: &House, name: &str) -> String {
    let types = house.ada.get("/v1/event-types").await.expect(200).body;
    types["items"].as_array().unwrap().iter().find(|of| of["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

/// The body of an event of Ada's, on 8 December 2026 in the zone of her profile.
async fn event(house: &House, of: &str, at: &str, more: Value) -> Value {
    let mut body = json!({"clients": [], "event_type_id": type_id(house, of).await, "local_start": format!("2026-12-08T{at}")});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_meeting_stands_in_the_calendar_and_keeps_its_time_free_of_others() {
    let house = House::new().await;
    let body = event(&house, "Team meeting", "09:00", json!({"title": "Case conference", "room_id": house.room_id})).await;
    let made = house.ada.post("/v1/sessions", body).await.expect(201).body;
    assert_eq!((&made["clients"], &made["title"], &made["busy"]), (&json!([]), &json!("Case conference"), &json!(true)));
    assert_eq!((&made["status"], &made["recipients"], &made["reminders"]), (&json!("scheduled"), &json!([]), &json!([])));
    let shown = house.ada.get(&format!("{DAY}&names=true")).await.expect(200).body["items"][0].clone();
    assert_eq!((&shown["title"], &shown["client_ids"], &shown["busy"]), (&json!("Case conference"), &json!([]), &json!(true)));
    let room = house.fay.get(&format!("{DAY}&room_id={}", house.room_id)).await.expect(200).body["items"][0].clone();
    assert_eq!(room["title"], "Case conference");
    let other = house.ben.get(&format!("{DAY}&practitioner_id={}", house.ada_id)).await.expect(200).body["items"][0].clone();
    assert_eq!((&other["title"], &other["session_id"], &other["busy"]), (&Value::Null, &Value::Null, &json!(true)));
    house.ada.post("/v1/sessions", house.session("2026-12-08T09:30", json!({}))).await.refused(409, "overlap");
    house.drain().await;
    assert!(house.mails().await.is_empty(), "nobody is mailed");
}

#[tokio::test]
async fn a_note_leaves_its_time_to_others() {
    let house = House::new().await;
    house.ada.post("/v1/sessions", event(&house, "Note", "09:00", json!({})).await).await.expect(201);
    house.schedule("2026-12-08T09:00", json!({})).await;
    house.ada.post("/v1/sessions", event(&house, "Busy", "12:00", json!({})).await).await.expect(201);
    house.ada.post("/v1/sessions", event(&house, "Busy", "09:00", json!({})).await).await.refused(409, "overlap");
    let busy: Vec<_> =
        house.ada.get(DAY).await.expect(200).body["items"].as_array().unwrap().iter().map(|e| e["busy"].clone()).collect();
    assert_eq!(busy.iter().filter(|busy| **busy == json!(false)).count(), 1);
}

#[tokio::test]
async fn it_is_moved_renamed_cancelled_and_deleted_as_sessions_are() {
    let house = House::new().await;
    let body = event(&house, "Busy", "09:00", json!({"title": "Dentist", "length_minutes": 45})).await;
    let path = format!("/v1/sessions/{}", house.ada.post("/v1/sessions", body).await.expect(201).text_of("/id"));
    let moved = house.ada.post(&format!("{path}/reschedule"), json!({"local_start": "2026-12-08T11:00"})).await.expect(200).body;
    assert_eq!((&moved["local_start"], &moved["length_minutes"]), (&json!("2026-12-08T11:00"), &json!(45)));
    let renamed = house.ada.patch(&path, json!({"title": "Physiotherapy"})).await.expect(200).body;
    assert_eq!(renamed["title"], "Physiotherapy");
    assert_eq!(house.ada.get(DAY).await.expect(200).body["items"][0]["title"], "Physiotherapy");
    let cancelled = house.ada.post(&format!("{path}/cancel"), json!({})).await.expect(200).body;
    assert_eq!((&cancelled["status"], &cancelled["cancellation"]["fee_minor"]), (&json!("cancelled"), &Value::Null));
    assert_eq!(house.ada.get(DAY).await.expect(200).body["items"], json!([]));
    house.ada.post(&format!("{path}/delete"), json!({})).await.expect(200);
    let history = house.ada.get(&format!("{path}/history")).await.expect(200).body;
    assert_eq!(history["items"].as_array().unwrap().len(), 5);
    house.drain().await;
    assert!(house.mails().await.is_empty(), "nobody is mailed");
}

#[tokio::test]
async fn what_only_sessions_have_is_refused_where_it_stands() {
    let house = House::new().await;
    let cases = [
        (json!({"services": [{"service_id": house.service_id}]}), "/services"),
        (json!({"invite": {"send": true}}), "/invite"),
        (json!({"invite": {"send": true, "recipients": [{"email": "team@clinic.test"}]}}), "/invite"),
        (json!({"reminders": [{"days_before": 1, "channel": "email"}]}), "/reminders"),
    ];
    for (more, pointer) in cases {
        let refused = house.ada.post("/v1/sessions", event(&house, "Busy", "09:00", more).await).await;
        assert_eq!(refused.refused(422, "without-clients").text_of("/pointer"), pointer);
    }
    let long = event(&house, "Busy", "09:00", json!({"title": "x".repeat(81)})).await;
    house.ada.post("/v1/sessions", long).await.refused(422, "invalid-field");
    house.ada.post("/v1/sessions", event(&house, "Session", "09:00", json!({})).await).await.refused(422, "not-one-client");
    let titled = house.session("2026-12-08T09:00", json!({"title": "Talk"}));
    house.ada.post("/v1/sessions", titled).await.refused(422, "invalid-field");
    let made = house.ada.post("/v1/sessions", event(&house, "Busy", "09:00", json!({})).await).await.expect(201);
    let path = format!("/v1/sessions/{}", made.text_of("/id"));
    house.ada.post(&format!("{path}/invites"), json!({})).await.refused(422, "without-clients");
    house.ada.post(&format!("{path}/outcome"), json!({"progress": "completed"})).await.refused(422, "without-clients");
    house.ada.post(&format!("{path}/cancel"), json!({"notify": true})).await.refused(422, "without-clients");
    house.ada.post(&format!("{path}/cancel"), json!({"fee_minor": 100})).await.refused(422, "without-clients");
    house.ada.patch(&path, json!({"event_type_id": type_id(&house, "Session").await})).await.refused(422, "wrong-event-type");
}

#[tokio::test]
async fn once_over_it_awaits_nothing() {
    let house = House::new().await;
    let made = house.ada.post("/v1/sessions", event(&house, "Busy", "09:00", json!({})).await).await.expect(201);
    let path = format!("/v1/sessions/{}", made.text_of("/id"));
    house.advance_to("2026-12-09T12:00:00Z").await;
    assert_eq!(house.ada.get(&path).await.expect(200).text_of("/status"), "closed");
    assert_eq!(house.ada.get(DAY).await.expect(200).body["items"][0]["status"], "closed");
    let refused = house.ada.post(&format!("{path}/cancel"), json!({})).await.refused(409, "wrong-status");
    assert_eq!(
        refused.text_of("/detail"),
        "The event is over, so it cannot be cancelled. If it was entered by mistake, delete it."
    );
    house.ada.post(&format!("{path}/delete"), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_weekly_meeting_is_previewed_booked_moved_from_one_on_and_ended() {
    let house = House::new().await;
    let more = json!({"title": "Supervision", "recurrence": {"rule": "FREQ=WEEKLY;COUNT=4"}});
    let body = event(&house, "Team meeting", "09:00", more).await;
    house.schedule("2026-12-15T09:00", json!({})).await;
    let preview = house.ada.post("/v1/series/preview", body.clone()).await.expect(200).body;
    assert_eq!((&preview["occurrences"].as_array().unwrap().len(), &preview["blocked"]), (&4, &json!(1)));
    let mut skipping = body;
    skipping["recurrence"]["on_conflict"] = "skip".into();
    let series = house.ada.post("/v1/series", skipping).await.expect(201).body;
    assert_eq!(
        (&series["title"], &series["client_ids"], &series["skipped"][0]["why"]),
        (&json!("Supervision"), &json!([]), &json!("time_taken"))
    );
    let third = series["sessions"][1]["session_id"].as_str().unwrap();
    let moved = json!({"local_start": "2026-12-23T10:00", "scope": "this_and_following"});
    let moved = house.ada.post(&format!("/v1/sessions/{third}/reschedule"), moved).await.expect(200).body;
    let starts: Vec<_> = moved["sessions"].as_array().unwrap().iter().map(|s| s["local_start"].clone()).collect();
    assert_eq!(starts, ["2026-12-23T10:00", "2026-12-30T10:00"]);
    let renamed = json!({"title": "Group supervision", "scope": "this_and_following"});
    assert_eq!(house.ada.patch(&format!("/v1/sessions/{third}"), renamed).await.expect(200).text_of("/title"), "Group supervision");
    house.ada.post(&format!("/v1/sessions/{third}/cancel"), json!({"scope": "this_and_following"})).await.expect(200);
    let december = house.ada.get("/v1/calendar?from=2026-12-20&to=2027-01-10").await.expect(200).body;
    assert_eq!(december["items"], json!([]));
    house.drain().await;
    assert!(house.mails().await.is_empty(), "nobody is mailed");
}

#[tokio::test]
async fn practitioners_see_and_change_their_own_and_the_front_desk_all() {
    let house = House::new().await;
    let body = event(&house, "Busy", "09:00", json!({"practitioner_id": house.ada_id, "title": "Private"})).await;
    house.ben.post("/v1/sessions", body.clone()).await.refused(403, "forbidden");
    let made = house.fay.post("/v1/sessions", body).await.expect(201);
    let path = format!("/v1/sessions/{}", made.text_of("/id"));
    for answer in [
        house.ben.get(&path).await,
        house.ben.get(&format!("{path}/history")).await,
        house.ben.patch(&path, json!({"title": "Mine"})).await,
        house.ben.post(&format!("{path}/reschedule"), json!({"local_start": "2026-12-08T11:00"})).await,
        house.ben.post(&format!("{path}/cancel"), json!({})).await,
        house.ben.post(&format!("{path}/delete"), json!({})).await,
    ] {
        answer.refused(404, "not-found");
    }
    house.ada.patch(&path, json!({"title": "Mine"})).await.expect(200);
    // Anyone may be told of it, so it can be moved to anyone.
    let moved = json!({"local_start": "2026-12-08T11:00", "time_zone": "America/Vancouver", "practitioner_id": house.ben_id});
    house.fay.post(&format!("{path}/reschedule"), moved).await.expect(200);
    house.ben.get(&path).await.expect(200);
    house.found("Other Clinic", "other-clinic", "olga@other.test").await;
    house.sign_in("olga@other.test").await.get(&path).await.refused(404, "not-found");
}
