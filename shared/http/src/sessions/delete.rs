//! `POST /v1/sessions/{id}/delete`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::DeleteRequest, view::SessionView};
use hourkeep_domain::{ids::SessionId, text::Reason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
};

/// The wish that a session had never been entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteBody {
    /// Why; for the history.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
}

/// Delete a session that was entered by mistake, whatever its status. Nobody is told and nothing is owed: to call off a
/// session that people expect, cancel it. It leaves the calendar and its client's list, and stays in the history. This
/// cannot be undone.
#[utoipa::path(post, path = "/v1/sessions/{id}/delete", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = DeleteBody,
    responses((status = 200, body = SessionView, description = "Deleted"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn delete(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<DeleteBody>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.delete(&principal, &conditions, id, &DeleteRequest { reason: body.reason }).await?))
}
