//! The letter: everything that one mail says, as data.

use std::fmt;

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    ids::{RecipientId, SessionId},
    slot::Slot,
    text::{Email, Instructions, Name, Reason, Url},
    zone::Zone,
};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{self, CalendarPart},
    content::Content,
    html,
    message::{self, Mail},
    series::InSeries,
    text,
};

/// What happened to the session, and so what the mail is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The recipient is invited: a calendar entry is offered (`METHOD:REQUEST`).
    Invite,
    /// The session changed: the entry that the recipient holds is replaced (`METHOD:REQUEST`, P11).
    Update {
        /// The time that the recipient was told before, if it was another one.
        previous: Option<Slot>,
    },
    /// The series ends earlier than it did: the entry is replaced (`METHOD:REQUEST`). Only of a whole series.
    Shortened,
    /// A place of the series is left without a session, for its time is not free. Only of one occurrence.
    NotBooked {
        /// Whether the recipient holds the series. Then this place is taken out of it (`METHOD:CANCEL`).
        calendar: bool,
    },
    /// The session takes place no more.
    Cancellation {
        /// Whether the recipient holds an entry. Then it is taken back (`METHOD:CANCEL`); otherwise this is a plain
        /// notice, for a CANCEL of an unknown UID only puzzles.
        calendar: bool,
    },
    /// The session is near. No calendar part: the entry stands already.
    Reminder {
        /// How many days ahead this reminder was set for; two reminders of one session are two mails.
        days_before: u8,
    },
    /// To the practitioner: others moved or cancelled a session in their calendar (L5). No calendar part: Hourkeep is
    /// their calendar.
    Notice {
        /// When the session was, if it was moved.
        moved_from: Option<Slot>,
        /// Whether it was cancelled.
        cancelled: bool,
    },
}

/// Where the session takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In a room.
    Room {
        /// The room.
        room: Name,
        /// The location that the room is in.
        location: Option<Name>,
    },
    /// At a location, no room named.
    Location(Name),
    /// By video or another medium.
    Online,
}

/// Everything that one mail to one recipient says.
///
/// No field holds a client's name other than the recipient's own, a diagnosis or a service: what is not here
/// cannot reach a subject line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What happened.
    pub kind: Kind,
    /// The session; its calendar UID for life follows from it, or from its series, see [`crate::uid`].
    pub session: SessionId,
    /// The recipient among those of the session.
    pub recipient: RecipientId,
    /// The recipient's name, where known.
    pub to_name: Option<Name>,
    /// The recipient's address: the mail's To and the calendar's one ATTENDEE.
    pub to: Email,
    /// The practice, as subject and heading name it.
    pub practice_name: Name,
    /// The name shown beside `from`.
    pub sender_name: Name,
    /// The practice's sender: the mail's From and the calendar's ORGANIZER, which must be the same.
    pub from: Email,
    /// Where answers go: the practitioner.
    pub reply_to: Option<Email>,
    /// Who holds the session.
    pub practitioner_name: Name,
    /// When the session takes place; for a cancellation, when it would have.
    pub slot: Slot,
    /// The recipient's own zone, where known (B7).
    pub recipient_zone: Option<Zone>,
    /// Where the session takes place.
    pub place: Option<Place>,
    /// The session's join link.
    pub url: Option<Url>,
    /// The session's public page, `https://…/s/CODE`.
    pub session_link: Url,
    /// The session's code, such as `ABCD-EFGH-JKLM`.
    pub code: String,
    /// What the recipient should know or bring.
    pub instructions: Option<Instructions>,
    /// Why it was moved or cancelled. Invites and reminders don't show it.
    pub reason: Option<Reason>,
    /// The calendar SEQUENCE: rises with every change of the session, silent ones included.
    pub sequence: u32,
    /// The calendar's DTSTAMP and the mail's Date. Kept with the letter, so that a repetition is the same mail.
    pub stamped_at: DateTime<Utc>,
    /// What the letter says besides, when it is about a series or one occurrence of it.
    #[serde(default)]
    pub series: Option<InSeries>,
}

impl Letter {
    /// The mail: subject, both bodies, the calendar part and the bytes to hand to a mail server.
    ///
    /// `manage_link` lets whoever has it move or cancel the session. It stands in the text and the HTML and never in
    /// the calendar part, since calendars are shared; a cancellation leaves it out, and so does what is about a whole
    /// series.
    pub fn compose(&self, manage_link: Option<&Url>) -> Mail {
        let content = Content::of(self, manage_link);
        let (text, html) = (text::render(&content), html::render(&content));
        message::assemble(self, content.subject, text, html, calendar::part(self))
    }

    /// The calendar part alone, where the kind has one.
    pub fn calendar(&self) -> Option<CalendarPart> {
        calendar::part(self)
    }
}

impl fmt::Debug for Letter {
    /// Leaves out names, addresses and the code: logs are no place for them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("kind", &self.kind)
            .field("session", &self.session)
            .field("recipient", &self.recipient)
            .field("sequence", &self.sequence)
            .finish_non_exhaustive()
    }
}
