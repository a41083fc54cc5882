//! Writes: one transaction per command, each write with the condition under which it holds.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
    types::{AttributeValue, Delete, Put, TransactWriteItem, Update},
};
use chrono::{DateTime, Utc};
use hourkeep_domain::ids::AttemptId;

use crate::{Item, Key, Schema, StoreError, Table, read::attributes};

/// Writes that hold together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    writes: Vec<Write>,
    witness: Option<(Key, AttemptId)>,
}

#[derive(Clone, Debug)]
enum Write {
    Put { item: Item, condition: Option<Condition> },
    Keep(Item),
    Delete(Key),
    Count { key: Key, counters: Vec<(&'static str, u32)> },
}

#[derive(Clone, Copy, Debug)]
enum Condition {
    Absent,
    Revision(u32),
    AbsentOrExpired(i64),
}

/// Why a transaction did not hold.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something changed since it was read: read again and decide again.
    #[error("what was read has changed since")]
    Stale,
    /// DynamoDB was busy or others were writing: the same again may work.
    #[error("others were writing at the same time")]
    Contended,
    /// Nobody knows whether it holds.
    #[error("the outcome is unknown")]
    Unknown(#[source] StoreError),
    /// It can never hold.
    #[error(transparent)]
    Impossible(StoreError),
}

impl Transaction {
    /// How many writes it has: DynamoDB takes a hundred.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Writes a record that must not exist.
    pub fn create(&mut self, item: Item) {
        self.writes.push(Write::Put { item, condition: Some(Condition::Absent) });
    }

    /// Writes a record in place of the revision that was read; of none if that was 0.
    pub fn replace(&mut self, item: Item, read: u32) {
        let condition = if read == 0 { Condition::Absent } else { Condition::Revision(read) };
        self.writes.push(Write::Put { item, condition: Some(condition) });
    }

    /// Writes a record that must not exist, or must have expired before `now` (in seconds).
    pub fn create_or_renew(&mut self, item: Item, now: i64) {
        self.writes.push(Write::Put { item, condition: Some(Condition::AbsentOrExpired(now)) });
    }

    /// Writes a record, unless one is there: that stays as it is, and the transaction holds all the same.
    pub fn create_or_keep(&mut self, item: Item) {
        self.writes.push(Write::Keep(item));
    }

    /// Writes a record whatever was there.
    pub fn put(&mut self, item: Item) {
        self.writes.push(Write::Put { item, condition: None });
    }

    /// Deletes a record, if it is there.
    pub fn delete(&mut self, key: Key) {
        self.writes.push(Write::Delete(key));
    }

    /// Counts: exactly once if the transaction holds, and not at all otherwise. The record is made if it is not there.
    pub fn count(&mut self, key: Key, counters: impl IntoIterator<Item = (&'static str, u32)>) {
        self.writes.push(Write::Count { key, counters: counters.into_iter().collect() });
    }

    /// Names the record by which this attempt is recognised, should its outcome be unknown. It must be among the
    /// writes, with this attempt.
    pub fn witness(&mut self, key: Key, attempt: AttemptId) {
        self.witness = Some((key, attempt));
    }
}

impl Table {
    /// Commits. `Ok` means that it holds.
    pub async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let actions = transaction
            .writes
            .iter()
            .map(|write| self.action(write))
            .collect::<Result<Vec<_>, _>>()
            .map_err(CommitError::Impossible)?;
        let sent = self.client.transact_write_items().set_transact_items(Some(actions)).send().await;
        sent.map(|_| ()).map_err(why)
    }

    /// Whether a transaction whose outcome was unknown holds after all.
    pub async fn holds(&self, transaction: &Transaction) -> Result<bool, StoreError> {
        match &transaction.witness {
            Some((key, attempt)) => self.was_written_by(key, *attempt).await,
            None => Ok(false),
        }
    }

    /// Takes an event out of the index of what is not handed on yet, unless it was put back more often than when it was
    /// read: whoever did so wants it handed on once more.
    pub async fn settle(&self, key: &Key, reopened: u32) -> Result<(), StoreError> {
        let update = self.client.update_item().table_name(&self.name).set_key(Some(attributes(key)));
        let update = update.update_expression("REMOVE pending, pending_at");
        let update = match reopened {
            0 => update.condition_expression("attribute_exists(pk) AND attribute_not_exists(reopened)"),
            _ => update
                .condition_expression("reopened = :seen")
                .expression_attribute_values(":seen", AttributeValue::N(reopened.to_string())),
        };
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => Ok(()),
            Err(error) => Err(StoreError::request("UpdateItem")(error)),
        }
    }

    /// Puts an event back into the index of what is not handed on yet: its effects are asked for once more.
    pub async fn reopen(&self, key: &Key, shard: u8, at: DateTime<Utc>) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(attributes(key)))
            .update_expression("SET pending = :pending, pending_at = :at ADD reopened :once")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":once", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":pending", AttributeValue::S(format!("PENDING#{shard}")))
            .expression_attribute_values(":at", AttributeValue::S(crate::key::instant(at)));
        update.send().await.map(|_| ()).map_err(StoreError::request("UpdateItem"))
    }

    /// Writes one record in place of the revision that was read. `false` means that it had changed.
    pub async fn swap(&self, item: Item, read: u32) -> Result<bool, StoreError> {
        let condition = if read == 0 { Condition::Absent } else { Condition::Revision(read) };
        let (expression, values) = condition.expression();
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item.attributes));
        match put.condition_expression(expression).set_expression_attribute_values(values).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => Ok(false),
            Err(error) => Err(StoreError::request("PutItem")(error)),
        }
    }

    /// Writes one record whatever was there.
    pub async fn put(&self, item: Item) -> Result<(), StoreError> {
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item.attributes));
        put.send().await.map(|_| ()).map_err(StoreError::request("PutItem"))
    }

    /// Deletes one record, if it is there.
    pub async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        let delete = self.client.delete_item().table_name(&self.name).set_key(Some(attributes(key)));
        delete.send().await.map(|_| ()).map_err(StoreError::request("DeleteItem"))
    }

    fn action(&self, write: &Write) -> Result<TransactWriteItem, StoreError> {
        let action = TransactWriteItem::builder();
        Ok(match write {
            Write::Put { item, condition } => {
                let mut put = Put::builder().table_name(&self.name).set_item(Some(item.attributes.clone()));
                if let Some(condition) = condition {
                    let (expression, values) = condition.expression();
                    put = put.condition_expression(expression).set_expression_attribute_values(values);
                }
                action.put(put.build().map_err(StoreError::request("TransactWriteItems"))?).build()
            }
            Write::Keep(item) => {
                let mut update = Update::builder().table_name(&self.name).set_key(Some(attributes(&item.key)));
                let mut kept = Vec::new();
                for (name, value) in item.attributes.iter().filter(|(name, _)| !matches!(name.as_str(), "pk" | "sk")) {
                    kept.push(format!("#{name} = if_not_exists(#{name}, :{name})"));
                    update = update
                        .expression_attribute_names(format!("#{name}"), name)
                        .expression_attribute_values(format!(":{name}"), value.clone());
                }
                let update = update.update_expression(format!("SET {}", kept.join(", "))).build();
                action.update(update.map_err(StoreError::request("TransactWriteItems"))?).build()
            }
            Write::Count { key, counters } => {
                let number = |n: u32| AttributeValue::N(n.to_string());
                let mut update = Update::builder()
                    .table_name(&self.name)
                    .set_key(Some(attributes(key)))
                    .expression_attribute_names("#schema", "schema")
                    .expression_attribute_values(":schema", number(Schema::CURRENT.0));
                let mut sums = Vec::new();
                for (counter, by) in counters {
                    sums.push(format!("{counter} :{counter}"));
                    update = update.expression_attribute_values(format!(":{counter}"), number(*by));
                }
                let update = update.update_expression(format!("SET #schema = :schema ADD {}", sums.join(", "))).build();
                action.update(update.map_err(StoreError::request("TransactWriteItems"))?).build()
            }
            Write::Delete(key) => {
                let delete = Delete::builder().table_name(&self.name).set_key(Some(attributes(key))).build();
                action.delete(delete.map_err(StoreError::request("TransactWriteItems"))?).build()
            }
        })
    }
}

type Values = Option<HashMap<String, AttributeValue>>;

impl Condition {
    fn expression(self) -> (&'static str, Values) {
        let one = |name: &str, number: i64| Some(HashMap::from([(name.to_owned(), AttributeValue::N(number.to_string()))]));
        match self {
            Self::Absent => ("attribute_not_exists(pk)", None),
            Self::Revision(read) => ("revision = :read", one(":read", i64::from(read))),
            Self::AbsentOrExpired(now) => ("attribute_not_exists(pk) OR expires_at <= :now", one(":now", now)),
        }
    }
}

/// The SDK retries throttling and lost connections by itself, but never a cancelled transaction.
fn why(error: SdkError<TransactWriteItemsError>) -> CommitError {
    let Some(refusal) = error.as_service_error() else {
        let never_sent = matches!(error, SdkError::ConstructionFailure(_));
        let error = StoreError::request("TransactWriteItems")(error);
        return if never_sent { CommitError::Impossible(error) } else { CommitError::Unknown(error) };
    };
    if let TransactWriteItemsError::TransactionCanceledException(cancelled) = refusal {
        let codes = || cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
        if codes().any(|code| code == "ConditionalCheckFailed") {
            return CommitError::Stale;
        }
        let passing = ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
        if codes().all(|code| passing.contains(&code)) {
            return CommitError::Contended;
        }
        return CommitError::Impossible(StoreError::request("TransactWriteItems")(error));
    }
    if refusal.is_transaction_in_progress_exception() || refusal.is_provisioned_throughput_exceeded_exception() {
        return CommitError::Contended;
    }
    if refusal.is_internal_server_error() {
        return CommitError::Unknown(StoreError::request("TransactWriteItems")(error));
    }
    match refusal.meta().code() {
        Some("ThrottlingException" | "RequestLimitExceeded" | "TransactionConflictException") => CommitError::Contended,
        Some("ValidationException" | "ItemCollectionSizeLimitExceededException" | "AccessDeniedException") => {
            CommitError::Impossible(StoreError::request("TransactWriteItems")(error))
        }
        _ => CommitError::Unknown(StoreError::request("TransactWriteItems")(error)),
    }
}
