//! Writes into a token where its bearer works, when Cognito makes it.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start(env!("CARGO_BIN_NAME")).await;
    hourkeep_aws::sign_in::run(&parts).await
}
