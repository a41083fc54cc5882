//! What the rules of series promise. Names are sentences; time is passed in.

mod book;
#[expect(dead_code, reason = "more tests follow")]
mod world;
