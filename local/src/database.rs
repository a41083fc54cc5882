//! The embedded DynamoDB, reached over loopback by the AWS SDK like the real one.

use std::net::Ipv4Addr;

use aws_sdk_dynamodb::{
    Client,
    config::{
        BehaviorVersion, Credentials, Region, SharedHttpClient,
        retry::{RetryConfig, RetryPartition, TokenBucket},
    },
};
use dynoxide::Database;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::server::{Data, StartError};

/// The running database. Stops when dropped.
pub(crate) struct Embedded {
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Embedded {
    /// Starts it on this port of loopback; 0 takes a free one.
    pub(crate) async fn start(data: &Data, port: u16) -> Result<Self, StartError> {
        let database = match data {
            Data::Memory => Database::memory(),
            Data::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| StartError::data(folder, error))?;
                Database::new(&folder.join("hourkeep.sqlite").to_string_lossy())
            }
        };
        let database = database.map_err(StartError::database)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(|source| StartError::Port { variable: "HOURKEEP_DATABASE_PORT", port, source })?;
        let endpoint = format!("http://{}", listener.local_addr().map_err(StartError::database)?);
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let shutdown = async move {
                let _ = stopped.await;
            };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, database, shutdown).await {
                tracing::error!(error, "the database stopped");
            }
        });
        Ok(Self { endpoint, stop: Some(stop), serving })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A client; through `http` where tests put something in between.
    pub(crate) fn client(&self, http: Option<SharedHttpClient>) -> Client {
        Client::from_conf(self.config(http).build())
    }

    pub(crate) fn streams(&self) -> aws_sdk_dynamodbstreams::Client {
        let config = aws_sdk_dynamodbstreams::config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .endpoint_url(&self.endpoint);
        aws_sdk_dynamodbstreams::Client::from_conf(config.build())
    }

    fn config(&self, http: Option<SharedHttpClient>) -> aws_sdk_dynamodb::config::Builder {
        // The SDK's own quota of retries is shared by the whole process; servers beside each other would use up
        // each other's.
        let quota = RetryPartition::custom("local").token_bucket(TokenBucket::unlimited()).build();
        let mut config = aws_sdk_dynamodb::config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .retry_config(RetryConfig::standard().with_max_attempts(3).with_initial_backoff(std::time::Duration::from_millis(2)))
            .retry_partition(quota)
            .endpoint_url(&self.endpoint);
        config.set_http_client(http);
        config
    }

    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}
