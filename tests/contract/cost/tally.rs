//! Counts what the product asks of queues, timers and mail.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::Dispatch,
    port::{Envelope, MailRefused, Mailer, PortError, Queue, Timers},
};
use hourkeep_local::Ports;
use hourkeep_mail::Mail;

/// Calls since the tally was last taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Calls {
    /// Jobs put onto queues.
    pub(super) queued: u64,
    /// Timers armed, those included that were armed already.
    pub(super) armed: u64,
    /// Mails handed over.
    pub(super) mails: u64,
    /// Their bytes.
    pub(super) mail_bytes: u64,
}

/// The shared count: clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Arc<Mutex<Calls>>);

impl Tally {
    /// The count so far, and begins anew.
    pub(super) fn take(&self) -> Calls {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Ports that count, around others.
    pub(super) fn around(&self, ports: Ports) -> Ports {
        Ports {
            timers: Arc::new(Counted { inner: ports.timers, tally: self.clone() }),
            queue: Arc::new(Counted { inner: ports.queue, tally: self.clone() }),
            mailer: Arc::new(Counted { inner: ports.mailer, tally: self.clone() }),
        }
    }

    fn count(&self, change: impl FnOnce(&mut Calls)) {
        change(&mut self.0.lock().unwrap());
    }
}

struct Counted<P: ?Sized> {
    inner: Arc<P>,
    tally: Tally,
}

#[async_trait]
impl Timers for Counted<dyn Timers> {
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError> {
        self.tally.count(|calls| calls.armed += 1);
        self.inner.arm(name, at, dispatch).await
    }
}

#[async_trait]
impl Queue for Counted<dyn Queue> {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        self.tally.count(|calls| calls.queued += 1);
        self.inner.send(dispatch, delay).await
    }
}

#[async_trait]
impl Mailer for Counted<dyn Mailer> {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        self.tally.count(|calls| {
            calls.mails += 1;
            calls.mail_bytes += u64::try_from(mail.raw.len()).unwrap();
        });
        self.inner.send(envelope, mail).await
    }
}
