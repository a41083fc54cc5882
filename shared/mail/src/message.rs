//! The mail as bytes: headers and MIME parts (RFC 5322, RFC 2045, RFC 6047).

use std::fmt;

use data_encoding::{BASE64_MIME, HEXLOWER};
use hourkeep_domain::text::{Email, Name};
use mail_builder::{
    MessageBuilder,
    headers::{HeaderType, address::Address, content_type::ContentType, message_id::MessageId, raw::Raw, text::Text},
    mime::MimePart,
};
use sha2::{Digest as _, Sha256};

use crate::{
    calendar::CalendarPart,
    clean,
    letter::{Kind, Letter},
    series::InSeries,
};

/// A composed mail, ready to be handed to a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The envelope's and the header's sender.
    pub from: Email,
    /// The one recipient.
    pub to: Email,
    /// The subject, decoded.
    pub subject: String,
    /// The plain text, lines ended by `\n`.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// The calendar part, where the mail has one.
    pub calendar: Option<CalendarPart>,
    /// The Message-ID without angle brackets. SES replaces it in what it delivers.
    pub message_id: String,
    /// The whole message: CRLF line ends, no line over 998 octets (RFC 5322 §2.1.1).
    pub raw: Vec<u8>,
}

impl fmt::Debug for Mail {
    /// Leaves out what the mail says: logs are no place for names and links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("message_id", &self.message_id).field("bytes", &self.raw.len()).finish_non_exhaustive()
    }
}

pub(crate) fn assemble(letter: &Letter, subject: String, text: String, html: String, calendar: Option<CalendarPart>) -> Mail {
    let (identity, domain) = (identity(letter), domain(&letter.from));
    let message_id = format!("{identity}@{domain}");
    // No mail bears this id. It gathers all mails about one session or series in one thread even though SES renames each.
    let thread = format!("{}.{}@{domain}", letter.subject(), letter.recipient);
    let mut builder = MessageBuilder::new()
        .from(address(Some(letter.sender_name.as_str()), &letter.from))
        .to(address(letter.to_name.as_ref().map(Name::as_str), &letter.to))
        .header("Subject", subject_header(&subject))
        .date(letter.stamped_at.timestamp())
        .message_id(message_id.as_str())
        .header("References", MessageId::new(thread))
        .header("Auto-Submitted", Raw::new("auto-generated"));
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(address(Some(letter.practitioner_name.as_str()), reply_to));
    }
    let mut raw = Vec::new();
    builder.body(body(&identity, &text, &html, calendar.as_ref())).serialize(&mut raw);
    Mail { from: letter.from.clone(), to: letter.to.clone(), subject, text, html, calendar, message_id, raw }
}

/// The layout that calendar programs agree on: mixed( alternative( plain, html, calendar ), attachment ); without a
/// calendar part, the first two alternatives alone.
fn body<'x>(identity: &str, text: &'x str, html: &'x str, calendar: Option<&CalendarPart>) -> MimePart<'x> {
    let mut alternatives = vec![MimePart::new("text/plain", text), MimePart::new("text/html", html)];
    // "=_" stands in no quoted-printable or base64 body, so no text can hold a boundary.
    let multipart = |kind: &str, mark: char, parts: Vec<MimePart<'x>>| {
        let boundary = format!("=_{mark}_{identity}");
        MimePart::new(ContentType::new(format!("multipart/{kind}")).attribute("boundary", boundary), parts)
    };
    let Some(calendar) = calendar else { return multipart("alternative", 'a', alternatives) };
    alternatives.push(encoded(
        ContentType::new("text/calendar")
            .attribute("method", calendar.method.to_string())
            .attribute("charset", "UTF-8")
            .attribute("component", "VEVENT"),
        &calendar.ics,
    ));
    let attachment = encoded(ContentType::new("application/ics").attribute("name", "invite.ics"), &calendar.ics);
    multipart("mixed", 'm', vec![multipart("alternative", 'a', alternatives), attachment.attachment("invite.ics")])
}

/// A part in base64, encoded here: mail-builder would choose an encoding by content, and takes a body as it is where
/// one is named. Base64 alone keeps the CRLF that the calendar itself is made of.
fn encoded<'x>(content_type: ContentType<'x>, body: &str) -> MimePart<'x> {
    MimePart::new(content_type, BASE64_MIME.encode(body.as_bytes())).transfer_encoding("base64")
}

/// mail-builder encodes whatever is longer than a line; plain ASCII needs only folding, and filters are wary of more.
fn subject_header(subject: &str) -> HeaderType<'_> {
    if subject.is_ascii() { Raw::new(subject).into() } else { Text::new(subject).into() }
}

fn address<'x>(name: Option<&str>, email: &'x Email) -> Address<'x> {
    Address::new_address(name.map(clean::header), email.as_str())
}

fn domain(email: &Email) -> &str {
    email.as_str().rsplit_once('@').map_or("hourkeep.invalid", |(_, domain)| domain)
}

/// What distinguishes this mail from every other about the session or series, as 32 hexadecimal digits.
fn identity(letter: &Letter) -> String {
    let kind = match letter.kind {
        Kind::Invite => "invite".to_owned(),
        Kind::Update { .. } => "update".to_owned(),
        Kind::Shortened => "earlier end".to_owned(),
        Kind::NotBooked { .. } => "not booked".to_owned(),
        Kind::Cancellation { .. } => "cancellation".to_owned(),
        Kind::Reminder { days_before } => format!("reminder {days_before}"),
        Kind::Notice { cancelled: true, .. } => "notice of a cancellation".to_owned(),
        Kind::Notice { cancelled: false, .. } => "notice of a move".to_owned(),
    };
    let within = match &letter.series {
        None => String::new(),
        Some(InSeries::Whole(recurrence)) => format!("\n{}", recurrence.series),
        Some(InSeries::One { series, original, .. }) => format!("\n{series}\n{original}"),
    };
    let Letter { session, recipient, sequence, stamped_at, .. } = letter;
    let digest = Sha256::digest(format!("{kind}\n{session}\n{recipient}\n{sequence}\n{}{within}", stamped_at.timestamp()));
    HEXLOWER.encode(&digest[..16])
}
