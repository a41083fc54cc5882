//! The table's stream, read as Lambda's event source mapping reads it: in order, with bounded retries.

use aws_lambda_events::dynamodb::{Event as Batch, EventRecord};
use aws_sdk_dynamodbstreams::{
    Client,
    types::{Record, ShardIteratorType},
};
use hourkeep_app::work::Relay;
use hourkeep_aws::stream::each_event;
use hourkeep_store::StoreError;

use crate::shelf::{SHELF, Shelf, TABLE};

/// How often a record is handed out before it is left to the sweep.
const MOST_TRIES: u32 = 5;

/// A place in the stream.
pub(crate) struct Stream {
    client: Client,
    shelf: Shelf,
    arn: String,
    iterator: Option<String>,
}

fn request<E: std::error::Error + Send + Sync + 'static>(error: E) -> StoreError {
    StoreError::Request { operation: "GetRecords", source: Box::new(error) }
}

impl Stream {
    /// The stream of the product's table, from where it was left.
    pub(crate) async fn open(client: Client, shelf: Shelf) -> Result<Self, StoreError> {
        let streams = client.list_streams().table_name(TABLE).send().await.map_err(request)?;
        let arn = streams.streams().first().and_then(|stream| stream.stream_arn()).unwrap_or_default().to_owned();
        Ok(Self { client, shelf, arn, iterator: None })
    }

    async fn iterator(&mut self) -> Result<Option<String>, StoreError> {
        if let Some(iterator) = self.iterator.take() {
            return Ok(Some(iterator));
        }
        let stream = self.client.describe_stream().stream_arn(&self.arn).send().await.map_err(request)?;
        let shards = stream.stream_description().map(|stream| stream.shards().to_vec()).unwrap_or_default();
        let Some(shard) = shards.first().and_then(|shard| shard.shard_id()) else { return Ok(None) };
        let left = self.shelf.get::<String>("STREAM", SHELF).await?;
        let kind = if left.is_some() { ShardIteratorType::AfterSequenceNumber } else { ShardIteratorType::TrimHorizon };
        let asked = self.client.get_shard_iterator().stream_arn(&self.arn).shard_id(shard).shard_iterator_type(kind);
        let answer = asked.set_sequence_number(left).send().await.map_err(request)?;
        Ok(answer.shard_iterator().map(str::to_owned))
    }

    /// Hands the next records to the relay. Answers whether there were any.
    pub(crate) async fn hand_on(&mut self, relay: &Relay) -> Result<bool, StoreError> {
        let Some(iterator) = self.iterator().await? else { return Ok(false) };
        let answer = self.client.get_records().shard_iterator(iterator).limit(100).send().await.map_err(request)?;
        let records: Vec<EventRecord> = answer.records().iter().cloned().map(record).collect();
        let last = records.last().and_then(|record| record.change.sequence_number.clone());
        relay_all(records, relay).await;
        self.iterator = answer.next_shard_iterator().map(str::to_owned);
        if let Some(last) = &last {
            self.shelf.put("STREAM", SHELF, last).await?;
        }
        Ok(last.is_some())
    }
}

/// What fails is handed out again with what came after it, as Lambda does; a record that goes on failing is left to
/// the sweep, and holds up nothing.
async fn relay_all(mut records: Vec<EventRecord>, relay: &Relay) {
    let mut tries = 0;
    while !records.is_empty() {
        let mut batch = Batch::default();
        batch.records = records.clone();
        let answer = each_event(batch, |event| async move { relay.hand_on(&event).await }).await;
        let failed: Vec<Option<String>> = answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
        let Some(first) = records.iter().position(|record| failed.contains(&record.change.sequence_number)) else { return };
        records.drain(..first);
        tries += 1;
        if tries >= MOST_TRIES {
            records.remove(0);
            tries = 0;
        }
    }
}

fn record(record: Record) -> EventRecord {
    let mut event = EventRecord::default();
    event.event_name = record.event_name().map(|name| name.as_str().to_owned()).unwrap_or_default();
    if let Some(change) = record.dynamodb {
        event.change.sequence_number = change.sequence_number;
        event.change.new_image = change.new_image.unwrap_or_default().into();
        event.change.keys = change.keys.unwrap_or_default().into();
    }
    event
}
