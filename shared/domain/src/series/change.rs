//! Change a session and all that follow it in its series: time, length, weekday, rule, end, practitioner, room, services,
//! link, recipients (S8, B5).

use chrono::NaiveDateTime;
use serde::Deserialize;

use super::{
    Does, OnConflict, Place, Plan, Series, SeriesNaming, Standing, Step, Taken, Timing, Why,
    book::fitting,
    end::{highest_sequence, stands_before},
    extend,
    layout::{Layout, left_out, stands},
};
use crate::{
    ids::{RoomId, SessionId},
    practice::Practice,
    recipient::Recipient,
    recurrence::{Count, Ends, Occurrence, Rule},
    session::{Blocked, Deciding, Invitation, Session, Status, Template, bookable},
    slot::{Minutes, Unresolved, Wall},
    text::Reason,
    zone::{Zone, tz_version},
};

/// The wish that this and all that follow be otherwise.
#[derive(Clone, Debug)]
pub struct ChangeSeries {
    /// The session that was named, and its place.
    pub named: (SessionId, NaiveDateTime),
    /// When they shall be; as before if not given.
    pub timing: Option<NewTiming>,
    /// What they shall be.
    pub template: Template,
    /// The room's sheet, if it is one that can be taken.
    pub room: Option<RoomId>,
    /// Who shall be invited.
    pub invitation: Invitation,
    /// What becomes of those that were moved or changed by hand.
    pub exceptions: Exceptions,
    /// What to do where a time is taken.
    pub on_conflict: OnConflict,
    /// Whether those invited are mailed: by default exactly when invites went out and the times or recipients change (P10).
    pub send_updates: Option<bool>,
    /// Why.
    pub reason: Option<Reason>,
}

/// When the sessions shall be.
#[derive(Clone, Debug)]
pub struct NewTiming {
    /// The wall-clock start of the one that was named.
    pub local_start: NaiveDateTime,
    /// The zone; as before if not given.
    pub zone: Option<Zone>,
    /// How long each lasts; as before if not given.
    pub length: Option<Minutes>,
    /// The rule of this and those that follow, as text; as before, moved along with the one named, if not given.
    pub rule: Option<String>,
}

/// What becomes of sessions that were moved, changed or cancelled by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exceptions {
    /// They stay as they are.
    Keep,
    /// They become like the others, and for those that were cancelled new ones are booked.
    Reset,
}

/// Why a series is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeSeriesRefused {
    /// The named session no longer is Scheduled.
    #[error("A session and those that follow can be changed while it is scheduled; this one is {0}. Begin with a later one.")]
    NotScheduled(Status),
    /// The new rule cannot be, or does not give the new start.
    #[error(transparent)]
    Rule(#[from] super::BookSeriesRefused),
    /// Nothing in the wish differs from what is.
    #[error("Nothing would change.")]
    NothingToDo,
    /// Nobody was invited.
    #[error("No invites were sent for this series, so there is nobody to send an update to. Send invites instead.")]
    NoInvitesToUpdate,
    /// The new start cannot be.
    #[error(transparent)]
    Blocked(#[from] Blocked),
}

impl ChangeSeries {
    /// Decides. `places` are all of the series, each with its session as it is. Without a session before the one named the
    /// series itself changes and keeps its UID; otherwise it ends before that one, and a new one begins with it.
    pub fn decide(
        self,
        series: &Series,
        places: &[(Place, Option<Session>)],
        practice: &Practice,
        naming: SeriesNaming,
        deciding: Deciding<'_>,
    ) -> Result<Plan, ChangeSeriesRefused> {
        let (named, from) = self.named;
        let session = places.iter().filter_map(|(_, session)| session.as_ref()).find(|session| session.details().id == named);
        match session.map(|session| session.status(&practice.policies, deciding.now)) {
            Some(Status::Scheduled) => {}
            Some(other) => return Err(ChangeSeriesRefused::NotScheduled(other)),
            None => return Err(ChangeSeriesRefused::NotScheduled(Status::Deleted)),
        }
        let timing = self.new_timing(series, from)?;
        if let Some(wanted) = &self.timing {
            bookable(wanted.local_start, &timing.zone, timing.length, None, deciding.now)?;
        }
        let recurs_anew = recurs_otherwise(&series.timing, &timing, from);
        let ends_anew = timing.rule.ends != remaining(series, from).ends;
        let shown = |t: &Template| (t.room, t.location, t.url.clone(), t.instructions.clone(), t.practitioner);
        let visible = shown(&series.template) != shown(&self.template);
        let invites_anew = self.invitation != series.invitation;
        if !recurs_anew && !ends_anew && !invites_anew && self.template == series.template && self.exceptions == Exceptions::Keep {
            return Err(ChangeSeriesRefused::NothingToDo);
        }
        if self.send_updates == Some(true) && !self.invitation.went_out() && !series.invitation.went_out() {
            return Err(ChangeSeriesRefused::NoInvitesToUpdate);
        }
        // The series itself changes where none before takes place or took place.
        let continues = stands_before(places, from);
        let parts = continues && (recurs_anew || visible || invites_anew);
        let highest = highest_sequence(places);
        let begins_anew = recurs_anew || !continues;
        let reset = self.exceptions == Exceptions::Reset;
        let mut into =
            if parts { self.parted(series, timing, naming, deciding) } else { self.in_place(series, timing, from, begins_anew) };
        if !parts && (recurs_anew || ends_anew || visible || invites_anew || reset) {
            into.raise_sequence(highest, deciding.now);
        }
        // Beyond its last date lies what was ended before with all that followed: that is no exception.
        let is_of_rule = |place: &Place| match series.timing.rule.ends {
            Ends::On(last) => place.original.date() <= last,
            Ends::Never | Ends::After(_) => true,
        };
        let following = places.iter().filter(|(place, _)| place.original >= from && is_of_rule(place));
        let mut following: Vec<&(Place, Option<Session>)> = following.collect();
        following.sort_by_key(|(place, _)| place.original);
        let steps = if recurs_anew || ends_anew || reset {
            let earlier = places.iter().map(|(place, _)| place.original).filter(|original| *original < from).max();
            let begins = if parts || begins_anew { into.timing.first } else { from };
            let layout = Layout { wish: &self, series, following: &following, parts, reset, now: deciding.now };
            let near = layout.near(&into.timing, begins);
            into.made_until = near.last().map(Occurrence::local_start).or(earlier.filter(|_| !parts));
            layout.steps(&into, &near)
        } else {
            self.stay(&following, parts)
        };
        let decided: Vec<NaiveDateTime> = steps.iter().filter_map(extend::place).collect();
        if let Some(unknown) = self.on_conflict.at.keys().find(|place| !decided.contains(place)) {
            return Err(ChangeSeriesRefused::Rule(super::BookSeriesRefused::NoSuchPlace(Wall(*unknown))));
        }
        // Where the series is parted its second half has a UID of its own, and whoever holds the first must learn of both.
        let send_updates = self.send_updates.unwrap_or(recurs_anew || ends_anew || invites_anew || parts || reset)
            && (into.invitation.went_out() || !into.withdrawn.is_empty());
        let before = Box::new(series.outline());
        let timed = self.timing.is_some();
        let does = Does::Change { from, named, timed, into: Box::new(into), before, reset, send_updates };
        let (attempt, by, at) = (deciding.attempt, deciding.actor.clone(), deciding.now);
        Ok(Plan { attempt, by, at, reason: self.reason, does, highest, room: self.room, steps })
    }

    fn new_timing(&self, series: &Series, from: NaiveDateTime) -> Result<Timing, ChangeSeriesRefused> {
        let rest = remaining(series, from);
        let Some(wanted) = &self.timing else {
            return Ok(Timing { rule: rest, first: from, ..series.timing.clone() });
        };
        let rule = match &wanted.rule {
            Some(text) => fitting(text, wanted.local_start)?,
            None => rest.moved(from, wanted.local_start),
        };
        Ok(Timing {
            rule,
            first: wanted.local_start,
            zone: wanted.zone.clone().unwrap_or_else(|| series.timing.zone.clone()),
            length: wanted.length.unwrap_or(series.timing.length),
        })
    }

    fn parted(&self, series: &Series, timing: Timing, naming: SeriesNaming, deciding: Deciding<'_>) -> Series {
        Series {
            id: naming.series,
            practice: series.practice,
            root: series.root,
            continues: Some(series.id),
            timing,
            template: self.template.clone(),
            invitation: self.invitation.clone(),
            withdrawn: Vec::new(),
            notified: Vec::new(),
            standing: Standing::Standing,
            made_until: series.made_until,
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
        }
    }

    fn in_place(&self, series: &Series, timing: Timing, from: NaiveDateTime, begins_anew: bool) -> Series {
        let mut into = series.clone();
        let gone: Vec<Recipient> =
            series.invitation.recipients().filter(|r| !self.invitation.recipients().any(|kept| kept.id == r.id)).cloned().collect();
        into.withdrawn.retain(|r| !self.invitation.recipients().any(|kept| kept.id == r.id));
        into.withdrawn.extend(gone);
        into.template = self.template.clone();
        into.invitation = self.invitation.clone();
        // Where sessions come before it, the first of them stays the first.
        into.timing = if begins_anew { timing } else { with_end_of(&series.timing, &timing, counted(series, from)) };
        into.layout += 1;
        into.end_flagged = false;
        into
    }

    /// Nothing moves: every session stays in its place.
    fn stay(&self, following: &[&(Place, Option<Session>)], parts: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        for (Place { original: place, taken }, session) in following {
            match (session, taken) {
                (Some(session), _) if stands(session) && self.on_conflict.leaves_out(*place) => {
                    steps.extend(left_out(session, *place, Why::Asked));
                }
                (Some(session), _) => steps.push(self.carried(session, *place, *place)),
                (None, Taken::LeftOut { why }) if parts => steps.push(Step::LeaveOut { place: *place, why: *why }),
                (None, Taken::LeftOut { .. } | Taken::Session { .. }) => {}
            }
        }
        if parts {
            steps.extend(following.iter().map(|(place, _)| Step::Forget { place: place.original }));
        }
        steps
    }

    pub(super) fn carried(&self, session: &Session, from: NaiveDateTime, place: NaiveDateTime) -> Step {
        Step::Carry { session: session.details().id, from, place, if_taken: self.on_conflict.of(place) }
    }
}

/// Whether places lie elsewhere than before, apart from how far they go.
fn recurs_otherwise(was: &Timing, is: &Timing, from: NaiveDateTime) -> bool {
    let pattern = |rule: &Rule| (rule.pattern, rule.interval);
    (pattern(&was.rule), &was.zone, was.length) != (pattern(&is.rule), &is.zone, is.length) || is.first != from
}

/// The rule of what is left of a series from a place on.
fn remaining(series: &Series, from: NaiveDateTime) -> Rule {
    let ends = match series.timing.rule.ends {
        Ends::After(count) => after(usize::from(count.get()).saturating_sub(counted(series, from))),
        ends @ (Ends::Never | Ends::On(_)) => ends,
    };
    Rule { ends, ..series.timing.rule }
}

/// How many occurrences count before a place.
fn counted(series: &Series, before: NaiveDateTime) -> usize {
    let earlier = |o: &Occurrence| o.local_start() < before;
    let takes_place = |o: &Occurrence| match o {
        Occurrence::At(_) => true,
        Occurrence::Gap { .. } => false,
    };
    series.timing.occurrences(None).take_while(earlier).filter(takes_place).count()
}

fn after(count: usize) -> Ends {
    let count = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
    Count::new(count).map_or(Ends::Never, Ends::After)
}

/// A series that ends as the rest of it does, so many having been before. Where they are more in all than a rule counts, or
/// go on for longer, it ends on the date of the last.
fn with_end_of(whole: &Timing, rest: &Timing, before: usize) -> Timing {
    let with = |ends| Timing { rule: Rule { ends, ..whole.rule }, ..whole.clone() };
    let Ends::After(count) = rest.rule.ends else { return with(rest.rule.ends) };
    let start = |occurrence: Occurrence| occurrence.local_start();
    let (counted, last) = (with(after(usize::from(count.get()) + before)), rest.last().map(start));
    match last {
        Some(last) if counted.last().map(start) != Some(last) => with(Ends::On(last.date())),
        Some(_) | None => counted,
    }
}

impl From<Unresolved> for ChangeSeriesRefused {
    fn from(unresolved: Unresolved) -> Self {
        Self::Blocked(unresolved.into())
    }
}
