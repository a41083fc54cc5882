//! `GET /v1/series/presets`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, list::List, series::PresetView};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    body::LocalTime,
    problem::Problem,
    request::{Caller, Params},
};

/// For which first start.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PresetParams {
    /// Wall-clock start of the first session, to the minute, such as `2026-12-01T09:00`.
    #[param(value_type = String, example = "2026-12-01T09:00")]
    local_start: LocalTime,
}

/// The rules that are offered for a series with a first start: daily, weekly, monthly and the like, each in words.
#[utoipa::path(get, path = "/v1/series/presets", operation_id = "list_recurrence_presets", tag = "series", params(PresetParams),
    responses((status = 200, body = List<PresetView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn presets(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<PresetParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.recurrence_presets(&principal, params.local_start.0).await?))
}
