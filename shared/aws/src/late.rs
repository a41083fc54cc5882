//! Ports that are made when they are first asked: each client of one of Amazon's services reads a list of all regions when it
//! is made, and most requests arm no timer, queue nothing and send nothing.

use std::sync::LazyLock;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::Dispatch,
    port::{Envelope, MailRefused, Mailer, PortError, Queue, Timers},
};
use hourkeep_mail::Mail;

/// A port to come.
pub(crate) struct Late<T>(LazyLock<T, Box<dyn FnOnce() -> T + Send>>);

impl<T> Late<T> {
    /// A port that is made so.
    pub(crate) fn new(made: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(LazyLock::new(Box::new(made)))
    }
}

#[async_trait]
impl<T: Timers> Timers for Late<T> {
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError> {
        self.0.arm(name, at, dispatch).await
    }
}

#[async_trait]
impl<T: Queue> Queue for Late<T> {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        self.0.send(dispatch, delay).await
    }
}

#[async_trait]
impl<T: Mailer> Mailer for Late<T> {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        self.0.send(envelope, mail).await
    }
}
