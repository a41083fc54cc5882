//! Answers with what it was asked, and does nothing else: what the runtime itself costs.

use std::convert::Infallible;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |call: LambdaEvent<Value>| Ok::<_, Infallible>(call.payload))).await
}
