//! Faults around the product's ports: what lies between a worker and a queue, the scheduler or the mail service.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::job::Dispatch;
use hourkeep_app::port::{Envelope, MailRefused, Mailer, PortError, Queue, Timers};
use hourkeep_mail::Mail;

use crate::fault::{Fault, Moment};
use crate::script::Script;

/// A port around another. Each of its calls asks the script, under one of the labels here, so that one counter covers the wire
/// and the ports; on which side of the effect a call fails says [`Fault::moment`].
pub struct Scripted<P: ?Sized> {
    inner: Arc<P>,
    script: Script,
}

/// [`Timers::arm`] in a script.
pub const ARM: &str = "timers.arm";
/// [`Queue::send`] in a script.
pub const QUEUE: &str = "queue.send";
/// [`Mailer::send`] in a script.
pub const MAIL: &str = "mailer.send";

impl<P: ?Sized> Scripted<P> {
    /// Wraps `inner`, asking `script` about every call.
    pub fn over(inner: Arc<P>, script: Script) -> Self {
        Self { inner, script }
    }

    /// The call, and what the caller learns of it. A call that is not to take effect is never begun.
    async fn call<E: From<PortError>>(
        &self,
        port: &'static str,
        label: &str,
        effect: impl Future<Output = Result<(), E>> + Send,
    ) -> Result<(), E> {
        let Some(fault) = self.script.next(label) else { return effect.await };
        match fault.moment() {
            Moment::BeforeEffect => {}
            Moment::AfterEffect => effect.await?,
        }
        Err(PortError { port, source: Box::new(Struck(fault)) }.into())
    }
}

impl<P: ?Sized> fmt::Debug for Scripted<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripted").field("script", &self.script).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Struck(Fault);

impl fmt::Display for Struck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "testkit: {:?}", self.0)
    }
}

impl std::error::Error for Struck {}

#[async_trait]
impl<P: Timers + ?Sized> Timers for Scripted<P> {
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError> {
        self.call("timers", ARM, self.inner.arm(name, at, dispatch)).await
    }
}

#[async_trait]
impl<P: Queue + ?Sized> Queue for Scripted<P> {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        self.call("queue", QUEUE, self.inner.send(dispatch, delay)).await
    }
}

#[async_trait]
impl<P: Mailer + ?Sized> Mailer for Scripted<P> {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        self.call("mailer", MAIL, self.inner.send(envelope, mail)).await
    }
}
