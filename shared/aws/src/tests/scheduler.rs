use std::error::Error as _;

use chrono::{DateTime, Utc};
use hourkeep_app::{
    job::{Dispatch, Job, ReminderJob},
    port::{PortError, Timers as _},
};
use serde_json::{Value, json};

use super::{
    events::reminder_job,
    wire::{Answer, OK, Wire, error},
};
use crate::{config::TimerTarget, log::chain, scheduler::Schedules};

fn dispatch(job: &ReminderJob) -> Dispatch {
    Dispatch { correlation: None, job: Job::Reminder(job.clone()) }
}

async fn arm(wire: &Wire, at: DateTime<Utc>, job: &ReminderJob) -> Result<(), PortError> {
    let target = TimerTarget {
        group: "hourkeep".to_owned(),
        role_arn: "arn:aws:iam::1:role/scheduler".to_owned(),
        queue_arn: "arn:aws:sqs:us-east-1:1:reminders".to_owned(),
        dead_letter_arn: "arn:aws:sqs:us-east-1:1:dead".to_owned(),
    };
    Schedules::new(wire.amazon().scheduler(), target).arm(&job.timer_name(), at, &dispatch(job)).await
}

#[tokio::test]
async fn a_timer_is_a_schedule_that_fires_once_in_utc_and_deletes_itself() {
    let wire = Wire::answering([OK]);
    let job = reminder_job();
    arm(&wire, job.due_at, &job).await.unwrap();
    let [sent] = &wire.sent()[..] else { panic!("one request") };
    assert_eq!(sent.method, "POST");
    assert_eq!(sent.path, format!("/schedules/{}-2email-20261129T1700", job.session));
    let name = sent.path.strip_prefix("/schedules/").unwrap();
    assert!(name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{name}");

    let mut body = sent.body.clone();
    let token = body.as_object_mut().unwrap().remove("ClientToken").unwrap();
    assert!(token.as_str().unwrap().len() <= 64);
    let input: Value = serde_json::from_str(body["Target"]["Input"].take().as_str().unwrap()).unwrap();
    assert_eq!(serde_json::from_value::<Dispatch>(input).unwrap(), dispatch(&job));
    assert_eq!(
        body,
        json!({
            "GroupName": "hourkeep",
            "ScheduleExpression": "at(2026-11-29T17:00:00)",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": "arn:aws:sqs:us-east-1:1:reminders",
                "RoleArn": "arn:aws:iam::1:role/scheduler",
                "RetryPolicy": { "MaximumEventAgeInSeconds": 21_600, "MaximumRetryAttempts": 185 },
                "DeadLetterConfig": { "Arn": "arn:aws:sqs:us-east-1:1:dead" },
                "Input": null,
            },
        })
    );
}

#[tokio::test]
async fn a_timer_that_is_armed_already_is_armed() {
    let conflict = error(409, "ConflictException", r#"{"Message": "Schedule already exists."}"#);
    let job = reminder_job();
    arm(&Wire::answering([conflict]), job.due_at, &job).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_the_conflict_is_success() {
    let wire = Wire::answering([Answer::Lost, error(409, "ConflictException", "{}")]);
    let job = reminder_job();
    arm(&wire, job.due_at, &job).await.unwrap();
    let [first, second] = &wire.sent()[..] else { panic!("two requests") };
    assert_eq!(first.body["ClientToken"], second.body["ClientToken"]);
}

/// Were it success, the relay would hold the event for handed on, and nothing would ever fire.
#[tokio::test]
async fn a_refused_time_is_not_a_timer() {
    let refusal = error(400, "ValidationException", r#"{"Message": "Invalid Schedule Expression"}"#);
    let job = reminder_job();
    let failure = arm(&Wire::answering([refusal]), job.due_at, &job).await.unwrap_err();
    assert_eq!(failure.port, "EventBridge Scheduler");
    assert!(failure.source().is_some());
    assert!(chain(&failure).contains("Invalid Schedule Expression"), "{}", chain(&failure));
}
