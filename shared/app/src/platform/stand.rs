//! Suspends, resumes and limits a practice, and names its SES tenant.

use hourkeep_domain::{
    account::{Account, Limits, Standing},
    ids::PracticeId,
    practice::Practice,
};
use hourkeep_store::{Item, key};

use super::Platform;
use crate::error::Error;

/// Why the operator's wish is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperatorRefused {
    /// There is no such practice.
    #[error("there is no such practice")]
    NoSuchPractice,
    /// It is so already.
    #[error("nothing would change")]
    NothingToDo,
    /// The table could not be reached, or others were writing.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How often a lost race is decided again.
const ATTEMPTS: u32 = 5;

impl Platform {
    /// Stops a practice's changes and mails, not its reads. What it was about to mail waits; reminders that fall due
    /// meanwhile are not sent. `reason` is a sentence for the practice to read.
    pub async fn suspend(&self, id: PracticeId, reason: &str) -> Result<Account, OperatorRefused> {
        let since = self.clock.now();
        self.change(id, |account| match account.standing {
            Standing::Active => account.standing = Standing::Suspended { since, reason: reason.to_owned() },
            Standing::Suspended { .. } => {}
        })
        .await
    }

    /// Lets a practice go on. What waited is handed on by the next sweep, within the hour.
    pub async fn resume(&self, id: PracticeId) -> Result<Account, OperatorRefused> {
        self.change(id, |account| account.standing = Standing::Active).await
    }

    /// Says how much a practice may do: `change` is given the limits as they are.
    pub async fn limit(&self, id: PracticeId, change: impl Fn(&mut Limits)) -> Result<Account, OperatorRefused> {
        self.change(id, |account| change(&mut account.limits)).await
    }

    /// Says by which SES tenant a practice's mail is sent.
    pub async fn set_tenant(&self, id: PracticeId, tenant: &str) -> Result<Account, OperatorRefused> {
        self.change(id, |account| account.tenant = Some(tenant.to_owned())).await
    }

    async fn change(&self, id: PracticeId, change: impl Fn(&mut Account)) -> Result<Account, OperatorRefused> {
        for _ in 0..ATTEMPTS {
            let batch = self.table.get_many([key::practice(id), key::account(id)]).await.map_err(Error::from)?;
            batch.body::<Practice>(&key::practice(id)).map_err(Error::from)?.ok_or(OperatorRefused::NoSuchPractice)?;
            let stored = batch.get::<Account>(&key::account(id)).map_err(Error::from)?;
            let (read, before) = stored.map(|stored| (stored.revision, stored.body)).unwrap_or_default();
            let mut account = before.clone();
            change(&mut account);
            if account == before {
                return Err(OperatorRefused::NothingToDo);
            }
            let item = Item::new(key::account(id), &account).map_err(Error::from)?.revision(read + 1);
            if self.table.swap(item, read).await.map_err(Error::from)? {
                return Ok(account);
            }
        }
        Err(Error::TooBusy.into())
    }
}
