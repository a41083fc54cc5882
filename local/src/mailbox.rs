//! The mailbox: every mail that would have gone out, read back by another parser than the one that wrote it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use hourkeep_app::port::{Clock, Envelope, MailRefused, Mailer, PortError};
use hourkeep_mail::Mail;
use hourkeep_store::{StoreError, key::instant};
use mail_parser::{MessageParser, MimeHeaders as _};
use serde::{Deserialize, Serialize};

use crate::{
    clock::LocalClock,
    queue::Queues,
    shelf::{Shelf, failed},
    simulator,
};

const MAIL: &str = "MAIL";

/// Takes mail in place of SES, and reports what becomes of it as SES does.
#[derive(Clone)]
pub(crate) struct Mailbox {
    pub(crate) shelf: Shelf,
    pub(crate) clock: Arc<LocalClock>,
    /// Orders mails of one instant.
    pub(crate) count: Arc<AtomicU64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    to: String,
    kind: String,
    sent_at: DateTime<Utc>,
    raw: String,
}

/// A mail as its recipient's program shows it.
#[derive(Debug, Serialize)]
pub(crate) struct MailView {
    id: String,
    to: String,
    from: String,
    subject: String,
    kind: String,
    text: String,
    html: String,
    calendar: Option<String>,
    raw_url: String,
    sent_at: DateTime<Utc>,
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        let sent_at = self.clock.now();
        let kept = Kept { to: mail.to.to_string(), kind: envelope.kind.name().to_owned(), sent_at, raw: BASE64.encode(&mail.raw) };
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let refused = |error| MailRefused::ForNow(failed("mailer")(error));
        self.shelf.put(MAIL, &format!("{}#{count:020}", instant(sent_at)), &kept).await.map_err(refused)?;
        if let Some(event) = simulator::event(envelope, mail, sent_at) {
            let queues = Queues { shelf: self.shelf.clone(), clock: self.clock.clone() };
            queues.tell(&event).await.map_err(refused)?;
        }
        Ok(())
    }
}

impl Mailbox {
    /// All mails, newest last.
    pub(crate) async fn list(&self) -> Result<Vec<MailView>, PortError> {
        let kept = self.shelf.all::<Kept>(MAIL).await.map_err(failed("mailer"))?;
        Ok(kept.into_iter().map(|(place, kept)| view(&place, kept)).collect())
    }

    /// The bytes of one.
    pub(crate) async fn raw(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = self.shelf.get::<Kept>(MAIL, &id.replace('_', "#")).await?;
        Ok(kept.and_then(|kept| BASE64.decode(kept.raw.as_bytes()).ok()))
    }
}

fn view(place: &str, kept: Kept) -> MailView {
    let raw = BASE64.decode(kept.raw.as_bytes()).unwrap_or_default();
    let message = MessageParser::default().parse(&raw).unwrap_or_default();
    let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|t| t.ctype() == "text" && t.subtype() == Some("calendar"))
    };
    let id = place.replace('#', "_");
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address.as_deref()).unwrap_or_default();
    MailView {
        raw_url: format!("/local/mail/{id}/raw"),
        from: from.to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        calendar: message.parts.iter().find(is_calendar).and_then(|part| part.text_contents()).map(str::to_owned),
        to: kept.to,
        kind: kept.kind,
        sent_at: kept.sent_at,
        id,
    }
}
