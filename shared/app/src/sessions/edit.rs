//! Change what is not placement.

use hourkeep_domain::{
    ids::SessionId,
    session::{Deciding, Edit, EditFacts},
    sheet::days_around,
};
use hourkeep_store::key;

use super::{Carry, Opened, Opening, check_may_change, client_keys, clients_of, diaries, occupied};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, Step},
    error::Error,
};

/// The wish to change a session, as it is asked for.
pub type EditRequest = Edit;

impl Desk {
    /// Changes a session: two rounds of reads and one transaction.
    pub async fn edit(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &EditRequest,
    ) -> Result<Answer, Error> {
        self.settle(principal, conditions, |attempt| async move {
            let now = self.clock.now();
            let opened = match Opened::to_change(self, principal, id, conditions, now).await? {
                Opening::Answered(answer) => return Ok(Step::Replayed(answer)),
                Opening::Fresh(opened) => opened,
            };
            let Opened { member, practice, session } = *opened;
            let details = session.details();
            let services = request.services.iter().flatten().map(|choice| key::service(practice.id, choice.service));
            let location = request.location.flatten().map(|id| key::location(practice.id, id));
            let named = client_keys(practice.id, details).into_iter().chain(services).chain(location);
            // Of what can be changed here, the sheets show only the kind, what it is called, and who is present.
            let shows = request.presence.is_some() || request.event_type.is_some() || request.title.is_some();
            let resources = if shows { occupied(details) } else { Vec::new() };
            let (from, until) = days_around(details.slot.starts_at().date_naive());
            let (batch, diaries) = tokio::try_join!(
                async { Ok::<_, Error>(self.table.get_many(named).await?) },
                diaries(&self.table, practice.id, &resources, from, until),
            )?;
            let clients = clients_of(practice.id, details, &batch)?;
            check_may_change(&member, &session, &clients)?;
            conditions.check(details.revision)?;
            let services = request.services.iter().flatten().map(|choice| batch.body(&key::service(practice.id, choice.service)));
            let services = services.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
            let location = request.location.flatten().map(|id| batch.body(&key::location(practice.id, id))).transpose()?.flatten();
            let facts = EditFacts { practice: practice.clone(), clients, services, location, diaries };
            let before = session.clone();
            let decision = request.clone().decide(session, &facts, Deciding { actor: &member, now, attempt })?;
            let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
            carry.out(200, Some(&before), &decision, Vec::new())
        })
        .await
    }
}
