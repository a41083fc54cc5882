//! The command as it is, at work on a practice that people use meanwhile over HTTP.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod command;
mod found;
mod held;
mod limit;
mod rig;
mod suspend;
mod usage;
