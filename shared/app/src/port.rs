//! Ports: where two real implementations stand behind one word.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use hourkeep_domain::ids::{PracticeId, RecipientId, Subject};
use hourkeep_mail::{Kind, Mail};

use crate::job::Dispatch;

/// What time it is. The only source of "now".
pub trait Clock: Send + Sync {
    /// The instant.
    fn now(&self) -> DateTime<Utc>;
}

/// A port did not do what was asked, or nobody knows whether it did.
#[derive(Debug, thiserror::Error)]
#[error("{port} failed")]
pub struct PortError {
    /// Which.
    pub port: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Timers that fire once, at least once, within their minute (EventBridge Scheduler; the local server).
#[async_trait]
pub trait Timers: Send + Sync {
    /// Arms the timer of this name, to put its job onto the reminder queue at `at`. A timer of that name that is
    /// armed already is success.
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError>;
}

/// Queues that hand on at least once (SQS; the local server).
#[async_trait]
pub trait Queue: Send + Sync {
    /// Puts a job onto its queue, to be seen after `delay`.
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError>;
}

/// Why a mail was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum MailRefused {
    /// It never will be: the address or the message is refused.
    #[error("the mail service refuses the message: {0}")]
    ForGood(String),
    /// It may be later, or it was and nobody knows.
    #[error(transparent)]
    ForNow(#[from] PortError),
}

/// Sends mail (SES; the local mailbox).
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends the raw message to its one recipient. `Ok` means that it was accepted.
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused>;
}

/// What a mail is about, for whoever carries it: ids, and nothing about anyone. By them a bounce finds its way back (D4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What it is.
    pub kind: MailKind,
    /// Whose mail it is.
    pub practice: PracticeId,
    /// The session or series that it is about.
    pub subject: Subject,
    /// To whom.
    pub recipient: RecipientId,
    /// The SES tenant that it is sent by.
    pub tenant: Option<String>,
}

/// What a mail is, for statistics and lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// The first of a session.
    Invite,
    /// A change.
    Update,
    /// A cancellation, with or without a calendar part.
    Cancellation,
    /// A reminder.
    Reminder,
    /// To a practitioner: that others changed their calendar.
    Notice,
}

impl MailKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Update => "update",
            Self::Cancellation => "cancellation",
            Self::Reminder => "reminder",
            Self::Notice => "notice",
        }
    }
}

impl From<&Kind> for MailKind {
    fn from(kind: &Kind) -> Self {
        match kind {
            Kind::Invite => Self::Invite,
            Kind::Update { .. } | Kind::Shortened => Self::Update,
            Kind::Cancellation { .. } | Kind::NotBooked { .. } => Self::Cancellation,
            Kind::Reminder { .. } => Self::Reminder,
            Kind::Notice { .. } => Self::Notice,
        }
    }
}
