//! All practices, with what they use.

use hourkeep_domain::{account::Account, ids::PracticeId, practice::Practice, text::Slug};
use hourkeep_store::{Range, StoreError, Table, key};

use super::{OperatorRefused, Platform};
use crate::{
    error::Error,
    usage::{Month, UsageView, usage_view},
};

/// A practice in the operator's list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The practice.
    pub practice: Practice,
    /// What the operator decided about it.
    pub account: Account,
}

/// Of how many practices the records are read at once: two each, of the hundred that a request may ask for.
const AT_ONCE: usize = 50;

/// The ids of all practices, oldest first.
pub(crate) async fn practices(table: &Table) -> Result<Vec<PracticeId>, StoreError> {
    let mut ids: Vec<PracticeId> = Vec::new();
    for shard in 0..key::PLATFORM_SHARDS {
        let page = table.query::<PracticeId>(&key::platform_partition(shard), &Range::All, None, None).await?;
        ids.extend(page.items.into_iter().map(|(_, stored)| stored.body));
    }
    ids.sort();
    Ok(ids)
}

impl Platform {
    /// All practices, oldest first.
    pub async fn list(&self) -> Result<Vec<Listed>, Error> {
        let ids = practices(&self.table).await?;
        let mut listed = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let keys = ids.iter().flat_map(|id| [key::practice(*id), key::account(*id)]);
            let batch = self.table.get_many(keys).await?;
            for id in ids {
                let Some(practice) = batch.body::<Practice>(&key::practice(*id))? else { continue };
                listed.push(Listed { practice, account: batch.body(&key::account(*id))?.unwrap_or_default() });
            }
        }
        Ok(listed)
    }

    /// One practice.
    pub async fn show(&self, id: PracticeId) -> Result<Listed, OperatorRefused> {
        let batch = self.table.get_many([key::practice(id), key::account(id)]).await.map_err(Error::from)?;
        let practice = batch.body::<Practice>(&key::practice(id)).map_err(Error::from)?.ok_or(OperatorRefused::NoSuchPractice)?;
        Ok(Listed { practice, account: batch.body(&key::account(id)).map_err(Error::from)?.unwrap_or_default() })
    }

    /// The practice of a slug.
    pub async fn of_slug(&self, slug: &Slug) -> Result<Option<PracticeId>, Error> {
        Ok(self.table.get::<PracticeId>(&key::slug(slug)).await?.map(|stored| stored.body))
    }

    /// What a practice used in a month; in this one if none is named.
    pub async fn usage(&self, id: PracticeId, month: Option<Month>) -> Result<UsageView, Error> {
        usage_view(&self.table, id, month.unwrap_or_else(|| Month::of(self.clock.now()))).await
    }
}
