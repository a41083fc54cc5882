//! Events that are not right: each gets the answer that its sender understands.

use serde_json::{Value, json};

use crate::{
    requests,
    samples::{RECIPIENT, SESSION},
    stage::{Stage, text_of},
};

/// The functions that answer requests of staff, with a sample that changes something.
const REQUESTS: [(&str, &str); 7] = [
    ("schedule", "http-schedule"),
    ("schedule-series", "http-schedule-series"),
    ("reschedule", "http-reschedule"),
    ("cancel", "http-cancel"),
    ("mark-outcome", "http-mark-outcome"),
    ("send-invites", "http-send-invites"),
    ("api", "http-edit-session"),
];

/// The functions that work off a queue, with a sample of it.
const QUEUES: [(&str, &str); 5] = [
    ("send-invite", "sqs-invite"),
    ("send-cancellation", "sqs-cancellation"),
    ("send-reminder", "sqs-reminder-from-scheduler"),
    ("extend-series", "sqs-reanchor"),
    ("note-delivery", "sqs-bounce"),
];

fn headers(answer: &Value) -> &str {
    answer["headers"]["content-type"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_events_get_the_right_shape() {
    let mut stage = Stage::new().await;
    let told = requests::schedule(&mut stage).await;
    let of_the_session = [(SESSION, told.session.as_str()), (RECIPIENT, told.recipient.as_str())];

    for (function, sample) in REQUESTS {
        // Nobody is signed in.
        let mut event = stage.samples.get(sample, &of_the_session);
        event["requestContext"].as_object_mut().unwrap().remove("authorizer");
        let answer = stage.invoke(function, &event).await;
        assert_eq!((&answer["statusCode"], headers(&answer)), (&json!(401), "application/problem+json"), "{function}: {answer}");
        assert!(text_of(&answer).contains("/problems/unauthenticated"), "{answer}");
        // The body is cut off.
        let mut event = stage.samples.get(sample, &of_the_session);
        event["body"] = "{\"reason\":".into();
        let problem = stage.request(function, &event, 400).await;
        assert!(problem["detail"].as_str().unwrap().contains("line 1 column 10"), "{function}: {problem}");
        // One field is nonsense.
        event["body"] = json!({ "reminders": 7, "recipients": 7, "reason": 7, "local_start": 7, "clients": 7 }).to_string().into();
        let problem = stage.request(function, &event, 422).await;
        assert!(problem["pointer"].as_str().is_some_and(|place| place.len() > 1), "{function}: {problem}");
        is_no_event(&mut stage, function).await;
    }
    requests::cancel(&mut stage, &told).await;
    for (function, sample) in QUEUES {
        let mut event = stage.samples.get(sample, &of_the_session);
        let mut unreadable = event["Records"][0].clone();
        unreadable["messageId"] = "unreadable".into();
        unreadable["body"] = "{\"job\":\"invite\",\"practice\":\"gil@family.test\"}".into();
        event["Records"].as_array_mut().unwrap().insert(0, unreadable);
        let answer = stage.invoke(function, &event).await;
        assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "unreadable" }] }), "{function}");
        is_no_event(&mut stage, function).await;
    }
    let mut event = stage.samples.get("stream-scheduled", &of_the_session);
    let mut unreadable = event["Records"][0].clone();
    unreadable["dynamodb"]["SequenceNumber"] = "7".into();
    unreadable["dynamodb"]["NewImage"]["body"]["M"]["at"] = json!({ "S": "yesterday" });
    event["Records"].as_array_mut().unwrap().push(unreadable);
    assert_eq!(stage.invoke("relay", &event).await, json!({ "batchItemFailures": [{ "itemIdentifier": "7" }] }));
    is_no_event(&mut stage, "relay").await;
    is_no_event(&mut stage, "export").await;
}

/// What is no event of the function's trigger at all is the function's error, as Lambda words errors.
async fn is_no_event(stage: &mut Stage, function: &'static str) {
    for event in [json!({ "Ada Adair": "ada@demo.test" }), json!([1])] {
        let answer = stage.invoke(function, &event).await;
        assert!(answer["errorType"].is_string() && answer["errorMessage"].is_string(), "{function}: {answer}");
    }
}
