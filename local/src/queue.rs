//! Queues as SQS has them: at least once, a time of invisibility after a failure, and a dead-letter queue.

use std::sync::Arc;

use async_trait::async_trait;
use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::{Dispatch, QueueName},
    port::{Clock, PortError, Queue},
};
use hourkeep_store::{StoreError, key::instant};
use serde::{Deserialize, Serialize};

use crate::{
    clock::LocalClock,
    shelf::{Shelf, failed},
};

/// A failed message is seen again after this: longer than a lane's lease.
const INVISIBLE: Duration = Duration::seconds(120);

/// After so many failures a message goes to the dead-letter queue.
const MOST_RECEIVES: u32 = 10;

/// A queue here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Of jobs.
    Jobs(QueueName),
    /// Of what EventBridge would hand on from the mail service.
    MailEvents,
}

impl Line {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        QueueName::ALL.into_iter().map(Self::Jobs).chain([Self::MailEvents])
    }

    fn name(self) -> &'static str {
        match self {
            Self::Jobs(queue) => queue.name(),
            Self::MailEvents => "mail-events",
        }
    }

    fn partition(self) -> String {
        format!("QUEUE#{}", self.name())
    }
}

/// All queues.
#[derive(Clone)]
pub(crate) struct Queues {
    pub(crate) shelf: Shelf,
    pub(crate) clock: Arc<LocalClock>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Message {
    body: String,
    receives: u32,
}

/// Messages that were received together.
pub(crate) struct Received {
    line: Line,
    messages: Vec<(String, Message)>,
}

#[async_trait]
impl Queue for Queues {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        let wrong = |error: serde_json::Error| PortError { port: "queue", source: Box::new(error) };
        let message = Message { body: serde_json::to_string(dispatch).map_err(wrong)?, receives: 0 };
        let line = Line::Jobs(dispatch.job.queue());
        let kept = self.keep(line, self.clock.now() + delay.min(Duration::minutes(15)), &message).await;
        kept.map_err(failed("queue"))
    }
}

impl Queues {
    /// Puts an event of the mail service onto its queue.
    pub(crate) async fn tell(&self, event: &serde_json::Value) -> Result<(), StoreError> {
        let message = Message { body: event.to_string(), receives: 0 };
        self.keep(Line::MailEvents, self.clock.now(), &message).await
    }

    async fn keep(&self, line: Line, visible_at: DateTime<Utc>, message: &Message) -> Result<(), StoreError> {
        let place = format!("{}#{:032x}", instant(visible_at), rand::random::<u128>());
        self.shelf.put(&line.partition(), &place, message).await
    }

    /// When the next message can be seen.
    pub(crate) async fn next(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut next: Option<DateTime<Utc>> = None;
        for line in Line::all() {
            let first = self.shelf.first(&line.partition()).await?;
            next = next.into_iter().chain(first).min();
        }
        Ok(next)
    }

    /// Up to ten messages that can be seen.
    pub(crate) async fn receive(&self, line: Line) -> Result<Received, StoreError> {
        let messages = self.shelf.due::<Message>(&line.partition(), self.clock.now(), 10).await?;
        Ok(Received { line, messages })
    }

    /// Takes what was done off the queue; what failed is seen again later, or goes to the dead letters.
    pub(crate) async fn settle(&self, received: Received, failures: &[String]) -> Result<(), StoreError> {
        for (place, message) in received.messages {
            if failures.contains(&place) {
                let again = Message { receives: message.receives + 1, ..message };
                if again.receives < MOST_RECEIVES {
                    self.keep(received.line, self.clock.now() + INVISIBLE, &again).await?;
                } else {
                    tracing::error!(queue = received.line.name(), "a message goes to the dead letters");
                    self.shelf.put(&format!("DEAD#{}", received.line.name()), &place, &again).await?;
                }
            }
            self.shelf.delete(&received.line.partition(), &place).await?;
        }
        Ok(())
    }
}

impl Received {
    /// Whether there was nothing to be seen.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// As Lambda hands them to a worker.
    pub(crate) fn event(&self) -> SqsEvent {
        let message = |(place, message): &(String, Message)| {
            let mut sqs = SqsMessage::default();
            sqs.message_id = Some(place.clone());
            sqs.body = Some(message.body.clone());
            sqs
        };
        let mut event = SqsEvent::default();
        event.records = self.messages.iter().map(message).collect();
        event
    }
}
