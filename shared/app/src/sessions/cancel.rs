//! Cancel a session.

use hourkeep_domain::{
    ids::SessionId,
    money::Amount,
    session::{Cancel, CancelRefused, Deciding, Session},
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

/// The wish that a session not take place, as it is asked for.
#[derive(Clone, Debug)]
pub struct CancelRequest {
    /// Why.
    pub reason: Option<Reason>,
    /// Whether people are told.
    pub notify: Option<bool>,
    /// What it costs.
    pub fee: Option<Amount>,
}

impl Desk {
    /// Cancels a session: two rounds of reads and one transaction.
    pub async fn cancel(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &CancelRequest,
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
            let clients = clients_of(practice.id, details, &batch)?;
            check_may_change(&member, &session, &clients)?;
            conditions.check(details.revision)?;
            let before = session.clone();
            let Session::Scheduled(scheduled) = session else {
                return Err(CancelRefused::Over(before.status(&practice.policies, now)).into());
            };
            let wish = Cancel { reason: request.reason.clone(), notify: request.notify, fee: request.fee };
            let decision = wish.decide(scheduled, &practice, &clients, diaries, Deciding { actor: &member, now, attempt })?;
            let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
            carry.out(200, Some(&before), &decision, Vec::new())
        })
        .await
    }
}
