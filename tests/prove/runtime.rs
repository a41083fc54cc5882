//! A function's process, and Lambda's Runtime API for it alone: so that what happens between its start, its questions and its
//! answers can be timed (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

use std::{
    collections::BTreeMap,
    io::Read as _,
    net::Ipv4Addr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinHandle,
    time::timeout,
};

use crate::Outcome;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running function. It ends when this is dropped.
pub(crate) struct Process {
    child: Child,
    asked: mpsc::UnboundedReceiver<Instant>,
    events: mpsc::UnboundedSender<String>,
    answers: mpsc::UnboundedReceiver<Answered>,
    serving: JoinHandle<()>,
    written: Arc<AtomicU64>,
    /// From the start of the process until it asked for its first event.
    pub(crate) to_first_poll: Duration,
}

/// What came back, and when.
struct Answered {
    at: Instant,
    answer: Result<Bytes, Bytes>,
}

/// What the Runtime API tells, and what it is told.
struct Api {
    asked: mpsc::UnboundedSender<Instant>,
    events: Mutex<mpsc::UnboundedReceiver<String>>,
    answers: mpsc::UnboundedSender<Answered>,
}

impl Process {
    /// Starts a function with these variables of the environment and Lambda's own, and no others; answers once it has asked
    /// for its first event.
    pub(crate) async fn start(binary: &Path, environment: &BTreeMap<String, String>) -> Outcome<Self> {
        let (asking, asked) = mpsc::unbounded_channel();
        let (events, handed) = mpsc::unbounded_channel();
        let (answering, answers) = mpsc::unbounded_channel();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let api = Arc::new(Api { asked: asking, events: Mutex::new(handed), answers: answering });
        let serving = tokio::spawn(async move {
            // It fails only where the port is lost, and then the function says nothing any more.
            let _ = axum::serve(listener, routes(api)).await;
        });
        let begun = Instant::now();
        let mut child = Command::new(binary)
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "hourkeep")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let written = Arc::new(AtomicU64::new(0));
        let mut output = child.stdout.take().ok_or("the function has no standard output")?;
        let counted = written.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            while let Ok(read @ 1..) = output.read(&mut buffer) {
                counted.fetch_add(read as u64, Ordering::Relaxed);
            }
        });
        let mut process = Self { child, asked, events, answers, serving, written, to_first_poll: Duration::ZERO };
        process.to_first_poll = process.next_poll().await?.duration_since(begun);
        Ok(process)
    }

    /// Hands an event to the function; its answer, and how long it took from the one to the other.
    pub(crate) async fn call(&mut self, event: String) -> Outcome<(Bytes, Duration)> {
        let handed = Instant::now();
        self.events.send(event)?;
        let answered = timeout(PATIENCE, self.answers.recv()).await?.ok_or("the function ended")?;
        let answer = answered.answer.map_err(|error| String::from_utf8_lossy(&error).into_owned())?;
        // Until it asks for more it may be writing its log.
        self.next_poll().await?;
        Ok((answer, answered.at.duration_since(handed)))
    }

    /// Memory that is resident, in KiB.
    pub(crate) fn resident_kib(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        Ok(kib.ok_or("the system does not say how much memory is in use")?.parse()?)
    }

    /// How long its threads have computed.
    pub(crate) fn computed(&self) -> Outcome<Duration> {
        let mut nanoseconds = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            let on_a_core: u64 = text.split(' ').next().ok_or("the system does not say how long threads ran")?.parse()?;
            nanoseconds += on_a_core;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Bytes of its log.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    async fn next_poll(&mut self) -> Outcome<Instant> {
        Ok(timeout(PATIENCE, self.asked.recv()).await?.ok_or("the function ended")?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.serving.abort();
    }
}

fn routes(api: Arc<Api>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(error))
        .layer(DefaultBodyLimit::disable())
        .with_state(api)
}

async fn next(State(api): State<Arc<Api>>) -> Response {
    let _ = api.asked.send(Instant::now());
    let Some(event) = api.events.lock().await.recv().await else { return StatusCode::GONE.into_response() };
    let headers = [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:hourkeep"),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0"),
    ];
    (headers, event).into_response()
}

async fn response(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api.answers.send(Answered { at: Instant::now(), answer: Ok(body) });
    StatusCode::ACCEPTED
}

async fn error(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api.answers.send(Answered { at: Instant::now(), answer: Err(body) });
    StatusCode::ACCEPTED
}
