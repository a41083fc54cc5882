//! The table's form, for where no template makes it: on a laptop and in tests.

use aws_sdk_dynamodb::{
    Client,
    operation::create_table::CreateTableError,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType, StreamSpecification, StreamViewType,
    },
};

use crate::StoreError;

/// The sparse index of events that are not handed on yet.
pub const PENDING_INDEX: &str = "pending";

/// Over how many partitions of that index events are spread.
pub const PENDING_SHARDS: u8 = 4;

/// Makes the table, with its index and its stream, unless it is there.
pub async fn create_table(client: &Client, name: &str) -> Result<(), StoreError> {
    const OPERATION: &str = "CreateTable";
    let attribute = |name: &str| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .map_err(StoreError::request(OPERATION))
    };
    let key = |name: &str, kind: KeyType| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(StoreError::request(OPERATION))
    };
    let index = GlobalSecondaryIndex::builder()
        .index_name(PENDING_INDEX)
        .key_schema(key("pending", KeyType::Hash)?)
        .key_schema(key("pending_at", KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .map_err(StoreError::request(OPERATION))?;
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewImage)
        .build()
        .map_err(StoreError::request(OPERATION))?;
    let created = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk")?)
        .attribute_definitions(attribute("sk")?)
        .attribute_definitions(attribute("pending")?)
        .attribute_definitions(attribute("pending_at")?)
        .key_schema(key("pk", KeyType::Hash)?)
        .key_schema(key("sk", KeyType::Range)?)
        .global_secondary_indexes(index)
        .stream_specification(stream)
        .send()
        .await;
    match created {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) => Ok(()),
        Err(error) => Err(StoreError::request(OPERATION)(error)),
    }
}
