//! The inbox: what workers found that a person should look at.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    ids::{AttemptId, ClientId, InboxId, PractitionerId, SeriesId, SessionId},
    inbox::{Done, InboxItem},
    people::{Client, Membership, Role},
    text::Name,
};
use hourkeep_store::{Batch, Item, Range, Stored, Transaction, key};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    answer::{Answer, Conditions},
    caller::{Entered, Principal, enter, enter_to_change},
    desk::{Desk, Plan, Step},
    error::Error,
    list::{Cursor, List, PageSize},
};

/// How often one page asks the table: a page that finds little ends early and says where to go on.
const QUERIES: usize = 5;

/// How many items one query reads. No more clients can be asked for at once.
const READ: usize = 100;

/// Which items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Those that nobody has seen to.
    Open,
    /// Those that someone has.
    Done,
}

/// Something that awaits staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InboxItem)]
pub struct InboxItemView {
    /// Its id.
    #[schema(value_type = String, example = "inb_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: InboxId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// What was found: `place_taken`, `series_ends` or `reanchored`. More kinds may come.
    #[schema(value_type = String, example = "place_taken")]
    pub kind: &'static str,
    /// The same in a few words.
    #[schema(value_type = String, example = "A session of a series could not be booked")]
    pub title: &'static str,
    /// What happened and what to do, as sentences without names.
    pub text: String,
    /// In whose calendar it is.
    #[schema(value_type = String)]
    pub practitioner_id: PractitionerId,
    /// Whom it concerns.
    #[schema(value_type = Vec<String>)]
    pub client_ids: Vec<ClientId>,
    /// The series that it is about, if it is about one.
    #[schema(value_type = Option<String>)]
    pub series_id: Option<SeriesId>,
    /// The session that it is about, if it is about one.
    #[schema(value_type = Option<String>)]
    pub session_id: Option<SessionId>,
    /// The time that it is about, by the clock.
    #[schema(example = "2026-12-01T09:00")]
    pub local_start: String,
    /// The zone of that clock.
    #[schema(example = "America/Vancouver")]
    pub time_zone: String,
    /// When it was found, UTC.
    pub found_at: DateTime<Utc>,
    /// Who has seen to it, if anyone has.
    pub done: Option<DoneView>,
}

/// That someone has seen to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Done)]
pub struct DoneView {
    /// When they said so, UTC.
    pub at: DateTime<Utc>,
    /// Who.
    #[schema(value_type = String)]
    pub by: Name,
}

impl InboxItemView {
    fn new(item: &InboxItem, revision: u32) -> Self {
        let about = &item.about;
        Self {
            id: item.id,
            revision,
            kind: about.kind(),
            title: about.title(),
            text: about.sentence(),
            practitioner_id: item.practitioner,
            client_ids: item.clients.clone(),
            series_id: about.series(),
            session_id: about.session(),
            local_start: hourkeep_domain::slot::Wall(about.local_start()).to_string(),
            time_zone: about.zone().name().to_owned(),
            found_at: item.at,
            done: item.done.as_ref().map(|done| DoneView { at: done.at, by: done.by.clone() }),
        }
    }
}

/// Puts something into the inbox with the transaction of whatever found it. What was found before stays as it is, done
/// or not, and does not keep the transaction from holding.
///
/// It is one action of the transaction, and an update of the table.
pub fn flag(transaction: &mut Transaction, item: &InboxItem) -> Result<(), Error> {
    let record = Item::new(key::inbox(item.practice, item.id), item)?;
    transaction.create_or_keep(record.revision(1).expires_at(item.kept_until()));
    Ok(())
}

impl Desk {
    /// Items of the inbox, in the order of the times that they are about: what is soonest comes first. Practitioners
    /// see those of their own calendar and of their clients.
    pub async fn inbox(
        &self,
        principal: &Principal,
        standing: Standing,
        size: PageSize,
        cursor: Option<&Cursor>,
    ) -> Result<List<InboxItemView>, Error> {
        let now = self.clock.now();
        let (member, _) = enter(&self.table, principal, |_| Vec::new()).await?;
        let partition = key::inbox_partition(member.practice);
        let mut after = cursor.map(|cursor| cursor.place().to_owned());
        let mut items = Vec::new();
        for _ in 0..QUERIES {
            let page = self.table.query::<InboxItem>(&partition, &Range::All, Some(READ), after.as_deref()).await?;
            let is_asked_for = |item: &InboxItem| match standing {
                Standing::Open => item.done.is_none(),
                Standing::Done => item.done.is_some(),
            };
            let is_asked_for =
                |(_, stored): &(String, Stored<InboxItem>)| now < stored.body.kept_until() && is_asked_for(&stored.body);
            let found: Vec<_> = page.items.into_iter().filter(is_asked_for).collect();
            let own = self.own_clients(&member, found.iter().map(|(_, stored)| &stored.body)).await?;
            let mut shown = found.into_iter().filter(|(_, stored)| is_visible(&member, &own, &stored.body)).peekable();
            while let Some((place, stored)) = shown.next() {
                items.push(InboxItemView::new(&stored.body, stored.revision));
                if items.len() == size.get() {
                    let more = shown.peek().is_some() || page.next.is_some();
                    return Ok(List { items, next_cursor: more.then(|| Cursor::after(&place).to_string()) });
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(List { items, next_cursor: after.map(|place| Cursor::after(&place).to_string()) })
    }

    /// An item of the inbox.
    pub async fn inbox_item(&self, principal: &Principal, id: InboxId) -> Result<InboxItemView, Error> {
        let (member, batch) = enter(&self.table, principal, |practice| vec![key::inbox(practice, id)]).await?;
        let stored = self.visible_item(&member, &batch, id).await?;
        Ok(InboxItemView::new(&stored.body, stored.revision))
    }

    /// Says that someone has seen to an item. Where someone has already, nothing changes and they are answered.
    pub async fn inbox_done(&self, principal: &Principal, conditions: &Conditions, id: InboxId) -> Result<Answer, Error> {
        self.settle(principal, conditions, |attempt| self.decide_done(principal, conditions, id, attempt)).await
    }

    async fn decide_done(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: InboxId,
        attempt: AttemptId,
    ) -> Result<Step, Error> {
        let now = self.clock.now();
        let entered = enter_to_change(&self.table, principal, conditions, now, |practice| vec![key::inbox(practice, id)]).await?;
        let entrance = match entered {
            Entered::Answered(answer) => return Ok(Step::Replayed(answer)),
            Entered::Fresh(entrance) => entrance,
        };
        let member = &entrance.member;
        let Stored { revision: read, body: mut item, .. } = self.visible_item(member, &entrance.batch, id).await?;
        conditions.check(read)?;
        if item.done.is_some() {
            return Ok(Step::Replayed(Answer::new(200, read, &InboxItemView::new(&item, read))?));
        }
        item.done = Some(Done { at: now, by: member.name.clone() });
        let (place, revision) = (key::inbox(member.practice, id), read + 1);
        let mut transaction = Transaction::default();
        transaction.witness(place.clone(), attempt);
        let record = Item::new(place, &item)?.revision(revision).attempt(attempt).expires_at(item.kept_until());
        transaction.replace(record, read);
        let answer = Answer::new(200, revision, &InboxItemView::new(&item, revision))?;
        conditions.remember(member.practice, principal, &answer, attempt, now, &mut transaction)?;
        Ok(Step::Commit(Box::new(Plan { transaction, answer, timers: Vec::new() })))
    }

    /// The item of an id, if the member may see it.
    async fn visible_item(&self, member: &Membership, batch: &Batch, id: InboxId) -> Result<Stored<InboxItem>, Error> {
        let missing = || Error::NotFound("item of the inbox");
        let stored = batch.get::<InboxItem>(&key::inbox(member.practice, id))?.ok_or_else(missing)?;
        let own = self.own_clients(member, [&stored.body]).await?;
        // Deletion may take days.
        let is_there = self.clock.now() < stored.body.kept_until();
        if is_there && is_visible(member, &own, &stored.body) { Ok(stored) } else { Err(missing()) }
    }

    /// Of the clients whom these items concern, the member's own, as far as the items cannot be judged without.
    async fn own_clients<'a>(
        &self,
        member: &Membership,
        items: impl IntoIterator<Item = &'a InboxItem>,
    ) -> Result<BTreeSet<ClientId>, Error> {
        let nobody = BTreeSet::new();
        let unclear = items.into_iter().filter(|item| !is_visible(member, &nobody, item));
        let clients: BTreeSet<ClientId> = unclear.flat_map(|item| item.clients.iter().copied()).collect();
        let clients: Vec<ClientId> = clients.into_iter().collect();
        let mut own = BTreeSet::new();
        for some in clients.chunks(READ) {
            let batch = self.table.get_many(some.iter().map(|id| key::client(member.practice, *id))).await?;
            for id in some {
                let client = batch.body::<Client>(&key::client(member.practice, *id))?;
                own.extend(client.filter(|client| member.may_act_for(client)).map(|client| client.id));
            }
        }
        Ok(own)
    }
}

/// Practitioners see what is in their own calendar and what concerns a client of theirs.
fn is_visible(member: &Membership, own_clients: &BTreeSet<ClientId>, item: &InboxItem) -> bool {
    match member.role {
        Role::Director | Role::FrontDesk => true,
        Role::Practitioner => {
            member.practitioner == Some(item.practitioner) || item.clients.iter().any(|client| own_clients.contains(client))
        }
    }
}
