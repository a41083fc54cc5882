//! Events without clients (S10): entries of the same calendars and series that nobody is treated in, invited to or billed for.

use std::fmt;

/// What only sessions with clients have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfClients {
    /// Services and their prices.
    Services,
    /// Invites, and who gets them.
    Invites,
    /// Mails before it.
    Reminders,
    /// Attendance or progress.
    Outcome,
    /// A fee for cancelling.
    Fee,
    /// A notice of the cancellation.
    Notice,
}

impl fmt::Display for OfClients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Services => "services",
            Self::Invites => "invites",
            Self::Reminders => "reminders",
            Self::Outcome => "outcome",
            Self::Fee => "fee",
            Self::Notice => "notice",
        })
    }
}

/// That an event without clients was to have what only sessions with clients have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("An event without clients has no {0}: leave that out.")]
pub struct WithoutClients(pub OfClients);

impl WithoutClients {
    /// Refuses what is asked for, if it is.
    pub(crate) fn unless(asked: bool, what: OfClients) -> Result<(), Self> {
        if asked { Err(Self(what)) } else { Ok(()) }
    }
}
