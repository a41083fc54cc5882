//! What a letter says besides, when it is about a series or one occurrence of it (S7, P11).

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::{
    ids::{SeriesId, Subject},
    slot::Slot,
    text::{Instructions, Url},
    zone::Zone,
};
use serde::{Deserialize, Serialize};

use crate::letter::{Kind, Letter, Place};

/// Which part of a series a letter is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InSeries {
    /// The whole series. `Letter::slot` is the rule's first place, whatever has become of the session there; its zone is
    /// the series'. `Letter::session` is the session that link and code belong to, the next one.
    Whole(Box<Recurrence>),
    /// One occurrence: its override or its cancellation.
    One {
        /// The series; the calendar UID follows from it.
        series: SeriesId,
        /// The wall-clock start that the rule gives for it, in `original_zone`.
        original: NaiveDateTime,
        /// The zone of the series.
        original_zone: Zone,
    },
}

/// How a series recurs, and what differs from its rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// The series.
    pub series: SeriesId,
    /// The rule (RFC 5545 §3.3.10) without COUNT and UNTIL: `FREQ=WEEKLY;BYDAY=TU`.
    pub rrule: String,
    /// When the last occurrence starts. None: the series never ends.
    pub until: Option<DateTime<Utc>>,
    /// The rule in words, in the series' own wall time: `every Tuesday at 9:00, until 30 June 2027`.
    pub sentence: String,
    /// The first session still to come: the one that `Letter::session`, `session_link` and `code` belong to. None where
    /// none is left; then neither is shown.
    pub next: Option<Slot>,
    /// The places that hold no session, as wall time in the series' zone.
    pub excluded: Vec<NaiveDateTime>,
    /// The occurrences that differ from the rule and stand.
    pub overrides: Vec<Override>,
    /// Those of `excluded` that the letter names, since they were not booked: the time is taken, or the clocks skip it.
    pub left_out: Vec<NaiveDateTime>,
}

/// One occurrence that differs from what its series says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The wall-clock start that the rule gives for it, in the series' zone.
    pub original: NaiveDateTime,
    /// When it takes place.
    pub slot: Slot,
    /// Its SEQUENCE.
    pub sequence: u32,
    /// Its DTSTAMP.
    pub stamped_at: DateTime<Utc>,
    /// Where it takes place.
    pub place: Option<Place>,
    /// Its join link.
    pub url: Option<Url>,
    /// Its public page.
    pub session_link: Url,
    /// Its code.
    pub code: String,
    /// What the recipient should know or bring.
    pub instructions: Option<Instructions>,
}

impl fmt::Debug for Override {
    /// Leaves out link and code: logs are no place for them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Override").field("original", &self.original).field("sequence", &self.sequence).finish_non_exhaustive()
    }
}

impl InSeries {
    /// The series.
    pub fn series(&self) -> SeriesId {
        match self {
            Self::Whole(recurrence) => recurrence.series,
            Self::One { series, .. } => *series,
        }
    }
}

impl Letter {
    /// What its calendar entry and its thread are named after: the series, wherever it belongs to one.
    pub(crate) fn subject(&self) -> Subject {
        self.series.as_ref().map_or(Subject::Session(self.session), |within| Subject::Series(within.series()))
    }

    /// The series, if the letter is about all of it. A reminder never is, nor is a place left without a session.
    pub(crate) fn whole(&self) -> Option<&Recurrence> {
        let Some(InSeries::Whole(recurrence)) = &self.series else { return None };
        match self.kind {
            Kind::Invite | Kind::Update { .. } | Kind::Shortened | Kind::Cancellation { .. } | Kind::Notice { .. } => {
                Some(recurrence)
            }
            Kind::NotBooked { .. } | Kind::Reminder { .. } => None,
        }
    }

    /// Whether it is about one session of a series.
    pub(crate) fn is_of_a_series(&self) -> bool {
        matches!(self.series, Some(InSeries::One { .. }))
    }
}
