//! `POST /v1/sessions`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::ScheduleRequest, view::SessionView};
use hourkeep_domain::{
    ids::{ClientId, EventTypeId, LocationId, PractitionerId, RoomId},
    reminder::Reminders,
    session::{InviteChoice, Presence},
    slot::Minutes,
    text::{Instructions, Title, Url},
    zone::Zone,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{LocalTime, RecipientBody, ServiceBody, UtcOffset, at_most, recipients},
    openapi::{ChangeHeaders, ReminderBody},
    problem::Problem,
    request::{Caller, Command, Stored},
};

/// The wish for a session; that for a series has all of it too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleBody {
    /// Who is treated: exactly one, until groups come; nobody, where the event type is for time without clients.
    clients: Vec<ClientBody>,
    /// What an event without clients is called; by its event type, if left out.
    #[schema(value_type = Option<String>)]
    title: Option<Title>,
    /// Who treats; oneself if left out.
    #[schema(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
    /// Which of the practice's event types it is. What is left out of the rest is as the type has it. With one for time without
    /// clients it is an event without clients: that has no services, invites, reminders and outcome.
    #[schema(value_type = Option<String>)]
    event_type_id: Option<EventTypeId>,
    /// Whether the client is present; the event type's, else true if left out.
    direct: Option<bool>,
    /// What is done, at which price; the event type's service, else nothing if left out.
    services: Option<Vec<ServiceBody>>,
    /// In which room.
    #[schema(value_type = Option<String>)]
    room_id: Option<RoomId>,
    /// At which location.
    #[schema(value_type = Option<String>)]
    location_id: Option<LocationId>,
    /// Wall-clock start, to the minute.
    #[schema(value_type = String, example = "2026-12-01T09:00")]
    local_start: LocalTime,
    /// Which of two equal wall times, on the night when clocks are set back; the first if left out.
    #[schema(value_type = Option<String>, example = "-07:00")]
    pub(crate) utc_offset: Option<UtcOffset>,
    /// IANA zone of the wall time; the practitioner's if left out.
    #[schema(value_type = Option<String>, example = "America/Vancouver")]
    time_zone: Option<Zone>,
    /// Length in minutes, 1 to 1440; the event type's, else the first service's, else the practice's default if left out.
    #[schema(value_type = Option<u16>, example = 60)]
    length_minutes: Option<Minutes>,
    /// Whether invites are mailed; not if left out.
    invite: Option<InviteBody>,
    /// What is sent before it; the practice's default as far as the client allows it, if left out.
    #[schema(value_type = Option<Vec<ReminderBody>>)]
    reminders: Option<Reminders>,
    /// Where to join.
    #[schema(value_type = Option<String>)]
    url: Option<Url>,
    /// What else to know.
    #[schema(value_type = Option<String>)]
    instructions: Option<Instructions>,
    /// Whether an overlap is meant.
    #[serde(default)]
    allow_overlap: bool,
}

/// A client of the session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientBody {
    /// Who.
    #[schema(value_type = String)]
    client_id: ClientId,
}

/// Whether invites are mailed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteBody {
    /// Whether.
    send: bool,
    /// To whom; the client's guardian or primary contact if left out.
    recipients: Option<Vec<RecipientBody>>,
}

impl ScheduleBody {
    /// What it asks for.
    pub(crate) fn request(self) -> Result<ScheduleRequest, Problem> {
        at_most(self.services.as_deref().unwrap_or_default(), 20, "/services")?;
        at_most(&self.clients, 20, "/clients")?;
        let invite = match self.invite {
            None | Some(InviteBody { send: false, .. }) => InviteChoice::Off,
            Some(InviteBody { send: true, recipients: None }) => InviteChoice::OnRecord,
            Some(InviteBody { send: true, recipients: Some(named) }) => {
                InviteChoice::Named(recipients(named, "/invite/recipients")?)
            }
        };
        Ok(ScheduleRequest {
            clients: self.clients.into_iter().map(|client| client.client_id).collect(),
            practitioner: self.practitioner_id,
            title: self.title,
            event_type: self.event_type_id,
            presence: self.direct.map(|direct| if direct { Presence::Direct } else { Presence::Indirect }),
            services: self.services.map(|services| services.into_iter().map(Into::into).collect()),
            room: self.room_id,
            location: self.location_id,
            local_start: self.local_start.0,
            offset: self.utc_offset.map(|offset| offset.0),
            zone: self.time_zone,
            length: self.length_minutes,
            invite,
            reminders: self.reminders,
            url: self.url,
            instructions: self.instructions,
            allow_overlap: self.allow_overlap,
        })
    }
}

/// Schedule a session.
///
/// Nobody is ever booked twice: a time that is taken is refused with what is in the way and three free
/// alternatives, unless `allow_overlap` says that it is meant.
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", params(ChangeHeaders), request_body = ScheduleBody,
    responses((status = 201, body = SessionView, description = "Scheduled"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn schedule(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<ScheduleBody>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.schedule(&principal, &conditions, &body.request()?).await?))
}
