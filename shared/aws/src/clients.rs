//! Clients of Amazon's services, all over one connection pool.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_config::{
    BehaviorVersion, SdkConfig,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::region::ProvideRegion as _,
    retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        connector_metadata::ConnectorMetadata,
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
        orchestrator::HttpRequest,
        runtime_components::{RuntimeComponents, RuntimeComponentsBuilder},
    },
};
use aws_smithy_types::config_bag::ConfigBag;

use crate::{config::Environment, ses::OnlyRefused};

/// The roots that Amazon's endpoints chain to (<https://www.amazontrust.com/repository/>). Reading the machine's whole
/// store would be more than half of a function's start.
const ROOTS: [&str; 5] = [
    include_str!("../roots/amazon-root-ca-1.pem"),
    include_str!("../roots/amazon-root-ca-2.pem"),
    include_str!("../roots/amazon-root-ca-3.pem"),
    include_str!("../roots/amazon-root-ca-4.pem"),
    include_str!("../roots/starfield-services-root-g2.pem"),
];

const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(4);
/// With its repetitions. API Gateway gives up after 30 seconds.
const OPERATION: Duration = Duration::from_secs(10);
/// A mail accepted late is a mail: giving up early would send it twice. A lane's lease is longer than this.
const MAIL: Duration = Duration::from_secs(10);

/// Makes clients that share credentials, region and connections, and counts what they send.
#[derive(Clone, Debug)]
pub struct Amazon {
    config: SdkConfig,
    table_endpoint: Option<String>,
    round_trips: RoundTrips,
}

impl Amazon {
    /// Clients by a configuration made elsewhere, for tests against other servers than Amazon's. What they send is
    /// counted if the configuration says by which HTTP client.
    pub fn of(config: SdkConfig) -> Self {
        let round_trips = RoundTrips::default();
        let counted = config.http_client().map(|inner| Counted { inner, round_trips: round_trips.clone() });
        let config = match counted {
            Some(client) => config.into_builder().http_client(client).build(),
            None => config,
        };
        Self { config, table_endpoint: None, round_trips }
    }

    /// The count of what these clients and their clones send.
    pub fn round_trips(&self) -> RoundTrips {
        self.round_trips.clone()
    }

    /// Credentials and region from the environment, as Lambda sets them; `AWS_ENDPOINT_URL` and that of `DynamoDB` alone are
    /// honoured.
    ///
    /// `aws_config::load` would also look for them in files and at other services: a megabyte more of each binary.
    pub async fn from_environment(environment: &Environment) -> Self {
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(EnvironmentVariableRegionProvider::new().region().await)
            .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
            .http_client(SharedHttpClient::new(Pool::default()))
            .timeout_config(timeouts(ATTEMPT))
            .retry_config(retries());
        config.set_endpoint_url(environment.endpoint().map(str::to_owned));
        Self { table_endpoint: environment.table_endpoint().map(str::to_owned), ..Self::of(config.build()) }
    }

    /// `DynamoDB`.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let mut config = aws_sdk_dynamodb::config::Builder::from(&self.config);
        if let Some(url) = &self.table_endpoint {
            config = config.endpoint_url(url);
        }
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// `EventBridge` Scheduler.
    pub fn scheduler(&self) -> aws_sdk_scheduler::Client {
        aws_sdk_scheduler::Client::new(&self.config)
    }

    /// SQS.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// SES: more patient, and it repeats only what was not accepted.
    pub fn ses(&self) -> aws_sdk_sesv2::Client {
        let config =
            aws_sdk_sesv2::config::Builder::from(&self.config).timeout_config(timeouts(MAIL)).retry_classifier(OnlyRefused).build();
        aws_sdk_sesv2::Client::from_conf(config)
    }
}

fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(attempt).operation_timeout(OPERATION).build()
}

pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_secs(1))
}

/// How many HTTP requests have left for Amazon: every attempt is one, repeated ones too. Clones share the count.
///
/// A Lambda function handles one event at a time, so what it grew by from start to end is what the event cost.
#[derive(Clone, Debug, Default)]
pub struct RoundTrips(Arc<AtomicU64>);

impl RoundTrips {
    /// The count.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// An HTTP client whose requests are counted.
#[derive(Clone, Debug)]
struct Counted<T> {
    inner: T,
    round_trips: RoundTrips,
}

impl HttpClient for Counted<SharedHttpClient> {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Counted { inner, round_trips: self.round_trips.clone() })
    }

    fn validate_base_client_config(&self, components: &RuntimeComponentsBuilder, config: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(components, config)
    }

    fn validate_final_config(&self, components: &RuntimeComponents, config: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_final_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

impl HttpConnector for Counted<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.round_trips.0.fetch_add(1, Ordering::Relaxed);
        self.inner.call(request)
    }
}

/// The connection pool, with TLS set up at the first request: SDK clients cost a start nothing, and what a function does
/// not reach is not paid for.
#[derive(Clone, Debug, Default)]
struct Pool(Arc<OnceLock<SharedHttpClient>>);

impl HttpClient for Pool {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        self.0.get_or_init(over_tls).http_connector(settings, components)
    }
}

fn over_tls() -> SharedHttpClient {
    let roots = ROOTS.iter().fold(TrustStore::empty(), |store, pem| store.with_pem_certificate(*pem));
    #[expect(clippy::expect_used, reason = "building puts two values into a struct")]
    let context = TlsContext::builder().with_trust_store(roots).build().expect("a trust store is a TLS context");
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context).build_https()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_root_is_one_certificate() {
        for root in ROOTS {
            assert_eq!(root.matches("-----BEGIN CERTIFICATE-----").count(), 1);
            assert_eq!(root.matches("-----END CERTIFICATE-----").count(), 1);
        }
    }

    /// The TLS library panics on a certificate that it cannot read, so setting it up is the test.
    #[test]
    fn the_roots_are_readable() {
        over_tls().validate_base_client_config(&RuntimeComponentsBuilder::new("test"), &ConfigBag::base()).unwrap();
    }

    #[test]
    fn the_clients_of_a_function_set_up_no_tls() {
        let pool = Pool::default();
        let http = SharedHttpClient::new(pool.clone());
        let amazon = Amazon::of(SdkConfig::builder().behavior_version(BehaviorVersion::latest()).http_client(http).build());
        let _clients = (amazon.dynamodb(), amazon.scheduler(), amazon.sqs(), amazon.ses());
        assert!(pool.0.get().is_none());
    }
}
