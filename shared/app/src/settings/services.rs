//! Services with code and price (N3).

use hourkeep_domain::{
    ids::{PracticeId, ServiceId},
    money::Amount,
    practice::Service,
    slot::Minutes,
    text::{Code, Name},
};
use hourkeep_store::{Key, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    record::{Listed, Record},
    set,
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, front_desk_only},
    error::Error,
    list::List,
};

/// A service.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Service)]
pub struct ServiceView {
    /// Its id.
    #[schema(value_type = String, example = "srv_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: ServiceId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// Its billing code, such as a CPT code.
    #[schema(value_type = String, example = "90837")]
    pub code: Code,
    /// What it is called.
    #[schema(value_type = String)]
    pub name: Name,
    /// What it costs unless someone says otherwise, in minor units of the practice's currency.
    #[schema(value_type = i64)]
    pub price_minor: Amount,
    /// How long it takes unless someone says otherwise.
    #[schema(value_type = Option<u16>)]
    pub length_minutes: Option<Minutes>,
    /// Whether it can still be booked.
    pub active: bool,
}

/// The wish for a service.
#[derive(Clone, Debug)]
pub struct ServiceRequest {
    /// Its billing code.
    pub code: Code,
    /// What it is called.
    pub name: Name,
    /// What it costs unless someone says otherwise.
    pub price: Amount,
    /// How long it takes unless someone says otherwise.
    pub length: Option<Minutes>,
}

/// The wish to change a service; sessions keep what they were booked with. What is `None` stays; `Some(None)` takes
/// away.
#[derive(Clone, Debug, Default)]
pub struct ServiceChange {
    /// Its billing code.
    pub code: Option<Code>,
    /// What it is called.
    pub name: Option<Name>,
    /// What it costs unless someone says otherwise.
    pub price: Option<Amount>,
    /// How long it takes unless someone says otherwise.
    pub length: Option<Option<Minutes>>,
    /// Whether it can still be booked.
    pub active: Option<bool>,
}

impl Record for Service {
    type Id = ServiceId;
    type View = ServiceView;

    const WHAT: &'static str = "service";

    fn key(practice: PracticeId, id: ServiceId) -> Key {
        key::service(practice, id)
    }

    fn view(&self, revision: u32) -> ServiceView {
        ServiceView {
            id: self.id,
            revision,
            code: self.code.clone(),
            name: self.name.clone(),
            price_minor: self.price_minor,
            length_minutes: self.length_minutes,
            active: self.active,
        }
    }
}

impl Listed for Service {
    const PREFIX: &'static str = key::SERVICES;

    fn is_active(&self) -> bool {
        self.active
    }
}

impl Desk {
    /// Adds a service.
    pub async fn create_service(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &ServiceRequest,
    ) -> Result<Answer, Error> {
        let id = ServiceId::new(self.clock.now(), Self::random());
        let service = Service {
            id,
            code: request.code.clone(),
            name: request.name.clone(),
            price_minor: request.price,
            length_minutes: request.length,
            active: true,
        };
        self.create_record(principal, conditions, id, front_desk_only, |_| service.clone()).await
    }

    /// Shows a service.
    pub async fn show_service(&self, principal: &Principal, id: ServiceId) -> Result<ServiceView, Error> {
        self.show_record::<Service>(principal, id).await
    }

    /// Lists the services.
    pub async fn list_services(&self, principal: &Principal, include_inactive: bool) -> Result<List<ServiceView>, Error> {
        self.list_records::<Service>(principal, include_inactive).await
    }

    /// Changes a service.
    pub async fn change_service(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: ServiceId,
        change: &ServiceChange,
    ) -> Result<Answer, Error> {
        let apply = |service: &mut Service| {
            set(&mut service.code, change.code.clone());
            set(&mut service.name, change.name.clone());
            set(&mut service.price_minor, change.price);
            set(&mut service.length_minutes, change.length);
            set(&mut service.active, change.active);
        };
        self.change_record(principal, conditions, id, front_desk_only, apply).await
    }
}
