//! The table's stream: which records are events to be handed on.

use std::{collections::HashMap, error::Error, time::Instant};

use aws_lambda_events::{dynamodb::Event as Batch, streams::DynamoDbBatchItemFailure, streams::DynamoDbEventResponse};
use aws_sdk_dynamodb::types::AttributeValue;
use hourkeep_app::work::HandedOn;
use hourkeep_domain::event::Event;
use hourkeep_store::{StoreError, Stored, from_image};
use tracing::{Instrument as _, Span, field};

use crate::journal::{JOURNAL, milliseconds};

/// Hands on every new event of a batch whose effects are pending, in order, and writes a line of the journal for each.
/// What becomes pending again later is the sweep's.
///
/// A record that fails, or cannot be read, is named in the answer and the others go on: handing on twice does nothing
/// more. Lambda repeats from the first one named; an event that it gives up on is still `pending`, and the sweep's.
pub async fn each_event<F, R, E>(batch: Batch, hand_on: F) -> DynamoDbEventResponse
where
    F: Fn(Stored<Event>) -> R,
    R: Future<Output = Result<HandedOn, E>>,
    E: Error + 'static,
{
    let mut answer = DynamoDbEventResponse::default();
    for record in batch.records {
        let (number, started) = (record.change.sequence_number, Instant::now());
        if record.event_name != "INSERT" {
            continue;
        }
        let Some(event) = pending_event(record.change.new_image) else { continue };
        let (span, failure): (Span, Option<Box<dyn Error>>) = match event {
            Ok(event) => {
                let span = span(&event);
                let done = hand_on(event).instrument(span.clone()).await;
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
                    sequence_number = number,
                    error,
                    "an event of the stream was not handed on"
                );
            });
            let mut failed = DynamoDbBatchItemFailure::default();
            failed.item_identifier = number;
            answer.batch_item_failures.push(failed);
        }
    }
    answer
}

fn span(event: &Stored<Event>) -> Span {
    tracing::info_span!(
        target: JOURNAL,
        "event",
        operation = "relay",
        practice = %event.body.practice,
        session = %event.body.subject,
        correlation = event.correlation.as_ref().map(field::display),
        round_trips = field::Empty,
    )
}

fn say(done: HandedOn, started: Instant) {
    let outcome = match done {
        HandedOn::All => "done",
        HandedOn::Held => "held",
    };
    tracing::info!(target: JOURNAL, outcome, duration_ms = milliseconds(started), "event");
}

/// The event that a record's new image holds, if it is one and something must follow from it.
fn pending_event(image: serde_dynamo::Item) -> Option<Result<Stored<Event>, StoreError>> {
    let image: HashMap<String, AttributeValue> = image.into();
    let is_event = image.get("sk").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk.starts_with("EVENT#"));
    (is_event && image.contains_key("pending")).then(|| from_image::<Event>(image))
}
