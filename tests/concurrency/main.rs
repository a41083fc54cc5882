//! Many at once, and failures anywhere: what holds when requests race and processes die.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod calendars;
mod crash;
mod mails;
mod overlap;
mod races;
mod redelivery;
mod restart;
mod rig;
mod rules;
mod series;
mod team;
mod truth;
