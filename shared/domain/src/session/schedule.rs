//! Schedule a session (P1–P8, N2–N4, S3).

use chrono::NaiveDateTime;

use super::{
    Blocked, BookedService, Deciding, Decision, Details, Invitation, OfClients, Presence, RecipientChoice, Scheduled, Session,
    Template, WithoutClients,
    invite::{InviteRefused, choose_recipients},
    placement::Placing,
};
use crate::{
    code::SessionCode,
    event::{Change, Effect, Event, Placed},
    event_type::EventType,
    ids::{ClientId, EventTypeId, LocationId, PractitionerId, RoomId, ServiceId, SessionId, Subject},
    money::Amount,
    people::{Client, Practitioner},
    practice::{Location, Practice, Room, Service},
    reminder::{Channel, Reminders},
    sheet::Diary,
    slot::{Minutes, Slot},
    text::{Instructions, Title, Url},
    zone::Zone,
};

/// The wish for a session.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Who is treated: one for now; the form is made for groups. Nobody, where the kind is for time without clients.
    pub clients: Vec<ClientId>,
    /// Who treats.
    pub practitioner: PractitionerId,
    /// What an event without clients is called.
    pub title: Option<Title>,
    /// Which of the practice's kinds it is.
    pub event_type: Option<EventTypeId>,
    /// Whether the client is present; else as the kind has it, else they are.
    pub presence: Option<Presence>,
    /// What is done; else what the kind has.
    pub services: Option<Vec<ServiceChoice>>,
    /// In which room.
    pub room: Option<RoomId>,
    /// At which location.
    pub location: Option<LocationId>,
    /// Wall-clock start.
    pub local_start: NaiveDateTime,
    /// Which of two equal wall times, by its offset in seconds.
    pub offset: Option<i32>,
    /// The zone of this session; the practitioner's if none is given.
    pub zone: Option<Zone>,
    /// How long; else as the kind has it, else as the first service takes, else as the practice has it.
    pub length: Option<Minutes>,
    /// Whether invites are mailed, and to whom.
    pub invite: InviteChoice,
    /// What is sent before it; else as the practice has it and the client allows.
    pub reminders: Option<Reminders>,
    /// Where to join.
    pub url: Option<Url>,
    /// What else to know.
    pub instructions: Option<Instructions>,
    /// Whether an overlap is meant.
    pub allow_overlap: bool,
}

/// A service, and its price where that differs from the list.
#[derive(Clone, Debug)]
pub struct ServiceChoice {
    /// Which.
    pub service: ServiceId,
    /// At which price.
    pub price: Option<Amount>,
}

/// The checkbox of P4.
#[derive(Clone, Debug)]
pub enum InviteChoice {
    /// Unticked: nothing is mailed.
    Off,
    /// Ticked, with nobody named: whoever is on record (P5).
    OnRecord,
    /// Ticked, with these.
    Named(Vec<RecipientChoice>),
}

/// What was made up before the first attempt, so that every attempt means the same session.
#[derive(Clone, Debug)]
pub struct Naming {
    /// The session's id.
    pub session: SessionId,
    /// Randomness for one code per client.
    pub codes: Vec<SessionCode>,
}

/// What is known when it is decided. Each list is in the order of the wish; what is missing was not found.
#[derive(Clone, Debug)]
pub struct ScheduleFacts {
    /// The practice.
    pub practice: Practice,
    /// The practitioner, if there is one of that id.
    pub practitioner: Option<Practitioner>,
    /// The clients that the actor may see.
    pub clients: Vec<Client>,
    /// The services of that id, and that of the kind.
    pub services: Vec<Service>,
    /// The room of that id.
    pub room: Option<Room>,
    /// The location of that id.
    pub location: Option<Location>,
    /// The sheets of the practitioner and of the room, if it is a physical one.
    pub diaries: Vec<Diary>,
}

/// No service of that id can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no active service {0}.")]
pub struct UnknownService(pub ServiceId);

/// Why a session is not scheduled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleRefused {
    /// No client, or more than one.
    #[error(
        "A session is for exactly one client; groups come later. An event without clients needs an event type that is for such time."
    )]
    NotOneClient,
    /// No such client, or none that the actor may see.
    #[error("There is no client {0}.")]
    UnknownClient(ClientId),
    /// The client is not treated any more.
    #[error("The client is deactivated; activate the client first.")]
    InactiveClient(ClientId),
    /// The client is not assigned to the practitioner (P1).
    #[error("The client is not assigned to this practitioner. Assign the client first, by editing the client.")]
    Unassigned {
        /// Who.
        client: ClientId,
        /// Not to whom.
        practitioner: PractitionerId,
    },
    /// No such practitioner.
    #[error("There is no active practitioner {0}.")]
    UnknownPractitioner(PractitionerId),
    /// No such service.
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
    /// No such kind.
    #[error("There is no active event type {0}.")]
    UnknownEventType(EventTypeId),
    /// A kind of time without clients.
    #[error("The event type is for time without clients. Choose one that is for clients.")]
    TypeWithoutClients,
    /// A session with clients is called by their names.
    #[error("Only an event without clients has a title. What clients should know goes into the instructions.")]
    TitleOfClients,
    /// An event without clients with what only sessions have.
    #[error(transparent)]
    WithoutClients(#[from] WithoutClients),
    /// No such room.
    #[error("There is no active room {0}.")]
    UnknownRoom(RoomId),
    /// No such location.
    #[error("There is no active location {0}.")]
    UnknownLocation(LocationId),
    /// The client's settings do not allow the channel (S4).
    #[error("The client's settings do not allow reminders by {}. Allow them by editing the client, or leave the reminder out.", .0.name())]
    ChannelNotAllowed(Channel),
    /// The invites cannot be sent.
    #[error(transparent)]
    Invite(#[from] InviteRefused),
    /// The time cannot be had.
    #[error(transparent)]
    Blocked(#[from] Blocked),
}

/// What a wish comes to by what is known: everything in it is there, and what it leaves out is filled in.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What the session is made from.
    pub template: Template,
    /// Whether invites are mailed, and to whom.
    pub invitation: Invitation,
    /// How long it lasts.
    pub length: Minutes,
    /// The zone of its wall time.
    pub zone: Zone,
}

/// The part of the terms that follows from the clients.
struct ForClients<'a> {
    services: Vec<BookedService>,
    first_service: Option<&'a Service>,
    reminders: Reminders,
    invitation: Invitation,
}

impl Schedule {
    /// The terms of what is to be booked: a session, or a series of them. `subject` is what recipients are addressed as.
    pub fn terms(&self, subject: Subject, facts: &ScheduleFacts) -> Result<Terms, ScheduleRefused> {
        let known = |id: &ClientId| facts.clients.iter().find(|c| c.id == *id).ok_or(ScheduleRefused::UnknownClient(*id));
        let clients = self.clients.iter().map(known).collect::<Result<Vec<_>, _>>()?;
        let unknown = ScheduleRefused::UnknownPractitioner(self.practitioner);
        let practitioner = facts.practitioner.as_ref().filter(|p| p.active).ok_or(unknown)?;
        let event_type = self.event_type(&facts.practice)?;
        let event_type = event_type.as_ref();
        let ForClients { services, first_service, reminders, invitation } = match clients[..] {
            [] if event_type.is_some_and(|of| !of.category.is_for_clients()) => self.without_clients()?,
            [client] => self.for_client(client, practitioner, event_type, (subject, facts))?,
            _ => return Err(ScheduleRefused::NotOneClient),
        };
        if let Some(room) = self.room.filter(|id| !facts.room.as_ref().is_some_and(|r| r.id == *id && r.active)) {
            return Err(ScheduleRefused::UnknownRoom(room));
        }
        if let Some(location) = self.location.filter(|id| !facts.location.as_ref().is_some_and(|l| l.id == *id && l.active)) {
            return Err(ScheduleRefused::UnknownLocation(location));
        }
        let length = self.length.or_else(|| event_type.and_then(|of| of.length));
        let length = length.or_else(|| first_service.and_then(|s| s.length_minutes));
        let length = length.unwrap_or(facts.practice.policies.default_length_minutes);
        let template = Template {
            practitioner: practitioner.id,
            clients: self.clients.clone(),
            title: self.title.clone(),
            event_type: event_type.map(EventType::of),
            availability: event_type.map(|of| of.availability).unwrap_or_default(),
            presence: self.presence.or_else(|| event_type.map(|of| of.presence)).unwrap_or(Presence::Direct),
            services,
            room: self.room,
            location: self.location,
            url: self.url.clone(),
            instructions: self.instructions.clone(),
            reminders,
        };
        let zone = self.zone.as_ref().unwrap_or(&practitioner.zone).clone();
        Ok(Terms { template, invitation, length, zone })
    }

    fn event_type(&self, practice: &Practice) -> Result<Option<EventType>, ScheduleRefused> {
        let Some(id) = self.event_type else { return Ok(None) };
        let types = practice.event_types();
        let named = types.get(id).filter(|of| of.active).ok_or(ScheduleRefused::UnknownEventType(id))?;
        if named.category.is_for_clients() || self.clients.is_empty() {
            Ok(Some(named.clone()))
        } else {
            Err(ScheduleRefused::TypeWithoutClients)
        }
    }

    /// An event without clients: it has nothing of what sessions have for theirs.
    fn without_clients(&self) -> Result<ForClients<'static>, ScheduleRefused> {
        WithoutClients::unless(self.services.as_ref().is_some_and(|chosen| !chosen.is_empty()), OfClients::Services)?;
        WithoutClients::unless(!matches!(self.invite, InviteChoice::Off), OfClients::Invites)?;
        WithoutClients::unless(self.reminders.as_ref().is_some_and(|asked| !asked.is_empty()), OfClients::Reminders)?;
        Ok(ForClients { services: Vec::new(), first_service: None, reminders: Reminders::NONE, invitation: Invitation::Off })
    }

    fn for_client<'a>(
        &self,
        client: &Client,
        practitioner: &Practitioner,
        event_type: Option<&EventType>,
        (subject, facts): (Subject, &'a ScheduleFacts),
    ) -> Result<ForClients<'a>, ScheduleRefused> {
        if !client.active {
            return Err(ScheduleRefused::InactiveClient(client.id));
        }
        if !client.is_assigned_to(practitioner.id) {
            return Err(ScheduleRefused::Unassigned { client: client.id, practitioner: practitioner.id });
        }
        if self.title.is_some() {
            return Err(ScheduleRefused::TitleOfClients);
        }
        let usual = || event_type.and_then(|of| of.service).filter(|id| facts.services.iter().any(|s| s.id == *id && s.active));
        let chosen = self.services.clone();
        let chosen = chosen.unwrap_or_else(|| usual().map(|service| ServiceChoice { service, price: None }).into_iter().collect());
        let services = choose_services(&chosen, &facts.services)?;
        let reminders = match &self.reminders {
            None => facts.practice.policies.reminders.allowed_by(&client.reminder_channels),
            Some(asked) => {
                let refused = asked.iter().find(|r| !client.reminder_channels.contains(&r.channel));
                match refused {
                    Some(refused) => return Err(ScheduleRefused::ChannelNotAllowed(refused.channel)),
                    None => asked.clone(),
                }
            }
        };
        let invitation = match &self.invite {
            InviteChoice::Off => Invitation::Off,
            InviteChoice::OnRecord => Invitation::Sent { recipients: choose_recipients(subject, None, &facts.clients)? },
            InviteChoice::Named(named) => Invitation::Sent { recipients: choose_recipients(subject, Some(named), &facts.clients)? },
        };
        let first_service = chosen.first().and_then(|choice| facts.services.iter().find(|s| s.id == choice.service));
        Ok(ForClients { services, first_service, reminders, invitation })
    }

    /// Decides.
    pub fn decide(self, naming: &Naming, facts: ScheduleFacts, deciding: Deciding<'_>) -> Result<Decision, ScheduleRefused> {
        let Terms { template, invitation, length, zone } = self.terms(naming.session.into(), &facts)?;
        let placing = Placing { policies: &facts.practice.policies, allow_overlap: self.allow_overlap, now: deciding.now };
        let slot = placing.slot(self.local_start, &zone, length, self.offset)?;
        let details = template.session((facts.practice.id, naming.session), &naming.codes, slot, invitation, deciding);
        let mut diaries = facts.diaries;
        let overlapping = placing.put(&details, &mut diaries)?;
        let mut effects = details.invite_effects();
        effects.extend(details.reminder_effects(deciding.now));
        let change =
            Change::Scheduled { placed: Placed::of(&details), invited: details.invitation.recipients().count(), overlapping };
        let event = Event::new(&details, deciding, change, None, effects);
        Ok(Decision { session: Session::Scheduled(Scheduled { details, attendance: Vec::new() }), diaries, event })
    }
}

/// The services as booked.
pub(super) fn choose_services(chosen: &[ServiceChoice], known: &[Service]) -> Result<Vec<BookedService>, UnknownService> {
    let book = |choice: &ServiceChoice| {
        let service = known.iter().find(|s| s.id == choice.service && s.active);
        let service = service.ok_or(UnknownService(choice.service))?;
        Ok(BookedService {
            service: service.id,
            code: service.code.clone(),
            name: service.name.clone(),
            price: choice.price.unwrap_or(service.price_minor),
        })
    };
    chosen.iter().map(book).collect()
}

impl Details {
    /// Everyone invited is to hold the current entry.
    pub(crate) fn invite_effects(&self) -> Vec<Effect> {
        let invite = |recipient: &crate::recipient::Recipient| Effect::Invite { recipient: recipient.id, sequence: self.sequence };
        self.invitation.recipients().map(invite).collect()
    }

    /// The practitioner learns what others do to their calendar (L5); what they do themselves they know.
    pub(super) fn inform(&self, practitioner: PractitionerId, moved_from: Option<&Slot>, deciding: Deciding<'_>) -> Option<Effect> {
        let by_others = deciding.actor.practitioner != Some(practitioner);
        by_others.then(|| Effect::Inform { practitioner, sequence: self.sequence, moved_from: moved_from.cloned() })
    }

    /// Every reminder whose minute has not passed.
    pub(crate) fn reminder_effects(&self, now: chrono::DateTime<chrono::Utc>) -> impl Iterator<Item = Effect> {
        let slot = &self.slot;
        self.reminders
            .iter()
            .map(|reminder| (reminder, reminder.due_at(slot)))
            .filter(move |(_, due_at)| *due_at > now)
            .map(|(reminder, due_at)| Effect::Remind { reminder, due_at })
    }
}
