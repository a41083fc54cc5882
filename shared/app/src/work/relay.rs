//! The relay hands on what an event asks for; the sweep does so for events that the relay never finished.

use std::sync::Arc;

use chrono::Duration;
use hourkeep_domain::{account::Account, event::Event, series::Series};
use hourkeep_store::{ATTENTION_SHARDS, PENDING_SHARDS, Stored, Table, key};

use super::WorkError;
use crate::{
    desk::arm,
    job::{Dispatch, HandOn, Job, SeriesJob, hand_on},
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

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedOn {
    /// Everything that it asks for is on its way.
    All,
    /// Its practice is suspended: it stays pending until the practice is resumed.
    Held,
}

/// What a sweep came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Events that had waited too long, and were handed on.
    pub handed_on: usize,
    /// Events of suspended practices, which wait on.
    pub held: usize,
    /// Practices to which new time-zone rules are to be brought.
    pub reanchoring: usize,
    /// Series that someone should look after: a job was handed out for each.
    pub series: usize,
}

impl Relay {
    /// Hands on everything that one event asks for, then takes it out of the index of what is pending. It works from
    /// that one record and the practice's account, and doing it again does nothing more.
    pub async fn hand_on(&self, stored: &Stored<Event>) -> Result<HandedOn, WorkError> {
        let event = &stored.body;
        let account = self.table.get::<Account>(&key::account(event.practice)).await?;
        if account.is_some_and(|account| account.body.is_suspended()) {
            return Ok(HandedOn::Held);
        }
        let (now, correlation) = (self.clock.now(), stored.correlation.as_ref());
        for effect in &event.effects {
            match hand_on(event, effect) {
                None => {}
                Some(HandOn::Job(job)) => {
                    let dispatch = Dispatch { correlation: correlation.cloned(), job };
                    self.queue.send(&dispatch, Duration::zero()).await?;
                }
                Some(HandOn::Timer(job)) => arm(&*self.timers, &*self.queue, now, &job, correlation).await?,
            }
        }
        // A worker may have got a job already, and put the event back because the practice may not send: then it stays.
        self.table.settle(&key::event(event.practice, event.subject, event.revision), stored.reopened).await?;
        Ok(HandedOn::All)
    }

    /// Hands on every event that has been pending for ten minutes, and has new time-zone rules brought to every practice.
    /// What fails does not keep back the rest.
    pub async fn sweep(&self) -> Result<Swept, WorkError> {
        let before = key::instant(self.clock.now() - PATIENCE);
        let (mut swept, mut failed) = (Swept::default(), None);
        for shard in 0..PENDING_SHARDS {
            for stored in self.table.pending::<Event>(shard, &before).await? {
                match self.hand_on(&stored).await {
                    Ok(HandedOn::All) => swept.handed_on += 1,
                    Ok(HandedOn::Held) => swept.held += 1,
                    Err(error) => failed = Some(error),
                }
            }
        }
        match self.hand_out_series().await {
            Ok(series) => swept.series = series,
            Err(error) => failed = Some(error),
        }
        match self.spread_rules().await {
            Ok(practices) => swept.reanchoring = practices,
            Err(error) => failed = Some(error),
        }
        failed.map_or(Ok(swept), Err)
    }

    /// Hands out a job for each series that wants something by now: a change that was cut off, sessions to be made, an end
    /// to be told of. One that is done twice does nothing more.
    async fn hand_out_series(&self) -> Result<usize, WorkError> {
        let now = key::instant(self.clock.now());
        let mut handed_out = 0;
        for shard in 0..ATTENTION_SHARDS {
            for stored in self.table.wanting_attention::<Series>(shard, &now).await? {
                let job = Job::Series(SeriesJob { practice: stored.body.practice, series: stored.body.id });
                self.queue.send(&Dispatch { correlation: None, job }, Duration::zero()).await?;
                handed_out += 1;
            }
        }
        Ok(handed_out)
    }
}
