//! That mail to a recipient did not arrive, or was not wanted (D4).
//!
//! A lane is of one session and one address, so a corrected address begins without any of this.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why mail does not reach a recipient, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The mail service would not take it.
    Refused,
    /// It came back.
    Bounced,
    /// Whoever got it reported it as unwanted.
    Complained,
}

impl Reason {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

/// That mail does not reach a recipient. The greater of two is the graver, and of two that are as grave, the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Undeliverable {
    /// Why.
    pub reason: Reason,
    /// When it turned out. Not known of what older releases noted.
    pub at: Option<DateTime<Utc>>,
}

/// As it stands in records.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Noted {
        reason: Reason,
        #[serde(default)]
        at: Option<DateTime<Utc>>,
    },
    /// Older releases noted refusals alone, in the mail service's words.
    Words(#[expect(dead_code, reason = "they only say the mail service's code")] String),
}

impl From<Written> for Undeliverable {
    fn from(written: Written) -> Self {
        match written {
            Written::Noted { reason, at } => Self { reason, at },
            Written::Words(_) => Self { reason: Reason::Refused, at: None },
        }
    }
}
