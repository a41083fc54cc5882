//! How every change of practice data begins and ends.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    ids::{AttemptId, PracticeId},
    people::Membership,
};
use hourkeep_store::{Batch, Item, Key, Transaction};
use serde::Serialize;

use crate::{
    answer::{Answer, Conditions},
    caller::{Entered, Principal, enter_to_change},
    desk::{Desk, Plan, Step},
    error::Error,
    usage::{Counter, count},
};

/// How a change begins.
pub(super) enum Begun {
    /// The request was answered before.
    Answered(Answer),
    /// It is to be decided, by whoever calls and what one round of reads told.
    Fresh(Box<(Membership, Batch)>),
}

/// One attempt to change practice data.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) desk: &'a Desk,
    pub(super) principal: &'a Principal,
    pub(super) conditions: &'a Conditions,
    pub(super) attempt: AttemptId,
    pub(super) now: DateTime<Utc>,
}

impl<'a> Writing<'a> {
    pub(super) fn new(desk: &'a Desk, principal: &'a Principal, conditions: &'a Conditions, attempt: AttemptId) -> Self {
        Self { desk, principal, conditions, attempt, now: desk.clock.now() }
    }

    /// The first round of reads.
    pub(super) async fn begin(&self, keys: impl Fn(PracticeId) -> Vec<Key>) -> Result<Begun, Error> {
        Ok(match enter_to_change(&self.desk.table, self.principal, self.conditions, self.now, keys).await? {
            Entered::Answered(answer) => Begun::Answered(answer),
            Entered::Fresh(entrance) => Begun::Fresh(Box::new((entrance.member, entrance.batch))),
        })
    }

    /// A transaction that writes the record that everything else hangs on, in place of the revision that was read. A
    /// new one is counted.
    pub(super) fn transaction(
        &self,
        practice: PracticeId,
        key: Key,
        body: &impl Serialize,
        read: u32,
    ) -> Result<Transaction, Error> {
        let mut transaction = Transaction::default();
        transaction.witness(key.clone(), self.attempt);
        if read == 0 {
            count(&mut transaction, practice, self.attempt, self.now, &[(Counter::RecordsAdded, 1)]);
        }
        transaction.replace(Item::new(key, body)?.revision(read + 1).attempt(self.attempt), read);
        Ok(transaction)
    }

    /// The transaction, and the answer that becomes true with it.
    pub(super) fn end(
        &self,
        practice: PracticeId,
        mut transaction: Transaction,
        status: u16,
        revision: u32,
        view: &impl Serialize,
    ) -> Result<Step, Error> {
        let answer = Answer::new(status, revision, view)?;
        self.conditions.remember(practice, self.principal, &answer, self.attempt, self.now, &mut transaction)?;
        Ok(Step::Commit(Box::new(Plan { transaction, answer, timers: Vec::new() })))
    }
}
