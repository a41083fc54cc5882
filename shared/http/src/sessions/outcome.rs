//! `POST /v1/sessions/{id}/outcome`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{desk::Desk, sessions::OutcomeRequest, view::SessionView};
use hourkeep_domain::{
    ids::{ClientId, SessionId},
    money::Amount,
    session::{Attendance, AttendanceMark, MarkOutcome, Progress},
    text::Reason,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::at_most,
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::{Kind, Problem},
    request::{Caller, Command, Id, Stored},
};

/// How a session went: `attendance` of a direct one, or `progress` of an indirect one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutcomeBody {
    /// Who came.
    attendance: Option<Vec<AttendanceBody>>,
    /// How far it got: `not_started`, `in_progress`, `on_hold` or `completed`.
    #[schema(value_type = Option<String>)]
    progress: Option<Progress>,
    /// Why, when it is corrected; for the history.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
}

/// Whether a client came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttendanceBody {
    /// Who.
    #[schema(value_type = String)]
    client_id: ClientId,
    /// `attended`, `cancelled`, `late_cancellation`, `no_show` or `non_billable`.
    #[schema(value_type = String)]
    value: AttendanceMark,
    /// The fee in minor units for a missed session or a late cancellation, where it is not the policy's.
    #[schema(value_type = Option<i64>)]
    fee_minor: Option<Amount>,
}

/// Mark the outcome of a session, once it has started. Marking the last one closes it; marking again corrects it.
#[utoipa::path(post, path = "/v1/sessions/{id}/outcome", tag = "sessions", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = OutcomeBody,
    responses((status = 200, body = SessionView, description = "Marked"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn outcome(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<SessionId>,
    Command { conditions, body }: Command<OutcomeBody>,
) -> Result<impl IntoResponse, Problem> {
    let mark = match (body.attendance, body.progress) {
        (Some(marks), None) => {
            at_most(&marks, 20, "/attendance")?;
            let mark = |m: AttendanceBody| Attendance { client: m.client_id, value: m.value, fee: m.fee_minor };
            MarkOutcome::Attendance(marks.into_iter().map(mark).collect())
        }
        (None, Some(progress)) => MarkOutcome::Progress(progress),
        (None, None) | (Some(_), Some(_)) => {
            return Err(Problem::new(Kind::INVALID_FIELD, "Give either attendance or progress.").at("/attendance"));
        }
    };
    let request = OutcomeRequest { mark, reason: body.reason };
    Ok(Stored(desk.mark_outcome(&principal, &conditions, id, &request).await?))
}
