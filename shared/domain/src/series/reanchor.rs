//! What new time-zone rules make of a series: its sessions are re-anchored one by one, and then its own entry goes out with
//! the new rules, once (B3).

use chrono::{DateTime, Utc};

use super::Series;
use crate::{
    event::{Actor, Change, Event},
    ids::AttemptId,
    session::Session,
    zone::{TzRelease, tz_version},
};

impl Series {
    /// The series with the rules of this release, and what must follow. Nothing, if calendars know these rules or newer ones.
    ///
    /// Calendars are told only where the instant of a session that is as the series says has moved: such a session has a
    /// SEQUENCE of its own that is newer than the series' last.
    pub fn reanchored<'a>(
        &self,
        sessions: impl Iterator<Item = &'a Session>,
        attempt: AttemptId,
        now: DateTime<Utc>,
    ) -> Option<(Self, Option<Event>)> {
        let known = TzRelease::parse(&self.tz_version);
        if known >= TzRelease::current() {
            return None;
        }
        let mut series = self.clone();
        tz_version().clone_into(&mut series.tz_version);
        series.touch();
        let mut highest = 0;
        let mut moved = false;
        for session in sessions {
            let details = session.details();
            highest = highest.max(details.sequence);
            let by_series = details.occurrence.as_ref().is_some_and(|occurrence| details.sequence <= occurrence.described);
            moved |= by_series && details.stamped_at > self.stamped_at;
        }
        if !moved || !self.stands() {
            return Some((series, None));
        }
        series.raise_sequence(highest, now);
        let effects = series.invite_effects();
        let event = Event {
            practice: series.practice,
            subject: series.id.into(),
            revision: series.revision,
            attempt,
            at: now,
            actor: Actor::hourkeep(),
            change: Change::SeriesReanchored { updated: effects.len() },
            reason: None,
            part_of: None,
            effects,
        };
        Some((series, Some(event)))
    }
}
