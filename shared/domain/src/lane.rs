//! One lane per session and recipient: what they were last sent, what is being sent, and therefore what to send now.
//!
//! A job only says "look at this lane again". What is sent is always the current state, never the state at
//! queueing, and never anything older than what was sent (promise 3).

mod undeliverable;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::undeliverable::{Reason, Undeliverable};
use crate::{
    ids::RecipientId,
    recipient::Recipient,
    reminder::Reminder,
    series::{Series, Standing},
    session::Session,
    slot::Slot,
};

/// What is mailed about.
#[derive(Clone, Copy, Debug)]
pub enum Matter<'a> {
    /// A session, as it is now.
    Session(&'a Session),
    /// A series, as it is now.
    Series(&'a Series),
}

impl Matter<'_> {
    fn sequence(self) -> u32 {
        match self {
            Self::Session(session) => session.details().sequence,
            Self::Series(series) => series.sequence,
        }
    }

    fn is_invited(self, recipient: RecipientId) -> bool {
        let invitation = match self {
            Self::Session(session) => &session.details().invitation,
            Self::Series(series) => &series.invitation,
        };
        invitation.recipients().any(|r| r.id == recipient)
    }

    fn is_withdrawn(self, recipient: RecipientId) -> bool {
        let withdrawn: &[Recipient] = match self {
            Self::Session(session) => &session.details().withdrawn,
            Self::Series(series) => &series.withdrawn,
        };
        withdrawn.iter().any(|r| r.id == recipient)
    }
}

/// How long a worker holds a lane: longer than a function runs, which is longer than the mail service takes.
pub const LEASE: Duration = Duration::seconds(90);

/// What is known of the mails of one recipient about one session. `L` is a mail as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane<L> {
    /// What they were last sent about the session itself.
    pub told: Option<Told>,
    /// The reminders that they were sent.
    #[serde(default)]
    pub reminded: Vec<Due>,
    /// The SEQUENCE of the last change that they were told of as the practitioner.
    #[serde(default)]
    pub informed: Option<u32>,
    /// The places of a series of which they were told that there is no session, beside its entry.
    #[serde(default)]
    pub left_out: Vec<NaiveDateTime>,
    /// The mail that is being sent, or whose sending was cut off.
    pub sending: Option<Sending<L>>,
    /// An entry or cancellation that was cut off, where a reminder has taken the lane since. It may have arrived.
    #[serde(default = "none")]
    pub cut_off: Option<Sending<L>>,
    /// That mail does not reach them.
    pub undeliverable: Option<Undeliverable>,
}

/// Asks nothing of `L`, as serde's own default would.
fn none<L>() -> Option<Sending<L>> {
    None
}

impl<L> Default for Lane<L> {
    fn default() -> Self {
        Self {
            told: None,
            reminded: Vec::new(),
            informed: None,
            left_out: Vec::new(),
            sending: None,
            cut_off: None,
            undeliverable: None,
        }
    }
}

/// What a recipient was last sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its SEQUENCE.
    pub sequence: u32,
    /// The time it stated.
    pub slot: Slot,
    /// Whether their calendar now holds an entry.
    pub holds_entry: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// A reminder and its minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Which.
    pub reminder: Reminder,
    /// When.
    pub due_at: DateTime<Utc>,
}

/// A mail on its way. Kept whole, so that a repeat after a crash has the same bytes (B2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending<L> {
    /// What it is.
    pub posting: Posting,
    /// The mail as data.
    pub letter: L,
    /// The session's SEQUENCE when the letter was written.
    #[serde(default)]
    pub sequence: u32,
    /// Who sends it: the attempt that took the lane.
    pub holder: String,
    /// Until when nobody else may.
    pub until: DateTime<Utc>,
}

/// One mail, by what makes it different from others in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "posting", rename_all = "snake_case")]
pub enum Posting {
    /// The session's entry: an invitation, or its update.
    Entry {
        /// Its SEQUENCE.
        sequence: u32,
    },
    /// That the session, or their part in it, is cancelled.
    Cancellation {
        /// Its SEQUENCE.
        sequence: u32,
        /// With a calendar part that takes the entry away; a plain notice otherwise.
        calendar: bool,
    },
    /// A reminder.
    Reminder(Due),
    /// That there is no session at one place of a series.
    LeftOut {
        /// Which.
        place: NaiveDateTime,
    },
    /// To the practitioner: that others changed their calendar.
    Notice {
        /// The SEQUENCE of the change.
        sequence: u32,
    },
}

impl Posting {
    /// Whether it changes what the recipient's calendar holds.
    fn is_of_the_entry(&self) -> bool {
        match self {
            Self::Entry { .. } | Self::Cancellation { .. } => true,
            Self::Reminder(_) | Self::LeftOut { .. } | Self::Notice { .. } => false,
        }
    }
}

/// What a worker is asked to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// The recipient is to hold the entry of this SEQUENCE, or a newer one.
    Entry {
        /// The SEQUENCE.
        sequence: u32,
    },
    /// The recipient is to learn of the cancellation of this SEQUENCE.
    Cancellation {
        /// The SEQUENCE.
        sequence: u32,
    },
    /// Whether this reminder is still wanted.
    Reminder(Due),
    /// The recipient is to learn that there is no session at one place of a series.
    LeftOut {
        /// Which.
        place: NaiveDateTime,
        /// The series' SEQUENCE then.
        sequence: u32,
    },
    /// The practitioner is to learn of the change of this SEQUENCE, or of a newer one.
    Notice {
        /// The SEQUENCE.
        sequence: u32,
    },
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan<L> {
    /// Nothing: it was sent, or nobody wants it any more.
    Done,
    /// Someone else is sending, or the session was read before what the lane knows of; read and ask again later.
    Busy,
    /// Send again exactly what was cut off.
    Repeat(Sending<L>),
    /// Send this, written from the current state.
    Send(Posting),
}

impl<L: Clone> Lane<L> {
    /// What to do, given the session or series as it is now.
    pub fn plan(&self, ask: Ask, matter: Matter<'_>, recipient: RecipientId, now: DateTime<Utc>) -> Plan<L> {
        let sequence = matter.sequence();
        if self.is_held(now) || sequence < self.newest_known(ask) || self.waits_for_entry(ask) {
            return Plan::Busy;
        }
        let wanted = match ask {
            Ask::Entry { sequence } => self.entry(sequence, matter, recipient),
            Ask::Cancellation { sequence } => self.cancellation(sequence, matter, recipient),
            Ask::Reminder(due) => self.reminder(due, matter, now),
            Ask::LeftOut { place, sequence } => self.left_out(place, sequence, matter, recipient),
            Ask::Notice { sequence } => self.notice(sequence, matter, recipient),
        };
        let Some(posting) = wanted else { return Plan::Done };
        // A reminder cut off before a change of the session would say what no longer is.
        match self.unsettled().find(|sending| sending.posting == posting && sending.sequence == sequence) {
            Some(cut_off) => Plan::Repeat(cut_off.clone()),
            None => Plan::Send(posting),
        }
    }

    /// The lane of one session of a series, with what its recipient was sent of the series as a whole: who holds the entry
    /// of a series holds one for each of its sessions. `described` is the SEQUENCE at which the series' own entry says what
    /// the session is, and `slot` the time that it says.
    #[must_use]
    pub fn within(mut self, series: &Self, described: u32, slot: &Slot) -> Self {
        let told = series.told.as_ref().filter(|told| told.holds_entry);
        if let Some(told) = told.filter(|_| self.told.as_ref().is_none_or(|own| own.sequence < described)) {
            self.told = Some(Told { sequence: described, slot: slot.clone(), holds_entry: true, at: told.at });
        }
        self
    }

    /// The lane while this mail is being sent: nobody else sends until the lease ends. `sequence` is that of the
    /// session from which the letter was written.
    ///
    /// To be written before the mail leaves, on condition that the lane *and the session* still are as they were
    /// read. Without the second, the job that takes an entry back can find nothing sent and be done just before a
    /// worker that read the session earlier sends the entry.
    #[must_use]
    pub fn taken(mut self, posting: Posting, letter: L, sequence: u32, holder: String, now: DateTime<Utc>) -> Self {
        self.cut_off = match posting {
            Posting::Reminder(_) | Posting::LeftOut { .. } | Posting::Notice { .. } => {
                self.sending.filter(|sending| sending.posting.is_of_the_entry()).or(self.cut_off)
            }
            Posting::Entry { .. } | Posting::Cancellation { .. } => None,
        };
        self.sending = Some(Sending { posting, letter, sequence, holder, until: now + LEASE });
        self
    }

    /// Whether someone is sending. Nobody else writes the lane then, or the sender could not say that the mail was sent.
    pub fn is_held(&self, now: DateTime<Utc>) -> bool {
        self.sending.as_ref().is_some_and(|sending| now < sending.until)
    }

    /// The lane once it is known that mail does not reach the recipient. Nothing else in it changes, the letter of a mail
    /// that was cut off least of all.
    ///
    /// What is known already stays unless this is graver or later, so events may come twice and in any order. The bounce
    /// of an older mail counts as much as that of the newest: it is the same address.
    #[must_use]
    pub fn noted(mut self, found: Undeliverable) -> Self {
        self.undeliverable = self.undeliverable.max(Some(found));
        self
    }

    /// What is still to be believed once a mail was accepted.
    ///
    /// That the mail service takes a mail disproves that it refuses them, and says nothing of whether mail arrives: a
    /// bounce comes later, for an address that is suppressed each time. So updates, reminders and cancellations, which
    /// follow by themselves, hide neither bounce nor complaint from staff. An invitation does, to someone who holds no
    /// entry: staff have named them (again), and if it is no better than before, the next bounce says so.
    fn after(&self, posting: Posting) -> Option<Undeliverable> {
        let invites = match posting {
            Posting::Entry { .. } => self.told.as_ref().is_none_or(|told| !told.holds_entry),
            Posting::Cancellation { .. } | Posting::Reminder(_) | Posting::LeftOut { .. } | Posting::Notice { .. } => false,
        };
        self.undeliverable.filter(|known| match known.reason {
            Reason::Refused => false,
            Reason::Bounced | Reason::Complained => !invites,
        })
    }

    /// Who reported our mail as unwanted is reminded no more: a reminder leaves by itself, and the next report would harm
    /// the mail of all practices. Changes of the session still leave: someone decided each of them, and whoever is not
    /// told comes at the wrong time. To addresses that bounced everything still leaves: they recover, and the mail service
    /// knows best which to leave out.
    fn wants_no_reminders(&self) -> bool {
        self.undeliverable.is_some_and(|known| match known.reason {
            Reason::Complained => true,
            Reason::Refused | Reason::Bounced => false,
        })
    }

    /// The mails that may have arrived, although nobody knows.
    fn unsettled(&self) -> impl Iterator<Item = &Sending<L>> {
        self.sending.iter().chain(&self.cut_off)
    }

    /// The highest SEQUENCE that the session must have, if it was read after all that is known here.
    fn newest_known(&self, ask: Ask) -> u32 {
        let asked = match ask {
            Ask::Entry { sequence } | Ask::Cancellation { sequence } | Ask::Notice { sequence } | Ask::LeftOut { sequence, .. } => {
                sequence
            }
            Ask::Reminder(_) => 0,
        };
        let told = self.told.iter().map(|told| told.sequence);
        told.chain(self.unsettled().map(|sending| sending.sequence)).fold(asked, u32::max)
    }

    /// Whether something as new was sent: entry or cancellation, for who is removed or returns raises SEQUENCE.
    fn is_superseded(&self, sequence: u32) -> bool {
        self.told.as_ref().is_some_and(|told| told.sequence >= sequence)
    }

    fn entry(&self, sequence: u32, matter: Matter<'_>, recipient: RecipientId) -> Option<Posting> {
        let stands = match matter {
            Matter::Session(Session::Scheduled(_) | Session::Closed(_)) => true,
            Matter::Session(Session::Cancelled(_) | Session::Deleted(_)) => false,
            Matter::Series(series) => series.stands(),
        };
        let wanted = matter.is_invited(recipient) && stands && !self.is_superseded(sequence);
        wanted.then_some(Posting::Entry { sequence: matter.sequence() })
    }

    fn cancellation(&self, sequence: u32, matter: Matter<'_>, recipient: RecipientId) -> Option<Posting> {
        let withdrawn = matter.is_withdrawn(recipient);
        // Older asks are of removals: whether people are told that the session is cancelled was decided with it.
        let newest = sequence == matter.sequence();
        let cancelled = match matter {
            Matter::Session(Session::Cancelled(_)) => newest,
            // Deleting tells nobody, and it takes back no word that was given: it raises no SEQUENCE, so whoever is not
            // withdrawn and is asked about at this one was to learn of a cancellation before.
            Matter::Session(Session::Deleted(_)) => newest && !withdrawn,
            Matter::Session(Session::Scheduled(_) | Session::Closed(_)) => false,
            Matter::Series(series) => match series.standing {
                Standing::Cancelled { .. } => newest,
                Standing::Deleted { .. } => newest && !withdrawn,
                // Only a part of it is cancelled, and those who hold the rest are sent that.
                Standing::Standing => newest && series.notified.iter().any(|r| r.id == recipient),
                Standing::Held | Standing::Released => false,
            },
        };
        // An entry whose sending was cut off may have arrived, so it is taken back too.
        let cut_off = self.unsettled().any(|sending| match sending.posting {
            Posting::Entry { .. } => true,
            Posting::Cancellation { calendar, .. } => calendar,
            Posting::Reminder(_) | Posting::LeftOut { .. } | Posting::Notice { .. } => false,
        });
        let calendar = cut_off || self.told.as_ref().is_some_and(|told| told.holds_entry);
        // Who is removed and never got anything hears nothing; who was to come to a cancelled session does.
        let wanted = !self.is_superseded(sequence) && (cancelled || (withdrawn && calendar));
        wanted.then_some(Posting::Cancellation { sequence: matter.sequence(), calendar })
    }

    /// Whether an entry that was cut off has to be settled first: nobody knows what it said of a place, or whether it arrived.
    fn waits_for_entry(&self, ask: Ask) -> bool {
        let is_entry = |sending: &Sending<L>| matches!(sending.posting, Posting::Entry { .. });
        matches!(ask, Ask::LeftOut { .. }) && self.unsettled().any(is_entry)
    }

    /// Only to those who hold the series: a newer entry of it says so itself.
    fn left_out(&self, place: NaiveDateTime, sequence: u32, matter: Matter<'_>, recipient: RecipientId) -> Option<Posting> {
        let stands = match matter {
            Matter::Session(_) => false,
            Matter::Series(series) => series.stands(),
        };
        let holds = self.told.as_ref().is_some_and(|told| told.holds_entry && told.sequence <= sequence);
        let wanted = stands && holds && matter.is_invited(recipient) && !self.left_out.contains(&place);
        wanted.then_some(Posting::LeftOut { place })
    }

    fn reminder(&self, due: Due, matter: Matter<'_>, now: DateTime<Utc>) -> Option<Posting> {
        let Matter::Session(session) = matter else { return None };
        let details = session.details();
        let stands = match session {
            Session::Scheduled(_) => now < details.slot.starts_at(),
            Session::Closed(_) | Session::Cancelled(_) | Session::Deleted(_) => false,
        };
        let still = details.reminders.contains(due.reminder) && due.reminder.due_at(&details.slot) == due.due_at;
        let wanted = stands && still && !self.wants_no_reminders();
        (wanted && !self.reminded.contains(&due)).then_some(Posting::Reminder(due))
    }

    /// Not to a practitioner who is invited as well: they get the entry itself. Nor of what was deleted since: there is no
    /// such entry any more.
    fn notice(&self, sequence: u32, matter: Matter<'_>, recipient: RecipientId) -> Option<Posting> {
        let known = self.informed.is_some_and(|informed| informed >= sequence);
        let news = match matter {
            Matter::Session(Session::Scheduled(_) | Session::Closed(_) | Session::Cancelled(_)) => true,
            Matter::Session(Session::Deleted(_)) => false,
            Matter::Series(series) => match series.standing {
                Standing::Standing | Standing::Cancelled { .. } => true,
                Standing::Held | Standing::Released | Standing::Deleted { .. } => false,
            },
        };
        (news && !matter.is_invited(recipient) && !known).then_some(Posting::Notice { sequence: matter.sequence() })
    }

    /// The lane after its mail was accepted.
    #[must_use]
    pub fn sent(mut self, posting: Posting, slot: &Slot, now: DateTime<Utc>) -> Self {
        self.undeliverable = self.after(posting);
        let told = |sequence, holds_entry| Some(Told { sequence, slot: slot.clone(), holds_entry, at: now });
        match posting {
            Posting::Entry { sequence } => self.told = told(sequence, true),
            Posting::Cancellation { sequence, .. } => self.told = told(sequence, false),
            Posting::Reminder(due) => self.reminded.push(due),
            Posting::LeftOut { place } => self.left_out.push(place),
            Posting::Notice { sequence } => self.informed = Some(sequence),
        }
        if posting.is_of_the_entry() {
            self.cut_off = None;
        }
        self.sending = None;
        self
    }
}

#[cfg(test)]
mod tests;
