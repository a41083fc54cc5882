//! The one DynamoDB table: keys, items, reads and transactions.
//!
//! The store is DynamoDB everywhere (a laptop and the tests embed one), so it is no port: see ADR 0002.

mod commit;
mod item;
pub mod key;
mod read;
mod schema;

use aws_sdk_dynamodb::Client;

pub use self::{
    commit::{CommitError, Transaction},
    item::{ATTENTION_SHARDS, Item, Schema, Stored},
    key::Key,
    read::{Batch, Page, Range, from_image},
    schema::{PENDING_INDEX, PENDING_SHARDS, create_table},
};

/// The table and the client that reaches it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table of this name.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// The client that reaches it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// DynamoDB refused or could not be reached; the source says why.
    #[error("DynamoDB: {operation} failed")]
    Request {
        /// Which request.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A record is not of the form that this release writes or reads.
    #[error("a record of {pk} is not readable: {why}")]
    Unreadable {
        /// Where it stands: its partition's kind, without ids.
        pk: String,
        /// Why.
        why: String,
    },
    /// DynamoDB goes on answering that it is too busy.
    #[error("DynamoDB is too busy")]
    Busy,
}

impl StoreError {
    pub(crate) fn request<E: std::error::Error + Send + Sync + 'static>(operation: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Request { operation, source: Box::new(source) }
    }
}
