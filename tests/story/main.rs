//! Stories told over HTTP against the local server, whose mail is read back as its recipients' programs read it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod bounces;
mod calendar;
mod chain;
mod client_sessions;
mod clock;
mod deletion;
mod export;
mod home;
mod hostile;
mod inbox;
mod laptop;
mod letter;
mod mails;
mod model;
mod pages;
mod recipients;
mod reminders;
mod rules;
mod second_reader;
mod series;
mod series_ahead;
mod series_mail;
mod sign_in;
mod zones;
