//! What staff would write on paper: for each series a list of dates, with what became of each. It knows no zones (those of the
//! model have none but Vancouver, which has one offset in these years), no plans and no sheets: who meets whom is found by
//! looking at everyone.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Duration, NaiveDate, NaiveDateTime};

use crate::{
    ids::{SeriesId, SessionId},
    series::IfTaken,
};

/// When and where a session is, and with which link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) start: NaiveDateTime,
    pub(super) minutes: i64,
    pub(super) ben: bool,
    pub(super) room: u8,
    pub(super) link: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stands(At),
    Cancelled,
    Deleted,
    Taken,
}

/// A date on the list. The session is not known until it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) place: NaiveDateTime,
    pub(super) session: Option<SessionId>,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Every {
    Day,
    /// Monday is the lowest bit.
    Weeks {
        days: u8,
        interval: i64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Never,
    Until(NaiveDate),
    Count(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: SeriesId,
    pub(super) every: Every,
    pub(super) first: NaiveDateTime,
    pub(super) end: End,
    /// As all of them are; its start means nothing.
    pub(super) like: At,
    pub(super) entries: Vec<Entry>,
    pub(super) made: Option<NaiveDateTime>,
    pub(super) over: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Naive {
    pub(super) lines: Vec<Line>,
    pub(super) singles: Vec<(SessionId, At)>,
}

/// What is wished for this and all that follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) time: Option<Time>,
    pub(super) ben: Option<bool>,
    pub(super) room: Option<u8>,
    pub(super) link: Option<u8>,
    pub(super) reset: bool,
    pub(super) on: IfTaken,
}

/// Another start, length or rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) start: NaiveDateTime,
    pub(super) minutes: Option<i64>,
    pub(super) rule: Option<(Every, End)>,
}

pub(super) fn bit(at: NaiveDateTime) -> u8 {
    1 << at.weekday().num_days_from_monday()
}

fn week(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce() - 1).div_euclid(7)
}

impl At {
    fn meets(&self, other: &Self) -> bool {
        let end = |at: &Self| at.start + Duration::minutes(at.minutes);
        let together = self.start < end(other) && other.start < end(self);
        together && self.shares(other)
    }

    fn shares(&self, other: &Self) -> bool {
        self.ben == other.ben || (self.room == other.room && self.room != 0)
    }

    /// Ten minutes before it begins it is fixed.
    pub(super) fn is_to_come(&self, now: NaiveDateTime) -> bool {
        now < self.start - Duration::minutes(10)
    }

    pub(super) fn has_ended(&self, now: NaiveDateTime) -> bool {
        self.start + Duration::minutes(self.minutes) <= now
    }
}

impl Entry {
    pub(super) fn stands(&self) -> Option<At> {
        match self.fate {
            Fate::Stands(at) => Some(at),
            Fate::Cancelled | Fate::Deleted | Fate::Taken => None,
        }
    }
}

impl Line {
    fn falls_on(&self, date: NaiveDate) -> bool {
        match self.every {
            Every::Day => true,
            Every::Weeks { days, interval } => {
                let weeks = week(date) - week(self.first.date());
                days & (1 << date.weekday().num_days_from_monday()) != 0 && weeks % interval == 0
            }
        }
    }

    /// Each date of the rule, while it is wanted.
    pub(super) fn dates(&self, wanted: impl Fn(usize, NaiveDateTime) -> bool, from: NaiveDateTime) -> Vec<NaiveDateTime> {
        let (mut dates, mut counted) = (Vec::new(), 0);
        let mut date = self.first.date();
        loop {
            let ends = match self.end {
                End::Never => false,
                End::Until(last) => date > last,
                End::Count(count) => counted >= count,
            };
            let start = date.and_time(self.first.time());
            if ends || (start >= from && !wanted(dates.len(), start)) {
                return dates;
            }
            if self.falls_on(date) {
                counted += 1;
                if start >= from {
                    dates.push(start);
                }
            }
            date = date + Days::new(1);
        }
    }

    fn horizon(&self, now: NaiveDateTime) -> NaiveDateTime {
        now.max(self.first) + Duration::weeks(53)
    }
}

/// Someone who may be met.
#[derive(Clone, Copy)]
struct Body {
    key: usize,
    at: At,
    role: Role,
}

#[derive(Clone, Copy)]
enum Role {
    /// Stays where it is.
    Stays,
    /// Is going away.
    Leaves,
    /// Goes with the series from one date to another, or has gone.
    Goes { to: NaiveDateTime },
}

impl Body {
    fn is_met(&self, regular: bool) -> bool {
        match self.role {
            Role::Stays => true,
            Role::Leaves => false,
            Role::Goes { to } => self.at.start == to && !regular,
        }
    }
}

/// What one of those that follow comes to.
enum Item {
    /// It takes this place.
    Goes(Entry, NaiveDateTime),
    /// A session is booked.
    New(NaiveDateTime),
    /// Nothing is done.
    Stays(Entry, NaiveDateTime),
    /// No place is left for it.
    Drops(Entry),
}

impl Naive {
    /// Everyone who stands, but for these.
    fn others(&self, without: &[SessionId]) -> Vec<Body> {
        let listed = self.lines.iter().flat_map(|line| &line.entries).filter_map(|entry| Some((entry.session?, entry.stands()?)));
        let all = listed.chain(self.singles.iter().copied()).filter(|(id, _)| !without.contains(id));
        all.map(|(_, at)| Body { key: usize::MAX, at, role: Role::Stays }).collect()
    }

    pub(super) fn is_free(&self, at: &At, but: &[SessionId]) -> bool {
        self.others(but).iter().all(|other| !other.at.meets(at))
    }

    /// Whether anything was booked.
    pub(super) fn book(&mut self, mut line: Line, on: IfTaken, now: NaiveDateTime) -> bool {
        let horizon = line.horizon(now);
        let dates = line.dates(|_, start| start <= horizon, line.first);
        let Some(entries) = self.booked(&line, &dates, on) else { return false };
        line.made = dates.last().copied();
        line.entries = entries;
        self.lines.push(line);
        true
    }

    fn booked(&self, line: &Line, dates: &[NaiveDateTime], on: IfTaken) -> Option<Vec<Entry>> {
        let mut entries = Vec::new();
        for place in dates {
            let at = At { start: *place, ..line.like };
            let fate = match (self.is_free(&at, &[]), on) {
                (true, _) | (false, IfTaken::Keep) => Fate::Stands(at),
                (false, IfTaken::Skip) => Fate::Taken,
                (false, IfTaken::Stop) => return None,
            };
            entries.push(Entry { place: *place, session: None, fate });
        }
        Some(entries)
    }

    pub(super) fn extend(&mut self, index: usize, now: NaiveDateTime) {
        let line = self.lines[index].clone();
        let (horizon, made) = (line.horizon(now), line.made);
        if line.over {
            return;
        }
        let after = made.map_or(line.first, |made| made + Duration::minutes(1));
        let dates = line.dates(|_, start| start <= horizon, after);
        let entries = self.booked(&line, &dates, IfTaken::Skip).unwrap();
        self.lines[index].entries.extend(entries);
        self.lines[index].made = dates.last().copied().or(made);
    }

    pub(super) fn end(&mut self, index: usize, named: usize, fate: Fate, now: NaiveDateTime) {
        let line = &mut self.lines[index];
        let from = line.entries[named].place;
        let continues = line.entries.iter().any(|entry| entry.place < from && entry.stands().is_some());
        for (i, entry) in line.entries.iter_mut().enumerate().filter(|(_, entry)| entry.place >= from) {
            if entry.stands().is_some_and(|at| !at.has_ended(now) || (i == named && fate == Fate::Deleted)) {
                entry.fate = fate;
            }
        }
        line.end_before(from, continues);
    }

    /// The change, unless it is stopped. `held` says that all is held before any is moved.
    pub(super) fn change(
        &self,
        index: usize,
        named: usize,
        change: &Change,
        (parted, held, now): (SeriesId, bool, NaiveDateTime),
    ) -> Option<Self> {
        let line = &self.lines[index];
        let (mut new, begins) = line.changed(named, change, parted);
        let from = line.entries[named].place;
        let (items, dates) = line.items(named, change, (&new, begins), now);
        if let Some(dates) = dates {
            let parts = new.id != line.id;
            let earlier = line.entries.iter().map(|entry| entry.place).filter(|place| *place < from && !parts).max();
            new.made = dates.last().copied().or(earlier);
        }

        let followers: Vec<SessionId> = items.iter().filter_map(|item| item.entry()?.session).collect();
        let mut bodies = self.others(&followers);
        for (key, item) in items.iter().enumerate() {
            bodies.extend(item.body(key, line, named, change));
        }
        let (mut entries, mut alone, mut forsaken) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (key, item) in items.iter().enumerate() {
            let (place, before, after, session) = match item {
                Item::Stays(entry, place) => {
                    entries.push(Entry { place: *place, ..*entry });
                    continue;
                }
                Item::Drops(entry) => {
                    let at = entry.stands().unwrap();
                    if line.is_by_hand(entry, named, change) && !at.has_ended(now) {
                        alone.push((entry.session.unwrap(), at));
                    }
                    continue;
                }
                Item::Goes(entry, place) => {
                    let at = entry.stands().unwrap();
                    let after = line.followed(entry, named, *place, change, &new, now);
                    (*place, Some(at), after, entry.session)
                }
                Item::New(place) => (*place, None, At { start: *place, ..new.like }, None),
            };
            let regular = after.start == place;
            let moves = before
                .is_none_or(|at| (at.start, at.minutes, at.ben, at.room) != (after.start, after.minutes, after.ben, after.room));
            // Only who shares a sheet with it before can have been met before.
            let met_before = |other: &Body| before.is_some_and(|at| at.meets(&other.at) && same_sheet(&at, &after, &other.at));
            let meets = |other: &&Body| other.key != key && other.is_met(regular) && after.meets(&other.at) && !met_before(other);
            let taken = moves && bodies.iter().any(|other| meets(&other));
            let fate = match (taken, change.on) {
                (false, _) | (true, IfTaken::Keep) => Fate::Stands(after),
                (true, IfTaken::Skip) => Fate::Taken,
                (true, IfTaken::Stop) => return None,
            };
            if fate == Fate::Taken {
                forsaken.extend(session);
            }
            entries.push(Entry { place, session: session.filter(|_| fate != Fate::Taken), fate });
            if !(held && change.on == IfTaken::Stop) {
                bodies.retain(|body| body.key != key);
            }
            if fate != Fate::Taken {
                let role = if regular { Role::Goes { to: place } } else { Role::Stays };
                bodies.push(Body { key, at: after, role });
            }
        }
        let mut naive = self.clone();
        naive.singles.extend(alone);
        let following: Vec<NaiveDateTime> = line.following(from).map(|entry| entry.place).collect();
        let old = &mut naive.lines[index];
        old.entries.retain(|entry| !following.contains(&entry.place));
        if new.id == line.id {
            old.entries.retain(|entry| entries.iter().all(|new| new.place != entry.place));
            new.entries.clone_from(&old.entries);
            new.entries.extend(entries);
            new.entries.sort_by_key(|entry| entry.place);
            naive.lines[index] = new;
        } else {
            old.end_before(from, true);
            new.entries = entries;
            new.entries.sort_by_key(|entry| entry.place);
            naive.lines.push(new);
        }
        Some(naive)
    }
}

/// Whether there is a sheet on which all three stand.
fn same_sheet(a: &At, b: &At, c: &At) -> bool {
    let practitioner = a.ben == b.ben && b.ben == c.ben;
    let room = a.room == b.room && b.room == c.room && a.room != 0;
    let only_room = b.ben != c.ben || practitioner;
    let only_practitioner = b.room != c.room || b.room == 0 || room;
    (practitioner || room) && only_room && only_practitioner
}

impl Item {
    fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Goes(entry, _) | Self::Stays(entry, _) | Self::Drops(entry) => Some(entry),
            Self::New(_) => None,
        }
    }

    fn body(&self, key: usize, line: &Line, named: usize, change: &Change) -> Option<Body> {
        let role = match self {
            Self::New(_) => return None,
            Self::Stays(..) => Role::Stays,
            Self::Drops(entry) if line.is_by_hand(entry, named, change) => Role::Stays,
            Self::Drops(_) => Role::Leaves,
            Self::Goes(entry, place) => {
                let at = entry.stands()?;
                let is_sent = change.reset || (line.entries[named].session == entry.session && change.time.is_some());
                if at.start == entry.place || is_sent || at.start == *place { Role::Goes { to: *place } } else { Role::Stays }
            }
        };
        Some(Body { key, at: self.entry()?.stands()?, role })
    }
}

impl Line {
    fn end_before(&mut self, from: NaiveDateTime, continues: bool) {
        self.over |= !continues;
        if continues && let Some(last) = self.dates(|_, start| start < from, self.first).last() {
            self.end = End::Until(last.date());
            self.made = Some(*last);
        }
    }

    /// Those that follow; not what was ended before with all after it.
    fn following(&self, from: NaiveDateTime) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| {
            let ended = match self.end {
                End::Until(last) => entry.place.date() > last,
                End::Never | End::Count(_) => false,
            };
            entry.place >= from && !ended
        })
    }

    fn count_before(&self, from: NaiveDateTime) -> usize {
        self.dates(|_, start| start < from, self.first).len()
    }

    fn moved(&self, from: NaiveDateTime, to: NaiveDateTime) -> Every {
        match self.every {
            Every::Day => Every::Day,
            Every::Weeks { days, interval } => Every::Weeks { days: (days & !bit(from)) | bit(to), interval },
        }
    }

    /// The series as which those that follow go on, and with which date, if they are laid out anew.
    fn changed(&self, named: usize, change: &Change, parted: SeriesId) -> (Self, Option<NaiveDateTime>) {
        let from = self.entries[named].place;
        let continues = self.entries.iter().any(|entry| entry.place < from && entry.stands().is_some());
        let rest = match self.end {
            End::Count(count) => End::Count((count - self.count_before(from)).max(1)),
            end @ (End::Never | End::Until(_)) => end,
        };
        let later = |days: i64| match rest {
            End::Until(last) => End::Until(last + Duration::days(days.max(0))),
            End::Never | End::Count(_) => rest,
        };
        let (start, every, end) = match change.time {
            None => (from, self.every, rest),
            Some(Time { start, rule: Some((every, end)), .. }) => (start, every, end),
            Some(Time { start, rule: None, .. }) => {
                (start, self.moved(from, start), later((start.date() - from.date()).num_days()))
            }
        };
        let minutes = change.time.and_then(|time| time.minutes).unwrap_or(self.like.minutes);
        let recurs = (every, start, minutes) != (self.every, from, self.like.minutes);
        let like = At {
            minutes,
            ben: change.ben.unwrap_or(self.like.ben),
            room: change.room.unwrap_or(self.like.room),
            link: change.link.unwrap_or(self.like.link),
            ..self.like
        };
        let visible = (like.ben, like.room, like.link) != (self.like.ben, self.like.room, self.like.link);
        let id = if continues && (recurs || visible) { parted } else { self.id };
        let new = Self { id, every, first: start, end, like, entries: Vec::new(), made: self.made, over: false };
        let anew = recurs || end != rest || change.reset;
        if recurs || !continues || id != self.id {
            return (new, Some(start).filter(|_| anew));
        }
        let end = match end {
            End::Count(count) => End::Count(count + self.count_before(from)),
            End::Never | End::Until(_) => end,
        };
        (Self { every: self.every, first: self.first, end, ..new }, Some(from).filter(|_| anew))
    }

    /// What each of those that follow comes to, and the new dates, if they are laid out anew.
    fn items(
        &self,
        named: usize,
        change: &Change,
        (new, begins): (&Self, Option<NaiveDateTime>),
        now: NaiveDateTime,
    ) -> (Vec<Item>, Option<Vec<NaiveDateTime>>) {
        let from = self.entries[named].place;
        let old: Vec<Entry> = self.following(from).copied().collect();
        let Some(begins) = begins else {
            let stays = |entry: Entry| match entry.fate {
                Fate::Stands(_) => Item::Goes(entry, entry.place),
                Fate::Cancelled | Fate::Deleted | Fate::Taken => Item::Stays(entry, entry.place),
            };
            return (old.into_iter().map(stays).collect(), None);
        };
        let moves = new.every == self.moved(from, begins);
        let (horizon, last) = (new.horizon(now), old.last().unwrap().place.date());
        let wanted =
            |index: usize, start: NaiveDateTime| start <= horizon || if moves { index < old.len() } else { start.date() <= last };
        let dates = new.dates(wanted, begins);
        let meant = |entry: Option<&Entry>, place: Option<&NaiveDateTime>| match (entry, place) {
            (None, None) => None,
            (None, Some(place)) => Some(Item::New(*place)),
            (Some(entry), None) => entry.stands().map(|_| Item::Drops(*entry)),
            (Some(entry), Some(place)) => Some(match entry.fate {
                Fate::Stands(_) => Item::Goes(*entry, *place),
                Fate::Taken if *place < now => Item::Stays(*entry, *place),
                Fate::Taken => Item::New(*place),
                Fate::Cancelled | Fate::Deleted if change.reset && *place >= now => Item::New(*place),
                Fate::Cancelled | Fate::Deleted => Item::Stays(*entry, *place),
            }),
        };
        let mut items = Vec::new();
        if moves {
            items.extend((0..old.len().max(dates.len())).filter_map(|n| meant(old.get(n), dates.get(n))));
            return (items, Some(dates));
        }
        // The first is the first; then dates that both have; between them one after the other.
        items.extend(meant(old.first(), dates.first()));
        let (mut i, mut j) = (1, 1);
        while i < old.len() || j < dates.len() {
            let shared = old[i..].iter().map(|entry| entry.place.date()).find(|date| dates[j..].iter().any(|d| d.date() == *date));
            let until = |all: Vec<NaiveDate>| all.iter().position(|date| Some(*date) == shared).unwrap_or(all.len());
            let (olds, news) = (
                until(old[i..].iter().map(|entry| entry.place.date()).collect()),
                until(dates[j..].iter().map(NaiveDateTime::date).collect()),
            );
            items.extend((0..olds.max(news)).filter_map(|n| {
                meant(Some(n).filter(|n| *n < olds).map(|n| &old[i + n]), Some(n).filter(|n| *n < news).map(|n| &dates[j + n]))
            }));
            (i, j) = (i + olds, j + news);
            if shared.is_some() {
                items.extend(meant(old.get(i), dates.get(j)));
                (i, j) = (i + 1, j + 1);
            }
        }
        (items, Some(dates))
    }

    /// Whether it was moved by hand, and nobody says that it is not to be.
    fn is_by_hand(&self, entry: &Entry, named: usize, change: &Change) -> bool {
        let is_sent = change.reset || (self.entries[named].session == entry.session && change.time.is_some());
        !is_sent && entry.stands().is_some_and(|at| at.start != entry.place)
    }

    /// How one goes with the series: what was changed by hand stays.
    fn followed(&self, entry: &Entry, named: usize, place: NaiveDateTime, change: &Change, new: &Self, now: NaiveDateTime) -> At {
        let at = entry.stands().unwrap();
        if !at.is_to_come(now) {
            return at;
        }
        let is_named = self.entries[named].session == entry.session;
        let takes = |differs: bool, changes: bool| change.reset || !differs || (is_named && changes);
        let (was, is) = (&self.like, &new.like);
        let mut after = at;
        if takes(at.ben != was.ben, was.ben != is.ben) {
            after.ben = is.ben;
        }
        if takes(at.room != was.room, was.room != is.room) {
            after.room = is.room;
        }
        if takes(at.link != was.link, was.link != is.link) {
            after.link = is.link;
        }
        let (mut start, mut minutes) = (at.start, at.minutes);
        if takes(at.start != entry.place, place != entry.place) || (is_named && change.time.is_some()) {
            start = place;
        }
        if takes(at.minutes != was.minutes, was.minutes != is.minutes) {
            minutes = is.minutes;
        }
        if start >= now {
            (after.start, after.minutes) = (start, minutes);
        }
        after
    }
}
