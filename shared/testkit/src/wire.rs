//! The HTTP client beneath the SDK: records every attempt and does what the script says.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::fault::Fault;
use crate::forgery;
use crate::script::Script;
use crate::traffic::{Log, Open, Outcome};
use crate::units::{reported_units, reports_units};

/// An HTTP client around another. Everything above it is the real SDK, its retries included: every attempt passes here.
#[derive(Clone, Debug)]
pub struct Wire {
    inner: SharedHttpClient,
    script: Script,
    log: Log,
    measuring: bool,
}

impl Wire {
    /// Wraps `inner`, asking `script` about every attempt and writing it into `log`.
    pub fn over(inner: SharedHttpClient, script: Script, log: Log) -> Self {
        Self { inner, script, log, measuring: false }
    }

    /// Wraps a client without TLS, for what listens on loopback.
    pub fn on_loopback(script: Script, log: Log) -> Self {
        Self::over(aws_smithy_http_client::Builder::new().build_http(), script, log)
    }

    /// Asks DynamoDB for consumed capacity in every request that does not, so that [`Exchange::units`] is known.
    ///
    /// This changes a request after it was signed: dynoxide does not mind, Amazon would.
    ///
    /// [`Exchange::units`]: crate::Exchange::units
    #[must_use]
    pub fn measuring(mut self) -> Self {
        self.measuring = true;
        self
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(WireConnector {
            inner: self.inner.http_connector(settings, components),
            script: self.script.clone(),
            log: self.log.clone(),
            measuring: self.measuring,
        })
    }

    fn validate_base_client_config(&self, components: &RuntimeComponentsBuilder, cfg: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(components, cfg)
    }

    fn validate_final_config(&self, components: &RuntimeComponents, cfg: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_final_config(components, cfg)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

#[derive(Debug)]
struct WireConnector {
    inner: SharedHttpConnector,
    script: Script,
    log: Log,
    measuring: bool,
}

impl HttpConnector for WireConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let operation = operation_of(&request);
        let bytes = request.body().bytes().unwrap_or_default();
        let request_bytes = bytes.len();
        let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let fault = self.script.next_with(&operation, &body);
        if self.measuring && reports_units(&operation) {
            ask_for_units(&mut request, body.clone());
        }
        let failing = fault.map(|fault| Failing::new(fault, &body));
        let open = self.log.begin(operation.clone(), body, request_bytes, fault);
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            // Whatever was issued together starts before anything ends: without this a busy machine may answer the first of two
            // joined requests within its first poll, and they would count as two rounds.
            tokio::task::yield_now().await;
            match failing {
                None => send(&inner, request, &operation, &open).await,
                Some(Failing::NotSent) => {
                    open.outcome(Outcome::Broken, 0, None);
                    Err(ConnectorError::io("testkit: connection refused".into()).never_connected())
                }
                Some(Failing::AnswerLost) => {
                    send(&inner, request, &operation, &open).await?;
                    Err(ConnectorError::timeout("testkit: the answer was lost".into()))
                }
                Some(Failing::Forged(answer)) => {
                    let length = answer.body().bytes().unwrap_or_default().len();
                    open.outcome(Outcome::Forged(answer.status().as_u16()), length, None);
                    Ok(*answer)
                }
            }
        })
    }
}

/// A fault in the wire's terms.
enum Failing {
    NotSent,
    AnswerLost,
    Forged(Box<HttpResponse>),
}

impl Failing {
    fn new(fault: Fault, request: &Value) -> Self {
        match fault {
            Fault::NotSent => Self::NotSent,
            Fault::AnswerLost => Self::AnswerLost,
            Fault::Throttled => Self::Forged(Box::new(forgery::throttled())),
            Fault::TransactionConflict => Self::Forged(Box::new(forgery::transaction_conflict(request))),
            Fault::ServerError => Self::Forged(Box::new(forgery::server_error())),
        }
    }
}

/// Sends and reads the whole answer, so that its size is known and its effect is over when this returns.
async fn send(
    inner: &SharedHttpConnector,
    request: HttpRequest,
    operation: &str,
    open: &Open,
) -> Result<HttpResponse, ConnectorError> {
    let mut response = inner.call(request).await.inspect_err(|_| open.outcome(Outcome::Broken, 0, None))?;
    let collected = response.take_body().collect().await.map_err(|error| {
        open.outcome(Outcome::Broken, 0, None);
        ConnectorError::io(error)
    })?;
    let bytes = collected.to_bytes();
    let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    open.outcome(Outcome::Answered(response.status().as_u16()), bytes.len(), reported_units(operation, &answer));
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

fn operation_of(request: &HttpRequest) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit_once('.').map_or(target, |(_service, operation)| operation).to_owned();
    }
    // Only the path: hosts and queries differ from run to run.
    let path = request.uri().split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    format!("{} {}", request.method(), path.unwrap_or("/").split('?').next().unwrap_or("/"))
}

fn ask_for_units(request: &mut HttpRequest, mut body: Value) {
    let Some(members) = body.as_object_mut() else { return };
    if members.contains_key("ReturnConsumedCapacity") {
        return;
    }
    members.insert("ReturnConsumedCapacity".into(), "TOTAL".into());
    let text = body.to_string();
    request.headers_mut().insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
}
