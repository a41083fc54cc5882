//! Schedule a session.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use hourkeep_domain::{
    code::SessionCode,
    hours::WorkingHours,
    ids::{ClientId, EventTypeId, LocationId, PracticeId, PractitionerId, RoomId, ServiceId, SessionId},
    people::{Client, Membership, Practitioner, Role},
    practice::{Location, Practice, Room, Service},
    reminder::Reminders,
    session::{
        Blocked, Clash, Deciding, FreeSlots, InviteChoice, Naming, Presence, Schedule, ScheduleFacts, ScheduleRefused,
        ServiceChoice,
    },
    sheet::{Diary, Resource, days_around},
    slot::{Minutes, Slot, Wall},
    text::{Instructions, Title, Url},
    zone::Zone,
};
use hourkeep_store::{Batch, Key, Range, Table, key};

use super::{Carry, ClientSession, diaries, room_sheet};
use crate::{
    answer::{Answer, Conditions},
    caller::{Entered, Entrance, Principal, enter_to_change},
    desk::{Desk, Step},
    error::Error,
    usage::{Month, usage_in},
    view::{ClashView, SlotView, Warning},
};

/// The wish for a session, as it is asked for.
#[derive(Clone, Debug)]
pub struct ScheduleRequest {
    /// Who is treated.
    pub clients: Vec<ClientId>,
    /// Who treats; oneself if not given (N2).
    pub practitioner: Option<PractitionerId>,
    /// What an event without clients is called.
    pub title: Option<Title>,
    /// Which of the practice's kinds it is.
    pub event_type: Option<EventTypeId>,
    /// Whether the client is present.
    pub presence: Option<Presence>,
    /// What is done.
    pub services: Option<Vec<ServiceChoice>>,
    /// In which room.
    pub room: Option<RoomId>,
    /// At which location.
    pub location: Option<LocationId>,
    /// Wall-clock start.
    pub local_start: NaiveDateTime,
    /// Which of two equal wall times.
    pub offset: Option<i32>,
    /// The zone of this session.
    pub zone: Option<Zone>,
    /// How long.
    pub length: Option<Minutes>,
    /// Whether invites are mailed.
    pub invite: InviteChoice,
    /// What is sent before it.
    pub reminders: Option<Reminders>,
    /// Where to join.
    pub url: Option<Url>,
    /// What else to know.
    pub instructions: Option<Instructions>,
    /// Whether an overlap is meant.
    pub allow_overlap: bool,
}

impl Desk {
    /// Schedules a session: two rounds of reads and one transaction; a refused overlap takes a third round.
    pub async fn schedule(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &ScheduleRequest,
    ) -> Result<Answer, Error> {
        let naming = Naming {
            session: self.session_id(),
            codes: request.clients.iter().map(|_| SessionCode::new(rand::random())).collect(),
        };
        self.settle(principal, conditions, |attempt| {
            let naming = naming.clone();
            async move {
                let now = self.clock.now();
                let entered =
                    enter_to_change(&self.table, principal, conditions, now, |practice| keys_of(request, practice)).await?;
                let Entrance { member, account, batch } = match entered {
                    Entered::Answered(answer) => return Ok(Step::Replayed(answer)),
                    Entered::Fresh(entrance) => *entrance,
                };
                let named = Named::of(request, &member, &batch)?;
                let (practice, practitioner, resources) = (named.practice.clone(), named.practitioner, named.resources());
                let (id, usual) = (practice.id, named.usual_service(request));
                let (from, until) = days_around(request.local_start.date());
                let (practitioner_record, usual, diaries, elsewhere, ()) = tokio::try_join!(
                    async { Ok(self.table.get(&key::practitioner(id, practitioner)).await?.map(|stored| stored.body)) },
                    service(&self.table, id, usual),
                    diaries(&self.table, id, &resources, from, until),
                    elsewhere(&self.table, id, request.clients.iter().copied(), request.local_start),
                    within_limit(&self.table, id, account.limits.sessions_per_month, 1, now),
                )?;
                let facts = named.facts(practitioner_record, usual, diaries);
                let decided = wish(request, practitioner).decide(&naming, facts.clone(), Deciding { actor: &member, now, attempt });
                let decision = match decided {
                    Ok(decision) => decision,
                    Err(ScheduleRefused::Blocked(Blocked::Overlap { clashes, slot })) => {
                        let seeker = Seeker { desk: self, member: &member, practice: &practice, session: naming.session, now };
                        let practitioner = facts.practitioner.as_ref();
                        let overlap = seeker.overlap(&clashes, &slot, practitioner, &resources, &facts.clients);
                        let (refused, answered) = tokio::try_join!(overlap, self.answered(principal, conditions))?;
                        return answered.map(Step::Replayed).ok_or(refused);
                    }
                    Err(refused) => return Err(refused.into()),
                };
                let details = decision.session.details();
                let mut warnings = busy_elsewhere(&elsewhere, details.id, &details.slot);
                warnings.extend(outside_hours(&facts.practice, facts.practitioner.as_ref(), &details.slot));
                if !details.reminders.is_empty() && facts.clients.iter().any(|client| client.contact_of_record().is_none()) {
                    warnings.push(Warning {
                        kind: "no_reminder_recipient",
                        message: "Reminders are set, but the client has no guardian or primary contact with an email address."
                            .to_owned(),
                    });
                }
                let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
                carry.out(201, None, &decision, warnings)
            }
        })
        .await
    }
}

/// What is read first of what a wish names.
pub(crate) fn keys_of(request: &ScheduleRequest, practice: PracticeId) -> Vec<Key> {
    let named = request.clients.iter().map(|id| key::client(practice, *id));
    let services = request.services.iter().flatten().map(|s| key::service(practice, s.service));
    let room = request.room.map(|id| key::room(practice, id));
    let location = request.location.map(|id| key::location(practice, id));
    named.chain(services).chain(room).chain(location).chain([key::practice(practice)]).collect()
}

/// What a wish names, as the first round of reads told.
pub(crate) struct Named {
    pub(crate) practice: Practice,
    pub(crate) practitioner: PractitionerId,
    pub(crate) clients: Vec<Client>,
    services: Vec<Service>,
    room: Option<Room>,
    location: Option<Location>,
}

impl Named {
    /// For whoever may book it: clients of others are not named to a practitioner.
    pub(crate) fn of(request: &ScheduleRequest, member: &Membership, batch: &Batch) -> Result<Self, Error> {
        let id = member.practice;
        let practice: Practice = batch.body(&key::practice(id))?.ok_or(Error::NotFound("practice"))?;
        let practitioner = own_or_named(member, request.practitioner)?;
        let clients = request.clients.iter().map(|client| batch.body::<Client>(&key::client(id, *client)));
        let clients: Vec<Client> = clients.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        if let Some(refused) = hidden(member, request, &clients, practitioner) {
            return Err(refused.into());
        }
        let services = request.services.iter().flatten().map(|s| batch.body(&key::service(id, s.service)));
        let services = services.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let room = request.room.map(|room| batch.body(&key::room(id, room))).transpose()?.flatten();
        let location = request.location.map(|location| batch.body(&key::location(id, location))).transpose()?.flatten();
        Ok(Self { practice, practitioner, clients, services, room, location })
    }

    /// What a session would take the time of.
    pub(crate) fn resources(&self) -> Vec<Resource> {
        [Some(Resource::Practitioner(self.practitioner)), self.room_sheet().map(Resource::Room)].into_iter().flatten().collect()
    }

    /// The room, if it is one that can be taken.
    pub(crate) fn room_sheet(&self) -> Option<RoomId> {
        room_sheet(self.room.as_ref())
    }

    /// The service of the kind that is named, where none is.
    pub(crate) fn usual_service(&self, request: &ScheduleRequest) -> Option<ServiceId> {
        let named = request.event_type.filter(|_| request.services.is_none())?;
        self.practice.event_types().get(named).and_then(|of| of.service)
    }

    /// All that is known.
    pub(crate) fn facts(self, practitioner: Option<Practitioner>, usual: Option<Service>, diaries: Vec<Diary>) -> ScheduleFacts {
        let Self { practice, practitioner: _, clients, mut services, room, location } = self;
        services.extend(usual);
        ScheduleFacts { practice, practitioner, clients, services, room, location, diaries }
    }
}

/// A service, if one is meant and there is one.
pub(crate) async fn service(table: &Table, practice: PracticeId, id: Option<ServiceId>) -> Result<Option<Service>, Error> {
    let Some(id) = id else { return Ok(None) };
    Ok(table.get(&key::service(practice, id)).await?.map(|stored| stored.body))
}

/// That the practice may book so many more sessions this month. Costs a read only where there is a limit.
pub(crate) async fn within_limit(
    table: &Table,
    practice: PracticeId,
    limit: Option<u32>,
    more: usize,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(limit) = limit else { return Ok(()) };
    let month = Month::of(now);
    let booked = usage_in(table, practice, month).await?.sessions_booked;
    if booked.saturating_add(more.try_into().unwrap_or(u64::MAX)) <= u64::from(limit) {
        Ok(())
    } else {
        Err(Error::MonthlyLimit { limit, month: month.to_string() })
    }
}

pub(crate) fn wish(request: &ScheduleRequest, practitioner: PractitionerId) -> Schedule {
    let request = request.clone();
    Schedule {
        clients: request.clients,
        practitioner,
        title: request.title,
        event_type: request.event_type,
        presence: request.presence,
        services: request.services,
        room: request.room,
        location: request.location,
        local_start: request.local_start,
        offset: request.offset,
        zone: request.zone,
        length: request.length,
        invite: request.invite,
        reminders: request.reminders,
        url: request.url,
        instructions: request.instructions,
        allow_overlap: request.allow_overlap,
    }
}

/// Oneself, or whom one may act for.
fn own_or_named(member: &Membership, named: Option<PractitionerId>) -> Result<PractitionerId, Error> {
    match (member.role, named, member.practitioner) {
        (Role::Practitioner, Some(named), own) if own != Some(named) => Err(Error::OwnCalendarOnly),
        (_, Some(named), _) => Ok(named),
        (_, None, Some(own)) => Ok(own),
        (_, None, None) => Err(Error::PractitionerNotNamed),
    }
}

/// To a practitioner, a client of others is like one who is not there: either is to be assigned first (P1).
fn hidden(
    member: &Membership,
    request: &ScheduleRequest,
    clients: &[Client],
    practitioner: PractitionerId,
) -> Option<ScheduleRefused> {
    match member.role {
        Role::Director | Role::FrontDesk => None,
        Role::Practitioner => {
            let theirs = |id: &ClientId| clients.iter().any(|client| client.id == *id && member.may_act_for(client));
            let client = *request.clients.iter().find(|id| !theirs(id))?;
            Some(ScheduleRefused::Unassigned { client, practitioner })
        }
    }
}

/// Other sessions of the clients around that time.
pub(super) async fn elsewhere(
    table: &Table,
    practice: PracticeId,
    clients: impl Iterator<Item = ClientId>,
    local_start: NaiveDateTime,
) -> Result<Vec<ClientSession>, Error> {
    let mut sessions = Vec::new();
    for client in clients {
        let around = local_start.and_utc();
        let at = |at: DateTime<Utc>| format!("SESSION#{}", key::instant(at));
        let range = Range::Between(at(around - Duration::hours(40)), at(around + Duration::hours(40)));
        let page = table.query::<ClientSession>(&key::client_partition(practice, client), &range, None, None).await?;
        sessions.extend(page.items.into_iter().map(|(_, stored)| stored.body));
    }
    Ok(sessions)
}

/// That a client is busy elsewhere is said, and nothing more.
pub(super) fn busy_elsewhere(elsewhere: &[ClientSession], session: SessionId, slot: &Slot) -> Vec<Warning> {
    let overlaps = |other: &&ClientSession| {
        other.session != session && other.stands && other.starts_at < slot.ends_at() && slot.starts_at() < other.ends_at
    };
    let message = "The client has another appointment at that time.";
    elsewhere.iter().find(overlaps).map(|_| Warning { kind: "client_busy", message: message.to_owned() }).into_iter().collect()
}

pub(super) fn outside_hours(practice: &Practice, practitioner: Option<&Practitioner>, slot: &Slot) -> Option<Warning> {
    let hours = practitioner.map(|p| p.hours(practice)).filter(|hours| !hours.cover(slot))?;
    let message = match hours.day_off(slot) {
        Some(name) => format!("The time is outside the practitioner's working hours ({name})."),
        None => "The time is outside the practitioner's working hours.".to_owned(),
    };
    Some(Warning { kind: "outside_working_hours", message })
}

/// Says what stands in the way, and what is free instead.
pub(crate) struct Seeker<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) member: &'a Membership,
    pub(crate) practice: &'a Practice,
    pub(crate) session: SessionId,
    pub(crate) now: DateTime<Utc>,
}

impl Seeker<'_> {
    /// The third round of a refusal: clashes as far as the caller may see them, and three free alternatives (B11).
    pub(super) async fn overlap(
        &self,
        clashes: &[Clash],
        slot: &Slot,
        practitioner: Option<&Practitioner>,
        resources: &[Resource],
        own_clients: &[Client],
    ) -> Result<Error, Error> {
        let days = chrono::Days::new(FreeSlots::DAYS + 2);
        let (from, _) = days_around(slot.starts_at().date_naive());
        let until = slot.starts_at().date_naive().checked_add_days(days).unwrap_or(from);
        let diaries = diaries(&self.desk.table, self.practice.id, resources, from, until).await?;
        let seeking = FreeSlots {
            session: self.session,
            diaries: &diaries,
            hours: practitioner.map_or_else(|| WorkingHours::any(slot.zone()), |p| p.hours(self.practice)),
            policies: &self.practice.policies,
            now: self.now,
        };
        let alternatives = seeking.near(slot, 3).iter().map(SlotView::from).collect();
        let clashes = clashes.iter().map(|clash| self.clash(clash, slot.zone(), own_clients)).collect();
        Ok(Error::Overlap { clashes, alternatives, may_allow: true })
    }

    pub(crate) fn clash(&self, clash: &Clash, zone: &Zone, own_clients: &[Client]) -> ClashView {
        let own_calendar = match clash.resource {
            Resource::Practitioner(id) => self.member.practitioner == Some(id),
            Resource::Room(_) => false,
        };
        let own_client = own_clients.iter().any(|c| clash.entry.clients.contains(&c.id) && self.member.may_act_for(c));
        let sees = match self.member.role {
            Role::Director | Role::FrontDesk => true,
            Role::Practitioner => own_calendar || own_client,
        };
        ClashView {
            resource: match clash.resource {
                Resource::Practitioner(_) => "practitioner",
                Resource::Room(_) => "room",
            },
            resource_id: clash.resource.to_string(),
            starts_at: clash.entry.starts_at,
            ends_at: clash.entry.ends_at,
            local_start: Wall(zone.local(clash.entry.starts_at)).to_string(),
            local_end: Wall(zone.local(clash.entry.ends_at)).to_string(),
            time_zone: zone.name().to_owned(),
            session_id: sees.then_some(clash.entry.session),
            client_ids: sees.then(|| clash.entry.clients.clone()),
        }
    }
}
