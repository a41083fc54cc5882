//! A real DynamoDB inside the process: dynoxide behind a loopback port.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region, SharedHttpClient};
use dynoxide::Database;
use dynoxide::storage_backend::Clock;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::script::Script;
use crate::traffic::Log;
use crate::wire::Wire;

/// A running dynoxide; it stops when this is dropped. It has no tables yet.
#[derive(Debug)]
pub struct Dynamo {
    database: Handle,
    endpoint: String,
    http: SharedHttpClient,
    script: Script,
    log: Log,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

struct Handle(Database);

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

impl Dynamo {
    /// In memory, on the runtime this is called in.
    pub async fn start() -> Self {
        Self::serve(Database::memory().unwrap()).await
    }

    /// In memory, with `clock` dating the stream's records and deciding what [`Database::sweep_ttl`] deletes.
    pub async fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self::serve(Database::memory_with_clock(clock).unwrap()).await
    }

    /// Serves a database opened elsewhere, such as a file's.
    pub async fn serve(database: Database) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let shared = database.clone();
        let server = tokio::spawn(async move {
            let stopped = async {
                // An error means that the sender was dropped, which is a stop too.
                let _ = stopped.await;
            };
            dynoxide::server::serve_with_shutdown(listener, shared, stopped).await.unwrap();
        });
        Self {
            database: Handle(database),
            endpoint,
            // Without TLS: reading the system's certificates would cost every test milliseconds.
            http: aws_smithy_http_client::Builder::new().build_http(),
            script: Script::new(),
            log: Log::default(),
            stop,
            server,
        }
    }

    /// A client whose attempts are recorded in [`Dynamo::log`], measured in units, and subject to [`Dynamo::script`].
    pub fn client(&self) -> Client {
        self.client_with(&self.script)
    }

    /// The same subject to a script of the caller's own, which may be shared with ports.
    pub fn client_with(&self, script: &Script) -> Client {
        let wire = Wire::over(self.http.clone(), script.clone(), self.log.clone()).measuring();
        Client::from_conf(self.config(SharedHttpClient::new(wire)))
    }

    /// A client that is neither recorded nor failed: for preparing and for looking.
    pub fn quiet_client(&self) -> Client {
        Client::from_conf(self.config(self.http.clone()))
    }

    /// The faults of [`Dynamo::client`].
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// The record of every client but the quiet ones.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The database itself: its streams, and [`Database::sweep_ttl`].
    pub fn database(&self) -> &Database {
        &self.database.0
    }

    /// `http://127.0.0.1:port`, for clients of other crates.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Stops and waits until running requests are done, before a file is opened again.
    pub async fn stop(self) {
        drop(self.stop);
        self.server.await.unwrap();
    }

    fn config(&self, http: SharedHttpClient) -> Config {
        // The default partition's retry quota is shared by the whole process: a test of faults would use it up for its neighbours,
        // and the SDK would stop retrying.
        let quota = RetryPartition::custom("testkit").token_bucket(TokenBucket::unlimited()).build();
        let retries = RetryConfig::standard()
            .with_max_attempts(3)
            .with_initial_backoff(Duration::from_millis(1))
            .with_max_backoff(Duration::from_millis(4));
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("testkit", "testkit", None, None, "testkit"))
            .endpoint_url(&self.endpoint)
            .retry_config(retries)
            .retry_partition(quota)
            .http_client(http)
            .build()
    }
}
