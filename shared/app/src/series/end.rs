//! Cancel or delete a session and all that follow it.

use hourkeep_domain::{
    ids::{AttemptId, SessionId},
    series::{EndSeries, Ending},
    session::Deciding,
};

use super::{
    Scene,
    book::PLANNED,
    run::{Ran, Undertaking},
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::Desk,
    error::Error,
    sessions::{CancelRequest, DeleteRequest, Opened, Opening, check_may_change, client_keys, clients_of},
};

impl Desk {
    /// Cancels a session and all that follow it in its series. Those before it stay; so do those that are over.
    pub async fn cancel_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &CancelRequest,
    ) -> Result<Answer, Error> {
        let ending = Ending::Cancel { notify: request.notify, fee: request.fee };
        let wish = EndSeries { named: id, ending, reason: request.reason.clone() };
        Box::pin(self.end_following(principal, conditions, id, &wish)).await
    }

    /// Deletes a session and all that follow it in its series, as a mistake: nobody is told, and nothing is owed.
    pub async fn delete_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &DeleteRequest,
    ) -> Result<Answer, Error> {
        let wish = EndSeries { named: id, ending: Ending::Delete, reason: request.reason.clone() };
        Box::pin(self.end_following(principal, conditions, id, &wish)).await
    }

    async fn end_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        wish: &EndSeries,
    ) -> Result<Answer, Error> {
        for _ in 0..PLANNED {
            let now = self.clock.now();
            let opened = match Opened::to_change(self, principal, id, conditions, now).await? {
                Opening::Answered(answer) => return Ok(answer),
                Opening::Fresh(opened) => opened,
            };
            let Opened { member, practice, session } = *opened;
            let details = session.details();
            let clients = self.table.get_many(client_keys(practice.id, details)).await?;
            let clients = clients_of(practice.id, details, &clients)?;
            check_may_change(&member, &session, &clients)?;
            conditions.check(details.revision)?;
            let occurrence = details.occurrence.as_ref().ok_or(Error::NotOfASeries)?;
            let scene = Scene::read(&self.table, practice.id, occurrence.series).await?.ok_or(Error::NotFound("series"))?;
            let run = self.run(&practice);
            if scene.series.busy.is_some() {
                Box::pin(run.help(&scene.series)).await?;
                continue;
            }
            let deciding = Deciding { actor: &member, now, attempt: AttemptId::new(now, Self::random()) };
            let plan = wish.clone().decide(&scene.series, occurrence.original, &scene.places, (&practice, &clients), deciding)?;
            let undertaking = Undertaking::of(plan, practice.id, principal, conditions);
            let read = scene.series.revision;
            match Box::pin(run.begin(scene.series, read, undertaking)).await? {
                Ran::Done(answer) => return Ok(answer),
                // Nothing of an ending needs a time that could be taken.
                Ran::Stopped(_) | Ran::Stale => {}
            }
        }
        Err(Error::TooBusy)
    }
}
