//! Answers that DynamoDB gives on bad days, which dynoxide never does.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

const MODEL: &str = "com.amazonaws.dynamodb.v20120810#";

pub(crate) fn throttled() -> HttpResponse {
    let message = "The level of configured provisioned throughput for the table was exceeded.";
    answer(400, &json!({ "__type": format!("{MODEL}ProvisionedThroughputExceededException"), "message": message }))
}

pub(crate) fn server_error() -> HttpResponse {
    answer(500, &json!({ "__type": format!("{MODEL}InternalServerError"), "message": "Internal server error" }))
}

/// A transaction is cancelled with one reason per action; any other operation gets the exception of its own.
pub(crate) fn transaction_conflict(request: &Value) -> HttpResponse {
    let message = "Transaction is ongoing for the item";
    let Some(actions) = request["TransactItems"].as_array() else {
        return answer(400, &json!({ "__type": format!("{MODEL}TransactionConflictException"), "message": message }));
    };
    // The last action is the one in conflict: code that looks at the first reason alone must not get away with it.
    let last = actions.len().saturating_sub(1);
    let codes: Vec<&str> = (0..actions.len()).map(|i| if i == last { "TransactionConflict" } else { "None" }).collect();
    let reasons: Vec<Value> = codes
        .iter()
        .map(|code| if *code == "None" { json!({ "Code": code }) } else { json!({ "Code": code, "Message": message }) })
        .collect();
    let summary = format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    answer(
        400,
        &json!({
            "__type": format!("{MODEL}TransactionCanceledException"),
            "Message": summary,
            "CancellationReasons": reasons,
        }),
    )
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body.to_string()));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response.headers_mut().insert("x-amzn-requestid", "FORGED");
    response
}
