//! Day sheets: one record per practitioner (or physical room) and UTC day that lists what occupies it (B1).
//!
//! An entry stands on every UTC day that its occupied interval touches, so two entries that overlap always share
//! a sheet, and whoever writes both sheets' versions cannot miss the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ClientId, PractitionerId, RoomId, SessionId},
    practice::Policies,
    session::Presence,
    slot::Slot,
    text::Title,
};

/// What a sheet belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// A practitioner.
    Practitioner(PractitionerId),
    /// A physical room.
    Room(RoomId),
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Practitioner(id) => id.fmt(f),
            Self::Room(id) => id.fmt(f),
        }
    }
}

/// What occupies a resource. Field names are short because they are stored hundreds of times a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The session.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// Its start.
    #[serde(rename = "b", with = "chrono::serde::ts_seconds")]
    pub starts_at: DateTime<Utc>,
    /// Its end, exclusive.
    #[serde(rename = "e", with = "chrono::serde::ts_seconds")]
    pub ends_at: DateTime<Utc>,
    /// Kept free before it, in minutes.
    #[serde(rename = "x", default, skip_serializing_if = "is_zero")]
    pub buffer_before: u8,
    /// Kept free after it, in minutes.
    #[serde(rename = "y", default, skip_serializing_if = "is_zero")]
    pub buffer_after: u8,
    /// Whose it is, where the sheet does not say so: on those of rooms. Older records have none.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<PractitionerId>,
    /// In which room it is, physical or virtual, where the sheet does not say so. Older records have none.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Whom it concerns.
    #[serde(rename = "c")]
    pub clients: Vec<ClientId>,
    /// Whether its outcome is marked.
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Whether clients and practitioner are present together.
    #[serde(rename = "i", default, skip_serializing_if = "std::ops::Not::not")]
    pub indirect: bool,
    /// Its event type's number, if it has one.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<u8>,
    /// What an event without clients is called.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// Whether it leaves the time free: it is in nothing's way (S10).
    #[serde(rename = "f", default, skip_serializing_if = "std::ops::Not::not")]
    pub free: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(minutes: &u8) -> bool {
    *minutes == 0
}

impl Entry {
    /// What a session puts on its sheets, with the practice's buffers around it.
    pub fn of(session: SessionId, slot: &Slot, clients: &[ClientId], presence: Presence, policies: &Policies) -> Self {
        let minutes = |window: Duration| u8::try_from(window.num_minutes()).unwrap_or(u8::MAX);
        Self {
            session,
            starts_at: slot.starts_at(),
            ends_at: slot.ends_at(),
            buffer_before: minutes(policies.buffer_before_minutes.duration()),
            buffer_after: minutes(policies.buffer_after_minutes.duration()),
            practitioner: None,
            room: None,
            clients: clients.to_vec(),
            closed: false,
            indirect: presence == Presence::Indirect,
            event_type: None,
            title: None,
            free: false,
        }
    }

    /// As it stands on a sheet, which does not repeat whose it is.
    pub(crate) fn on(mut self, resource: Resource) -> Self {
        match resource {
            Resource::Practitioner(_) => self.practitioner = None,
            Resource::Room(_) => self.room = None,
        }
        self
    }

    /// The half-open interval that it occupies, buffers included.
    pub fn occupied(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let before = Duration::minutes(i64::from(self.buffer_before));
        let after = Duration::minutes(i64::from(self.buffer_after));
        (self.starts_at - before, self.ends_at + after)
    }

    /// Whether the two cannot both be.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (from, until) = self.occupied();
        let (other_from, other_until) = other.occupied();
        !self.free && !other.free && from < other_until && other_from < until
    }

    /// The UTC days that it touches.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let (from, until) = self.occupied();
        days_touched(from, until)
    }
}

/// The days on which something may stand that overlaps an entry, or did before a move: nothing lasts longer than a day and
/// four hours.
fn days_beside(entry: &Entry) -> RangeInclusive<NaiveDate> {
    let (from, until) = entry.occupied();
    let day = |at: DateTime<Utc>, days: i64| (at + Duration::days(days)).date_naive();
    day(from, -4)..=day(until, 4)
}

/// The UTC days that a half-open interval touches.
pub fn days_touched(from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = NaiveDate> {
    let last = (until - Duration::seconds(1)).max(from).date_naive();
    from.date_naive().iter_days().take_while(move |&day| day <= last)
}

/// One record: what occupies a resource on a UTC day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Counts its changes; 0 is a sheet that was never written.
    pub version: u64,
    /// In order of their start.
    pub entries: Vec<Entry>,
}

/// A resource's sheets over the days that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diary {
    resource: Resource,
    sheets: BTreeMap<NaiveDate, Sheet>,
    /// Which days were read, each range with both its ends.
    read: Vec<RangeInclusive<NaiveDate>>,
    touched: BTreeSet<NaiveDate>,
}

/// An entry lies on a day that was not read: nothing can be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sheet of {0} was not read")]
pub struct NotRead(pub NaiveDate);

impl Diary {
    /// What was read of a resource from one day to another, both included; days without a sheet are free.
    pub fn new(resource: Resource, read_from: NaiveDate, read_until: NaiveDate, sheets: BTreeMap<NaiveDate, Sheet>) -> Self {
        Self { resource, sheets, read: vec![read_from..=read_until], touched: BTreeSet::new() }
    }

    /// Together with what was read of the same resource on other days.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.sheets.extend(other.sheets);
        self.read.extend(other.read);
        self
    }

    fn was_read(&self, day: NaiveDate) -> bool {
        self.read.iter().any(|range| range.contains(&day))
    }

    /// Whose it is.
    pub fn resource(&self) -> Resource {
        self.resource
    }

    /// Everything on it, each entry once, in order of start.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut seen = BTreeSet::new();
        let all = self.sheets.values().flat_map(|sheet| &sheet.entries);
        let mut entries: Vec<_> = all.filter(|entry| seen.insert(entry.session)).collect();
        entries.sort_by_key(|entry| (entry.starts_at, entry.session));
        entries
    }

    /// The entry of a session.
    pub fn entry(&self, session: SessionId) -> Option<&Entry> {
        self.sheets.values().flat_map(|sheet| &sheet.entries).find(|entry| entry.session == session)
    }

    /// What a new or moved entry would clash with. An entry never clashes with itself, nor with what it already
    /// overlapped before the move: only overlaps that the change creates count.
    pub fn clashes(&self, entry: &Entry) -> Result<Vec<&Entry>, NotRead> {
        if let Some(unread) = entry.days().find(|day| !self.was_read(*day)) {
            return Err(NotRead(unread));
        }
        // Whatever overlaps shares a day with it, and nothing lasts much longer than a day: the rest of the year need not
        // be looked at.
        let near = self.sheets.range(days_beside(entry)).flat_map(|(_, sheet)| &sheet.entries);
        let before = near.clone().find(|other| other.session == entry.session);
        let is_new = |other: &&Entry| before.is_none_or(|before| !before.overlaps(other));
        let others = near.filter(|other| other.session != entry.session && entry.overlaps(other)).filter(is_new);
        let mut clashes: Vec<&Entry> = others.collect();
        clashes.sort_by_key(|other| (other.starts_at, other.session));
        clashes.dedup_by_key(|other| other.session);
        Ok(clashes)
    }

    /// Whether an entry overlaps nothing else here. A day that was not read is not free.
    pub fn is_free(&self, entry: &Entry) -> bool {
        let read = entry.days().all(|day| self.was_read(day));
        let others = |sheet: &Sheet| sheet.entries.iter().all(|other| other.session == entry.session || !entry.overlaps(other));
        read && entry.days().filter_map(|day| self.sheets.get(&day)).all(others)
    }

    /// Takes a session off.
    pub fn remove(&mut self, session: SessionId) {
        for (day, sheet) in &mut self.sheets {
            let count = sheet.entries.len();
            sheet.entries.retain(|entry| entry.session != session);
            if sheet.entries.len() != count {
                self.touched.insert(*day);
            }
        }
    }

    /// Puts an entry on every day that it touches, in place of an earlier one of the same session.
    /// Nothing is touched where it stands just so.
    pub fn put(&mut self, entry: &Entry) {
        let entry = &entry.clone().on(self.resource);
        if self.entry(entry.session) == Some(entry) {
            return;
        }
        self.remove(entry.session);
        for day in entry.days() {
            let entries = &mut self.sheets.entry(day).or_default().entries;
            let place = entries.partition_point(|other| (other.starts_at, other.session) < (entry.starts_at, entry.session));
            entries.insert(place, entry.clone());
            self.touched.insert(day);
        }
    }

    /// Changes what an entry shows, where it stands.
    pub fn revise(&mut self, session: SessionId, change: impl FnOnce(&mut Entry)) {
        let Some(before) = self.entry(session).cloned() else { return };
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.put(&after);
        }
    }

    /// The sheets that changed, each with the version that was read.
    pub fn changes(&self) -> impl Iterator<Item = (NaiveDate, &Sheet)> {
        self.touched.iter().filter_map(|day| self.sheets.get(day).map(|sheet| (*day, sheet)))
    }
}

/// The UTC days around a wall-clock date that a slot of at most a day and its buffers may touch, whatever the zone.
pub fn days_around(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let from = date.checked_sub_days(Days::new(1)).unwrap_or(date);
    (from, date.checked_add_days(Days::new(3)).unwrap_or(date))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(session: u128, start: i64, length: i64, before: u8, after: u8) -> Entry {
        let starts_at = DateTime::from_timestamp(1_796_083_200 + start * 60, 0).unwrap();
        Entry {
            session: SessionId::from_bits(session),
            starts_at,
            ends_at: starts_at + Duration::minutes(length),
            buffer_before: before,
            buffer_after: after,
            practitioner: None,
            room: None,
            clients: vec![ClientId::from_bits(1)],
            closed: false,
            indirect: false,
            event_type: None,
            title: None,
            free: false,
        }
    }

    fn diary() -> Diary {
        let from = DateTime::from_timestamp(1_796_083_200, 0).unwrap().date_naive();
        Diary::new(Resource::Room(RoomId::from_bits(1)), from - Days::new(2), from + Days::new(8), BTreeMap::new())
    }

    proptest! {
        /// Against a plain list of intervals: the sheets refuse exactly what overlaps, whatever the days.
        #[test]
        fn sheets_agree_with_a_list_of_intervals(
            steps in prop::collection::vec((0_u128..12, 0_i64..(5 * 24 * 60), 1_i64..=1440, 0_u8..=30, 0_u8..=30, any::<bool>()), 1..60)
        ) {
            let mut diary = diary();
            let mut naive: Vec<Entry> = Vec::new();
            for (session, start, length, before, after, removes) in steps {
                let wanted = entry(session, start, length, before, after);
                if removes {
                    diary.remove(wanted.session);
                    naive.retain(|e| e.session != wanted.session);
                } else {
                    let free = naive.iter().filter(|e| e.session != wanted.session).all(|e| {
                        let (from, until) = e.occupied();
                        let (wanted_from, wanted_until) = wanted.occupied();
                        until <= wanted_from || wanted_until <= from
                    });
                    prop_assert_eq!(diary.clashes(&wanted).unwrap().is_empty(), free);
                    if free {
                        naive.retain(|e| e.session != wanted.session);
                        naive.push(wanted.clone());
                        diary.put(&wanted);
                    }
                }
                naive.sort_by_key(|e| (e.starts_at, e.session));
                prop_assert_eq!(diary.entries(), naive.iter().collect::<Vec<_>>());
                for (day, sheet) in &diary.sheets {
                    let expected: Vec<_> = naive.iter().filter(|e| e.days().any(|d| d == *day)).collect();
                    prop_assert_eq!(sheet.entries.iter().collect::<Vec<_>>(), expected);
                }
            }
        }

        #[test]
        fn overlapping_entries_share_a_day(a in 0_i64..6000, b in 0_i64..6000, la in 1_i64..=1440, lb in 1_i64..=1440) {
            let (one, other) = (entry(1, a, la, 5, 5), entry(2, b, lb, 0, 10));
            if one.overlaps(&other) {
                prop_assert!(one.days().any(|day| other.days().any(|d| d == day)));
            }
        }
    }

    #[test]
    fn an_entry_that_ends_at_midnight_does_not_touch_the_next_day() {
        assert_eq!(entry(1, 0, 1440, 0, 0).days().count(), 1);
        assert_eq!(entry(1, 0, 1440, 0, 1).days().count(), 2);
        assert_eq!(entry(1, 0, 1440, 1, 1).days().count(), 3);
    }

    #[test]
    fn neighbours_do_not_clash() {
        let mut diary = diary();
        diary.put(&entry(1, 60, 60, 0, 0));
        assert!(diary.clashes(&entry(2, 120, 60, 0, 0)).unwrap().is_empty());
        assert!(diary.clashes(&entry(2, 0, 60, 0, 0)).unwrap().is_empty());
        assert_eq!(diary.clashes(&entry(2, 119, 1, 0, 0)).unwrap().len(), 1);
    }

    #[test]
    fn what_leaves_the_time_free_is_in_nothings_way() {
        let mut diary = diary();
        let note = Entry { free: true, ..entry(1, 60, 60, 0, 0) };
        diary.put(&note);
        assert!(diary.is_free(&entry(2, 60, 60, 0, 0)));
        diary.put(&entry(2, 60, 60, 0, 0));
        assert!(diary.clashes(&note).unwrap().is_empty());
        assert_eq!(diary.clashes(&entry(3, 60, 60, 0, 0)).unwrap().len(), 1);
    }

    #[test]
    fn an_overlap_that_was_there_before_is_not_a_new_clash() {
        let mut diary = diary();
        diary.put(&entry(1, 60, 60, 0, 0));
        diary.put(&entry(2, 90, 60, 0, 0));
        assert!(diary.clashes(&entry(2, 75, 60, 0, 0)).unwrap().is_empty());
        diary.put(&entry(3, 200, 60, 0, 0));
        assert_eq!(diary.clashes(&entry(2, 75, 150, 0, 0)).unwrap().len(), 1);
    }

    #[test]
    fn a_day_that_was_not_read_is_never_taken_for_free() {
        assert!(diary().clashes(&entry(1, 60 * 24 * 20, 60, 0, 0)).is_err());
    }

    #[test]
    fn an_entry_fits_two_hundred_bytes() {
        let (practitioner, room) = (PractitionerId::from_bits(u128::MAX >> 3), RoomId::from_bits(u128::MAX >> 3));
        let full = Entry { closed: true, indirect: true, ..entry(u128::MAX >> 3, 0, 1440, 120, 120) };
        let full = Entry { practitioner: Some(practitioner), room: Some(room), event_type: Some(59), ..full };
        for resource in [Resource::Practitioner(practitioner), Resource::Room(room)] {
            assert!(serde_json::to_string(&full.clone().on(resource)).unwrap().len() <= 200);
        }
    }

    #[test]
    fn a_sheet_does_not_repeat_whose_it_is() {
        let (practitioner, room) = (PractitionerId::from_bits(1), RoomId::from_bits(1));
        let wanted = Entry { practitioner: Some(practitioner), room: Some(room), ..entry(1, 60, 60, 0, 0) };
        let mut diary = diary();
        diary.put(&wanted);
        let stands = diary.entry(wanted.session).unwrap();
        assert_eq!((stands.practitioner, stands.room), (Some(practitioner), None));
        let (touched, sheets) = (diary.touched.clone(), diary.sheets.clone());
        diary.put(&wanted);
        assert_eq!((diary.touched, diary.sheets), (touched, sheets), "nothing is touched where it stands just so");
    }
}
