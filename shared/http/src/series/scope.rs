//! Whether a change is of one session, or of all that follow it too.

use serde::Deserialize;

use crate::{
    body::UtcOffset,
    problem::{Kind, Problem},
};

/// What a change is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// The session alone.
    #[default]
    This,
    /// The session and all that follow it in its series.
    ThisAndFollowing,
}

impl Scope {
    /// Refuses the first of these fields that is there: each is said of those that follow.
    pub(crate) fn not_of_this(fields: impl IntoIterator<Item = (&'static str, bool)>) -> Result<(), Problem> {
        let Some((field, _)) = fields.into_iter().find(|(_, there)| *there) else { return Ok(()) };
        let detail = format!("{field} is said of those that follow: pass \"scope\": \"this_and_following\", or leave it out.");
        Err(Problem::new(Kind::INVALID_FIELD, detail).at(format!("/{field}")))
    }
}

/// Of two equal wall times a series always means the first, so there is nothing to choose.
pub(crate) fn first_of_two(offset: Option<UtcOffset>) -> Result<(), Problem> {
    let Some(_) = offset else { return Ok(()) };
    let detail = "utc_offset cannot be said of a series: where a wall time comes twice, its sessions are at the first.";
    Err(Problem::new(Kind::INVALID_FIELD, detail).at("/utc_offset"))
}
