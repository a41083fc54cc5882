//! A series from its booking to the mails about it: what the stream, the queues and SES hand over of one.

use chrono::{Duration, DurationRound as _};
use serde_json::{Value, json};

use crate::{
    requests::wall,
    samples::{RECIPIENT, SESSION},
    stage::{Stage, TABLE},
    workers::{methods, nothing_failed},
};

const INVITED: &str = "ida@family.test";

/// Its one invitation goes out and comes back, and so does its cancellation.
pub(crate) async fn mails(stage: &mut Stage) {
    stage.jobs("invites").await;
    let series = booked(stage, 50).await;
    let id = series["id"].as_str().unwrap();
    relay_newest(stage, id).await;
    let jobs = stage.jobs("invites").await;
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!((&job["job"], &job["series"], &job["session"]), (&json!("invite"), &json!(id), &Value::Null));

    let before = methods(stage, INVITED).await.len();
    let invite = handed_out(stage, "sqs-invite", job);
    assert_eq!(stage.invoke("send-invite", &invite).await, nothing_failed());
    assert_eq!(methods(stage, INVITED).await[before..], ["REQUEST"]);
    assert_eq!(stage.invoke("send-invite", &invite).await, nothing_failed());
    assert_eq!(methods(stage, INVITED).await.len(), before + 1, "handed out once more, it sends nothing more");

    let bounce = stage.samples.get("sqs-bounce", &[(SESSION, id), (RECIPIENT, job["recipient"].as_str().unwrap())]);
    assert_eq!(stage.invoke("note-delivery", &bounce).await, nothing_failed());

    let first = series["sessions"][0]["session_id"].as_str().unwrap();
    let all = json!({"scope": "this_and_following"});
    stage.house.ada.post(&format!("/v1/sessions/{first}/cancel"), all).await.expect(200);
    relay_newest(stage, id).await;
    let jobs = stage.jobs("cancellations").await;
    let job = jobs.iter().find(|job| job["series"] == id).expect("those invited are told");
    let cancellation = handed_out(stage, "sqs-cancellation", job);
    assert_eq!(stage.invoke("send-cancellation", &cancellation).await, nothing_failed());
    assert_eq!(methods(stage, INVITED).await.last().map(String::as_str), Some("CANCEL"));
    // One that nobody has handed on: the sweep's.
    booked(stage, 57).await;
}

/// A series of three at the house, in so many days.
async fn booked(stage: &mut Stage, days: i64) -> Value {
    let start = (stage.now + Duration::days(days)).duration_trunc(Duration::hours(1)).unwrap();
    let invite = json!({"send": true, "recipients": [{"email": INVITED}]});
    let mut body = stage.house.session(&wall(start), json!({"time_zone": "UTC", "invite": invite, "allow_overlap": true}));
    body["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=3"});
    stage.house.ada.post("/v1/series", body).await.expect(201).body
}

/// Hands the newest event of a series to the relay, as the table's stream would.
async fn relay_newest(stage: &mut Stage, series: &str) {
    let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let events =
        stage.house.server.database().query().table_name(TABLE).key_condition_expression("pk = :pk AND begins_with(sk, :sk)");
    let events = events
        .expression_attribute_values(":pk", text(format!("P#{}#SERIES#{series}", stage.practice)))
        .expression_attribute_values(":sk", text("EVENT#".to_owned()));
    let newest = events.send().await.unwrap().items.unwrap().pop().unwrap();
    assert!(newest.contains_key("pending"), "{newest:?}");
    let mut event = stage.samples.get("stream-scheduled", &[]);
    event["Records"][0]["dynamodb"]["NewImage"] = serde_json::to_value(serde_dynamo::Item::from(newest)).unwrap();
    assert_eq!(stage.invoke("relay", &event).await, nothing_failed());
}

/// A batch of one job, as its queue hands it out.
fn handed_out(stage: &mut Stage, sample: &str, job: &Value) -> Value {
    let mut event = stage.samples.get(sample, &[]);
    event["Records"][0]["body"] = job.to_string().into();
    event
}
