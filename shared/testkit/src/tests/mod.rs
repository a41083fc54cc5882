//! The kit held against a real dynoxide, and what the project relies on in dynoxide itself.

mod counting;
mod dynoxide_holds;
mod faults;
mod ports;
mod sheet;
