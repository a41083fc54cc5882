//! How a function starts and what it runs.

use std::{convert::Infallible, fmt::Debug};

use aws_lambda_events::{dynamodb::Event as StreamBatch, sqs::SqsEvent};
use hourkeep_app::work::{Post, Relay};
use lambda_http::{IntoResponse, Request};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::Value;
use tower::{Layer as _, Service};

use crate::{claims::Claims, clients::Amazon, config::Environment, log, parts::Parts, queue, stream};

/// Starts the log and reads the environment.
pub async fn start() -> Parts {
    let environment = Environment::of_process();
    log::start(environment.log_filter());
    Parts::new(environment, Amazon::from_environment().await)
}

/// Answers API Gateway's requests by a router.
pub async fn http<S, R, E>(router: S) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = E>,
    S::Future: Send,
    R: IntoResponse,
    E: Debug + Into<Diagnostic>,
{
    lambda_http::run(Claims.layer(router)).await
}

/// Hands on what the table's stream brings.
pub async fn relay(relay: Relay) -> Result<(), Error> {
    let relay = &relay;
    let handle = |batch: LambdaEvent<StreamBatch>| async move {
        Ok::<_, Infallible>(stream::each_event(batch.payload, |event| async move { relay.hand_on(&event).await }).await)
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// Hands on what has waited too long, whenever it is called with whatever event.
pub async fn sweep(relay: Relay) -> Result<(), Error> {
    let relay = &relay;
    let handle = |_: LambdaEvent<Value>| async move {
        let handed_on = relay.sweep().await.inspect_err(|error| {
            tracing::error!(error = error as &dyn std::error::Error, "the sweep left something behind");
        })?;
        if handed_on > 0 {
            tracing::warn!(handed_on, "events had waited for the sweep");
        }
        Ok::<_, Error>(())
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// Works off a queue's mails.
pub async fn post(post: Post) -> Result<(), Error> {
    let post = &post;
    let handle = |batch: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Infallible>(queue::each_job(batch.payload, |job| async move { Box::pin(post.deliver(&job)).await }).await)
    };
    lambda_runtime::run(service_fn(handle)).await
}
