//! Keep a session at its wall time when the rules of its zone have changed (B3). Nobody asks for it, and nothing refuses it:
//! an overlap that arises is flagged.

use chrono::{DateTime, Duration, Utc};

use super::{Details, Scheduled, Session};
use crate::{
    event::{Actor, Change, Effect, Event, Placed},
    ids::{AttemptId, SessionId},
    sheet::{Diary, Entry},
    slot::Slot,
};

/// No rules of any zone ever moved a wall time by more.
const FARTHEST: Duration = Duration::hours(26);

/// What the current rules make of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reckoning {
    /// It stays as it is stored: its rules are the current ones (or newer than those of this release), it has begun by
    /// either reckoning, or it does not stand.
    Untouched,
    /// Its instants are the same: only the release that computed them is renewed. Nothing that anyone sees changes, so the
    /// revision stays.
    Renewed(Session),
    /// Its instants are others.
    Moves(Reanchor),
}

/// A session whose instants are others by the current rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reanchor {
    session: Scheduled,
    slot: Slot,
}

/// Another session on the same sheets.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// The session.
    pub session: Session,
    /// Where it began before it was re-anchored, if that is known to have happened just now.
    pub stood_at: Option<DateTime<Utc>>,
}

/// A session at its new instants.
#[derive(Clone, Debug)]
pub struct Reanchored {
    /// The new state, and what must follow.
    pub decision: super::Decision,
    /// What it overlaps, and did not before.
    pub overlaps: Vec<SessionId>,
    /// Whether the wall time that was agreed exists no longer.
    pub skipped: bool,
}

impl Reanchored {
    /// Whether staff must look at it.
    pub fn is_flagged(&self) -> bool {
        self.skipped || !self.overlaps.is_empty()
    }
}

impl Session {
    /// What the current rules make of it at `now`.
    pub fn reckon(&self, now: DateTime<Utc>) -> Reckoning {
        let Self::Scheduled(scheduled) = self else { return Reckoning::Untouched };
        let before = &scheduled.details.slot;
        if !before.is_of_older_rules() {
            return Reckoning::Untouched;
        }
        let slot = before.by_current_rules();
        if before.starts_at().min(slot.starts_at()) <= now {
            return Reckoning::Untouched;
        }
        let mut session = scheduled.clone();
        if slot.is_same_time(before) {
            session.details.slot = slot;
            return Reckoning::Renewed(Self::Scheduled(session));
        }
        Reckoning::Moves(Reanchor { session, slot })
    }
}

impl Reanchor {
    /// The slot that it moves to.
    pub fn slot(&self) -> &Slot {
        &self.slot
    }

    /// Those on these sheets that it could come to overlap, wherever the rules move it and them.
    pub fn neighbours(&self, diaries: &[Diary]) -> Vec<SessionId> {
        let (from, until) = (self.slot.starts_at() - FARTHEST, self.slot.ends_at() + FARTHEST);
        let near = |entry: &&Entry| entry.starts_at < until && from < entry.ends_at;
        let others = diaries.iter().flat_map(Diary::entries).filter(near).map(|entry| entry.session);
        let mut others: Vec<_> = others.filter(|id| *id != self.session.details.id).collect();
        others.sort();
        others.dedup();
        others
    }

    /// Decides. The diaries are those that the session stands on; the neighbours, those that [`Self::neighbours`] names.
    pub fn decide(self, mut diaries: Vec<Diary>, neighbours: &[Neighbour], now: DateTime<Utc>, attempt: AttemptId) -> Reanchored {
        let Self { session: Scheduled { mut details, attendance }, slot } = self;
        let (before, slot_before) = (Placed::of(&details), std::mem::replace(&mut details.slot, slot));
        let moved_by = details.slot.starts_at() - slot_before.starts_at();
        let skipped = details.slot.local_start() != slot_before.local_start();
        let overlaps = put(&details, &mut diaries, neighbours, now);

        let told_by_series = details.occurrence.as_ref().is_some_and(|occurrence| details.sequence <= occurrence.described);
        details.revision += 1;
        details.attempt = attempt;
        details.raise_sequence(now);
        let mut effects = Vec::new();
        if told_by_series {
            // The series' own entry states its wall time: it is that entry which must go out with the new rules, once.
            if let Some(occurrence) = &mut details.occurrence {
                occurrence.described = details.sequence;
            }
        } else {
            effects = details.invite_effects();
        }
        let updated = effects.len();
        if !told_by_series {
            let (practitioner, sequence) = (details.practitioner, details.sequence);
            effects.push(Effect::Inform { practitioner, sequence, moved_from: Some(slot_before) });
        }
        effects.extend(reminders(&details, moved_by, now));

        let change = Change::Reanchored {
            before,
            after: Placed::of(&details),
            moved_by_minutes: moved_by.num_minutes(),
            overlapping: !overlaps.is_empty(),
            updated,
        };
        let event = Event {
            practice: details.practice,
            subject: details.id.into(),
            revision: details.revision,
            attempt,
            at: now,
            actor: Actor::hourkeep(),
            change,
            reason: None,
            part_of: None,
            effects,
        };
        let session = Session::Scheduled(Scheduled { details, attendance });
        Reanchored { decision: super::Decision { session, diaries, event }, overlaps, skipped }
    }
}

/// Every reminder whose minute has not passed by the old rules or by the new ones: one that new rules call for a while ago
/// was not sent then, and is sent at once.
fn reminders(details: &Details, moved_by: Duration, now: DateTime<Utc>) -> Vec<Effect> {
    let due = details.reminders.iter().map(|reminder| (reminder, reminder.due_at(&details.slot)));
    let to_come = due.filter(|(_, due_at)| now < *due_at || now < *due_at - moved_by);
    to_come.map(|(reminder, due_at)| Effect::Remind { reminder, due_at }).collect()
}

/// Moves the session's entries. Answers what it overlaps now and did not before, where those have moved too that will.
fn put(details: &Details, diaries: &mut [Diary], neighbours: &[Neighbour], now: DateTime<Utc>) -> Vec<SessionId> {
    let mut overlaps = Vec::new();
    for diary in diaries {
        // A virtual room has none.
        let Some(before) = diary.entry(details.id).cloned() else { continue };
        let after = shifted(&before, &details.slot);
        for other in diary.entries().into_iter().filter(|other| other.session != details.id) {
            let neighbour = neighbours.iter().find(|neighbour| neighbour.session.details().id == other.session);
            let (was, will_be) = neighbour.map_or_else(|| (other.clone(), other.clone()), |neighbour| neighbour.places(other, now));
            if after.overlaps(&will_be) && !before.overlaps(&was) {
                overlaps.push(other.session);
            }
        }
        diary.put(&after);
    }
    overlaps.sort();
    overlaps.dedup();
    overlaps
}

fn shifted(entry: &Entry, slot: &Slot) -> Entry {
    Entry { starts_at: slot.starts_at(), ends_at: slot.ends_at(), ..entry.clone() }
}

impl Neighbour {
    /// Where it was by the old rules and where it will be by the current ones.
    fn places(&self, entry: &Entry, now: DateTime<Utc>) -> (Entry, Entry) {
        let back = |stood_at: DateTime<Utc>| Entry {
            starts_at: stood_at,
            ends_at: stood_at + (entry.ends_at - entry.starts_at),
            ..entry.clone()
        };
        let was = self.stood_at.map_or_else(|| entry.clone(), back);
        let will_be = match self.session.reckon(now) {
            Reckoning::Untouched | Reckoning::Renewed(_) => entry.clone(),
            Reckoning::Moves(reanchor) => shifted(entry, &reanchor.slot),
        };
        (was, will_be)
    }
}
