//! Identifiers: a prefix that says what is named, and 128 bits in Crockford's base 32 (the form of `TypeID`).
//!
//! An id is made from an instant and randomness that the caller supplies, so that the core stays pure;
//! ids made later sort later.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// A text that is not an id of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an id that starts with {prefix}_ followed by {LENGTH} letters and digits")]
pub struct NotAnId {
    prefix: &'static str,
}

pub(crate) fn base32(mut bits: u128, length: usize) -> String {
    let mut out = vec![b'0'; length];
    for slot in out.iter_mut().rev() {
        let digit = (bits & 31) as usize;
        *slot = ALPHABET[digit];
        bits >>= 5;
    }
    out.into_iter().map(char::from).collect()
}

/// Reads Crockford's base 32 leniently: any case, `o` as `0`, `i` and `l` as `1`.
pub(crate) fn from_base32(text: &str) -> Option<u128> {
    text.chars().try_fold(0_u128, |bits, c| {
        let c = match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let digit = ALPHABET.iter().position(|&a| char::from(a) == c)?;
        Some((bits << 5) | digit as u128)
    })
}

fn parse(prefix: &'static str, text: &str) -> Result<u128, NotAnId> {
    let wrong = NotAnId { prefix };
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or_else(|| wrong.clone())?;
    let canonical = |bits: &u128| base32(*bits, LENGTH) == digits;
    if digits.len() != LENGTH || digits.as_bytes()[0] > b'7' {
        return Err(wrong);
    }
    from_base32(digits).filter(canonical).ok_or(wrong)
}

fn compose(at: DateTime<Utc>, random: u128) -> u128 {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    (millis << 80) | (random & ((1 << 80) - 1))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id: 48 bits of time, 80 of `random`.
            pub fn new(at: DateTime<Utc>, random: u128) -> Self {
                Self(compose(at, random))
            }

            /// The id that always belongs to `bits`, for what is named after something else.
            pub const fn from_bits(bits: u128) -> Self {
                Self(bits)
            }

            /// The bits of it.
            pub const fn bits(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, base32(self.0, LENGTH))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

id!(
    /// A practice: one tenant.
    PracticeId, "prc"
);
id!(
    /// A practitioner of a practice.
    PractitionerId, "prt"
);
id!(
    /// A client of a practice.
    ClientId, "cli"
);
id!(
    /// A person around a client.
    ContactId, "con"
);
id!(
    /// A service that a practice offers.
    ServiceId, "srv"
);
id!(
    /// A room, physical or virtual.
    RoomId, "rom"
);
id!(
    /// A location where sessions take place.
    LocationId, "loc"
);
id!(
    /// A kind of calendar entry.
    EventTypeId, "typ"
);
id!(
    /// A session.
    SessionId, "ses"
);
id!(
    /// A series of sessions.
    SeriesId, "ser"
);
id!(
    /// Someone who is mailed about one session: the same address of the same session has the same id.
    RecipientId, "rcp"
);
id!(
    /// One attempt to change something: what a commit of unknown outcome is recognised by.
    AttemptId, "att"
);
id!(
    /// What awaits staff. In place of an instant it holds the wall-clock time that the item is about, and in place of
    /// randomness a hash of what the item is about: so the same thing has the same id, and the id alone tells its place
    /// in a list by time.
    InboxId, "inb"
);

impl InboxId {
    /// The wall-clock time that it was made with.
    pub fn local(self) -> NaiveDateTime {
        let millis = i64::try_from(self.0 >> 80).unwrap_or_default();
        DateTime::from_timestamp_millis(millis).unwrap_or_default().naive_utc()
    }
}

/// What an event, a job or a mail is about. In records and messages it is the one field `session` or `series`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A session: one that stands alone, or one occurrence of a series.
    Session(SessionId),
    /// A series as a whole.
    Series(SeriesId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(id) => id.fmt(f),
            Self::Series(id) => id.fmt(f),
        }
    }
}

impl FromStr for Subject {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self::Series).or_else(|_| text.parse().map(Self::Session))
    }
}

impl From<SessionId> for Subject {
    fn from(id: SessionId) -> Self {
        Self::Session(id)
    }
}

impl From<SeriesId> for Subject {
    fn from(id: SeriesId) -> Self {
        Self::Series(id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_reads_back_from_its_text(bits: u128) {
            let id = SessionId::from_bits(bits);
            prop_assert_eq!(id.to_string().parse::<SessionId>(), Ok(id));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<SessionId>();
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let client = ClientId::from_bits(7).to_string();
        assert!(client.parse::<SessionId>().is_err());
        assert!("ses_8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<SessionId>().is_err());
        assert!("ses_OOOOOOOOOOOOOOOOOOOOOOOOOO".parse::<SessionId>().is_err());
    }
}
