//! `GET /v1/availability`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    sessions::{AvailabilityRequest, AvailabilityView},
};
use hourkeep_domain::{
    ids::{PractitionerId, RoomId},
    slot::Minutes,
    zone::Zone,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    body::Day,
    problem::{Kind, Problem},
    request::{Caller, Params},
};

/// Which free times.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AvailabilityParams {
    /// Whose; everyone's if left out.
    #[param(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
    /// The room that is to be free as well.
    #[param(value_type = Option<String>)]
    room_id: Option<RoomId>,
    /// First day, in each practitioner's zone; today if left out.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-30")]
    from: Option<Day>,
    /// How many days are looked at, 1 to 62; 14 if left out.
    days: Option<u8>,
    /// Length in minutes, 1 to 1440; the practice's default if left out.
    #[param(value_type = Option<u16>)]
    length_minutes: Option<Minutes>,
    /// IANA zone in which wall times are shown; each practitioner's if left out.
    #[param(value_type = Option<String>)]
    time_zone: Option<Zone>,
    /// How many times at most, 1 to 200; 20 if left out.
    limit: Option<u8>,
}

/// The next free times within working hours, earliest first: of one practitioner, or of all. In the step that the practice
/// offers, with its buffers around each.
#[utoipa::path(get, path = "/v1/availability", tag = "calendar", params(AvailabilityParams),
    responses((status = 200, body = AvailabilityView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn availability(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<AvailabilityParams>,
) -> Result<impl IntoResponse, Problem> {
    let (days, limit) = (params.days.unwrap_or(14), params.limit.unwrap_or(20));
    if !(1..=62).contains(&days) {
        return Err(Problem::new(Kind::INVALID, "days must be 1 to 62.").at("query:days"));
    }
    if !(1..=200).contains(&limit) {
        return Err(Problem::new(Kind::INVALID, "limit must be 1 to 200.").at("query:limit"));
    }
    let request = AvailabilityRequest {
        practitioner: params.practitioner_id,
        room: params.room_id,
        from: params.from.map(|Day(from)| from),
        days,
        length: params.length_minutes,
        zone: params.time_zone,
        count: limit.into(),
    };
    Ok(Json(desk.availability(&principal, &request).await?))
}
