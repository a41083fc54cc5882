//! Timers: `EventBridge` Scheduler.

use async_trait::async_trait;
use aws_sdk_scheduler::{
    Client,
    operation::create_schedule::CreateScheduleError,
    types::{ActionAfterCompletion, DeadLetterConfig, FlexibleTimeWindow, FlexibleTimeWindowMode, RetryPolicy, Target},
};
use chrono::{DateTime, Utc};
use hourkeep_app::{
    job::Dispatch,
    port::{PortError, Timers},
};

use crate::{config::TimerTarget, failed};

const PORT: &str = "EventBridge Scheduler";
/// How long Scheduler goes on trying. The worker looks at the session again, so a late one is never wrong; after this
/// the timer is gone and its job is in the dead-letter queue.
const PATIENCE_SECONDS: i32 = 6 * 60 * 60;
/// The most that Scheduler takes.
const ATTEMPTS: i32 = 185;

/// Timers as one-time schedules that delete themselves.
#[derive(Clone, Debug)]
pub struct Schedules {
    client: Client,
    target: TimerTarget,
}

impl Schedules {
    /// Schedules with this target.
    pub fn new(client: Client, target: TimerTarget) -> Self {
        Self { client, target }
    }

    fn target(&self, dispatch: &Dispatch) -> Result<Target, PortError> {
        let input = serde_json::to_string(dispatch).map_err(failed(PORT))?;
        Target::builder()
            .arn(&self.target.queue_arn)
            .role_arn(&self.target.role_arn)
            .input(input)
            .retry_policy(
                RetryPolicy::builder().maximum_event_age_in_seconds(PATIENCE_SECONDS).maximum_retry_attempts(ATTEMPTS).build(),
            )
            .dead_letter_config(DeadLetterConfig::builder().arn(&self.target.dead_letter_arn).build())
            .build()
            .map_err(failed(PORT))
    }
}

#[async_trait]
impl Timers for Schedules {
    /// The name is the guard against arming twice: the SDK's own token is another one at each call.
    ///
    /// A time that has passed meanwhile is an error, not success: the caller asks again, and then puts the job straight
    /// onto its queue.
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError> {
        let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().map_err(failed(PORT))?;
        let armed = self
            .client
            .create_schedule()
            .name(name)
            .group_name(&self.target.group)
            .schedule_expression(at.format("at(%Y-%m-%dT%H:%M:%S)").to_string())
            .schedule_expression_timezone("UTC")
            .flexible_time_window(window)
            .action_after_completion(ActionAfterCompletion::Delete)
            .target(self.target(dispatch)?)
            .send()
            .await;
        match armed {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(CreateScheduleError::is_conflict_exception) => Ok(()),
            Err(error) => Err(failed(PORT)(error)),
        }
    }
}
