//! One transaction of a plan: as many steps as it takes, and what becomes of the series with them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::{
    ids::{AttemptId, SeriesId, SessionId},
    inbox::{About, InboxItem},
    series::{Begun, Busy, Does, Hands, Made, Place, Plan, Series, Stage, Step, Stopped, Working},
    session::Session,
    sheet::{Diary, Resource, days_around},
};
use hourkeep_store::{Item, Transaction, key};

use super::{
    cost::ROOM,
    run::{Failed, Run, UnderWay, Undertaking, status},
    scene::{places, with_sessions},
    view::SeriesView,
};
use crate::{
    answer::Answer,
    error::Error,
    inbox::flag,
    sessions::{diaries, lists, occupied, shard, write_event, write_session, write_sheets},
    usage::{Counter, count},
};

/// One transaction of a plan.
pub(super) struct Chunk {
    pub(super) transaction: Transaction,
    pub(super) next: Next,
}

/// What comes after it.
pub(super) enum Next {
    More,
    Done(Answer),
    Stopped,
}

impl Run<'_> {
    /// The next transaction of a plan.
    pub(super) async fn chunk(&self, under_way: &UnderWay) -> Result<Chunk, Failed> {
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
                if plan.drops(place) {
                    flag(&mut transaction, &taken(&series, place.original, now))?;
                }
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
                write_rows(new, &mut transaction)?;
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

    pub(super) async fn sessions(&self, steps: &[Step]) -> Result<BTreeMap<SessionId, Session>, Error> {
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
    pub(super) async fn diaries(
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

/// What staff are to learn of a place that could not be booked.
fn taken(series: &Series, place: NaiveDateTime, now: DateTime<Utc>) -> InboxItem {
    let about = About::PlaceTaken { series: series.id, local_start: place, zone: series.timing.zone.clone() };
    InboxItem::new(series.practice, series.template.practitioner, series.template.clients.clone(), about, now)
}

/// A series that there is from now on, in the lists it belongs to. What is only held is in none.
fn write_rows(series: &Series, transaction: &mut Transaction) -> Result<(), Error> {
    for client in lists(&series.template.clients) {
        transaction.put(Item::new(key::listed_series(series.practice, client, series.id), &series.id)?);
    }
    Ok(())
}

/// The series that sessions shall be of.
pub(super) fn target(owner: &Series, plan: &Plan) -> Series {
    match &plan.does {
        Does::Change { into, .. } => (**into).clone(),
        Does::Book | Does::Extend { .. } | Does::Cancel { .. } | Does::Delete { .. } => owner.clone(),
    }
}

fn next_of(series: &Series) -> Series {
    Series { revision: series.revision + 1, ..series.clone() }
}

pub(super) fn of(sessions: &BTreeMap<SessionId, Session>, step: &Step) -> Option<Session> {
    step.session().and_then(|session| sessions.get(&session)).cloned()
}

fn done(working: Working) -> usize {
    usize::try_from(working.done).unwrap_or(usize::MAX)
}

fn len(steps: &[Step]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}
