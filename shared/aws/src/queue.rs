//! What a queue hands to its worker.

use std::{error::Error, time::Instant};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use hourkeep_app::{job::Dispatch, work::Done};
use tracing::{Instrument as _, Span, field};

use crate::journal::{JOURNAL, milliseconds};

/// Works off the jobs of a batch, in order, whether the product or Scheduler queued them, and writes a line of the
/// journal for each.
///
/// A job that fails, or cannot be read, is named in the answer and the others go on. The queue hands it out again, and
/// to the dead-letter queue in the end.
pub async fn each_job<F, R, E>(batch: SqsEvent, work: F) -> SqsBatchResponse
where
    F: Fn(Dispatch) -> R,
    R: Future<Output = Result<Done, E>>,
    E: Error + 'static,
{
    let mut answer = SqsBatchResponse::default();
    for message in batch.records {
        let (id, started) = (message.message_id.unwrap_or_default(), Instant::now());
        let (span, failure): (Span, Option<Box<dyn Error>>) =
            match serde_json::from_str::<Dispatch>(message.body.as_deref().unwrap_or_default()) {
                Ok(dispatch) => {
                    let span = span(&dispatch);
                    let done = work(dispatch).instrument(span.clone()).await;
                    let failure = done.map(|done| span.in_scope(|| say(done, started))).err();
                    (span, failure.map(|error| Box::new(error) as _))
                }
                Err(error) => (Span::current(), Some(Box::new(error))),
            };
        if let Some(error) = failure {
            let (error, duration_ms) = (&*error, milliseconds(started));
            span.in_scope(|| {
                tracing::error!(
                    target: JOURNAL,
                    outcome = "failed",
                    duration_ms,
                    message_id = id,
                    error,
                    "a job goes back to its queue"
                );
            });
            answer.add_failure(id);
        }
    }
    answer
}

fn span(Dispatch { correlation, job }: &Dispatch) -> Span {
    tracing::info_span!(
        target: JOURNAL,
        "job",
        operation = job.name(),
        practice = %job.practice(),
        session = job.subject().map(field::display),
        correlation = correlation.as_ref().map(field::display),
        round_trips = field::Empty,
        MailDelay = field::Empty,
    )
}

fn say(done: Done, started: Instant) {
    let (outcome, sent, refused) = match done {
        Done::Sent => ("sent", Some(1_u64), None),
        Done::Refused => ("refused", None, Some(1_u64)),
        Done::Nothing => ("nothing", None, None),
        Done::Held => ("held", None, None),
        Done::Changed => ("changed", None, None),
    };
    tracing::info!(
        target: JOURNAL,
        outcome,
        duration_ms = milliseconds(started),
        MailsSent = sent,
        MailsRefused = refused,
        "job"
    );
}
