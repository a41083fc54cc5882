//! A scene whose traffic with the table is written down.

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hourkeep_local::Options;
use hourkeep_testkit::{Log, Script, Traffic, Wire};
use hourkeep_tests::House;

/// A house in memory, and the record of what its product sends to the table.
pub(crate) async fn watched() -> (House, Log) {
    let log = Log::default();
    let wire = Wire::on_loopback(Script::new(), log.clone()).measuring();
    let house = House::with(Options { http: Some(SharedHttpClient::new(wire)), ..Options::default() }).await;
    drop(log.take());
    (house, log)
}

/// The writes in a stretch of traffic.
pub(crate) fn writes(traffic: &Traffic) -> Vec<&str> {
    let is_read = |operation: &&str| matches!(*operation, "GetItem" | "BatchGetItem" | "Query" | "Scan");
    traffic.operations().into_iter().filter(|operation| !is_read(operation)).collect()
}
