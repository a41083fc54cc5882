//! Jobs: what travels on the queues. Each only says where to look again; the worker decides by the state then.

use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::{
    correlation::Correlation,
    event::{Effect, Event},
    ids::{PracticeId, PractitionerId, RecipientId, SeriesId, SessionId, Subject},
    lane::{Ask, Due},
    reminder::Reminder,
    slot::Slot,
};
use serde::{Deserialize, Serialize};

/// Which queue, and so which worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueName {
    /// Invites, updates, and notices to practitioners.
    Invites,
    /// Cancellations.
    Cancellations,
    /// Reminders.
    Reminders,
    /// What lies ahead: series, and sessions that new time-zone rules concern. Nobody waits for it.
    Series,
}

impl QueueName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Invites, Self::Cancellations, Self::Reminders, Self::Series];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invites => "invites",
            Self::Cancellations => "cancellations",
            Self::Reminders => "reminders",
            Self::Series => "series",
        }
    }
}

/// What travels: a job, and the request that it follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Correlation>,
    /// The job. Its fields stand beside the request's id.
    #[serde(flatten)]
    pub job: Job,
}

/// A job on its queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// See that the recipient holds the session's current entry.
    Invite(LaneJob),
    /// See that the recipient learns of the cancellation.
    Cancellation(LaneJob),
    /// See that the practitioner learns what others did to their calendar.
    Notice(NoticeJob),
    /// See whether the reminder is still wanted.
    Reminder(ReminderJob),
    /// See that a practice's sessions go by the current time-zone rules.
    Reanchor(ReanchorJob),
    /// See what a series wants: an interrupted change to be finished, sessions to be made, its end to be told of.
    Series(SeriesJob),
}

/// A job about one recipient of one session or series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneJob {
    /// The practice.
    pub practice: PracticeId,
    /// The session or series.
    #[serde(flatten)]
    pub subject: Subject,
    /// Who.
    pub recipient: RecipientId,
    /// For this SEQUENCE at least.
    pub sequence: u32,
    /// The revision whose event asks for it: where it waits while it may not be done. 0 in jobs of older releases.
    #[serde(default)]
    pub revision: u32,
    /// The place of a series that it is about, if it is about one without a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<NaiveDateTime>,
}

/// A job about the practitioner of a session or series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeJob {
    /// The practice.
    pub practice: PracticeId,
    /// The session or series.
    #[serde(flatten)]
    pub subject: Subject,
    /// Who.
    pub practitioner: PractitionerId,
    /// Of this SEQUENCE at least.
    pub sequence: u32,
    /// The revision whose event asks for it: where it waits while it may not be done.
    #[serde(default)]
    pub revision: u32,
    /// When the session was, if it was moved.
    pub moved_from: Option<Slot>,
}

/// A job about a series that someone should look after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesJob {
    /// The practice.
    pub practice: PracticeId,
    /// The series.
    pub series: SeriesId,
}

/// What a timer carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderJob {
    /// The practice.
    pub practice: PracticeId,
    /// The session.
    pub session: SessionId,
    /// Which reminder.
    pub reminder: Reminder,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// A job about all that a practice has ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReanchorJob {
    /// The practice.
    pub practice: PracticeId,
}

impl Job {
    /// Whose it is.
    pub fn practice(&self) -> PracticeId {
        match self {
            Self::Series(job) => job.practice,
            Self::Invite(job) | Self::Cancellation(job) => job.practice,
            Self::Notice(job) => job.practice,
            Self::Reminder(job) => job.practice,
            Self::Reanchor(job) => job.practice,
        }
    }

    /// The session or series that it is about, if it is about one.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Invite(job) | Self::Cancellation(job) => Some(job.subject),
            Self::Notice(job) => Some(job.subject),
            Self::Reminder(job) => Some(job.session.into()),
            Self::Reanchor(_) => None,
            Self::Series(job) => Some(job.series.into()),
        }
    }

    /// What it is, in a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Invite(_) => "invite",
            Self::Cancellation(_) => "cancellation",
            Self::Notice(_) => "notice",
            Self::Reminder(_) => "reminder",
            Self::Reanchor(_) => "reanchor",
            Self::Series(_) => "series",
        }
    }

    /// Its queue.
    pub fn queue(&self) -> QueueName {
        match self {
            Self::Invite(_) | Self::Notice(_) => QueueName::Invites,
            Self::Cancellation(_) => QueueName::Cancellations,
            Self::Reminder(_) => QueueName::Reminders,
            Self::Reanchor(_) | Self::Series(_) => QueueName::Series,
        }
    }
}

impl LaneJob {
    pub(crate) fn entry(&self) -> Ask {
        Ask::Entry { sequence: self.sequence }
    }

    pub(crate) fn cancellation(&self) -> Ask {
        match self.place {
            Some(place) => Ask::LeftOut { place, sequence: self.sequence },
            None => Ask::Cancellation { sequence: self.sequence },
        }
    }
}

impl NoticeJob {
    pub(crate) fn ask(&self) -> Ask {
        Ask::Notice { sequence: self.sequence }
    }
}

impl ReminderJob {
    /// Its timer's name: unique per session, reminder and due minute; at most 64 of `[0-9a-zA-Z-_.]`.
    pub fn timer_name(&self) -> String {
        let days = i64::from(self.reminder.days_before);
        format!("{}-{days}{}-{}", self.session, self.reminder.channel.name(), self.due_at.format("%Y%m%dT%H%M"))
    }

    pub(crate) fn due(&self) -> Due {
        Due { reminder: self.reminder, due_at: self.due_at }
    }
}

/// What an effect of an event asks for.
pub(crate) enum HandOn {
    Job(Job),
    Timer(ReminderJob),
}

/// Nothing where it makes no sense: a series has no minute of which to be reminded, its sessions have.
pub(crate) fn hand_on(event: &Event, effect: &Effect) -> Option<HandOn> {
    let lane = |recipient: RecipientId, sequence: u32| LaneJob {
        practice: event.practice,
        subject: event.subject,
        recipient,
        sequence,
        revision: event.revision,
        place: None,
    };
    Some(match *effect {
        Effect::Inform { practitioner, sequence, ref moved_from } => {
            let moved_from = moved_from.clone();
            HandOn::Job(Job::Notice(NoticeJob {
                practice: event.practice,
                subject: event.subject,
                practitioner,
                sequence,
                revision: event.revision,
                moved_from,
            }))
        }
        Effect::Invite { recipient, sequence } => HandOn::Job(Job::Invite(lane(recipient, sequence))),
        Effect::Cancel { recipient, sequence } => HandOn::Job(Job::Cancellation(lane(recipient, sequence))),
        Effect::LeaveOut { recipient, sequence, place } => {
            HandOn::Job(Job::Cancellation(LaneJob { place: Some(place), ..lane(recipient, sequence) }))
        }
        Effect::Remind { reminder, due_at } => match event.subject {
            Subject::Session(session) => HandOn::Timer(ReminderJob { practice: event.practice, session, reminder, due_at }),
            Subject::Series(_) => return None,
        },
    })
}
