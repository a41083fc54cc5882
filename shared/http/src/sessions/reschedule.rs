//! `POST /v1/sessions/{id}/reschedule`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, series::FollowingRequest, sessions::RescheduleRequest};
use hourkeep_domain::{
    ids::{PractitionerId, RoomId, SessionId},
    series::{Exceptions, IfTaken},
    slot::Minutes,
    text::Reason,
    zone::Zone,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{LocalTime, UtcOffset, nullable},
    openapi::{ChangeHeaders, Changed, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
    series::{Scope, first_of_two},
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
    /// `this` alone, or `this_and_following` of its series.
    #[serde(default)]
    #[schema(value_type = String, example = "this_and_following")]
    scope: Scope,
    /// With `this_and_following`: the rule from then on (RFC 5545 RRULE); the same as before, moved along, if left out.
    #[schema(example = "FREQ=WEEKLY;BYDAY=WE")]
    rule: Option<String>,
    /// With `this_and_following`, where a time is taken: `skip` it, `keep` it all the same, or `stop` and change nothing,
    /// which is meant if left out.
    #[schema(value_type = Option<String>, example = "stop")]
    on_conflict: Option<IfTaken>,
    /// With `this_and_following`: `keep` what was moved, changed or cancelled by hand, which is meant if left out; or `reset`
    /// it to be like the others.
    #[schema(value_type = Option<String>, example = "keep")]
    exceptions: Option<Exceptions>,
}

impl RescheduleBody {
    /// How those that follow are moved, if they are.
    fn following(&self) -> Result<Option<FollowingRequest>, Problem> {
        match self.scope {
            Scope::This => {
                let said = [self.rule.is_some(), self.on_conflict.is_some(), self.exceptions.is_some()];
                Scope::not_of_this(["rule", "on_conflict", "exceptions"].into_iter().zip(said))?;
                Ok(None)
            }
            Scope::ThisAndFollowing => {
                first_of_two(self.utc_offset)?;
                let on_conflict = self.on_conflict.unwrap_or(if self.allow_overlap { IfTaken::Keep } else { IfTaken::Stop });
                let exceptions = self.exceptions.unwrap_or(Exceptions::Keep);
                Ok(Some(FollowingRequest { rule: self.rule.clone(), on_conflict, exceptions }))
            }
        }
    }
}

/// Move a session: to another time, practitioner or room, while it is scheduled. It keeps id, code and calendar UID.
///
/// With `scope` `this_and_following`, those that follow it in its series are moved with it, and the answer is the series that
/// they are of: a new one, where others stay before them.
#[utoipa::path(post, path = "/v1/sessions/{id}/reschedule", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = RescheduleBody,
    responses((status = 200, body = Changed, description = "Moved"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reschedule(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<RescheduleBody>,
) -> Result<impl IntoResponse, Problem> {
    let following = body.following()?;
    let request = RescheduleRequest {
        local_start: body.local_start.0,
        offset: body.utc_offset.map(|offset| offset.0),
        zone: body.time_zone,
        length: body.length_minutes,
        practitioner: body.practitioner_id,
        room: body.room_id,
        send_updates: body.send_updates,
        reason: body.reason,
        // Of several it is said for each conflict.
        allow_overlap: following.is_none() && body.allow_overlap,
    };
    Ok(Stored(match following {
        None => desk.reschedule(&principal, &conditions, id, &request).await?,
        Some(following) => desk.reschedule_following(&principal, &conditions, id, &request, &following).await?,
    }))
}
