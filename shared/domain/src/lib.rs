//! The rules of a practice's hours: functions of state, command and now that return what must follow as data.
//!
//! Nothing here waits, reads a clock, or reaches outside.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::float_cmp,
        clippy::allow_attributes,
        reason = "tests stop at the first surprise"
    )
)]

pub mod account;
pub mod code;
pub mod correlation;
pub mod event;
pub mod event_type;
pub mod hours;
pub mod ids;
pub mod inbox;
pub mod lane;
pub mod money;
pub mod people;
pub mod practice;
pub mod recipient;
pub mod recurrence;
pub mod reminder;
pub mod series;
pub mod session;
pub mod sheet;
pub mod slot;
pub mod text;
pub mod zone;
