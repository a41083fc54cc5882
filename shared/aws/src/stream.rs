//! The table's stream: which records are events to be handed on.

use std::{collections::HashMap, error::Error};

use aws_lambda_events::{dynamodb::Event as Batch, streams::DynamoDbBatchItemFailure, streams::DynamoDbEventResponse};
use aws_sdk_dynamodb::types::AttributeValue;
use hourkeep_domain::event::Event;
use hourkeep_store::{StoreError, from_image};

/// Hands on every event of a batch whose effects are still pending, in order.
///
/// A record that fails, or cannot be read, is named in the answer and the others go on: handing on twice does nothing
/// more. Lambda repeats from the first one named; an event that it gives up on is still `pending`, and the sweep's.
pub async fn each_event<F, R, E>(batch: Batch, hand_on: F) -> DynamoDbEventResponse
where
    F: Fn(Event) -> R,
    R: Future<Output = Result<(), E>>,
    E: Error + 'static,
{
    let mut answer = DynamoDbEventResponse::default();
    for record in batch.records {
        let number = record.change.sequence_number;
        let Some(event) = pending_event(record.change.new_image) else { continue };
        let failure: Option<Box<dyn Error>> = match event {
            Ok(event) => hand_on(event).await.err().map(|error| Box::new(error) as _),
            Err(error) => Some(Box::new(error)),
        };
        if let Some(error) = failure {
            tracing::error!(sequence_number = number, error = &*error, "an event of the stream was not handed on");
            let mut failed = DynamoDbBatchItemFailure::default();
            failed.item_identifier = number;
            answer.batch_item_failures.push(failed);
        }
    }
    answer
}

/// The event that a record's new image holds, if it is one and something must follow from it.
fn pending_event(image: serde_dynamo::Item) -> Option<Result<Event, StoreError>> {
    let image: HashMap<String, AttributeValue> = image.into();
    let is_event = image.get("sk").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk.starts_with("EVENT#"));
    (is_event && image.contains_key("pending")).then(|| from_image::<Event>(image).map(|stored| stored.body))
}
