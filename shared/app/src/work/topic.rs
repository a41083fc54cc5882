//! What a job is about, as it was read: a session, with its series if it is of one; or a series with all its sessions.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    account::Account,
    ids::{PracticeId, RecipientId, Subject},
    lane::{Lane, Matter},
    practice::Practice,
    recipient::Recipient,
    recurrence::Occurrence,
    series::Series,
    session::Session,
    slot::Slot,
};
use hourkeep_mail::Letter;
use hourkeep_store::{Table, key};

use super::WorkError;
use crate::{
    port::Clock,
    series::{Run, Scene},
};

/// What a job is about.
pub(super) enum Topic {
    /// A session, and its series if it is of one.
    Session { session: Box<Session>, series: Option<Box<Series>> },
    /// A series.
    Series(Box<Scene>),
}

impl Topic {
    /// Reads it, with the practice's account: one request for a session that stands alone. A change of a series that is not
    /// finished is finished first.
    pub(super) async fn read(
        table: &Table,
        clock: &dyn Clock,
        practice: PracticeId,
        subject: Subject,
    ) -> Result<Option<(Self, Account)>, WorkError> {
        let account = key::account(practice);
        match subject {
            Subject::Session(id) => {
                let place = key::session(practice, id);
                let batch = table.get_many([place.clone(), account.clone()]).await?;
                let Some(session) = batch.body::<Session>(&place)? else { return Ok(None) };
                let series = match &session.details().occurrence {
                    Some(occurrence) => finished(table, clock, practice, occurrence.series).await?,
                    None => None,
                };
                let topic = Self::Session { session: Box::new(session), series: series.map(Box::new) };
                Ok(Some((topic, batch.body(&account)?.unwrap_or_default())))
            }
            Subject::Series(id) => {
                let Some(_) = finished(table, clock, practice, id).await? else { return Ok(None) };
                let Some(scene) = Scene::read(table, practice, id).await? else { return Ok(None) };
                let account = table.get::<Account>(&account).await?.map(|stored| stored.body).unwrap_or_default();
                Ok(Some((Self::Series(Box::new(scene)), account)))
            }
        }
    }

    /// As a lane sees it.
    pub(super) fn matter(&self) -> Matter<'_> {
        match self {
            Self::Session { session, .. } => Matter::Session(session),
            Self::Series(scene) => Matter::Series(&scene.series),
        }
    }

    /// Whose it is, and which.
    pub(super) fn place(&self) -> (PracticeId, Subject) {
        match self {
            Self::Session { session, .. } => (session.details().practice, session.details().id.into()),
            Self::Series(scene) => (scene.series.practice, scene.series.id.into()),
        }
    }

    /// The SEQUENCE that the lane knows it by.
    pub(super) fn sequence(&self) -> u32 {
        match self {
            Self::Session { session, .. } => session.details().sequence,
            Self::Series(scene) => scene.series.sequence,
        }
    }

    /// What the ids of those who are mailed about it follow from.
    pub(super) fn addressed_as(&self) -> Subject {
        match self {
            Self::Session { session, .. } => session.details().addressed_as(),
            Self::Series(scene) => scene.series.root.into(),
        }
    }

    /// Someone who is mailed about it.
    pub(super) fn recipient(&self, id: RecipientId) -> Option<&Recipient> {
        match self {
            Self::Session { session, .. } => session.recipient(id),
            Self::Series(scene) => scene.series.recipient(id),
        }
    }

    /// The revisions of all that a letter is written from.
    fn revisions(&self) -> Vec<u32> {
        match self {
            Self::Session { session, series } => {
                [session.details().revision].into_iter().chain(series.as_ref().map(|series| series.revision)).collect()
            }
            Self::Series(scene) => {
                let sessions = scene.places.iter().map(|(_, session)| session.as_ref().map_or(0, |s| s.details().revision));
                [scene.series.revision].into_iter().chain(sessions).collect()
            }
        }
    }

    /// Whether it has changed since it was read.
    pub(super) async fn has_changed(&self, table: &Table) -> Result<bool, WorkError> {
        let (practice, _) = self.place();
        let now = match self {
            Self::Session { session, series } => {
                let place = key::session(practice, session.details().id);
                let of = series.as_ref().map(|series| key::series(practice, series.id));
                let batch = table.get_many([Some(place.clone()), of.clone()].into_iter().flatten()).await?;
                let Some(session) = batch.body::<Session>(&place)? else { return Ok(true) };
                let series = of.map(|of| batch.body::<Series>(&of)).transpose()?.flatten();
                Self::Session { session: Box::new(session), series: series.map(Box::new) }
            }
            Self::Series(scene) => match Scene::read(table, practice, scene.series.id).await? {
                Some(scene) => Self::Series(Box::new(scene)),
                None => return Ok(true),
            },
        };
        Ok(now.revisions() != self.revisions())
    }

    /// A recipient's lane, with what they were sent of the series that the session is of: who holds the entry of a series
    /// holds one for each of its sessions. `None` where the series' own mail is still to be sent, and says it all; an error
    /// where that is being sent, and nobody knows yet what it says.
    pub(super) async fn within(
        &self,
        table: &Table,
        lane: Lane<Letter>,
        recipient: RecipientId,
    ) -> Result<Option<Lane<Letter>>, WorkError> {
        let Self::Session { session, series: Some(series) } = self else { return Ok(Some(lane)) };
        let Some(occurrence) = &session.details().occurrence else { return Ok(Some(lane)) };
        let place = key::lane(series.practice, series.id, recipient);
        let of_series = table.get::<Lane<Letter>>(&place).await?.map(|stored| stored.body).unwrap_or_default();
        if of_series.sending.is_some() || of_series.cut_off.is_some() {
            return Err(WorkError::LaneBusy);
        }
        let holds = of_series.told.as_ref().is_some_and(|told| told.holds_entry);
        let is_invited = series.invitation.recipients().any(|r| r.id == recipient);
        if is_invited && !holds {
            return Ok(None);
        }
        let timing = &series.timing;
        let slot = Slot::resolve(occurrence.original, &timing.zone, timing.length, None);
        let slot = slot.unwrap_or_else(|_| session.details().slot.clone());
        Ok(Some(lane.within(&of_series, occurrence.described, &slot)))
    }
}

/// A series with no change of several sessions under way.
async fn finished(
    table: &Table,
    clock: &dyn Clock,
    practice: PracticeId,
    id: hourkeep_domain::ids::SeriesId,
) -> Result<Option<Series>, WorkError> {
    let place = key::series(practice, id);
    let read = async || Ok::<_, WorkError>(table.get::<Series>(&place).await?.map(|stored| stored.body));
    let Some(series) = read().await? else { return Ok(None) };
    if series.busy.is_none() {
        return Ok(Some(series));
    }
    let record: Option<Practice> = table.get(&key::practice(practice)).await?.map(|stored| stored.body);
    let record = record.ok_or(WorkError::Missing("practice"))?;
    Box::pin(Run { table, clock, practice: &record }.help(&series)).await?;
    read().await
}

/// When the last place of a series is that has a session, where the series ends; by its rule alone, as long as more are to be
/// made.
pub(super) fn last_start(scene: &Scene) -> Option<DateTime<Utc>> {
    let Series { timing, made_until, .. } = &scene.series;
    let last = timing.last().and_then(Occurrence::slot)?;
    let stands = |session: &Session| match session {
        Session::Scheduled(_) | Session::Closed(_) => true,
        Session::Cancelled(_) | Session::Deleted(_) => false,
    };
    let all_made = *made_until >= Some(last.local_start());
    let taken = scene.places.iter().filter(|(_, session)| session.as_ref().is_some_and(stands)).map(|(place, _)| place.original);
    let shown = taken.max().filter(|_| all_made).and_then(|at| Slot::resolve(at, &timing.zone, timing.length, None).ok());
    Some(shown.unwrap_or(last).starts_at())
}
