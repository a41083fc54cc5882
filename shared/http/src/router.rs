//! The routers: one per function, and all of them together.

use axum::{
    Json, Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use hourkeep_app::{desk::Desk, export::Exports};
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    exports, memberships,
    openapi::{Description, with_common_parts},
    pages,
    problem::{Kind, Problem},
    sessions,
};

/// The function that schedules.
pub fn schedule(desk: Desk) -> Router {
    serve(OpenApiRouter::new().routes(routes!(sessions::schedule::schedule)), desk)
}

/// The function that moves.
pub fn reschedule(desk: Desk) -> Router {
    serve(OpenApiRouter::new().routes(routes!(sessions::reschedule::reschedule)), desk)
}

/// The function that cancels.
pub fn cancel(desk: Desk) -> Router {
    serve(OpenApiRouter::new().routes(routes!(sessions::cancel::cancel)), desk)
}

/// The function that marks outcomes.
pub fn mark_outcome(desk: Desk) -> Router {
    serve(OpenApiRouter::new().routes(routes!(sessions::outcome::outcome)), desk)
}

/// The function that sends invites.
pub fn send_invites(desk: Desk) -> Router {
    serve(OpenApiRouter::new().routes(routes!(sessions::invites::invites)), desk)
}

/// The function for reads, corrections, settings, the description of the API, and the pages behind links.
pub fn api(desk: Desk) -> Router {
    finish(Router::from(api_routes()).merge(pages::routes()).with_state(desk).merge(description()))
}

/// The function that streams exports.
pub fn export(exports: Exports) -> Router {
    let routes = OpenApiRouter::new().routes(routes!(exports::download));
    finish(Router::from(routes).with_state(exports::Reader(exports)))
}

/// Everything at once.
pub fn all(desk: Desk) -> Router {
    finish(Router::from(all_routes()).merge(pages::routes()).with_state(desk).merge(description()))
}

/// The description does not change while a process lives, so it is written once.
fn description() -> Router {
    let description = Json(openapi());
    Router::new().route("/v1/openapi.json", get(move || std::future::ready(description.clone())))
}

/// The description of everything.
pub fn openapi() -> utoipa::openapi::OpenApi {
    with_common_parts(all_routes().into_openapi())
}

fn api_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(sessions::show::show, sessions::edit::edit))
        .routes(routes!(sessions::history::history))
        .routes(routes!(sessions::calendar::calendar))
        .routes(routes!(sessions::public::public_session))
        .routes(routes!(memberships::memberships))
        .routes(routes!(exports::ask))
        .merge(crate::settings::routes())
}

fn all_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(sessions::schedule::schedule))
        .routes(routes!(sessions::reschedule::reschedule))
        .routes(routes!(sessions::cancel::cancel))
        .routes(routes!(sessions::outcome::outcome))
        .routes(routes!(sessions::invites::invites))
        .routes(routes!(exports::download))
        .merge(api_routes())
}

fn serve(routes: OpenApiRouter<Desk>, desk: Desk) -> Router {
    finish(Router::from(routes).with_state(desk))
}

fn finish(router: Router) -> Router {
    let missing = || async { Problem::new(Kind::NOT_FOUND, "There is nothing at this address.") };
    let wrong_method = || async { Problem::new(Kind::METHOD_NOT_ALLOWED, "This address does not support the method.") };
    router.fallback(missing).method_not_allowed_fallback(wrong_method).layer(from_fn(named_and_never_stored))
}

/// The span of the request learns which operation it is: the route, never the path, which may hold secrets. And what is
/// answered concerns people: nothing between here and the reader keeps it.
async fn named_and_never_stored(request: Request, next: Next) -> Response {
    if let Some(route) = request.extensions().get::<MatchedPath>() {
        let operation = format_args!("{} {}", name_of(request.method()), route.as_str());
        tracing::Span::current().record("operation", tracing::field::display(operation));
    }
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Methods are whatever a client writes there.
fn name_of(method: &Method) -> &str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    if known.contains(method) { method.as_str() } else { "OTHER" }
}
