//! What scheduling and moving share: the entry on the sheets, its clashes, and free times nearby.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, Utc};

use super::{Details, Presence};
use crate::{
    event_type::Availability,
    hours::{Day, WorkingHours},
    ids::SessionId,
    practice::Policies,
    sheet::{Diary, Entry, NotRead, Resource},
    slot::{Minutes, Slot, Unresolved},
    zone::Zone,
};

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Whose time it is.
    pub resource: Resource,
    /// What is there.
    pub entry: Entry,
}

/// Why a session cannot be there and then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// The wall time means no instant.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// It would begin in the past.
    #[error("The session would start in the past.")]
    InThePast,
    /// It would begin too far ahead.
    #[error("The session would start more than five years from now.")]
    TooFarAhead,
    /// It would overlap something busy.
    #[error("The time overlaps {} other entr{}.", .clashes.len(), if .clashes.len() == 1 { "y" } else { "ies" })]
    Overlap {
        /// Everything that it would overlap.
        clashes: Vec<Clash>,
        /// The time that was asked for.
        slot: Slot,
    },
    /// A sheet that the decision needs was not read. Never shown: the operation reads what it needs.
    #[error(transparent)]
    NotRead(#[from] NotRead),
}

/// Whether and how far staff let a session overlap others.
pub(super) struct Placing<'a> {
    pub(super) policies: &'a Policies,
    pub(super) allow_overlap: bool,
    pub(super) now: DateTime<Utc>,
}

impl Placing<'_> {
    /// The slot, if it can be booked at all.
    pub(super) fn slot(&self, local: NaiveDateTime, zone: &Zone, length: Minutes, offset: Option<i32>) -> Result<Slot, Blocked> {
        bookable(local, zone, length, offset, self.now)
    }

    /// Puts the session on every diary, unless it clashes there. Answers whether it now overlaps something.
    pub(super) fn put(&self, details: &Details, diaries: &mut [Diary]) -> Result<bool, Blocked> {
        let entry = entry(details, self.policies);
        let mut clashes = Vec::new();
        for diary in diaries.iter() {
            let resource = diary.resource();
            clashes.extend(diary.clashes(&entry)?.into_iter().map(|other| Clash { resource, entry: other.clone() }));
        }
        if !clashes.is_empty() && !self.allow_overlap {
            return Err(Blocked::Overlap { clashes, slot: details.slot.clone() });
        }
        for diary in diaries {
            diary.put(&entry);
        }
        Ok(!clashes.is_empty())
    }
}

/// The slot of a wall time that someone asks for, if it can be booked at all: it exists, and lies neither in the past nor too
/// far ahead.
pub fn bookable(
    local: NaiveDateTime,
    zone: &Zone,
    length: Minutes,
    offset: Option<i32>,
    now: DateTime<Utc>,
) -> Result<Slot, Blocked> {
    let slot = Slot::resolve(local, zone, length, offset)?;
    if slot.starts_at() < now {
        return Err(Blocked::InThePast);
    }
    if slot.starts_at() > now + Duration::days(5 * 366) {
        return Err(Blocked::TooFarAhead);
    }
    Ok(slot)
}

/// What a session puts on its sheets.
pub(crate) fn entry(details: &Details, policies: &Policies) -> Entry {
    let clients: Vec<_> = details.clients.iter().map(|participant| participant.client).collect();
    let entry = Entry::of(details.id, &details.slot, &clients, details.presence, policies);
    let (practitioner, event_type) = (Some(details.practitioner), details.event_type.map(|of| of.number));
    let free = details.availability == Availability::Free;
    Entry { practitioner, room: details.room, event_type, title: details.title.clone(), free, ..entry }
}

/// Looks for free times near one that is taken.
#[derive(Clone, Copy, Debug)]
pub struct FreeSlots<'a> {
    /// The session that is being moved: its own time is free.
    pub session: SessionId,
    /// What must be free.
    pub diaries: &'a [Diary],
    /// When the practitioner works; where no hours are kept, then at the hour that was asked for.
    pub hours: WorkingHours<'a>,
    /// Buffers and the step of the times.
    pub policies: &'a Policies,
    /// Nothing earlier than this.
    pub now: DateTime<Utc>,
}

impl FreeSlots<'_> {
    /// How many days ahead are looked at.
    pub const DAYS: u64 = 14;

    /// Up to `count` free slots of the same length, nearest to the one asked for first (B11).
    pub fn near(&self, asked: &Slot, count: usize) -> Vec<Slot> {
        let mut candidates = self.candidates(asked);
        candidates.sort_by_key(|slot| ((slot.starts_at() - asked.starts_at()).abs(), slot.starts_at()));
        candidates.dedup();
        let open = |slot: &Slot| self.is_free(slot) && !self.is_its_own(slot) && self.hours.cover(slot);
        candidates.into_iter().filter(open).take(count).collect()
    }

    fn candidates(&self, asked: &Slot) -> Vec<Slot> {
        let step = self.policies.slot_step_minutes.duration();
        let there = self.hours.zone.local(asked.starts_at());
        let dates = (0..=Self::DAYS).filter_map(|days| there.date().checked_add_days(Days::new(days)));
        let mut starts: Vec<DateTime<Utc>> = Vec::new();
        for date in dates {
            if self.hours.on(date) == Day::Any {
                let same_hour = self.hours.zone.instant_or_next(date.and_time(there.time()));
                starts.extend((-8..=8).map(|steps| same_hour + step * steps));
            }
            starts.extend(self.open_starts(date, asked.length()));
        }
        starts.into_iter().map(|at| Slot::at(at, asked.zone(), asked.length())).collect()
    }

    /// Every free slot of these days of the hours' zone, earliest first, the day `to` excluded. None for someone who keeps no
    /// hours: what they would call a free day is theirs to say.
    pub fn between(&self, from: NaiveDate, to: NaiveDate, zone: &Zone, length: Minutes) -> impl Iterator<Item = Slot> {
        let days = from.iter_days().take_while(move |date| *date < to);
        let starts = days.flat_map(move |date| self.open_starts(date, length));
        starts.map(move |at| Slot::at(at, zone, length)).filter(|slot| self.is_free(slot))
    }

    /// Where something of this length would lie within the hours of a day, at every step.
    fn open_starts(&self, date: NaiveDate, length: Minutes) -> Vec<DateTime<Utc>> {
        let step = self.policies.slot_step_minutes.duration();
        let mut starts = Vec::new();
        let Day::Within(hours) = self.hours.on(date) else { return starts };
        for open in hours {
            let mut at = self.hours.zone.instant_or_next(date.and_time(open.from));
            let until = self.hours.zone.instant_or_next(date.and_time(open.until));
            while at + length.duration() <= until {
                starts.push(at);
                at += step;
            }
        }
        starts
    }

    /// Where the session stands already is no alternative.
    fn is_its_own(&self, slot: &Slot) -> bool {
        let stands = |diary: &Diary| {
            diary.entry(self.session).is_some_and(|e| (e.starts_at, e.ends_at) == (slot.starts_at(), slot.ends_at()))
        };
        self.diaries.iter().any(stands)
    }

    fn is_free(&self, slot: &Slot) -> bool {
        let entry = Entry::of(self.session, slot, &[], Presence::Direct, self.policies);
        slot.starts_at() > self.now && self.diaries.iter().all(|diary| diary.is_free(&entry))
    }
}
