//! The journal: one line for each request, event, job and sweep, at its end. It says what was done, for which practice,
//! how it went, how long it took and how many requests it sent to Amazon; and by the correlation, what it follows from.
//!
//! A line is an event of tracing in a span. The span's fields are filled in by whoever knows them, by
//! `Span::current().record`: the practice where the caller enters, the operation where the route is found, the problem
//! where it is answered. Ids stand there, and nothing about anyone.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};

use hourkeep_app::caller::Correlation;
use http::{Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use lambda_http::{Request, RequestExt as _, request::RequestContext};
use tower::{Service, ServiceExt as _};
use tracing::{Instrument as _, Span, field};

use crate::clients::RoundTrips;

/// The target of the journal's lines and spans.
pub const JOURNAL: &str = "journal";

/// What a piece of work took.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub(crate) started: Instant,
    before: u64,
    round_trips: RoundTrips,
}

impl Watch {
    pub(crate) fn start(round_trips: &RoundTrips) -> Self {
        Self { started: Instant::now(), before: round_trips.count(), round_trips: round_trips.clone() }
    }

    /// Since the start.
    pub(crate) fn round_trips(&self) -> u64 {
        self.round_trips.count() - self.before
    }
}

/// Since a start.
pub(crate) fn milliseconds(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Does a piece of work, and says in the span that is current how many requests it sent to Amazon.
pub(crate) async fn counted<T>(round_trips: &RoundTrips, work: impl Future<Output = T>) -> T {
    let watch = Watch::start(round_trips);
    let done = work.await;
    Span::current().record("round_trips", watch.round_trips());
    done
}

/// Answers requests by a router, and writes a line for each when its answer has been read or given up.
///
/// The request's [`Correlation`] is put among its extensions: API Gateway's id of it.
pub(crate) fn answering<S, B>(
    router: S,
    round_trips: RoundTrips,
) -> impl Service<Request, Response = Response<Written<B>>, Error = S::Error, Future: Send>
where
    S: Service<Request, Response = Response<B>> + Clone + Send,
    S::Future: Send,
    S::Error: Send,
    B: Send,
{
    tower::service_fn(move |mut request: Request| {
        let router = router.clone();
        let correlation = request.extensions().get().and_then(correlation);
        let line = Line::open(&request, correlation.as_ref(), &round_trips);
        if let Some(correlation) = correlation {
            request.extensions_mut().insert(correlation);
        }
        async move {
            let mut line = line;
            let response = router.oneshot(request).instrument(line.span.clone()).await?;
            line.status = Some(response.status());
            Ok(response.map(|body| Written { body, line }))
        }
    })
}

fn correlation(context: &RequestContext) -> Option<Correlation> {
    let RequestContext::ApiGatewayV2(context) = context else { return None };
    context.request_id.as_deref().map(Correlation::new)
}

/// The line of a request, written when it is dropped.
#[derive(Debug)]
struct Line {
    span: Span,
    watch: Watch,
    /// None until there is an answer, and again if reading it fails.
    status: Option<StatusCode>,
}

impl Line {
    fn open(request: &Request, correlation: Option<&Correlation>, round_trips: &RoundTrips) -> Self {
        let span = tracing::info_span!(
            target: JOURNAL,
            "request",
            request_id = request.lambda_context_ref().map(|context| context.request_id.as_str()),
            correlation = correlation.map(field::display),
            operation = field::Empty,
            practice = field::Empty,
            problem = field::Empty,
        );
        Self { span, watch: Watch::start(round_trips), status: None }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let (outcome, failed, refused) = match self.status {
            Some(status) if status.is_client_error() => ("refused", None, Some(1_u64)),
            Some(status) if !status.is_server_error() => ("done", None, None),
            Some(_) | None => ("failed", Some(1_u64), None),
        };
        let round_trips = self.watch.round_trips();
        // Levels and fields are fixed when this is compiled.
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: JOURNAL,
                    status = self.status.map(|status| status.as_u16()),
                    outcome,
                    duration_ms = milliseconds(self.watch.started),
                    round_trips,
                    Refused = refused,
                    Failed = failed,
                    "request"
                )
            };
        }
        self.span.in_scope(|| if failed.is_some() { line!(error) } else { line!(info) });
    }
}

/// An answer's body, whose end is the request's.
#[derive(Debug)]
pub struct Written<B> {
    body: B,
    line: Line,
}

impl<B: Body + Unpin> Body for Written<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let Self { body, line } = &mut *self;
        let frame = line.span.in_scope(|| Pin::new(body).poll_frame(context));
        if let Poll::Ready(Some(Err(_))) = &frame {
            line.status = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
