//! The calendar of a practitioner or a room: one query for a week.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use hourkeep_domain::{
    ids::{ClientId, EventTypeId, PractitionerId, RoomId, SessionId},
    people::{Client, Membership, Practitioner, Role},
    practice::{Practice, Room, RoomKind},
    session::Status,
    sheet::{Entry, Resource},
    slot::Wall,
    text::{Name, Title},
    zone::Zone,
};
use hourkeep_store::{Batch, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::diary;
use crate::{
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
};

/// Which days of whose calendar.
#[derive(Clone, Debug)]
pub struct CalendarRequest {
    /// Whose.
    pub whose: Whose,
    /// First day, in the zone.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
    /// The zone in which days begin and wall times are shown; the practitioner's, for a room the practice's, if not given.
    pub zone: Option<Zone>,
    /// Whether the clients' names are to be answered, of those whom the caller may act for.
    pub names: bool,
}

/// Whose calendar it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The caller's, who is a practitioner.
    Own,
    /// A practitioner's.
    Practitioner(PractitionerId),
    /// A physical room's.
    Room(RoomId),
}

/// What is in a calendar.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Calendar)]
pub struct CalendarView {
    /// Whose, of a practitioner's.
    #[schema(value_type = Option<String>)]
    pub practitioner_id: Option<PractitionerId>,
    /// Of which room, of a room's.
    #[schema(value_type = Option<String>)]
    pub room_id: Option<RoomId>,
    /// The zone of the wall times.
    pub time_zone: String,
    /// The entries, in order of start.
    pub items: Vec<CalendarEntry>,
    /// Where names were asked for: the clients of the entries that the caller may act for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<Vec<NamedClient>>,
}

/// One entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarEntry {
    /// The session; left out where the caller may only see that the time is busy.
    #[schema(value_type = Option<String>)]
    pub session_id: Option<SessionId>,
    /// Its clients; left out likewise.
    #[schema(value_type = Option<Vec<String>>)]
    pub client_ids: Option<Vec<ClientId>>,
    /// Its practitioner; left out likewise, and of what was last written by an older release.
    #[schema(value_type = Option<String>)]
    pub practitioner_id: Option<PractitionerId>,
    /// Its room, physical or virtual; left out likewise.
    #[schema(value_type = Option<String>)]
    pub room_id: Option<RoomId>,
    /// Where it stands now; left out likewise.
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    /// What an event without clients is called; left out likewise, and where nothing was said.
    #[schema(value_type = Option<String>)]
    pub title: Option<Title>,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
    /// Wall-clock start.
    pub local_start: String,
    /// Wall-clock end.
    pub local_end: String,
    /// Its event type; left out likewise, and where none was said.
    #[schema(value_type = Option<String>)]
    pub event_type_id: Option<EventTypeId>,
    /// Whether it takes the time.
    pub busy: bool,
    /// Whether the client is present.
    pub direct: bool,
}

/// A client's name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NamedClient {
    /// Who.
    #[schema(value_type = String)]
    pub id: ClientId,
    /// Their first name, if known.
    #[schema(value_type = Option<String>)]
    pub first_name: Option<Name>,
    /// Their last name, if known.
    #[schema(value_type = Option<String>)]
    pub last_name: Option<Name>,
}

impl Desk {
    /// A calendar. The front desk and directors see all; a practitioner sees what is their own, and of others only when they
    /// or the room are busy.
    pub async fn calendar(&self, principal: &Principal, request: &CalendarRequest) -> Result<CalendarView, Error> {
        let now = self.clock.now();
        let first = |practice| {
            let named = match request.whose {
                Whose::Own => None,
                Whose::Practitioner(id) => Some(key::practitioner(practice, id)),
                Whose::Room(id) => Some(key::room(practice, id)),
            };
            [key::practice(practice)].into_iter().chain(named).collect()
        };
        let (member, batch) = enter(&self.table, principal, first).await?;
        let practice: Practice = batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))?;
        let (resource, its_zone) = self.found(request.whose, &member, &practice, &batch).await?;
        let zone = request.zone.clone().unwrap_or(its_zone);
        let (from, until) = (zone.start_of_day(request.from), zone.start_of_day(request.to));
        // An entry from the day before may still last.
        let first_sheet = from.date_naive().checked_sub_days(Days::new(1)).unwrap_or(from.date_naive());
        let diary = diary(&self.table, practice.id, resource, first_sheet, until.date_naive()).await?;
        let (practitioner_id, room_id) = match resource {
            Resource::Practitioner(id) => (Some(id), None),
            Resource::Room(id) => (None, Some(id)),
        };
        let within: Vec<&Entry> =
            diary.entries().into_iter().filter(|entry| entry.starts_at < until && from < entry.ends_at).collect();
        let is_seen = |entry: &Entry| match member.role {
            Role::Director | Role::FrontDesk => true,
            Role::Practitioner => practitioner_id.or(entry.practitioner).is_some_and(|its| member.practitioner == Some(its)),
        };
        let clients = if request.names {
            Some(self.names(&member, within.iter().copied().filter(|entry| is_seen(entry))).await?)
        } else {
            None
        };
        let types = practice.event_types();
        let show = |entry: &Entry| {
            let sees = is_seen(entry);
            CalendarEntry {
                session_id: sees.then_some(entry.session),
                client_ids: sees.then(|| entry.clients.clone()),
                practitioner_id: practitioner_id.or(entry.practitioner).filter(|_| sees),
                room_id: room_id.or(entry.room).filter(|_| sees),
                status: sees.then(|| status(entry, &practice, now)),
                title: entry.title.clone().filter(|_| sees),
                starts_at: entry.starts_at,
                ends_at: entry.ends_at,
                local_start: Wall(zone.local(entry.starts_at)).to_string(),
                local_end: Wall(zone.local(entry.ends_at)).to_string(),
                event_type_id: entry.event_type.filter(|_| sees).and_then(|number| types.numbered(number)).map(|of| of.id),
                busy: !entry.free,
                direct: !entry.indirect,
            }
        };
        let items = within.into_iter().map(show).collect();
        Ok(CalendarView { practitioner_id, room_id, time_zone: zone.name().to_owned(), items, clients })
    }

    /// Whose sheets they are, and in which zone its days are thought of.
    async fn found(
        &self,
        whose: Whose,
        member: &Membership,
        practice: &Practice,
        batch: &Batch,
    ) -> Result<(Resource, Zone), Error> {
        let practitioner = match whose {
            Whose::Own => {
                let own = member.practitioner.ok_or(Error::PractitionerNotNamed)?;
                self.table.get::<Practitioner>(&key::practitioner(practice.id, own)).await?.map(|stored| stored.body)
            }
            Whose::Practitioner(id) => batch.body(&key::practitioner(practice.id, id))?,
            Whose::Room(id) => {
                let room: Room = batch.body(&key::room(practice.id, id))?.ok_or(Error::NotFound("room"))?;
                return match room.kind {
                    RoomKind::InPerson => Ok((Resource::Room(id), practice.zone.clone())),
                    RoomKind::Virtual => Err(Error::VirtualRoom),
                };
            }
        };
        let practitioner = practitioner.ok_or(Error::NotFound("practitioner"))?;
        Ok((Resource::Practitioner(practitioner.id), practitioner.zone))
    }

    async fn names<'e>(&self, member: &Membership, entries: impl Iterator<Item = &'e Entry>) -> Result<Vec<NamedClient>, Error> {
        let ids: BTreeSet<ClientId> = entries.flat_map(|entry| entry.clients.iter().copied()).collect();
        let keys: Vec<_> = ids.iter().map(|id| key::client(member.practice, *id)).collect();
        let batch = self.table.get_all(keys.iter().cloned()).await?;
        let mut named = Vec::with_capacity(keys.len());
        for place in &keys {
            let client: Option<Client> = batch.body(place)?;
            if let Some(client) = client.filter(|client| member.may_act_for(client)) {
                let (first_name, last_name) = (client.name.first().cloned(), client.name.last().cloned());
                named.push(NamedClient { id: client.id, first_name, last_name });
            }
        }
        Ok(named)
    }
}

/// The status of what stands on a sheet: cancelled and deleted sessions do not.
fn status(entry: &Entry, practice: &Practice, now: DateTime<Utc>) -> Status {
    let over_without_clients = entry.clients.is_empty() && entry.ends_at <= now;
    if entry.closed || over_without_clients {
        Status::Closed
    } else if now < entry.starts_at - practice.policies.due_window_minutes.duration() {
        Status::Scheduled
    } else if now < entry.starts_at {
        Status::Due
    } else if now < entry.ends_at {
        Status::Underway
    } else {
        Status::AwaitingOutcome
    }
}
