use chrono::Duration;
use hourkeep_app::{
    caller::Correlation,
    job::{Dispatch, Job, ReanchorJob},
    port::{PortError, Queue as _},
};
use serde_json::{Value, json};

use super::{
    events::{lane_job, reminder_job},
    wire::{OK, Wire, error},
};
use crate::{config::QueueUrls, sqs::SqsQueues};

async fn send(wire: &Wire, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
    let urls = QueueUrls {
        invites: "https://sqs.us-east-1.amazonaws.com/1/invites".to_owned(),
        cancellations: "https://sqs.us-east-1.amazonaws.com/1/cancellations".to_owned(),
        reminders: "https://sqs.us-east-1.amazonaws.com/1/reminders".to_owned(),
        series: "https://sqs.us-east-1.amazonaws.com/1/series".to_owned(),
    };
    SqsQueues::new(wire.amazon().sqs(), urls).send(dispatch, delay).await
}

#[tokio::test]
async fn a_job_goes_as_json_onto_its_own_queue() {
    for (job, queue) in [
        (Job::Invite(lane_job()), "invites"),
        (Job::Cancellation(lane_job()), "cancellations"),
        (Job::Reminder(reminder_job()), "reminders"),
        (Job::Reanchor(ReanchorJob { practice: reminder_job().practice }), "series"),
    ] {
        let wire = Wire::answering([OK]);
        let dispatch = Dispatch { correlation: Some(Correlation::new("request-1")), job };
        send(&wire, &dispatch, Duration::seconds(90)).await.unwrap();
        let [sent] = &wire.sent()[..] else { panic!("one request") };
        assert_eq!(sent.target.as_deref(), Some("AmazonSQS.SendMessage"));
        assert_eq!(
            sent.body,
            json!({
                "QueueUrl": format!("https://sqs.us-east-1.amazonaws.com/1/{queue}"),
                "MessageBody": serde_json::to_string(&dispatch).unwrap(),
                "DelaySeconds": 90,
            })
        );
        let body: Value = serde_json::from_str(sent.body["MessageBody"].as_str().unwrap()).unwrap();
        assert_eq!(body["correlation"], "request-1");
        assert_eq!(body["job"], dispatch.job.name());
    }
}

#[tokio::test]
async fn a_job_that_is_not_taken_is_an_error() {
    let wire = Wire::answering([error(400, "QueueDoesNotExist", r#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist"}"#)]);
    let failure = send(&wire, &Dispatch { correlation: None, job: Job::Invite(lane_job()) }, Duration::zero()).await.unwrap_err();
    assert_eq!(failure.to_string(), "SQS failed");
}
