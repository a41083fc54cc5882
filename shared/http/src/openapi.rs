//! What the OpenAPI description says beside the routes.

use hourkeep_app::{series::SeriesView, view::SessionView};
use utoipa::{
    IntoParams, Modify, OpenApi, ToSchema,
    openapi::{
        RefOr,
        path::{Operation, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// The header of every request with a token.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that is read by itself")]
pub(crate) struct PracticeHeader {
    /// Which practice is meant, for those who work in several.
    #[param(rename = "Hourkeep-Practice")]
    practice: Option<String>,
}

/// The header of every change.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that is read by itself")]
pub(crate) struct ChangeHeaders {
    /// Made up by the caller, one per request. The same request with the same key is answered alike for 24 hours.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
}

/// The header of a change of what exists.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that is read by itself")]
pub(crate) struct IfMatchHeader {
    /// The `ETag` of what was read; if the record has changed since, nothing is changed.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// The header of a page that asks again.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that is read by itself")]
pub(crate) struct IfNoneMatchHeader {
    /// The `ETag` of the last answer; if the same would be answered again, it is 304 with no body.
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

/// One reminder of a session.
#[derive(ToSchema)]
#[schema(as = Reminder)]
#[expect(dead_code, reason = "describes a type of the domain")]
pub(crate) struct ReminderBody {
    /// How many days before the session, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    days_before: u8,
    /// By which channel: `email`.
    #[schema(example = "email")]
    channel: String,
}

/// What a change of a session answers: the session, or its series where those that follow changed with it.
#[derive(ToSchema)]
#[schema(as = SessionOrSeries)]
#[serde(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "describes answers that are written elsewhere")]
pub(crate) enum Changed {
    /// With `scope` `this`.
    Session(SessionView),
    /// With `scope` `this_and_following`.
    Series(SeriesView),
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hourkeep",
        description = "Keeps a therapy practice's hours. JSON over HTTP. Every change takes an `Idempotency-Key`; every record answers an `ETag`, and changes honour `If-Match`. Refusals are problem details (RFC 9457) with a stable `type`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Bearer),
    security(("bearer" = [])),
    tags(
        (name = "sessions", description = "Schedule, move, cancel and close sessions"),
        (name = "series", description = "Sessions that recur"),
        (name = "calendar", description = "Who is busy when"),
        (name = "inbox", description = "What awaits staff"),
        (name = "clients", description = "Who is treated"),
        (name = "practice", description = "The practice and its people"),
        (name = "catalogue", description = "Services, rooms and locations"),
        (name = "public", description = "What a session's code opens")
    )
)]
pub(crate) struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        openapi.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Adds what routes have in common: the header that names a practice, and how a request fails.
pub(crate) fn with_common_parts(mut openapi: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for item in openapi.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.patch].into_iter().flatten() {
            // What says nothing of security takes a token.
            if operation.security.is_none() {
                let header = PracticeHeader::into_params(|| Some(ParameterIn::Header)).into_iter().map(RefOr::T);
                operation.parameters.get_or_insert_default().extend(header);
            }
            describe_responses(operation);
        }
    }
    openapi
}

fn describe_responses(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    let refusal = responses.iter().find(|(status, _)| status.starts_with('4')).map(|(_, refusal)| refusal.clone());
    responses.extend(refusal.map(|refusal| ("5XX".to_owned(), refusal)));
    for (status, response) in responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            let description = match status.as_bytes().first() {
                Some(b'4') => "Refused: nothing has changed",
                Some(b'5') => "Failed: the same again with the same `Idempotency-Key` may succeed",
                _ => "Found",
            };
            description.clone_into(&mut response.description);
        }
    }
}
