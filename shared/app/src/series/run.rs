//! Works off a plan: as many steps in one transaction as it takes, one transaction after the other.
//!
//! The series record, of which each transaction writes the next revision, says how far the plan is. So no step is done
//! twice, whoever does it, and whatever dies in between: the next to come goes on where it stands. Mail leaves with the last
//! one, and so does the answer that the request is remembered by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    correlation::Correlation,
    event::Event,
    ids::{AttemptId, PracticeId, SeriesId, SessionId},
    inbox::{About, InboxItem},
    practice::Practice,
    series::{Begun, Busy, Does, Hands, Made, Place, Plan, Series, Stage, Step, Stopped, Working},
    session::{Clash, Session},
    sheet::{Diary, Resource, days_around},
    slot::Slot,
};
use hourkeep_store::{CommitError, Item, Range, Table, Transaction, key};
use serde::{Deserialize, Serialize};

use super::{
    scene::{Scene, places, with_sessions},
    view::SeriesView,
};
use crate::{
    answer::{Answer, Conditions, ToRemember},
    caller::Principal,
    error::Error,
    inbox::flag,
    port::Clock,
    sessions::{diaries, occupied, shard, write_event, write_session, write_sheets},
    usage::{Counter, count},
};

/// How many writes of a transaction steps may take: DynamoDB allows a hundred, and some are for the rest.
const ROOM: usize = 90;

/// How often a lost race is tried again.
const ATTEMPTS: u32 = 10;

/// A plan as it stands beside its series, with what its end needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Undertaking {
    pub(crate) plan: Plan,
    /// The request that wanted it, if its answer is to be remembered.
    pub(crate) request: Option<ToRemember>,
    /// The id of that request.
    pub(crate) correlation: Option<Correlation>,
}

impl Undertaking {
    /// A plan that a request wants.
    pub(crate) fn of(plan: Plan, practice: PracticeId, principal: &Principal, conditions: &Conditions) -> Self {
        let request = conditions.to_remember(practice, principal);
        Self { plan, request, correlation: conditions.correlation.clone() }
    }
}

/// Works off plans.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) table: &'a Table,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) practice: &'a Practice,
}

/// What a plan came to.
pub(crate) enum Ran {
    /// It is done, and this is the answer.
    Done(Answer),
    /// Nothing was done: these times are taken.
    Stopped(Vec<Taken>),
    /// Nothing was done: the series has changed since it was planned.
    Stale,
}

/// A time that is taken, and by what.
pub(crate) struct Taken {
    pub(crate) slot: Slot,
    pub(crate) clashes: Vec<Clash>,
}

/// A plan under way, as it was read, or as it is to begin.
struct UnderWay {
    undertaking: Undertaking,
    owner: Series,
    /// The revision of it that is in the table; 0 is none.
    read: u32,
    parted: Option<Series>,
    working: Option<Working>,
}

/// One transaction of a plan.
struct Chunk {
    transaction: Transaction,
    next: Next,
}

/// What comes after it.
enum Next {
    More,
    Done(Answer),
    Stopped,
}

impl Run<'_> {
    /// Begins a plan and works it off. `owner` is the series beside which it stands, as it was read; `read` is its revision
    /// in the table, 0 for none.
    pub(crate) async fn begin(&self, owner: Series, read: u32, undertaking: Undertaking) -> Result<Ran, Error> {
        let id = owner.id;
        if undertaking.plan.may_stop() {
            let taken = self.foresee(&owner, &undertaking.plan).await?;
            if !taken.is_empty() {
                return Ok(Ran::Stopped(taken));
            }
        }
        let mut under_way = UnderWay { undertaking, owner, read, parted: None, working: None };
        for round in 0..ATTEMPTS {
            pause(round).await;
            let chunk = match Box::pin(self.chunk(&under_way)).await {
                Ok(chunk) => chunk,
                // Someone took it since it was foreseen.
                Err(Failed::Stopped) => {
                    let taken = self.foresee(&under_way.owner, &under_way.undertaking.plan).await?;
                    if taken.is_empty() {
                        continue;
                    }
                    return Ok(Ran::Stopped(taken));
                }
                Err(Failed::Error(error)) => return Err(error),
            };
            let committed = match self.table.commit(&chunk.transaction).await {
                Ok(()) => true,
                Err(CommitError::Impossible(error)) => return Err(error.into()),
                Err(CommitError::Unknown(_)) => self.table.holds(&chunk.transaction).await?,
                Err(CommitError::Stale | CommitError::Contended) => false,
            };
            if committed {
                return match chunk.next {
                    Next::Done(answer) => Ok(Ran::Done(answer)),
                    Next::Stopped => Ok(Ran::Stopped(self.foresee(&under_way.owner, &under_way.undertaking.plan).await?)),
                    Next::More => Box::pin(self.go_on(id, &under_way.undertaking)).await,
                };
            }
            // A sheet may have changed, and then it is decided again; or the series, and then it is planned again.
            let now: Option<Series> = self.table.get(&key::series(self.practice.id, id)).await?.map(|stored| stored.body);
            match now {
                None if under_way.read == 0 => {}
                Some(now) if now.revision == under_way.read => under_way.owner = now,
                // It may be this very plan that it has changed by, if nobody heard of its begin.
                Some(_) | None => return Box::pin(self.go_on(id, &under_way.undertaking)).await,
            }
        }
        Err(Error::TooBusy)
    }

    /// Works off what is left of the plan that stands beside a series, or of the one that the series is a part of.
    pub(crate) async fn help(&self, series: &Series) -> Result<(), Error> {
        let owner = match series.busy {
            None => return Ok(()),
            Some(Busy::Here(_)) => series.id,
            Some(Busy::With { series }) => series,
        };
        let Some(under_way) = self.read(owner).await? else { return Ok(()) };
        match Box::pin(self.go_on(owner, &under_way.undertaking)).await? {
            Ran::Done(_) | Ran::Stopped(_) | Ran::Stale => Ok(()),
        }
    }

    async fn go_on(&self, id: SeriesId, undertaking: &Undertaking) -> Result<Ran, Error> {
        let attempt = undertaking.plan.attempt;
        let mut lost = 0;
        while lost < ATTEMPTS {
            pause(lost).await;
            let under_way = match self.read(id).await? {
                Some(under_way) if under_way.undertaking.plan.attempt == attempt => under_way,
                Some(_) | None => return self.came_to(id, undertaking).await,
            };
            let chunk = match Box::pin(self.chunk(&under_way)).await {
                Ok(chunk) => chunk,
                // It was foreseen as free, and its time is held: this cannot be but in a race that is looked at again.
                Err(Failed::Stopped) => {
                    lost += 1;
                    continue;
                }
                Err(Failed::Error(error)) => return Err(error),
            };
            let committed = match self.table.commit(&chunk.transaction).await {
                Ok(()) => true,
                Err(CommitError::Impossible(error)) => return Err(error.into()),
                Err(CommitError::Unknown(_)) => self.table.holds(&chunk.transaction).await?,
                Err(CommitError::Stale | CommitError::Contended) => false,
            };
            match (committed, chunk.next) {
                (true, Next::Done(answer)) => return Ok(Ran::Done(answer)),
                (true, Next::Stopped) => {
                    return Ok(Ran::Stopped(self.foresee(&under_way.owner, &under_way.undertaking.plan).await?));
                }
                (true, Next::More) => lost = 0,
                (false, _) => lost += 1,
            }
        }
        Err(Error::TooBusy)
    }

    /// What a plan came to that no longer stands beside its series. Whoever was quicker has finished it, and then the
    /// series' history says so; or it was given up, or never begun.
    async fn came_to(&self, id: SeriesId, Undertaking { plan, request, .. }: &Undertaking) -> Result<Ran, Error> {
        // Its answer is remembered, to the byte.
        if request.is_some() {
            return Ok(Ran::Stale);
        }
        let practice = self.practice.id;
        let history = Range::Prefix(key::EVENTS.to_owned());
        let history = self.table.query::<Event>(&key::series_partition(practice, id), &history, None, None).await?;
        if !history.items.iter().any(|(_, stored)| stored.body.attempt == plan.attempt) {
            return Ok(Ran::Stale);
        }
        let shown = match &plan.does {
            Does::Change { into, .. } => into.id,
            Does::Book | Does::Extend { .. } | Does::Cancel { .. } | Does::Delete { .. } => id,
        };
        let Some(scene) = Scene::read(self.table, practice, shown).await? else { return Ok(Ran::Stale) };
        let view = SeriesView::new(&scene.series, &scene.places, self.practice, self.clock.now());
        Ok(Ran::Done(Answer::new(status(plan), scene.series.revision, &view)?))
    }

    async fn read(&self, id: SeriesId) -> Result<Option<UnderWay>, Error> {
        let practice = self.practice.id;
        let (series, plan) = (key::series(practice, id), key::plan(practice, id));
        let batch = self.table.get_many([series.clone(), plan.clone()]).await?;
        let (Some(owner), Some(undertaking)) = (batch.body::<Series>(&series)?, batch.body::<Undertaking>(&plan)?) else {
            return Ok(None);
        };
        let Some(Busy::Here(working)) = owner.busy else { return Ok(None) };
        let mut parted = None;
        if let (Does::Change { into, .. }, Stage::Doing | Stage::Redeeming) = (&undertaking.plan.does, working.stage)
            && into.id != owner.id
        {
            parted = self.table.get::<Series>(&key::series(practice, into.id)).await?.map(|stored| stored.body);
        }
        Ok(Some(UnderWay { undertaking, read: owner.revision, owner, parted, working: Some(working) }))
    }

    /// Every time of the plan that is taken and would stop it.
    async fn foresee(&self, owner: &Series, plan: &Plan) -> Result<Vec<Taken>, Error> {
        let series = target(owner, plan);
        let sessions = self.sessions(&plan.steps).await?;
        let diaries = self.diaries(&series, plan, &plan.steps, &sessions).await?;
        let own = plan.own();
        let now = self.clock.now();
        let mut hands = Hands { plan, stage: Stage::Holding, series: &series, practice: self.practice, own: &own, diaries, now };
        let mut taken = Vec::new();
        for step in &plan.steps {
            match hands.take(step, of(&sessions, step)) {
                Ok(_) => {}
                Err(Stopped::Taken { slot, clashes }) => taken.push(Taken { slot, clashes }),
                Err(Stopped::NotRead(error)) => return Err(Error::Internal(error.into())),
            }
        }
        Ok(taken)
    }

    /// The next transaction of a plan.
    async fn chunk(&self, under_way: &UnderWay) -> Result<Chunk, Failed> {
        let UnderWay { undertaking: Undertaking { plan, .. }, owner, parted, .. } = under_way;
        let now = self.clock.now();
        let total = plan.steps.len();
        let working = under_way.working.unwrap_or_else(|| {
            let fits = self.fitting(&target(owner, plan), plan, 0, Stage::Doing).len() == total;
            let stage = if plan.may_stop() && !fits { Stage::Holding } else { Stage::Doing };
            Working { stage, done: 0 }
        });
        match working.stage {
            Stage::Releasing => return self.release(under_way, working, now).await,
            Stage::Holding if done(working) < total => return self.hold(under_way, working, now).await,
            Stage::Holding | Stage::Doing | Stage::Redeeming => {}
        }
        // The moment from which on sessions change.
        let (working, begun) = match (under_way.working, working.stage) {
            (Some(working), Stage::Doing | Stage::Redeeming) => {
                let mut owner = owner.clone();
                owner.revision += 1;
                (working, Begun { owner, parted: parted.clone() })
            }
            (_, Stage::Holding) => {
                let begun = plan.begun(owner.clone(), Stage::Redeeming, now);
                (Working { stage: Stage::Redeeming, done: 0 }, begun)
            }
            (_, stage) => (Working { stage, done: 0 }, plan.begun(owner.clone(), stage, now)),
        };
        self.act(under_way, working, begun, now).await
    }

    async fn hold(&self, under_way: &UnderWay, working: Working, now: DateTime<Utc>) -> Result<Chunk, Failed> {
        let UnderWay { undertaking, owner, read, .. } = under_way;
        let plan = &undertaking.plan;
        let series = target(owner, plan);
        let steps = self.fitting(&series, plan, done(working), Stage::Holding);
        let mut owner = if under_way.working.is_none() { plan.holding(owner.clone()) } else { next_of(owner) };
        let mut transaction = Transaction::default();
        match self.take(&series, plan, Stage::Holding, steps, now).await {
            Ok((_, diaries)) => {
                owner.busy = Some(Busy::Here(Working { stage: Stage::Holding, done: working.done + len(steps) }));
                write_sheets(self.practice.id, &diaries, &mut transaction)?;
            }
            // What is held already is given back, from the last to the first.
            Err(Failed::Stopped) if under_way.working.is_some() => {
                owner.busy = Some(Busy::Here(Working { stage: Stage::Releasing, done: working.done }));
            }
            Err(failed) => return Err(failed),
        }
        if under_way.working.is_none() {
            self.write_plan(undertaking, owner.id, &mut transaction)?;
        }
        self.write_series(&owner, *read, now, &mut transaction)?;
        Ok(Chunk { transaction, next: Next::More })
    }

    async fn release(&self, under_way: &UnderWay, working: Working, now: DateTime<Utc>) -> Result<Chunk, Failed> {
        let UnderWay { undertaking: Undertaking { plan, .. }, owner, read, .. } = under_way;
        let series = target(owner, plan);
        let mut left = done(working);
        let mut cost = 0;
        while left > 0 {
            cost += self.cost(&series, plan, &plan.steps[left - 1], Stage::Releasing);
            if cost > ROOM {
                break;
            }
            left -= 1;
        }
        let steps = &plan.steps[left..done(working)];
        let (_, diaries) = self.take(&series, plan, Stage::Releasing, steps, now).await?;
        let mut transaction = Transaction::default();
        write_sheets(self.practice.id, &diaries, &mut transaction)?;
        let mut owner = next_of(owner);
        let next = if left == 0 {
            owner.release(plan);
            transaction.delete(key::plan(self.practice.id, owner.id));
            Next::Stopped
        } else {
            let done = u32::try_from(left).unwrap_or(u32::MAX);
            owner.busy = Some(Busy::Here(Working { stage: Stage::Releasing, done }));
            Next::More
        };
        self.write_series(&owner, *read, now, &mut transaction)?;
        Ok(Chunk { transaction, next })
    }

    async fn act(&self, under_way: &UnderWay, working: Working, begun: Begun, now: DateTime<Utc>) -> Result<Chunk, Failed> {
        let UnderWay { undertaking, read, .. } = under_way;
        let plan = &undertaking.plan;
        let practice = self.practice.id;
        let Begun { mut owner, parted } = begun;
        let series = parted.clone().unwrap_or_else(|| owner.clone());
        let steps = self.fitting(&series, plan, done(working), working.stage);
        let (made, diaries) = self.take(&series, plan, working.stage, steps, now).await?;

        let mut transaction = Transaction::default();
        write_sheets(practice, &diaries, &mut transaction)?;
        let mut new = 0;
        for made in &made {
            for written in &made.sessions {
                new += u32::from(written.before.is_none());
                let correlation = undertaking.correlation.as_ref();
                write_session(written.before.as_ref(), &written.after, &written.event, correlation, &mut transaction)?;
            }
            if let Some(place) = &made.place {
                transaction.put(Item::new(key::place(practice, series.id, place.original), place)?);
            }
            if let Some(original) = made.forgotten {
                transaction.delete(key::place(practice, owner.id, original));
            }
        }
        let is_last = done(working) + steps.len() == plan.steps.len();
        let begins = !matches!(under_way.working, Some(Working { stage: Stage::Doing | Stage::Redeeming, .. }));
        if begins {
            let booked = Some(&owner).filter(|_| matches!(plan.does, Does::Book));
            for new in booked.into_iter().chain(&parted) {
                write_client_rows(new, &mut transaction)?;
            }
        }
        let is_new = matches!(plan.does, Does::Book) || parted.is_some();
        let records = new + u32::from(begins && is_new);
        if new + records > 0 {
            let counters = [(Counter::SessionsBooked, new), (Counter::RecordsAdded, records)];
            count(&mut transaction, practice, plan.attempt, now, &counters);
        }
        let next = if is_last {
            let places = self.places_after(&owner, &series, &made).await?;
            let only: Vec<Place> = places.iter().map(|(place, _)| *place).collect();
            let finished = plan.finished(owner, parted, &only, now);
            let shown = finished.parted.as_ref().unwrap_or(&finished.owner);
            for event in &finished.events {
                write_event(event, undertaking.correlation.as_ref(), &mut transaction)?;
            }
            for place in &finished.dropped {
                let about = About::PlaceTaken { series: shown.id, local_start: place.original, zone: shown.timing.zone.clone() };
                let (practitioner, clients) = (shown.template.practitioner, shown.template.clients.clone());
                flag(&mut transaction, &InboxItem::new(practice, practitioner, clients, about, now))?;
            }
            let view = SeriesView::new(shown, &places, self.practice, now);
            let answer = Answer::new(status(plan), shown.revision, &view)?;
            // A plan never stands still because its key was used for something else meanwhile.
            if let Some(request) = &undertaking.request
                && !request.is_answered(self.table, now).await?
            {
                request.remember(&answer, plan.attempt, now, &mut transaction)?;
            }
            if let Some(parted) = &finished.parted {
                self.write_series(parted, if begins { 0 } else { parted.revision - 1 }, now, &mut transaction)?;
            }
            owner = finished.owner;
            if under_way.working.is_some() {
                transaction.delete(key::plan(practice, owner.id));
            }
            Next::Done(answer)
        } else {
            owner.busy = Some(Busy::Here(Working { done: working.done + len(steps), ..working }));
            if under_way.working.is_none() {
                self.write_plan(undertaking, owner.id, &mut transaction)?;
            }
            if let Some(mut parted) = parted.filter(|_| begins) {
                parted.revision = 1;
                self.write_series(&parted, 0, now, &mut transaction)?;
            }
            Next::More
        };
        self.write_series(&owner, *read, now, &mut transaction)?;
        Ok(Chunk { transaction, next })
    }

    /// All places of the series that sessions now are of, with what was just made of them.
    async fn places_after(&self, owner: &Series, series: &Series, made: &[Made]) -> Result<Vec<(Place, Option<Session>)>, Error> {
        let practice = self.practice.id;
        let stored = places(self.table, practice, series.id).await?;
        let mut all: BTreeMap<_, Place> = stored.into_iter().map(|place| (place.original, place)).collect();
        for made in made {
            if let (Some(gone), true) = (made.forgotten, owner.id == series.id) {
                all.remove(&gone);
            }
        }
        all.extend(made.iter().filter_map(|made| made.place).map(|place| (place.original, place)));
        let now: BTreeMap<SessionId, &Session> =
            made.iter().flat_map(|made| &made.sessions).map(|w| (w.after.details().id, &w.after)).collect();
        let read = with_sessions(self.table, practice, all.into_values().collect()).await?;
        let newest = |(place, session): (Place, Option<Session>)| {
            let made = place.session().and_then(|session| now.get(&session).copied().cloned());
            (place, made.or(session))
        };
        Ok(read.into_iter().map(newest).collect())
    }

    async fn take(
        &self,
        series: &Series,
        plan: &Plan,
        stage: Stage,
        steps: &[Step],
        now: DateTime<Utc>,
    ) -> Result<(Vec<Made>, Vec<Diary>), Failed> {
        let sessions = self.sessions(steps).await?;
        let diaries = self.diaries(series, plan, steps, &sessions).await?;
        let own = plan.own();
        let mut hands = Hands { plan, stage, series, practice: self.practice, own: &own, diaries, now };
        let mut made = Vec::with_capacity(steps.len());
        for step in steps {
            match hands.take(step, of(&sessions, step)) {
                Ok(one) => made.push(one),
                Err(Stopped::Taken { .. }) => return Err(Failed::Stopped),
                Err(Stopped::NotRead(error)) => return Err(Error::Internal(error.into()).into()),
            }
        }
        Ok((made, hands.diaries))
    }

    async fn sessions(&self, steps: &[Step]) -> Result<BTreeMap<SessionId, Session>, Error> {
        let wanted: Vec<SessionId> = steps.iter().filter(|step| step.needs_session()).filter_map(Step::session).collect();
        let keys = wanted.iter().map(|session| key::session(self.practice.id, *session));
        let batch = self.table.get_all(keys).await?;
        let mut sessions = BTreeMap::new();
        for id in wanted {
            if let Some(session) = batch.body(&key::session(self.practice.id, id))? {
                sessions.insert(id, session);
            }
        }
        Ok(sessions)
    }

    /// The sheets of where the sessions of these steps are and shall be: one query for each practitioner and room.
    async fn diaries(
        &self,
        series: &Series,
        plan: &Plan,
        steps: &[Step],
        sessions: &BTreeMap<SessionId, Session>,
    ) -> Result<Vec<Diary>, Error> {
        let mut resources: BTreeSet<Resource> = BTreeSet::new();
        let mut days = Vec::new();
        for step in steps {
            if let Some(place) = step.takes() {
                days.push(days_around(place.date()));
                resources.insert(Resource::Practitioner(series.template.practitioner));
                resources.extend(plan.room.map(Resource::Room));
            }
        }
        for session in sessions.values() {
            days.push(days_around(session.details().slot.starts_at().date_naive()));
            days.push(days_around(session.details().slot.local_start().date()));
            resources.extend(occupied(session.details()));
        }
        let (Some(from), Some(until)) = (days.iter().map(|d| d.0).min(), days.iter().map(|d| d.1).max()) else {
            return Ok(Vec::new());
        };
        let resources: Vec<Resource> = resources.into_iter().collect();
        diaries(self.table, self.practice.id, &resources, from, until).await
    }

    /// As many of the steps as one transaction takes.
    fn fitting<'p>(&self, series: &Series, plan: &'p Plan, from: usize, stage: Stage) -> &'p [Step] {
        // A series that is new has a row with each of its clients.
        let mut cost = series.template.clients.len();
        let steps = &plan.steps[from.min(plan.steps.len())..];
        let count = steps.iter().take_while(|step| {
            cost += self.cost(series, plan, step, stage);
            cost <= ROOM
        });
        &steps[..count.count()]
    }

    /// How many writes a step takes at most.
    fn cost(&self, series: &Series, plan: &Plan, step: &Step, stage: Stage) -> usize {
        let policies = &self.practice.policies;
        let sheets = |place| {
            let Series { timing, template, .. } = series;
            let slot = Slot::resolve(place, &timing.zone, timing.length, None);
            let days = slot.map_or(0, |slot| {
                let entry = hourkeep_domain::sheet::Entry::of(SessionId::from_bits(0), &slot, &[], template.presence, policies);
                entry.days().count()
            });
            days * (1 + usize::from(plan.room.is_some()))
        };
        // Two resources, each on at most two days: a session that lasts longer than a day is not made.
        let elsewhere = 4;
        let at = step.takes().map_or(0, sheets);
        match (stage, step) {
            (Stage::Holding | Stage::Releasing, _) => at,
            (Stage::Doing | Stage::Redeeming, Step::Book { .. }) => at + 4 + series.template.clients.len(),
            (Stage::Doing | Stage::Redeeming, Step::Carry { .. }) => at + elsewhere + 5,
            (Stage::Doing | Stage::Redeeming, Step::Cancel { .. } | Step::Delete { .. }) => elsewhere + 4,
            (Stage::Doing | Stage::Redeeming, Step::Part { .. }) => 3,
            (Stage::Doing | Stage::Redeeming, Step::LeaveOut { .. }) => 2,
            (Stage::Doing | Stage::Redeeming, Step::Forget { .. }) => 1,
        }
    }

    fn write_plan(&self, undertaking: &Undertaking, owner: SeriesId, transaction: &mut Transaction) -> Result<(), Error> {
        transaction.create(Item::new(key::plan(self.practice.id, owner), undertaking)?);
        Ok(())
    }

    /// A series in place of the revision that was read. The one beside which the plan stands is what the attempt is known by.
    fn write_series(&self, series: &Series, read: u32, now: DateTime<Utc>, transaction: &mut Transaction) -> Result<(), Error> {
        let place = key::series(self.practice.id, series.id);
        let attempt = AttemptId::new(now, rand::random());
        let wants = match series.busy {
            // The one beside which the plan stands looks after both.
            Some(Busy::With { .. }) => None,
            Some(Busy::Here(_)) | None => series.wants_attention_at(now),
        };
        let item = Item::new(place.clone(), series)?.revision(series.revision).attempt(attempt);
        transaction.replace(item.wants_attention(shard(series.id.into()), wants), read);
        // The last one written is the one beside which the plan stands: by that the attempt is known.
        transaction.witness(place, attempt);
        Ok(())
    }
}

/// A series that there is from now on, in the lists of its clients. What is only held is in none.
fn write_client_rows(series: &Series, transaction: &mut Transaction) -> Result<(), Error> {
    for client in &series.template.clients {
        transaction.put(Item::new(key::client_series(series.practice, *client, series.id), &series.id)?);
    }
    Ok(())
}

/// The series that sessions shall be of.
fn target(owner: &Series, plan: &Plan) -> Series {
    match &plan.does {
        Does::Change { into, .. } => (**into).clone(),
        Does::Book | Does::Extend { .. } | Does::Cancel { .. } | Does::Delete { .. } => owner.clone(),
    }
}

/// The HTTP status with which a plan is answered once it is done.
fn status(plan: &Plan) -> u16 {
    match plan.does {
        Does::Book => 201,
        Does::Extend { .. } | Does::Change { .. } | Does::Cancel { .. } | Does::Delete { .. } => 200,
    }
}

fn next_of(series: &Series) -> Series {
    Series { revision: series.revision + 1, ..series.clone() }
}

fn of(sessions: &BTreeMap<SessionId, Session>, step: &Step) -> Option<Session> {
    step.session().and_then(|session| sessions.get(&session)).cloned()
}

fn done(working: Working) -> usize {
    usize::try_from(working.done).unwrap_or(usize::MAX)
}

fn len(steps: &[Step]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

async fn pause(round: u32) {
    if round > 0 {
        let longest = 10_u64 << round.min(6);
        tokio::time::sleep(std::time::Duration::from_millis(rand::random_range(1..=longest))).await;
    }
}

/// Why a chunk was not made.
enum Failed {
    /// A time is taken, and then nothing was to be done.
    Stopped,
    Error(Error),
}

impl<E: Into<Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}
