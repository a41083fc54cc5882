//! How the places of a session and all that follow it are laid out anew: which goes on where, and what is no more.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{
    ChangeSeries, Place, Series, Step, Taken, Timing, Why,
    pair::{Pair, by_date, in_order},
};
use crate::{
    recurrence::Occurrence,
    session::{Details, Session},
};

/// What is laid out, and by which wish.
pub(super) struct Layout<'a> {
    pub(super) wish: &'a ChangeSeries,
    /// As it is.
    pub(super) series: &'a Series,
    pub(super) following: &'a [&'a (Place, Option<Session>)],
    pub(super) parts: bool,
    pub(super) reset: bool,
    pub(super) now: DateTime<Utc>,
}

impl Layout<'_> {
    /// The new places, as far ahead as sessions are made or were made: none that was made is lost to the horizon.
    pub(super) fn near(&self, timing: &Timing, begins: NaiveDateTime) -> Vec<Occurrence> {
        let (horizon, moves) = (Series::horizon(timing, self.now), self.moves(timing, begins));
        let last = self.following.last().map(|(place, _)| place.original.date());
        let is_near = |(index, occurrence): &(usize, Occurrence)| {
            let start = occurrence.local_start();
            let was_made = if moves { *index < self.following.len() } else { last.is_some_and(|last| start.date() <= last) };
            was_made || timing.zone.instant_or_next(start) <= horizon
        };
        timing.occurrences_from(begins).enumerate().take_while(is_near).map(|(_, occurrence)| occurrence).collect()
    }

    /// Every place that follows becomes a new one, as far as there is one.
    pub(super) fn steps(&self, into: &Series, near: &[Occurrence]) -> Vec<Step> {
        let new: Vec<NaiveDateTime> = near.iter().map(Occurrence::local_start).collect();
        let old: Vec<NaiveDateTime> = self.following.iter().map(|(place, _)| place.original).collect();
        let at = |original: NaiveDateTime| self.following.iter().find(|(place, _)| place.original == original);
        let exists =
            |original: NaiveDateTime| near.iter().any(|o| matches!(o, Occurrence::At(slot) if slot.local_start() == original));
        let book = |place: NaiveDateTime| {
            if self.wish.on_conflict.leaves_out(place) {
                Step::LeaveOut { place, why: Why::Asked }
            } else if exists(place) {
                Step::Book { place, session: into.session_id(place), if_taken: self.wish.on_conflict.of(place) }
            } else {
                Step::LeaveOut { place, why: Why::DoesNotExist }
            }
        };
        let is_past = |place: NaiveDateTime| into.timing.zone.instant_or_next(place) < self.now;
        let mut steps = Vec::new();
        let moves = new.first().is_some_and(|to| self.moves(&into.timing, *to));
        for pair in if moves { in_order(&old, &new) } else { by_date(&old, &new) } {
            match pair {
                Pair::New(place) => steps.push(book(place)),
                Pair::Both(from, place) => match at(from) {
                    Some((_, Some(session))) if !stands(session) && self.reset && !is_past(place) => steps.push(book(place)),
                    Some((_, Some(session))) => steps.extend(self.continued(session, from, place, exists(place))),
                    Some((Place { taken: Taken::LeftOut { why }, .. }, None))
                        if is_past(place) || (*why == Why::Asked && !self.reset) =>
                    {
                        steps.push(Step::LeaveOut { place, why: *why });
                    }
                    Some((_, None)) | None => steps.push(book(place)),
                },
                Pair::Old(original) => {
                    if let Some((_, Some(session))) = at(original) {
                        steps.push(self.dropped(session, original));
                    }
                }
            }
        }
        // What is no more is forgotten beside the series that owned it; a new one has places of its own.
        let gone = old.iter().filter(|original| self.parts || !new.contains(original));
        steps.extend(gone.map(|original| Step::Forget { place: *original }));
        steps
    }

    /// Whether the rule stays the same, and moves with the one named.
    fn moves(&self, timing: &Timing, to: NaiveDateTime) -> bool {
        let moved = self.series.timing.rule.moved(self.wish.named.1, to);
        (moved.pattern, moved.interval) == (timing.rule.pattern, timing.rule.interval)
    }

    fn continued(&self, session: &Session, from: NaiveDateTime, place: NaiveDateTime, exists: bool) -> Vec<Step> {
        if !stands(session) {
            return vec![self.wish.carried(session, from, place)];
        }
        if self.wish.on_conflict.leaves_out(place) {
            return left_out(session, place, Why::Asked);
        }
        if !exists {
            return vec![self.dropped(session, from), Step::LeaveOut { place, why: Why::DoesNotExist }];
        }
        vec![self.wish.carried(session, from, place)]
    }

    /// Nothing is in the place of a session any more. Where it was moved by hand it does not need one.
    fn dropped(&self, session: &Session, original: NaiveDateTime) -> Step {
        let Details { id, slot, .. } = session.details();
        let is_sent = self.wish.timing.is_some() && *id == self.wish.named.0;
        let moved = slot.local_start() != original || *slot.zone() != self.series.timing.zone;
        if moved && !is_sent && !self.reset { Step::Part { session: *id } } else { Step::Cancel { session: *id } }
    }
}

pub(super) fn left_out(session: &Session, place: NaiveDateTime, why: Why) -> Vec<Step> {
    vec![Step::Cancel { session: session.details().id }, Step::LeaveOut { place, why }]
}

pub(super) fn stands(session: &Session) -> bool {
    match session {
        Session::Scheduled(_) | Session::Closed(_) => true,
        Session::Cancelled(_) | Session::Deleted(_) => false,
    }
}
