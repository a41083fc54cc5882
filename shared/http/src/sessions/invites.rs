//! `POST /v1/sessions/{id}/invites`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::InviteRequest};
use hourkeep_domain::ids::SessionId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{RecipientBody, recipients},
    openapi::{ChangeHeaders, Changed, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
    series::Scope,
};

/// Who is to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitesBody {
    /// Everyone who is to hold an invite; the client's guardian or primary contact if left out.
    recipients: Option<Vec<RecipientBody>>,
    /// `this` alone, or `this_and_following` of its series.
    #[serde(default)]
    #[schema(value_type = String, example = "this_and_following")]
    scope: Scope,
}

/// Send invites for a session.
///
/// Those who are named and hold none get one; those who hold one and are not named get theirs taken back.
/// With `scope` `this_and_following`, they are invited to those that follow it in its series as well, and the answer is the
/// series that they are of.
#[utoipa::path(post, path = "/v1/sessions/{id}/invites", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = InvitesBody,
    responses((status = 200, body = Changed, description = "Invited"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn invites(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<InvitesBody>,
) -> Result<impl IntoResponse, Problem> {
    let named = body.recipients.map(|named| recipients(named, "/recipients")).transpose()?;
    let request = InviteRequest { recipients: named };
    Ok(Stored(match body.scope {
        Scope::This => desk.send_invites(&principal, &conditions, id, &request).await?,
        Scope::ThisAndFollowing => desk.invite_following(&principal, &conditions, id, &request).await?,
    }))
}
