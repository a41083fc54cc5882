//! The desk: what every operation of staff needs to read, decide and commit.

use std::sync::Arc;

use chrono::Duration;
use hourkeep_domain::{
    ids::{AttemptId, SessionId},
    people::{Membership, Role},
};
use hourkeep_store::{CommitError, Table, Transaction};

use crate::{
    answer::{Answer, Conditions},
    caller::{Correlation, Principal, enter},
    error::Error,
    job::{Dispatch, Job, ReminderJob},
    links::Links,
    port::{Clock, PortError, Queue, Timers},
};

/// What operations work with. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The table.
    pub table: Table,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Reminders to come.
    pub timers: Arc<dyn Timers>,
    /// Jobs for workers.
    pub queue: Arc<dyn Queue>,
    /// Addresses in answers and mails.
    pub links: Links,
}

/// What one attempt came to.
pub(crate) enum Step {
    /// The request was answered before.
    Replayed(Answer),
    /// This is to be written.
    Commit(Box<Plan>),
}

/// What is to be written, and what is answered once it holds.
pub(crate) struct Plan {
    pub(crate) transaction: Transaction,
    pub(crate) answer: Answer,
    pub(crate) timers: Vec<ReminderJob>,
}

/// How often a lost race is decided again.
const ATTEMPTS: u32 = 8;

impl Desk {
    /// A new id's randomness.
    pub(crate) fn random() -> u128 {
        rand::random()
    }

    /// A new session id.
    pub(crate) fn session_id(&self) -> SessionId {
        SessionId::new(self.clock.now(), Self::random())
    }

    /// Decides and commits until it holds, is refused, or too many others win.
    ///
    /// An attempt whose outcome is unknown is looked for before the next one is made, so that it is recognised as
    /// one's own and never clashes with itself. Before a refusal holds, it is looked for once more, and so is the
    /// answer to the same request sent twice: what stands in the way may be their effect.
    pub(crate) async fn settle<F>(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        mut attempt: impl FnMut(AttemptId) -> F,
    ) -> Result<Answer, Error>
    where
        F: Future<Output = Result<Step, Error>>,
    {
        let mut doubtful: Vec<Box<Plan>> = Vec::new();
        for round in 0..ATTEMPTS {
            pause(round).await;
            if let Some(plan) = self.recognise(&doubtful).await? {
                return Ok(self.finish(plan, conditions).await);
            }
            let id = AttemptId::new(self.clock.now(), Self::random());
            let plan = match Box::pin(attempt(id)).await {
                Ok(Step::Replayed(answer)) => return Ok(answer),
                Ok(Step::Commit(plan)) => plan,
                Err(refused) => {
                    return match self.recognise(&doubtful).await? {
                        Some(plan) => Ok(self.finish(plan, conditions).await),
                        // An overlap has looked already, beside its search for free times.
                        None if matches!(refused, Error::Overlap { .. }) => Err(refused),
                        None => self.answered(principal, conditions).await?.ok_or(refused),
                    };
                }
            };
            match self.table.commit(&plan.transaction).await {
                Ok(()) => return Ok(self.finish(&plan, conditions).await),
                Err(CommitError::Stale | CommitError::Contended) => {}
                Err(CommitError::Unknown(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the outcome of a commit is unknown");
                    doubtful.push(plan);
                }
                Err(CommitError::Impossible(error)) => return Err(error.into()),
            }
        }
        match self.recognise(&doubtful).await? {
            Some(plan) => Ok(self.finish(plan, conditions).await),
            None => Err(Error::TooBusy),
        }
    }

    async fn recognise<'a>(&self, doubtful: &'a [Box<Plan>]) -> Result<Option<&'a Plan>, Error> {
        for plan in doubtful {
            if self.table.holds(&plan.transaction).await? {
                return Ok(Some(plan));
            }
        }
        Ok(None)
    }

    /// The answer to this request, if it was given while this one was being decided: the records that an attempt
    /// reads are not of one moment.
    pub(crate) async fn answered(&self, principal: &Principal, conditions: &Conditions) -> Result<Option<Answer>, Error> {
        if conditions.request.is_none() {
            return Ok(None);
        }
        let key = |practice| conditions.key(practice, principal).into_iter().collect();
        let (member, batch) = enter(&self.table, principal, key).await?;
        conditions.replay(member.practice, principal, &batch, self.clock.now())
    }

    /// What was committed holds whatever comes now: the relay arms the same timers again from the event.
    async fn finish(&self, plan: &Plan, conditions: &Conditions) -> Answer {
        for job in &plan.timers {
            if let Err(error) = arm(&*self.timers, &*self.queue, self.clock.now(), job, conditions.correlation.as_ref()).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a timer is left to the relay");
            }
        }
        plan.answer.clone()
    }
}

/// Waits before a lost race is run again: not at all the first time, then longer and longer, and never as long as others.
pub(crate) async fn pause(round: u32) {
    if round > 0 {
        let longest = 10_u64 << round.min(6);
        tokio::time::sleep(std::time::Duration::from_millis(rand::random_range(1..=longest))).await;
    }
}

/// Arms a timer. What is due within two minutes goes straight to the queue, since a timer in the past is refused;
/// what is past is left alone.
pub(crate) async fn arm(
    timers: &dyn Timers,
    queue: &dyn Queue,
    now: chrono::DateTime<chrono::Utc>,
    job: &ReminderJob,
    correlation: Option<&Correlation>,
) -> Result<(), PortError> {
    let dispatch = Dispatch { correlation: correlation.cloned(), job: Job::Reminder(job.clone()) };
    if job.due_at > now + Duration::minutes(2) {
        timers.arm(&job.timer_name(), job.due_at, &dispatch).await
    } else {
        queue.send(&dispatch, (job.due_at - now).max(Duration::zero())).await
    }
}

/// That only a director may.
pub(crate) fn directors_only(member: &Membership) -> Result<(), Error> {
    match member.role {
        Role::Director => Ok(()),
        Role::Practitioner | Role::FrontDesk => Err(Error::DirectorsOnly),
    }
}

/// That only those who run the practice may.
pub(crate) fn front_desk_only(member: &Membership) -> Result<(), Error> {
    match member.role {
        Role::Director | Role::FrontDesk => Ok(()),
        Role::Practitioner => Err(Error::FrontDeskOnly),
    }
}
