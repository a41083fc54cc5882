//! Carries a series on: its sessions are made a year ahead, week by week.

use chrono::{DateTime, Utc};

use super::{Does, IfTaken, Plan, Series, Step, Why};
use crate::{
    ids::{AttemptId, RoomId},
    people::Membership,
    recurrence::Occurrence,
};

impl Series {
    /// What is to be booked so that sessions are made far enough ahead of `now`; nothing, if they are. A time that is taken
    /// is left out: nobody is there to be asked.
    pub fn to_extend(&self, room: Option<RoomId>, by: &Membership, attempt: AttemptId, now: DateTime<Utc>) -> Option<Plan> {
        if !self.stands() || self.busy.is_some() {
            return None;
        }
        let steps = self.to_book(now, |_| IfTaken::Skip, |_| false);
        let until = steps.iter().filter_map(place).max()?;
        let does = Does::Extend { until };
        Some(Plan { attempt, by: by.clone(), at: now, reason: None, does, highest: 0, room, steps })
    }

    /// A step for every occurrence after the last place that was decided upon, as far ahead as sessions are made.
    pub(super) fn to_book(
        &self,
        now: DateTime<Utc>,
        if_taken: impl Fn(chrono::NaiveDateTime) -> IfTaken,
        leaves_out: impl Fn(chrono::NaiveDateTime) -> bool,
    ) -> Vec<Step> {
        let horizon = Self::horizon(&self.timing, now);
        let zone = &self.timing.zone;
        let near = self.timing.occurrences(self.made_until).take_while(|o| zone.instant_or_next(o.local_start()) <= horizon);
        let step = |occurrence: Occurrence| match occurrence {
            Occurrence::Gap { local_start, .. } => Step::LeaveOut { place: local_start, why: Why::DoesNotExist },
            Occurrence::At(slot) if leaves_out(slot.local_start()) => Step::LeaveOut { place: slot.local_start(), why: Why::Asked },
            Occurrence::At(slot) => {
                let place = slot.local_start();
                Step::Book { place, session: self.session_id(place), if_taken: if_taken(place) }
            }
        };
        near.map(step).collect()
    }
}

/// The place that a step decides upon.
pub(super) fn place(step: &Step) -> Option<chrono::NaiveDateTime> {
    match step {
        Step::Book { place, .. } | Step::LeaveOut { place, .. } | Step::Carry { place, .. } => Some(*place),
        Step::Part { .. } | Step::Cancel { .. } | Step::Delete { .. } | Step::Forget { .. } => None,
    }
}
