//! What lies ahead: the worker of the queue of series.

use std::sync::Arc;

use hourkeep_domain::{account::Account, practice::Practice};
use hourkeep_store::{Table, key};

use super::{Done, WorkError};
use crate::{
    job::{Job, SeriesJob},
    port::{Clock, Queue, Timers},
    series::{Extended, Run},
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
            Job::Series(job) => Box::pin(self.look_after(job)).await,
            Job::Invite(_) | Job::Cancellation(_) | Job::Notice(_) | Job::Reminder(_) => Err(WorkError::WrongQueue(job.name())),
        }
    }

    /// What a suspended practice's series want waits until the practice is resumed: they are asked for again every hour.
    async fn look_after(&self, job: &SeriesJob) -> Result<Done, WorkError> {
        let (practice, account) = (key::practice(job.practice), key::account(job.practice));
        let batch = self.table.get_many([practice.clone(), account.clone()]).await?;
        let account: Account = batch.body(&account)?.unwrap_or_default();
        let Some(practice) = batch.body::<Practice>(&practice)?.filter(|_| !account.is_suspended()) else {
            return Ok(Done::Nothing);
        };
        let run = Run { table: &self.table, clock: &*self.clock, practice: &practice };
        Ok(match Box::pin(run.look_after(job.series)).await? {
            Extended::Changed => Done::Changed,
            Extended::Nothing => Done::Nothing,
        })
    }
}
