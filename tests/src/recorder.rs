//! All of Amazon's services behind one address, as a function under test reaches them: it writes down each call.

use std::{
    io,
    net::Ipv4Addr,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use hourkeep_testkit::{Fault, Script};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// One request to one of Amazon's services. A call that the SDK retries is several.
#[derive(Clone, Debug)]
pub struct Call {
    /// The service that the request is signed for: `dynamodb`, `scheduler`, `ses` or `sqs`.
    pub service: String,
    /// The operation, such as `TransactWriteItems`; method and path where it is none that the product knows.
    pub operation: String,
    /// Path of the address, which names a schedule.
    pub path: String,
    /// The request's JSON.
    pub request: Value,
    /// The status of the answer, whether the function saw it or not; none where nothing was forwarded.
    pub answered: Option<u16>,
    /// What struck it.
    pub fault: Option<Fault>,
}

/// The server. It forwards calls of `DynamoDB` to one address and all others to another one, unchanged, and strikes those
/// that its script says. It stops when dropped.
#[derive(Debug)]
pub struct Recorder {
    url: String,
    state: Shared,
    serving: JoinHandle<()>,
}

#[derive(Clone, Debug)]
struct Shared {
    http: Client,
    dynamodb: String,
    others: String,
    script: Script,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Recorder {
    /// Starts one in front of these two addresses.
    pub async fn start(dynamodb: &str, others: &str) -> Self {
        let state = Shared {
            http: Client::new(),
            dynamodb: dynamodb.to_owned(),
            others: others.to_owned(),
            script: Script::new(),
            calls: Arc::default(),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(state.clone());
        let serving = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { url, state, serving }
    }

    /// Its address, for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What goes wrong with calls, which it knows by their operation.
    pub fn script(&self) -> &Script {
        &self.state.script
    }

    /// The calls since the last time, in the order in which they ended.
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut self.state.calls.lock().unwrap())
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(state): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    let (service, operation) = (service_of(&headers), operation_of(&method, &path, &headers));
    let fault = state.script.next(&operation);
    let forwarded = match fault {
        None | Some(Fault::AnswerLost) => Some(state.forward(&service, method, &uri, &headers, body.clone()).await),
        Some(Fault::NotSent | Fault::Throttled | Fault::TransactionConflict | Fault::ServerError) => None,
    };
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let response = match (fault, forwarded) {
        (None, Some(forwarded)) => forwarded,
        (Some(Fault::Throttled), _) => refusal(&service, StatusCode::BAD_REQUEST, throttling_of(&service), json!({})),
        (Some(Fault::TransactionConflict), _) => conflict(&service, &request),
        (Some(Fault::ServerError), _) => refusal(&service, StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", json!({})),
        (lost, forwarded) => {
            state.note(Call {
                service,
                operation,
                path,
                request,
                answered: forwarded.map(|answer| answer.status().as_u16()),
                fault: lost,
            });
            return Response::new(Body::new(Cut));
        }
    };
    let answered = fault.is_none().then(|| response.status().as_u16());
    state.note(Call { service, operation, path, request, answered, fault });
    response
}

impl Shared {
    fn note(&self, call: Call) {
        self.calls.lock().unwrap().push(call);
    }

    async fn forward(&self, service: &str, method: Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Response {
        let origin = if service == "dynamodb" { &self.dynamodb } else { &self.others };
        let mut headers = headers.clone();
        for hop in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION, header::TRANSFER_ENCODING] {
            headers.remove(hop);
        }
        let answer = self.http.request(method, format!("{origin}{uri}")).headers(headers).body(body).send().await.unwrap();
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        headers.remove(header::TRANSFER_ENCODING);
        headers.remove(header::CONNECTION);
        (status, headers, answer.bytes().await.unwrap()).into_response()
    }
}

/// `Credential={key}/{date}/{region}/{service}/aws4_request`.
fn service_of(headers: &HeaderMap) -> String {
    let signed = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scope = signed.split("Credential=").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    scope.split('/').nth(3).unwrap_or("unsigned").to_owned()
}

fn operation_of(method: &Method, path: &str, headers: &HeaderMap) -> String {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()?.split('.').nth(1));
    match (target, method.as_str(), path) {
        (Some(target), _, _) => target.to_owned(),
        (None, "POST", "/v2/email/outbound-emails") => "SendEmail".to_owned(),
        (None, "POST", path) if path.starts_with("/schedules/") => "CreateSchedule".to_owned(),
        (None, method, path) => format!("{method} {path}"),
    }
}

fn throttling_of(service: &str) -> &'static str {
    match service {
        "dynamodb" => "ProvisionedThroughputExceededException",
        "ses" => "TooManyRequestsException",
        "sqs" => "RequestThrottled",
        _ => "ThrottlingException",
    }
}

/// A transaction is cancelled with one reason per action, and another operation has an exception of its own.
fn conflict(service: &str, request: &Value) -> Response {
    let Some(actions) = request["TransactItems"].as_array() else {
        return refusal(service, StatusCode::BAD_REQUEST, "TransactionConflictException", json!({}));
    };
    let mut reasons = vec![json!({"Code": "None"}); actions.len()];
    // The last one: code that looks at the first reason alone must not get away with it.
    reasons[actions.len() - 1] = json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"});
    refusal(service, StatusCode::BAD_REQUEST, "TransactionCanceledException", json!({ "CancellationReasons": reasons }))
}

/// An error as the service words it, in JSON.
fn refusal(service: &str, status: StatusCode, code: &str, more: Value) -> Response {
    let kind = if service == "dynamodb" { format!("com.amazonaws.dynamodb.v20120810#{code}") } else { code.to_owned() };
    let mut body = json!({"__type": kind, "message": "forged by the test"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let headers = [("content-type", "application/json"), ("x-amzn-errortype", code), ("x-amzn-requestid", "FORGED")];
    (status, headers, body.to_string()).into_response()
}

/// A body that never comes: the connection ends instead of it.
struct Cut;

impl HttpBody for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<http_body::Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}
