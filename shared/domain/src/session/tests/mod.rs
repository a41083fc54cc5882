//! What the rules of a session promise. Names are sentences; time is passed in.

mod cancel;
pub(crate) mod clinic;
mod delete;
mod edit;
mod free_slots;
mod invite;
mod outcome;
mod reanchor;
mod reschedule;
mod schedule;
mod status;
mod without_clients;
