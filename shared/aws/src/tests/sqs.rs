use chrono::Duration;
use hourkeep_app::{
    job::Job,
    port::{PortError, Queue as _},
};
use serde_json::json;

use super::{
    events::{lane_job, reminder_job},
    wire::{OK, Wire, error},
};
use crate::{config::QueueUrls, sqs::SqsQueues};

async fn send(wire: &Wire, job: &Job, delay: Duration) -> Result<(), PortError> {
    let urls = QueueUrls {
        invites: "https://sqs.us-east-1.amazonaws.com/1/invites".to_owned(),
        cancellations: "https://sqs.us-east-1.amazonaws.com/1/cancellations".to_owned(),
        reminders: "https://sqs.us-east-1.amazonaws.com/1/reminders".to_owned(),
    };
    SqsQueues::new(wire.amazon().sqs(), urls).send(job, delay).await
}

#[tokio::test]
async fn a_job_goes_as_json_onto_its_own_queue() {
    for (job, queue) in [
        (Job::Invite(lane_job()), "invites"),
        (Job::Cancellation(lane_job()), "cancellations"),
        (Job::Reminder(reminder_job()), "reminders"),
    ] {
        let wire = Wire::answering([OK]);
        send(&wire, &job, Duration::seconds(90)).await.unwrap();
        let [sent] = &wire.sent()[..] else { panic!("one request") };
        assert_eq!(sent.target.as_deref(), Some("AmazonSQS.SendMessage"));
        assert_eq!(
            sent.body,
            json!({
                "QueueUrl": format!("https://sqs.us-east-1.amazonaws.com/1/{queue}"),
                "MessageBody": serde_json::to_string(&job).unwrap(),
                "DelaySeconds": 90,
            })
        );
    }
}

#[tokio::test]
async fn a_job_that_is_not_taken_is_an_error() {
    let wire = Wire::answering([error(400, "QueueDoesNotExist", r#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist"}"#)]);
    let failure = send(&wire, &Job::Invite(lane_job()), Duration::zero()).await.unwrap_err();
    assert_eq!(failure.to_string(), "SQS failed");
}
