//! The machine room: fires timers, reads the stream, works off queues, sweeps; and moves the clock through every
//! due moment in order.

use std::sync::Arc;

use chrono::{DateTime, Duration, DurationRound as _, Utc};
use hourkeep_app::{
    job::QueueName,
    port::{Clock as _, PortError},
    work::{Horizon, Notes, Post, Relay, WorkError},
};
use hourkeep_aws::{mail_events::each_report, queue::each_job};
use hourkeep_store::StoreError;
use tokio::sync::Mutex;

use crate::{
    clock::LocalClock,
    queue::{Line, Queues},
    shelf::Shelf,
    stream::Stream,
    timers::LocalTimers,
};

/// Something of the machine room failed; it goes on with the next round.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RoundFailed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Everything that happens without anyone asking.
pub(crate) struct MachineRoom {
    pub(crate) clock: Arc<LocalClock>,
    pub(crate) shelf: Shelf,
    pub(crate) timers: LocalTimers,
    pub(crate) queues: Queues,
    pub(crate) relay: Relay,
    pub(crate) post: Post,
    pub(crate) horizon: Horizon,
    /// Held while something is handled: one at a time, as one laptop does.
    pub(crate) stream: Mutex<Stream>,
}

impl MachineRoom {
    /// Handles everything that is due now, until there is nothing left.
    pub(crate) async fn drain(&self) -> Result<(), RoundFailed> {
        let mut stream = self.stream.lock().await;
        self.drain_with(&mut stream).await
    }

    async fn drain_with(&self, stream: &mut Stream) -> Result<(), RoundFailed> {
        loop {
            self.sweep_hourly().await?;
            let relayed = stream.hand_on(&self.relay).await?;
            let fired = self.timers.fire(self.clock.now(), &self.queues).await? > 0;
            let mut worked = false;
            for line in Line::all() {
                worked |= self.work(line).await?;
            }
            if !relayed && !fired && !worked {
                return Ok(());
            }
        }
    }

    async fn work(&self, line: Line) -> Result<bool, RoundFailed> {
        let received = self.queues.receive(line).await?;
        if received.is_empty() {
            return Ok(false);
        }
        let answer = match line {
            Line::Jobs(QueueName::Invites | QueueName::Cancellations | QueueName::Reminders) => {
                each_job(received.event(), |dispatch| async move { self.post.deliver(&dispatch.job).await }).await
            }
            Line::Jobs(QueueName::Series) => {
                each_job(received.event(), |dispatch| async move { self.horizon.work(&dispatch.job).await }).await
            }
            Line::MailEvents => {
                let notes = &Notes { table: self.post.table.clone(), clock: self.post.clock.clone() };
                each_report(received.event(), |report| async move { notes.note(&report).await }).await
            }
        };
        let failures: Vec<String> = answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
        self.queues.settle(received, &failures).await?;
        Ok(true)
    }

    /// Once an hour of the clock.
    async fn sweep_hourly(&self) -> Result<(), RoundFailed> {
        let hour = hour_of(self.clock.now());
        if self.shelf.get::<DateTime<Utc>>("CLOCK", "SWEPT").await? == Some(hour) {
            return Ok(());
        }
        self.sweep().await;
        self.shelf.put("CLOCK", "SWEPT", &hour).await?;
        Ok(())
    }

    /// Hands on what was left pending.
    pub(crate) async fn sweep(&self) {
        match self.relay.sweep().await {
            Ok(swept) if swept.handed_on == 0 => {}
            Ok(swept) => tracing::info!(handed_on = swept.handed_on, "the sweep handed on what was left pending"),
            Err(error) => report(&error),
        }
    }

    /// Moves the clock forward to an instant, through every due moment in order, standing at each while it is
    /// handled.
    pub(crate) async fn advance(&self, target: DateTime<Utc>) -> Result<(), RoundFailed> {
        let mut stream = self.stream.lock().await;
        let moved = self.step_through(target, &mut stream).await;
        self.clock.release();
        self.keep_offset().await?;
        moved
    }

    async fn step_through(&self, target: DateTime<Utc>, stream: &mut Stream) -> Result<(), RoundFailed> {
        self.clock.hold(self.clock.now());
        loop {
            self.drain_with(stream).await?;
            let now = self.clock.now();
            if now >= target {
                return Ok(());
            }
            let sweep = hour_of(now) + Duration::hours(1);
            let next = [self.timers.next().await?, self.queues.next().await?, Some(sweep), Some(target)];
            let next = next.into_iter().flatten().filter(|at| *at > now).min().unwrap_or(target);
            self.clock.hold(next.min(target));
        }
    }

    /// The clock's offset lives with the data.
    async fn keep_offset(&self) -> Result<(), RoundFailed> {
        Ok(self.shelf.put("CLOCK", "OFFSET", &self.clock.offset().num_milliseconds()).await?)
    }
}

/// Says what went wrong, with its causes.
fn report(error: &WorkError) {
    tracing::error!(error = error as &dyn std::error::Error, "a sweep failed; the next one tries again");
}

fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(Duration::hours(1)).unwrap_or(at)
}
