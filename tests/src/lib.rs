//! A practice to test with: the local server, its clock standing still, and people who use it over HTTP.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test stops at the first surprise")]

mod answer;
mod practice;

pub use self::{
    answer::Answer,
    practice::{House, Person},
};
