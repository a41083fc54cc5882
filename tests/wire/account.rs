//! An empty account of Amazon's, served by moto.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use hourkeep_aws::clients::Amazon;
use hourkeep_store::{Table, create_table};
use hourkeep_testkit::{Log, Script, Wire};
use hourkeep_tests::Moto;
use serde_json::Value;

pub(crate) struct Account {
    pub(crate) config: SdkConfig,
    /// What was sent to it.
    pub(crate) log: Log,
    moto: Moto,
}

impl Account {
    pub(crate) fn open() -> Self {
        let (moto, log) = (Moto::start(), Log::default());
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test")))
            .endpoint_url(moto.url())
            .http_client(SharedHttpClient::new(Wire::on_loopback(Script::new(), log.clone())))
            .build();
        Self { config, log, moto }
    }

    pub(crate) fn amazon(&self) -> Amazon {
        Amazon::of(self.config.clone())
    }

    /// The product's table in this account.
    pub(crate) async fn table(&self) -> Table {
        let table = Table::new(self.amazon().dynamodb(), "hourkeep");
        create_table(table.client(), table.name()).await.unwrap();
        table
    }

    /// A new queue's address.
    pub(crate) async fn queue(&self, name: &str) -> String {
        self.amazon().sqs().create_queue().queue_name(name).send().await.unwrap().queue_url.unwrap()
    }

    /// Lets mail come from a domain.
    pub(crate) async fn verify(&self, domain: &str) {
        self.amazon().ses().create_email_identity().email_identity(domain).send().await.unwrap();
    }

    /// The raw messages that SES took, oldest first: `source`, `destinations` and `raw_data`.
    pub(crate) async fn mails(&self) -> Vec<Value> {
        let all = reqwest::get(format!("{}/moto-api/data.json", self.moto.url())).await.unwrap();
        all.json::<Value>().await.unwrap()["ses"]["RawMessage"].as_array().unwrap().clone()
    }
}
