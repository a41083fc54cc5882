//! `POST /v1/series`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, series::SeriesView};

use super::body::SeriesBody;
use crate::{
    openapi::ChangeHeaders,
    problem::Problem,
    request::{Caller, Command, Stored},
};

/// Book a series: all of its sessions for a year ahead; later ones are booked as time goes by.
///
/// What is done where a time is taken, `recurrence` says; preview it first. The answer says what was booked and what was not.
#[utoipa::path(post, path = "/v1/series", operation_id = "schedule_series", tag = "series", params(ChangeHeaders), request_body = SeriesBody,
    responses((status = 201, body = SeriesView, description = "Booked"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn book(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<SeriesBody>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.schedule_series(&principal, &conditions, &body.request()?).await?))
}
