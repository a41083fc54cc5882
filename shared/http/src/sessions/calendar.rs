//! `GET /v1/calendar`.

use axum::{extract::State, http::HeaderMap, response::Response};
use hourkeep_app::{
    desk::Desk,
    sessions::{CalendarRequest, CalendarView, Whose},
};
use hourkeep_domain::{
    ids::{PractitionerId, RoomId},
    zone::Zone,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    body::Day,
    openapi::IfNoneMatchHeader,
    problem::{Kind, Problem},
    request::{Caller, Params, unless_seen},
};

/// Which days of whose calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CalendarParams {
    /// Whose; one's own if neither this nor a room is given.
    #[param(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
    /// Of which physical room.
    #[param(value_type = Option<String>)]
    room_id: Option<RoomId>,
    /// First day.
    #[param(value_type = String, format = Date, example = "2026-11-30")]
    from: Day,
    /// The day after the last; at most 62 days later.
    #[param(value_type = String, format = Date, example = "2026-12-07")]
    to: Day,
    /// IANA zone in which days begin and wall times are shown; the practitioner's, for a room the practice's, if left out.
    #[param(value_type = Option<String>)]
    time_zone: Option<Zone>,
    /// Whether to answer the clients' names too, of those whom you may act for.
    #[serde(default)]
    names: bool,
}

/// The calendar of a practitioner or a physical room. Practitioners see what is their own, and of others only when they or the
/// room are busy. Whoever sends back the `ETag` in `If-None-Match` is told in a word that nothing is new.
#[utoipa::path(get, path = "/v1/calendar", tag = "calendar", params(CalendarParams, IfNoneMatchHeader),
    responses((status = 200, body = CalendarView), (status = 304, description = "Nothing is new"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn calendar(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    headers: HeaderMap,
    Params(params): Params<CalendarParams>,
) -> Result<Response, Problem> {
    let (Day(from), Day(to)) = (params.from, params.to);
    let days = (to - from).num_days();
    if !(1..=62).contains(&days) {
        return Err(Problem::new(Kind::INVALID, "to must be 1 to 62 days after from.").at("query:to"));
    }
    let whose = match (params.practitioner_id, params.room_id) {
        (None, None) => Whose::Own,
        (Some(id), None) => Whose::Practitioner(id),
        (None, Some(id)) => Whose::Room(id),
        (Some(_), Some(_)) => {
            return Err(Problem::new(Kind::INVALID, "Ask for a practitioner or for a room, not both.").at("query:room_id"));
        }
    };
    let request = CalendarRequest { whose, from, to, zone: params.time_zone, names: params.names };
    unless_seen(&headers, &desk.calendar(&principal, &request).await?)
}
