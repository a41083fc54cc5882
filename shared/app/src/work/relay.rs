//! The relay hands on what an event asks for; the sweep does so for events that the relay never finished.

use std::sync::Arc;

use chrono::Duration;
use hourkeep_domain::event::Event;
use hourkeep_store::{PENDING_SHARDS, Table, key};

use super::WorkError;
use crate::{
    desk::arm,
    job::{HandOn, hand_on},
    port::{Clock, Queue, Timers},
};

/// How long an event may wait before the sweep takes it up.
const PATIENCE: Duration = Duration::minutes(10);

/// Hands on what events ask for. It sends nothing itself.
#[derive(Clone)]
pub struct Relay {
    /// The table.
    pub table: Table,
    /// Jobs for workers.
    pub queue: Arc<dyn Queue>,
    /// Reminders to come.
    pub timers: Arc<dyn Timers>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Relay {
    /// Hands on everything that one event asks for, then takes it out of the index of what is pending. It works from
    /// that one record, and doing it again does nothing more.
    pub async fn hand_on(&self, event: &Event) -> Result<(), WorkError> {
        let now = self.clock.now();
        for effect in &event.effects {
            match hand_on(event, effect) {
                HandOn::Job(job) => self.queue.send(&job, Duration::zero()).await?,
                HandOn::Timer(job) => arm(&*self.timers, &*self.queue, now, &job).await?,
            }
        }
        self.table.settle(&key::event(event.practice, event.session, event.revision)).await?;
        Ok(())
    }

    /// Hands on every event that has been pending for ten minutes. Answers how many; one that fails does not keep
    /// back the others.
    pub async fn sweep(&self) -> Result<usize, WorkError> {
        let before = key::instant(self.clock.now() - PATIENCE);
        let (mut handed_on, mut failed) = (0, None);
        for shard in 0..PENDING_SHARDS {
            for stored in self.table.pending::<Event>(shard, &before).await? {
                match self.hand_on(&stored.body).await {
                    Ok(()) => handed_on += 1,
                    Err(error) => failed = Some(error),
                }
            }
        }
        failed.map_or(Ok(handed_on), Err)
    }
}
