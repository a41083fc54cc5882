//! Operations on series: preview, book, show, carry on; and what is done to a session and all that follow it.
//!
//! A change of several sessions is a plan that stands beside its series while it is worked off ([`Run`]). Whoever finds one
//! there that is not finished finishes it first.

mod book;
mod change;
mod chunk;
mod clashes;
mod cost;
mod end;
mod extend;
mod following;
mod preview;
mod run;
mod scene;
mod show;
mod view;

pub use self::{
    book::SeriesRequest,
    change::FollowingRequest,
    extend::Extended,
    preview::{ForeseenView, PresetView, PreviewView},
    view::{PlaceView, SeriesView, SkippedView},
};
pub(crate) use self::{run::Run, scene::Scene};
