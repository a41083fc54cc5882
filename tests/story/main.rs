//! Stories told over HTTP against the local server, whose mail is read back as its recipients' programs read it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod calendar;
mod chain;
mod home;
mod letter;
mod recipients;
mod reminders;
