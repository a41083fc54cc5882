//! What the API promises to everyone who scripts against it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod api_doc;
mod bad_input;
mod budgets;
mod calendar;
mod compression;
mod cost;
mod events;
mod idempotency;
mod isolation;
mod mail_preview;
mod openapi;
mod operations;
mod problems;
mod settings;
mod support;
mod suspended;
