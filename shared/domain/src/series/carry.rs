//! Carries a session over to what its series has become.
//!
//! It is compared with what the series said before, field by field: what is as the series said follows, and what differs was
//! changed by hand and stays (B5).

use chrono::NaiveDateTime;

use super::{
    Does, Hands, IfTaken, Made, Outline, Place, Series, Stopped, Taken, Why, Written,
    carry_out::{Had, left_out},
};
use crate::{
    event::{Change, Effect, Event, Placed},
    recipient::Recipient,
    session::{Details, Invitation, Occurrence, Scheduled, Session, Status},
    slot::Slot,
};

impl Hands<'_> {
    /// What differs from the series was changed by hand, and stays (B5); all else follows.
    pub(super) fn carry(
        &mut self,
        session: Session,
        from: NaiveDateTime,
        place: NaiveDateTime,
        if_taken: IfTaken,
    ) -> Result<Made, Stopped> {
        let taken = Some(Place { original: place, taken: Taken::Session { session: session.details().id } });
        let Does::Change { before, send_updates, .. } = &self.plan.does else { return Ok(Made::default()) };
        match &session {
            Session::Cancelled(_) | Session::Deleted(_) => return Ok(Made { place: taken, ..Made::default() }),
            Session::Scheduled(_) | Session::Closed(_) => {}
        }
        let follows = self.may_follow(&session);
        let mut after = session.clone();
        let details = after.details_mut();
        if follows {
            self.follow(details, before, from, place);
        }
        let was = session.details();
        let moves = !details.slot.is_same_time(&was.slot) || details.practitioner != was.practitioner || details.room != was.room;
        let overlapping = if moves {
            match self.have(details, place, if_taken)? {
                Had::Free => false,
                Had::Overlapping => true,
                Had::No => return Ok(self.leave_behind(session, place)),
            }
        } else {
            false
        };
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
        let gone = reinvite(details, was, before);
        let mut fields = changed(was, details);
        if was.occurrence.as_ref().is_none_or(|o| o.series != self.series.id) {
            fields.push("which series it is of".to_owned());
        }
        details.touch(self.plan.deciding());
        if sees(details) != sees(was) || details.withdrawn != was.withdrawn {
            details.raise_sequence(self.plan.at);
        }
        details.occurrence = Some(occurrence);
        if self.agrees(details, place)
            && let Some(occurrence) = &mut details.occurrence
        {
            occurrence.described = details.sequence;
        }
        let sequence = details.sequence;
        let gone = gone.into_iter().filter(|_| *send_updates).map(|r| Effect::Cancel { recipient: r.id, sequence });
        let mut effects: Vec<Effect> = gone.collect();
        if !details.slot.is_same_time(&was.slot) || details.reminders != was.reminders {
            effects.extend(details.reminder_effects(self.now));
        }
        let change = if moves {
            Change::Rescheduled { before: Placed::of(was), after: Placed::of(details), updated: 0, overlapping }
        } else {
            Change::Edited { fields, correction: false, updated: 0 }
        };
        let event = Event::new(details, self.deciding(), change, self.plan.reason.clone(), effects).part_of(self.series.id);
        let details = details.clone();
        if follows {
            self.put(&details);
        }
        Ok(Made { sessions: vec![Written { before: Some(session), after, event }], place: taken, forgotten: None })
    }

    /// What has begun, or is about to, stays as it is.
    pub(super) fn may_follow(&self, session: &Session) -> bool {
        match session {
            Session::Scheduled(scheduled) => scheduled.status(&self.practice.policies, self.now) == Status::Scheduled,
            Session::Closed(_) | Session::Cancelled(_) | Session::Deleted(_) => false,
        }
    }

    pub(super) fn follow(&self, details: &mut Details, before: &Outline, from: NaiveDateTime, place: NaiveDateTime) {
        let Does::Change { reset, named, timed, .. } = &self.plan.does else { return };
        let (was, now) = (&before.template, &self.series.template);
        let how = How { reset: *reset, named: *named == details.id };
        how.follow(&mut details.practitioner, &was.practitioner, &now.practitioner);
        how.follow(&mut details.title, &was.title, &now.title);
        how.follow(&mut details.event_type, &was.event_type, &now.event_type);
        how.follow(&mut details.presence, &was.presence, &now.presence);
        how.follow(&mut details.services, &was.services, &now.services);
        how.follow(&mut details.room, &was.room, &now.room);
        how.follow(&mut details.location, &was.location, &now.location);
        how.follow(&mut details.url, &was.url, &now.url);
        how.follow(&mut details.instructions, &was.instructions, &now.instructions);
        how.follow(&mut details.reminders, &was.reminders, &now.reminders);
        how.follow(&mut details.invitation, &before.invitation, &self.series.invitation);
        let timing = &self.series.timing;
        let (mut start, mut length) = ((details.slot.local_start(), details.slot.zone().clone()), details.slot.length());
        let sent = How { reset: how.reset || (how.named && *timed), ..how };
        sent.follow(&mut start, &(from, before.timing.zone.clone()), &(place, timing.zone.clone()));
        how.follow(&mut length, &before.timing.length, &timing.length);
        let same = (details.slot.local_start(), details.slot.zone(), details.slot.length()) == (start.0, &start.1, length);
        // Nothing that is to come is moved into the past.
        if !same
            && let Ok(slot) = Slot::resolve(start.0, &start.1, length, None)
            && slot.starts_at() >= self.now
        {
            details.slot = slot;
        }
    }

    /// Whether calendars that know the series alone know the session as it is.
    fn agrees(&self, details: &Details, place: NaiveDateTime) -> bool {
        let Series { timing, template, .. } = self.series;
        let slot = Slot::resolve(place, &timing.zone, timing.length, None);
        slot.is_ok_and(|slot| slot.is_same_time(&details.slot))
            && (details.practitioner, details.room, details.location) == (template.practitioner, template.room, template.location)
            && (&details.url, &details.instructions) == (&template.url, &template.instructions)
    }

    /// The time that it was to have is taken, and it was to be left out then.
    fn leave_behind(&mut self, session: Session, place: NaiveDateTime) -> Made {
        let mut made = self.cancel(session);
        made.place = left_out(place, Why::TimeTaken).place;
        made
    }

    /// A session that was moved by hand, and whose place is no more, is one of its own.
    pub(super) fn part(&mut self, session: Session) -> Made {
        let Session::Scheduled(scheduled) = &session else { return Made::default() };
        if self.is_over(scheduled) {
            return Made::default();
        }
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
}

/// Who was invited to this session alone and is no longer is taken back; those who hold the series learn it from that.
fn reinvite(details: &mut Details, was: &Details, before: &Outline) -> Vec<Recipient> {
    let is_among = |invitation: &Invitation, r: &Recipient| invitation.recipients().any(|i| i.id == r.id);
    let new = details.invitation.clone();
    let alone = |r: &&Recipient| !is_among(&new, r) && !is_among(&before.invitation, r);
    let gone: Vec<Recipient> = was.invitation.recipients().filter(alone).cloned().collect();
    details.withdrawn.retain(|r| !is_among(&new, r));
    details.withdrawn.extend(gone.iter().cloned());
    gone
}

/// How a session follows its series.
#[derive(Clone, Copy)]
struct How {
    /// Whether it becomes as the series is, whatever it was.
    reset: bool,
    /// Whether someone spoke of this very session: whatever changes, changes for it.
    named: bool,
}

impl How {
    /// Sets a field to what the series says now, if it was what the series said before.
    fn follow<T: PartialEq + Clone>(self, field: &mut T, was: &T, now: &T) {
        if self.reset || field == was || (self.named && was != now) {
            field.clone_from(now);
        }
    }
}

/// What calendars show of a session.
fn sees(details: &Details) -> impl PartialEq {
    let slot = &details.slot;
    let place = (details.practitioner, details.room, details.location);
    (slot.starts_at(), slot.ends_at(), place, details.url.clone(), details.instructions.clone())
}

/// What changed besides its place, as the history calls it.
fn changed(was: &Details, is: &Details) -> Vec<String> {
    let fields = [
        ("the services", was.services != is.services),
        ("the location", was.location != is.location),
        ("the title", was.title != is.title),
        ("the type", was.event_type != is.event_type),
        ("whether the client is present", was.presence != is.presence),
        ("the link", was.url != is.url),
        ("the instructions", was.instructions != is.instructions),
        ("the reminders", was.reminders != is.reminders),
        ("who is invited", was.invitation != is.invitation),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}
