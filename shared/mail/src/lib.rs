//! What an email about a session says: text, HTML, iCalendar and MIME bytes (P8, P11, L5, B7).
//!
//! A [`Letter`] is plain data; [`Letter::compose`] turns it into a [`Mail`]. The same letter always gives the same
//! bytes: nothing here reads a clock, a host name or randomness, and nothing waits.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::allow_attributes,
        clippy::wildcard_enum_match_arm,
        reason = "tests stop at the first surprise"
    )
)]

mod calendar;
mod clean;
mod content;
mod content_line;
mod html;
mod letter;
mod message;
mod rules;
mod series;
mod text;
mod time_zone;
mod words;

#[cfg(test)]
mod tests;

pub use calendar::{CalendarPart, Method, uid};
pub use letter::{Kind, Letter, Place};
pub use message::Mail;
pub use series::{InSeries, Override, Recurrence};
