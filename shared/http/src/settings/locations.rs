//! `/v1/locations`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::List,
    settings::{LocationChange, LocationRequest, LocationView},
};
use hourkeep_domain::{ids::LocationId, practice::PlaceOfService, text::Name};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ListParams;
use crate::{
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Params, Stored, Tagged},
};

/// A location to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLocationBody {
    /// What it is called.
    #[schema(value_type = String, example = "Harbour Street")]
    name: Name,
    /// The two-digit place-of-service code of the CMS list, such as `11` (office) or `02` (telehealth).
    #[schema(value_type = String, example = "11")]
    place_of_service: PlaceOfService,
}

/// What is to change. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocationChangeBody {
    /// What it is called.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// Its place-of-service code.
    #[schema(value_type = Option<String>)]
    place_of_service: Option<PlaceOfService>,
    /// Whether it can still be used.
    active: Option<bool>,
}

/// All locations, oldest first.
#[utoipa::path(get, path = "/v1/locations", operation_id = "list_locations", tag = "catalogue", params(ListParams),
    responses((status = 200, body = List<LocationView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ListParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_locations(&principal, params.include_inactive).await?))
}

/// Add a location. The front desk and directors may.
#[utoipa::path(post, path = "/v1/locations", operation_id = "create_location", tag = "catalogue", params(ChangeHeaders), request_body = NewLocationBody,
    responses((status = 201, body = LocationView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewLocationBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = LocationRequest { name: body.name, place_of_service: body.place_of_service };
    Ok(Stored(desk.create_location(&principal, &conditions, &request).await?))
}

/// A location.
#[utoipa::path(get, path = "/v1/locations/{id}", operation_id = "show_location", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = LocationView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<LocationId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_location(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change a location, or deactivate it. The front desk and directors may.
#[utoipa::path(patch, path = "/v1/locations/{id}", operation_id = "change_location", tag = "catalogue", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = LocationChangeBody,
    responses((status = 200, body = LocationView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<LocationId>,
    Command { conditions, body }: Command<LocationChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = LocationChange { name: body.name, place_of_service: body.place_of_service, active: body.active };
    Ok(Stored(desk.change_location(&principal, &conditions, id, &change).await?))
}
