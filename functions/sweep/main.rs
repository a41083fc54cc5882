//! Hands on, every hour, the events that the relay never finished.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start(env!("CARGO_BIN_NAME")).await;
    hourkeep_aws::serve::sweep(&parts).await
}
