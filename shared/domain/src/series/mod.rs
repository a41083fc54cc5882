//! A series: a recurrence rule and the sessions that it yields (S7–S9, N5, B4, B5).
//!
//! Occurrences are sessions like any other; an occurrence is known by its series and the wall-clock start that the rule
//! gives for it, its **place**. A change of several sessions is a [`Plan`]: steps as data, worked off in order, some in each
//! transaction, by whoever comes first. What differs from the series in one session is found by comparing the two, field
//! by field; so whatever was changed by hand stays as it is when its series changes.

mod begin;
mod book;
mod carry;
mod carry_out;
mod change;
mod conflict;
mod end;
mod extend;
mod finish;
mod layout;
mod pair;
mod plan;
mod reanchor;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::{
    begin::Begun,
    book::{BookSeries, BookSeriesRefused, SeriesNaming, fitting},
    carry_out::{Hands, Made, Stopped, Written},
    change::{ChangeSeries, ChangeSeriesRefused, Exceptions, NewTiming},
    conflict::{Conflict, Foreseen, Foresight},
    end::{EndSeries, EndSeriesRefused, Ending},
    finish::Finished,
    plan::{Does, IfTaken, OnConflict, Outline, Plan, Stage, Step, Working},
};
use crate::{
    code::SessionCode,
    ids::{AttemptId, ClientId, PracticeId, RecipientId, SeriesId, SessionId},
    recipient::Recipient,
    recurrence::{self, Ends, Rule},
    session::{Invitation, Template},
    slot::Minutes,
    text::Name,
    zone::Zone,
};

/// How far ahead sessions are made: a year of weeks, and one to spare.
pub const AHEAD: Duration = Duration::weeks(53);

/// How long a change of several sessions may stand still before someone else takes it up.
pub const PATIENCE: Duration = Duration::minutes(10);

/// How long before its last occurrence staff learn that a series ends.
pub const NOTICE: Duration = Duration::weeks(4);

/// A recurrence rule, and what the sessions that it yields have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Its id, and the UID under which it stands in people's calendars.
    pub id: SeriesId,
    /// Whose it is.
    pub practice: PracticeId,
    /// The series in which its sessions were first booked: the ids of those who are mailed follow from that one.
    pub root: SeriesId,
    /// The series that it continues, where "this and following" parted it off.
    pub continues: Option<SeriesId>,
    /// When its sessions are.
    pub timing: Timing,
    /// What they are.
    pub template: Template,
    /// Whether, and to whom, it was sent.
    pub invitation: Invitation,
    /// Invited once and since removed: their entry is taken back.
    #[serde(default)]
    pub withdrawn: Vec<Recipient>,
    /// Whom a plain notice of the last cancellation goes to, although they were never invited.
    #[serde(default)]
    pub notified: Vec<Recipient>,
    /// Whether it stands.
    pub standing: Standing,
    /// The last place that was decided upon: a session was made for it, or it was left out.
    pub made_until: Option<NaiveDateTime>,
    /// Whether staff were told that it ends soon.
    #[serde(default)]
    pub end_flagged: bool,
    /// The release of the tz database by which calendars were last told its times.
    #[serde(default)]
    pub tz_version: String,
    /// The SEQUENCE at which it was last shortened: whoever holds it is told just that.
    #[serde(default)]
    pub shortened_at: Option<u32>,
    /// What is being done to several of its sessions, and is not finished.
    #[serde(default)]
    pub busy: Option<Busy>,
    /// +1 at every write; the first is 1.
    pub revision: u32,
    /// Rises with every change that calendars must see.
    pub sequence: u32,
    /// When `sequence` last rose.
    pub stamped_at: DateTime<Utc>,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// +1 whenever its places are laid out anew, so that no session's id comes twice.
    #[serde(default)]
    pub layout: u32,
    /// From which the codes of its sessions follow. Secret: a code lets one see a session.
    pub seed: Seed,
}

/// When the sessions of a series are. Wall time is the promise, as for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// The rule.
    pub rule: Rule,
    /// The wall-clock start of its first place.
    pub first: NaiveDateTime,
    /// The zone of its wall time.
    pub zone: Zone,
    /// How long each session lasts.
    pub length: Minutes,
}

/// Whether a series stands.
#[expect(clippy::enum_variant_names, reason = "\"standing\" is the word for it")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It stands; its rule says until when.
    Standing,
    /// Its times are being held, to be booked together or not at all.
    Held,
    /// Nothing was booked: a time that was to be held was taken meanwhile.
    Released,
    /// Cancelled from its first session on.
    Cancelled {
        /// When.
        at: DateTime<Utc>,
        /// By whom, as the history shows them.
        by: Name,
    },
    /// Deleted, as a mistake, from its first session on.
    Deleted {
        /// When.
        at: DateTime<Utc>,
        /// By whom, as the history shows them.
        by: Name,
    },
}

/// That several of a series' sessions are being changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "busy", rename_all = "snake_case")]
pub enum Busy {
    /// By the plan that stands beside it, which is so far.
    Here(Working),
    /// By the plan of the series that it continues.
    With {
        /// Which.
        series: SeriesId,
    },
}

/// A place of a series, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The wall-clock start that the rule gives, in the series' zone.
    pub original: NaiveDateTime,
    /// What became of it.
    pub taken: Taken,
}

/// What became of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "taken", rename_all = "snake_case")]
pub enum Taken {
    /// There is a session for it, wherever that was moved, even if it was cancelled.
    Session {
        /// Which.
        session: SessionId,
    },
    /// There is none.
    LeftOut {
        /// Why.
        why: Why,
    },
}

/// Why a place has no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The time was taken.
    TimeTaken,
    /// Whoever booked it wanted none there.
    Asked,
    /// The clocks are set forward over it (RFC 5545 §3.3.10).
    DoesNotExist,
}

/// 128 secret bits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Seed(u128);

impl Seed {
    /// These bits.
    pub fn new(random: u128) -> Self {
        Self(random)
    }
}

impl std::fmt::Debug for Seed {
    /// Says only that there is one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl From<Seed> for String {
    fn from(seed: Seed) -> Self {
        format!("{:032x}", seed.0)
    }
}

impl TryFrom<String> for Seed {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u128::from_str_radix(&text, 16).map(Self)
    }
}

impl Timing {
    /// The occurrences after a place; all of them if none is given.
    pub fn occurrences(&self, after: Option<NaiveDateTime>) -> impl Iterator<Item = recurrence::Occurrence> + use<> {
        // Without a count, any place may stand for the first: so a series is never too old to go on.
        let from = match (self.rule.ends, after) {
            (Ends::Never | Ends::On(_), Some(after)) => after,
            (Ends::After(_), _) | (_, None) => self.first,
        };
        let all = self.rule.occurrences(from, &self.zone, self.length);
        all.skip_while(move |occurrence| after.is_some_and(|after| occurrence.local_start() <= after))
    }

    /// The occurrences from one of them on.
    pub(crate) fn occurrences_from(&self, place: NaiveDateTime) -> impl Iterator<Item = recurrence::Occurrence> + use<> {
        let from = match self.rule.ends {
            Ends::Never | Ends::On(_) => place,
            Ends::After(_) => self.first,
        };
        let all = self.rule.occurrences(from, &self.zone, self.length);
        all.skip_while(move |occurrence| occurrence.local_start() < place)
    }

    /// The last place before another time, however long the series has been.
    pub(crate) fn last_before(&self, time: NaiveDateTime) -> Option<NaiveDateTime> {
        let later = |place| self.occurrences(place).map(|o| o.local_start()).take_while(|start| *start < time).last();
        let mut last = None;
        // Each expansion goes ten years far.
        while let Some(place) = later(last) {
            last = Some(place);
        }
        last
    }

    /// The last occurrence that takes place, where it can be known: of a last date, within a hundred years.
    pub fn last(&self) -> Option<recurrence::Occurrence> {
        let takes_place = |occurrence: &recurrence::Occurrence| match occurrence {
            recurrence::Occurrence::At(_) => true,
            recurrence::Occurrence::Gap { .. } => false,
        };
        match self.rule.ends {
            Ends::Never => None,
            Ends::After(_) => self.occurrences(None).filter(takes_place).last(),
            Ends::On(_) => {
                // Each expansion goes ten years far.
                let mut last = None;
                for _ in 0..10 {
                    let after = last.as_ref().map(recurrence::Occurrence::local_start);
                    match self.occurrences(after).filter(takes_place).last() {
                        Some(later) => last = Some(later),
                        None => break,
                    }
                }
                last
            }
        }
    }

    /// In words: `every other Tuesday at 9:00, until 30 June 2027`.
    pub fn sentence(&self) -> String {
        self.rule.sentence(self.first)
    }
}

impl Place {
    /// Its session, if there is one.
    pub fn session(&self) -> Option<SessionId> {
        match self.taken {
            Taken::Session { session } => Some(session),
            Taken::LeftOut { .. } => None,
        }
    }
}

impl Series {
    /// What its sessions have in common.
    pub fn outline(&self) -> Outline {
        Outline { timing: self.timing.clone(), template: self.template.clone(), invitation: self.invitation.clone() }
    }

    /// The session of a place, by its id: it follows from the place, so nothing is booked twice.
    pub fn session_id(&self, original: NaiveDateTime) -> SessionId {
        SessionId::from_bits(digest(&[self.id.to_string(), original.to_string(), self.layout.to_string()]))
    }

    /// The codes of a session, one for each client.
    pub(crate) fn codes(&self, session: SessionId, clients: &[ClientId]) -> Vec<SessionCode> {
        let secret = |client: &ClientId| digest(&[String::from(self.seed), session.to_string(), client.to_string()]);
        clients.iter().map(|client| SessionCode::new(u64::try_from(secret(client) >> 64).unwrap_or_default())).collect()
    }

    /// Everyone who may hold an entry of it or be mailed about it.
    pub fn recipient(&self, id: RecipientId) -> Option<&Recipient> {
        self.invitation.recipients().chain(&self.withdrawn).chain(&self.notified).find(|r| r.id == id)
    }

    /// Until when sessions are made, at `now`: that long ahead of now, or of its first session where that is later.
    pub fn horizon(timing: &Timing, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(timing.zone.instant_or_next(timing.first)) + AHEAD
    }

    /// Whether it takes place at all.
    pub fn stands(&self) -> bool {
        match self.standing {
            Standing::Standing => true,
            Standing::Held | Standing::Released | Standing::Cancelled { .. } | Standing::Deleted { .. } => false,
        }
    }

    /// When someone should next look after it though nobody asks: an interrupted change, a session to be made, an end to be
    /// told of. Never, if there is nothing to come.
    pub fn wants_attention_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.busy.is_some() {
            return Some(now + PATIENCE);
        }
        if !self.stands() {
            return None;
        }
        let next = self.timing.occurrences(self.made_until).next();
        let extend = next.map(|next| self.timing.zone.instant_or_next(next.local_start()) - AHEAD);
        let end = if self.end_flagged { None } else { self.timing.last().and_then(recurrence::Occurrence::slot) };
        // A series of a few weeks need not be told of as soon as it is booked.
        let notice = end.map(|slot| slot.starts_at() - NOTICE).filter(|at| *at > self.created_at);
        [extend, notice].into_iter().flatten().min()
    }

    /// Begins the next revision.
    pub(crate) fn touch(&mut self) {
        self.revision += 1;
    }

    /// A change that calendars must see. `highest` is the highest SEQUENCE among its sessions: an entry of the whole series
    /// is newer than any of its exceptions' (RFC 5546 §2.1.4).
    pub(crate) fn raise_sequence(&mut self, highest: u32, now: DateTime<Utc>) {
        self.sequence += 1 + highest;
        self.stamped_at = now;
    }
}

/// 128 bits that follow from these texts.
fn digest(parts: &[String]) -> u128 {
    let digest = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update([0])).finalize();
    let mut bits = [0; 16];
    bits.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(bits)
}

/// Names that no session has, for the time of a session that is held while it still stands elsewhere.
pub(crate) fn hold_of(session: SessionId, attempt: AttemptId) -> SessionId {
    SessionId::from_bits(digest(&["hold".to_owned(), session.to_string(), attempt.to_string()]))
}
