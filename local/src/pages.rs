//! The pages of the local server alone: mailbox, sign-in, reference and clock.

use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};

macro_rules! files {
    ($($name:literal $kind:literal;)*) => {
        /// Every file beside the pages, with its media type.
        const FILES: &[(&str, &str, &str)] = &[$(($name, $kind, include_str!(concat!("../pages/", $name)))),*];
    };
}

files! {
    "style.css" "text/css";
    "icon.svg" "image/svg+xml";
    "authorize.js" "text/javascript";
    "common.js" "text/javascript";
    "home.js" "text/javascript";
    "mailbox.js" "text/javascript";
    "reference.js" "text/javascript";
    "schema.js" "text/javascript";
    "sign-in.js" "text/javascript";
}

pub(crate) fn routes() -> Router {
    let page = |html: &'static str| get(move || std::future::ready(Html(html)));
    Router::new()
        .route("/", get(|| std::future::ready(Redirect::temporary("/local"))))
        .route("/local", page(include_str!("../pages/index.html")))
        .route("/local/mailbox", page(include_str!("../pages/mailbox.html")))
        .route("/local/reference", page(include_str!("../pages/reference.html")))
        .route("/local/sign-in", page(include_str!("../pages/sign-in.html")))
        .route("/local/pages/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = FILES.iter().find(|(file, _, _)| *file == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, *text).into_response()
}
