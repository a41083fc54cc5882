//! One file per operation: load what the decision needs, decide, commit.

pub mod answer;
pub mod caller;
pub mod desk;
pub mod error;
pub mod export;
pub mod inbox;
pub mod job;
pub mod links;
pub mod list;
pub mod memberships;
pub mod platform;
pub mod port;
pub mod series;
pub mod sessions;
pub mod settings;
pub mod usage;
pub mod view;
pub mod work;
