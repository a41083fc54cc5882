//! How a function starts and what it runs.

use std::{convert::Infallible, fmt::Debug};

use aws_lambda_events::{dynamodb::Event as StreamBatch, sqs::SqsEvent};
use chrono::{DateTime, Utc};
use hourkeep_app::{
    job::{Dispatch, Job},
    work::{Done, Post},
};
use http::Response;
use http_body::Body;
use lambda_http::{IntoResponse, Request};
use lambda_runtime::{Context, Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::Value;
use tower::{Layer as _, Service};
use tracing::{Instrument as _, Span};

use crate::{
    claims::Claims,
    clients::Amazon,
    config::Environment,
    journal::{JOURNAL, Written, answering, counted},
    log,
    metric::Metrics,
    parts::Parts,
    queue, stream, sweep,
};

/// Starts the log and reads the environment. `function` is the binary's name, which the metrics bear.
pub async fn start(function: &'static str) -> Parts {
    let environment = Environment::of_process();
    let metrics = environment.metrics_namespace().map(|namespace| Metrics { namespace: namespace.to_owned(), function });
    log::start(environment.log_filter(), metrics);
    let amazon = Amazon::from_environment(&environment).await;
    Parts::new(environment, amazon)
}

/// Answers API Gateway's requests by a router.
pub async fn http<S, B>(parts: &Parts, router: S) -> Result<(), Error>
where
    S: Service<Request, Response = Response<B>> + Clone + Send,
    S::Future: Send,
    S::Error: Debug + Into<Diagnostic> + Send,
    B: Body + Send + Unpin,
    Response<Written<B>>: IntoResponse,
{
    lambda_http::run(answering(Claims.layer(router), parts.round_trips())).await
}

/// Hands on what the table's stream brings.
pub async fn relay(parts: &Parts) -> Result<(), Error> {
    let (relay, round_trips) = (&parts.relay()?, &parts.round_trips());
    let handle = |batch: LambdaEvent<StreamBatch>| {
        let span = invocation(&batch.context);
        let each = |event| counted(round_trips, async move { Box::pin(relay.hand_on(&event)).await });
        async move { Ok::<_, Infallible>(stream::each_event(batch.payload, each).await) }.instrument(span)
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// Hands on what has waited too long, whenever it is called with whatever event.
pub async fn sweep(parts: &Parts) -> Result<(), Error> {
    let (relay, round_trips) = (&parts.relay()?, &parts.round_trips());
    let handle = |call: LambdaEvent<Value>| sweep::told(round_trips, Box::pin(relay.sweep())).instrument(invocation(&call.context));
    lambda_runtime::run(service_fn(handle)).await
}

/// Works off a queue's mails.
pub async fn post(parts: &Parts) -> Result<(), Error> {
    let (post, round_trips) = (&parts.post()?, &parts.round_trips());
    let handle = |batch: LambdaEvent<SqsEvent>| {
        let span = invocation(&batch.context);
        let each = |dispatch: Dispatch| counted(round_trips, async move { Box::pin(timed(post, &dispatch.job)).await });
        async move { Ok::<_, Infallible>(queue::each_job(batch.payload, each).await) }.instrument(span)
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// Works off the queue of what lies ahead.
pub async fn horizon(parts: &Parts) -> Result<(), Error> {
    let (horizon, round_trips) = (&parts.horizon()?, &parts.round_trips());
    let handle = |batch: LambdaEvent<SqsEvent>| {
        let span = invocation(&batch.context);
        let each = |dispatch: Dispatch| counted(round_trips, async move { Box::pin(horizon.work(&dispatch.job)).await });
        async move { Ok::<_, Infallible>(queue::each_job(batch.payload, each).await) }.instrument(span)
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// Whatever is said while a function is called belongs to this call.
pub(crate) fn invocation(context: &Context) -> Span {
    tracing::info_span!(target: JOURNAL, "invocation", request_id = context.request_id)
}

/// Does a job, and says how late its mail was, where that is known.
async fn timed(post: &Post, job: &Job) -> Result<Done, hourkeep_app::work::WorkError> {
    let done = post.deliver(job).await;
    if let (Ok(Done::Sent), Some(due)) = (&done, due(job)) {
        let late = (post.clock.now() - due).num_milliseconds().max(0);
        Span::current().record("MailDelay", late);
    }
    done
}

/// When the mail of a job was to leave.
fn due(job: &Job) -> Option<DateTime<Utc>> {
    match job {
        Job::Reminder(job) => Some(job.due_at),
        // They leave as soon as they can, and what they follow from they do not say; or they are no mail's.
        Job::Invite(_) | Job::Cancellation(_) | Job::Notice(_) | Job::Reanchor(_) | Job::Series(_) => None,
    }
}
