//! Send invites for a session.

use hourkeep_domain::{
    ids::SessionId,
    session::{Deciding, Invite, InviteRefused, RecipientChoice, Session},
};

use super::{Carry, Opened, Opening, check_may_change, client_keys, clients_of};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, Step},
    error::Error,
};

/// The wish that these be invited, as it is asked for.
#[derive(Clone, Debug)]
pub struct InviteRequest {
    /// Who; whoever is on record if nobody is named.
    pub recipients: Option<Vec<RecipientChoice>>,
}

impl Desk {
    /// Sends invites: two rounds of reads and one transaction.
    pub async fn send_invites(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &InviteRequest,
    ) -> Result<Answer, Error> {
        self.settle(principal, conditions, |attempt| async move {
            let now = self.clock.now();
            let opened = match Opened::to_change(self, principal, id, conditions, now).await? {
                Opening::Answered(answer) => return Ok(Step::Replayed(answer)),
                Opening::Fresh(opened) => opened,
            };
            let Opened { member, practice, session } = *opened;
            let batch = self.table.get_many(client_keys(practice.id, session.details())).await?;
            let clients = clients_of(practice.id, session.details(), &batch)?;
            check_may_change(&member, &session, &clients)?;
            conditions.check(session.details().revision)?;
            let before = session.clone();
            let Session::Scheduled(scheduled) = session else {
                return Err(InviteRefused::NotScheduled(before.status(&practice.policies, now)).into());
            };
            let wish = Invite { recipients: request.recipients.clone() };
            let decision = wish.decide(scheduled, &practice, &clients, Deciding { actor: &member, now, attempt })?;
            let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
            carry.out(200, Some(&before), &decision, Vec::new())
        })
        .await
    }
}
