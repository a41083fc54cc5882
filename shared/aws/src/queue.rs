//! What a queue hands to its worker.

use std::error::Error;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use hourkeep_app::job::Job;

/// Works off the jobs of a batch, in order, whether the product or Scheduler queued them.
///
/// A job that fails, or cannot be read, is named in the answer and the others go on. The queue hands it out again, and
/// to the dead-letter queue in the end.
pub async fn each_job<F, R, T, E>(batch: SqsEvent, work: F) -> SqsBatchResponse
where
    F: Fn(Job) -> R,
    R: Future<Output = Result<T, E>>,
    E: Error + 'static,
{
    let mut answer = SqsBatchResponse::default();
    for message in batch.records {
        let id = message.message_id.unwrap_or_default();
        let failure: Option<Box<dyn Error>> = match serde_json::from_str(message.body.as_deref().unwrap_or_default()) {
            Ok(job) => work(job).await.err().map(|error| Box::new(error) as _),
            Err(error) => Some(Box::new(error)),
        };
        if let Some(error) = failure {
            tracing::error!(message_id = id, error = &*error, "a job goes back to its queue");
            answer.add_failure(id);
        }
    }
    answer
}
