//! Locations with the place-of-service code that bills need (S3).

use hourkeep_domain::{
    ids::{LocationId, PracticeId},
    practice::{Location, PlaceOfService},
    text::Name,
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

/// A location.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Location)]
pub struct LocationView {
    /// Its id.
    #[schema(value_type = String, example = "loc_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: LocationId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// What it is called.
    #[schema(value_type = String)]
    pub name: Name,
    /// The two-digit place-of-service code of the CMS list, such as `11` (office) or `02` (telehealth).
    #[schema(value_type = String, example = "11")]
    pub place_of_service: PlaceOfService,
    /// Whether it can still be used.
    pub active: bool,
}

/// The wish for a location.
#[derive(Clone, Debug)]
pub struct LocationRequest {
    /// What it is called.
    pub name: Name,
    /// Its place-of-service code.
    pub place_of_service: PlaceOfService,
}

/// The wish to change a location. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct LocationChange {
    /// What it is called.
    pub name: Option<Name>,
    /// Its place-of-service code.
    pub place_of_service: Option<PlaceOfService>,
    /// Whether it can still be used.
    pub active: Option<bool>,
}

impl Record for Location {
    type Id = LocationId;
    type View = LocationView;

    const WHAT: &'static str = "location";

    fn key(practice: PracticeId, id: LocationId) -> Key {
        key::location(practice, id)
    }

    fn view(&self, revision: u32) -> LocationView {
        LocationView {
            id: self.id,
            revision,
            name: self.name.clone(),
            place_of_service: self.place_of_service.clone(),
            active: self.active,
        }
    }
}

impl Listed for Location {
    const PREFIX: &'static str = key::LOCATIONS;

    fn is_active(&self) -> bool {
        self.active
    }
}

impl Desk {
    /// Adds a location.
    pub async fn create_location(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &LocationRequest,
    ) -> Result<Answer, Error> {
        let id = LocationId::new(self.clock.now(), Self::random());
        let location =
            Location { id, name: request.name.clone(), place_of_service: request.place_of_service.clone(), active: true };
        self.create_record(principal, conditions, id, front_desk_only, |_| location.clone()).await
    }

    /// Shows a location.
    pub async fn show_location(&self, principal: &Principal, id: LocationId) -> Result<LocationView, Error> {
        self.show_record::<Location>(principal, id).await
    }

    /// Lists the locations.
    pub async fn list_locations(&self, principal: &Principal, include_inactive: bool) -> Result<List<LocationView>, Error> {
        self.list_records::<Location>(principal, include_inactive).await
    }

    /// Changes a location.
    pub async fn change_location(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: LocationId,
        change: &LocationChange,
    ) -> Result<Answer, Error> {
        let apply = |location: &mut Location| {
            set(&mut location.name, change.name.clone());
            set(&mut location.place_of_service, change.place_of_service.clone());
            set(&mut location.active, change.active);
        };
        self.change_record(principal, conditions, id, front_desk_only, apply).await
    }
}
