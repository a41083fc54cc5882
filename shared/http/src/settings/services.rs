//! `/v1/services`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::List,
    settings::{ServiceChange, ServiceRequest, ServiceView},
};
use hourkeep_domain::{
    ids::ServiceId,
    money::Amount,
    slot::Minutes,
    text::{Code, Name},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ListParams;
use crate::{
    body::nullable,
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Params, Stored, Tagged},
};

/// A service to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewServiceBody {
    /// Its billing code, such as a CPT code.
    #[schema(value_type = String, example = "90837")]
    code: Code,
    /// What it is called.
    #[schema(value_type = String, example = "Psychotherapy, 60 minutes")]
    name: Name,
    /// What it costs unless someone says otherwise, in minor units.
    #[schema(value_type = i64, example = 15000)]
    price_minor: Amount,
    /// How long it takes unless someone says otherwise.
    #[schema(value_type = Option<u16>, example = 60)]
    length_minutes: Option<Minutes>,
}

/// What is to change. What is left out stays; null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceChangeBody {
    /// Its billing code.
    #[schema(value_type = Option<String>)]
    code: Option<Code>,
    /// What it is called.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// What it costs unless someone says otherwise, in minor units. Sessions keep the price they were booked with.
    #[schema(value_type = Option<i64>)]
    price_minor: Option<Amount>,
    /// How long it takes unless someone says otherwise.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u16>)]
    length_minutes: Option<Option<Minutes>>,
    /// Whether it can still be booked.
    active: Option<bool>,
}

/// All services, oldest first.
#[utoipa::path(get, path = "/v1/services", operation_id = "list_services", tag = "catalogue", params(ListParams),
    responses((status = 200, body = List<ServiceView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ListParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_services(&principal, params.include_inactive).await?))
}

/// Add a service. The front desk and directors may.
#[utoipa::path(post, path = "/v1/services", operation_id = "create_service", tag = "catalogue", params(ChangeHeaders), request_body = NewServiceBody,
    responses((status = 201, body = ServiceView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewServiceBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = ServiceRequest { code: body.code, name: body.name, price: body.price_minor, length: body.length_minutes };
    Ok(Stored(desk.create_service(&principal, &conditions, &request).await?))
}

/// A service.
#[utoipa::path(get, path = "/v1/services/{id}", operation_id = "show_service", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = ServiceView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ServiceId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_service(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change a service, or deactivate it. The front desk and directors may.
#[utoipa::path(patch, path = "/v1/services/{id}", operation_id = "change_service", tag = "catalogue", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = ServiceChangeBody,
    responses((status = 200, body = ServiceView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ServiceId>,
    Command { conditions, body }: Command<ServiceChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = ServiceChange {
        code: body.code,
        name: body.name,
        price: body.price_minor,
        length: body.length_minutes,
        active: body.active,
    };
    Ok(Stored(desk.change_service(&principal, &conditions, id, &change).await?))
}
