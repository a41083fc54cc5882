//! Queues: SQS.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use chrono::Duration;
use hourkeep_app::{
    job::Dispatch,
    port::{PortError, Queue},
};

use crate::{config::QueueUrls, failed};

const PORT: &str = "SQS";
/// SQS holds nothing back for longer. A job that is seen early looks at the clock itself.
const LONGEST_DELAY: i64 = 900;

/// The product's queues.
#[derive(Clone, Debug)]
pub struct SqsQueues {
    client: Client,
    urls: QueueUrls,
}

impl SqsQueues {
    /// Queues at these addresses.
    pub fn new(client: Client, urls: QueueUrls) -> Self {
        Self { client, urls }
    }
}

#[async_trait]
impl Queue for SqsQueues {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        let body = serde_json::to_string(dispatch).map_err(failed(PORT))?;
        let message = self.client.send_message().queue_url(self.urls.of(dispatch.job.queue())).message_body(body);
        message.delay_seconds(delay_seconds(delay)).send().await.map_err(failed(PORT))?;
        Ok(())
    }
}

/// Whole seconds, rounded up: a reminder must not be seen before it is due.
fn delay_seconds(delay: Duration) -> i32 {
    let seconds = delay.num_seconds() + i64::from(delay.subsec_nanos() > 0);
    i32::try_from(seconds.clamp(0, LONGEST_DELAY)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_whole_seconds_within_what_sqs_takes() {
        assert_eq!(delay_seconds(Duration::milliseconds(1)), 1);
        assert_eq!(delay_seconds(Duration::milliseconds(2_000)), 2);
        assert_eq!(delay_seconds(Duration::milliseconds(-1_500)), 0);
        assert_eq!(delay_seconds(Duration::hours(2)), 900);
    }
}
