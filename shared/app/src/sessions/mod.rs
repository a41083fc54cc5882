//! Operations on sessions, and what they share: what may be seen, what is read, and the one transaction.

mod availability;
mod calendar;
mod cancel;
mod delete;
mod edit;
mod history;
mod invite;
mod outcome;
mod public;
mod reschedule;
pub(crate) mod schedule;
mod show;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use hourkeep_domain::{
    event::{Effect, Event},
    ids::{AttemptId, ClientId, PracticeId, RoomId, SessionId, Subject},
    people::{Client, Membership, Role},
    practice::{Practice, Room, RoomKind},
    session::{Decision, Details, Session},
    sheet::{Diary, Resource, Sheet},
};
use hourkeep_store::{Batch, Item, Key, PENDING_SHARDS, Range, Table, Transaction, key};
use serde::{Deserialize, Serialize};

pub(crate) use self::schedule::Seeker;
pub use self::{
    availability::{AvailabilityRequest, AvailabilityView, FreeTime},
    calendar::{CalendarEntry, CalendarRequest, CalendarView, NamedClient, Whose},
    cancel::CancelRequest,
    delete::DeleteRequest,
    edit::EditRequest,
    history::{HistoryEntry, HistoryView},
    invite::InviteRequest,
    outcome::OutcomeRequest,
    public::PublicSession,
    reschedule::RescheduleRequest,
    schedule::ScheduleRequest,
    show::{ClientSessionView, WhichSessions},
};
use crate::{
    answer::{Answer, Conditions},
    caller::{Correlation, Entered, Principal, enter, enter_to_change},
    desk::{Desk, Plan, Step},
    error::Error,
    job::{HandOn, ReminderJob, hand_on},
    usage::{Counter, count},
    view::{SessionView, Warning},
};

/// A session in its client's own list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSession {
    /// Which.
    pub session: SessionId,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Whether it stands: neither cancelled nor closed.
    pub stands: bool,
    /// Whether it is cancelled.
    pub cancelled: bool,
}

/// What a code leads to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeHolder {
    /// The practice.
    pub practice: PracticeId,
    /// The session.
    pub session: SessionId,
}

/// A session that is to be changed, with what one round of reads told.
pub(crate) struct Opened {
    pub(crate) member: Membership,
    pub(crate) practice: Practice,
    pub(crate) session: Session,
}

/// A session that may be changed.
pub(crate) enum Opening {
    /// The request was answered before.
    Answered(Answer),
    /// It is to be decided.
    Fresh(Box<Opened>),
}

impl Opened {
    /// First round: who calls, and the session. Whether it may be seen is only known with its clients.
    pub(crate) async fn read(desk: &Desk, principal: &Principal, id: SessionId) -> Result<Self, Error> {
        let (member, batch) = enter(&desk.table, principal, |practice| Self::keys(practice, id)).await?;
        Self::of(member, &batch, id)
    }

    /// The same, to change the session.
    pub(crate) async fn to_change(
        desk: &Desk,
        principal: &Principal,
        id: SessionId,
        conditions: &Conditions,
        now: DateTime<Utc>,
    ) -> Result<Opening, Error> {
        let entered = enter_to_change(&desk.table, principal, conditions, now, |practice| Self::keys(practice, id)).await?;
        Ok(match entered {
            Entered::Answered(answer) => Opening::Answered(answer),
            Entered::Fresh(entrance) => Opening::Fresh(Box::new(Self::of(entrance.member, &entrance.batch, id)?)),
        })
    }

    fn keys(practice: PracticeId, id: SessionId) -> Vec<Key> {
        vec![key::practice(practice), key::session(practice, id)]
    }

    fn of(member: Membership, batch: &Batch, id: SessionId) -> Result<Self, Error> {
        let practice = batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))?;
        let session = batch.body(&key::session(member.practice, id))?.ok_or(Error::NotFound("session"))?;
        Ok(Self { member, practice, session })
    }
}

/// Who is not of the practice sees nothing; a practitioner sees their own sessions and those of their clients.
pub(crate) fn check_visible(member: &Membership, session: &Session, clients: &[Client]) -> Result<(), Error> {
    let own = member.practitioner == Some(session.details().practitioner);
    let visible = match member.role {
        Role::Director | Role::FrontDesk => true,
        Role::Practitioner => own || clients.iter().any(|client| member.may_act_for(client)),
    };
    if visible { Ok(()) } else { Err(Error::NotFound("session")) }
}

/// A practitioner changes what is in their own calendar, for clients who are theirs (P1).
pub(crate) fn check_may_change(member: &Membership, session: &Session, clients: &[Client]) -> Result<(), Error> {
    check_visible(member, session, clients)?;
    let all_assigned = clients.iter().all(|client| member.may_act_for(client));
    if all_assigned { Ok(()) } else { Err(Error::NotYourClient) }
}

/// The clients of a session, from a batch that has them.
pub(crate) fn clients_of(practice: PracticeId, details: &Details, batch: &Batch) -> Result<Vec<Client>, Error> {
    let found = details.clients.iter().map(|p| batch.body::<Client>(&key::client(practice, p.client)));
    Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

pub(crate) fn client_keys(practice: PracticeId, details: &Details) -> Vec<hourkeep_store::Key> {
    details.clients.iter().map(|p| key::client(practice, p.client)).collect()
}

/// A resource's sheets from one day to another, both included: one query.
pub(crate) async fn diary(
    table: &Table,
    practice: PracticeId,
    resource: Resource,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Diary, Error> {
    let range = Range::Between(from.to_string(), until.to_string());
    let page =
        table.query::<Vec<hourkeep_domain::sheet::Entry>>(&key::days_partition(practice, resource), &range, None, None).await?;
    let mut sheets = BTreeMap::new();
    for (date, stored) in page.items {
        let date = date.parse::<NaiveDate>().map_err(|error| Error::Internal(error.into()))?;
        sheets.insert(date, Sheet { version: u64::from(stored.revision), entries: stored.body });
    }
    Ok(Diary::new(resource, from, until, sheets))
}

/// The sheets of several resources, all at once.
pub(crate) async fn diaries(
    table: &Table,
    practice: PracticeId,
    resources: &[Resource],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Diary>, Error> {
    let mut reads = tokio::task::JoinSet::new();
    for (place, &resource) in resources.iter().enumerate() {
        let table = table.clone();
        reads.spawn(async move { (place, diary(&table, practice, resource, from, until).await) });
    }
    let mut read = reads.join_all().await;
    read.sort_by_key(|(place, _)| *place);
    read.into_iter().map(|(_, diary)| diary).collect()
}

/// The room, if it is one that can be taken: only a physical one has sheets.
pub(crate) fn room_sheet(room: Option<&Room>) -> Option<RoomId> {
    room.filter(|room| match room.kind {
        RoomKind::InPerson => true,
        RoomKind::Virtual => false,
    })
    .map(|room| room.id)
}

/// The resources that a session occupies. A room that is gone or virtual has no sheet, and removing from none does
/// nothing, so the room's id is enough.
pub(crate) fn occupied(details: &Details) -> Vec<Resource> {
    let room = |id: RoomId| Resource::Room(id);
    [Some(Resource::Practitioner(details.practitioner)), details.room.map(room)].into_iter().flatten().collect()
}

/// Everything that a decision needs to be carried out.
pub(crate) struct Carry<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) principal: &'a Principal,
    pub(crate) conditions: &'a Conditions,
    pub(crate) practice: &'a Practice,
    pub(crate) attempt: AttemptId,
    pub(crate) now: DateTime<Utc>,
}

impl Carry<'_> {
    /// The transaction of a decision, and the answer that becomes true with it.
    pub(crate) fn out(
        &self,
        status: u16,
        before: Option<&Session>,
        decision: &Decision,
        warnings: Vec<Warning>,
    ) -> Result<Step, Error> {
        let practice = self.practice.id;
        let details = decision.session.details();
        let mut transaction = transaction_of(before, decision, self.conditions.correlation.as_ref())?;
        if before.is_none() {
            count(&mut transaction, practice, self.attempt, self.now, &[(Counter::SessionsBooked, 1), (Counter::RecordsAdded, 1)]);
        }

        let view = SessionView::new(&decision.session, self.practice, &self.desk.links, self.now, warnings);
        let answer = Answer::new(status, details.revision, &view)?;
        self.conditions.remember(practice, self.principal, &answer, self.attempt, self.now, &mut transaction)?;
        let timers = decision.event.effects.iter().filter_map(|effect| self.timer(decision, effect)).collect();
        Ok(Step::Commit(Box::new(Plan { transaction, answer, timers })))
    }

    fn timer(&self, decision: &Decision, effect: &Effect) -> Option<ReminderJob> {
        match hand_on(&decision.event, effect) {
            Some(HandOn::Timer(job)) if job.due_at > self.now => Some(job),
            Some(HandOn::Timer(_) | HandOn::Job(_)) | None => None,
        }
    }
}

/// What a decision changes, in one transaction: the session, its sheets, its rows in lists, and the event.
pub(crate) fn transaction_of(
    before: Option<&Session>,
    decision: &Decision,
    correlation: Option<&Correlation>,
) -> Result<Transaction, Error> {
    let (details, event) = (decision.session.details(), &decision.event);
    let mut transaction = Transaction::default();
    transaction.witness(key::event(details.practice, details.id, details.revision), event.attempt);
    write_session(before, &decision.session, event, correlation, &mut transaction)?;
    write_sheets(details.practice, &decision.diaries, &mut transaction)?;
    Ok(transaction)
}

/// A session as it is now, its rows in lists, the codes of a new one, and the event.
pub(crate) fn write_session(
    before: Option<&Session>,
    after: &Session,
    event: &Event,
    correlation: Option<&Correlation>,
    transaction: &mut Transaction,
) -> Result<(), Error> {
    let details = after.details();
    let (practice, attempt) = (details.practice, event.attempt);
    let session = Item::new(key::session(practice, details.id), after)?.revision(details.revision).attempt(attempt);
    transaction.replace(session, details.revision - 1);
    write_rows(practice, before, after, transaction)?;
    if before.is_none() {
        for participant in &details.clients {
            let holder = CodeHolder { practice, session: details.id };
            transaction.create(Item::new(key::code(participant.code), &holder)?);
        }
    }
    write_event(event, correlation, transaction)
}

/// An event, among those that are to be handed on if something must follow from it.
pub(crate) fn write_event(event: &Event, correlation: Option<&Correlation>, transaction: &mut Transaction) -> Result<(), Error> {
    let item = Item::new(key::event(event.practice, event.subject, event.revision), event)?;
    let item = item.attempt(event.attempt).correlation(correlation);
    let item = if event.effects.is_empty() { item } else { item.pending(shard(event.subject), event.at) };
    transaction.create(item);
    Ok(())
}

/// The sheets that a decision touched, each in place of the version that was read.
pub(crate) fn write_sheets(practice: PracticeId, diaries: &[Diary], transaction: &mut Transaction) -> Result<(), Error> {
    for diary in diaries {
        for (date, sheet) in diary.changes() {
            let read = u32::try_from(sheet.version).map_err(|error| Error::Internal(error.into()))?;
            let item = Item::new(key::day(practice, diary.resource(), date), &sheet.entries)?;
            transaction.replace(item.revision(read + 1), read);
        }
    }
    Ok(())
}

/// The lists that something of these clients stands in: each client's; that of the practice, if it is of none.
pub(crate) fn lists(clients: &[ClientId]) -> Vec<Option<ClientId>> {
    if clients.is_empty() { vec![None] } else { clients.iter().copied().map(Some).collect() }
}

/// The session's rows in the lists it belongs to, under its start. That of a deleted session stands beside them.
fn write_rows(practice: PracticeId, before: Option<&Session>, after: &Session, transaction: &mut Transaction) -> Result<(), Error> {
    let row = |session: &Session| {
        let details = session.details();
        let (stands, cancelled) = match session {
            Session::Scheduled(_) => (true, false),
            Session::Closed(_) | Session::Deleted(_) => (false, false),
            Session::Cancelled(_) => (false, true),
        };
        ClientSession {
            session: details.id,
            starts_at: details.slot.starts_at(),
            ends_at: details.slot.ends_at(),
            stands,
            cancelled,
        }
    };
    let clients: Vec<ClientId> = after.details().clients.iter().map(|participant| participant.client).collect();
    for client in lists(&clients) {
        let place = |session: &Session| {
            let (id, starts_at) = (session.details().id, session.details().slot.starts_at());
            match session {
                Session::Scheduled(_) | Session::Closed(_) | Session::Cancelled(_) => {
                    key::listed_session(practice, client, starts_at, id)
                }
                Session::Deleted(_) => key::deleted_session(practice, client, starts_at, id),
            }
        };
        let (old, new) = (before.map(|before| (place(before), row(before))), (place(after), row(after)));
        if old.as_ref() == Some(&new) {
            continue;
        }
        let (place, row) = new;
        if let Some((old, _)) = old.filter(|(old, _)| *old != place) {
            transaction.delete(old);
        }
        transaction.put(Item::new(place, &row)?);
    }
    Ok(())
}

/// Over which partition of the index the events of a session or series are spread.
pub(crate) fn shard(subject: Subject) -> u8 {
    let digit = subject.to_string().bytes().last().unwrap_or_default();
    digit % PENDING_SHARDS
}
