//! `GET /v1/sessions/{id}/history`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::HistoryView};
use hourkeep_domain::ids::SessionId;

use crate::{
    problem::Problem,
    request::{Caller, Id},
};

/// The history of a session: who did what, when, why; oldest first.
#[utoipa::path(get, path = "/v1/sessions/{id}/history", tag = "sessions", params(("id" = String, Path)),
    responses((status = 200, body = HistoryView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn history(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.history(&principal, id).await?))
}
