//! What keeps a function from starting.

use hourkeep_tests::{Function, binary};

use crate::stage::Stage;

/// Every function, with the variables that it needs.
const NEEDS: [(&str, &[&str]); 16] = [
    ("schedule", STAFF),
    ("schedule-series", STAFF),
    ("reschedule", STAFF),
    ("cancel", STAFF),
    ("mark-outcome", STAFF),
    ("send-invites", STAFF),
    ("api", STAFF),
    ("export", &["HOURKEEP_TABLE", "HOURKEEP_MANAGE_KEY"]),
    ("name-practice", &["HOURKEEP_TABLE"]),
    ("relay", &["HOURKEEP_TABLE", "HOURKEEP_QUEUE_INVITES", "HOURKEEP_SCHEDULE_GROUP"]),
    ("sweep", &["HOURKEEP_TABLE", "HOURKEEP_QUEUE_INVITES", "HOURKEEP_SCHEDULE_GROUP"]),
    ("send-invite", MAIL),
    ("send-cancellation", MAIL),
    ("send-reminder", MAIL),
    ("extend-series", &["HOURKEEP_TABLE", "HOURKEEP_QUEUE_SERIES", "HOURKEEP_SCHEDULE_GROUP"]),
    ("note-delivery", &["HOURKEEP_TABLE"]),
];

const STAFF: &[&str] = &["HOURKEEP_TABLE", "HOURKEEP_MANAGE_KEY"];
const MAIL: &[&str] = &["HOURKEEP_TABLE", "HOURKEEP_SES_CONFIGURATION_SET"];

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_misses_a_variable_names_it_and_ends() {
    let whole = Stage::environment_beside("http://127.0.0.1:9", "http://127.0.0.1:9");
    for (name, variables) in NEEDS {
        for variable in variables.iter().copied() {
            let function = Function::start(&binary(name), whole.iter().filter(|(name, _)| **name != variable)).await;
            assert_eq!(function.call("{}").await.status, 502, "{name} without {variable}");
            function.wrote(&format!("the environment variable {variable} is missing")).await;
        }
    }
}
