//! The local table: what on AWS would be kept by queues, Scheduler and SES. Not the product's data.

use chrono::{DateTime, Utc};
use hourkeep_app::port::PortError;
use hourkeep_store::{Item, Key, Range, StoreError, Table, key::instant};
use serde::{Serialize, de::DeserializeOwned};

/// Its name.
pub(crate) const SHELF: &str = "hourkeep-local";

/// The name of the product's table here.
pub(crate) const TABLE: &str = "hourkeep";

/// The local table.
#[derive(Clone, Debug)]
pub(crate) struct Shelf(pub(crate) Table);

impl Shelf {
    /// Keeps a record.
    pub(crate) async fn put<T: Serialize>(&self, pk: &str, sk: &str, body: &T) -> Result<(), StoreError> {
        self.0.put(Item::new(place(pk, sk), body)?).await
    }

    /// Keeps a record unless there is one.
    pub(crate) async fn create<T: Serialize>(&self, pk: &str, sk: &str, body: &T) -> Result<bool, StoreError> {
        self.0.swap(Item::new(place(pk, sk), body)?, 0).await
    }

    /// A record.
    pub(crate) async fn get<T: DeserializeOwned>(&self, pk: &str, sk: &str) -> Result<Option<T>, StoreError> {
        Ok(self.0.get(&place(pk, sk)).await?.map(|stored| stored.body))
    }

    /// Takes a record away.
    pub(crate) async fn delete(&self, pk: &str, sk: &str) -> Result<(), StoreError> {
        self.0.delete(&place(pk, sk)).await
    }

    /// All records of a kind, in order.
    pub(crate) async fn all<T: DeserializeOwned>(&self, pk: &str) -> Result<Vec<(String, T)>, StoreError> {
        let page = self.0.query(pk, &Range::All, None, None).await?;
        Ok(page.items.into_iter().map(|(sk, stored)| (sk, stored.body)).collect())
    }

    /// The first records of a kind whose place begins with an instant up to this one.
    pub(crate) async fn due<T: DeserializeOwned>(
        &self,
        pk: &str,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let range = Range::Between(String::new() + "0", instant(now) + "~");
        let page = self.0.query(pk, &range, Some(limit), None).await?;
        Ok(page.items.into_iter().map(|(sk, stored)| (sk, stored.body)).collect())
    }

    /// The instant at which the first record of a kind begins.
    pub(crate) async fn first(&self, pk: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let page = self.0.query::<serde_json::Value>(pk, &Range::All, Some(1), None).await?;
        Ok(page.items.first().and_then(|(sk, _)| sk.split('#').next()?.parse().ok()))
    }
}

fn place(pk: &str, sk: &str) -> Key {
    Key { pk: pk.to_owned(), sk: sk.to_owned() }
}

/// A failure of the local table, as that of the port that it stands for.
pub(crate) fn failed(port: &'static str) -> impl Fn(StoreError) -> PortError {
    move |error| PortError { port, source: Box::new(error) }
}
