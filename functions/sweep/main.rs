//! Hands on, every hour, the events that the relay never finished.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start().await;
    hourkeep_aws::serve::sweep(parts.relay()?).await
}
