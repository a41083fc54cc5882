//! The samples under `events/`, and batches made of them, as Lambda would hand them over.

use std::{
    convert::Infallible,
    sync::Mutex,
    task::{Context, Poll},
};

use aws_lambda_events::{dynamodb::Event as StreamBatch, sqs::SqsEvent};
use hourkeep_app::{
    caller::Principal,
    job::{Dispatch, Job, LaneJob, ReminderJob},
    port::PortError,
    work::{Done, HandedOn, Post, Relay},
};
use hourkeep_domain::event::{Change, Effect, Event};
use serde_json::{Value, json};
use tower::{Layer as _, Service};

use crate::{claims::Claims, queue::each_job, stream::each_event};

pub(super) const STREAM: &str = include_str!("../../../../events/stream-scheduled.json");
pub(super) const INVITE: &str = include_str!("../../../../events/sqs-invite.json");
const CANCELLATION: &str = include_str!("../../../../events/sqs-cancellation.json");
const REANCHOR: &str = include_str!("../../../../events/sqs-reanchor.json");
pub(super) const REMINDER: &str = include_str!("../../../../events/sqs-reminder-from-scheduler.json");
pub(super) const HTTP: &str = include_str!("../../../../events/http-schedule.json");

pub(super) fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub(super) fn reminder_job() -> ReminderJob {
    serde_json::from_str(sample(REMINDER)["Records"][0]["body"].as_str().unwrap()).unwrap()
}

pub(super) fn lane_job() -> LaneJob {
    serde_json::from_str(sample(INVITE)["Records"][0]["body"].as_str().unwrap()).unwrap()
}

/// The local server spawns these.
fn spawnable<T: Send>(future: T) -> T {
    future
}

/// Holds by compiling.
#[expect(dead_code, clippy::let_underscore_future, reason = "only the types matter")]
fn work_is_spawnable(relay: &Relay, post: &Post, stream: StreamBatch, queue: SqsEvent) {
    let _ = spawnable(each_event(stream, |event| async move { relay.hand_on(&event).await }));
    let _ = spawnable(each_job(queue, |dispatch| async move { post.deliver(&dispatch.job).await }));
}

fn broken() -> PortError {
    PortError { port: "test", source: "broken".into() }
}

/// Hands a stream's batch on to a handler that fails for these revisions; answers what it was given, and the answer.
async fn stream(batch: Value, failing: &[u32]) -> (Vec<Event>, Value) {
    let batch: StreamBatch = serde_json::from_value(batch).unwrap();
    let seen = Mutex::new(Vec::new());
    let answer = each_event(batch, |event| async {
        let revision = event.body.revision;
        seen.lock().unwrap().push(event.body);
        if failing.contains(&revision) { Err(broken()) } else { Ok(HandedOn::All) }
    })
    .await;
    (seen.into_inner().unwrap(), serde_json::to_value(answer).unwrap())
}

#[tokio::test]
async fn of_a_stream_only_pending_events_are_handed_on() {
    let (events, answer) = stream(sample(STREAM), &[]).await;
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    let [event] = &events[..] else { panic!("{events:?}") };
    assert!(matches!(event.change, Change::Scheduled { invited: 1, .. }));
    assert!(matches!(event.effects[..], [Effect::Invite { .. }, Effect::Remind { .. }]));
    // The sample is what the product writes.
    let written: serde_dynamo::AttributeValue = serde_dynamo::to_attribute_value(event).unwrap();
    assert_eq!(serde_json::to_value(written).unwrap(), sample(STREAM)["Records"][0]["dynamodb"]["NewImage"]["body"]);
}

#[tokio::test]
async fn one_event_that_fails_and_one_poison_record_keep_nothing_else_back() {
    let record = |number: &str, revision: u32| {
        let mut record = sample(STREAM)["Records"][0].clone();
        record["dynamodb"]["SequenceNumber"] = number.into();
        record["dynamodb"]["NewImage"]["body"]["M"]["revision"] = json!({ "N": revision.to_string() });
        record
    };
    let mut poison = record("12", 2);
    poison["dynamodb"]["NewImage"]["body"]["M"]["at"] = json!({ "S": "yesterday" });
    let (events, answer) = stream(json!({ "Records": [record("11", 1), poison, record("13", 3), record("14", 4)] }), &[3]).await;
    assert_eq!(events.iter().map(|event| event.revision).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "12" }, { "itemIdentifier": "13" }] }));
}

#[tokio::test]
async fn records_that_are_no_events_are_passed_over_though_they_are_pending() {
    let mut plan = sample(STREAM)["Records"][0].clone();
    plan["dynamodb"]["NewImage"]["sk"] = json!({ "S": "SERIES" });
    let (events, answer) = stream(json!({ "Records": [plan] }), &[]).await;
    assert!(events.is_empty());
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
}

/// Hands messages on to a handler that fails for reminders.
async fn queue(batch: Value) -> (Vec<Job>, Value) {
    let batch: SqsEvent = serde_json::from_value(batch).unwrap();
    let seen = Mutex::new(Vec::new());
    let answer = each_job(batch, |dispatch| async {
        let failing = matches!(dispatch.job, Job::Reminder(_));
        seen.lock().unwrap().push(dispatch.job);
        if failing { Err(broken()) } else { Ok(Done::Nothing) }
    })
    .await;
    (seen.into_inner().unwrap(), serde_json::to_value(answer).unwrap())
}

#[tokio::test]
async fn jobs_of_the_relay_and_of_scheduler_are_read_alike() {
    let record = |text: &str| sample(text)["Records"][0].clone();
    let (jobs, _) = queue(json!({ "Records": [record(INVITE), record(CANCELLATION), record(REMINDER)] })).await;
    let cancellation = LaneJob { sequence: 1, revision: 2, ..lane_job() };
    assert_eq!(jobs, [Job::Invite(lane_job()), Job::Cancellation(cancellation), Job::Reminder(reminder_job())]);
    // The samples are what the product writes.
    for text in [INVITE, CANCELLATION, REMINDER, REANCHOR] {
        let record = record(text);
        let dispatch: Dispatch = serde_json::from_str(record["body"].as_str().unwrap()).unwrap();
        assert_eq!(serde_json::to_string(&dispatch).unwrap(), record["body"].as_str().unwrap());
    }
}

#[tokio::test]
async fn one_job_that_fails_and_one_poison_message_go_back_alone() {
    let record = |id: &str, body: &str| json!({ "messageId": id, "body": body });
    let body = |text: &str| sample(text)["Records"][0]["body"].as_str().unwrap().to_owned();
    let poison = r#"{"job":"invite","practice":"prc_x"}"#;
    let records = [
        record("a", poison),
        record("b", &body(REMINDER)),
        record("c", &body(INVITE)),
        record("d", ""),
        json!({ "messageId": "e" }),
    ];
    let (jobs, answer) = queue(json!({ "Records": records })).await;
    assert_eq!(jobs, [Job::Reminder(reminder_job()), Job::Invite(lane_job())]);
    let failed: Vec<Value> = ["a", "b", "d", "e"].into_iter().map(|id| json!({ "itemIdentifier": id })).collect();
    assert_eq!(answer, json!({ "batchItemFailures": failed }));
}

/// Answers each request with the principal that it finds there.
#[derive(Clone, Debug)]
struct WhoAmI;

impl<B> Service<http::Request<B>> for WhoAmI {
    type Response = Option<Principal>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Option<Principal>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        std::future::ready(Ok(request.extensions().get().cloned()))
    }
}

async fn principal(event: &Value) -> Option<Principal> {
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    Claims.layer(WhoAmI).call(request).await.unwrap()
}

#[tokio::test]
async fn the_claims_of_a_verified_token_name_the_caller() {
    let mut event = sample(HTTP);
    let claims = event["requestContext"]["authorizer"]["jwt"]["claims"].clone();
    let found = principal(&event).await.unwrap();
    assert_eq!(found.issuer, claims["iss"]);
    assert_eq!(found.subject, claims["sub"]);
    assert_eq!(found.hint.unwrap().to_string(), claims["hourkeep:practice"]);

    event["requestContext"]["authorizer"]["jwt"]["claims"]["hourkeep:practice"] = "mine".into();
    assert_eq!(principal(&event).await.unwrap().hint, None);
}

/// What a request says of itself in a header is not a token.
#[tokio::test]
async fn without_verified_claims_there_is_no_caller() {
    let mut event = sample(HTTP);
    event["requestContext"]["authorizer"]["jwt"]["claims"].as_object_mut().unwrap().remove("sub");
    assert_eq!(principal(&event).await, None);
    event["requestContext"]["authorizer"] = Value::Null;
    assert_eq!(principal(&event).await, None);
}
