//! The calendar part of a letter: one VEVENT, one ATTENDEE (RFC 5545, RFC 5546, P8, P11).

use std::fmt;

use hourkeep_domain::ids::SessionId;
use icalendar::{Calendar, Class, Component as _, Event, EventLike as _, EventStatus, Property};

use crate::{
    clean, content_line,
    letter::{Kind, Letter},
    words,
};

/// What a calendar program is asked to do (RFC 5546 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Add the entry, or replace the one of the same UID.
    Request,
    /// Take the entry away.
    Cancel,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        })
    }
}

/// The calendar part of a mail: the same bytes stand among its alternatives and in its attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPart {
    /// The METHOD in the body and in the part's Content-Type.
    pub method: Method,
    /// The iCalendar text, CRLF line ends.
    pub ics: String,
}

/// The UID under which the session stands in people's calendars: one for life, whatever happens to the session.
pub fn uid(session: SessionId) -> String {
    format!("{session}@hourkeep")
}

/// The calendar part, if the letter's kind has one.
pub(crate) fn part(letter: &Letter) -> Option<CalendarPart> {
    let method = match letter.kind {
        Kind::Invite | Kind::Update { .. } => Method::Request,
        Kind::Cancellation { calendar: true } => Method::Cancel,
        Kind::Cancellation { calendar: false } | Kind::Reminder { .. } | Kind::Notice { .. } => return None,
    };
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Hourkeep//Hourkeep//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", method.to_string()))
        .push(event(letter, method));
    Some(CalendarPart { method, ics: content_line::write(&calendar) })
}

fn event(letter: &Letter, method: Method) -> Event {
    let mut event = Event::new();
    event
        .uid(&uid(letter.session))
        .sequence(letter.sequence)
        .timestamp(letter.stamped_at)
        // Times in UTC need no VTIMEZONE, and Outlook refuses a CANCEL with a TZID.
        .starts(letter.slot.starts_at())
        .ends(letter.slot.ends_at())
        .summary(&clean::line(&format!("Session with {}", letter.practice_name)))
        .description(&description(letter))
        .class(Class::Private)
        .append_property(("TRANSP", "OPAQUE"))
        .append_property(person("ORGANIZER", letter.sender_name.as_str(), letter.from.as_str()));
    if let Some(place) = letter.place_in_words() {
        event.location(&place);
    }
    let name = letter.to_name.as_ref().map_or(letter.to.as_str(), |name| name.as_str());
    let mut attendee = person("ATTENDEE", name, letter.to.as_str());
    attendee.add_parameter("ROLE", "REQ-PARTICIPANT");
    match method {
        Method::Request => {
            attendee.add_parameter("PARTSTAT", "NEEDS-ACTION").add_parameter("RSVP", "TRUE");
            event.url(&clean::uri(letter.url.as_ref().unwrap_or(&letter.session_link).as_str()));
            event.status(EventStatus::Confirmed);
        }
        Method::Cancel => {
            event.status(EventStatus::Cancelled);
        }
    }
    event.append_multi_property(attendee);
    event
}

fn person(property: &str, name: &str, address: &str) -> Property {
    Property::new(property, clean::mailto(address)).add_parameter("CN", &clean::line(name)).done()
}

/// What may be read by everyone with whom the calendar is shared: no manage link, no reason.
fn description(letter: &Letter) -> String {
    let mut paragraphs = vec![words::when(&letter.slot)];
    if letter.stands() {
        let join = letter.url.as_ref().map(|url| format!("Join: {}\n", clean::uri(url.as_str()))).unwrap_or_default();
        let page = clean::uri(letter.session_link.as_str());
        paragraphs.push(format!("{join}Session page: {page}\nSession code: {}", clean::line(&letter.code)));
        paragraphs.extend(letter.instructions.as_ref().map(|text| clean::lines(text.as_str())));
    } else {
        paragraphs.insert(0, "This session has been cancelled.".to_owned());
    }
    paragraphs.join("\n\n")
}
