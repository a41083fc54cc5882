//! What the project relies on in dynoxide: an upgrade that breaks it is noticed here.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, KeysAndAttributes, TimeToLiveSpecification, TransactWriteItem};
use aws_sdk_dynamodbstreams::types::ShardIteratorType;
use dynoxide::Database;
use dynoxide::actions::{
    describe_stream::DescribeStreamRequest, get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest,
    list_streams::ListStreamsRequest,
};
use dynoxide::storage_backend::ManualClock;

use super::sheet::{TABLE, create, dynamo, increment, new_item, put, s, transact, value};
use crate::Dynamo;

#[tokio::test]
async fn the_stream_is_read_in_process_without_http() {
    let dynamo = dynamo().await;
    let client = dynamo.quiet_client();
    put(&client, "a", "1").await;
    put(&client, "a", "1").await;
    put(&client, "a", "2").await;
    transact(&client, None, vec![new_item("b"), new_item("c")]).await.unwrap();

    let db = dynamo.database();
    let arn = db.list_streams(ListStreamsRequest::default()).unwrap().streams[0].stream_arn.clone();
    let described = db.describe_stream(DescribeStreamRequest { stream_arn: arn.clone(), ..Default::default() }).unwrap();
    let shards = described.stream_description.shards;
    assert_eq!(shards.len(), 1);
    let first = GetShardIteratorRequest {
        stream_arn: arn,
        shard_id: shards[0].shard_id.clone(),
        shard_iterator_type: "TRIM_HORIZON".into(),
        sequence_number: None,
    };
    let iterator = db.get_shard_iterator(first).unwrap().shard_iterator.unwrap();
    let page = db.get_records(GetRecordsRequest { shard_iterator: iterator, limit: None }).unwrap();
    let seen: Vec<(&str, dynoxide::AttributeValue)> =
        page.records.iter().map(|record| (record.event_name.as_str(), record.dynamodb.keys["pk"].clone())).collect();
    // DynamoDB leaves no record of a put that changes nothing; dynoxide does, so nothing may count on either.
    let expected = [("INSERT", "a"), ("MODIFY", "a"), ("MODIFY", "a"), ("INSERT", "b"), ("INSERT", "c")];
    assert_eq!(seen, expected.map(|(name, pk)| (name, dynoxide::AttributeValue::S(pk.into()))));
    let next = GetRecordsRequest { shard_iterator: page.next_shard_iterator.unwrap(), limit: None };
    assert!(db.get_records(next).unwrap().records.is_empty());
}

#[tokio::test]
async fn the_stream_is_read_with_the_sdk_too() {
    let dynamo = dynamo().await;
    put(&dynamo.quiet_client(), "a", "1").await;
    let config = aws_sdk_dynamodbstreams::Config::builder()
        .behavior_version(aws_sdk_dynamodbstreams::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodbstreams::config::Region::new("us-east-1"))
        .credentials_provider(aws_sdk_dynamodbstreams::config::Credentials::new("t", "t", None, None, "t"))
        .endpoint_url(dynamo.endpoint())
        .build();
    let client = aws_sdk_dynamodbstreams::Client::from_conf(config);
    let arn = client.list_streams().table_name(TABLE).send().await.unwrap().streams()[0].stream_arn().unwrap().to_owned();
    let described = client.describe_stream().stream_arn(&arn).send().await.unwrap().stream_description.unwrap();
    let shard = described.shards()[0].shard_id().unwrap().to_owned();
    let iterator = client
        .get_shard_iterator()
        .stream_arn(arn)
        .shard_id(shard)
        .shard_iterator_type(ShardIteratorType::TrimHorizon)
        .send()
        .await
        .unwrap();
    let records = client.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
    let image = records.records()[0].dynamodb().unwrap().new_image().unwrap();
    assert_eq!(image["v"].as_s().unwrap(), "1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_transactions_for_one_item_one_wins_and_none_conflicts() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..64 {
        let client = client.clone();
        racing.spawn(async move { transact(&client, None, vec![new_item("slot"), new_item(&format!("mine{n}"))]).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = racing.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 63));
    for error in lost {
        let text = format!("{:?}", error.unwrap_err().into_service_error());
        assert!(text.contains("ConditionalCheckFailed") && !text.contains("TransactionConflict"), "{text}");
    }
    let all = client.scan().table_name(TABLE).consistent_read(true).send().await.unwrap();
    assert_eq!(all.count(), 2, "losers leave nothing");
}

#[tokio::test]
async fn a_condition_check_in_a_transaction_is_billed_as_a_write() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    put(&client, "a", "1").await;
    let _preparation = dynamo.log().take();
    let check = ConditionCheck::builder()
        .table_name(TABLE)
        .key("pk", s("a"))
        .key("sk", s("x"))
        .condition_expression("attribute_exists(pk)")
        .build()
        .unwrap();
    transact(&client, None, vec![TransactWriteItem::builder().condition_check(check).build(), new_item("b")]).await.unwrap();
    let units = dynamo.log().take().units();
    assert!((units.write - 4.0).abs() < f64::EPSILON, "{units:?}");
}

#[tokio::test]
async fn the_sparse_index_holds_only_items_that_have_its_key() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    put(&client, "plain", "1").await;
    let waiting = client.put_item().table_name(TABLE).item("pk", s("waiting")).item("sk", s("x")).item("pending", s("0"));
    waiting.send().await.unwrap();
    let pending = || {
        let query = client.query().table_name(TABLE).index_name("pending").key_condition_expression("pending = :p");
        query.expression_attribute_values(":p", s("0")).send()
    };
    assert_eq!(pending().await.unwrap().items()[0]["pk"], s("waiting"));
    let done = client.update_item().table_name(TABLE).key("pk", s("waiting")).key("sk", s("x")).update_expression("REMOVE pending");
    done.send().await.unwrap();
    assert_eq!(pending().await.unwrap().count(), 0);
}

#[tokio::test]
async fn a_batch_get_may_be_consistent_and_leaves_out_what_is_missing() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    put(&client, "a", "1").await;
    let _preparation = dynamo.log().take();
    let wanted = ["a", "b"].into_iter().fold(KeysAndAttributes::builder().consistent_read(true), |keys, pk| {
        keys.keys([("pk".to_owned(), s(pk)), ("sk".to_owned(), s("x"))].into())
    });
    let got = client.batch_get_item().request_items(TABLE, wanted.build().unwrap()).send().await.unwrap();
    assert_eq!(got.responses().unwrap()[TABLE].len(), 1);
    assert!(got.unprocessed_keys().is_none_or(std::collections::HashMap::is_empty));
    assert!((dynamo.log().take().units().read - 2.0).abs() < f64::EPSILON, "a missing item is billed too");
}

#[tokio::test]
async fn what_has_expired_stays_until_swept_by_the_given_clock() {
    let clock = ManualClock::new(1_000_000);
    let dynamo = Dynamo::with_clock(clock.arc()).await;
    let client = dynamo.client();
    create(&client).await;
    let ttl = TimeToLiveSpecification::builder().attribute_name("expires").enabled(true).build().unwrap();
    client.update_time_to_live().table_name(TABLE).time_to_live_specification(ttl).send().await.unwrap();
    let item = client.put_item().table_name(TABLE).item("pk", s("a")).item("sk", s("x")).item("v", s("1"));
    item.item("expires", AttributeValue::N("1000060".into())).send().await.unwrap();

    assert_eq!(dynamo.database().sweep_ttl().unwrap(), 0);
    clock.set(1_000_061);
    assert_eq!(value(&client, "a").await.unwrap(), "1", "reads do not hide it");
    assert_eq!(dynamo.database().sweep_ttl().unwrap(), 1);
    assert_eq!(value(&client, "a").await, None);
}

#[tokio::test]
async fn a_file_keeps_everything_but_the_request_tokens() {
    let folder = std::env::temp_dir().join(format!("hourkeep-testkit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("dynamo.db");
    let open = || Database::new(path.to_str().unwrap()).unwrap();

    let dynamo = Dynamo::serve(open()).await;
    create(&dynamo.quiet_client()).await;
    transact(&dynamo.quiet_client(), Some("token"), vec![increment("a")]).await.unwrap();
    dynamo.stop().await;

    let dynamo = Dynamo::serve(open()).await;
    assert_eq!(value(&dynamo.quiet_client(), "a").await.unwrap(), "1");
    assert_eq!(dynamo.database().list_streams(ListStreamsRequest::default()).unwrap().streams.len(), 1);
    transact(&dynamo.quiet_client(), Some("token"), vec![increment("a")]).await.unwrap();
    assert_eq!(value(&dynamo.quiet_client(), "a").await.unwrap(), "2", "a token lives as long as the process");
    dynamo.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}
