//! `GET /v1/calendar`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    sessions::{CalendarRequest, CalendarView},
};
use hourkeep_domain::{ids::PractitionerId, zone::Zone};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    body::Day,
    problem::{Kind, Problem},
    request::{Caller, Params},
};

/// Which days of whose calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CalendarParams {
    /// Whose; one's own if left out.
    #[param(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
    /// First day.
    #[param(value_type = String, format = Date, example = "2026-11-30")]
    from: Day,
    /// The day after the last; at most 62 days later.
    #[param(value_type = String, format = Date, example = "2026-12-07")]
    to: Day,
    /// IANA zone in which days begin and wall times are shown; the practitioner's if left out.
    #[param(value_type = Option<String>)]
    time_zone: Option<Zone>,
}

/// A practitioner's calendar. Practitioners see of others' only when they are busy.
#[utoipa::path(get, path = "/v1/calendar", tag = "calendar", params(CalendarParams),
    responses((status = 200, body = CalendarView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn calendar(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<CalendarParams>,
) -> Result<impl IntoResponse, Problem> {
    let (Day(from), Day(to)) = (params.from, params.to);
    let days = (to - from).num_days();
    if !(1..=62).contains(&days) {
        return Err(Problem::new(Kind::INVALID, "to must be 1 to 62 days after from.").at("query:to"));
    }
    let request = CalendarRequest { practitioner: params.practitioner_id, from, to, zone: params.time_zone };
    Ok(Json(desk.calendar(&principal, &request).await?))
}
