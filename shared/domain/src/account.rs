//! A practice's account: what the platform's operator decides about it, apart from what its director does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A practice as the operator sees it. Its own record stands beside the practice's, so that neither changes the
/// other's revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Whether it may change anything.
    pub standing: Standing,
    /// How much of each thing.
    pub limits: Limits,
    /// The SES tenant by which its mail is sent, so that its reputation is its own (D4).
    pub tenant: Option<String>,
}

/// Whether a practice may change anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It may.
    #[default]
    Active,
    /// It reads what it has; nothing is written and nothing is mailed until it is resumed (D6).
    Suspended {
        /// Since when.
        since: DateTime<Utc>,
        /// Why, in the operator's words, for the practice to read.
        reason: String,
    },
}

/// How much a practice may do in a calendar month (UTC). `None` is without limit.
///
/// What is counted is read before it is added to, so requests at the same moment may pass a limit by as many as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Sessions booked.
    pub sessions_per_month: Option<u32>,
    /// Mails sent. What exceeds it waits for the next month, or for a higher limit; reminders do not wait.
    pub mails_per_month: Option<u32>,
}

impl Account {
    /// Whether it is suspended.
    pub fn is_suspended(&self) -> bool {
        match self.standing {
            Standing::Active => false,
            Standing::Suspended { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_of_which_nothing_is_said_is_active_and_without_limits() {
        let read: Account = serde_json::from_str("{}").unwrap();
        assert_eq!(read, Account::default());
        assert!(!read.is_suspended());
    }
}
