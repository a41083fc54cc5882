//! Amazon's side of the ports, and how a Lambda function starts.
//!
//! - [`config`] reads the environment, [`clients`] makes the SDK's clients over one connection pool, and [`parts`]
//!   builds from both what a function works with.
//! - [`scheduler`], [`ses`], [`sqs`] and [`clock`] are the ports of `hourkeep-app`.
//! - [`stream`] and [`queue`] turn what Lambda hands over into events and jobs, one failure at a time. The local server
//!   and the tests call them with the same event values.
//! - [`mail_events`] reads what SES reports of mails that did not arrive.
//! - [`sign_in`] is asked by Cognito what to write into tokens, and [`tenants`] makes a practice's own part of SES.
//! - [`claims`] says to the routes whom the token names; [`serve`] runs routers and workers, and [`log`] writes what
//!   they say: the lines of the [`journal`] first of all, with the [`metric`]s in them.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, clippy::allow_attributes, reason = "tests stop at the first surprise"))]

pub mod claims;
pub mod clients;
pub mod clock;
pub mod config;
pub mod journal;
mod late;
pub mod log;
pub mod mail_events;
pub mod metric;
pub mod parts;
pub mod queue;
pub mod scheduler;
pub mod serve;
pub mod ses;
pub mod sign_in;
pub mod sqs;
pub mod stream;
pub mod streaming;
mod sweep;
pub mod tenants;

#[cfg(test)]
mod tests;

use hourkeep_app::port::PortError;

fn failed<E: std::error::Error + Send + Sync + 'static>(port: &'static str) -> impl FnOnce(E) -> PortError {
    move |source| PortError { port, source: Box::new(source) }
}
