//! Clients: added, shown and changed by those who may act for them (P1).

use hourkeep_domain::{
    ids::{ClientId, ContactId, PracticeId, PractitionerId},
    people::{Client, Membership, PersonName, Practitioner},
    reminder::Channel,
    text::Name,
    zone::Zone,
};
use hourkeep_store::{Stored, key};

use super::{
    ClientView, ContactRequest,
    client_rows::RowChanges,
    contacts::{assignment, check_limits, contacts, default_assignment},
    set,
    writing::{Begun, Writing},
};
use crate::{
    answer::{Answer, Conditions},
    caller::{Principal, enter},
    desk::{Desk, Step},
    error::{Error, SettingsRefused},
};

/// The wish for a client. A name alone is enough.
#[derive(Clone, Debug, Default)]
pub struct ClientRequest {
    /// Their first name.
    pub first_name: Option<Name>,
    /// Their last name.
    pub last_name: Option<Name>,
    /// People around them, all new.
    pub contacts: Vec<ContactRequest>,
    /// Who treats them; a practitioner's own clients are theirs if not given.
    pub practitioners: Option<Vec<PractitionerId>>,
    /// By which channels they may be reminded.
    pub reminder_channels: Vec<Channel>,
    /// Their own zone, if known.
    pub zone: Option<Zone>,
}

/// The wish to change a client. What is `None` stays; `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct ClientChange {
    /// Their first name.
    pub first_name: Option<Option<Name>>,
    /// Their last name.
    pub last_name: Option<Option<Name>>,
    /// All people around them from then on; those who come with their id keep it.
    pub contacts: Option<Vec<ContactRequest>>,
    /// All who treat them from then on.
    pub practitioners: Option<Vec<PractitionerId>>,
    /// By which channels they may be reminded.
    pub reminder_channels: Option<Vec<Channel>>,
    /// Their own zone.
    pub zone: Option<Option<Zone>>,
    /// Whether they still are a client. Sessions that are scheduled stay.
    pub active: Option<bool>,
}

fn each_once(channels: &[Channel]) -> Vec<Channel> {
    let mut channels = channels.to_vec();
    channels.sort_unstable();
    channels.dedup();
    channels
}

impl ClientRequest {
    fn client(&self, id: ClientId, fresh: &[ContactId], member: &Membership) -> Result<Client, SettingsRefused> {
        let named = self.practitioners.clone().unwrap_or_else(|| default_assignment(member));
        Ok(Client {
            id,
            name: PersonName::new(self.first_name.clone(), self.last_name.clone()).ok_or(SettingsRefused::NamelessClient)?,
            contacts: contacts(&self.contacts, &[], fresh)?,
            practitioners: assignment(member, &named)?,
            reminder_channels: each_once(&self.reminder_channels),
            zone: self.zone.clone(),
            active: true,
        })
    }
}

impl ClientChange {
    fn apply(&self, before: &Client, fresh: &[ContactId], member: &Membership) -> Result<Client, SettingsRefused> {
        let mut client = before.clone();
        let first = self.first_name.clone().unwrap_or_else(|| before.name.first().cloned());
        let last = self.last_name.clone().unwrap_or_else(|| before.name.last().cloned());
        client.name = PersonName::new(first, last).ok_or(SettingsRefused::NamelessClient)?;
        if let Some(requests) = &self.contacts {
            client.contacts = contacts(requests, &before.contacts, fresh)?;
        }
        if let Some(named) = &self.practitioners {
            client.practitioners = assignment(member, named)?;
        }
        set(&mut client.reminder_channels, self.reminder_channels.as_deref().map(each_once));
        set(&mut client.zone, self.zone.clone());
        set(&mut client.active, self.active);
        if client == *before { Err(SettingsRefused::NothingToDo) } else { Ok(client) }
    }
}

impl Desk {
    /// Adds a client.
    pub async fn create_client(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &ClientRequest,
    ) -> Result<Answer, Error> {
        check_limits(&request.contacts, request.practitioners.as_deref().unwrap_or_default())?;
        let id = ClientId::new(self.clock.now(), Self::random());
        let fresh = &self.contact_ids(request.contacts.len());
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let (member, _) = match writing.begin(|_| Vec::new()).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            let client = request.client(id, fresh, &member)?;
            self.check_practitioners(member.practice, &client.practitioners).await?;
            writing.client(member.practice, 201, None, &client)
        })
        .await
    }

    /// Shows a client.
    pub async fn show_client(&self, principal: &Principal, id: ClientId) -> Result<ClientView, Error> {
        let (member, batch) = enter(&self.table, principal, |practice| vec![key::client(practice, id)]).await?;
        let stored = batch.get::<Client>(&key::client(member.practice, id))?;
        let stored = stored.filter(|stored| member.may_act_for(&stored.body)).ok_or(Error::NotFound("client"))?;
        Ok(ClientView::new(stored.revision, &stored.body))
    }

    /// Changes a client and every row in which they are listed.
    pub async fn change_client(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: ClientId,
        change: &ClientChange,
    ) -> Result<Answer, Error> {
        let named = change.contacts.as_deref().unwrap_or_default();
        check_limits(named, change.practitioners.as_deref().unwrap_or_default())?;
        let fresh = &self.contact_ids(named.len());
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let (member, batch) = match writing.begin(|practice| vec![key::client(practice, id)]).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            let stored = batch.get::<Client>(&key::client(member.practice, id))?;
            let before = stored.filter(|stored| member.may_act_for(&stored.body)).ok_or(Error::NotFound("client"))?;
            conditions.check(before.revision)?;
            let client = change.apply(&before.body, fresh, &member)?;
            // Whoever stays assigned may have left since; that must not stand in the way of other changes.
            let new: Vec<_> = client.practitioners.iter().copied().filter(|p| !before.body.is_assigned_to(*p)).collect();
            self.check_practitioners(member.practice, &new).await?;
            writing.client(member.practice, 200, Some(&before), &client)
        })
        .await
    }

    fn contact_ids(&self, count: usize) -> Vec<ContactId> {
        std::iter::repeat_with(|| ContactId::new(self.clock.now(), Self::random())).take(count).collect()
    }

    /// That practitioners are there and active.
    async fn check_practitioners(&self, practice: PracticeId, ids: &[PractitionerId]) -> Result<(), Error> {
        let batch = self.table.get_many(ids.iter().map(|id| key::practitioner(practice, *id))).await?;
        for id in ids {
            let found = batch.body::<Practitioner>(&key::practitioner(practice, *id))?;
            found.filter(|p| p.active).ok_or(SettingsRefused::UnknownPractitioner(*id))?;
        }
        Ok(())
    }
}

impl Writing<'_> {
    fn client(&self, practice: PracticeId, status: u16, before: Option<&Stored<Client>>, client: &Client) -> Result<Step, Error> {
        let read = before.map_or(0, |before| before.revision);
        let mut transaction = self.transaction(practice, key::client(practice, client.id), client, read)?;
        RowChanges::between(practice, before.map(|before| &before.body), client).write(&mut transaction)?;
        self.end(practice, transaction, status, read + 1, &ClientView::new(read + 1, client))
    }
}
