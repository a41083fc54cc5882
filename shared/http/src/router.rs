//! The routers: one per function, and all of them together.

use std::sync::LazyLock;

use axum::{
    Router,
    body::Bytes,
    extract::{FromRef, MatchedPath, Request},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use hourkeep_app::{desk::Desk, export::Exports};
use tower_http::compression::{CompressionLayer, predicate::SizeAbove};
use utoipa::{
    OpenApi as _,
    openapi::path::{Operation, PathItem},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    exports, inbox,
    list::{Routes, at},
    memberships,
    openapi::{Description, with_common_parts},
    pages,
    problem::{Kind, Problem},
    series::{book, presets, preview, show as show_series},
    sessions::{availability, calendar, cancel, delete, edit, history, invites, mail, outcome, public, reschedule, schedule, show},
    settings,
};

/// A function that answers requests. What it answers is said in one place, [`Function::described`]: the local server, the
/// description and every function's own router are made from that, and the template is held against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Schedules.
    Schedule,
    /// Books series.
    ScheduleSeries,
    /// Moves.
    Reschedule,
    /// Cancels, and deletes what was a mistake.
    Cancel,
    /// Marks outcomes.
    MarkOutcome,
    /// Sends invites.
    SendInvites,
    /// Reads, corrections, settings, the description of the API, and the pages behind links.
    Api,
    /// Streams exports, at an address of its own.
    Export,
}

/// A route, as whoever sends requests to functions must know it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path, such as `/v1/sessions/{id}`.
    pub path: String,
    /// Whether it takes a token.
    pub takes_token: bool,
}

/// Where the description is.
pub const DESCRIPTION: &str = "/v1/openapi.json";

impl Function {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Schedule,
        Self::ScheduleSeries,
        Self::Reschedule,
        Self::Cancel,
        Self::MarkOutcome,
        Self::SendInvites,
        Self::Api,
        Self::Export,
    ];

    /// The name of its binary.
    pub fn binary(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::ScheduleSeries => "schedule-series",
            Self::Reschedule => "reschedule",
            Self::Cancel => "cancel",
            Self::MarkOutcome => "mark-outcome",
            Self::SendInvites => "send-invites",
            Self::Api => "api",
            Self::Export => "export",
        }
    }

    /// Its routes that are in the description, added to these.
    #[inline]
    fn described<R: Routes<Desk>>(self, routes: R) -> R {
        match self {
            Self::Schedule => at!(routes, schedule::schedule),
            Self::ScheduleSeries => at!(routes, book::book),
            Self::Reschedule => at!(routes, reschedule::reschedule),
            Self::Cancel => {
                let routes = at!(routes, cancel::cancel);
                at!(routes, delete::delete)
            }
            Self::MarkOutcome => at!(routes, outcome::outcome),
            Self::SendInvites => at!(routes, invites::invites),
            Self::Api => {
                let routes = at!(routes, show::show, edit::edit);
                let routes = at!(routes, history::history);
                let routes = at!(routes, mail::mail);
                let routes = at!(routes, preview::preview);
                let routes = at!(routes, presets::presets);
                let routes = at!(routes, show_series::show);
                let routes = at!(routes, calendar::calendar);
                let routes = at!(routes, availability::availability);
                let routes = at!(routes, public::public_session);
                let routes = at!(routes, memberships::memberships);
                let routes = at!(routes, inbox::list);
                let routes = at!(routes, inbox::show);
                let routes = at!(routes, inbox::done);
                let routes = at!(routes, exports::ask);
                settings::routes(routes)
            }
            Self::Export => exported(routes),
        }
    }

    /// Those that are not.
    #[inline]
    fn undescribed(self) -> Router<Desk> {
        match self {
            Self::Api => pages::routes().merge(description()),
            Self::Schedule
            | Self::ScheduleSeries
            | Self::Reschedule
            | Self::Cancel
            | Self::MarkOutcome
            | Self::SendInvites
            | Self::Export => Router::new(),
        }
    }

    /// Its router. Inlined into each function's `main`, which then holds no other function's routes.
    #[inline]
    pub fn router(self, desk: Desk) -> Router {
        finish(self.described(Router::new()).merge(self.undescribed()).with_state(desk))
    }

    /// Its routes.
    pub fn routes(self) -> Vec<Route> {
        let mut routes: Vec<Route> =
            self.described(OpenApiRouter::new()).into_openapi().paths.paths.into_iter().flat_map(of_path).collect();
        if self == Self::Api {
            let open = |path: &str| Route { method: "GET", path: path.to_owned(), takes_token: false };
            routes.extend(pages::ALL.into_iter().chain([DESCRIPTION]).map(open));
        }
        routes.sort();
        routes
    }
}

fn of_path((path, item): (String, PathItem)) -> Vec<Route> {
    let methods = [("GET", item.get), ("POST", item.post), ("PUT", item.put), ("PATCH", item.patch), ("DELETE", item.delete)];
    let route = |(method, operation): (&'static str, Option<Operation>)| {
        // What says nothing of security takes a token.
        operation.map(|operation| Route { method, path: path.clone(), takes_token: operation.security.is_none() })
    };
    methods.into_iter().filter_map(route).collect()
}

/// The function that streams exports, with no more than it needs.
pub fn export(exports: Exports) -> Router {
    finish(exported(Router::new()).with_state(exports::Reader(exports)))
}

fn exported<S: Clone + Send + Sync + 'static, R: Routes<S>>(routes: R) -> R
where
    exports::Reader: FromRef<S>,
{
    at!(routes, exports::download)
}

/// Everything at once.
pub fn all(desk: Desk) -> Router {
    let all = Function::ALL.into_iter().fold(Router::new(), |all, function| function.described(all).merge(function.undescribed()));
    finish(all.with_state(desk))
}

/// The description does not change while a process lives, so it is written once, when it is first asked for.
fn description() -> Router<Desk> {
    static DESCRIBED: LazyLock<Bytes> = LazyLock::new(|| serde_json::to_vec(&openapi()).unwrap_or_default().into());
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Router::new().route(DESCRIPTION, get(move || std::future::ready((json.clone(), DESCRIBED.clone()))))
}

/// The description of everything.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let all = OpenApiRouter::with_openapi(Description::openapi());
    with_common_parts(Function::ALL.into_iter().fold(all, |all, function| function.described(all)).into_openapi())
}

/// Bytes. Below, an answer fits into one packet anyway.
const WORTH_COMPRESSING: u16 = 1024;

fn finish(router: Router) -> Router {
    let missing = || async { Problem::new(Kind::NOT_FOUND, "There is nothing at this address.") };
    let wrong_method = || async { Problem::new(Kind::METHOD_NOT_ALLOWED, "This address does not support the method.") };
    let small = CompressionLayer::new().compress_when(SizeAbove::new(WORTH_COMPRESSING));
    router.fallback(missing).method_not_allowed_fallback(wrong_method).layer(from_fn(named_and_never_stored)).layer(small)
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
