//! Works off a plan: as many steps in one transaction as it takes, one transaction after the other.
//!
//! The series record, of which each transaction writes the next revision, says how far the plan is. So no step is done
//! twice, whoever does it, and whatever dies in between: the next to come goes on where it stands. Mail leaves with the last
//! one, and so does the answer that the request is remembered by.

use hourkeep_domain::{
    correlation::Correlation,
    event::Event,
    ids::{PracticeId, SeriesId},
    practice::Practice,
    series::{Busy, Does, Hands, Plan, Series, Stage, Stopped, Working},
    session::Clash,
    slot::Slot,
};
use hourkeep_store::{CommitError, Range, Table, Transaction, key};
use serde::{Deserialize, Serialize};

use super::{
    chunk::{Next, of, target},
    scene::Scene,
    view::SeriesView,
};
use crate::{
    answer::{Answer, Conditions, ToRemember},
    caller::Principal,
    desk::pause,
    error::Error,
    port::Clock,
};

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
pub(super) struct UnderWay {
    pub(super) undertaking: Undertaking,
    pub(super) owner: Series,
    /// The revision of it that is in the table; 0 is none.
    pub(super) read: u32,
    pub(super) parted: Option<Series>,
    pub(super) working: Option<Working>,
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
            if self.commit(&chunk.transaction).await? {
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
            match (self.commit(&chunk.transaction).await?, chunk.next) {
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

    /// Whether a transaction holds; if not, others were quicker.
    async fn commit(&self, transaction: &Transaction) -> Result<bool, Error> {
        match self.table.commit(transaction).await {
            Ok(()) => Ok(true),
            Err(CommitError::Impossible(error)) => Err(error.into()),
            Err(CommitError::Unknown(_)) => Ok(self.table.holds(transaction).await?),
            Err(CommitError::Stale | CommitError::Contended) => Ok(false),
        }
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
}

/// The HTTP status with which a plan is answered once it is done.
pub(super) fn status(plan: &Plan) -> u16 {
    match plan.does {
        Does::Book => 201,
        Does::Extend { .. } | Does::Change { .. } | Does::Cancel { .. } | Does::Delete { .. } => 200,
    }
}

/// Why a chunk was not made.
pub(super) enum Failed {
    /// A time is taken, and then nothing was to be done.
    Stopped,
    Error(Error),
}

impl<E: Into<Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}
