//! What API Gateway hands over.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::{
    samples::{CODE, KEY, SESSION, TICKET},
    stage::{Stage, text_of, unzipped},
};

/// A session of a sample: its id, its code and its recipient.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) session: String,
    pub(crate) code: String,
    pub(crate) recipient: String,
}

impl Told {
    fn of(session: &Value) -> Self {
        let text = |pointer: &str| session.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { session: text("/id"), code: text("/clients/0/code"), recipient: text("/recipients/0/id") }
    }
}

/// The same request with a key of its own, so that it is another one.
pub(crate) fn anew(event: &mut Value, key: &str) {
    event["headers"]["idempotency-key"] = format!("{KEY}-{key}").into();
}

pub(crate) async fn schedule(stage: &mut Stage) -> Told {
    let event = stage.samples.get("http-schedule", &[]);
    let session = stage.request("schedule", &event, 201).await;
    assert_eq!((&session["revision"], &session["invited"], &session["status"]), (&json!(1), &json!(true), &json!("scheduled")));
    let told = Told::of(&session);
    stage.secrets.push(told.code.clone());
    let stored = stage.house.ada.get(&format!("/v1/sessions/{}", told.session)).await.expect(200).body;
    assert_eq!(stored["starts_at"], session["starts_at"]);
    let line = stage.log("schedule").pop().unwrap();
    assert_eq!((&line["correlation"], &line["practice"]), (&event["requestContext"]["requestId"], &json!(stage.practice)));
    // The same request again is the same session.
    let again = stage.request("schedule", &event, 201).await;
    assert_eq!(again["id"], session["id"]);
    told
}

/// A session of the house, far enough away from the others.
pub(crate) async fn of_the_house(stage: &Stage, local_start: &str, more: Value) -> Told {
    let mut body = json!({"time_zone": "UTC", "length_minutes": 60});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Told::of(&stage.house.schedule(local_start, body).await)
}

pub(crate) fn wall(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

pub(crate) async fn reschedule(stage: &mut Stage) -> Told {
    let told = of_the_house(stage, &wall(stage.now + Duration::days(30)), json!({"invite": {"send": true}})).await;
    let event = stage.samples.get("http-reschedule", &[(SESSION, &told.session)]);
    let session = stage.request("reschedule", &event, 200).await;
    assert_eq!((&session["revision"], &session["length_minutes"]), (&json!(2), &json!(60)));
    assert!(session["local_start"].as_str().unwrap().ends_with("T10:30"), "{session}");
    // It has another revision now than the sample asks for.
    let mut late = event.clone();
    anew(&mut late, "late");
    assert_eq!(stage.request("reschedule", &late, 412).await["type"], "/problems/outdated");
    told
}

pub(crate) async fn edit(stage: &mut Stage, told: &Told) {
    let event = stage.samples.get("http-edit-session", &[(SESSION, &told.session)]);
    let session = stage.request("api", &event, 200).await;
    assert_eq!(session["instructions"], "Ring twice.");
}

pub(crate) async fn cancel(stage: &mut Stage, told: &Told) {
    let event = stage.samples.get("http-cancel", &[(SESSION, &told.session)]);
    let session = stage.request("cancel", &event, 200).await;
    assert_eq!((&session["revision"], &session["status"]), (&json!(2), &json!("cancelled")));
}

/// Of a session of its own: it is nowhere afterwards but in its history.
pub(crate) async fn delete(stage: &mut Stage) {
    let told = of_the_house(stage, &wall(stage.now + Duration::days(32)), json!({})).await;
    let event = stage.samples.get("http-delete", &[(SESSION, &told.session)]);
    let session = stage.request("cancel", &event, 200).await;
    assert_eq!((&session["revision"], &session["status"]), (&json!(2), &json!("deleted")));
    let event = stage.samples.get("http-public-session", &[(CODE, &told.code)]);
    assert_eq!(stage.request("api", &event, 404).await["type"], "/problems/not-found");
}

pub(crate) async fn send_invites(stage: &mut Stage) {
    let told = of_the_house(stage, &wall(stage.now + Duration::days(31)), json!({})).await;
    let event = stage.samples.get("http-send-invites", &[(SESSION, &told.session)]);
    let session = stage.request("send-invites", &event, 200).await;
    assert_eq!((&session["revision"], &session["invited"]), (&json!(2), &json!(true)));
}

/// A series, as it is foreseen, booked and shown; and those that follow one of its sessions, as each function changes them.
pub(crate) async fn series(stage: &mut Stage) {
    let event = stage.samples.get("http-schedule-series", &[]);
    let foreseen = stage.request("api", &elsewhere(&event, "POST", "/v1/series/preview", ""), 200).await;
    assert_eq!(foreseen["occurrences"].as_array().map(Vec::len), Some(8));
    let series = stage.request("schedule-series", &event, 201).await;
    let sessions = series["sessions"].as_array().unwrap().clone();
    assert_eq!((sessions.len(), &series["status"], &series["busy"]), (8, &json!("standing"), &json!(false)));
    let again = stage.request("schedule-series", &event, 201).await;
    assert_eq!(again, series);
    let mut taken = event.clone();
    anew(&mut taken, "taken");
    let taken = stage.request("schedule-series", &taken, 409).await;
    assert_eq!(taken["taken"].as_array().map(Vec::len), Some(8));

    let first = series["local_start"].as_str().unwrap();
    let presets = elsewhere(&event, "GET", "/v1/series/presets", &format!("local_start={first}"));
    assert!(stage.request("api", &presets, 200).await["items"].as_array().is_some_and(|items| items.len() > 3));
    let shown = elsewhere(&event, "GET", &format!("/v1/series/{}", series["id"].as_str().unwrap()), "");
    assert_eq!(stage.request("api", &shown, 200).await["sessions"], series["sessions"]);

    let later = sessions[4]["local_start"].as_str().unwrap().replace("T13:00", "T14:30");
    let recipients = json!([{"email": "someone@family.test"}]);
    for (function, sample, nth, body) in [
        ("api", "http-edit-session", 7, json!({"instructions": "Ring three times."})),
        ("send-invites", "http-send-invites", 6, json!({"recipients": recipients})),
        ("reschedule", "http-reschedule", 4, json!({"local_start": later})),
        ("cancel", "http-cancel", 2, json!({"notify": true})),
        ("cancel", "http-delete", 0, json!({})),
    ] {
        let session = sessions[nth]["session_id"].as_str().unwrap();
        let mut event = stage.samples.get(sample, &[(SESSION, session)]);
        let mut body = body;
        body["scope"] = "this_and_following".into();
        event["body"] = body.to_string().into();
        event["headers"].as_object_mut().unwrap().remove("if-match");
        anew(&mut event, &format!("following-{nth}"));
        let changed = stage.request(function, &event, 200).await;
        assert!(changed["id"].as_str().unwrap().starts_with("ser_"), "{function}: {changed}");
    }
}

/// An event of another route.
fn elsewhere(event: &Value, method: &str, path: &str, query: &str) -> Value {
    let mut event = event.clone();
    event["requestContext"]["http"]["method"] = method.into();
    event["requestContext"]["http"]["path"] = path.into();
    event["rawPath"] = path.into();
    event["rawQueryString"] = query.into();
    if method == "GET" {
        event["body"] = Value::Null;
    }
    event
}

/// Of a session that is over by the machine's clock.
pub(crate) async fn mark_outcome(stage: &mut Stage) {
    let told = of_the_house(stage, &wall(stage.now - Duration::minutes(150)), json!({})).await;
    let event = stage.samples.get("http-mark-outcome", &[(SESSION, &told.session)]);
    let session = stage.request("mark-outcome", &event, 200).await;
    assert_eq!(session["status"], "closed");
}

pub(crate) async fn reads(stage: &mut Stage, told: &Told) {
    let event = stage.samples.get("http-show-session", &[(SESSION, &told.session)]);
    assert_eq!(stage.request("api", &event, 200).await["id"], told.session.as_str());

    let event = stage.samples.get("http-session-history", &[(SESSION, &told.session)]);
    assert_eq!(stage.request("api", &event, 200).await["items"][0]["change"]["change"], "scheduled");

    let event = stage.samples.get("http-calendar", &[]);
    let calendar = stage.request("api", &event, 200).await.to_string();
    assert!(calendar.contains(&told.session), "{calendar}");

    let event = stage.samples.get("http-list-memberships", &[]);
    assert_eq!(stage.request("api", &event, 200).await["items"][0]["practice_id"], stage.practice.as_str());

    let event = stage.samples.get("http-public-session", &[(CODE, &told.code)]);
    assert_eq!(stage.request("api", &event, 200).await["status"], "scheduled");

    let event = stage.samples.get("http-session-page", &[(CODE, &told.code)]);
    let answer = stage.invoke("api", &event).await;
    assert_eq!((&answer["statusCode"], &answer["headers"]["content-type"]), (&json!(200), &json!("text/html; charset=utf-8")));
    assert!(text_of(&answer).contains("This session is scheduled."), "{answer}");
}

pub(crate) async fn settings(stage: &mut Stage) {
    let event = stage.samples.get("http-change-practice", &[]);
    assert_eq!(stage.request("api", &event, 200).await["policies"]["late_cancellation_hours"], 48);

    let event = stage.samples.get("http-add-client", &[]);
    let client = stage.request("api", &event, 201).await;
    let stored = stage.house.ada.get(&format!("/v1/clients/{}", client["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(stored["contacts"][0]["email"], "nils@family.test");

    let event = stage.samples.get("http-usage", &[]);
    assert!(stage.request("api", &event, 200).await["sessions_booked"].as_u64() > Some(0));
}

/// The ticket that one function gives opens the export at another one.
pub(crate) async fn export(stage: &mut Stage) {
    let event = stage.samples.get("http-ask-for-export", &[]);
    let link = stage.request("api", &event, 201).await;
    let (origin, ticket) = link["url"].as_str().unwrap().split_once("/v1/exports/").unwrap();
    assert_eq!(origin, "https://export.hourkeep.example");
    stage.secrets.push(ticket.to_owned());
    let event = stage.samples.get("url-export", &[(TICKET, ticket)]);
    // Status and headers come first; eight zeros divide them from the body, which is streamed.
    let answer = stage.call("export", &event).await.body;
    let divided = answer.windows(8).position(|bytes| bytes == [0; 8]).unwrap();
    let prelude: Value = serde_json::from_slice(&answer[..divided]).unwrap();
    assert_eq!((&prelude["statusCode"], &prelude["headers"]["content-type"]), (&json!(200), &json!("application/x-ndjson")));
    assert_eq!(prelude["headers"]["content-encoding"], "gzip");
    let text = unzipped(&answer[divided + 8..]);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap(), &json!({"kind": "end", "lines": lines.len()}));
    let guardian = "/record/contacts/0/email";
    assert!(
        lines.iter().any(|line| line.pointer(guardian).is_some_and(|email| email == "gil@family.test")),
        "{} lines",
        lines.len()
    );
}
