//! Works off the queue of invites and updates.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start().await;
    hourkeep_aws::serve::post(parts.post()?).await
}
