//! What stands in the way of each occurrence, before anything is booked (B4).

use chrono::{DateTime, Utc};

use super::Timing;
use crate::{
    event_type::Availability,
    hours::WorkingHours,
    ids::SessionId,
    practice::Policies,
    recurrence::Occurrence,
    session::{Clash, Presence},
    sheet::{Diary, Entry, NotRead},
    slot::Slot,
};

/// What speaks against an occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The practitioner or the room is taken. It is left out, kept or stops all, as whoever books says.
    Taken(Clash),
    /// It is outside the practitioner's working hours. Staff may, so this stops nothing.
    Closed,
    /// The client has another appointment. Staff may, so this stops nothing.
    ClientElsewhere,
}

/// An occurrence as it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// When.
    pub occurrence: Occurrence,
    /// What speaks against it.
    pub conflicts: Vec<Conflict>,
    /// Whether its wall time comes twice that day; the first is meant.
    pub comes_twice: bool,
    /// The offset from UTC in seconds, before and now, where the clocks have changed since the occurrence before it.
    pub clocks_change: Option<(i32, i32)>,
}

/// What is known when a series is previewed.
#[derive(Clone, Copy, Debug)]
pub struct Foresight<'a> {
    /// The sheets of the practitioner and of the room, over all that is foreseen.
    pub diaries: &'a [Diary],
    /// When the practitioner works.
    pub hours: Option<WorkingHours<'a>>,
    /// Other sessions of the clients that stand: from and until.
    pub elsewhere: &'a [(SessionId, DateTime<Utc>, DateTime<Utc>)],
    /// Whether its sessions take the time; what leaves it free is in nothing's way.
    pub availability: Availability,
    /// Buffers.
    pub policies: &'a Policies,
}

impl Foresight<'_> {
    /// Every occurrence of a series that begins before the horizon, with what speaks against it.
    pub fn of(&self, timing: &Timing, horizon: DateTime<Utc>) -> Result<Vec<Foreseen>, NotRead> {
        let mut foreseen: Vec<Foreseen> = Vec::new();
        let mut offset_before = None;
        for occurrence in timing.occurrences(None) {
            let Occurrence::At(slot) = &occurrence else {
                if timing.zone.instant_or_next(occurrence.local_start()) > horizon {
                    break;
                }
                foreseen.push(Foreseen { occurrence, conflicts: Vec::new(), comes_twice: false, clocks_change: None });
                continue;
            };
            if slot.starts_at() > horizon {
                break;
            }
            let offset = timing.zone.offset_seconds(slot.starts_at());
            let clocks_change = offset_before.filter(|before| *before != offset).map(|before| (before, offset));
            offset_before = Some(offset);
            let (conflicts, comes_twice) = (self.conflicts(slot)?, comes_twice(slot));
            foreseen.push(Foreseen { occurrence, conflicts, comes_twice, clocks_change });
        }
        Ok(foreseen)
    }

    /// What speaks against a slot.
    pub fn conflicts(&self, slot: &Slot) -> Result<Vec<Conflict>, NotRead> {
        let entry = Entry::of(SessionId::from_bits(0), slot, &[], Presence::Direct, self.policies);
        let entry = Entry { free: self.availability == Availability::Free, ..entry };
        let mut conflicts = Vec::new();
        for diary in self.diaries {
            let clash = |other: &Entry| Conflict::Taken(Clash { resource: diary.resource(), entry: other.clone() });
            conflicts.extend(diary.clashes(&entry)?.into_iter().map(clash));
        }
        if self.hours.is_some_and(|hours| !hours.cover(slot)) {
            conflicts.push(Conflict::Closed);
        }
        let overlaps =
            |(_, from, until): &&(SessionId, DateTime<Utc>, DateTime<Utc>)| *from < slot.ends_at() && slot.starts_at() < *until;
        conflicts.extend(self.elsewhere.iter().find(overlaps).map(|_| Conflict::ClientElsewhere));
        Ok(conflicts)
    }
}

fn comes_twice(slot: &Slot) -> bool {
    match slot.zone().meaning(slot.local_start()) {
        crate::zone::Meaning::Twice { .. } => true,
        crate::zone::Meaning::Once(_) | crate::zone::Meaning::Skipped { .. } => false,
    }
}
