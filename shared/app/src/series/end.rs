//! Cancel or delete a session and all that follow it.

use hourkeep_domain::{
    ids::{AttemptId, SessionId},
    series::{EndSeries, Ending},
    session::Deciding,
};

use super::{
    book::PLANNED,
    following::{Following, Found},
    run::{Ran, Undertaking},
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::Desk,
    error::Error,
    sessions::{CancelRequest, DeleteRequest},
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
            let found = match Box::pin(self.open_following(principal, conditions, id, now)).await? {
                Found::Answered(answer) => return Ok(answer),
                Found::Again => continue,
                Found::Fresh(found) => *found,
            };
            let Following { member, practice, clients, from, scene, .. } = found;
            let run = self.run(&practice);
            let deciding = Deciding { actor: &member, now, attempt: AttemptId::new(now, Self::random()) };
            let plan = wish.clone().decide(&scene.series, from, &scene.places, (&practice, &clients), deciding)?;
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
