//! `/v1/rooms`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::List,
    settings::{RoomChange, RoomRequest, RoomView},
};
use hourkeep_domain::{ids::RoomId, practice::RoomKind, text::Name};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ListParams;
use crate::{
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Params, Stored, Tagged},
};

/// A room to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRoomBody {
    /// What it is called.
    #[schema(value_type = String, example = "Blue room")]
    name: Name,
    /// `in_person`: one session at a time; `virtual`: any number at once. It stays what it is.
    #[schema(value_type = String, example = "in_person")]
    kind: RoomKind,
}

/// What is to change. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoomChangeBody {
    /// What it is called.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// Whether it can still be booked.
    active: Option<bool>,
}

/// All rooms, oldest first.
#[utoipa::path(get, path = "/v1/rooms", operation_id = "list_rooms", tag = "catalogue", params(ListParams),
    responses((status = 200, body = List<RoomView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ListParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_rooms(&principal, params.include_inactive).await?))
}

/// Add a room. The front desk and directors may.
#[utoipa::path(post, path = "/v1/rooms", operation_id = "create_room", tag = "catalogue", params(ChangeHeaders), request_body = NewRoomBody,
    responses((status = 201, body = RoomView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewRoomBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = RoomRequest { name: body.name, kind: body.kind };
    Ok(Stored(desk.create_room(&principal, &conditions, &request).await?))
}

/// A room.
#[utoipa::path(get, path = "/v1/rooms/{id}", operation_id = "show_room", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = RoomView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<RoomId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_room(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change a room, or deactivate it. The front desk and directors may.
#[utoipa::path(patch, path = "/v1/rooms/{id}", operation_id = "change_room", tag = "catalogue", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = RoomChangeBody,
    responses((status = 200, body = RoomView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<RoomId>,
    Command { conditions, body }: Command<RoomChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = RoomChange { name: body.name, active: body.active };
    Ok(Stored(desk.change_room(&principal, &conditions, id, &change).await?))
}
