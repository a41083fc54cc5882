//! What is to be done to several sessions of a series, as data. Whoever carries it out makes no choice that is not here or
//! in the records as they then are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Series, Timing, Why, hold_of};
use crate::{
    ids::{AttemptId, RoomId, SessionId},
    money::Amount,
    people::Membership,
    recipient::Recipient,
    session::{Deciding, Invitation, Template},
    text::Reason,
};

/// What to do where the time of a place is taken (B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfTaken {
    /// Leave it out.
    Skip,
    /// Book it all the same: staff say that the overlap is meant.
    Keep,
    /// Book nothing at all.
    Stop,
}

/// What to do where times are taken: for all places, and for those of which something else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnConflict {
    /// For all others.
    pub otherwise: IfTaken,
    /// For these, by their wall-clock start. Those to be skipped are left out though nothing is in the way.
    pub at: BTreeMap<NaiveDateTime, IfTaken>,
}

impl OnConflict {
    /// The same for all.
    pub fn all(otherwise: IfTaken) -> Self {
        Self { otherwise, at: BTreeMap::new() }
    }

    pub(crate) fn of(&self, original: NaiveDateTime) -> IfTaken {
        self.at.get(&original).copied().unwrap_or(self.otherwise)
    }

    /// Whether a place is to be left out whatever is there.
    pub(crate) fn leaves_out(&self, original: NaiveDateTime) -> bool {
        self.at.get(&original) == Some(&IfTaken::Skip)
    }
}

/// What the sessions of a series have in common: what one of them is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// When they are.
    pub timing: Timing,
    /// What they are.
    pub template: Template,
    /// Who was invited.
    pub invitation: Invitation,
}

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// A session is booked.
    Book {
        /// For this place.
        place: NaiveDateTime,
        /// With this id.
        session: SessionId,
        /// If its time is taken.
        if_taken: IfTaken,
    },
    /// A place gets no session.
    LeaveOut {
        /// Which.
        place: NaiveDateTime,
        /// Why.
        why: Why,
    },
    /// A session takes a place of the series as it is now, and what the series has become, as far as it was as the series
    /// said before.
    Carry {
        /// Which.
        session: SessionId,
        /// The place that it had.
        from: NaiveDateTime,
        /// The place that it gets.
        place: NaiveDateTime,
        /// If its time is taken.
        if_taken: IfTaken,
    },
    /// A session that was moved by hand, and whose place is no more, stands alone from now on.
    Part {
        /// Which.
        session: SessionId,
    },
    /// A session is cancelled.
    Cancel {
        /// Which.
        session: SessionId,
    },
    /// A session is deleted.
    Delete {
        /// Which.
        session: SessionId,
    },
    /// A place is no more.
    Forget {
        /// Which.
        place: NaiveDateTime,
    },
}

impl Step {
    /// The session that it is about.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Book { session, .. }
            | Self::Carry { session, .. }
            | Self::Part { session }
            | Self::Cancel { session }
            | Self::Delete { session } => Some(*session),
            Self::LeaveOut { .. } | Self::Forget { .. } => None,
        }
    }

    /// Whether the session is there before it is done.
    pub fn needs_session(&self) -> bool {
        match self {
            Self::Carry { .. } | Self::Part { .. } | Self::Cancel { .. } | Self::Delete { .. } => true,
            Self::Book { .. } | Self::LeaveOut { .. } | Self::Forget { .. } => false,
        }
    }

    /// The place whose time it takes.
    pub fn takes(&self) -> Option<NaiveDateTime> {
        match self {
            Self::Book { place, .. } | Self::Carry { place, .. } => Some(*place),
            Self::LeaveOut { .. } | Self::Part { .. } | Self::Cancel { .. } | Self::Delete { .. } | Self::Forget { .. } => None,
        }
    }
}

/// What a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Does {
    /// Books the series.
    Book,
    /// Carries it on towards the horizon.
    Extend {
        /// Until this place.
        until: NaiveDateTime,
    },
    /// Changes this and all that follow.
    Change {
        /// The first of them.
        from: NaiveDateTime,
        /// Its session: whatever changes, changes for that one.
        named: SessionId,
        /// Whether a time was given, at which that one shall be in any case.
        #[serde(default)]
        timed: bool,
        /// As which series they go on: a new one, or the same as it shall be.
        into: Box<Series>,
        /// What the sessions had in common before.
        before: Box<Outline>,
        /// Whether those that were moved or changed by hand become like the others again.
        reset: bool,
        /// Whether those invited are told.
        send_updates: bool,
    },
    /// Cancels this and all that follow.
    Cancel {
        /// The first of them.
        from: NaiveDateTime,
        /// Whether there is none before it.
        whole: bool,
        /// Who is told.
        told: Vec<Recipient>,
        /// What the first of them costs, where staff choose a fee other than the policy's.
        fee: Option<(SessionId, Amount)>,
    },
    /// Deletes this and all that follow.
    Delete {
        /// The first of them.
        from: NaiveDateTime,
        /// Whether there is none before it.
        whole: bool,
    },
}

/// Which part of a plan is being worked off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// All times are held, before anything is booked.
    Holding,
    /// What was held is given back, since something that was to be held was taken.
    Releasing,
    /// What the plan says is done.
    Doing,
    /// What the plan says is done, at the times that are held for it.
    Redeeming,
}

/// How far a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// In which part.
    pub stage: Stage,
    /// How many steps of it are done.
    pub done: u32,
}

/// What is to be done to several sessions of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which attempt made it.
    pub attempt: AttemptId,
    /// Who wanted it.
    pub by: Membership,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<Reason>,
    /// What for.
    pub does: Does,
    /// The highest SEQUENCE among the series' sessions.
    pub highest: u32,
    /// The room that sessions are to be in, if it is one that can be taken.
    pub room: Option<RoomId>,
    /// One after the other.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Who decided it, and when.
    pub fn deciding(&self) -> Deciding<'_> {
        Deciding { actor: &self.by, now: self.at, attempt: self.attempt }
    }

    /// Whether it may come to nothing because a time is taken.
    pub fn may_stop(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Book { if_taken, .. } | Step::Carry { if_taken, .. } => *if_taken == IfTaken::Stop,
            Step::LeaveOut { .. } | Step::Part { .. } | Step::Cancel { .. } | Step::Delete { .. } | Step::Forget { .. } => false,
        })
    }

    /// All sessions that it is about, and the names under which it holds their times: among themselves they never clash.
    pub fn own(&self) -> BTreeSet<SessionId> {
        let sessions = self.steps.iter().filter_map(Step::session);
        sessions.flat_map(|session| [session, hold_of(session, self.attempt)]).collect()
    }
}
