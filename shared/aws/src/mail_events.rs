//! Mail events: what SES says became of mails, by EventBridge and a queue (D4).
//!
//! Only what is needed is read. The rest names people, and is skipped before it is anywhere.
//! Their form: <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>, in the `detail` of
//! an event of EventBridge: <https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html>.

use std::{collections::BTreeMap, convert::Infallible, str::FromStr, sync::Arc, time::Instant};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use chrono::{DateTime, Utc};
use hourkeep_app::work::{Noted, Notes, Report, WorkError};
use hourkeep_domain::lane::{Reason, Undeliverable};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Deserialize;
use tracing::{Instrument as _, Span, field};

use crate::{
    clock::SystemClock,
    journal::{JOURNAL, counted, milliseconds},
    parts::Parts,
    ses::TAGS,
};

/// Notes what the queue of mail events brings.
pub async fn note(parts: &Parts) -> Result<(), Error> {
    let notes = &Notes { table: parts.table()?, clock: Arc::new(SystemClock) };
    let round_trips = &parts.round_trips();
    let handle = |batch: LambdaEvent<SqsEvent>| {
        let span = tracing::info_span!(target: JOURNAL, "invocation", request_id = batch.context.request_id);
        let each = |report| counted(round_trips, async move { Box::pin(notes.note(&report)).await });
        async move { Ok::<_, Infallible>(each_report(batch.payload, each).await) }.instrument(span)
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// Hands on the report in every event of a batch, and writes a line of the journal for each.
///
/// An event that says nothing about one of our recipients is done with. One that fails, or cannot be read, is named in
/// the answer and the others go on: the queue hands it out again, and to the dead letters in the end.
pub async fn each_report<F, R>(batch: SqsEvent, note: F) -> SqsBatchResponse
where
    F: Fn(Report) -> R,
    R: Future<Output = Result<Noted, WorkError>>,
{
    let mut answer = SqsBatchResponse::default();
    for message in batch.records {
        let (id, started) = (message.message_id.unwrap_or_default(), Instant::now());
        let span = tracing::info_span!(
            target: JOURNAL,
            "mail event",
            operation = "note-delivery",
            practice = field::Empty,
            session = field::Empty,
            recipient = field::Empty,
            reason = field::Empty,
            round_trips = field::Empty,
        );
        let done = one(message.body.as_deref().unwrap_or_default(), &note).instrument(span.clone()).await;
        let duration_ms = milliseconds(started);
        span.in_scope(|| match &done {
            Ok(noted) => {
                let outcome = match noted {
                    Noted::Marked => "marked",
                    Noted::Nothing => "nothing",
                };
                tracing::info!(target: JOURNAL, outcome, duration_ms, "mail event");
            }
            Err(error) => {
                let error = error as &dyn std::error::Error;
                let message_id = id.as_str();
                tracing::error!(
                    target: JOURNAL,
                    outcome = "failed",
                    duration_ms,
                    message_id,
                    error,
                    "a mail event goes back to its queue"
                );
            }
        });
        if done.is_err() {
            answer.add_failure(id);
        }
    }
    answer
}

async fn one<F, R>(body: &str, note: &F) -> Result<Noted, NotNoted>
where
    F: Fn(Report) -> R,
    R: Future<Output = Result<Noted, WorkError>>,
{
    let Some(report) = read(body)? else { return Ok(Noted::Nothing) };
    let span = Span::current();
    span.record("practice", field::display(report.practice));
    span.record("session", field::display(report.subject));
    span.record("recipient", field::display(report.recipient));
    span.record("reason", report.found.reason.name());
    Ok(note(report).await?)
}

/// Why an event is to be handed out again.
#[derive(Debug, thiserror::Error)]
enum NotNoted {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Work(#[from] WorkError),
}

/// An event of another form than SES documents. Where it differs, and nothing of what stands there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Unreadable {
    #[error("not a mail event of SES: {category:?} error at column {column}")]
    Form { category: serde_json::error::Category, column: usize },
    #[error("a mail event of SES that does not say what happened")]
    Nothing,
}

#[derive(Deserialize)]
struct Envelope {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: EventType,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Clone, Copy, Deserialize)]
enum EventType {
    Bounce,
    Complaint,
    /// A delivery, an opening: nothing that is asked for.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Mail {
    #[serde(default)]
    tags: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Bounce {
    #[serde(rename = "bounceType")]
    kind: BounceType,
    #[serde(rename = "bounceSubType", default)]
    cause: String,
    timestamp: DateTime<Utc>,
}

#[derive(Clone, Copy, Deserialize)]
enum BounceType {
    Permanent,
    Transient,
    Undetermined,
}

#[derive(Deserialize)]
struct Complaint {
    #[serde(rename = "complaintFeedbackType")]
    kind: Option<String>,
    timestamp: DateTime<Utc>,
}

/// The report in an event, if it holds one that concerns us.
fn read(body: &str) -> Result<Option<Report>, Unreadable> {
    let form = |error: serde_json::Error| Unreadable::Form { category: error.classify(), column: error.column() };
    let Envelope { detail } = serde_json::from_str(body).map_err(form)?;
    let found = match (detail.event_type, detail.bounce, detail.complaint) {
        (EventType::Bounce, Some(bounce), _) => bounce.found(),
        (EventType::Complaint, _, Some(complaint)) => complaint.found(),
        (EventType::Other, _, _) => None,
        (EventType::Bounce, None, _) | (EventType::Complaint, _, None) => return Err(Unreadable::Nothing),
    };
    Ok(found.and_then(|found| detail.mail.report(found)))
}

impl Bounce {
    /// SES tells of a passing failure only when it has given up trying, so that mail did not arrive either: the mailbox is
    /// full, the content is refused. But what it calls general, or cannot tell, is mostly a note that someone is out of
    /// office, whose mailbox has the mail (<https://repost.aws/knowledge-center/ses-understand-soft-bounces>, read
    /// 2026-11-22).
    fn found(self) -> Option<Undeliverable> {
        let lost = match self.kind {
            BounceType::Permanent => true,
            BounceType::Transient => !matches!(self.cause.as_str(), "General" | ""),
            BounceType::Undetermined => false,
        };
        lost.then_some(Undeliverable { reason: Reason::Bounced, at: Some(self.timestamp) })
    }
}

impl Complaint {
    /// `not-spam` takes an earlier report back (RFC 6430).
    fn found(self) -> Option<Undeliverable> {
        let unwanted = self.kind.as_deref() != Some("not-spam");
        unwanted.then_some(Undeliverable { reason: Reason::Complained, at: Some(self.timestamp) })
    }
}

impl Mail {
    /// What was sent by others through the same account has not our tags, or not one id in each.
    fn report(&self, found: Undeliverable) -> Option<Report> {
        let [_, practice, subject, recipient] = TAGS;
        Some(Report { practice: self.id(practice)?, subject: self.id(subject)?, recipient: self.id(recipient)?, found })
    }

    fn id<T: FromStr>(&self, tag: &str) -> Option<T> {
        match self.tags.get(tag)?.as_slice() {
            [one] => one.parse().ok(),
            _none_or_several => None,
        }
    }
}

#[cfg(test)]
mod tests;
