//! A session: its states, and what every state holds.
//!
//! Lifecycle, outcome and billing are separate. Only Scheduled, Closed, Cancelled and Deleted are stored; the
//! rest of the status follows from the clock.

mod cancel;
mod delete;
mod edit;
mod invite;
mod outcome;
mod placement;
mod reanchor;
mod reschedule;
mod schedule;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod without_clients;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use self::placement::entry;
pub use self::{
    cancel::{Cancel, CancelRefused},
    delete::{Delete, DeleteRefused},
    edit::{Edit, EditFacts, EditRefused},
    invite::{Invite, InviteRefused, RecipientChoice, choose_recipients, on_record},
    outcome::{Attendance, AttendanceMark, MarkOutcome, Outcome, OutcomeRefused, Progress},
    placement::{Blocked, Clash, FreeSlots, bookable},
    reanchor::{Neighbour, Reanchor, Reanchored, Reckoning},
    reschedule::{Destination, Reschedule, RescheduleFacts, RescheduleRefused},
    schedule::{InviteChoice, Naming, Schedule, ScheduleFacts, ScheduleRefused, ServiceChoice, Terms, UnknownService},
    template::Template,
    without_clients::{OfClients, WithoutClients},
};
use crate::{
    code::SessionCode,
    event::Event,
    event_type::{Availability, OfType},
    ids::{AttemptId, ClientId, LocationId, PracticeId, PractitionerId, RoomId, SeriesId, ServiceId, SessionId, Subject},
    money::Amount,
    people::Membership,
    practice::Policies,
    recipient::{Recipient, Recipients},
    reminder::Reminders,
    sheet::Diary,
    slot::Slot,
    text::{Code, Instructions, Name, Reason, Title, Url},
};

/// A session in one of its stored states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Session {
    /// Stands.
    Scheduled(Scheduled),
    /// Its outcome is marked.
    Closed(Closed),
    /// Will not take place.
    Cancelled(Cancelled),
    /// Was a mistake, and stands in the history alone.
    Deleted(Deleted),
}

/// A session that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// What every state holds.
    pub details: Details,
    /// Attendance marked so far, while that of others is missing.
    #[serde(default)]
    pub attendance: Vec<Attendance>,
}

/// A session whose outcome is marked.
#[expect(clippy::struct_field_names, reason = "`closed_at` is the name in every answer")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// What every state holds.
    pub details: Details,
    /// How it went.
    pub outcome: Outcome,
    /// When it was first closed.
    pub closed_at: DateTime<Utc>,
}

/// A session that will not take place. There is no way back.
#[expect(clippy::struct_field_names, reason = "`cancelled_at` is the name in every answer")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// What every state holds.
    pub details: Details,
    /// When it was cancelled.
    pub cancelled_at: DateTime<Utc>,
    /// By whom, as the history shows them.
    pub cancelled_by: Name,
    /// Why.
    pub reason: Option<Reason>,
    /// Whether that was inside the practice's window.
    pub late: bool,
    /// What it costs.
    pub fee: Option<Amount>,
    /// What it would have cost by the practice's policy, where staff chose another fee (S13).
    pub fee_overridden_from: Option<Amount>,
    /// Whom a plain notice goes to, although they were never invited.
    #[serde(default)]
    pub notified: Vec<Recipient>,
}

/// A session that was entered by mistake (S9). Nobody is told and nothing is owed; there is no way back.
#[expect(clippy::struct_field_names, reason = "`deleted_at` is the name in every answer")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// What every state holds.
    pub details: Details,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// By whom, as the history shows them.
    pub deleted_by: Name,
    /// Why.
    pub reason: Option<Reason>,
    /// Whom the plain notice goes to of an earlier cancellation: what was promised before is kept.
    #[serde(default)]
    pub notified: Vec<Recipient>,
}

/// What every state of a session holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its id, for life.
    pub id: SessionId,
    /// Whose it is.
    pub practice: PracticeId,
    /// Who treats.
    pub practitioner: PractitionerId,
    /// Who is treated, each with their own code. Nobody, in an event without clients.
    pub clients: Vec<Participant>,
    /// What an event without clients is called.
    #[serde(default)]
    pub title: Option<Title>,
    /// Which of the practice's kinds it is. Older records have none.
    #[serde(default)]
    pub event_type: Option<OfType>,
    /// Whether it takes the time.
    #[serde(default)]
    pub availability: Availability,
    /// Whether clients are present.
    pub presence: Presence,
    /// What is done, at which price.
    pub services: Vec<BookedService>,
    /// In which room.
    pub room: Option<RoomId>,
    /// At which location.
    pub location: Option<LocationId>,
    /// When.
    pub slot: Slot,
    /// Where to join.
    pub url: Option<Url>,
    /// What else to know.
    pub instructions: Option<Instructions>,
    /// What is sent before it.
    pub reminders: Reminders,
    /// Whether, and to whom, invites went out.
    pub invitation: Invitation,
    /// Invited once and since removed: their entry is taken back.
    #[serde(default)]
    pub withdrawn: Vec<Recipient>,
    /// +1 at every change; the first is 1.
    pub revision: u32,
    /// +1 at every change that calendars must see (RFC 5545 §3.8.7.4); the first is 0.
    pub sequence: u32,
    /// When `sequence` last rose: the DTSTAMP of what is sent (RFC 5545 §3.8.7.2).
    pub stamped_at: DateTime<Utc>,
    /// The attempt that wrote this revision.
    pub attempt: AttemptId,
    /// When it was scheduled.
    pub created_at: DateTime<Utc>,
    /// The generation of its manage tokens: raising it revokes all that were mailed.
    #[serde(default)]
    pub manage_generation: u32,
    /// Which place of which series it takes, if it is of one.
    #[serde(default)]
    pub occurrence: Option<Occurrence>,
}

/// A place of a series, and how the session that takes it differs from what the series says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The series.
    pub series: SeriesId,
    /// The wall-clock start that the series' rule gives for it, in the series' zone: what it is known by (RFC 5545
    /// §3.8.4.4), wherever it is moved.
    pub original: NaiveDateTime,
    /// The series in which it was booked: the ids of those who are mailed about it follow from that one for good.
    pub root: SeriesId,
    /// The SEQUENCE at which it was last as the series' own entry says; higher than that, it is an exception.
    pub described: u32,
}

/// Someone who is treated in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub client: ClientId,
    /// Their code for this session.
    pub code: SessionCode,
}

/// Whether clients are present (T4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The client is there; attendance is marked.
    Direct,
    /// Work for the client without them; progress is marked.
    Indirect,
}

/// A service as it was booked: later changes of the list do not reach back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedService {
    /// Which.
    pub service: ServiceId,
    /// Its code then.
    pub code: Code,
    /// Its name then.
    pub name: Name,
    /// The price agreed, in minor units.
    pub price: Amount,
}

/// Whether invites went out (P4, P6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "invites", rename_all = "snake_case")]
pub enum Invitation {
    /// Nobody was mailed; link and code are shared by hand.
    Off,
    /// These were mailed.
    Sent {
        /// Who.
        recipients: Recipients,
    },
}

impl Invitation {
    /// Those who were invited.
    pub fn recipients(&self) -> impl Iterator<Item = &Recipient> {
        match self {
            Self::Off => None,
            Self::Sent { recipients } => Some(recipients.iter()),
        }
        .into_iter()
        .flatten()
    }

    /// The same with every recipient made into another.
    #[must_use]
    pub(crate) fn map(&self, change: impl Fn(&Recipient) -> Recipient) -> Self {
        match self {
            Self::Off => Self::Off,
            Self::Sent { recipients } => Self::Sent { recipients: recipients.map(change) },
        }
    }

    /// Whether invites went out.
    pub fn went_out(&self) -> bool {
        match self {
            Self::Off => false,
            Self::Sent { .. } => true,
        }
    }
}

/// Where a session stands, by its state and the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stands, and its time is still far enough away to change anything.
    Scheduled,
    /// Begins within the practice's due window.
    Due,
    /// Has begun.
    Underway,
    /// Has ended, and its outcome is not marked.
    AwaitingOutcome,
    /// Its outcome is marked; or it was without clients, and is over.
    Closed,
    /// Will not take place.
    Cancelled,
    /// Was a mistake.
    Deleted,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Scheduled => "scheduled",
            Self::Due => "due to start",
            Self::Underway => "under way",
            Self::AwaitingOutcome => "over and awaiting its outcome",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
        })
    }
}

impl Session {
    /// What every state holds.
    pub fn details(&self) -> &Details {
        match self {
            Self::Scheduled(Scheduled { details, .. })
            | Self::Closed(Closed { details, .. })
            | Self::Cancelled(Cancelled { details, .. })
            | Self::Deleted(Deleted { details, .. }) => details,
        }
    }

    pub(crate) fn details_mut(&mut self) -> &mut Details {
        match self {
            Self::Scheduled(Scheduled { details, .. })
            | Self::Closed(Closed { details, .. })
            | Self::Cancelled(Cancelled { details, .. })
            | Self::Deleted(Deleted { details, .. }) => details,
        }
    }

    /// Where it stands at `now`.
    pub fn status(&self, policies: &Policies, now: DateTime<Utc>) -> Status {
        match self {
            Self::Scheduled(scheduled) => scheduled.status(policies, now),
            Self::Closed(_) => Status::Closed,
            Self::Cancelled(_) => Status::Cancelled,
            Self::Deleted(_) => Status::Deleted,
        }
    }

    /// Everyone who may hold an entry of it or be mailed about it.
    pub fn recipient(&self, id: crate::ids::RecipientId) -> Option<&Recipient> {
        let details = self.details();
        let notified: &[Recipient] = match self {
            Self::Cancelled(cancelled) => &cancelled.notified,
            Self::Deleted(deleted) => &deleted.notified,
            Self::Scheduled(_) | Self::Closed(_) => &[],
        };
        details.invitation.recipients().chain(&details.withdrawn).chain(notified).find(|r| r.id == id)
    }
}

impl Scheduled {
    /// Where it stands at `now`.
    pub fn status(&self, policies: &Policies, now: DateTime<Utc>) -> Status {
        let slot = &self.details.slot;
        if now < slot.starts_at() - policies.due_window_minutes.duration() {
            Status::Scheduled
        } else if now < slot.starts_at() {
            Status::Due
        } else if now < slot.ends_at() {
            Status::Underway
        } else if self.details.is_without_clients() {
            Status::Closed
        } else {
            Status::AwaitingOutcome
        }
    }
}

/// Who decides, when, and in which attempt.
#[derive(Clone, Copy, Debug)]
pub struct Deciding<'a> {
    /// Who.
    pub actor: &'a Membership,
    /// When.
    pub now: DateTime<Utc>,
    /// In which attempt.
    pub attempt: AttemptId,
}

/// What a rule returns: the new state, and what must follow, as data.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The session as it shall be.
    pub session: Session,
    /// The sheets that the decision relied on, changed where it changes them.
    pub diaries: Vec<Diary>,
    /// What happened, and what must follow.
    pub event: Event,
}

impl Details {
    /// Whether it is an event that concerns no client.
    pub fn is_without_clients(&self) -> bool {
        self.clients.is_empty()
    }

    /// What the ids of those who are mailed about it follow from: the same address is one recipient in a whole series.
    pub fn addressed_as(&self) -> Subject {
        self.occurrence.as_ref().map_or(Subject::Session(self.id), |occurrence| Subject::Series(occurrence.root))
    }

    /// Begins the next revision.
    pub(crate) fn touch(&mut self, deciding: Deciding<'_>) {
        self.revision += 1;
        self.attempt = deciding.attempt;
    }

    /// A change that calendars must see.
    pub(crate) fn raise_sequence(&mut self, now: DateTime<Utc>) {
        self.sequence += 1;
        self.stamped_at = now;
    }
}
