//! A session's history: who did what, when, why (B8).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    event::{Change, Event, Names, Placed},
    ids::{PracticeId, PractitionerId, RoomId, SessionId},
    people::Practitioner,
    practice::Room,
};
use hourkeep_store::{Batch, Key, Range, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Opened, check_visible, client_keys, clients_of};
use crate::{caller::Principal, desk::Desk, error::Error};

/// A session's history, oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = History)]
pub struct HistoryView {
    /// What happened.
    pub items: Vec<HistoryEntry>,
}

/// One change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// The revision that it made.
    pub revision: u32,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What, in words.
    #[schema(example = "Ada Adair moved the session from …")]
    pub what: String,
    /// What, as data: the kind of change with its before and after.
    #[schema(value_type = Object)]
    pub change: Change,
    /// Why.
    pub reason: Option<String>,
}

struct Known {
    practice: PracticeId,
    practitioners: HashMap<PractitionerId, String>,
    rooms: HashMap<RoomId, String>,
}

impl Names for Known {
    fn practitioner(&self, id: PractitionerId) -> Option<&str> {
        self.practitioners.get(&id).map(String::as_str)
    }

    fn room(&self, id: RoomId) -> Option<&str> {
        self.rooms.get(&id).map(String::as_str)
    }
}

impl Known {
    fn add(&mut self, placed: &Placed, batch: &Batch) -> Result<(), Error> {
        let practitioner = batch.body::<Practitioner>(&key::practitioner(self.practice, placed.practitioner))?;
        self.practitioners.extend(practitioner.map(|p| (p.id, p.name.to_string())));
        if let Some(room) = placed.room {
            let room = batch.body::<Room>(&key::room(self.practice, room))?;
            self.rooms.extend(room.map(|r| (r.id, r.name.to_string())));
        }
        Ok(())
    }
}

fn placements(event: &Event) -> Vec<&Placed> {
    match &event.change {
        Change::Scheduled { placed, .. } => vec![placed],
        Change::Rescheduled { before, after, .. } | Change::Reanchored { before, after, .. } => vec![before, after],
        Change::Edited { .. }
        | Change::Invited { .. }
        | Change::Cancelled { .. }
        | Change::Deleted { .. }
        | Change::SeriesBooked { .. }
        | Change::SeriesExtended { .. }
        | Change::SeriesChanged { .. }
        | Change::SeriesCancelled { .. }
        | Change::SeriesDeleted { .. }
        | Change::SeriesReanchored { .. }
        | Change::OutcomeMarked { .. }
        | Change::OutcomeCorrected { .. } => Vec::new(),
    }
}

impl Desk {
    /// The history of a session.
    pub async fn history(&self, principal: &Principal, id: SessionId) -> Result<HistoryView, Error> {
        let Opened { member, practice, session } = Opened::read(self, principal, id).await?;
        let partition = key::session_partition(practice.id, id);
        let range = Range::Prefix("EVENT#".to_owned());
        let (batch, page) = tokio::try_join!(
            self.table.get_many(client_keys(practice.id, session.details())),
            self.table.query::<Event>(&partition, &range, None, None)
        )?;
        check_visible(&member, &session, &clients_of(practice.id, session.details(), &batch)?)?;
        let events: Vec<Event> = page.items.into_iter().map(|(_, stored)| stored.body).collect();
        let placed: Vec<&Placed> = events.iter().flat_map(placements).collect();
        let keys = placed.iter().flat_map(|p| {
            let room = p.room.map(|room| key::room(practice.id, room));
            [key::practitioner(practice.id, p.practitioner)].into_iter().chain(room)
        });
        let mut keys: Vec<Key> = keys.collect();
        keys.sort();
        keys.dedup();
        keys.truncate(100);
        let batch = self.table.get_many(keys).await?;
        let mut known = Known { practice: practice.id, practitioners: HashMap::new(), rooms: HashMap::new() };
        for placed in placed {
            known.add(placed, &batch)?;
        }
        let entry = |event: Event| HistoryEntry {
            revision: event.revision,
            at: event.at,
            who: event.actor.name.to_string(),
            what: event.sentence(&known),
            reason: event.reason.as_ref().map(ToString::to_string),
            change: event.change,
        };
        Ok(HistoryView { items: events.into_iter().map(entry).collect() })
    }
}
