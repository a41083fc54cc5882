//! Books a series.

use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let parts = hourkeep_aws::serve::start(env!("CARGO_BIN_NAME")).await;
    hourkeep_aws::serve::http(&parts, hourkeep_http::router::Function::ScheduleSeries.router(parts.desk()?)).await
}
