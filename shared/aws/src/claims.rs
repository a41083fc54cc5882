//! Whom the token names. API Gateway has verified it; the membership decides what they may do.

use std::task::{Context, Poll};

use hourkeep_app::caller::Principal;
use lambda_http::request::RequestContext;
use tower::{Layer, Service};

/// The claim that says which practice someone means who works in several.
pub const PRACTICE: &str = "hourkeep:practice";

/// Puts a [`Principal`] among the extensions of each request whose token API Gateway has verified. Routes that need one
/// and find none refuse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims;

impl<S> Layer<S> for Claims {
    type Service = WithClaims<S>;

    fn layer(&self, inner: S) -> WithClaims<S> {
        WithClaims(inner)
    }
}

/// A service behind [`Claims`].
#[derive(Clone, Debug)]
pub struct WithClaims<S>(S);

impl<S, B> Service<http::Request<B>> for WithClaims<S>
where
    S: Service<http::Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<B>) -> Self::Future {
        if let Some(principal) = request.extensions().get().and_then(principal) {
            request.extensions_mut().insert(principal);
        }
        self.0.call(request)
    }
}

fn principal(context: &RequestContext) -> Option<Principal> {
    let RequestContext::ApiGatewayV2(context) = context else { return None };
    let claims = &context.authorizer.as_ref()?.jwt.as_ref()?.claims;
    Some(Principal {
        issuer: claims.get("iss")?.clone(),
        subject: claims.get("sub")?.clone(),
        hint: claims.get(PRACTICE).and_then(|practice| practice.parse().ok()),
    })
}
