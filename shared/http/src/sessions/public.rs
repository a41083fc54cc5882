//! `GET /v1/public/sessions/{code}`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::PublicSession};
use hourkeep_domain::code::SessionCode;

use crate::{problem::Problem, request::Id};

/// What anyone who has a session's code may see: practice and time, and from the due window on where to join.
#[utoipa::path(get, path = "/v1/public/sessions/{code}", tag = "public", params(("code" = String, Path)), security(()),
    responses((status = 200, body = PublicSession), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn public_session(State(desk): State<Desk>, Id(code): Id<SessionCode>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.session_of_code(code).await?))
}
