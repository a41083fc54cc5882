//! What the command works with: the table, and SES.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region};
use hourkeep_app::platform::Platform;
use hourkeep_aws::{clients::Amazon, clock::SystemClock};
use hourkeep_store::Table;

use crate::{arguments::At, failure::Failure};

pub(crate) struct Reach {
    pub(crate) platform: Platform,
    pub(crate) amazon: Amazon,
}

impl Reach {
    /// Credentials and region as the AWS CLI finds them. Nothing is asked yet.
    pub(crate) async fn new(at: &At) -> Result<Self, Failure> {
        let table = at.table.as_ref().filter(|name| !name.is_empty());
        let table =
            table.ok_or(Failure::Unsaid("name the table: --table, or HOURKEEP_TABLE (the output TableName of the stack)"))?;
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(region) = &at.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &at.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        let config = loader.load().await;
        if config.region().is_none() {
            return Err(Failure::Unsaid("name the region: --region, AWS_REGION, or a profile that has one (AWS_PROFILE)"));
        }
        let amazon = Amazon::of(config);
        let platform = Platform { table: Table::new(amazon.dynamodb(), table), clock: Arc::new(SystemClock) };
        Ok(Self { platform, amazon })
    }
}
