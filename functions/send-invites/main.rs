//! Sends invites for a session scheduled without.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start().await;
    hourkeep_aws::serve::http(hourkeep_http::router::send_invites(parts.desk()?)).await
}
