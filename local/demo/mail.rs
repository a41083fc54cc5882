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
    /// How it recurs, if it does.
    pub(crate) rule: Option<String>,
    /// How many occurrences it leaves out.
    pub(crate) exceptions: usize,
    /// Which occurrence of a series it is.
    pub(crate) instead_of: Option<String>,
}

impl Mail {
    /// One of `GET /local/mail`.
    pub(crate) fn read(mail: &Value) -> Self {
        let starts = [
            "When: ",
            "First session: ",
            "Next session: ",
            "Last session: ",
            "Not on: ",
            "Exceptions: ",
            "New time: ",
            "Former time: ",
            "It was planned for: ",
            "  That is ",
            "  That was ",
        ];
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
        // A zone's rules come before the event and have starts of their own; exceptions of a series come after it.
        let (head, events) = unfolded.split_once("BEGIN:VEVENT").unwrap_or((&unfolded, ""));
        let event = events.split("END:VEVENT").next().unwrap_or_default();
        let all = |text: &str, name: &str| -> Vec<String> {
            let named = text.lines().filter_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with([':', ';'])));
            named.filter_map(|rest| Some(rest.split_once(':')?.1.to_owned())).collect()
        };
        let first = |name: &str| all(event, name).into_iter().next();
        let value = |name: &str| first(name).unwrap_or_else(|| "?".to_owned());
        Self {
            method: all(head, "METHOD").into_iter().next().unwrap_or_else(|| "?".to_owned()),
            uid: value("UID"),
            sequence: value("SEQUENCE"),
            starts: value("DTSTART"),
            rule: first("RRULE"),
            exceptions: all(event, "EXDATE").len(),
            instead_of: first("RECURRENCE-ID"),
        }
    }
}
