//! The table that these tests write to.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    Put, ScalarAttributeType, StreamSpecification, StreamViewType, TransactWriteItem, Update,
};

use crate::Dynamo;

pub(super) const TABLE: &str = "kit";

pub(super) fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}

/// A table with pk and sk, a stream, and a sparse index on `pending`.
pub(super) async fn dynamo() -> Dynamo {
    let dynamo = Dynamo::start().await;
    create(&dynamo.quiet_client()).await;
    dynamo
}

pub(super) async fn create(client: &Client) {
    let string =
        |name: &str| AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap();
    let pending = GlobalSecondaryIndex::builder()
        .index_name("pending")
        .key_schema(key("pending", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .unwrap();
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk", "pending"].map(string).to_vec()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(pending)
        .stream_specification(
            StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewAndOldImages).build().unwrap(),
        )
        .send()
        .await
        .unwrap();
}

pub(super) async fn put(client: &Client, pk: &str, value: &str) {
    client.put_item().table_name(TABLE).item("pk", s(pk)).item("sk", s("x")).item("v", s(value)).send().await.unwrap();
}

pub(super) async fn value(client: &Client, pk: &str) -> Option<String> {
    let got = client.get_item().table_name(TABLE).key("pk", s(pk)).key("sk", s("x")).consistent_read(true).send().await.unwrap();
    got.item.map(|item| item["v"].as_s().or_else(|_| item["v"].as_n()).unwrap().clone())
}

/// Puts an item that must not be there yet.
pub(super) fn new_item(pk: &str) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(TABLE)
        .item("pk", s(pk))
        .item("sk", s("x"))
        .item("v", s("new"))
        .condition_expression("attribute_not_exists(pk)")
        .build()
        .unwrap();
    TransactWriteItem::builder().put(put).build()
}

/// Adds one to the number `v`: applied twice, it shows.
pub(super) fn increment(pk: &str) -> TransactWriteItem {
    let update = Update::builder()
        .table_name(TABLE)
        .key("pk", s(pk))
        .key("sk", s("x"))
        .update_expression("ADD v :one")
        .expression_attribute_values(":one", AttributeValue::N("1".into()))
        .build()
        .unwrap();
    TransactWriteItem::builder().update(update).build()
}

pub(super) async fn transact(
    client: &Client,
    token: Option<&str>,
    actions: Vec<TransactWriteItem>,
) -> Result<TransactWriteItemsOutput, SdkError<TransactWriteItemsError>> {
    client.transact_write_items().set_client_request_token(token.map(str::to_owned)).set_transact_items(Some(actions)).send().await
}
