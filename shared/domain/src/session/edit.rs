//! Change what is not placement: services, location, link, instructions, reminders.

use super::{
    Deciding, Decision, OfClients, Presence, ServiceChoice, Session, Status, Template, WithoutClients,
    schedule::{UnknownService, choose_services},
};
use crate::{
    event::{Change, Event},
    ids::{EventTypeId, LocationId},
    people::Client,
    practice::{Location, Practice, Service},
    reminder::{Channel, Reminders},
    sheet::Diary,
    text::{Instructions, Reason, Title, Url},
};

/// The wish to change a session. What is `None` stays; `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// What an event without clients is called.
    pub title: Option<Option<Title>>,
    /// Which of the practice's kinds it is.
    pub event_type: Option<EventTypeId>,
    /// What is done.
    pub services: Option<Vec<ServiceChoice>>,
    /// At which location.
    pub location: Option<Option<LocationId>>,
    /// Whether the client is present.
    pub presence: Option<Presence>,
    /// Where to join.
    pub url: Option<Option<Url>>,
    /// What else to know.
    pub instructions: Option<Option<Instructions>>,
    /// What is sent before it.
    pub reminders: Option<Reminders>,
    /// Whether those invited are mailed the change; by default not.
    pub send_updates: Option<bool>,
    /// Why.
    pub reason: Option<Reason>,
}

/// What is known when it is decided.
#[derive(Clone, Debug)]
pub struct EditFacts {
    /// The practice.
    pub practice: Practice,
    /// The session's clients.
    pub clients: Vec<Client>,
    /// The services that are named.
    pub services: Vec<Service>,
    /// The location that is named.
    pub location: Option<Location>,
    /// The sheets that the session stands on, where the wish concerns what they show.
    pub diaries: Vec<Diary>,
}

/// Why a session is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditRefused {
    /// Cancelled sessions stay as they are.
    #[error("The session is cancelled and can no longer be changed.")]
    Cancelled,
    /// What was a mistake stays as it was deleted.
    #[error("The session is deleted and can no longer be changed.")]
    Deleted,
    /// Not while it is due or under way, or over.
    #[error("While a session is {status}, {field} can no longer be changed.")]
    TooLate {
        /// What.
        field: &'static str,
        /// Where it stands.
        status: Status,
    },
    /// Nothing in the wish differs from what is.
    #[error("Nothing would change.")]
    NothingToDo,
    /// Nobody was invited.
    #[error("No invites were sent for this session, so there is nobody to send an update to. Send invites instead.")]
    NoInvitesToUpdate,
    /// No such kind.
    #[error("There is no active event type {0}.")]
    UnknownEventType(EventTypeId),
    /// A kind for the other side.
    #[error("The event type is for time without clients. Choose one that is for clients.")]
    TypeWithoutClients,
    /// A kind for the other side.
    #[error("The event type is for clients. Choose one that is for time without clients.")]
    TypeForClients,
    /// A session with clients is called by their names.
    #[error("Only an event without clients has a title. What clients should know goes into the instructions.")]
    TitleOfClients,
    /// An event without clients with what only sessions have.
    #[error(transparent)]
    WithoutClients(#[from] WithoutClients),
    /// A kind that leaves the time free, of what takes it, or the other way round.
    #[error(
        "What takes the time cannot become of an event type that leaves it free, nor the other way round. Choose another type, or make a new entry."
    )]
    OtherAvailability,
    /// No such service.
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
    /// No such location.
    #[error("There is no active location {0}.")]
    UnknownLocation(LocationId),
    /// The client's settings do not allow the channel (S4).
    #[error("The client's settings do not allow reminders by {}. Allow them by editing the client, or leave the reminder out.", .0.name())]
    ChannelNotAllowed(Channel),
}

impl Edit {
    /// Decides. Scheduled: anything. Due or under way: link and instructions. Over: everything but reminders, as a
    /// correction. Cancelled or deleted: nothing.
    pub fn decide(self, mut session: Session, facts: &EditFacts, deciding: Deciding<'_>) -> Result<Decision, EditRefused> {
        let status = session.status(&facts.practice.policies, deciding.now);
        self.check_status(status)?;
        if self.send_updates == Some(true) && !session.details().invitation.went_out() {
            return Err(EditRefused::NoInvitesToUpdate);
        }
        let mut fields = Vec::new();
        let mut calendars_see = false;
        let details = session.details_mut();
        let wanted = self.of_template(&Template::of(details), facts)?;
        note(&mut fields, "the title", &mut details.title, wanted.title);
        note(&mut fields, "the type", &mut details.event_type, wanted.event_type);
        note(&mut fields, "the services", &mut details.services, wanted.services);
        calendars_see |= note(&mut fields, "the location", &mut details.location, wanted.location);
        note(&mut fields, "whether the client is present", &mut details.presence, wanted.presence);
        calendars_see |= note(&mut fields, "the link", &mut details.url, wanted.url);
        calendars_see |= note(&mut fields, "the instructions", &mut details.instructions, wanted.instructions);
        let reminders_change = note(&mut fields, "the reminders", &mut details.reminders, wanted.reminders);
        if fields.is_empty() {
            return Err(EditRefused::NothingToDo);
        }
        let mut diaries = facts.diaries.clone();
        for diary in &mut diaries {
            diary.revise(details.id, |entry| {
                entry.indirect = details.presence == Presence::Indirect;
                entry.event_type = details.event_type.map(|of| of.number);
                entry.title.clone_from(&details.title);
            });
        }
        details.touch(deciding);
        if calendars_see {
            details.raise_sequence(deciding.now);
        }
        let send = self.send_updates.unwrap_or(false) && calendars_see;
        let mut effects = if send { details.invite_effects() } else { Vec::new() };
        let updated = effects.len();
        if reminders_change {
            effects.extend(details.reminder_effects(deciding.now));
        }
        let change = Change::Edited { fields, correction: status != Status::Scheduled, updated };
        let event = Event::new(details, deciding, change, self.reason, effects);
        Ok(Decision { session, diaries, event })
    }

    /// What a session, or the sessions of a series, are made from, once that is changed so.
    pub fn of_template(&self, template: &Template, facts: &EditFacts) -> Result<Template, EditRefused> {
        let mut template = template.clone();
        if template.clients.is_empty() {
            WithoutClients::unless(self.services.as_ref().is_some_and(|chosen| !chosen.is_empty()), OfClients::Services)?;
            WithoutClients::unless(self.reminders.as_ref().is_some_and(|asked| !asked.is_empty()), OfClients::Reminders)?;
            if let Some(title) = &self.title {
                template.title.clone_from(title);
            }
        } else if self.title.is_some() {
            return Err(EditRefused::TitleOfClients);
        }
        if let Some(id) = self.event_type {
            let types = facts.practice.event_types();
            // What it is already may have been retired since.
            let stays = template.event_type.is_some_and(|of| of.id == id);
            let named = types.get(id).filter(|of| of.active || stays).ok_or(EditRefused::UnknownEventType(id))?;
            match (named.category.is_for_clients(), template.clients.is_empty()) {
                (true, false) | (false, true) => {}
                (false, false) => return Err(EditRefused::TypeWithoutClients),
                (true, true) => return Err(EditRefused::TypeForClients),
            }
            if named.availability != template.availability && !stays {
                return Err(EditRefused::OtherAvailability);
            }
            template.event_type = Some(named.of());
        }
        if let Some(services) = &self.services {
            template.services = choose_services(services, &facts.services)?;
        }
        if let Some(location) = self.location {
            if let Some(unknown) = location.filter(|id| !facts.location.as_ref().is_some_and(|l| l.id == *id && l.active)) {
                return Err(EditRefused::UnknownLocation(unknown));
            }
            template.location = location;
        }
        template.presence = self.presence.unwrap_or(template.presence);
        if let Some(url) = &self.url {
            template.url.clone_from(url);
        }
        if let Some(instructions) = &self.instructions {
            template.instructions.clone_from(instructions);
        }
        if let Some(reminders) = &self.reminders {
            let allowed = |channel: Channel| facts.clients.iter().all(|c| c.reminder_channels.contains(&channel));
            if let Some(refused) = reminders.iter().find(|r| !allowed(r.channel)) {
                return Err(EditRefused::ChannelNotAllowed(refused.channel));
            }
            template.reminders = reminders.clone();
        }
        Ok(template)
    }

    fn check_status(&self, status: Status) -> Result<(), EditRefused> {
        let too_late = |field, is_named: bool| if is_named { Err(EditRefused::TooLate { field, status }) } else { Ok(()) };
        match status {
            Status::Scheduled => Ok(()),
            Status::Due | Status::Underway => {
                too_late("the type", self.event_type.is_some())?;
                too_late("the services", self.services.is_some())?;
                too_late("the location", self.location.is_some())?;
                too_late("whether the client is present", self.presence.is_some())?;
                too_late("the reminders", self.reminders.is_some())
            }
            Status::AwaitingOutcome | Status::Closed => {
                too_late("whether the client is present", self.presence.is_some() && status == Status::Closed)?;
                too_late("the reminders", self.reminders.is_some())
            }
            Status::Cancelled => Err(EditRefused::Cancelled),
            Status::Deleted => Err(EditRefused::Deleted),
        }
    }
}

/// Sets a field; answers whether that changed it.
fn note<T: PartialEq>(fields: &mut Vec<String>, name: &str, field: &mut T, value: T) -> bool {
    let changes = *field != value;
    if changes {
        *field = value;
        fields.push(name.to_owned());
    }
    changes
}
