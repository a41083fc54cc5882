//! What lies ahead: the worker of the queue of series.

use std::sync::Arc;

use hourkeep_store::Table;

use super::{Done, WorkError};
use crate::{
    job::Job,
    port::{Clock, Queue, Timers},
};

/// The worker that keeps what lies ahead as it should be. It sends nothing: what follows from its changes is with their
/// events.
#[derive(Clone)]
pub struct Horizon {
    /// The table.
    pub table: Table,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Reminders to come.
    pub timers: Arc<dyn Timers>,
    /// Jobs for workers.
    pub queue: Arc<dyn Queue>,
}

impl Horizon {
    /// Does a job. An error means: hand it out again later.
    pub async fn work(&self, job: &Job) -> Result<Done, WorkError> {
        match job {
            Job::Reanchor(job) => {
                let brought = Box::pin(self.reanchor(job.practice)).await?;
                Ok(if brought.has_changed() { Done::Changed } else { Done::Nothing })
            }
            Job::Invite(_) | Job::Cancellation(_) | Job::Notice(_) | Job::Reminder(_) => Err(WorkError::WrongQueue(job.name())),
        }
    }
}
