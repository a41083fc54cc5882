//! A wire without a server: it keeps what the SDK sends and answers from a list.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

use crate::clients::{Amazon, retries};

/// What comes back.
#[derive(Debug)]
pub(super) enum Answer {
    /// A status and a body; errors name their type the way Amazon does.
    Http(u16, Option<&'static str>, &'static str),
    /// Nothing: the server did what it was asked, and its answer was lost.
    Lost,
}

pub(super) const OK: Answer = Answer::Http(200, None, r#"{"MessageId": "m-1", "ScheduleArn": "arn:aws:scheduler:::schedule/x"}"#);

pub(super) fn error(status: u16, code: &'static str, body: &'static str) -> Answer {
    Answer::Http(status, Some(code), body)
}

/// What was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) target: Option<String>,
    pub(super) body: Value,
}

#[derive(Clone, Debug)]
pub(super) struct Wire(Arc<Mutex<(VecDeque<Answer>, Vec<Sent>)>>);

impl Wire {
    pub(super) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self(Arc::new(Mutex::new((answers.into_iter().collect(), Vec::new()))))
    }

    pub(super) fn amazon(&self) -> Amazon {
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test")))
            .http_client(SharedHttpClient::new(self.clone()))
            .retry_config(retries())
            .build();
        Amazon::of(config)
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.0.lock().unwrap().1.clone()
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answers, sent) = &mut *self.0.lock().unwrap();
        let uri: http::Uri = request.uri().parse().unwrap();
        sent.push(Sent {
            method: request.method().to_owned(),
            path: uri.path().to_owned(),
            target: request.headers().get("x-amz-target").map(str::to_owned),
            body: serde_json::from_slice(request.body().bytes().unwrap()).unwrap(),
        });
        HttpConnectorFuture::ready(match answers.pop_front().expect("the wire was asked more often than it has answers") {
            Answer::Lost => Err(ConnectorError::timeout("the answer was lost".into())),
            Answer::Http(status, code, body) => {
                let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
                response.headers_mut().insert("x-amzn-requestid", "request-1");
                if let Some(code) = code {
                    response.headers_mut().insert("x-amzn-errortype", code);
                }
                Ok(response)
            }
        })
    }
}
