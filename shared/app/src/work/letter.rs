//! Writes the letter of a posting from the state as it is now.

use hourkeep_domain::{
    lane::{Lane, Posting},
    people::Practitioner,
    practice::{Location, Practice, Room, RoomKind},
    recipient::Recipient,
    session::Session,
    slot::Slot,
};
use hourkeep_mail::{Kind, Letter, Place};

use super::WorkError;
use crate::links::Links;

/// What a letter is written from.
pub(super) struct Desk<'a> {
    pub(super) practice: &'a Practice,
    pub(super) practitioner: &'a Practitioner,
    pub(super) room: Option<&'a Room>,
    pub(super) location: Option<&'a Location>,
    pub(super) links: &'a Links,
}

impl Desk<'_> {
    /// The letter. Reasons stay in the history: staff write them for each other.
    pub(super) fn write(
        &self,
        posting: Posting,
        session: &Session,
        recipient: &Recipient,
        lane: &Lane<Letter>,
        moved_from: Option<&Slot>,
    ) -> Result<Letter, WorkError> {
        let details = session.details();
        let participant = details.clients.first().ok_or(WorkError::Missing("participant"))?;
        let (kind, stamped_at) = match posting {
            Posting::Entry { .. } => match lane.told.as_ref().filter(|told| told.holds_entry) {
                Some(told) => (Kind::Update { previous: Some(told.slot.clone()) }, details.stamped_at),
                None => (Kind::Invite, details.stamped_at),
            },
            Posting::Cancellation { calendar, .. } => (Kind::Cancellation { calendar }, details.stamped_at),
            Posting::LeftOut { .. } => return Err(WorkError::Missing("series of the place")),
            Posting::Notice { .. } => {
                let cancelled = matches!(session, Session::Cancelled(_));
                (Kind::Notice { moved_from: moved_from.cloned(), cancelled }, details.stamped_at)
            }
            Posting::Reminder(due) => {
                let days = u8::try_from(i64::from(due.reminder.days_before)).unwrap_or(u8::MAX);
                (Kind::Reminder { days_before: days }, due.due_at)
            }
        };
        // Who was never told of a silent move knows the session by the time they were told.
        let known = lane.told.as_ref().filter(|told| told.holds_entry).map(|told| &told.slot);
        let slot = match posting {
            Posting::Cancellation { .. } => known.unwrap_or(&details.slot),
            Posting::Entry { .. } | Posting::Reminder(_) | Posting::LeftOut { .. } | Posting::Notice { .. } => &details.slot,
        };
        Ok(Letter {
            kind,
            session: details.id,
            recipient: recipient.id,
            to_name: recipient.name.clone(),
            to: recipient.email.clone(),
            practice_name: self.practice.name.clone(),
            sender_name: self.practice.sender_name().clone(),
            from: self.links.sender(&self.practice.slug).ok_or(WorkError::Missing("sender address"))?,
            // Practitioners do not write to themselves.
            reply_to: Some(self.practitioner.email.clone()).filter(|email| email.folded() != recipient.email.folded()),
            practitioner_name: self.practitioner.name.clone(),
            slot: slot.clone(),
            recipient_zone: recipient.zone.clone(),
            place: self.place(details.url.is_some()),
            url: details.url.clone(),
            session_link: self.links.session(participant.code),
            code: participant.code.to_string(),
            instructions: details.instructions.clone(),
            reason: None,
            sequence: details.sequence,
            stamped_at,
            series: None,
        })
    }

    fn place(&self, has_url: bool) -> Option<Place> {
        let location = self.location.map(|location| location.name.clone());
        match (self.room, location) {
            (Some(room), location) => Some(match room.kind {
                RoomKind::InPerson => Place::Room { room: room.name.clone(), location },
                RoomKind::Virtual => Place::Online,
            }),
            (None, Some(location)) => Some(Place::Location(location)),
            (None, None) => has_url.then_some(Place::Online),
        }
    }
}
