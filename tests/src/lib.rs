//! A practice to test with: the local server, its clock standing still, and people who use it over HTTP.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test stops at the first surprise")]
#![expect(clippy::return_self_not_must_use, reason = "an answer that was held to its status is often all that is wanted")]
#![expect(clippy::needless_pass_by_value, reason = "bodies are written where they are sent")]

mod answer;
mod calendar_program;
mod emulator;
mod moto;
mod older;
mod practice;
mod recorder;
mod tools;

pub use self::{
    answer::Answer,
    calendar_program::{CalendarProgram, Entry, Snapshot},
    emulator::{Function, Reply, binary},
    moto::Moto,
    older::OLDER,
    practice::{House, Person},
    recorder::{Call, Recorder},
    tools::Tools,
};
