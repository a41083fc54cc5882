//! `GET /v1/sessions/{id}/mail`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    work::{MailView, WhichMail},
};
use hourkeep_domain::ids::{RecipientId, SessionId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    problem::Problem,
    request::{Caller, Id, Params},
};

/// Which mail, and whose.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailParams {
    /// To whom: one of the session's recipients; the first of them if left out.
    #[param(value_type = Option<String>)]
    recipient_id: Option<RecipientId>,
    /// `invite`, `reminder` or `cancellation`; the invitation if left out.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "invite")]
    kind: KindParam,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindParam {
    #[default]
    Invite,
    Reminder,
    Cancellation,
}

impl From<KindParam> for WhichMail {
    fn from(kind: KindParam) -> Self {
        match kind {
            KindParam::Invite => Self::Invite,
            KindParam::Reminder => Self::Reminder,
            KindParam::Cancellation => Self::Cancellation,
        }
    }
}

/// A mail about a session as it would be written now. Nothing is sent.
///
/// What a recipient was sent earlier said what the session said then; its history tells what has changed since.
#[utoipa::path(get, path = "/v1/sessions/{id}/mail", tag = "sessions", params(("id" = String, Path), MailParams),
    responses((status = 200, body = MailView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn mail(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Params(params): Params<MailParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.preview_mail(&principal, id, params.recipient_id, params.kind.into()).await?))
}
