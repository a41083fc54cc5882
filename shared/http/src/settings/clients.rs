//! `/v1/clients`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::{Cursor, List, PageSize},
    sessions::ClientSessionView,
    settings::{ClientChange, ClientListRequest, ClientRequest, ClientSummary, ClientView, ContactRequest},
};
use hourkeep_domain::{
    ids::{ClientId, ContactId, PractitionerId},
    people::ContactKind,
    reminder::Channel,
    text::{Email, Name, Phone},
    zone::Zone,
};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};

use crate::{
    body::nullable,
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

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// How many at most, 1 to 100; 50 if left out.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: PageSize,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Where nothing is searched for, a page of all is meant.
fn blank_or_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Ok(None) } else { Name::parse(&text).map(Some).map_err(serde::de::Error::custom) }
}

/// A client to add: a name alone is enough.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClientBody {
    /// Their first name.
    #[schema(value_type = Option<String>, example = "Sam")]
    first_name: Option<Name>,
    /// Their last name; one of the two is needed.
    #[schema(value_type = Option<String>, example = "Lane")]
    last_name: Option<Name>,
    /// People around them, and how to reach them: at most 20.
    #[serde(default)]
    contacts: Vec<NewContactBody>,
    /// Who treats them: at most 20. If left out: for a practitioner, themselves; otherwise nobody.
    #[schema(value_type = Option<Vec<String>>)]
    practitioner_ids: Option<Vec<PractitionerId>>,
    /// By which channels they may be reminded; by none if left out.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["email"]))]
    reminder_channels: Vec<Channel>,
    /// Their own IANA zone, if known.
    #[schema(value_type = Option<String>)]
    time_zone: Option<Zone>,
}

/// A person around a client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewContactBody {
    /// Their name.
    #[schema(value_type = String)]
    name: Name,
    /// `guardian`, `primary` or `other`.
    #[schema(value_type = String, example = "guardian")]
    kind: ContactKind,
    /// Their address.
    #[schema(value_type = Option<String>, example = "gil@example.com")]
    email: Option<Email>,
    /// Their telephone number.
    #[schema(value_type = Option<String>, example = "+1 604 555 0100")]
    phone: Option<Phone>,
}

/// What is to change. What is left out stays; null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientChangeBody {
    /// Their first name.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    first_name: Option<Option<Name>>,
    /// Their last name.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    last_name: Option<Option<Name>>,
    /// All people around them from then on: at most 20. Who is left out goes.
    contacts: Option<Vec<ContactBody>>,
    /// All who treat them from then on: at most 20.
    #[schema(value_type = Option<Vec<String>>)]
    practitioner_ids: Option<Vec<PractitionerId>>,
    /// By which channels they may be reminded.
    #[schema(value_type = Option<Vec<String>>)]
    reminder_channels: Option<Vec<Channel>>,
    /// Their own IANA zone.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<Zone>>,
    /// Whether they still are a client. Sessions that are scheduled stay.
    active: Option<bool>,
}

/// A person around a client, new or kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactBody {
    /// The id of one who is kept; left out for a new one.
    #[schema(value_type = Option<String>)]
    id: Option<ContactId>,
    /// Their name.
    #[schema(value_type = String)]
    name: Name,
    /// `guardian`, `primary` or `other`.
    #[schema(value_type = String, example = "guardian")]
    kind: ContactKind,
    /// Their address.
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    /// Their telephone number.
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
}

impl From<NewContactBody> for ContactRequest {
    fn from(body: NewContactBody) -> Self {
        Self { id: None, name: body.name, kind: body.kind, email: body.email, phone: body.phone }
    }
}

impl From<ContactBody> for ContactRequest {
    fn from(body: ContactBody) -> Self {
        Self { id: body.id, name: body.name, kind: body.kind, email: body.email, phone: body.phone }
    }
}

/// Clients that you may act for, by last name, or by the name that is searched for.
#[utoipa::path(get, path = "/v1/clients", tag = "clients", params(ClientParams),
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
#[utoipa::path(post, path = "/v1/clients", tag = "clients", params(ChangeHeaders), request_body = NewClientBody,
    responses((status = 201, body = ClientView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewClientBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = ClientRequest {
        first_name: body.first_name,
        last_name: body.last_name,
        contacts: body.contacts.into_iter().map(Into::into).collect(),
        practitioners: body.practitioner_ids,
        reminder_channels: body.reminder_channels,
        zone: body.time_zone,
    };
    Ok(Stored(desk.create_client(&principal, &conditions, &request).await?))
}

/// A client.
#[utoipa::path(get, path = "/v1/clients/{id}", tag = "clients", params(("id" = String, Path)),
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
#[utoipa::path(patch, path = "/v1/clients/{id}", tag = "clients", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = ClientChangeBody,
    responses((status = 200, body = ClientView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ClientId>,
    Command { conditions, body }: Command<ClientChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = ClientChange {
        first_name: body.first_name,
        last_name: body.last_name,
        contacts: body.contacts.map(|contacts| contacts.into_iter().map(Into::into).collect()),
        practitioners: body.practitioner_ids,
        reminder_channels: body.reminder_channels,
        zone: body.time_zone,
        active: body.active,
    };
    Ok(Stored(desk.change_client(&principal, &conditions, id, &change).await?))
}

/// A client's sessions, in order of start.
#[utoipa::path(get, path = "/v1/clients/{id}/sessions", tag = "clients", params(("id" = String, Path), PageParams),
    responses((status = 200, body = List<ClientSessionView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sessions(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<ClientId>,
    Params(params): Params<PageParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.sessions_of_client(&principal, id, params.limit, params.cursor.as_ref()).await?))
}
