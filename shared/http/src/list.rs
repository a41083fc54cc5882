//! The list of routes, taken by whoever serves them and by whoever describes them. To describe them all takes longer than a
//! function takes to start, and few who start one ever read the description.

use axum::{Router, handler::Handler, routing::MethodRouter};
use utoipa::openapi::HttpMethod;
use utoipa_axum::{
    PathItemExt as _,
    router::{OpenApiRouter, UtoipaMethodRouter},
};

/// Takes routes.
pub(crate) trait Routes<S>: Sized {
    /// Takes those of one path: the path with what answers there, or their descriptions.
    fn take(self, served: impl FnOnce() -> (String, MethodRouter<S>), described: impl FnOnce() -> UtoipaMethodRouter<S>) -> Self;
}

impl<S: Clone + Send + Sync + 'static> Routes<S> for Router<S> {
    fn take(self, served: impl FnOnce() -> (String, MethodRouter<S>), _: impl FnOnce() -> UtoipaMethodRouter<S>) -> Self {
        let (path, methods) = served();
        self.route(&path, methods)
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> for OpenApiRouter<S> {
    fn take(self, _: impl FnOnce() -> (String, MethodRouter<S>), described: impl FnOnce() -> UtoipaMethodRouter<S>) -> Self {
        self.routes(described())
    }
}

/// The route with one more handler, of the methods that it is described with.
pub(crate) fn with<D, S, H, T>((_, methods): (String, MethodRouter<S>), handler: &H) -> (String, MethodRouter<S>)
where
    D: utoipa::Path,
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    let all = |methods: MethodRouter<S>, method: &HttpMethod| methods.on(method.to_method_filter(), handler.clone());
    (D::path(), D::methods().iter().fold(methods, all))
}

/// `at!(routes, show::show, edit::edit)`: the routes with these handlers of one path, which are told by `utoipa::path`.
macro_rules! at {
    ($routes:expr, $($file:ident :: $handler:ident),+ $(,)?) => {
        $crate::list::Routes::take(
            $routes,
            || {
                let route = Default::default();
                $(
                    // What `utoipa::path` makes of a handler is named after it.
                    let route = pastey::paste! { $crate::list::with::<$file::[<__path_ $handler>], _, _, _>(route, &$file::$handler) };
                )+
                route
            },
            || utoipa_axum::routes!($($file::$handler),+),
        )
    };
}

pub(crate) use at;
