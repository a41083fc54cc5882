//! `POST /v1/sessions/{id}/delete`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::DeleteRequest};
use hourkeep_domain::{ids::SessionId, text::Reason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    openapi::{ChangeHeaders, Changed, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
    series::Scope,
};

/// The wish that a session had never been entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteBody {
    /// Why; for the history.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
    /// `this` alone, or `this_and_following` of its series.
    #[serde(default)]
    #[schema(value_type = String, example = "this_and_following")]
    scope: Scope,
}

/// Delete a session that was entered by mistake, whatever its status. Nobody is told and nothing is owed: to call off a
/// session that people expect, cancel it. It leaves the calendar and its client's list, and stays in the history. This
/// cannot be undone.
///
/// With `scope` `this_and_following`, those that follow it in its series are deleted with it, and the answer is the series.
#[utoipa::path(post, path = "/v1/sessions/{id}/delete", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = DeleteBody,
    responses((status = 200, body = Changed, description = "Deleted"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn delete(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<DeleteBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = DeleteRequest { reason: body.reason };
    Ok(Stored(match body.scope {
        Scope::This => desk.delete(&principal, &conditions, id, &request).await?,
        Scope::ThisAndFollowing => desk.delete_following(&principal, &conditions, id, &request).await?,
    }))
}
