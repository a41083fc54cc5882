//! Serves the built web app, as CloudFront does: files as they are, and the app's one page for every address of its own.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{Next, from_fn},
    response::{Redirect, Response},
    routing::get,
};
use tower_http::services::{ServeDir, ServeFile};

/// What the page may load and where it may ask: this server alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub(crate) fn routes(folder: &Path) -> Router {
    let page = ServeDir::new(folder).fallback(ServeFile::new(folder.join("index.html")));
    // An asset that is missing is none: a browser would take the page for a script.
    let assets = ServeDir::new(folder.join("assets"));
    let app = Router::new().nest_service("/app/assets", assets).nest_service("/app/", page).layer(from_fn(with_headers));
    Router::new().route("/app", get(|| std::future::ready(Redirect::permanent("/app/")))).merge(app)
}

async fn with_headers(request: Request, next: Next) -> Response {
    // What the build names after its content never changes.
    let lasts = request.uri().path().contains("/assets/");
    let mut response = next.run(request).await;
    let kept = if lasts && response.status().is_success() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CACHE_CONTROL, kept),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
