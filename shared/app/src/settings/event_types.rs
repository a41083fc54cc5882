//! The practice's kinds of calendar entries (T2, T3). They stand in the practice's own record: they are few, every decision
//! about a session has read them, and their number is limited together.

use std::borrow::Cow;

use hourkeep_domain::{
    event_type::{Availability, Category, Colour, EventType, EventTypeChange, EventTypes, Icon, NewEventType},
    ids::{EventTypeId, PracticeId, ServiceId},
    people::Membership,
    practice::{Practice, Service},
    session::Presence,
    slot::Minutes,
    text::Name,
};
use hourkeep_store::key;
use serde::Serialize;
use utoipa::ToSchema;

use super::writing::{Begun, Writing};
use crate::{
    answer::{Answer, Conditions},
    caller::{Principal, enter},
    desk::{Desk, Step, front_desk_only},
    error::{Error, SettingsRefused},
    list::List,
};

/// A kind of calendar entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EventType)]
pub struct EventTypeView {
    /// Its id.
    #[schema(value_type = String, example = "typ_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: EventTypeId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// What it is called.
    #[schema(value_type = String)]
    pub name: Name,
    /// `client` or `video`: for clients, at most six are active; `non_client` or `team`: without them, at most four.
    #[schema(value_type = String, example = "client")]
    pub category: Category,
    /// Its colour: `blue`, `pink`, `orange`, `purple`, `teal`, `green`, `yellow` or `grey`.
    #[schema(value_type = String, example = "blue")]
    pub colour: Colour,
    /// The picture beside it: `person`, `people`, `video`, `phone`, `house`, `document`, `calendar`, `clock`, `cup`, `book`,
    /// `car` or `star`.
    #[schema(value_type = String, example = "person")]
    pub icon: Icon,
    /// Whether clients are present, unless someone says otherwise.
    pub direct: bool,
    /// Whether it takes the practitioner's time.
    pub busy: bool,
    /// Length in minutes unless someone says otherwise.
    #[schema(value_type = Option<u16>)]
    pub length_minutes: Option<u16>,
    /// What is done unless someone says otherwise.
    #[schema(value_type = Option<String>)]
    pub service_id: Option<ServiceId>,
    /// Whether new entries can be of it.
    pub active: bool,
}

impl From<&EventType> for EventTypeView {
    fn from(of: &EventType) -> Self {
        Self {
            id: of.id,
            revision: of.revision,
            name: of.name.clone(),
            category: of.category,
            colour: of.colour,
            icon: of.icon,
            direct: of.presence == Presence::Direct,
            busy: of.availability == Availability::Busy,
            length_minutes: of.length.map(Minutes::get),
            service_id: of.service,
            active: of.active,
        }
    }
}

impl Desk {
    /// Adds a kind.
    pub async fn create_event_type(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &NewEventType,
    ) -> Result<Answer, Error> {
        let id = EventTypeId::new(self.clock.now(), Self::random());
        self.change_event_types(principal, conditions, request.service, 201, |types| Ok(types.add(id, request.clone())?)).await
    }

    /// Changes a kind, or retires it. Entries that there are keep their length, service, presence and time.
    pub async fn change_event_type(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: EventTypeId,
        change: &EventTypeChange,
    ) -> Result<Answer, Error> {
        let service = change.service.flatten();
        self.change_event_types(principal, conditions, service, 200, |types| {
            conditions.check(types.get(id).ok_or(Error::NotFound("event type"))?.revision)?;
            Ok(types.change(id, change.clone())?)
        })
        .await
    }

    /// Shows a kind.
    pub async fn show_event_type(&self, principal: &Principal, id: EventTypeId) -> Result<EventTypeView, Error> {
        let practice = self.practice_of(principal).await?;
        let types = practice.event_types();
        types.get(id).map(EventTypeView::from).ok_or(Error::NotFound("event type"))
    }

    /// Lists the kinds, oldest first.
    pub async fn list_event_types(&self, principal: &Principal, include_inactive: bool) -> Result<List<EventTypeView>, Error> {
        let practice = self.practice_of(principal).await?;
        let types = practice.event_types();
        Ok(List::whole(types.iter().filter(|of| of.active || include_inactive).map(EventTypeView::from).collect()))
    }

    async fn practice_of(&self, principal: &Principal) -> Result<Practice, Error> {
        let (member, batch) = enter(&self.table, principal, |practice| vec![key::practice(practice)]).await?;
        batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))
    }

    async fn change_event_types(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        service: Option<ServiceId>,
        status: u16,
        change: impl Fn(&mut EventTypes) -> Result<EventType, Error> + Sync,
    ) -> Result<Answer, Error> {
        let change = &change;
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let keys = |practice: PracticeId| {
                [key::practice(practice)].into_iter().chain(service.map(|service| key::service(practice, service))).collect()
            };
            let (member, batch): (Membership, _) = match writing.begin(keys).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            front_desk_only(&member)?;
            let place = key::practice(member.practice);
            let stored = batch.get::<Practice>(&place)?.ok_or(Error::NotFound("practice"))?;
            if let Some(service) = service {
                let known: Option<Service> = batch.body(&key::service(member.practice, service))?;
                known.filter(|known| known.active).ok_or(SettingsRefused::UnknownService(service))?;
            }
            let mut practice = stored.body;
            let mut types: EventTypes = match practice.event_types() {
                Cow::Owned(usual) => usual,
                Cow::Borrowed(types) => types.clone(),
            };
            let of = change(&mut types)?;
            practice.event_types = Some(types);
            let transaction = writing.transaction(member.practice, place, &practice, stored.revision)?;
            writing.end(member.practice, transaction, status, of.revision, &EventTypeView::from(&of))
        })
        .await
    }
}
