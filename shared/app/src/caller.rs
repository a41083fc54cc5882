//! Who calls. The token says who it is; what they may do, and where, says their membership.

use hourkeep_domain::{ids::PracticeId, people::Membership};
use hourkeep_store::{Batch, Key, Range, Table, key};
use sha2::{Digest as _, Sha256};

use crate::error::Error;

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
    if let Some(practice) = principal.hint {
        let membership = key::membership(&principal.issuer, &principal.subject, practice);
        let batch = table.get_many(keys(practice).into_iter().chain([membership.clone()])).await?;
        let member = batch.body::<Membership>(&membership)?.filter(|m| m.active).ok_or(Error::NotAMember)?;
        return Ok((member, batch));
    }
    let partition = key::memberships_partition(&principal.issuer, &principal.subject);
    let found = table.query::<Membership>(&partition, &Range::All, None, None).await?;
    let mut active = found.items.into_iter().map(|(_, stored)| stored.body).filter(|m| m.active);
    let member = active.next().ok_or(Error::NotAMember)?;
    let others: Vec<PracticeId> = active.map(|m| m.practice).collect();
    if !others.is_empty() {
        return Err(Error::SeveralPractices([vec![member.practice], others].concat()));
    }
    let batch = table.get_many(keys(member.practice)).await?;
    Ok((member, batch))
}
