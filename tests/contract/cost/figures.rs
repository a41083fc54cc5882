//! The figures that nobody counts here: list prices and quotas (`infra/prices.json`), and what was measured or assumed of
//! functions (`infra/measured.json`).

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

use super::money::Money;

/// Prices and quotas of one region.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) region: String,
    pub(super) currency: String,
    pub(super) prices: BTreeMap<String, Price>,
    pub(super) quotas: BTreeMap<String, Quota>,
}

/// So many dollars for so many units, and who says so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    pub(super) usd: String,
    pub(super) per: u128,
    pub(super) unit: String,
    pub(super) source: String,
    pub(super) seen_in: String,
    pub(super) looked_up: String,
    pub(super) confirmed: bool,
    pub(super) note: Option<String>,
}

impl Price {
    /// What so many units cost.
    pub(super) fn of(&self, units: u128) -> Money {
        self.part_of(units, 1)
    }

    /// What `units / per` units cost.
    pub(super) fn part_of(&self, units: u128, per: u128) -> Money {
        Money::parse(&self.usd).times(units, self.per * per)
    }
}

/// A default quota of an account in the region, and what to do when it is reached.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quota {
    pub(super) limit: u64,
    pub(super) what: String,
    pub(super) adjustable: bool,
    pub(super) source: String,
    pub(super) seen_in: String,
    pub(super) looked_up: String,
    pub(super) confirmed: bool,
    pub(super) note: Option<String>,
    pub(super) then: String,
}

/// How long functions run and what they write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    /// `assumed`, or what measured it.
    pub(super) source: String,
    pub(super) note: String,
    pub(super) memory_mb: u64,
    /// The memory that comes with a whole core.
    pub(super) core_mb: u64,
    pub(super) warm_ms: WarmMs,
    pub(super) init_ms: u64,
    pub(super) cold_in_hundred: u64,
    pub(super) wait_ms: WaitMs,
    pub(super) log_bytes: LogBytes,
}

/// Computing of one warm invocation, on a whole core.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WarmMs {
    pub(super) request: u64,
    pub(super) relay: u64,
    pub(super) mail: u64,
    pub(super) sweep: u64,
    pub(super) sign_in: u64,
}

/// One round trip to a service.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitMs {
    pub(super) dynamodb: u64,
    pub(super) transaction: u64,
    pub(super) ses: u64,
    pub(super) scheduler: u64,
    pub(super) sqs: u64,
}

/// Log of one invocation, by the function; and API Gateway's line of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogBytes {
    pub(super) own: u64,
    pub(super) access: u64,
}

impl Measured {
    /// What a function computes in so many milliseconds on a whole core, it does in these with its share of one.
    pub(super) fn throttled(&self, ms: u64) -> u64 {
        (ms * self.core_mb).div_ceil(self.memory_mb).max(ms)
    }
}

/// A file of `infra`.
pub(super) fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra").join(name)).unwrap()
}

/// A JSON file of `infra`.
pub(super) fn json<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&file(name)).unwrap()
}
