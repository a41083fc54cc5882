//! Requests, rounds, sizes and units of real traffic.

use super::sheet::{TABLE, dynamo, increment, new_item, put, s, transact, value};
use crate::Units;

#[tokio::test]
async fn concurrent_gets_are_one_round_and_successive_ones_are_two() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    put(&client, "a", "1").await;
    let _preparation = dynamo.log().take();

    tokio::join!(value(&client, "a"), value(&client, "b"), value(&client, "c"));
    let together = dynamo.log().take();
    assert_eq!((together.requests(), together.rounds()), (3, 1));

    value(&client, "a").await;
    value(&client, "b").await;
    transact(&client, None, vec![new_item("b")]).await.unwrap();
    let apart = dynamo.log().take();
    assert_eq!(apart.operations(), ["GetItem", "GetItem", "TransactWriteItems"]);
    assert_eq!((apart.rounds(), apart.of("GetItem").rounds()), (3, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_reads_then_a_commit_are_two_rounds_on_many_threads_too() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    for round in 0..20 {
        tokio::join!(value(&client, "a"), value(&client, "b"));
        transact(&client, None, vec![increment("a")]).await.unwrap();
        let traffic = dynamo.log().take();
        assert_eq!(traffic.rounds(), 2, "{round}: {traffic:?}");
    }
}

#[tokio::test]
async fn units_are_reported_by_the_server_and_estimated_from_the_request() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    put(&client, "a", &"x".repeat(3000)).await;
    let traffic = dynamo.log().take();
    assert_eq!(traffic.units(), Units { read: 0.0, write: 3.0 });
    assert!((traffic.estimated_write_units() - 3.0).abs() < f64::EPSILON);
    assert!(traffic.0[0].request_bytes > 3000);

    value(&client, "a").await;
    let traffic = dynamo.log().take();
    assert_eq!(traffic.units(), Units { read: 1.0, write: 0.0 });
    assert!(traffic.0[0].response_bytes > 3000);

    transact(&client, None, vec![new_item("b"), increment("c")]).await.unwrap();
    let traffic = dynamo.log().take();
    assert_eq!(traffic.units(), Units { read: 0.0, write: 4.0 });
    assert!((traffic.estimated_write_units() - 4.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn a_sparse_index_is_billed_only_while_its_key_is_there() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    let item = || client.put_item().table_name(TABLE).item("pk", s("a")).item("sk", s("x"));
    let mut billed = Vec::new();
    for put in [item(), item().item("pending", s("0")), item()] {
        put.send().await.unwrap();
        billed.push(dynamo.log().take().units().write);
    }
    assert_eq!(billed, [1.0, 2.0, 2.0]);
}

#[tokio::test]
async fn a_quiet_client_leaves_no_record() {
    let dynamo = dynamo().await;
    put(&dynamo.quiet_client(), "a", "1").await;
    assert_eq!((dynamo.log().take().requests(), dynamo.script().calls()), (0, 0));
}
