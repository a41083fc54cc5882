//! What the records of a practice have in common: made, shown, listed and changed in one way.

use hourkeep_domain::{ids::PracticeId, people::Membership, practice::Practice};
use hourkeep_store::{Key, Range, key};
use serde::{Serialize, de::DeserializeOwned};

use super::writing::{Begun, Writing};
use crate::{
    answer::{Answer, Conditions},
    caller::{Principal, enter},
    desk::{Desk, Step},
    error::{Error, SettingsRefused},
    list::List,
};

/// A record that stands alone: no other record repeats what is in it.
pub(super) trait Record: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync {
    type Id: Copy + Send + Sync;
    type View: Serialize;

    /// What it is, as refusals call it.
    const WHAT: &'static str;

    fn key(practice: PracticeId, id: Self::Id) -> Key;
    fn view(&self, revision: u32) -> Self::View;
}

/// A record of which a practice has several.
pub(super) trait Listed: Record {
    /// What the places of all of them begin with.
    const PREFIX: &'static str;

    fn is_active(&self) -> bool;
}

impl Desk {
    /// Makes a record. Its id comes from outside the attempts, so that all of them make the same one.
    pub(super) async fn create_record<R: Listed>(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: R::Id,
        allowed: impl Fn(&Membership) -> Result<(), Error> + Sync,
        make: impl Fn(&Practice) -> R + Sync,
    ) -> Result<Answer, Error> {
        let (allowed, make) = (&allowed, &make);
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let (member, batch) = match writing.begin(|practice| vec![key::practice(practice)]).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            allowed(&member)?;
            let practice = batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))?;
            let record = make(&practice);
            let transaction = writing.transaction(practice.id, R::key(practice.id, id), &record, 0)?;
            writing.end(practice.id, transaction, 201, 1, &record.view(1))
        })
        .await
    }

    /// Changes a record: one round of reads, one transaction.
    pub(super) async fn change_record<R: Record>(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: R::Id,
        allowed: impl Fn(&Membership) -> Result<(), Error> + Sync,
        change: impl Fn(&mut R) + Sync,
    ) -> Result<Answer, Error> {
        let (allowed, change) = (&allowed, &change);
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let (member, batch) = match writing.begin(|practice| vec![R::key(practice, id)]).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            allowed(&member)?;
            let place = R::key(member.practice, id);
            let stored = batch.get::<R>(&place)?.ok_or(Error::NotFound(R::WHAT))?;
            conditions.check(stored.revision)?;
            let mut record = stored.body.clone();
            change(&mut record);
            if record == stored.body {
                return Err(SettingsRefused::NothingToDo.into());
            }
            let revision = stored.revision + 1;
            let transaction = writing.transaction(member.practice, place, &record, stored.revision)?;
            writing.end(member.practice, transaction, 200, revision, &record.view(revision))
        })
        .await
    }

    /// Shows a record to any member of the practice.
    pub(super) async fn show_record<R: Record>(&self, principal: &Principal, id: R::Id) -> Result<R::View, Error> {
        let (member, batch) = enter(&self.table, principal, |practice| vec![R::key(practice, id)]).await?;
        let stored = batch.get::<R>(&R::key(member.practice, id))?.ok_or(Error::NotFound(R::WHAT))?;
        Ok(stored.body.view(stored.revision))
    }

    /// Lists the records of a kind, oldest first: they are few, so there is one page.
    pub(super) async fn list_records<R: Listed>(
        &self,
        principal: &Principal,
        include_inactive: bool,
    ) -> Result<List<R::View>, Error> {
        let (member, _) = enter(&self.table, principal, |_| Vec::new()).await?;
        let range = Range::Prefix(R::PREFIX.to_owned());
        let page = self.table.query::<R>(&key::practice_partition(member.practice), &range, None, None).await?;
        let shown = page.items.into_iter().filter(|(_, stored)| include_inactive || stored.body.is_active());
        Ok(List::whole(shown.map(|(_, stored)| stored.body.view(stored.revision)).collect()))
    }
}
