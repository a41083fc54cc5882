//! `/v1/event-types`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, list::List, settings::EventTypeView};
use hourkeep_domain::{
    event_type::{Availability, Category, Colour, EventTypeChange, Icon, NewEventType},
    ids::{EventTypeId, ServiceId},
    session::Presence,
    slot::Minutes,
    text::Name,
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

/// An event type to add. What is left out follows from the category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEventTypeBody {
    /// What it is called.
    #[schema(value_type = String, example = "Assessment")]
    name: Name,
    /// `client`, `video`, `non_client` or `team`. It stays what it is.
    #[schema(value_type = String, example = "client")]
    category: Category,
    /// Its colour.
    #[schema(value_type = Option<String>, example = "blue")]
    colour: Option<Colour>,
    /// The picture beside it.
    #[schema(value_type = Option<String>, example = "person")]
    icon: Option<Icon>,
    /// Whether clients are present; true if left out.
    direct: Option<bool>,
    /// Whether it takes the practitioner's time; true if left out.
    busy: Option<bool>,
    /// Length in minutes, 1 to 1440, unless someone says otherwise.
    #[schema(value_type = Option<u16>, example = 90)]
    length_minutes: Option<Minutes>,
    /// What is done unless someone says otherwise.
    #[schema(value_type = Option<String>)]
    service_id: Option<ServiceId>,
}

/// What is to change. What is left out stays; null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventTypeChangeBody {
    /// What it is called.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// Its colour.
    #[schema(value_type = Option<String>)]
    colour: Option<Colour>,
    /// The picture beside it.
    #[schema(value_type = Option<String>)]
    icon: Option<Icon>,
    /// Whether clients are present. Entries that there are stay as they are.
    direct: Option<bool>,
    /// Whether it takes the practitioner's time. Entries that there are stay as they are.
    busy: Option<bool>,
    /// Length in minutes unless someone says otherwise.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u16>)]
    length_minutes: Option<Option<Minutes>>,
    /// What is done unless someone says otherwise.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    service_id: Option<Option<ServiceId>>,
    /// Whether new entries can be of it.
    active: Option<bool>,
}

fn presence(direct: bool) -> Presence {
    if direct { Presence::Direct } else { Presence::Indirect }
}

fn availability(busy: bool) -> Availability {
    if busy { Availability::Busy } else { Availability::Free }
}

/// All event types, oldest first.
#[utoipa::path(get, path = "/v1/event-types", operation_id = "list_event_types", tag = "catalogue", params(ListParams),
    responses((status = 200, body = List<EventTypeView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ListParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_event_types(&principal, params.include_inactive).await?))
}

/// Add an event type: up to six for clients and four without. The front desk and directors may.
#[utoipa::path(post, path = "/v1/event-types", operation_id = "create_event_type", tag = "catalogue", params(ChangeHeaders), request_body = NewEventTypeBody,
    responses((status = 201, body = EventTypeView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewEventTypeBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = NewEventType {
        name: body.name,
        category: body.category,
        colour: body.colour,
        icon: body.icon,
        presence: body.direct.map(presence),
        availability: body.busy.map(availability),
        length: body.length_minutes,
        service: body.service_id,
    };
    Ok(Stored(desk.create_event_type(&principal, &conditions, &request).await?))
}

/// An event type.
#[utoipa::path(get, path = "/v1/event-types/{id}", operation_id = "show_event_type", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = EventTypeView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<EventTypeId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_event_type(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change an event type, or deactivate it. The front desk and directors may.
#[utoipa::path(patch, path = "/v1/event-types/{id}", operation_id = "change_event_type", tag = "catalogue", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = EventTypeChangeBody,
    responses((status = 200, body = EventTypeView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<EventTypeId>,
    Command { conditions, body }: Command<EventTypeChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = EventTypeChange {
        name: body.name,
        colour: body.colour,
        icon: body.icon,
        presence: body.direct.map(presence),
        availability: body.busy.map(availability),
        length: body.length_minutes,
        service: body.service_id,
        active: body.active,
    };
    Ok(Stored(desk.change_event_type(&principal, &conditions, id, &change).await?))
}
