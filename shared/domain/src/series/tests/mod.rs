//! What the rules of series promise. Names are sentences; time is passed in.

mod book;
mod change;
mod end;
mod exceptions;
mod extend;
mod model;
mod naive;
mod world;
