//! The store and the adapters against another implementation of Amazon's services, through the real SDK. At home they meet
//! dynoxide and ports of the local server alone, and whoever fits one implementation only fits none.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod account;
mod jobs;
mod life;
mod mail;
mod table;
mod timers;
