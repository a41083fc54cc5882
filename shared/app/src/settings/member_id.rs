//! What names a member of a practice in addresses.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use hourkeep_domain::{
    ids::PracticeId,
    text::{Issuer, Subject},
};
use hourkeep_store::{Key, key};
use serde::{Serialize, Serializer};

/// A sign-in as it stands in addresses: issuer and subject in one word. Callers need not read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberId {
    issuer: Issuer,
    subject: Subject,
}

/// A text that names no sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of a member")]
pub struct NotAMemberId;

impl MemberId {
    /// The id of this sign-in.
    pub fn new(issuer: Issuer, subject: Subject) -> Self {
        Self { issuer, subject }
    }

    pub(super) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    pub(super) fn subject(&self) -> &str {
        self.subject.as_str()
    }

    /// Where the member stands in the practice's own list.
    pub(super) fn key(&self, practice: PracticeId) -> Key {
        key::member(practice, self.issuer(), self.subject())
    }
}

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither part can hold a line break.
        let both = format!("{}\n{}", self.issuer, self.subject);
        f.write_str(&BASE64URL_NOPAD.encode(both.as_bytes()))
    }
}

impl FromStr for MemberId {
    type Err = NotAMemberId;

    fn from_str(text: &str) -> Result<Self, NotAMemberId> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NotAMemberId)?;
        let both = String::from_utf8(bytes).map_err(|_| NotAMemberId)?;
        let (issuer, subject) = both.split_once('\n').ok_or(NotAMemberId)?;
        let (issuer, subject) = (Issuer::parse(issuer), Subject::parse(subject));
        Ok(Self { issuer: issuer.map_err(|_| NotAMemberId)?, subject: subject.map_err(|_| NotAMemberId)? })
    }
}

impl Serialize for MemberId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text() {
        let issuer = Issuer::parse("https://sign-in.example/realm").unwrap();
        let id = MemberId::new(issuer, Subject::parse("ada@demo.test").unwrap());
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn what_names_no_sign_in_is_no_id() {
        for wrong in ["", "!", "YQ", "Cg", "YQo", "YSNiCmM"] {
            assert_eq!(wrong.parse::<MemberId>(), Err(NotAMemberId), "{wrong}");
        }
    }
}
