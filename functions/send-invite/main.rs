//! Works off the queue of invites and updates.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start(env!("CARGO_BIN_NAME")).await;
    hourkeep_aws::serve::post(&parts).await
}
