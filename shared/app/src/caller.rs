//! Who calls. The token says who it is; what they may do, and where, says their membership.

use chrono::{DateTime, Utc};
pub use hourkeep_domain::correlation::Correlation;
use hourkeep_domain::{
    account::{Account, Standing},
    ids::PracticeId,
    people::Membership,
};
use hourkeep_store::{Batch, Key, Range, Table, key};
use sha2::{Digest as _, Sha256};

use crate::{
    answer::{Answer, Conditions},
    error::Error,
};

/// Whom a verified token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Who vouches.
    pub issuer: String,
    /// For whom.
    pub subject: String,
    /// Which practice they mean, where they work in several. Only a hint on what to read: the membership decides.
    pub hint: Option<PracticeId>,
}

impl Principal {
    /// The caller in the keys of answered requests: without the subject, which may be an address.
    pub(crate) fn digest(&self) -> String {
        let digest = Sha256::new_with_prefix(&self.issuer).chain_update([0]).chain_update(&self.subject).finalize();
        data_encoding::BASE64URL_NOPAD.encode(&digest[..16])
    }
}

/// Reads the membership together with the first round of records of its practice: one request where the practice
/// is known, two otherwise.
pub(crate) async fn enter(
    table: &Table,
    principal: &Principal,
    keys: impl Fn(PracticeId) -> Vec<Key>,
) -> Result<(Membership, Batch), Error> {
    let (member, batch) = if let Some(practice) = principal.hint {
        let membership = key::membership(&principal.issuer, &principal.subject, practice);
        let batch = table.get_many(keys(practice).into_iter().chain([membership.clone()])).await?;
        (batch.body::<Membership>(&membership)?.filter(|m| m.active).ok_or(Error::NotAMember)?, batch)
    } else {
        let partition = key::memberships_partition(&principal.issuer, &principal.subject);
        let found = table.query::<Membership>(&partition, &Range::All, None, None).await?;
        let mut active = found.items.into_iter().map(|(_, stored)| stored.body).filter(|m| m.active);
        let member = active.next().ok_or(Error::NotAMember)?;
        let others: Vec<PracticeId> = active.map(|m| m.practice).collect();
        if !others.is_empty() {
            return Err(Error::SeveralPractices([vec![member.practice], others].concat()));
        }
        let batch = table.get_many(keys(member.practice)).await?;
        (member, batch)
    };
    // The line that is logged of the request says whose it was.
    tracing::Span::current().record("practice", tracing::field::display(member.practice));
    Ok((member, batch))
}

/// How someone enters who wants to change something.
pub(crate) enum Entered {
    /// The request was answered before.
    Answered(Answer),
    /// It is to be decided, by whoever calls and what one round of reads told.
    Fresh(Box<Entrance>),
}

/// Who calls, what is read, and proof that the practice may change anything: nothing is committed without it.
pub(crate) struct Entrance {
    pub(crate) member: Membership,
    pub(crate) account: Account,
    pub(crate) batch: Batch,
}

/// Enters to change something. The account is read in the same round, and so is the answer to the same request.
pub(crate) async fn enter_to_change(
    table: &Table,
    principal: &Principal,
    conditions: &Conditions,
    now: DateTime<Utc>,
    keys: impl Fn(PracticeId) -> Vec<Key>,
) -> Result<Entered, Error> {
    let all = |practice| {
        let request = conditions.key(practice, principal);
        keys(practice).into_iter().chain([key::account(practice)]).chain(request).collect()
    };
    let (member, batch) = enter(table, principal, all).await?;
    if let Some(answer) = conditions.replay(member.practice, principal, &batch, now)? {
        return Ok(Entered::Answered(answer));
    }
    let account: Account = batch.body(&key::account(member.practice))?.unwrap_or_default();
    match account.standing {
        Standing::Active => Ok(Entered::Fresh(Box::new(Entrance { member, account, batch }))),
        Standing::Suspended { since, reason } => Err(Error::Suspended { since, reason }),
    }
}
