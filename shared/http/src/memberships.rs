//! `GET /v1/memberships`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, list::List, memberships::MembershipView};

use crate::{problem::Problem, request::Caller};

/// Where the caller works, and as what: the practices to choose from in `Hourkeep-Practice`.
#[utoipa::path(get, path = "/v1/memberships", tag = "practice",
    responses((status = 200, body = List<MembershipView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn memberships(State(desk): State<Desk>, Caller(principal): Caller) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_memberships(&principal).await?))
}
