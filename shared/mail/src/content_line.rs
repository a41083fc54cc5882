//! How a calendar is written: content lines by RFC 5545 §3.1.
//!
//! icalendar holds the calendar and formats its values, but does not write it: 0.17 looks up white space by character
//! where it counts in bytes, so that folding a line of multi-byte characters and spaces can panic or never end.

use std::fmt::Write as _;

use icalendar::{Calendar, CalendarComponent, Component, Event, Property, ValueType};

use crate::clean;

/// The most octets of a line, its end not counted.
const LIMIT: usize = 75;

/// The calendar as text: CRLF line ends, no line over 75 octets, no character split. `time_zones` are its VTIMEZONEs,
/// written already, for icalendar holds none that it made itself.
pub(crate) fn write(calendar: &Calendar, time_zones: &str) -> String {
    let mut out = String::with_capacity(2048);
    fold(&mut out, "BEGIN:VCALENDAR");
    for property in &calendar.properties {
        fold(&mut out, &line(property));
    }
    out.push_str(time_zones);
    for event in calendar.components.iter().filter_map(CalendarComponent::as_event) {
        write_event(&mut out, event);
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

fn write_event(out: &mut String, event: &Event) {
    fold(out, "BEGIN:VEVENT");
    for property in event.properties().values().chain(event.multi_properties().values().flatten()) {
        fold(out, &line(property));
    }
    fold(out, "END:VEVENT");
}

/// One property, unfolded. Whatever its words hold, it is one property and ends where they end.
pub(crate) fn line(property: &Property) -> String {
    let mut line = property.key().to_owned();
    for parameter in property.params().values() {
        let value = clean::parameter(parameter.value());
        let quote = if value.contains([':', ';', ',']) { "\"" } else { "" };
        let _ = write!(line, ";{}={quote}{value}{quote}", parameter.key());
    }
    line.push(':');
    if property.value_type() == Some(ValueType::Text) {
        line.push_str(&escape(&clean::lines(property.value())));
    } else {
        line.push_str(&clean::line(property.value()));
    }
    line
}

/// A TEXT value (RFC 5545 §3.3.11).
fn escape(text: &str) -> String {
    text.replace('\\', r"\\").replace(';', r"\;").replace(',', r"\,").replace('\n', r"\n")
}

/// Writes a line and its end, continued by CRLF and a space before it would grow too long.
pub(crate) fn fold(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LIMIT {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}
