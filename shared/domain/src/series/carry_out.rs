//! Carries out the steps of a plan, one session at a time.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{Does, IfTaken, Outline, Place, Plan, Series, Stage, Step, Taken, Why, hold_of};
use crate::{
    event::{Change, Event, Placed},
    ids::SessionId,
    practice::Practice,
    recipient::Recipient,
    session::{Cancel, Clash, Deciding, Delete, Details, Occurrence, Scheduled, Session, Status, entry},
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
enum Had {
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
            Stage::Doing | Stage::Redeeming => self.act(step, session),
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

    fn deciding(&self) -> Deciding<'_> {
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

    fn clashes(&self, entry: &Entry, resources: &[Resource]) -> Result<Vec<Clash>, NotRead> {
        let mut clashes = Vec::new();
        for diary in self.diaries.iter().filter(|diary| resources.contains(&diary.resource())) {
            let others = diary.clashes(entry)?.into_iter().filter(|other| !self.own.contains(&other.session));
            clashes.extend(others.map(|other| Clash { resource: diary.resource(), entry: other.clone() }));
        }
        Ok(clashes)
    }

    fn have(&self, details: &Details, if_taken: IfTaken) -> Result<Had, Stopped> {
        let clashes = self.clashes(&entry(details, &self.practice.policies), &self.resources(details))?;
        if clashes.is_empty() {
            return Ok(Had::Free);
        }
        match (if_taken, self.stage) {
            (IfTaken::Keep, _) => Ok(Had::Overlapping),
            // What was held was held against all but staff who meant to overlap it.
            (IfTaken::Stop, Stage::Redeeming) => Ok(Had::Overlapping),
            (IfTaken::Skip, _) => Ok(Had::No),
            (IfTaken::Stop, Stage::Holding | Stage::Releasing | Stage::Doing) => {
                Err(Stopped::Taken { slot: details.slot.clone(), clashes })
            }
        }
    }

    fn put(&mut self, details: &Details) {
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
        let overlapping = match self.have(&details, if_taken)? {
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

    /// What differs from the series was changed by hand, and stays (B5); all else follows.
    fn carry(&mut self, session: Session, from: NaiveDateTime, place: NaiveDateTime, if_taken: IfTaken) -> Result<Made, Stopped> {
        let taken = Some(Place { original: place, taken: Taken::Session { session: session.details().id } });
        let Does::Change { before, reset, named, .. } = &self.plan.does else { return Ok(Made::default()) };
        let stands = match &session {
            Session::Scheduled(scheduled) => scheduled.status(&self.practice.policies, self.now) == Status::Scheduled,
            Session::Cancelled(_) | Session::Deleted(_) => return Ok(Made { place: taken, ..Made::default() }),
            Session::Closed(_) => false,
        };
        let mut after = session.clone();
        let details = after.details_mut();
        if stands {
            self.follow(details, before, from, place, *reset || *named == details.id);
        }
        let was = session.details();
        let moves = !details.slot.is_same_time(&was.slot) || details.practitioner != was.practitioner || details.room != was.room;
        let overlapping = if moves {
            match self.have(details, if_taken)? {
                Had::Free => false,
                Had::Overlapping => true,
                Had::No => return Ok(self.leave_behind(session, place)),
            }
        } else {
            false
        };
        let visible = sees(details) != sees(was);
        let occurrence = Occurrence {
            series: self.series.id,
            original: place,
            root: self.series.root,
            described: was.occurrence.as_ref().map_or(0, |o| o.described),
        };
        let same_place = was.occurrence.as_ref() == Some(&occurrence);
        if same_place && *details == *was {
            return Ok(Made { place: taken, ..Made::default() });
        }
        let fields = changed(was, details);
        details.touch(self.plan.deciding());
        if visible {
            details.raise_sequence(self.plan.at);
        }
        details.occurrence = Some(occurrence);
        if self.agrees(details, place)
            && let Some(occurrence) = &mut details.occurrence
        {
            occurrence.described = details.sequence;
        }
        let effects = if details.slot.is_same_time(&was.slot) && details.reminders == was.reminders {
            Vec::new()
        } else {
            details.reminder_effects(self.now).collect()
        };
        let change = if moves {
            Change::Rescheduled { before: Placed::of(was), after: Placed::of(details), updated: 0, overlapping }
        } else {
            Change::Edited { fields, correction: false, updated: 0 }
        };
        let event = Event::new(details, self.deciding(), change, self.plan.reason.clone(), effects).part_of(self.series.id);
        let details = details.clone();
        if stands {
            self.put(&details);
        }
        Ok(Made { sessions: vec![Written { before: Some(session), after, event }], place: taken, forgotten: None })
    }

    fn follow(&self, details: &mut Details, before: &Outline, from: NaiveDateTime, place: NaiveDateTime, reset: bool) {
        let (was, now) = (&before.template, &self.series.template);
        follow(&mut details.practitioner, &was.practitioner, &now.practitioner, reset);
        follow(&mut details.presence, &was.presence, &now.presence, reset);
        follow(&mut details.services, &was.services, &now.services, reset);
        follow(&mut details.room, &was.room, &now.room, reset);
        follow(&mut details.location, &was.location, &now.location, reset);
        follow(&mut details.url, &was.url, &now.url, reset);
        follow(&mut details.instructions, &was.instructions, &now.instructions, reset);
        follow(&mut details.reminders, &was.reminders, &now.reminders, reset);
        follow(&mut details.invitation, &before.invitation, &self.series.invitation, reset);
        let timing = &self.series.timing;
        let (mut start, mut length) = ((details.slot.local_start(), details.slot.zone().clone()), details.slot.length());
        follow(&mut start, &(from, before.timing.zone.clone()), &(place, timing.zone.clone()), reset);
        follow(&mut length, &before.timing.length, &timing.length, reset);
        let same = (details.slot.local_start(), details.slot.zone(), details.slot.length()) == (start.0, &start.1, length);
        if !same && let Ok(slot) = Slot::resolve(start.0, &start.1, length, None) {
            details.slot = slot;
        }
    }

    /// Whether calendars that know the series alone know the session as it is.
    fn agrees(&self, details: &Details, place: NaiveDateTime) -> bool {
        let Series { timing, template, .. } = self.series;
        let slot = Slot::resolve(place, &timing.zone, timing.length, None);
        slot.is_ok_and(|slot| slot.is_same_time(&details.slot))
            && (details.room, details.location) == (template.room, template.location)
            && (&details.url, &details.instructions) == (&template.url, &template.instructions)
    }

    /// The time that it was to have is taken, and it was to be left out then.
    fn leave_behind(&mut self, session: Session, place: NaiveDateTime) -> Made {
        let mut made = self.cancel(session);
        made.place = left_out(place, Why::TimeTaken).place;
        made
    }

    /// A session that was moved by hand, and whose place is no more, is one of its own.
    fn part(&mut self, session: Session) -> Made {
        let Session::Scheduled(scheduled) = &session else { return Made::default() };
        let mut details = scheduled.details.clone();
        details.touch(self.plan.deciding());
        details.raise_sequence(self.plan.at);
        details.occurrence = None;
        let alone = details.addressed_as();
        let own = |r: &Recipient| Recipient::new(alone, r.name.clone(), r.email.clone(), r.zone.clone());
        details.invitation = details.invitation.map(own);
        details.withdrawn.clear();
        let tells = match self.plan.does {
            Does::Change { send_updates, .. } => send_updates,
            Does::Book | Does::Extend { .. } | Does::Cancel { .. } | Does::Delete { .. } => false,
        };
        let effects = if tells { details.invite_effects() } else { Vec::new() };
        let change =
            Change::Edited { fields: vec!["which series it is of: none".to_owned()], correction: false, updated: effects.len() };
        let event = Event::new(&details, self.deciding(), change, self.plan.reason.clone(), effects).part_of(self.series.id);
        let after = Session::Scheduled(Scheduled { details, attendance: scheduled.attendance.clone() });
        Made { sessions: vec![Written { before: Some(session), after, event }], ..Made::default() }
    }

    /// Those that are over, or cancelled already, stay as they are.
    fn cancel(&mut self, session: Session) -> Made {
        let Session::Scheduled(scheduled) = &session else { return Made::default() };
        match scheduled.status(&self.practice.policies, self.now) {
            Status::Scheduled | Status::Due | Status::Underway => {}
            Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted => return Made::default(),
        }
        let mut details = scheduled.details.clone();
        details.touch(self.plan.deciding());
        details.raise_sequence(self.plan.at);
        self.clear(details.id);
        let (fee, told) = match &self.plan.does {
            Does::Cancel { fee, told, .. } => (fee.filter(|(session, _)| *session == details.id).map(|(_, fee)| fee), told.len()),
            Does::Book | Does::Extend { .. } | Does::Change { .. } | Does::Delete { .. } => (None, 0),
        };
        let wish = Cancel { reason: self.plan.reason.clone(), notify: None, fee };
        let (cancelled, change) = details.clone().cancelled(&wish, (Vec::new(), told), self.practice, self.deciding());
        let event = Event::new(&details, self.deciding(), change, wish.reason, Vec::new()).part_of(self.series.id);
        Made { sessions: vec![Written { before: Some(session), after: Session::Cancelled(cancelled), event }], ..Made::default() }
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
            (Step::Carry { from, place, if_taken, .. }, Some(Session::Scheduled(scheduled))) => {
                let Does::Change { before, reset, named, .. } = &self.plan.does else { return Ok(()) };
                let mut details = scheduled.details.clone();
                let reset = *reset || *named == details.id;
                self.follow(&mut details, before, *from, *place, reset);
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
        if let Had::No = self.have(&details, *if_taken)? {
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

fn left_out(original: NaiveDateTime, why: Why) -> Made {
    Made { place: Some(Place { original, taken: Taken::LeftOut { why } }), ..Made::default() }
}

/// Sets a field to what the series says now, if it was what the series said before.
fn follow<T: PartialEq + Clone>(field: &mut T, was: &T, now: &T, reset: bool) {
    if reset || field == was {
        field.clone_from(now);
    }
}

/// What calendars show of a session.
fn sees(details: &Details) -> impl PartialEq {
    let slot = &details.slot;
    (slot.starts_at(), slot.ends_at(), details.room, details.location, details.url.clone(), details.instructions.clone())
}

/// What changed besides its place, as the history calls it.
fn changed(was: &Details, is: &Details) -> Vec<String> {
    let fields = [
        ("the services", was.services != is.services),
        ("the location", was.location != is.location),
        ("whether the client is present", was.presence != is.presence),
        ("the link", was.url != is.url),
        ("the instructions", was.instructions != is.instructions),
        ("the reminders", was.reminders != is.reminders),
        ("who is invited", was.invitation != is.invitation),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}
