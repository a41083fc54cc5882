//! `POST /v1/sessions/{id}/reschedule`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::RescheduleRequest, view::SessionView};
use hourkeep_domain::{
    ids::{PractitionerId, RoomId, SessionId},
    slot::Minutes,
    text::Reason,
    zone::Zone,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{LocalTime, UtcOffset, nullable},
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
};

/// The wish that a session be elsewhere. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RescheduleBody {
    /// Wall-clock start, to the minute.
    #[schema(value_type = String, example = "2026-12-01T09:00")]
    local_start: LocalTime,
    /// Which of two equal wall times.
    #[schema(value_type = Option<String>, example = "-07:00")]
    utc_offset: Option<UtcOffset>,
    /// IANA zone of the wall time.
    #[schema(value_type = Option<String>, example = "America/Vancouver")]
    time_zone: Option<Zone>,
    /// Length in minutes.
    #[schema(value_type = Option<u16>, example = 60)]
    length_minutes: Option<Minutes>,
    /// Who treats.
    #[schema(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
    /// In which room; null for none.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    room_id: Option<Option<RoomId>>,
    /// Whether those invited are mailed; by default exactly when invites went out and the time changes.
    send_updates: Option<bool>,
    /// Why; for the history.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
    /// Whether an overlap is meant.
    #[serde(default)]
    allow_overlap: bool,
}

/// Move a session: to another time, practitioner or room, while it is scheduled. It keeps id, code and calendar UID.
#[utoipa::path(post, path = "/v1/sessions/{id}/reschedule", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = RescheduleBody,
    responses((status = 200, body = SessionView, description = "Moved"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reschedule(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<RescheduleBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = RescheduleRequest {
        local_start: body.local_start.0,
        offset: body.utc_offset.map(|offset| offset.0),
        zone: body.time_zone,
        length: body.length_minutes,
        practitioner: body.practitioner_id,
        room: body.room_id,
        send_updates: body.send_updates,
        reason: body.reason,
        allow_overlap: body.allow_overlap,
    };
    Ok(Stored(desk.reschedule(&principal, &conditions, id, &request).await?))
}
