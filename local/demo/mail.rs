//! A mail as its recipient reads it, and its calendar part as their calendar does.

use serde_json::Value;

use crate::api::text;

/// A mail that arrived.
pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) sent_at: String,
    /// The lines that say when: the practice's time, and the recipient's where it is another one.
    pub(crate) times: Vec<String>,
    pub(crate) entry: Option<CalendarEntry>,
}

/// What the calendar part asks of the recipient's calendar.
pub(crate) struct CalendarEntry {
    pub(crate) method: String,
    pub(crate) uid: String,
    pub(crate) sequence: String,
    pub(crate) starts: String,
}

impl Mail {
    /// One of `GET /local/mail`.
    pub(crate) fn read(mail: &Value) -> Self {
        let starts = ["When: ", "New time: ", "Former time: ", "It was planned for: ", "  That is ", "  That was "];
        let is_time = |line: &&str| starts.iter().any(|start| line.starts_with(start));
        Self {
            subject: text(mail, "subject").to_owned(),
            sent_at: text(mail, "sent_at").to_owned(),
            times: text(mail, "text").lines().filter(is_time).map(str::to_owned).collect(),
            entry: mail["calendar"].as_str().map(CalendarEntry::read),
        }
    }
}

impl CalendarEntry {
    fn read(calendar: &str) -> Self {
        // A long line goes on after a line break and a space (RFC 5545 §3.1).
        let unfolded = calendar.replace("\r\n ", "").replace("\n ", "");
        let value = |name: &str| {
            let mut named = unfolded.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            named.next().unwrap_or("?").to_owned()
        };
        Self { method: value("METHOD"), uid: value("UID"), sequence: value("SEQUENCE"), starts: value("DTSTART") }
    }
}
