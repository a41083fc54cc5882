//! Carries out the steps of a plan, one session at a time.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{Does, IfTaken, Place, Plan, Series, Stage, Step, Taken, Timing, Why, hold_of};
use crate::{
    event::{Change, Effect, Event, Placed},
    ids::SessionId,
    money::Amount,
    practice::Practice,
    recipient::Recipient,
    session::{Cancel, Clash, Deciding, Delete, Details, Invitation, Occurrence, Scheduled, Session, Status, entry},
    sheet::{Diary, Entry, NotRead, Resource},
    slot::Slot,
};

/// Whoever carries out steps: what they know, and the sheets that they write upon.
#[derive(Debug)]
pub struct Hands<'a> {
    /// What is to be done.
    pub plan: &'a Plan,
    /// In which part of it.
    pub stage: Stage,
    /// The series as its sessions shall be.
    pub series: &'a Series,
    /// The practice.
    pub practice: &'a Practice,
    /// All sessions of the plan: [`Plan::own`].
    pub own: &'a BTreeSet<SessionId>,
    /// The sheets of where the sessions of these steps are and shall be.
    pub diaries: Vec<Diary>,
    /// When.
    pub now: DateTime<Utc>,
}

/// What one step came to.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The sessions that it wrote.
    pub sessions: Vec<Written>,
    /// What became of a place.
    pub place: Option<Place>,
    /// A place that is no more.
    pub forgotten: Option<NaiveDateTime>,
}

/// A session, as it was and as it is.
#[derive(Clone, Debug)]
pub struct Written {
    /// As it was, if it was there.
    pub before: Option<Session>,
    /// As it is.
    pub after: Session,
    /// What happened.
    pub event: Event,
}

/// A time is taken, and then nothing was to be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// By these.
    #[error("the time of a place is taken")]
    Taken {
        /// When it was to be.
        slot: Slot,
        /// What is there.
        clashes: Vec<Clash>,
    },
    /// A sheet that the step needs was not read. Never shown: the operation reads what it needs.
    #[error(transparent)]
    NotRead(#[from] NotRead),
}

/// Whether a time can be had.
pub(super) enum Had {
    Free,
    Overlapping,
    No,
}

impl Hands<'_> {
    /// Does a step. `session` is its session as it is now, if it has one.
    pub fn take(&mut self, step: &Step, session: Option<Session>) -> Result<Made, Stopped> {
        match self.stage {
            Stage::Holding => self.hold(step, session.as_ref()).map(|()| Made::default()),
            Stage::Releasing => {
                self.give_back(step);
                Ok(Made::default())
            }
            Stage::Doing => self.act(step, session),
            Stage::Redeeming => {
                let made = self.act(step, session)?;
                // Whatever became of its session, nothing is held for it any more.
                if step.needs_session() || made.sessions.is_empty() {
                    self.give_back(step);
                }
                Ok(made)
            }
        }
    }

    fn act(&mut self, step: &Step, session: Option<Session>) -> Result<Made, Stopped> {
        match (step, session) {
            (Step::Book { place, session, if_taken }, _) => self.book(*place, *session, *if_taken),
            (Step::LeaveOut { place, why }, _) => Ok(left_out(*place, *why)),
            (Step::Forget { place }, _) => Ok(Made { forgotten: Some(*place), ..Made::default() }),
            (Step::Carry { from, place, if_taken, .. }, Some(session)) => self.carry(session, *from, *place, *if_taken),
            (Step::Part { .. }, Some(session)) => Ok(self.part(session)),
            (Step::Cancel { .. }, Some(session)) => Ok(self.cancel(session)),
            (Step::Delete { .. }, Some(session)) => Ok(self.delete(session)),
            // Sessions are never taken away, so this one is there.
            (Step::Carry { .. } | Step::Part { .. } | Step::Cancel { .. } | Step::Delete { .. }, None) => Ok(Made::default()),
        }
    }

    pub(super) fn deciding(&self) -> Deciding<'_> {
        Deciding { now: self.now, ..self.plan.deciding() }
    }

    /// Where a session stands or shall stand.
    fn resources(&self, details: &Details) -> Vec<Resource> {
        let room = details.room.map(Resource::Room).filter(|room| {
            // A virtual room has no sheet; one that the session is in by hand has, if the session stands there.
            Some(*room) == self.plan.room.map(Resource::Room)
                || self.diaries.iter().any(|diary| diary.resource() == *room && diary.entry(details.id).is_some())
        });
        [Some(Resource::Practitioner(details.practitioner)), room].into_iter().flatten().collect()
    }

    fn clashes(&self, details: &Details, place: NaiveDateTime) -> Result<Vec<Clash>, NotRead> {
        let (entry, resources) = (entry(details, &self.practice.policies), self.resources(details));
        let regular = instant(&self.series.timing, place) == entry.starts_at;
        let mut clashes = Vec::new();
        for diary in self.diaries.iter().filter(|diary| resources.contains(&diary.resource())) {
            let others = diary.clashes(&entry)?.into_iter().filter(|other| self.is_in_the_way(other, details.id, regular));
            clashes.extend(others.map(|other| Clash { resource: diary.resource(), entry: other.clone() }));
        }
        Ok(clashes)
    }

    /// Where the rule puts them, or put them before, sessions of the plan are not in each other's way. One that is elsewhere,
    /// by hand, is in the way of all others, and they are in its.
    fn is_in_the_way(&self, other: &Entry, of: SessionId, regular: bool) -> bool {
        let attempt = self.plan.attempt;
        if !self.own.contains(&other.session) {
            return true;
        }
        if other.session == hold_of(of, attempt) {
            return false;
        }
        let steps = || self.plan.steps.iter().filter_map(|step| Some((step, step.session()?)));
        let its = steps().find(|(_, id)| *id == other.session);
        match its.or_else(|| steps().find(|(_, id)| hold_of(*id, attempt) == other.session)) {
            Some((Step::Book { place, .. }, _)) => !regular || instant(&self.series.timing, *place) != other.starts_at,
            Some((Step::Carry { from, place, .. }, id)) => {
                if instant(&self.series.timing, *place) == other.starts_at {
                    return !regular;
                }
                let Does::Change { before, reset, named, timed, .. } = &self.plan.does else { return false };
                let leaves = *reset || (*timed && *named == id) || instant(&before.timing, *from) == other.starts_at;
                !leaves
            }
            Some((Step::Part { .. }, _)) => true,
            Some((Step::Cancel { .. } | Step::Delete { .. } | Step::LeaveOut { .. } | Step::Forget { .. }, _)) | None => false,
        }
    }

    /// Whether the time of a session is held for it.
    fn is_held(&self, session: SessionId) -> bool {
        let is_new = self.plan.steps.iter().any(|step| !step.needs_session() && step.session() == Some(session));
        let held = if is_new { session } else { hold_of(session, self.plan.attempt) };
        self.stage == Stage::Redeeming && self.diaries.iter().any(|diary| diary.entry(held).is_some())
    }

    pub(super) fn have(&self, details: &Details, place: NaiveDateTime, if_taken: IfTaken) -> Result<Had, Stopped> {
        let clashes = self.clashes(details, place)?;
        if clashes.is_empty() {
            return Ok(Had::Free);
        }
        match (if_taken, self.stage) {
            // What was held was held against all but staff who meant to overlap it.
            (IfTaken::Keep, _) | (IfTaken::Stop, Stage::Redeeming) => Ok(Had::Overlapping),
            (IfTaken::Skip, _) if self.is_held(details.id) => Ok(Had::Overlapping),
            (IfTaken::Skip, _) => Ok(Had::No),
            (IfTaken::Stop, Stage::Holding | Stage::Releasing | Stage::Doing) => {
                Err(Stopped::Taken { slot: details.slot.clone(), clashes })
            }
        }
    }

    pub(super) fn put(&mut self, details: &Details) {
        let (entry, resources) = (entry(details, &self.practice.policies), self.resources(details));
        let hold = hold_of(details.id, self.plan.attempt);
        for diary in &mut self.diaries {
            diary.remove(hold);
            if resources.contains(&diary.resource()) {
                diary.put(&entry);
            } else {
                diary.remove(details.id);
            }
        }
    }

    fn clear(&mut self, session: SessionId) {
        let hold = hold_of(session, self.plan.attempt);
        for diary in &mut self.diaries {
            diary.remove(hold);
            diary.remove(session);
        }
    }

    fn new_details(&self, place: NaiveDateTime, session: SessionId) -> Option<Details> {
        let Series { timing, template, .. } = self.series;
        let slot = Slot::resolve(place, &timing.zone, timing.length, None).ok()?;
        let codes = self.series.codes(session, &template.clients);
        let named = (self.practice.id, session);
        let mut details = template.session(named, &codes, slot, self.series.invitation.clone(), self.deciding());
        details.occurrence =
            Some(Occurrence { series: self.series.id, original: place, root: self.series.root, described: details.sequence });
        Some(details)
    }

    fn book(&mut self, place: NaiveDateTime, session: SessionId, if_taken: IfTaken) -> Result<Made, Stopped> {
        let Some(details) = self.new_details(place, session) else { return Ok(left_out(place, Why::DoesNotExist)) };
        let overlapping = match self.have(&details, place, if_taken)? {
            Had::Free => false,
            Had::Overlapping => true,
            Had::No => return Ok(left_out(place, Why::TimeTaken)),
        };
        self.put(&details);
        let change = Change::Scheduled { placed: Placed::of(&details), invited: 0, overlapping };
        let effects = details.reminder_effects(self.now).collect();
        let event = Event::new(&details, self.deciding(), change, self.plan.reason.clone(), effects).part_of(self.series.id);
        let after = Session::Scheduled(Scheduled { details, attendance: Vec::new() });
        let place = Place { original: place, taken: Taken::Session { session } };
        Ok(Made { sessions: vec![Written { before: None, after, event }], place: Some(place), forgotten: None })
    }

    pub(super) fn is_over(&self, scheduled: &Scheduled) -> bool {
        match scheduled.status(&self.practice.policies, self.now) {
            Status::Scheduled | Status::Due | Status::Underway => false,
            Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted => true,
        }
    }

    /// Those that are over, or cancelled already, stay as they are. Whether it is late is judged by when it was decided.
    pub(super) fn cancel(&mut self, session: Session) -> Made {
        let Session::Scheduled(scheduled) = &session else { return Made::default() };
        if self.is_over(scheduled) {
            return Made::default();
        }
        let mut details = scheduled.details.clone();
        details.touch(self.plan.deciding());
        details.raise_sequence(self.plan.at);
        self.clear(details.id);
        let told = |r: &&Recipient| !self.is_told_by_series(r);
        let (fee, tells, told_by_series) = match &self.plan.does {
            Does::Cancel { fee, told, .. } => {
                let fee = fee.filter(|(session, _)| *session == details.id).map(|(_, fee)| fee);
                (fee, !told.is_empty(), told.len())
            }
            // The practice drops it: that costs the client nothing, however late.
            Does::Change { send_updates, .. } => (Some(Amount::ZERO), *send_updates, 0),
            Does::Book | Does::Extend { .. } | Does::Delete { .. } => (None, false, 0),
        };
        let alone = details.invitation.recipients().filter(told).filter(|_| tells);
        let effects: Vec<Effect> = alone.map(|r| Effect::Cancel { recipient: r.id, sequence: details.sequence }).collect();
        let wish = Cancel { reason: self.plan.reason.clone(), notify: None, fee };
        let count = told_by_series + effects.len();
        let (cancelled, change) = details.clone().cancelled(&wish, (Vec::new(), count), self.practice, self.plan.deciding());
        let event = Event::new(&details, self.deciding(), change, wish.reason, effects).part_of(self.series.id);
        Made { sessions: vec![Written { before: Some(session), after: Session::Cancelled(cancelled), event }], ..Made::default() }
    }

    /// Whether someone learns from the series what becomes of its sessions; if not, they were invited to one alone.
    fn is_told_by_series(&self, recipient: &Recipient) -> bool {
        let invites = |invitation: &Invitation| invitation.recipients().any(|r| r.id == recipient.id);
        let before = match &self.plan.does {
            Does::Change { before, .. } => invites(&before.invitation),
            Does::Cancel { told, .. } => told.iter().any(|r| r.id == recipient.id),
            Does::Book | Does::Extend { .. } | Does::Delete { .. } => false,
        };
        before || invites(&self.series.invitation)
    }

    fn delete(&mut self, session: Session) -> Made {
        let id = session.details().id;
        let wish = Delete { reason: self.plan.reason.clone() };
        let Ok(decided) = wish.decide(session.clone(), self.practice, Vec::new(), self.deciding()) else { return Made::default() };
        self.clear(id);
        let event = decided.event.part_of(self.series.id);
        Made { sessions: vec![Written { before: Some(session), after: decided.session, event }], ..Made::default() }
    }

    /// Holds the time that a step needs, under a name of its own where the session still stands elsewhere.
    fn hold(&mut self, step: &Step, session: Option<&Session>) -> Result<(), Stopped> {
        let (details, if_taken) = match (step, session) {
            (Step::Book { place, session, if_taken }, _) => (self.new_details(*place, *session), if_taken),
            (Step::Carry { from, place, if_taken, .. }, Some(session)) if self.may_follow(session) => {
                let Does::Change { before, .. } = &self.plan.does else { return Ok(()) };
                let mut details = session.details().clone();
                self.follow(&mut details, before, *from, *place);
                (Some(details), if_taken)
            }
            (
                Step::Carry { .. }
                | Step::LeaveOut { .. }
                | Step::Forget { .. }
                | Step::Part { .. }
                | Step::Cancel { .. }
                | Step::Delete { .. },
                _,
            ) => return Ok(()),
        };
        let Some(details) = details else { return Ok(()) };
        let Some(place) = step.takes() else { return Ok(()) };
        if let Had::No = self.have(&details, place, *if_taken)? {
            return Ok(());
        }
        let resources = self.resources(&details);
        let mut entry = entry(&details, &self.practice.policies);
        if session.is_some() {
            entry.session = hold_of(details.id, self.plan.attempt);
        }
        for diary in self.diaries.iter_mut().filter(|diary| resources.contains(&diary.resource())) {
            diary.put(&entry);
        }
        Ok(())
    }

    fn give_back(&mut self, step: &Step) {
        let Some(session) = step.session() else { return };
        let held = if step.needs_session() { hold_of(session, self.plan.attempt) } else { session };
        for diary in &mut self.diaries {
            diary.remove(held);
        }
    }
}

pub(super) fn left_out(original: NaiveDateTime, why: Why) -> Made {
    Made { place: Some(Place { original, taken: Taken::LeftOut { why } }), ..Made::default() }
}

/// When a place is.
fn instant(timing: &Timing, place: NaiveDateTime) -> DateTime<Utc> {
    timing.zone.instant_or_next(place)
}
