//! Routes of series, and what routes of sessions say of those that follow.

mod body;
pub(crate) mod book;
pub(crate) mod presets;
pub(crate) mod preview;
mod scope;
pub(crate) mod show;

pub(crate) use self::scope::{Scope, first_of_two};
