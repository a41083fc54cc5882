//! The inbox: what the system found by itself that a person should look at.
//!
//! What is said here names nobody; whoever shows it adds the names that the reader may see.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    ids::{ClientId, InboxId, PracticeId, PractitionerId, SeriesId, SessionId},
    slot::Wall,
    text::Name,
    zone::Zone,
};

/// How long an item is kept after the time that it is about: by then, nothing can be done about it any more.
const KEPT: Duration = Duration::days(90);

/// Something that awaits staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxItem {
    /// Follows from what it is about, so that finding the same thing twice is one item.
    pub id: InboxId,
    /// Whose inbox.
    pub practice: PracticeId,
    /// In whose calendar it is.
    pub practitioner: PractitionerId,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// What was found.
    pub about: About,
    /// Whom it concerns.
    pub clients: Vec<ClientId>,
    /// Who has seen to it, if anyone has.
    #[serde(default)]
    pub done: Option<Done>,
}

/// What was found. Times are by the clock of the zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum About {
    /// A place of a series that could not be booked when the series was extended.
    PlaceTaken {
        /// Of which.
        series: SeriesId,
        /// The place: when it would have begun.
        local_start: NaiveDateTime,
        /// In this zone.
        zone: Zone,
    },
    /// A series that ends in four weeks.
    SeriesEnds {
        /// Which.
        series: SeriesId,
        /// When its last session begins.
        last: NaiveDateTime,
        /// In this zone.
        zone: Zone,
    },
    /// A session that new time-zone rules moved to another time of the clock, or onto something else.
    Reanchored {
        /// Which.
        session: SessionId,
        /// When it began by the old rules.
        was: NaiveDateTime,
        /// When it begins by the new ones: the next time that exists, if the old one exists no more.
        is: NaiveDateTime,
        /// In this zone.
        zone: Zone,
        /// Whether it overlaps something that it did not overlap before.
        overlapping: bool,
    },
}

/// That someone has seen to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// When they said so.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Name,
}

impl InboxItem {
    /// What was found now, in whose calendar, and whom it concerns.
    pub fn new(
        practice: PracticeId,
        practitioner: PractitionerId,
        clients: Vec<ClientId>,
        about: About,
        now: DateTime<Utc>,
    ) -> Self {
        Self { id: about.id(), practice, practitioner, at: now, about, clients, done: None }
    }

    /// Until when it is kept, done or not: 90 days after the time that it is about, give or take the zone's offset.
    pub fn kept_until(&self) -> DateTime<Utc> {
        self.about.local_start().checked_add_signed(KEPT).map_or(DateTime::<Utc>::MAX_UTC, |local| local.and_utc())
    }
}

impl About {
    /// The id of what is found: the same thing has the same id, whoever finds it and when.
    ///
    /// Whether a re-anchored session overlaps is what came of it, and no other thing.
    fn id(&self) -> InboxId {
        let (local, zone) = (Wall(self.local_start()), self.zone());
        let what = match self {
            Self::PlaceTaken { series, .. } => format!("place_taken {series} {local} {zone}"),
            Self::SeriesEnds { series, .. } => format!("series_ends {series} {local} {zone}"),
            Self::Reanchored { session, was, .. } => format!("reanchored {session} {} {local} {zone}", Wall(*was)),
        };
        let mut bits = [0; 16];
        bits.copy_from_slice(&Sha256::digest(what)[..16]);
        InboxId::new(self.local_start().and_utc(), u128::from_be_bytes(bits))
    }

    /// The time that it is about, by the clock of [`About::zone`]. Inboxes are in this order.
    pub fn local_start(&self) -> NaiveDateTime {
        match self {
            Self::PlaceTaken { local_start, .. } => *local_start,
            Self::SeriesEnds { last, .. } => *last,
            Self::Reanchored { is, .. } => *is,
        }
    }

    /// The zone of its times.
    pub fn zone(&self) -> &Zone {
        match self {
            Self::PlaceTaken { zone, .. } | Self::SeriesEnds { zone, .. } | Self::Reanchored { zone, .. } => zone,
        }
    }

    /// The series that it is about, if it is about one.
    pub fn series(&self) -> Option<SeriesId> {
        match self {
            Self::PlaceTaken { series, .. } | Self::SeriesEnds { series, .. } => Some(*series),
            Self::Reanchored { .. } => None,
        }
    }

    /// The session that it is about, if it is about one.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Reanchored { session, .. } => Some(*session),
            Self::PlaceTaken { .. } | Self::SeriesEnds { .. } => None,
        }
    }

    /// Its kind, as programs know it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PlaceTaken { .. } => "place_taken",
            Self::SeriesEnds { .. } => "series_ends",
            Self::Reanchored { .. } => "reanchored",
        }
    }

    /// What it is, in a few words.
    pub fn title(&self) -> &'static str {
        match self {
            Self::PlaceTaken { .. } => "A session of a series could not be booked",
            Self::SeriesEnds { .. } => "A series ends soon",
            Self::Reanchored { overlapping: true, .. } => "New time-zone rules made a session overlap",
            Self::Reanchored { overlapping: false, .. } => "New time-zone rules moved a session",
        }
    }

    /// What happened, and what to do about it.
    pub fn sentence(&self) -> String {
        match self {
            Self::PlaceTaken { local_start, zone, .. } => format!(
                "When the series was extended, {} ({zone}) was not free, so nothing is booked then. If there is to be a session, book it by hand at a free time.",
                words(*local_start)
            ),
            Self::SeriesEnds { last, zone, .. } => format!(
                "The last session of the series is on {} ({zone}). If the client goes on, change where the series ends, or schedule a new one.",
                words(*last)
            ),
            Self::Reanchored { was, is, zone, overlapping, .. } => {
                let happened = if was == is {
                    format!(
                        "The session on {} ({zone}) keeps its time by the clock, which by new rules is another moment.",
                        words(*is)
                    )
                } else {
                    format!("By new rules, {} does not exist in {zone}, so the session is on {}.", words(*was), words(*is))
                };
                let to_do = if *overlapping {
                    "It overlaps something else now: move one of the two."
                } else {
                    "See whether everyone can come then; if not, move it."
                };
                format!("{happened} {to_do}")
            }
        }
    }
}

/// `Tuesday, 1 December 2026, 9:00`.
fn words(local: NaiveDateTime) -> String {
    local.format("%A, %-d %B %Y, %-H:%M").to_string()
}

#[cfg(test)]
mod tests;
