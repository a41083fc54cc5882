//! Timers.

use hourkeep_app::{
    job::{Dispatch, Job, ReminderJob},
    port::Timers as _,
};
use hourkeep_aws::{config::TimerTarget, scheduler::Schedules};
use hourkeep_domain::{
    correlation::Correlation,
    ids::{PracticeId, SessionId},
};
use serde_json::json;

use crate::account::Account;

pub(crate) fn reminder() -> ReminderJob {
    ReminderJob {
        practice: PracticeId::from_bits(1),
        session: SessionId::from_bits(2),
        reminder: serde_json::from_value(json!({ "days_before": 2, "channel": "email" })).unwrap(),
        due_at: "2026-11-29T17:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn a_timer_stands_in_its_group_fires_once_in_utc_and_is_armed_once() {
    let account = Account::open();
    let scheduler = account.amazon().scheduler();
    scheduler.create_schedule_group().name("hourkeep").send().await.unwrap();
    let target = TimerTarget {
        group: "hourkeep".to_owned(),
        role_arn: "arn:aws:iam::123456789012:role/scheduler".to_owned(),
        queue_arn: "arn:aws:sqs:us-east-1:123456789012:reminders".to_owned(),
        dead_letter_arn: "arn:aws:sqs:us-east-1:123456789012:reminders-dead".to_owned(),
    };
    let timers = Schedules::new(scheduler.clone(), target.clone());
    let job = reminder();
    let dispatch = Dispatch { correlation: Some(Correlation::new("JKJaXmPLvHcESHA=")), job: Job::Reminder(job.clone()) };
    timers.arm(&job.timer_name(), job.due_at, &dispatch).await.unwrap();
    // The same name again is success, and changes nothing.
    timers.arm(&job.timer_name(), job.due_at + chrono::Duration::hours(1), &dispatch).await.unwrap();

    let listed = scheduler.list_schedules().group_name("hourkeep").send().await.unwrap();
    assert_eq!(listed.schedules().iter().map(|schedule| schedule.name().unwrap()).collect::<Vec<_>>(), [job.timer_name()]);
    let armed = scheduler.get_schedule().group_name("hourkeep").name(job.timer_name()).send().await.unwrap();
    assert_eq!(armed.schedule_expression().unwrap(), "at(2026-11-29T17:00:00)");
    assert_eq!(armed.schedule_expression_timezone().unwrap(), "UTC");
    assert_eq!(armed.action_after_completion().unwrap().as_str(), "DELETE");
    assert_eq!(armed.state().unwrap().as_str(), "ENABLED");
    assert_eq!(armed.flexible_time_window().unwrap().mode().as_str(), "OFF");

    let fires = armed.target().unwrap();
    assert_eq!((fires.arn(), fires.role_arn()), (target.queue_arn.as_str(), target.role_arn.as_str()));
    assert_eq!(fires.dead_letter_config().unwrap().arn().unwrap(), target.dead_letter_arn);
    let patience = fires.retry_policy().unwrap();
    assert_eq!((patience.maximum_event_age_in_seconds(), patience.maximum_retry_attempts()), (Some(6 * 60 * 60), Some(185)));
    assert_eq!(serde_json::from_str::<Dispatch>(fires.input().unwrap()).unwrap(), dispatch);
}
