//! Why a command ends without its effect, or with a part of it; each with what to do.

use std::{error::Error as _, process::ExitCode};

use hourkeep_app::{
    error::Error,
    platform::{FoundingRefused, OperatorRefused},
};
use hourkeep_aws::{log::chain, tenants::TenantRefused};

use crate::named::Named;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Something is missing that the command line or the environment must say.
    #[error("{0}")]
    Unsaid(&'static str),
    #[error("{0}")]
    Refused(String),
    #[error("there is no practice {0}. `list` shows all of them.")]
    NoSuchPractice(Named),
    #[error("others were changing the same records. Nothing was changed: run it again.")]
    Busy,
    #[error(
        "the table could not be reached: {0}\n\
         Look whether table (--table), region (--region, AWS_REGION) and credentials (AWS_PROFILE) are the right ones. Whether a \
         change was made before that nobody knows: `list` and `show` tell, and doing it again does no harm."
    )]
    Unreachable(String),
    /// Something was done, and something is left to do.
    #[error("{done}, but it has no SES tenant yet: {why}\nUntil it has, its mail is sent without one. Then run: {then}")]
    InPart { done: String, why: String, then: String },
    /// What is printed cannot be written.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) | Self::NoSuchPractice(_) | Self::Busy | Self::Output(_) => 1,
            Self::Unsaid(_) => 2,
            Self::Unreachable(_) => 3,
            Self::InPart { .. } => 4,
        })
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if matches!(error, Error::TooBusy) {
            return Self::Busy;
        }
        // The sentence of the error itself is for callers of the API.
        Self::Unreachable(error.source().map_or_else(|| error.to_string(), chain))
    }
}

/// What becomes of a refusal about a practice.
pub(crate) fn about(practice: &Named) -> impl FnOnce(OperatorRefused) -> Failure {
    let practice = practice.clone();
    |refused| match refused {
        OperatorRefused::NoSuchPractice => Failure::NoSuchPractice(practice),
        OperatorRefused::NothingToDo => Failure::Refused("nothing would change".to_owned()),
        OperatorRefused::Failed(error) => error.into(),
    }
}

impl From<FoundingRefused> for Failure {
    fn from(refused: FoundingRefused) -> Self {
        match refused {
            FoundingRefused::SlugTaken => Self::Refused("the slug is taken: nothing was founded".to_owned()),
            FoundingRefused::Failed(error) => error.into(),
        }
    }
}

impl From<TenantRefused> for Failure {
    fn from(refused: TenantRefused) -> Self {
        Self::Refused(chain(&refused))
    }
}
