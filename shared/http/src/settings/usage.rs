//! `/v1/practice/usage`.

use axum::{Json, extract::State};
use hourkeep_app::{
    desk::Desk,
    usage::{Month, UsageView},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    problem::{Kind, Problem},
    request::{Caller, Params},
};

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsageParams {
    /// A calendar month in UTC, such as `2026-11`; this one if none is given.
    month: Option<String>,
}

/// What your practice used in a month, and how much it may. Directors may know.
#[utoipa::path(get, path = "/v1/practice/usage", operation_id = "show_usage", tag = "practice", params(UsageParams),
    responses((status = 200, body = UsageView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn usage(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<UsageParams>,
) -> Result<Json<UsageView>, Problem> {
    let wrong = |error| Problem::new(Kind::INVALID, format!("month {error}.")).at("query:month");
    let month = params.month.map(|text| text.parse::<Month>()).transpose().map_err(wrong)?;
    Ok(Json(desk.show_usage(&principal, month).await?))
}
