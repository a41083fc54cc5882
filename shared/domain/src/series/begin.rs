//! How a plan begins: what becomes of the series themselves before the first of their sessions is touched.

use chrono::{DateTime, Days, NaiveDateTime, Utc};

use super::{Busy, Does, Plan, Series, Stage, Standing, Working};
use crate::{recipient::Recipient, recurrence::Ends};

/// The series of a plan, as they stand once it has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The one beside which the plan stands.
    pub owner: Series,
    /// The one that continues it, where it is parted.
    pub parted: Option<Series>,
}

impl Plan {
    /// The series while times are only held: nothing else of it changes.
    #[expect(clippy::unused_self, reason = "which series is held is the plan's to say")]
    pub fn holding(&self, mut owner: Series) -> Series {
        owner.touch();
        owner.busy = Some(Busy::Here(Working { stage: Stage::Holding, done: 0 }));
        owner
    }

    /// The series once sessions are about to change. `owner` is as it was read.
    pub fn begun(&self, mut owner: Series, stage: Stage, now: DateTime<Utc>) -> Begun {
        owner.touch();
        let mut parted = None;
        match &self.does {
            Does::Book => owner.standing = Standing::Standing,
            Does::Extend { until } => owner.made_until = Some(*until),
            Does::Change { into, .. } if into.id == owner.id => owner = Series { revision: owner.revision, ..(**into).clone() },
            Does::Change { from, into, .. } => {
                owner.cut(*from, self.highest, now);
                parted = Some(Series { busy: Some(Busy::With { series: owner.id }), ..(**into).clone() });
            }
            Does::Cancel { whole: true, .. } => {
                owner.raise_sequence(self.highest, now);
                owner.standing = Standing::Cancelled { at: now, by: self.by.name.clone() };
            }
            Does::Delete { whole: true, .. } => owner.standing = Standing::Deleted { at: now, by: self.by.name.clone() },
            Does::Cancel { from, whole: false, .. } | Does::Delete { from, whole: false } => owner.cut(*from, self.highest, now),
        }
        if let Does::Cancel { told, .. } = &self.does {
            let invited = |r: &&Recipient| owner.invitation.recipients().any(|i| i.id == r.id);
            owner.notified = told.iter().filter(|r| !invited(r)).cloned().collect();
        }
        owner.busy = Some(Busy::Here(Working { stage, done: 0 }));
        Begun { owner, parted }
    }
}

impl Series {
    /// Gives up what was held for a plan: all is as before.
    pub fn release(&mut self, plan: &Plan) {
        match &plan.does {
            Does::Book => self.standing = Standing::Released,
            Does::Extend { .. } | Does::Change { .. } | Does::Cancel { .. } | Does::Delete { .. } => {}
        }
        self.busy = None;
    }

    /// Ends before a place.
    fn cut(&mut self, from: NaiveDateTime, highest: u32, now: DateTime<Utc>) {
        let before = self.timing.last_before(from);
        let day_before = from.date().checked_sub_days(Days::new(1)).unwrap_or(from.date());
        // The last that there is before it: so it reads as people would say it.
        let last_day = before.map_or(day_before, |last| last.date());
        self.timing.rule.ends = Ends::On(last_day);
        self.made_until = self.made_until.map(|until| before.map_or(until, |last| until.min(last)));
        self.end_flagged = true;
        self.raise_sequence(highest, now);
        self.shortened_at = Some(self.sequence);
    }
}
