//! `/v1/practice`.

use axum::{extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    settings::{HoursExceptionBody, PolicyChange, PracticeChange, PracticeView},
};
use hourkeep_domain::{
    hours::Exceptions,
    money::{Amount, Currency},
    practice::{Hours, WindowMinutes},
    reminder::Reminders,
    slot::Minutes,
    text::Name,
    zone::Zone,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::nullable,
    openapi::{ChangeHeaders, IfMatchHeader, ReminderBody},
    problem::Problem,
    request::{Caller, Command, Stored, Tagged},
};

/// What is to change. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PracticeChangeBody {
    /// Its name, as clients know it.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// Its IANA zone. Practitioners and sessions keep theirs.
    #[schema(value_type = Option<String>, example = "America/Vancouver")]
    time_zone: Option<Zone>,
    /// The currency of all its prices and fees; no amount is converted.
    #[schema(value_type = Option<String>, example = "CAD")]
    currency: Option<Currency>,
    /// Its rules.
    #[serde(default)]
    policies: Option<PoliciesChangeBody>,
    /// Days on which it is closed or keeps other hours, such as holidays: all of them, at most 100 runs of days that do not
    /// overlap. They hold for everyone who has no exception of their own on that day.
    #[schema(value_type = Option<Vec<HoursExceptionBody>>)]
    exceptions: Option<Exceptions>,
}

/// The rules that are to change. What is left out stays; null takes away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PoliciesChangeBody {
    /// How long before its start a client may still move or book a session by themselves: 0 to 336 hours.
    #[schema(value_type = Option<u16>, example = 24)]
    self_service_notice_hours: Option<Hours>,
    /// A cancellation less than this before the start is late: 0 to 336 hours.
    #[schema(value_type = Option<u16>, example = 24)]
    late_cancellation_hours: Option<Hours>,
    /// A session is due this long before its start: 0 to 120 minutes.
    #[schema(value_type = Option<u16>, example = 10)]
    due_window_minutes: Option<WindowMinutes>,
    /// How long a session lasts unless someone says otherwise.
    #[schema(value_type = Option<u16>, example = 60)]
    default_length_minutes: Option<Minutes>,
    /// The step of the times that are offered.
    #[schema(value_type = Option<u16>, example = 15)]
    slot_step_minutes: Option<Minutes>,
    /// What a late cancellation or a missed session costs, in minor units.
    #[schema(value_type = Option<i64>, example = 5000)]
    no_show_fee_minor: Option<Amount>,
    /// The reminders of a session that names none: at most two.
    #[schema(value_type = Option<Vec<ReminderBody>>)]
    reminders: Option<Reminders>,
    /// The name that mails come from; null for the practice's own.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    sender_name: Option<Option<Name>>,
    /// Kept free before each session: 0 to 120 minutes.
    #[schema(value_type = Option<u16>, example = 0)]
    buffer_before_minutes: Option<WindowMinutes>,
    /// Kept free after each session: 0 to 120 minutes.
    #[schema(value_type = Option<u16>, example = 0)]
    buffer_after_minutes: Option<WindowMinutes>,
}

impl From<PoliciesChangeBody> for PolicyChange {
    fn from(body: PoliciesChangeBody) -> Self {
        Self {
            self_service_notice_hours: body.self_service_notice_hours,
            late_cancellation_hours: body.late_cancellation_hours,
            due_window_minutes: body.due_window_minutes,
            default_length_minutes: body.default_length_minutes,
            slot_step_minutes: body.slot_step_minutes,
            no_show_fee_minor: body.no_show_fee_minor,
            reminders: body.reminders,
            sender_name: body.sender_name,
            buffer_before_minutes: body.buffer_before_minutes,
            buffer_after_minutes: body.buffer_after_minutes,
        }
    }
}

/// Your practice and its policies.
#[utoipa::path(get, path = "/v1/practice", operation_id = "show_practice", tag = "practice",
    responses((status = 200, body = PracticeView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(State(desk): State<Desk>, Caller(principal): Caller) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_practice(&principal).await?;
    Ok(Tagged(view.revision, view))
}

/// Change your practice and its policies. Directors may.
#[utoipa::path(patch, path = "/v1/practice", operation_id = "change_practice", tag = "practice", params(ChangeHeaders, IfMatchHeader), request_body = PracticeChangeBody,
    responses((status = 200, body = PracticeView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<PracticeChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = PracticeChange {
        name: body.name,
        zone: body.time_zone,
        currency: body.currency,
        policies: body.policies.unwrap_or_default().into(),
        exceptions: body.exceptions,
    };
    Ok(Stored(desk.change_practice(&principal, &conditions, &change).await?))
}
