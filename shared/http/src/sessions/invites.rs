//! `POST /v1/sessions/{id}/invites`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::InviteRequest, view::SessionView};
use hourkeep_domain::ids::SessionId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{RecipientBody, recipients},
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
};

/// Who is to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitesBody {
    /// Everyone who is to hold an invite; the client's guardian or primary contact if left out.
    recipients: Option<Vec<RecipientBody>>,
}

/// Send invites for a session.
///
/// Those who are named and hold none get one; those who hold one and are not named get theirs taken back.
#[utoipa::path(post, path = "/v1/sessions/{id}/invites", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = InvitesBody,
    responses((status = 200, body = SessionView, description = "Invited"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn invites(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<InvitesBody>,
) -> Result<impl IntoResponse, Problem> {
    let named = body.recipients.map(|named| recipients(named, "/recipients")).transpose()?;
    Ok(Stored(desk.send_invites(&principal, &conditions, id, &InviteRequest { recipients: named }).await?))
}
