//! `GET /v1/series/{id}`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, series::SeriesView};
use hourkeep_domain::ids::SeriesId;

use crate::{
    problem::Problem,
    request::{Caller, Id, Stored},
};

/// A series with its sessions, and the places that have none.
#[utoipa::path(get, path = "/v1/series/{id}", operation_id = "show_series", tag = "series", params(("id" = String, Path)),
    responses((status = 200, body = SeriesView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SeriesId>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.show_series(&principal, id).await?))
}
