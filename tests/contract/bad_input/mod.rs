//! Whatever is sent is answered with a problem that says what and where, or with success: never with a 5xx, and never
//! with half of a change.

mod bodies;
mod cases;
mod fields;
mod fuzz;
mod headers;
mod json;
mod meanings;
mod places;
mod rules;

use hourkeep_http::problem::Kind;
use hourkeep_testkit::Log;
use hourkeep_tests::Answer;

use crate::support::writes;

/// Holds an answer to what every refusal promises. `what` says what was sent.
#[track_caller]
fn hold(what: &str, answer: &Answer, log: &Log) {
    let traffic = log.take();
    assert!(answer.status < 500, "{what}: {}", answer.text);
    if answer.status < 400 {
        return;
    }
    assert_eq!(answer.content_type.as_deref(), Some("application/problem+json"), "{what}: {}", answer.text);
    let known = Kind::ALL.iter().find(|kind| kind.name == answer.problem());
    let known = known.unwrap_or_else(|| panic!("{what}: no known type in {}", answer.text));
    assert_eq!(answer.body["status"], answer.status, "{what}");
    assert_eq!((answer.status, answer.body["title"].as_str()), (known.status, Some(known.title)), "{what}");
    assert!(answer.body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{what}: {}", answer.text);
    if *known == Kind::INVALID_FIELD {
        assert!(answer.body["pointer"].is_string(), "{what}: {}", answer.text);
    }
    assert_eq!(writes(&traffic), [""; 0], "{what} was refused, and yet something was written: {}", answer.text);
}

/// The place that a refusal names.
fn pointer(answer: &Answer) -> &str {
    answer.body["pointer"].as_str().unwrap_or_default()
}
