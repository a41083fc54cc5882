//! Session codes: what a client types to see their session.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::ids::{base32, from_base32};

/// Twelve characters in three groups, 60 bits: one per session and client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionCode(u64);

/// A text that is not a session code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a session code of three groups of four such as 7K3M-Q9TX-B2HD")]
pub struct NotACode;

impl SessionCode {
    /// The code of 60 random bits.
    pub fn new(random: u64) -> Self {
        Self(random & ((1 << 60) - 1))
    }
}

impl fmt::Display for SessionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = base32(u128::from(self.0), 12).to_ascii_uppercase();
        write!(f, "{}-{}-{}", &text[..4], &text[4..8], &text[8..])
    }
}

impl fmt::Debug for SessionCode {
    /// Says only that there is one: whoever knows it may look.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionCode(…)")
    }
}

impl FromStr for SessionCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        if digits.len() != 12 {
            return Err(NotACode);
        }
        from_base32(&digits).and_then(|bits| u64::try_from(bits).ok()).map(Self).ok_or(NotACode)
    }
}

impl Serialize for SessionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_reads_back_however_it_is_typed(random: u64) {
            let code = SessionCode::new(random);
            let shown = code.to_string();
            prop_assert_eq!(shown.len(), 14);
            prop_assert_eq!(shown.parse(), Ok(code));
            prop_assert_eq!(shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l").parse(), Ok(code));
        }
    }
}
