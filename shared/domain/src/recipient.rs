//! Who is mailed about a session. Recipients are copied at invitation: a later change of the client's contacts
//! does not reach back.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    ids::{RecipientId, Subject},
    text::{Email, Name},
    zone::Zone,
};

/// Someone who is mailed about one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Follows from session (or series) and address, so the same person is never mailed twice about one thing.
    pub id: RecipientId,
    /// Their name.
    pub name: Option<Name>,
    /// Their address.
    pub email: Email,
    /// Their zone, if known (B7).
    pub zone: Option<Zone>,
}

impl Recipient {
    /// The recipient of a session, or of a series and all its sessions, at an address.
    pub fn new(subject: Subject, name: Option<Name>, email: Email, zone: Option<Zone>) -> Self {
        let digest = Sha256::new_with_prefix(subject.to_string()).chain_update([0]).chain_update(email.folded()).finalize();
        let mut bits = [0; 16];
        bits.copy_from_slice(&digest[..16]);
        Self { id: RecipientId::from_bits(u128::from_be_bytes(bits)), name, email, zone }
    }
}

/// At least one recipient, each address once (P4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// These, the first of each address; `None` if there are none.
    pub fn new(given: Vec<Recipient>) -> Option<Self> {
        let mut kept: Vec<Recipient> = Vec::with_capacity(given.len());
        for recipient in given {
            if !kept.iter().any(|k| k.id == recipient.id) {
                kept.push(recipient);
            }
        }
        if kept.is_empty() { None } else { Some(Self(kept)) }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Recipient> {
        self.0.iter()
    }

    /// Each made into another.
    #[must_use]
    pub(crate) fn map(&self, change: impl Fn(&Recipient) -> Recipient) -> Self {
        Self(self.0.iter().map(change).collect())
    }

    /// How many.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The one with this id.
    pub fn get(&self, id: RecipientId) -> Option<&Recipient> {
        self.0.iter().find(|r| r.id == id)
    }
}
