//! What follows a change: events are handed on, mails are sent. Everything here may run twice.

mod deliver;
mod horizon;
mod letter;
mod note;
mod preview;
mod reanchor;
mod relay;
mod topic;

pub use self::{
    deliver::{Done, Post},
    horizon::Horizon,
    note::{Noted, Notes, Report},
    preview::{MailView, WhichMail},
    reanchor::Brought,
    relay::{HandedOn, Relay, Swept},
};
use crate::{error::Error, port::PortError};

/// Why a piece of work is to be tried again. Nothing here fails for good: what never can succeed is done with.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// Someone else is sending to the same recipient.
    #[error("the lane is held by another worker")]
    LaneBusy,
    /// The table could not be reached.
    #[error(transparent)]
    Store(#[from] hourkeep_store::StoreError),
    /// Something that operations of staff do as well failed.
    #[error(transparent)]
    Operation(Box<Error>),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The worker of this queue knows nothing of such jobs: someone put it onto the wrong one.
    #[error("a job of the kind {0} is on a queue whose worker does not do it")]
    WrongQueue(&'static str),
    /// A record that must be there is not.
    #[error("there is no {0}")]
    Missing(&'static str),
}

impl From<Error> for WorkError {
    fn from(error: Error) -> Self {
        Self::Operation(Box::new(error))
    }
}
