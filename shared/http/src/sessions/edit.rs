//! `PATCH /v1/sessions/{id}`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::EditRequest};
use hourkeep_domain::{
    ids::{EventTypeId, LocationId, SessionId},
    reminder::Reminders,
    session::Presence,
    text::{Instructions, Reason, Title, Url},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{ServiceBody, at_most, nullable},
    openapi::{ChangeHeaders, Changed, IfMatchHeader, ReminderBody},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
    series::Scope,
};

/// What is to change. What is left out stays; null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditBody {
    /// What an event without clients is called.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    title: Option<Option<Title>>,
    /// Which of the practice's event types it is: for clients or not, and busy or free, as it is.
    #[schema(value_type = Option<String>)]
    event_type_id: Option<EventTypeId>,
    /// What is done, at which price.
    services: Option<Vec<ServiceBody>>,
    /// At which location.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    location_id: Option<Option<LocationId>>,
    /// Whether the client is present.
    direct: Option<bool>,
    /// Where to join.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    url: Option<Option<Url>>,
    /// What else to know.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    instructions: Option<Option<Instructions>>,
    /// What is sent before it.
    #[schema(value_type = Option<Vec<ReminderBody>>)]
    reminders: Option<Reminders>,
    /// Whether those invited are mailed the change; not if left out.
    send_updates: Option<bool>,
    /// Why; for the history.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
    /// `this` alone, or `this_and_following` of its series.
    #[serde(default)]
    #[schema(value_type = String, example = "this_and_following")]
    scope: Scope,
}

/// Change what is not placement. Time, practitioner and room change by `reschedule`, recipients by `invites`.
///
/// With `scope` `this_and_following`, those that follow it in its series are changed with it, and the answer is the series that
/// they are of: a new one, where others stay before them and calendars show the difference.
#[utoipa::path(patch, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = EditBody,
    responses((status = 200, body = Changed, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<EditBody>,
) -> Result<impl IntoResponse, Problem> {
    at_most(body.services.as_deref().unwrap_or_default(), 20, "/services")?;
    let request = EditRequest {
        title: body.title,
        event_type: body.event_type_id,
        services: body.services.map(|services| services.into_iter().map(Into::into).collect()),
        location: body.location_id,
        presence: body.direct.map(|direct| if direct { Presence::Direct } else { Presence::Indirect }),
        url: body.url,
        instructions: body.instructions,
        reminders: body.reminders,
        send_updates: body.send_updates,
        reason: body.reason,
    };
    Ok(Stored(match body.scope {
        Scope::This => desk.edit(&principal, &conditions, id, &request).await?,
        Scope::ThisAndFollowing => desk.edit_following(&principal, &conditions, id, &request).await?,
    }))
}
