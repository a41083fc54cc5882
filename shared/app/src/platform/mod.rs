//! What the platform's operator does: founds practices, lists, suspends, resumes and limits them (D6).
//!
//! None of it is reachable over HTTP. Who may do it is whoever may write to the table.

mod found;
mod list;
mod people;
mod stand;

use std::sync::Arc;

use hourkeep_store::Table;

pub(crate) use self::list::practices;
pub use self::{
    found::{Founding, FoundingRefused},
    list::Listed,
    stand::OperatorRefused,
};
use crate::port::Clock;

/// What the operator works with. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The table.
    pub table: Table,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}
