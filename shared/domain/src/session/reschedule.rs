//! Move a session: to another time, practitioner or room (P9–P11, B5).

use chrono::NaiveDateTime;

use super::{Blocked, Deciding, Decision, Scheduled, Session, Status, Template, placement::Placing};
use crate::{
    event::{Change, Event, Placed},
    ids::{ClientId, PractitionerId, RoomId},
    people::{Client, Practitioner},
    practice::{Practice, Room},
    sheet::{Diary, Resource},
    slot::{Minutes, Slot},
    text::Reason,
    zone::{Meaning, Zone},
};

/// The wish that a session be elsewhere.
#[derive(Clone, Debug)]
pub struct Reschedule {
    /// Wall-clock start.
    pub local_start: NaiveDateTime,
    /// Which of two equal wall times, by its offset in seconds.
    pub offset: Option<i32>,
    /// Its zone; as before if none is given.
    pub zone: Option<Zone>,
    /// How long; as before if not given.
    pub length: Option<Minutes>,
    /// Who treats; as before if not given.
    pub practitioner: Option<PractitionerId>,
    /// In which room, `Some(None)` for none; as before if not given.
    pub room: Option<Option<RoomId>>,
    /// Whether those invited are mailed: by default exactly when invites went out and the time changes (P10).
    pub send_updates: Option<bool>,
    /// Why.
    pub reason: Option<Reason>,
    /// Whether an overlap is meant.
    pub allow_overlap: bool,
}

/// What is known when it is decided.
#[derive(Clone, Debug)]
pub struct RescheduleFacts {
    /// The practice.
    pub practice: Practice,
    /// The practitioner it shall be with, if there is one.
    pub practitioner: Option<Practitioner>,
    /// The session's clients.
    pub clients: Vec<Client>,
    /// The room it shall be in, if there is one.
    pub room: Option<Room>,
    /// The sheets of where it was and of where it shall be.
    pub diaries: Vec<Diary>,
}

/// Why a session is not moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescheduleRefused {
    /// It no longer is Scheduled (P9).
    #[error("A session can be moved while it is scheduled; this one is {status}.{instead}", status = .0, instead = instead(*.0))]
    NotScheduled(Status),
    /// It already is there and then.
    #[error("The session already is at that time, with that practitioner and in that room.")]
    NothingToDo,
    /// Nobody was invited, so nobody can be sent a new time.
    #[error("No invites were sent for this session, so there is nobody to send an update to. Send invites instead.")]
    NoInvitesToUpdate,
    /// No such practitioner.
    #[error("There is no active practitioner {0}.")]
    UnknownPractitioner(PractitionerId),
    /// No such room.
    #[error("There is no active room {0}.")]
    UnknownRoom(RoomId),
    /// The client is not assigned to the practitioner (P1).
    #[error("The client is not assigned to this practitioner. Assign the client first, by editing the client.")]
    Unassigned {
        /// Who.
        client: ClientId,
        /// Not to whom.
        practitioner: PractitionerId,
    },
    /// The time cannot be had.
    #[error(transparent)]
    Blocked(#[from] Blocked),
}

/// What to do with a session that can no longer be moved.
fn instead(status: Status) -> &'static str {
    match status {
        Status::Scheduled | Status::Due | Status::Underway => " Until it ends it can be cancelled.",
        Status::AwaitingOutcome => " Mark its outcome instead.",
        Status::Closed | Status::Cancelled | Status::Deleted => "",
    }
}

/// Where sessions shall go, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    /// The practitioner they shall be with, if there is one.
    pub practitioner: Option<&'a Practitioner>,
    /// The room they shall be in, if there is one.
    pub room: Option<&'a Room>,
    /// Their clients.
    pub clients: &'a [Client],
}

impl Destination<'_> {
    /// That they may be there. Whoever treats already may go on, though the assignment has ended since, and so may a room
    /// that is in use no more.
    pub fn check(&self, to: (PractitionerId, Option<RoomId>), was: &Template) -> Result<(), RescheduleRefused> {
        let (practitioner, room) = to;
        if self.practitioner.is_none_or(|p| p.id != practitioner || !p.active) {
            return Err(RescheduleRefused::UnknownPractitioner(practitioner));
        }
        if practitioner != was.practitioner {
            let is_assigned = |client: &ClientId| self.clients.iter().any(|c| c.id == *client && c.is_assigned_to(practitioner));
            if let Some(client) = was.clients.iter().find(|client| !is_assigned(client)) {
                return Err(RescheduleRefused::Unassigned { client: *client, practitioner });
            }
        }
        let known = |id: &RoomId| self.room.is_some_and(|r| r.id == *id && (r.active || was.room == Some(*id)));
        room.filter(|id| !known(id)).map_or(Ok(()), |unknown| Err(RescheduleRefused::UnknownRoom(unknown)))
    }
}

impl Reschedule {
    /// Decides.
    pub fn decide(self, session: Scheduled, facts: RescheduleFacts, deciding: Deciding<'_>) -> Result<Decision, RescheduleRefused> {
        let policies = &facts.practice.policies;
        let status = session.status(policies, deciding.now);
        if status != Status::Scheduled {
            return Err(RescheduleRefused::NotScheduled(status));
        }
        let Scheduled { mut details, attendance } = session;
        let practitioner = self.practitioner.unwrap_or(details.practitioner);
        let room = self.room.unwrap_or(details.room);
        Destination { practitioner: facts.practitioner.as_ref(), room: facts.room.as_ref(), clients: &facts.clients }
            .check((practitioner, room), &Template::of(&details))?;
        let placing = Placing { policies, allow_overlap: self.allow_overlap, now: deciding.now };
        let zone = self.zone.unwrap_or_else(|| details.slot.zone().clone());
        let length = self.length.unwrap_or(details.slot.length());
        let offset = self.offset.or_else(|| second_of_two(&details.slot, self.local_start, &zone));
        let slot = placing.slot(self.local_start, &zone, length, offset)?;

        let (before, slot_before) = (Placed::of(&details), details.slot.clone());
        let time_changes = slot.starts_at() != details.slot.starts_at() || slot.ends_at() != details.slot.ends_at();
        let (was_with, was_in) = (details.practitioner, details.room);
        if slot.is_same_time(&details.slot) && practitioner == was_with && room == was_in {
            return Err(RescheduleRefused::NothingToDo);
        }
        if self.send_updates == Some(true) && !details.invitation.went_out() {
            return Err(RescheduleRefused::NoInvitesToUpdate);
        }
        details.slot = slot;
        details.practitioner = practitioner;
        details.room = room;
        details.touch(deciding);
        // A silent move raises SEQUENCE too: the next mail must win over what calendars hold.
        details.raise_sequence(deciding.now);

        let stays = |resource: Resource| match resource {
            Resource::Practitioner(id) => id == practitioner,
            Resource::Room(id) => Some(id) == room,
        };
        let (mut stay, mut leave): (Vec<Diary>, Vec<Diary>) = facts.diaries.into_iter().partition(|diary| stays(diary.resource()));
        let overlapping = placing.put(&details, &mut stay)?;
        for diary in &mut leave {
            diary.remove(details.id);
        }
        stay.append(&mut leave);

        let send_updates = self.send_updates.unwrap_or(time_changes) && details.invitation.went_out();
        let mut effects = if send_updates { details.invite_effects() } else { Vec::new() };
        let updated = effects.len();
        if send_updates {
            let concerned = [Some(was_with), Some(practitioner).filter(|p| *p != was_with)];
            effects.extend(concerned.into_iter().flatten().filter_map(|p| details.inform(p, Some(&slot_before), deciding)));
        }
        effects.extend(details.reminder_effects(deciding.now));
        let change = Change::Rescheduled { before, after: Placed::of(&details), updated, overlapping };
        let event = Event::new(&details, deciding, change, self.reason, effects);
        Ok(Decision { session: Session::Scheduled(Scheduled { details, attendance }), diaries: stay, event })
    }
}

/// The offset of a session that stands at the second of two equal wall times and shall stay at that wall time: who
/// changes but its room does not mean the first.
fn second_of_two(slot: &Slot, local: NaiveDateTime, zone: &Zone) -> Option<i32> {
    match zone.meaning(local) {
        Meaning::Twice { second, .. } if second == slot.starts_at() && zone == slot.zone() => Some(zone.offset_seconds(second)),
        Meaning::Twice { .. } | Meaning::Once(_) | Meaning::Skipped { .. } => None,
    }
}
