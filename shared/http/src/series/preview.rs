//! `POST /v1/series/preview`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, series::PreviewView};

use super::body::SeriesBody;
use crate::{
    problem::Problem,
    request::{Caller, Command},
};

/// What a series would be: its sessions for a year ahead, each with what the clocks do to it and what speaks against it.
///
/// It changes nothing, so an `Idempotency-Key` makes no difference.
#[utoipa::path(post, path = "/v1/series/preview", operation_id = "preview_series", tag = "series", request_body = SeriesBody,
    responses((status = 200, body = PreviewView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn preview(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { body, .. }: Command<SeriesBody>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(Box::pin(desk.preview_series(&principal, &body.request()?)).await?))
}
