//! Events as SES documents them, and everything else that may lie in the queue.

use std::sync::Mutex;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const BOUNCE: &str = include_str!("../../../../events/sqs-bounce.json");
const COMPLAINT: &str = include_str!("../../../../events/sqs-complaint.json");

/// The event in a sample.
fn event(sample: &str) -> Value {
    let sample: Value = serde_json::from_str(sample).unwrap();
    serde_json::from_str(sample["Records"][0]["body"].as_str().unwrap()).unwrap()
}

/// The sample of a bounce, with something put into its detail.
fn with(pointer: &str, value: Value) -> Value {
    let mut event = event(BOUNCE);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event["detail"].pointer_mut(parent).unwrap()[name] = value;
    event
}

fn found_in(event: &Value) -> Option<Undeliverable> {
    read(&event.to_string()).unwrap().map(|report| report.found)
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

#[test]
fn a_bounce_names_the_recipient_by_the_tags_of_the_mail() {
    let report = read(&event(BOUNCE).to_string()).unwrap().unwrap();
    assert_eq!(report.practice.to_string(), "prc_01m81h02recm9jd7gd6zsaekf4");
    assert_eq!(report.subject.to_string(), "ses_01m87bqd8s2a5grq3zt2ka792g");
    assert_eq!(report.recipient.to_string(), "rcp_01m87d0cdx2r00k6agv0vfcxec");
    assert_eq!(report.found, Undeliverable { reason: Reason::Bounced, at: Some(at("2026-11-24T18:05:15.802Z")) });
}

#[test]
fn a_complaint_is_a_complaint() {
    let found = found_in(&event(COMPLAINT));
    assert_eq!(found, Some(Undeliverable { reason: Reason::Complained, at: Some(at("2026-11-24T18:11:02Z")) }));
}

#[test]
fn what_was_suppressed_is_reported_as_if_it_had_been_sent() {
    for sub_type in ["General", "NoEmail", "Suppressed", "OnAccountSuppressionList", "AnotherOne"] {
        let found = found_in(&with("/bounce/bounceSubType", json!(sub_type))).unwrap();
        assert_eq!(found.reason, Reason::Bounced, "{sub_type}");
    }
    let mut complaint = event(COMPLAINT);
    complaint["detail"]["complaint"]["complaintSubType"] = json!("OnAccountSuppressionList");
    complaint["detail"]["complaint"].as_object_mut().unwrap().remove("complaintFeedbackType");
    assert_eq!(found_in(&complaint).unwrap().reason, Reason::Complained);
}

#[test]
fn a_passing_failure_counts_where_ses_gave_up_and_a_note_from_out_of_office_does_not() {
    let transient = |sub_type: &str| {
        let mut event = with("/bounce/bounceType", json!("Transient"));
        event["detail"]["bounce"]["bounceSubType"] = json!(sub_type);
        found_in(&event)
    };
    assert_eq!(transient("General"), None);
    for sub_type in ["MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected"] {
        assert_eq!(transient(sub_type).unwrap().reason, Reason::Bounced, "{sub_type}");
    }
    assert_eq!(found_in(&with("/bounce/bounceType", json!("Undetermined"))), None);
}

#[test]
fn a_report_that_is_taken_back_is_none() {
    let mut complaint = event(COMPLAINT);
    complaint["detail"]["complaint"]["complaintFeedbackType"] = json!("not-spam");
    assert_eq!(found_in(&complaint), None);
}

#[test]
fn events_of_other_kinds_and_of_mails_of_others_are_nothing() {
    for other in ["Delivery", "Open", "SomethingNew"] {
        assert_eq!(found_in(&with("/eventType", json!(other))), None, "{other}");
    }
    assert_eq!(found_in(&with("/mail/tags", json!({}))), None);
    let mut untagged = event(BOUNCE);
    untagged["detail"]["mail"].as_object_mut().unwrap().remove("tags");
    assert_eq!(found_in(&untagged), None);
}

#[test]
fn tags_that_are_not_one_id_each_are_not_ours() {
    let ses = "ses_01m87bqd8s2a5grq3zt2ka792g";
    let hostile = [
        json!([]),
        json!([ses, ses]),
        json!(["prc_01m81h02recm9jd7gd6zsaekf4"]),
        json!([format!("{ses}#LANE")]),
        json!(["../../P#other"]),
        json!([""]),
        json!(["ses_0\u{0}"]),
        json!(["x".repeat(100_000)]),
    ];
    for values in hostile {
        assert_eq!(found_in(&with("/mail/tags/session", values.clone())), None, "{values}");
    }
}

#[test]
fn what_is_no_mail_event_is_refused_without_a_word_of_it() {
    let unreadable = [
        "",
        "null",
        "[]",
        "{}",
        r#"{"detail":"gil@family.test"}"#,
        r#"{"detail":{"eventType":"gil@family.test","mail":"gil@family.test"}}"#,
        r#"{"job":"invite","practice":"prc_01m81h02recm9jd7gd6zsaekf4"}"#,
    ];
    for body in unreadable {
        let error = read(body).unwrap_err();
        assert!(!error.to_string().contains("gil"), "{error}");
    }
    for broken in [
        with("/bounce", json!(null)),
        with("/bounce/timestamp", json!("gil@family.test")),
        with("/bounce/bounceType", json!("gil@family.test")),
        with("/mail/tags/session", json!("gil@family.test")),
        with("/eventType", json!("Complaint")),
    ] {
        let error = read(&broken.to_string()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("gil"), "{error}");
    }
}

#[test]
fn fields_to_come_are_passed_over() {
    let mut event = event(BOUNCE);
    for pointer in ["", "/detail", "/detail/mail", "/detail/bounce"] {
        event.pointer_mut(pointer).unwrap()["new"] = json!({"deep": [1, null]});
    }
    assert!(found_in(&event).is_some());
}

fn message(id: &str, body: &str) -> Value {
    json!({"messageId": id, "body": body})
}

async fn reported(messages: Vec<Value>, noted: impl Fn() -> Result<Noted, WorkError>) -> (Vec<Report>, Value) {
    let seen = Mutex::new(Vec::new());
    let batch: SqsEvent = serde_json::from_value(json!({ "Records": messages })).unwrap();
    let note = |report| {
        seen.lock().unwrap().push(report);
        std::future::ready(noted())
    };
    let answer = each_report(batch, note).await;
    (seen.into_inner().unwrap(), serde_json::to_value(answer).unwrap())
}

#[tokio::test]
async fn one_that_cannot_be_read_is_named_and_the_others_go_on() {
    let body = event(BOUNCE).to_string();
    let messages = vec![message("a", &body), message("b", "{"), message("c", &body)];
    let (reports, answer) = reported(messages, || Ok(Noted::Marked)).await;
    assert_eq!(reports.len(), 2);
    assert_eq!(answer["batchItemFailures"], json!([{"itemIdentifier": "b"}]));
}

#[tokio::test]
async fn one_that_finds_its_lane_held_comes_again() {
    let messages = vec![message("a", &event(BOUNCE).to_string()), message("b", &with("/eventType", json!("Open")).to_string())];
    let (reports, answer) = reported(messages, || Err(WorkError::LaneBusy)).await;
    assert_eq!(reports.len(), 1, "an opening is no report");
    assert_eq!(answer["batchItemFailures"], json!([{"itemIdentifier": "a"}]));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(body in "\\PC{0,200}") {
        let _ = read(&body);
    }

    #[test]
    fn no_event_that_is_cut_or_altered_makes_it_panic(cut in 0_usize..2_500, byte in any::<u8>()) {
        let mut bytes = event(BOUNCE).to_string().into_bytes();
        let place = cut % bytes.len();
        bytes[place] = byte;
        let _ = read(&String::from_utf8_lossy(&bytes));
        bytes.truncate(place);
        let _ = read(&String::from_utf8_lossy(&bytes));
    }
}
