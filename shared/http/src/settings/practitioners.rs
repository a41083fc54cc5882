//! `/v1/practitioners`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::List,
    settings::{HoursExceptionBody, OpenHoursBody, PractitionerChange, PractitionerRequest, PractitionerView},
};
use hourkeep_domain::{
    hours::{Exceptions, WeeklyHours},
    ids::PractitionerId,
    text::{Email, Name},
    zone::Zone,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ListParams;
use crate::{
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Params, Stored, Tagged},
};

/// A practitioner to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPractitionerBody {
    /// Their name.
    #[schema(value_type = String)]
    name: Name,
    /// Where replies to mails go.
    #[schema(value_type = String, example = "ada@demo.test")]
    email: Email,
    /// IANA zone of their profile: times that name none are in it; the practice's if left out.
    #[schema(value_type = Option<String>, example = "America/Vancouver")]
    time_zone: Option<Zone>,
    /// When they work, in their zone: at most 42 intervals that do not overlap.
    #[serde(default)]
    #[schema(value_type = Option<Vec<OpenHoursBody>>)]
    weekly_hours: WeeklyHours,
    /// Days on which they work other hours or not at all: at most 100 runs of days that do not overlap.
    #[serde(default)]
    #[schema(value_type = Option<Vec<HoursExceptionBody>>)]
    exceptions: Exceptions,
}

/// What is to change. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PractitionerChangeBody {
    /// Their name.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// Where replies to mails go.
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    /// IANA zone of their profile. Sessions stay in the zone they were scheduled in.
    #[schema(value_type = Option<String>)]
    time_zone: Option<Zone>,
    /// When they work, in their zone.
    #[schema(value_type = Option<Vec<OpenHoursBody>>)]
    weekly_hours: Option<WeeklyHours>,
    /// Days on which they work other hours or not at all: all of them, at most 100 runs of days that do not overlap.
    #[schema(value_type = Option<Vec<HoursExceptionBody>>)]
    exceptions: Option<Exceptions>,
    /// Whether they still work there. Sessions that are scheduled stay.
    active: Option<bool>,
}

/// All practitioners, oldest first.
#[utoipa::path(get, path = "/v1/practitioners", operation_id = "list_practitioners", tag = "practice", params(ListParams),
    responses((status = 200, body = List<PractitionerView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ListParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_practitioners(&principal, params.include_inactive).await?))
}

/// Add a practitioner. Directors may.
#[utoipa::path(post, path = "/v1/practitioners", operation_id = "create_practitioner", tag = "practice", params(ChangeHeaders), request_body = NewPractitionerBody,
    responses((status = 201, body = PractitionerView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewPractitionerBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = PractitionerRequest {
        name: body.name,
        email: body.email,
        zone: body.time_zone,
        weekly_hours: body.weekly_hours,
        exceptions: body.exceptions,
    };
    Ok(Stored(desk.create_practitioner(&principal, &conditions, &request).await?))
}

/// A practitioner.
#[utoipa::path(get, path = "/v1/practitioners/{id}", operation_id = "show_practitioner", tag = "practice", params(("id" = String, Path)),
    responses((status = 200, body = PractitionerView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<PractitionerId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_practitioner(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change a practitioner, or deactivate them. Directors may; practitioners their own zone and hours.
#[utoipa::path(patch, path = "/v1/practitioners/{id}", operation_id = "change_practitioner", tag = "practice", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = PractitionerChangeBody,
    responses((status = 200, body = PractitionerView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<PractitionerId>,
    Command { conditions, body }: Command<PractitionerChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = PractitionerChange {
        name: body.name,
        email: body.email,
        zone: body.time_zone,
        weekly_hours: body.weekly_hours,
        exceptions: body.exceptions,
        active: body.active,
    };
    Ok(Stored(desk.change_practitioner(&principal, &conditions, id, &change).await?))
}
