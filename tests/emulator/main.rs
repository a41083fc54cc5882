//! Every function's real binary under Amazon's runtime emulator: what Lambda would hand it, and what it would answer.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod permissions;
mod rare;
mod refusals;
mod requests;
mod routes;
mod samples;
mod series;
mod stage;
mod starts;
mod tour;
mod workers;
