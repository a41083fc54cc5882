//! Items: a record's attributes around its body.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use hourkeep_domain::{correlation::Correlation, ids::AttemptId};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Key, StoreError};

/// Every record says by which form it was written. Readers accept older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema(pub u32);

impl Schema {
    /// The form of this release.
    pub const CURRENT: Self = Self(1);
}

/// Over how many partitions of the index those are spread: few are written in a second, and all are asked every hour.
pub const ATTENTION_SHARDS: u8 = 2;

/// What the partitions of the index begin with under which series stand that someone should look after.
pub(crate) const ATTENTION: &str = "ATTENTION#";

/// A record to be written.
#[derive(Clone, Debug)]
pub struct Item {
    pub(crate) key: Key,
    pub(crate) attributes: HashMap<String, AttributeValue>,
}

/// A record that was read: its body with what guards it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    /// Counts its changes.
    pub revision: u32,
    /// The attempt that wrote it.
    pub attempt: Option<AttemptId>,
    /// The request that it follows from.
    pub correlation: Option<Correlation>,
    /// How often it was put back into the index of what is not handed on yet.
    pub reopened: u32,
    /// The record.
    pub body: T,
}

impl Item {
    /// A record at a place.
    pub fn new<T: Serialize>(key: Key, body: &T) -> Result<Self, StoreError> {
        let body = serde_dynamo::to_attribute_value(body).map_err(|error| unreadable(&key, &error))?;
        let mut attributes = HashMap::from([
            ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
            ("schema".to_owned(), AttributeValue::N(Schema::CURRENT.0.to_string())),
        ]);
        attributes.insert("body".to_owned(), body);
        Ok(Self { key, attributes })
    }

    /// Where it stands.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// With its revision.
    #[must_use]
    pub fn revision(self, revision: u32) -> Self {
        self.with("revision", AttributeValue::N(revision.to_string()))
    }

    /// With the attempt that writes it.
    #[must_use]
    pub fn attempt(self, attempt: AttemptId) -> Self {
        self.with("attempt", AttributeValue::S(attempt.to_string()))
    }

    /// With the request that it follows from.
    #[must_use]
    pub fn correlation(self, correlation: Option<&Correlation>) -> Self {
        match correlation {
            Some(id) => self.with("correlation", AttributeValue::S(id.to_string())),
            None => self,
        }
    }

    /// In the sparse index of what is not handed on yet, by this shard and time.
    #[must_use]
    pub fn pending(self, shard: u8, at: DateTime<Utc>) -> Self {
        self.with("pending", AttributeValue::S(format!("PENDING#{shard}")))
            .with("pending_at", AttributeValue::S(crate::key::instant(at)))
    }

    /// In the sparse index of what someone should look after though nobody asks, by this shard and time. In no index, where
    /// there is nothing to come.
    #[must_use]
    pub fn wants_attention(self, shard: u8, at: Option<DateTime<Utc>>) -> Self {
        match at {
            Some(at) => self
                .with("pending", AttributeValue::S(format!("{ATTENTION}{}", shard % ATTENTION_SHARDS)))
                .with("pending_at", AttributeValue::S(crate::key::instant(at))),
            None => self,
        }
    }

    /// To be deleted by DynamoDB some time after this; whoever reads it tests the expiry again.
    #[must_use]
    pub fn expires_at(self, at: DateTime<Utc>) -> Self {
        self.with("expires_at", AttributeValue::N(at.timestamp().to_string()))
    }

    fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.attributes.insert(name.to_owned(), value);
        self
    }
}

fn unreadable(key: &Key, error: &serde_dynamo::Error) -> StoreError {
    StoreError::Unreadable { pk: kind_of(&key.pk), why: error.to_string() }
}

/// A partition without its ids, for logs: `P#CLIENT`.
fn kind_of(pk: &str) -> String {
    pk.split('#').filter(|part| part.chars().all(|c| c.is_ascii_uppercase())).collect::<Vec<_>>().join("#")
}

/// Reads a record from its attributes. Used for what DynamoDB answers and for images of its stream alike.
pub(crate) fn read<T: DeserializeOwned>(mut attributes: HashMap<String, AttributeValue>) -> Result<Stored<T>, StoreError> {
    let pk = attributes.get("pk").and_then(|pk| pk.as_s().ok()).map(|pk| kind_of(pk)).unwrap_or_default();
    let wrong = |why: String| StoreError::Unreadable { pk: pk.clone(), why };
    let number = |name: &str| attributes.get(name).and_then(|n| n.as_n().ok()).and_then(|n| n.parse::<u32>().ok());
    let schema = number("schema").ok_or_else(|| wrong("no schema number".to_owned()))?;
    if schema > Schema::CURRENT.0 {
        return Err(wrong(format!("written by a newer release (schema {schema})")));
    }
    let revision = number("revision").unwrap_or_default();
    let reopened = number("reopened").unwrap_or_default();
    let attempt = attributes.get("attempt").and_then(|a| a.as_s().ok()).and_then(|a| a.parse().ok());
    let correlation = attributes.get("correlation").and_then(|c| c.as_s().ok()).map(|text| Correlation::new(text));
    let body = attributes.remove("body").ok_or_else(|| wrong("no body".to_owned()))?;
    let body = serde_dynamo::from_attribute_value(body).map_err(|error| wrong(error.to_string()))?;
    Ok(Stored { revision, attempt, correlation, reopened, body })
}
