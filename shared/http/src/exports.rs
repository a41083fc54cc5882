//! `POST /v1/practice/exports` and `GET /v1/exports/{ticket}`.

use axum::{
    Json,
    body::Body,
    extract::{FromRef, Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt as _;
use hourkeep_app::{
    desk::Desk,
    export::{Export, ExportLink, Exports},
};

use crate::{
    problem::{Kind, Problem},
    request::{Caller, Command, Nothing},
};

/// Asks for an export: the address of a file with everything that is kept of the practice, good for five minutes.
///
/// It changes nothing, so an `Idempotency-Key` makes no difference.
#[utoipa::path(post, path = "/v1/practice/exports", tag = "practice",
    responses((status = 201, body = ExportLink), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn ask(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    _: Command<Nothing>,
) -> Result<impl IntoResponse, Problem> {
    Ok((StatusCode::CREATED, Json(desk.ask_for_export(&principal).await?)))
}

/// What this route works with: no more than it needs, so that its function is given no more.
#[derive(Clone)]
pub(crate) struct Reader(pub(crate) Exports);

impl FromRef<Desk> for Reader {
    fn from_ref(desk: &Desk) -> Self {
        Self(desk.into())
    }
}

/// An export, as newline-delimited JSON.
///
/// Each line is an object with a `kind` and, but for the first and the last, the `record` as it is kept; `id`, `client_id`,
/// `session_id` and `series_id` say what it is and belongs to, `revision` counts its changes. The first line is
/// `{"kind":"export","format":1,…}`. The last is `{"kind":"end","lines":N}` with the number of lines in the file: a file
/// without it was cut off. The file is no picture of one moment: what changes while it is read stands in it as it was or
/// as it is.
#[utoipa::path(get, path = "/v1/exports/{ticket}", tag = "practice", params(("ticket" = String, Path)), security(()),
    responses((status = 200, body = String, content_type = "application/x-ndjson"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn download(
    State(Reader(exports)): State<Reader>,
    ticket: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let missing = || {
        let detail = "There is no such export, or its address is older than five minutes. Ask for a new one.";
        Problem::new(Kind::NOT_FOUND, detail)
    };
    let Path(ticket) = ticket.map_err(|_| missing())?;
    Ok(file(exports.open(&ticket).await?.ok_or_else(missing)?))
}

fn file(export: Export) -> Response {
    // Slugs and dates need no quoting.
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", export.file_name()));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson")),
        (header::CONTENT_DISPOSITION, name.unwrap_or(HeaderValue::from_static("attachment"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    // The status is said already: all that can be done is to break off, so that no reader takes the file for a whole one.
    let text = export.text().inspect_err(|error| {
        tracing::error!(error = error as &dyn std::error::Error, "an export was cut off");
    });
    (headers, Body::from_stream(text)).into_response()
}
