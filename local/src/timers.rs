//! Timers as EventBridge Scheduler has them: each fires once and is gone.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use hourkeep_app::{
    job::Dispatch,
    port::{PortError, Queue as _, Timers},
};
use hourkeep_store::{StoreError, key::instant};

use crate::{
    queue::Queues,
    shelf::{Shelf, failed},
};

const TIMERS: &str = "TIMER";

/// The armed timers.
#[derive(Clone)]
pub(crate) struct LocalTimers {
    pub(crate) shelf: Shelf,
}

#[async_trait]
impl Timers for LocalTimers {
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError> {
        // The name says the due minute, so one name always has one place.
        let armed = self.shelf.create(TIMERS, &format!("{}#{name}", instant(at)), dispatch).await;
        armed.map(|_| ()).map_err(failed("timers"))
    }
}

impl LocalTimers {
    /// When the next one fires.
    pub(crate) async fn next(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.shelf.first(TIMERS).await
    }

    /// Fires what is due: the job goes onto its queue before the timer is gone. Answers how many.
    pub(crate) async fn fire(&self, now: DateTime<Utc>, queues: &Queues) -> Result<usize, PortError> {
        let due = self.shelf.due::<Dispatch>(TIMERS, now, 100).await.map_err(failed("timers"))?;
        for (place, dispatch) in &due {
            queues.send(dispatch, chrono::Duration::zero()).await?;
            self.shelf.delete(TIMERS, place).await.map_err(failed("timers"))?;
        }
        Ok(due.len())
    }
}
