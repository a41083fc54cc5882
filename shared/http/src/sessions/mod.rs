//! Routes of sessions.

pub(crate) mod availability;
pub(crate) mod calendar;
pub(crate) mod cancel;
pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod history;
pub(crate) mod invites;
pub(crate) mod mail;
pub(crate) mod outcome;
pub(crate) mod public;
pub(crate) mod reschedule;
pub(crate) mod schedule;
pub(crate) mod show;
