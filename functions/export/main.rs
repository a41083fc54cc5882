//! Exports, streamed from an address of their own.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start(env!("CARGO_BIN_NAME")).await;
    hourkeep_aws::streaming::http(&parts, hourkeep_http::router::export(parts.exports()?)).await
}
