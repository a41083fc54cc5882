//! What tests stand on: a real DynamoDB in the process, a wire that counts, and faults at any call.
//!
//! - [`Dynamo`] starts dynoxide on a loopback port and gives `aws-sdk-dynamodb` clients of it.
//! - [`Wire`] lies beneath the SDK: it records every HTTP attempt in a [`Log`] and asks a [`Script`] what goes wrong.
//! - [`Script`] is one counter over the wire and the ports together, so that "fail at call k, whatever it is" has a meaning.
//! - [`ports`] are around queue, timers and mail what the wire is beneath the SDK.
//! - [`Traffic`] answers how many requests, rounds and units a stretch of a test took.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "the crate is test code: it stops at the first surprise")]

mod fault;
mod forgery;
pub mod ports;
mod script;
mod table;
mod traffic;
mod units;
mod wire;

#[cfg(test)]
mod tests;

pub use dynoxide;
pub use fault::{Fault, Moment, Rule};
pub use script::{Call, Fired, Script};
pub use table::Dynamo;
pub use traffic::{Exchange, Log, Outcome, Traffic};
pub use units::{Units, estimated_write_units, reported_units};
pub use wire::Wire;
