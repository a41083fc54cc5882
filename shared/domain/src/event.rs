//! Events: what happened to a session (its history, B8), and what must follow from it (the outbox).

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AttemptId, PracticeId, PractitionerId, RecipientId, RoomId, SeriesId, Subject},
    money::{Amount, Currency, money_text},
    people::{MemberKind, Membership},
    reminder::Reminder,
    session::{AttendanceMark, Deciding, Details, Outcome, Progress, Status},
    slot::Slot,
    text::{Name, Reason},
    zone::Zone,
};

/// One change of a session: who, what, when, why, before and after; and what must follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The practice.
    pub practice: PracticeId,
    /// The session or series.
    #[serde(flatten)]
    pub subject: Subject,
    /// The revision that it made.
    pub revision: u32,
    /// The attempt that wrote it.
    pub attempt: AttemptId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub change: Change,
    /// Why, where they said.
    pub reason: Option<Reason>,
    /// The series that was changed with it, if this is but a part of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<SeriesId>,
    /// What must follow.
    pub effects: Vec<Effect>,
}

/// Who did something, as the history names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who vouched for them, and for whom.
    pub issuer: String,
    /// The subject there.
    pub subject: String,
    /// Their name then.
    pub name: Name,
    /// A person or a machine.
    #[serde(default)]
    pub kind: MemberKind,
}

impl Actor {
    /// Hourkeep itself, for what nobody asked for: no sign-in has this issuer.
    pub(crate) fn hourkeep() -> Self {
        let itself = || "hourkeep".to_owned();
        Self { issuer: itself(), subject: itself(), name: Name::of_hourkeep(), kind: MemberKind::Machine }
    }
}

impl From<&Membership> for Actor {
    fn from(member: &Membership) -> Self {
        let Membership { issuer, subject, name, kind, .. } = member;
        Self { issuer: issuer.clone(), subject: subject.clone(), name: name.clone(), kind: *kind }
    }
}

/// What must follow a change. Each is handed on at least once; doing it twice does nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// The recipient is to hold the session's current entry (invites and updates).
    Invite {
        /// Who.
        recipient: RecipientId,
        /// For this SEQUENCE at least.
        sequence: u32,
    },
    /// The recipient is to learn that the session, or their part in it, is cancelled.
    Cancel {
        /// Who.
        recipient: RecipientId,
        /// For this SEQUENCE at least.
        sequence: u32,
    },
    /// The practitioner is to learn what others did to their calendar (L5).
    Inform {
        /// Who.
        practitioner: PractitionerId,
        /// Of this SEQUENCE.
        sequence: u32,
        /// When the session was, if it was moved.
        moved_from: Option<Slot>,
    },
    /// The recipient is to learn that there is no session at one place of a series.
    LeaveOut {
        /// Who.
        recipient: RecipientId,
        /// For this SEQUENCE of the series at least.
        sequence: u32,
        /// Which: the wall-clock start by its rule, in its zone.
        place: NaiveDateTime,
    },
    /// Ask at this moment whether the reminder is still wanted.
    Remind {
        /// Which.
        reminder: Reminder,
        /// When.
        due_at: DateTime<Utc>,
    },
}

/// When and where a session is, for before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Wall-clock start.
    pub local_start: NaiveDateTime,
    /// In this zone.
    pub zone: Zone,
    /// Length in minutes.
    pub length_minutes: u16,
    /// With whom.
    pub practitioner: PractitionerId,
    /// In which room.
    pub room: Option<RoomId>,
}

impl Placed {
    /// Where a session is.
    pub fn of(details: &Details) -> Self {
        Self::new(&details.slot, details.practitioner, details.room)
    }

    fn new(slot: &Slot, practitioner: PractitionerId, room: Option<RoomId>) -> Self {
        Self { local_start: slot.local_start(), zone: slot.zone().clone(), length_minutes: slot.length().get(), practitioner, room }
    }
}

/// What a change was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Scheduled.
    Scheduled {
        /// When and where.
        placed: Placed,
        /// How many were invited.
        invited: usize,
        /// Whether staff allowed an overlap.
        overlapping: bool,
    },
    /// Moved.
    Rescheduled {
        /// When and where it was.
        before: Placed,
        /// When and where it is.
        after: Placed,
        /// How many were sent the new time.
        updated: usize,
        /// Whether staff allowed an overlap.
        overlapping: bool,
    },
    /// The rules of its time zone changed, and so its instants: the wall time is kept where it exists (B3).
    Reanchored {
        /// When and where it was.
        before: Placed,
        /// When and where it is.
        after: Placed,
        /// By how many minutes it begins later than by the old rules; negative for earlier.
        moved_by_minutes: i64,
        /// Whether it overlaps something by that.
        overlapping: bool,
        /// How many were sent the change.
        updated: usize,
    },
    /// Other fields changed.
    Edited {
        /// Which, in words.
        fields: Vec<String>,
        /// Whether the session was already due, so that this corrects the record.
        correction: bool,
        /// How many were sent the change.
        updated: usize,
    },
    /// Invited, after it was scheduled.
    Invited {
        /// How many were added.
        added: usize,
        /// How many were removed.
        removed: usize,
    },
    /// Cancelled.
    Cancelled {
        /// Inside the window.
        late: bool,
        /// What it costs.
        fee: Option<Amount>,
        /// By policy, where staff chose another fee.
        fee_overridden_from: Option<Amount>,
        /// The currency of both.
        currency: Currency,
        /// How many are told.
        notified: usize,
    },
    /// Deleted, since it was entered by mistake.
    Deleted {
        /// Where it stood until then.
        before: Status,
    },
    /// A series was booked.
    SeriesBooked {
        /// Its rule, in words.
        sentence: String,
        /// How many sessions were made.
        booked: usize,
        /// How many places were left out.
        left_out: usize,
        /// How many were invited.
        invited: usize,
    },
    /// A series was carried on.
    SeriesExtended {
        /// How many sessions were made.
        booked: usize,
        /// How many places were left out.
        left_out: usize,
    },
    /// A series was changed, or ends where another continues it.
    SeriesChanged {
        /// Its rule before, in words.
        before: String,
        /// Its rule, in words.
        after: String,
        /// How many were sent the change.
        updated: usize,
    },
    /// A series was cancelled from a place on.
    SeriesCancelled {
        /// Which.
        from: NaiveDateTime,
        /// How many are told.
        told: usize,
    },
    /// New time-zone rules moved sessions of a series, which stay where they are by the clock.
    SeriesReanchored {
        /// How many were sent the new rules.
        updated: usize,
    },
    /// A series was deleted from a place on.
    SeriesDeleted {
        /// Which.
        from: NaiveDateTime,
    },
    /// Outcome marked.
    OutcomeMarked {
        /// What.
        outcome: Outcome,
    },
    /// Outcome changed later.
    OutcomeCorrected {
        /// What it was.
        before: Outcome,
        /// What it is.
        after: Outcome,
    },
}

impl Event {
    /// The event of a decision that made `details`.
    pub(crate) fn new(
        details: &Details,
        deciding: Deciding<'_>,
        change: Change,
        reason: Option<Reason>,
        effects: Vec<Effect>,
    ) -> Self {
        Self {
            practice: details.practice,
            subject: details.id.into(),
            revision: details.revision,
            attempt: deciding.attempt,
            at: deciding.now,
            actor: deciding.actor.into(),
            change,
            reason,
            part_of: None,
            effects,
        }
    }

    /// The same, as a part of what was done to a series.
    #[must_use]
    pub(crate) fn part_of(self, series: SeriesId) -> Self {
        Self { part_of: Some(series), ..self }
    }
}

/// What the history calls practitioners and rooms.
pub trait Names {
    /// A practitioner's name.
    fn practitioner(&self, id: PractitionerId) -> Option<&str>;
    /// A room's name.
    fn room(&self, id: RoomId) -> Option<&str>;
}

impl Event {
    /// The event in words that a person understands.
    pub fn sentence(&self, names: &impl Names) -> String {
        let who = &self.actor.name;
        let done = match &self.change {
            Change::Scheduled { placed, invited, overlapping } => {
                format!(
                    "scheduled the session for {}{}{}",
                    placed_text(placed, names),
                    overlap_text(*overlapping),
                    told("invited", *invited)
                )
            }
            Change::Rescheduled { before, after, updated, overlapping } => {
                format!(
                    "moved the session from {} to {}{}{}",
                    placed_text(before, names),
                    placed_text(after, names),
                    overlap_text(*overlapping),
                    told("sent the new time to", *updated)
                )
            }
            Change::Reanchored { before, after, moved_by_minutes, overlapping, updated } => {
                let shift = shift_text(*moved_by_minutes);
                let done = if before.local_start == after.local_start {
                    format!("kept the session at {} under new time-zone rules, {shift} by UTC", placed_text(after, names))
                } else {
                    let (before, after) = (placed_text(before, names), placed_text(after, names));
                    format!("moved the session from {before} to {after}, since new time-zone rules skip the former, {shift} by UTC")
                };
                let overlap = if *overlapping { ", now overlapping another entry" } else { "" };
                format!("{done}{overlap}{}", told("sent the change to", *updated))
            }
            Change::Edited { fields, correction, updated } => {
                let verb = if *correction { "corrected" } else { "changed" };
                format!("{verb} {}{}", list(fields), told("sent the change to", *updated))
            }
            Change::Invited { added, removed: 0 } => format!("invited {}", people(*added)),
            Change::Invited { added: 0, removed } => format!("took back the invites of {}", people(*removed)),
            Change::Invited { added, removed } => {
                format!("invited {} and took back the invites of {}", people(*added), people(*removed))
            }
            Change::Cancelled { late, fee, fee_overridden_from, currency, notified } => {
                let late = if *late { " late" } else { "" };
                let fee = match (fee, fee_overridden_from) {
                    (Some(fee), Some(policy)) => {
                        format!(", for a fee of {} instead of {}", money_text(*fee, *currency), money_text(*policy, *currency))
                    }
                    (Some(fee), None) => format!(", for a fee of {}", money_text(*fee, *currency)),
                    (None, _) => String::new(),
                };
                let told = if *notified == 0 { " and told nobody".to_owned() } else { told("told", *notified) };
                format!("cancelled the session{late}{fee}{told}")
            }
            Change::Deleted { before: Status::Scheduled } => "deleted the entry, as a mistake".to_owned(),
            Change::Deleted { before } => format!("deleted the entry, as a mistake; it was {before}"),
            Change::SeriesBooked { sentence, booked, left_out, invited } => {
                format!("scheduled {}, {sentence}{}{}", sessions(*booked), left_out_text(*left_out), told("invited", *invited))
            }
            Change::SeriesExtended { booked, left_out } => {
                format!("scheduled {} more of the series{}", sessions(*booked), left_out_text(*left_out))
            }
            Change::SeriesChanged { before, after, updated } => {
                format!("changed the series from {before} to {after}{}", told("sent the change to", *updated))
            }
            Change::SeriesCancelled { from, told: count } => {
                let nobody = if *count == 0 { " and told nobody".to_owned() } else { told("told", *count) };
                format!("cancelled the series from {} on{nobody}", from.format("%A, %-d %B %Y"))
            }
            Change::SeriesReanchored { updated } => {
                format!("brought the series to new time-zone rules{}", told("sent them to", *updated))
            }
            Change::SeriesDeleted { from } => format!("deleted the series from {} on, as a mistake", from.format("%A, %-d %B %Y")),
            Change::OutcomeMarked { outcome } => format!("marked the outcome: {}", outcome_text(outcome)),
            Change::OutcomeCorrected { before, after } => {
                format!("corrected the outcome from {} to {}", outcome_text(before), outcome_text(after))
            }
        };
        let done = if self.part_of.is_some() { format!("{done}, as one of a series") } else { done };
        match &self.reason {
            Some(reason) => format!("{who} {done}. Reason: {reason}"),
            None => format!("{who} {done}."),
        }
    }
}

fn placed_text(placed: &Placed, names: &impl Names) -> String {
    let when = placed.local_start.format("%A, %-d %B %Y, %-H:%M");
    let with = names.practitioner(placed.practitioner).map(|name| format!(", with {name}")).unwrap_or_default();
    let room = placed.room.and_then(|room| names.room(room)).map(|name| format!(", in {name}")).unwrap_or_default();
    format!("{when} ({}, {} minutes{with}{room})", placed.zone, placed.length_minutes)
}

fn shift_text(minutes: i64) -> String {
    let which = match minutes.signum() {
        -1 => "earlier",
        0 => return "at the same instant".to_owned(),
        _ => "later",
    };
    let count = minutes.unsigned_abs();
    format!("{count} minute{} {which}", if count == 1 { "" } else { "s" })
}

fn overlap_text(overlapping: bool) -> &'static str {
    if overlapping { ", knowingly overlapping another entry" } else { "" }
}

fn told(verb: &str, count: usize) -> String {
    if count == 0 { String::new() } else { format!(" and {verb} {}", people(count)) }
}

fn sessions(count: usize) -> String {
    if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") }
}

fn left_out_text(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" ({count} left out)") }
}

fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Attendance { marks } => {
            let words: Vec<String> = marks
                .iter()
                .map(|attendance| {
                    match attendance.value {
                        AttendanceMark::Attended => "attended",
                        AttendanceMark::Cancelled => "cancelled",
                        AttendanceMark::LateCancellation => "late cancellation",
                        AttendanceMark::NoShow => "no show",
                        AttendanceMark::NonBillable => "non-billable",
                    }
                    .to_owned()
                })
                .collect();
            list(&words)
        }
        Outcome::Progress { value } => match value {
            Progress::NotStarted => "not started",
            Progress::InProgress => "in progress",
            Progress::OnHold => "on hold",
            Progress::Completed => "completed",
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests;
