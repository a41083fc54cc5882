//! What keeps a function from starting.

use hourkeep_tests::{Function, binary};
use serde_json::json;

#[tokio::test]
async fn a_function_that_misses_a_variable_names_it_and_ends() {
    let function = Function::start(&binary("api"), [("HOURKEEP_LOG", "info")]).await;
    assert_eq!(function.call(json!({}).to_string()).await.status, 502);
    function.wrote("the environment variable HOURKEEP_TABLE is missing").await;
}
