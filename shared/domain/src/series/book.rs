//! Book a series (S7, N5, B4).

use chrono::NaiveDateTime;

use super::{Does, OnConflict, Place, Plan, Seed, Series, Standing, Taken, Timing, extend};
use crate::{
    ids::{PracticeId, RoomId, SeriesId},
    recurrence::{BadRule, Rule},
    session::{Deciding, ScheduleRefused, Terms, bookable},
    slot::Wall,
    text::Reason,
    zone::tz_version,
};

/// The wish for a series, its terms settled.
#[derive(Clone, Debug)]
pub struct BookSeries {
    /// What its sessions are, and who is invited.
    pub terms: Terms,
    /// When they are.
    pub timing: Timing,
    /// What to do where a time is taken.
    pub on_conflict: OnConflict,
}

/// What was made up before the first attempt, so that every attempt means the same series.
#[derive(Clone, Copy, Debug)]
pub struct SeriesNaming {
    /// The series' id.
    pub series: SeriesId,
    /// From which its codes follow.
    pub seed: Seed,
}

/// Why a series is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookSeriesRefused {
    /// One of its sessions could not be booked either.
    #[error(transparent)]
    Schedule(#[from] ScheduleRefused),
    /// The rule cannot be read.
    #[error("The rule {0}.")]
    BadRule(#[from] BadRule),
    /// The first session is none that the rule gives.
    #[error("The rule gives no session at {asked}. {}", next_words(*.next))]
    NotByRule {
        /// The first session as asked for.
        asked: Wall,
        /// The first one that the rule does give.
        next: Option<Wall>,
    },
    /// Something is said of a place that there is not.
    #[error("The series has no session at {0}, so there is no conflict to decide upon.")]
    NoSuchPlace(Wall),
}

fn next_words(next: Option<Wall>) -> String {
    next.map_or_else(|| "It gives none after it either.".to_owned(), |next| format!("The next one that it gives is {next}."))
}

/// The first start of a rule that is read from text, where that is one that the rule gives.
pub fn fitting(rule: &str, first: NaiveDateTime) -> Result<Rule, BookSeriesRefused> {
    let rule = Rule::parse(rule, first)?;
    match rule.first_at_or_after(first) {
        Some(next) if next == first => Ok(rule),
        next => Err(BookSeriesRefused::NotByRule { asked: Wall(first), next: next.map(Wall) }),
    }
}

impl BookSeries {
    /// Decides: the series, and all that is to be booked of it.
    pub fn decide(
        self,
        practice: PracticeId,
        naming: SeriesNaming,
        room: Option<RoomId>,
        reason: Option<Reason>,
        deciding: Deciding<'_>,
    ) -> Result<(Series, Plan), BookSeriesRefused> {
        let Self { terms: Terms { template, invitation, .. }, timing, on_conflict } = self;
        bookable(timing.first, &timing.zone, timing.length, None, deciding.now).map_err(ScheduleRefused::from)?;
        let mut series = Series {
            id: naming.series,
            practice,
            root: naming.series,
            continues: None,
            timing,
            template,
            invitation,
            withdrawn: Vec::new(),
            notified: Vec::new(),
            standing: Standing::Held,
            made_until: None,
            end_flagged: false,
            tz_version: tz_version().to_owned(),
            shortened_at: None,
            busy: None,
            revision: 0,
            sequence: 0,
            stamped_at: deciding.now,
            created_at: deciding.now,
            layout: 0,
            seed: naming.seed,
        };
        let steps = series.to_book(deciding.now, |place| on_conflict.of(place), |place| on_conflict.leaves_out(place));
        let places: Vec<NaiveDateTime> = steps.iter().filter_map(extend::place).collect();
        if let Some(unknown) = on_conflict.at.keys().find(|place| !places.contains(place)) {
            return Err(BookSeriesRefused::NoSuchPlace(Wall(*unknown)));
        }
        series.made_until = places.last().copied();
        let plan = Plan {
            attempt: deciding.attempt,
            by: deciding.actor.clone(),
            at: deciding.now,
            reason,
            does: Does::Book,
            highest: 0,
            room,
            steps,
        };
        Ok((series, plan))
    }
}

/// How many of the places have a session.
pub(super) fn booked(places: &[Place]) -> usize {
    let has_session = |place: &&Place| match place.taken {
        Taken::Session { .. } => true,
        Taken::LeftOut { .. } => false,
    };
    places.iter().filter(has_session).count()
}
