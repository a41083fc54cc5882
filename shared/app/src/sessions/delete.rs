//! Delete a session that was entered by mistake.

use hourkeep_domain::{
    ids::SessionId,
    session::{Deciding, Delete},
    sheet::days_around,
    text::Reason,
};

use super::{Carry, Opened, Opening, check_may_change, client_keys, clients_of, diaries, occupied};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, Step},
    error::Error,
};

/// The wish that a session had never been entered, as it is asked for.
#[derive(Clone, Debug)]
pub struct DeleteRequest {
    /// Why.
    pub reason: Option<Reason>,
}

impl Desk {
    /// Deletes a session: two rounds of reads and one transaction. Nothing follows from it.
    pub async fn delete(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &DeleteRequest,
    ) -> Result<Answer, Error> {
        self.settle(principal, conditions, |attempt| async move {
            let now = self.clock.now();
            let opened = match Opened::to_change(self, principal, id, conditions, now).await? {
                Opening::Answered(answer) => return Ok(Step::Replayed(answer)),
                Opening::Fresh(opened) => opened,
            };
            let Opened { member, practice, session } = *opened;
            let details = session.details();
            let (from, until) = days_around(details.slot.starts_at().date_naive());
            let resources = occupied(details);
            let (batch, diaries) = tokio::try_join!(
                async { Ok::<_, Error>(self.table.get_many(client_keys(practice.id, details)).await?) },
                diaries(&self.table, practice.id, &resources, from, until),
            )?;
            check_may_change(&member, &session, &clients_of(practice.id, details, &batch)?)?;
            conditions.check(details.revision)?;
            let before = session.clone();
            let wish = Delete { reason: request.reason.clone() };
            let decision = wish.decide(session, &practice, diaries, Deciding { actor: &member, now, attempt })?;
            let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
            carry.out(200, Some(&before), &decision, Vec::new())
        })
        .await
    }
}
