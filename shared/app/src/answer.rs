//! Answers, and the record of them by which a repeated request gets the same one (B10).

use chrono::{DateTime, Duration, Utc};
use hourkeep_domain::ids::{AttemptId, PracticeId};
use hourkeep_store::{Batch, Item, Key, StoreError, Table, Transaction, key};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    caller::{Correlation, Principal},
    error::Error,
};

/// How long a request is remembered.
const REMEMBERED: Duration = Duration::hours(24);

/// What a request is answered with, to the byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status, always 2xx.
    pub status: u16,
    /// The record's revision, for the `ETag`.
    pub revision: u32,
    /// JSON.
    pub body: String,
}

impl Answer {
    /// An answer with this body.
    pub fn new(status: u16, revision: u32, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(body).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self { status, revision, body })
    }
}

/// What else came with a request to change something.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// `Idempotency-Key`, with what it was sent for.
    pub request: Option<RequestKey>,
    /// `If-Match`: the revision that the caller has seen.
    pub if_match: Option<u32>,
    /// The id of the request itself.
    pub correlation: Option<Correlation>,
}

/// An `Idempotency-Key` and the digest of method, path and body that it came with.
#[derive(Clone, Debug)]
pub struct RequestKey {
    key_digest: String,
    fingerprint: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    fingerprint: String,
    answer: Answer,
    until: DateTime<Utc>,
}

/// A request whose answer comes later: where it is to be remembered, and what it was sent for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ToRemember {
    pk: String,
    sk: String,
    fingerprint: String,
}

impl ToRemember {
    /// Whether its key is taken by an answer: if that was another request's, this one's is not remembered.
    pub(crate) async fn is_answered(&self, table: &Table, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let key = Key { pk: self.pk.clone(), sk: self.sk.clone() };
        Ok(table.get::<Remembered>(&key).await?.is_some_and(|stored| now < stored.body.until))
    }

    pub(crate) fn remember(
        &self,
        answer: &Answer,
        attempt: AttemptId,
        now: DateTime<Utc>,
        transaction: &mut Transaction,
    ) -> Result<(), StoreError> {
        let until = now + REMEMBERED;
        let remembered = Remembered { fingerprint: self.fingerprint.clone(), answer: answer.clone(), until };
        let key = Key { pk: self.pk.clone(), sk: self.sk.clone() };
        transaction.create_or_renew(Item::new(key, &remembered)?.attempt(attempt).expires_at(until), now.timestamp());
        Ok(())
    }
}

impl RequestKey {
    /// Bits that follow from the request: the same request always means the same new record.
    pub(crate) fn bits(&self, principal: &Principal) -> u128 {
        let texts = [&principal.digest(), &self.key_digest, &self.fingerprint];
        let digest = texts.iter().fold(Sha256::new(), |hash, text| hash.chain_update(text).chain_update([0])).finalize();
        let mut bits = [0; 16];
        bits.copy_from_slice(&digest[..16]);
        u128::from_be_bytes(bits)
    }

    /// The key of a request.
    pub fn new(key: &str, method: &str, path: &str, body: &[u8]) -> Self {
        let fingerprint = Sha256::new_with_prefix(method).chain_update([0]).chain_update(path).chain_update([0]).chain_update(body);
        let encode = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
        Self { key_digest: encode(&Sha256::digest(key)), fingerprint: encode(&fingerprint.finalize()) }
    }
}

impl Conditions {
    fn place(&self, practice: PracticeId, principal: &Principal) -> Option<(Key, &RequestKey)> {
        let request = self.request.as_ref()?;
        Some((key::request(practice, &principal.digest(), &request.key_digest), request))
    }

    /// What must be read to know whether the request was answered before.
    pub(crate) fn key(&self, practice: PracticeId, principal: &Principal) -> Option<Key> {
        self.place(practice, principal).map(|(key, _)| key)
    }

    /// The answer that was given, if there was one. Expiry is tested here, since deletion may take days.
    pub(crate) fn replay(
        &self,
        practice: PracticeId,
        principal: &Principal,
        batch: &Batch,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>, Error> {
        let Some((key, request)) = self.place(practice, principal) else { return Ok(None) };
        let remembered = batch.body::<Remembered>(&key)?.filter(|remembered| now < remembered.until);
        match remembered {
            None => Ok(None),
            Some(remembered) if remembered.fingerprint == request.fingerprint => Ok(Some(remembered.answer)),
            Some(_) => Err(Error::KeyReused),
        }
    }

    /// Remembers the answer in the transaction that makes it true.
    pub(crate) fn remember(
        &self,
        practice: PracticeId,
        principal: &Principal,
        answer: &Answer,
        attempt: AttemptId,
        now: DateTime<Utc>,
        transaction: &mut Transaction,
    ) -> Result<(), Error> {
        match self.to_remember(practice, principal) {
            Some(request) => Ok(request.remember(answer, attempt, now, transaction)?),
            None => Ok(()),
        }
    }

    /// The request, where its answer is to be remembered by whoever makes it true.
    pub(crate) fn to_remember(&self, practice: PracticeId, principal: &Principal) -> Option<ToRemember> {
        let (key, request) = self.place(practice, principal)?;
        Some(ToRemember { pk: key.pk, sk: key.sk, fingerprint: request.fingerprint.clone() })
    }

    /// That the caller has seen the current revision.
    pub(crate) fn check(&self, revision: u32) -> Result<(), Error> {
        match self.if_match {
            Some(seen) if seen != revision => Err(Error::Outdated { seen, current: revision }),
            _ => Ok(()),
        }
    }
}
