//! Mark the outcome of a session.

use hourkeep_domain::{
    ids::SessionId,
    session::{Deciding, MarkOutcome},
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

/// The wish to mark an outcome, as it is asked for.
#[derive(Clone, Debug)]
pub struct OutcomeRequest {
    /// Attendance or progress.
    pub mark: MarkOutcome,
    /// Why, when it is corrected.
    pub reason: Option<Reason>,
}

impl Desk {
    /// Marks the outcome of a session: two rounds of reads and one transaction.
    pub async fn mark_outcome(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &OutcomeRequest,
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
            let deciding = Deciding { actor: &member, now, attempt };
            let decision = request.mark.clone().decide(session, &practice, request.reason.clone(), diaries, deciding)?;
            let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
            carry.out(200, Some(&before), &decision, Vec::new())
        })
        .await
    }
}
