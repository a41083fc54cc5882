//! `GET /v1/sessions/{id}`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, view::SessionView};
use hourkeep_domain::ids::SessionId;

use crate::{
    problem::Problem,
    request::{Caller, Id, Tagged},
};

/// A session.
#[utoipa::path(get, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path)),
    responses((status = 200, body = SessionView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_session(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}
