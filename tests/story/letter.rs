//! A mail as its recipient's program reads it: from its bytes, by parsers other than those that wrote it.

use chrono::{DateTime, Utc};
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders as _};
use serde_json::Value;

use crate::calendar::Invitation;

/// A mail that keeps the rules which hold for every mail.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) to_name: Option<String>,
    pub(crate) from: String,
    pub(crate) reply_to: Option<String>,
    pub(crate) subject: String,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The calendar part, as it is written.
    pub(crate) ics: Option<String>,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) sent_at: DateTime<Utc>,
    pub(crate) headers: Vec<String>,
    pub(crate) raw: Vec<u8>,
}

impl Letter {
    /// Reads a mail that the mailbox lists.
    pub(crate) fn read(listed: &Value, raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw).unwrap();

        let (to_name, to) = only(message.to());
        let (_, from) = only(message.from());
        let reply_to = message.reply_to().map(|addresses| only(Some(addresses)).1);
        assert!(message.cc().is_none() && message.bcc().is_none());
        let [text, html] = ["text/plain", "text/html"].map(|kind| body(&message, kind));
        let calendars = parts(&message, "text/calendar");
        let ics = calendars.first().map(|part| String::from_utf8(part.contents().to_vec()).unwrap());
        let letter = Self {
            subject: message.subject().unwrap().to_owned(),
            kind: listed["kind"].as_str().unwrap().to_owned(),
            text,
            html,
            invitation: ics.as_deref().map(Invitation::read),
            ics,
            sent_at: listed["sent_at"].as_str().unwrap().parse().unwrap(),
            headers: message.headers().iter().map(|header| header.name().to_owned()).collect(),
            to,
            to_name,
            from,
            reply_to,
            raw: raw.to_vec(),
        };
        if let (Some(invitation), [part]) = (&letter.invitation, &calendars[..]) {
            letter.check_calendar(invitation, part, &parts(&message, "application/ics"));
        }
        assert_eq!(structure(&message, 0), if letter.ics.is_some() { WITH_CALENDAR } else { WITHOUT_CALENDAR });
        letter.check_list(listed);
        letter
    }

    fn check_calendar(&self, invitation: &Invitation, part: &MessagePart<'_>, attached: &[&MessagePart<'_>]) {
        assert_eq!(part.content_type().unwrap().attribute("method"), Some(invitation.method.as_str()));
        assert_eq!(invitation.attendees, std::slice::from_ref(&self.to), "exactly one ATTENDEE, who is the recipient");
        assert_eq!(invitation.organizer, self.from);
        assert_eq!(attached.len(), 1);
        assert_eq!(attached[0].contents(), part.contents(), "the attachment is the calendar part");
    }

    /// What the mailbox page shows is what the bytes say.
    fn check_list(&self, listed: &Value) {
        assert_eq!(listed["to"], self.to);
        assert_eq!(listed["subject"], self.subject);
        assert_eq!(listed["text"].as_str().unwrap(), self.text);
        assert_eq!(listed["html"].as_str().unwrap().replace("\r\n", "\n"), self.html);
        assert_eq!(listed["calendar"].as_str(), self.ics.as_deref());
        assert!(self.raw.split_inclusive(|&b| b == b'\n').all(|line| line.ends_with(b"\r\n") && line.len() <= 1000));
    }

    /// Everything that the mail says, decoded.
    pub(crate) fn everything(&self) -> String {
        let unfolded = self.ics.as_deref().unwrap_or_default().replace("\r\n ", "");
        format!("{}\n{}\n{}\n{unfolded}\n{}", self.subject, self.text, self.html, String::from_utf8_lossy(&self.raw))
    }

    /// The link by which its recipient manages the session.
    pub(crate) fn manage_link(&self) -> &str {
        let link = self.text.lines().find(|line| line.starts_with("http") && line.contains("/m/"));
        link.unwrap_or_else(|| panic!("no manage link in {}", self.text))
    }
}

const WITH_CALENDAR: &str = "mixed(alternative(plain, html, calendar), ics)";
const WITHOUT_CALENDAR: &str = "alternative(plain, html)";

fn only(addresses: Option<&Address<'_>>) -> (Option<String>, String) {
    let list: Vec<_> = addresses.into_iter().flat_map(Address::iter).collect();
    assert_eq!(list.len(), 1, "{list:?}");
    (list[0].name().map(str::to_owned), list[0].address().unwrap().to_owned())
}

fn parts<'m>(message: &'m Message<'_>, of: &str) -> Vec<&'m MessagePart<'m>> {
    let is = |part: &&MessagePart<'_>| {
        part.content_type().is_some_and(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()) == of)
    };
    message.parts.iter().filter(is).collect()
}

fn body(message: &Message<'_>, of: &str) -> String {
    let parts = parts(message, of);
    assert_eq!(parts.len(), 1, "{of}");
    parts[0].text_contents().unwrap().replace("\r\n", "\n")
}

/// The parts' types, nested as they are.
fn structure(message: &Message<'_>, part: usize) -> String {
    let part = &message.parts[part];
    let own = part.content_type().unwrap().subtype().unwrap().to_owned();
    match part.sub_parts() {
        Some(children) => {
            let inner: Vec<_> = children.iter().map(|&child| structure(message, child as usize)).collect();
            format!("{own}({})", inner.join(", "))
        }
        None => own,
    }
}
