//! `POST /v1/sessions/{id}/cancel`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::CancelRequest};
use hourkeep_domain::{ids::SessionId, money::Amount, text::Reason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    openapi::{ChangeHeaders, Changed, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Stored},
    series::Scope,
};

/// The wish that a session not take place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelBody {
    /// Why; for the history.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
    /// Whether people are told; by default exactly if invites went out. If none did, the contact of record gets a
    /// plain notice.
    notify: Option<bool>,
    /// The fee in minor units, where it is not the policy's.
    #[schema(value_type = Option<i64>)]
    fee_minor: Option<Amount>,
    /// `this` alone, or `this_and_following` of its series.
    #[serde(default)]
    #[schema(value_type = String, example = "this_and_following")]
    scope: Scope,
}

/// Cancel a session, until it ends. This cannot be undone.
///
/// With `scope` `this_and_following`, those that follow it in its series are cancelled with it, and the answer is the series.
#[utoipa::path(post, path = "/v1/sessions/{id}/cancel", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = CancelBody,
    responses((status = 200, body = Changed, description = "Cancelled"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn cancel(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<CancelBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = CancelRequest { reason: body.reason, notify: body.notify, fee: body.fee_minor };
    Ok(Stored(match body.scope {
        Scope::This => desk.cancel(&principal, &conditions, id, &request).await?,
        Scope::ThisAndFollowing => desk.cancel_following(&principal, &conditions, id, &request).await?,
    }))
}
