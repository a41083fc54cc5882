//! What the table's stream, queues and Scheduler hand over.

use chrono::{DateTime, Duration, DurationRound as _, Utc};
use hourkeep_app::port::Clock as _;
use hourkeep_aws::clock::SystemClock;
use serde_json::{Value, json};

use crate::{
    requests::{Told, anew, wall},
    samples::{RECIPIENT, SESSION},
    stage::Stage,
};

const GUARDIAN: &str = "gil@family.test";

pub(crate) fn nothing_failed() -> Value {
    json!({ "batchItemFailures": [] })
}

/// The stream's record becomes an invite on its queue and a schedule in its group, and is not pending any more.
pub(crate) async fn relay(stage: &mut Stage, told: &Told) {
    assert!(is_pending(stage, told).await);
    let event = stage.samples.get("stream-scheduled", &[(SESSION, &told.session), (RECIPIENT, &told.recipient)]);
    assert_eq!(stage.invoke("relay", &event).await, nothing_failed());
    assert!(!is_pending(stage, told).await);
    let jobs = stage.jobs("invites").await;
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!((&job["job"], &job["session"]), (&json!("invite"), &json!(told.session)));
    assert_eq!(job["correlation"], event["Records"][0]["dynamodb"]["NewImage"]["correlation"]["S"]);
    let due = event["Records"][0]["dynamodb"]["NewImage"]["body"]["M"]["effects"]["L"][1]["M"]["due_at"]["S"].clone();
    let due: DateTime<Utc> = due.as_str().unwrap().parse().unwrap();
    let schedule = stage.schedule(&format!("{}-2email-{}", told.session, due.format("%Y%m%dT%H%M"))).await;
    assert_eq!(schedule["ScheduleExpression"], due.format("at(%Y-%m-%dT%H:%M:%S)").to_string());
    assert_eq!(schedule["Target"]["RoleArn"], crate::stage::TIMERS_ROLE);
}

async fn is_pending(stage: &Stage, told: &Told) -> bool {
    let key = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let database = stage.house.server.database();
    let event = database
        .get_item()
        .table_name(crate::stage::TABLE)
        .key("pk", key(format!("P#{}#SESSION#{}", stage.practice, told.session)))
        .key("sk", key("EVENT#00000001".to_owned()));
    event.send().await.unwrap().item.unwrap().contains_key("pending")
}

pub(crate) async fn invite(stage: &mut Stage, told: &Told) {
    let event = stage.samples.get("sqs-invite", &[(SESSION, &told.session), (RECIPIENT, &told.recipient)]);
    assert_eq!(stage.invoke("send-invite", &event).await, nothing_failed());
    assert_eq!(methods(stage, GUARDIAN).await, ["REQUEST"]);
    // The mail's line names the request that all of it follows from.
    let line = stage.log("send-invite").pop().unwrap();
    assert_eq!((&line["outcome"], &line["correlation"]), (&json!("sent"), &json!("JKJaXmPLvHcESHA=")));
    // Handed out once more, it sends nothing more.
    assert_eq!(stage.invoke("send-invite", &event).await, nothing_failed());
    assert_eq!(methods(stage, GUARDIAN).await.len(), 1);
}

/// The METHOD of each mail's calendar; of mails without one, `none`.
pub(crate) async fn methods(stage: &Stage, address: &str) -> Vec<String> {
    let method = |mail: &String| {
        let named = mail.split("method=").nth(1).unwrap_or("none").trim_start_matches('"');
        named.split(['"', ';', '\r']).next().unwrap().to_owned()
    };
    stage.mails_to(address).await.iter().map(method).collect()
}

pub(crate) async fn notice(stage: &mut Stage, told: &Told) {
    let event = stage.samples.get("sqs-notice", &[(SESSION, &told.session)]);
    assert_eq!(stage.invoke("send-invite", &event).await, nothing_failed());
    assert_eq!(methods(stage, "ada@demo.test").await.len(), 1);
}

/// A reminder that is due within two minutes goes onto its queue at once, and is what Scheduler would send.
pub(crate) async fn reminder(stage: &mut Stage) {
    let minute = Duration::minutes(1);
    let due = SystemClock.now().duration_trunc(minute).unwrap() + minute + minute;
    let start = (due + Duration::days(2)).format("%Y-%m-%dT%H:%M").to_string();
    let mut event = stage.samples.get("http-schedule", &[("2026-12-01T09:00", &start), ("America/Vancouver", "UTC")]);
    anew(&mut event, "reminder");
    // Wherever that falls among the sessions of the house.
    let mut body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
    body["allow_overlap"] = true.into();
    event["body"] = body.to_string().into();
    let session = stage.request("schedule", &event, 201).await;
    assert_eq!(stage.held_back("reminders").await, 1);
    let due = due.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let session = session["id"].as_str().unwrap();
    let event = stage.samples.get("sqs-reminder-from-scheduler", &[(SESSION, session), ("2026-11-29T17:00:00Z", &due)]);
    let before = stage.mails_to(GUARDIAN).await.len();
    assert_eq!(stage.invoke("send-reminder", &event).await, nothing_failed());
    assert_eq!(stage.mails_to(GUARDIAN).await.len(), before + 1);
}

pub(crate) async fn cancellation(stage: &mut Stage, told: &Told) {
    let event = stage.samples.get("sqs-cancellation", &[(SESSION, &told.session), (RECIPIENT, &told.recipient)]);
    assert_eq!(stage.invoke("send-cancellation", &event).await, nothing_failed());
    assert_eq!(methods(stage, GUARDIAN).await.last().map(String::as_str), Some("CANCEL"));
}

/// Sessions of a release with other time-zone rules: one moves onto another, and two stay, whose reminders are armed again.
pub(crate) async fn reanchor(stage: &mut Stage) {
    let hour = Duration::hours(1);
    let start = (stage.now + Duration::days(40)).duration_trunc(hour).unwrap();
    let minute = SystemClock.now().duration_trunc(Duration::minutes(1)).unwrap() + Duration::minutes(2);
    let reminders = json!([{"days_before": 2, "channel": "email"}]);
    let more = json!({"time_zone": "UTC", "length_minutes": 60, "reminders": reminders, "allow_overlap": true});
    let mut sessions = Vec::new();
    for (at, by) in [(start, hour), (start + hour * 5, Duration::zero()), (minute + Duration::days(2), Duration::zero())] {
        let session = stage.house.schedule(&wall(at), more.clone()).await;
        stage.house.backdate(&session, at + by).await;
        sessions.push((session["id"].as_str().unwrap().to_owned(), at));
    }
    stage.house.schedule(&wall(start), more).await;
    let held_back = stage.held_back("reminders").await;
    let event = stage.samples.get("sqs-reanchor", &[]);
    assert_eq!(stage.invoke("extend-series", &event).await, nothing_failed());
    assert_eq!(stage.held_back("reminders").await, held_back + 1, "what is due within two minutes goes onto its queue");
    let revisions = [2, 1, 1];
    for ((id, at), revision) in sessions.iter().zip(revisions) {
        let session = stage.house.ada.get(&format!("/v1/sessions/{id}")).await.expect(200);
        assert_eq!((session.text_of("/starts_at").parse(), &session.body["revision"]), (Ok(*at), &json!(revision)));
    }
    let (id, at) = &sessions[1];
    stage.schedule(&format!("{id}-2email-{}", (*at - Duration::days(2)).format("%Y%m%dT%H%M"))).await;
    let inbox = stage.house.ada.get("/v1/inbox").await.expect(200).body;
    assert!(inbox["items"].as_array().unwrap().iter().any(|item| item["session_id"] == sessions[0].0), "{inbox}");
    let line = stage.log("extend-series").pop().unwrap();
    assert_eq!(
        (&line["operation"], &line["outcome"], &line["practice"]),
        (&json!("reanchor"), &json!("changed"), &json!(stage.practice))
    );
    // Handed out once more, it does nothing more.
    assert_eq!(stage.invoke("extend-series", &event).await, nothing_failed());
    assert_eq!(stage.log("extend-series").pop().unwrap()["outcome"], "nothing");
}

/// What the house wrote three hours ago was never handed on.
pub(crate) async fn sweep(stage: &mut Stage) {
    stage.jobs("invites").await;
    stage.jobs("series").await;
    let local_start = (stage.now + Duration::days(32)).format("%Y-%m-%dT%H:%M").to_string();
    let more = json!({"time_zone": "UTC", "invite": {"send": true}});
    let session = stage.house.schedule(&local_start, more).await;
    let event = stage.samples.get("scheduler-sweep", &[]);
    assert_eq!(stage.invoke("sweep", &event).await, Value::Null);
    let jobs = stage.jobs("invites").await;
    assert!(jobs.iter().any(|job| job["session"] == session["id"] && job["job"] == "invite"), "{jobs:?}");
    assert!(stage.log("sweep").iter().any(|line| line["handed_on"].as_u64() > Some(0)));
    // Nobody has said yet by which time-zone rules the practices go.
    let job = json!({"job": "reanchor", "practice": stage.practice});
    assert!(stage.jobs("series").await.contains(&job));
    assert!(stage.log("sweep").iter().any(|line| line["reanchoring"].as_u64() > Some(0)));
}

/// What SES says of the cancellation: first that it came back, then that it was not wanted.
pub(crate) async fn mail_events(stage: &mut Stage, told: &Told) {
    let now = SystemClock.now().to_rfc3339();
    for (sample, its_time, reason) in
        [("sqs-bounce", "2026-11-24T18:05:15.802Z", "bounced"), ("sqs-complaint", "2026-11-24T18:11:02.000Z", "complained")]
    {
        let event = stage.samples.get(sample, &[(SESSION, &told.session), (RECIPIENT, &told.recipient), (its_time, &now)]);
        assert_eq!(stage.invoke("note-delivery", &event).await, nothing_failed());
        let session = stage.house.ada.get(&format!("/v1/sessions/{}", told.session)).await.expect(200).body;
        let delivery = &session["recipients"][0]["delivery"];
        assert_eq!((&delivery["state"], &delivery["reason"]), (&json!("undeliverable"), &json!(reason)), "{session}");
    }
}

/// Who works in one practice alone gets it into both tokens.
pub(crate) async fn sign_in(stage: &mut Stage) {
    let event = stage.samples.get("cognito-pre-token-generation", &[]);
    let answer = stage.invoke("name-practice", &event).await;
    for token in ["accessTokenGeneration", "idTokenGeneration"] {
        let claims = &answer["response"]["claimsAndScopeOverrideDetails"][token]["claimsToAddOrOverride"];
        assert_eq!(claims["hourkeep:practice"], stage.practice.as_str(), "{answer}");
    }
    assert_eq!(answer["request"], event["request"]);
}
