//! Reads. All are strongly consistent but those of the index.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, KeysAndAttributes},
};
use serde::de::DeserializeOwned;

use crate::{Key, StoreError, Stored, Table, item};

type Attributes = HashMap<String, AttributeValue>;

/// The records of several keys, as one round answered them.
#[derive(Debug, Default)]
pub struct Batch(HashMap<Key, Attributes>);

impl Batch {
    /// The record of a key, if there is one.
    pub fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<Stored<T>>, StoreError> {
        self.0.get(key).cloned().map(item::read).transpose()
    }

    /// Only the body of a record, if there is one.
    pub fn body<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        Ok(self.get(key)?.map(|stored| stored.body))
    }
}

/// Which records of a partition.
#[derive(Clone, Debug)]
pub enum Range {
    /// All.
    All,
    /// Those whose place begins with this.
    Prefix(String),
    /// Those whose place lies between these, both included.
    Between(String, String),
}

impl Range {
    /// Whether a place lies within.
    pub fn contains(&self, place: &str) -> bool {
        match self {
            Self::All => true,
            Self::Prefix(prefix) => place.starts_with(prefix.as_str()),
            Self::Between(from, until) => from.as_str() <= place && place <= until.as_str(),
        }
    }
}

/// Records of a partition, in order.
#[derive(Debug)]
pub struct Page<T> {
    /// Each with its place.
    pub items: Vec<(String, Stored<T>)>,
    /// The place after which the next page begins, if there is one.
    pub next: Option<String>,
}

impl Table {
    /// One record.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<Stored<T>>, StoreError> {
        let found = self.client.get_item().table_name(&self.name).set_key(Some(attributes(key))).consistent_read(true).send().await;
        found.map_err(StoreError::request("GetItem"))?.item.map(item::read).transpose()
    }

    /// As many records as there are keys, a hundred in one request.
    pub async fn get_all(&self, keys: impl IntoIterator<Item = Key>) -> Result<Batch, StoreError> {
        let keys: Vec<Key> = keys.into_iter().collect();
        let mut all = Batch::default();
        for some in keys.chunks(100) {
            all.0.extend(self.get_many(some.iter().cloned()).await?.0);
        }
        Ok(all)
    }

    /// Up to a hundred records in one request.
    pub async fn get_many(&self, keys: impl IntoIterator<Item = Key>) -> Result<Batch, StoreError> {
        let mut wanted: Vec<Key> = keys.into_iter().collect();
        wanted.sort();
        wanted.dedup();
        let mut found = HashMap::new();
        // DynamoDB may leave some for another request; it always answers at least one.
        for _ in 0..10 {
            if wanted.is_empty() {
                return Ok(Batch(found));
            }
            let keys =
                KeysAndAttributes::builder().set_keys(Some(wanted.iter().map(attributes).collect())).consistent_read(true).build();
            let keys = keys.map_err(StoreError::request("BatchGetItem"))?;
            let answer = self.client.batch_get_item().request_items(&self.name, keys).send().await;
            let answer = answer.map_err(StoreError::request("BatchGetItem"))?;
            for attributes in answer.responses.into_iter().flatten().flat_map(|(_, items)| items) {
                found.extend(key_of(&attributes).map(|key| (key, attributes)));
            }
            let left = answer.unprocessed_keys.into_iter().flatten().flat_map(|(_, keys)| keys.keys);
            wanted = left.filter_map(|attributes| key_of(&attributes)).collect();
        }
        Err(StoreError::Busy)
    }

    /// Records of a partition, `limit` at a time, beginning after a place.
    pub async fn query<T: DeserializeOwned>(
        &self,
        partition: &str,
        range: &Range,
        limit: Option<usize>,
        after: Option<&str>,
    ) -> Result<Page<T>, StoreError> {
        page(&self.select(partition, range), partition, limit, after).await
    }

    /// The same from the last to the first.
    pub async fn query_back<T: DeserializeOwned>(
        &self,
        partition: &str,
        range: &Range,
        limit: Option<usize>,
        after: Option<&str>,
    ) -> Result<Page<T>, StoreError> {
        page(&self.select(partition, range).scan_index_forward(false), partition, limit, after).await
    }

    /// The counters of a partition's records, each with its place.
    pub async fn counters(&self, partition: &str, range: &Range) -> Result<Vec<(String, BTreeMap<String, u64>)>, StoreError> {
        let mut records = Vec::new();
        let mut start = None;
        loop {
            let answer = self.select(partition, range).set_exclusive_start_key(start).send().await;
            let answer = answer.map_err(StoreError::request("Query"))?;
            for attributes in answer.items.into_iter().flatten() {
                let Some(key) = key_of(&attributes) else { continue };
                let number = |value: &AttributeValue| value.as_n().ok().and_then(|n| n.parse().ok());
                let counters = attributes.iter().filter(|(name, _)| *name != "schema");
                records.push((key.sk, counters.filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect()));
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(records);
            }
        }
    }

    fn select(&self, partition: &str, range: &Range) -> QueryFluentBuilder {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .expression_attribute_values(":pk", AttributeValue::S(partition.to_owned()));
        match range {
            Range::All => query.key_condition_expression("pk = :pk"),
            Range::Prefix(prefix) => query
                .key_condition_expression("pk = :pk AND begins_with(sk, :from)")
                .expression_attribute_values(":from", AttributeValue::S(prefix.clone())),
            Range::Between(from, until) => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :until")
                .expression_attribute_values(":from", AttributeValue::S(from.clone()))
                .expression_attribute_values(":until", AttributeValue::S(until.clone())),
        }
    }

    /// What has waited to be handed on since before a moment, oldest first: the newest records of the index may be
    /// missing.
    pub async fn pending<T: DeserializeOwned>(&self, shard: u8, before: &str) -> Result<Vec<Stored<T>>, StoreError> {
        self.waiting(format!("PENDING#{shard}"), before).await
    }

    /// What someone should have looked after before a moment, oldest first: the newest records of the index may be missing.
    pub async fn wanting_attention<T: DeserializeOwned>(&self, shard: u8, before: &str) -> Result<Vec<Stored<T>>, StoreError> {
        self.waiting(format!("{}{shard}", item::ATTENTION), before).await
    }

    async fn waiting<T: DeserializeOwned>(&self, partition: String, before: &str) -> Result<Vec<Stored<T>>, StoreError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.name)
                .index_name(crate::PENDING_INDEX)
                .key_condition_expression("pending = :pending AND pending_at <= :before")
                .expression_attribute_values(":pending", AttributeValue::S(partition.clone()))
                .expression_attribute_values(":before", AttributeValue::S(before.to_owned()))
                .set_exclusive_start_key(start);
            let answer = query.send().await.map_err(StoreError::request("Query"))?;
            // One record that cannot be read must not keep back the others.
            items.extend(answer.items.into_iter().flatten().filter_map(|attributes| match item::read(attributes) {
                Ok(stored) => Some(stored),
                Err(error) => {
                    tracing::error!(%error, "a record that waits cannot be read");
                    None
                }
            }));
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Whether the record of a key was written by an attempt.
    pub(crate) async fn was_written_by(&self, key: &Key, attempt: hourkeep_domain::ids::AttemptId) -> Result<bool, StoreError> {
        let found = self.client.get_item().table_name(&self.name).set_key(Some(attributes(key))).consistent_read(true);
        let found = found.projection_expression("attempt").send().await.map_err(StoreError::request("GetItem"))?;
        let written = found.item.and_then(|item| item.get("attempt").and_then(|a| a.as_s().ok()).cloned());
        Ok(written == Some(attempt.to_string()))
    }
}

async fn page<T: DeserializeOwned>(
    select: &QueryFluentBuilder,
    partition: &str,
    limit: Option<usize>,
    after: Option<&str>,
) -> Result<Page<T>, StoreError> {
    let mut items = Vec::new();
    let mut start = after.map(|sk| attributes(&Key { pk: partition.to_owned(), sk: sk.to_owned() }));
    loop {
        let mut query = select.clone().set_exclusive_start_key(start);
        if let Some(left) = limit.map(|limit| limit - items.len()) {
            query = query.limit(i32::try_from(left).unwrap_or(i32::MAX));
        }
        let answer = query.send().await.map_err(StoreError::request("Query"))?;
        for attributes in answer.items.into_iter().flatten() {
            let Some(key) = key_of(&attributes) else { continue };
            items.push((key.sk, item::read(attributes)?));
        }
        start = answer.last_evaluated_key;
        let full = limit.is_some_and(|limit| items.len() >= limit);
        if start.is_none() || full {
            let next = start.as_ref().and_then(key_of).map(|key| key.sk);
            return Ok(Page { items, next });
        }
    }
}

pub(crate) fn attributes(key: &Key) -> Attributes {
    HashMap::from([("pk".to_owned(), AttributeValue::S(key.pk.clone())), ("sk".to_owned(), AttributeValue::S(key.sk.clone()))])
}

fn key_of(attributes: &Attributes) -> Option<Key> {
    let text = |name: &str| attributes.get(name).and_then(|a| a.as_s().ok()).cloned();
    Some(Key { pk: text("pk")?, sk: text("sk")? })
}

/// The body of a record from the image that a stream carries.
pub fn from_image<T: DeserializeOwned>(image: Attributes) -> Result<Stored<T>, StoreError> {
    item::read(image)
}
