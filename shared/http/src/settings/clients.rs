//! `/v1/clients`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::{Cursor, List, PageSize},
    sessions::{ClientSessionView, WhichSessions},
    settings::{ClientListRequest, ClientSummary, ClientView},
};
use hourkeep_domain::{
    ids::{ClientId, PractitionerId},
    text::Name,
};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use super::client_bodies::{ClientChangeBody, NewClientBody};
use crate::{
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Params, Stored, Tagged},
};

/// Which clients.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ClientParams {
    /// What the first or last name begins with, in any case, with or without accents.
    #[serde(default, deserialize_with = "blank_or_name")]
    #[param(value_type = Option<String>)]
    search: Option<Name>,
    /// Who treats them.
    #[param(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
    /// Whether to list those too that are deactivated.
    #[serde(default)]
    include_inactive: bool,
    /// How many at most, 1 to 100; 50 if left out.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: PageSize,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Which sessions, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionsParams {
    /// `coming`: those that have not ended. `past`: those that have, the last first. All if left out.
    #[param(value_type = Option<String>, example = "coming")]
    which: Option<WhichParam>,
    /// How many at most, 1 to 100; 50 if left out.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: PageSize,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WhichParam {
    Coming,
    Past,
}

impl From<WhichParam> for WhichSessions {
    fn from(which: WhichParam) -> Self {
        match which {
            WhichParam::Coming => Self::Coming,
            WhichParam::Past => Self::Past,
        }
    }
}

/// Where nothing is searched for, a page of all is meant.
fn blank_or_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Ok(None) } else { Name::parse(&text).map(Some).map_err(serde::de::Error::custom) }
}

/// Clients that you may act for, by last name, or by the name that is searched for.
#[utoipa::path(get, path = "/v1/clients", operation_id = "list_clients", tag = "clients", params(ClientParams),
    responses((status = 200, body = List<ClientSummary>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ClientParams>,
) -> Result<impl IntoResponse, Problem> {
    let request = ClientListRequest {
        search: params.search,
        practitioner: params.practitioner_id,
        include_inactive: params.include_inactive,
        size: params.limit,
        cursor: params.cursor,
    };
    Ok(Json(desk.list_clients(&principal, &request).await?))
}

/// Add a client. A practitioner's clients are assigned to that practitioner.
#[utoipa::path(post, path = "/v1/clients", operation_id = "create_client", tag = "clients", params(ChangeHeaders), request_body = NewClientBody,
    responses((status = 201, body = ClientView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewClientBody>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.create_client(&principal, &conditions, &body.into()).await?))
}

/// A client.
#[utoipa::path(get, path = "/v1/clients/{id}", operation_id = "show_client", tag = "clients", params(("id" = String, Path)),
    responses((status = 200, body = ClientView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ClientId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_client(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change a client, or deactivate them.
#[utoipa::path(patch, path = "/v1/clients/{id}", operation_id = "change_client", tag = "clients", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = ClientChangeBody,
    responses((status = 200, body = ClientView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ClientId>,
    Command { conditions, body }: Command<ClientChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.change_client(&principal, &conditions, id, &body.into()).await?))
}

/// A client's sessions: all, those to come, or those that are over.
#[utoipa::path(get, path = "/v1/clients/{id}/sessions", operation_id = "list_sessions_of_client", tag = "clients", params(("id" = String, Path), SessionsParams),
    responses((status = 200, body = List<ClientSessionView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sessions(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ClientId>,
    Params(params): Params<SessionsParams>,
) -> Result<impl IntoResponse, Problem> {
    let which = params.which.map(WhichSessions::from).unwrap_or_default();
    Ok(Json(desk.sessions_of_client(&principal, id, which, params.limit, params.cursor.as_ref()).await?))
}
