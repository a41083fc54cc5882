//! What a session is made from, apart from its time and its recipients: what the sessions of a series have in common.

use serde::{Deserialize, Serialize};

use super::{BookedService, Deciding, Details, Invitation, Participant, Presence};
use crate::{
    code::SessionCode,
    event_type::{Availability, OfType},
    ids::{ClientId, LocationId, PracticeId, PractitionerId, RoomId, SessionId},
    reminder::Reminders,
    slot::Slot,
    text::{Instructions, Title, Url},
};

/// What a session is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Who treats.
    pub practitioner: PractitionerId,
    /// Who is treated.
    pub clients: Vec<ClientId>,
    /// What an event without clients is called.
    #[serde(default)]
    pub title: Option<Title>,
    /// Which of the practice's kinds it is. Older records have none.
    #[serde(default)]
    pub event_type: Option<OfType>,
    /// Whether it takes the time.
    #[serde(default)]
    pub availability: Availability,
    /// Whether clients are present.
    pub presence: Presence,
    /// What is done, at which price.
    pub services: Vec<BookedService>,
    /// In which room.
    pub room: Option<RoomId>,
    /// At which location.
    pub location: Option<LocationId>,
    /// Where to join.
    pub url: Option<Url>,
    /// What else to know.
    pub instructions: Option<Instructions>,
    /// What is sent before it.
    pub reminders: Reminders,
}

impl Template {
    /// What a session is made from.
    pub(crate) fn of(details: &Details) -> Self {
        Self {
            practitioner: details.practitioner,
            clients: details.clients.iter().map(|participant| participant.client).collect(),
            title: details.title.clone(),
            event_type: details.event_type,
            availability: details.availability,
            presence: details.presence,
            services: details.services.clone(),
            room: details.room,
            location: details.location,
            url: details.url.clone(),
            instructions: details.instructions.clone(),
            reminders: details.reminders.clone(),
        }
    }

    /// A session of this kind, in its first revision. `codes` has one for each client.
    pub(crate) fn session(
        &self,
        (practice, id): (PracticeId, SessionId),
        codes: &[SessionCode],
        slot: Slot,
        invitation: Invitation,
        deciding: Deciding<'_>,
    ) -> Details {
        let participants = self.clients.iter().zip(codes);
        Details {
            id,
            practice,
            practitioner: self.practitioner,
            clients: participants.map(|(&client, &code)| Participant { client, code }).collect(),
            title: self.title.clone(),
            event_type: self.event_type,
            availability: self.availability,
            presence: self.presence,
            services: self.services.clone(),
            room: self.room,
            location: self.location,
            slot,
            url: self.url.clone(),
            instructions: self.instructions.clone(),
            reminders: self.reminders.clone(),
            invitation,
            withdrawn: Vec::new(),
            revision: 1,
            sequence: 0,
            stamped_at: deciding.now,
            attempt: deciding.attempt,
            created_at: deciding.now,
            manage_generation: 0,
            occurrence: None,
        }
    }
}
