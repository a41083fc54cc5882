//! Carries series on: interrupted changes are finished, sessions are made a year ahead, and staff learn of an end in time.

use hourkeep_domain::{
    ids::{AttemptId, RoomId, SeriesId},
    inbox::{About, InboxItem},
    people::Membership,
    practice::Room,
    recurrence::Occurrence,
    series::{NOTICE, Series},
    zone::tz_version,
};
use hourkeep_store::{CommitError, Item, Transaction, key};

use super::{
    Run, Scene,
    run::{Ran, Undertaking},
};
use crate::{
    error::Error,
    inbox::flag,
    sessions::{room_sheet, shard, write_event},
};

/// What became of a series that was looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    /// Something was done.
    Changed,
    /// There was nothing to do.
    Nothing,
}

/// How often one call goes on: a year of daily sessions that were never made is one, and each change of them one more.
const ROUNDS: usize = 8;

impl Run<'_> {
    /// Looks after a series: whatever it wants now. Doing it again does nothing more.
    pub(crate) async fn look_after(&self, id: SeriesId) -> Result<Extended, Error> {
        let mut extended = Extended::Nothing;
        for _ in 0..ROUNDS {
            let Some(series) = self.series(id).await? else { return Ok(extended) };
            let now = self.clock.now();
            if series.busy.is_some() {
                Box::pin(self.help(&series)).await?;
                extended = Extended::Changed;
                continue;
            }
            let by = Membership::of_hourkeep(self.practice.id);
            let room = self.room(series.template.room).await?;
            let attempt = AttemptId::new(now, rand::random());
            if let Some(plan) = series.to_extend(room, &by, attempt, now) {
                let undertaking = Undertaking { plan, request: None, correlation: None };
                let read = series.revision;
                match Box::pin(self.begin(series, read, undertaking)).await? {
                    Ran::Done(_) => extended = Extended::Changed,
                    Ran::Stopped(_) | Ran::Stale => {}
                }
                continue;
            }
            if self.reanchor(series.id).await? {
                extended = Extended::Changed;
                continue;
            }
            if self.flag_end(&series).await? {
                extended = Extended::Changed;
            }
            return Ok(extended);
        }
        Ok(extended)
    }

    async fn series(&self, id: SeriesId) -> Result<Option<Series>, Error> {
        Ok(self.table.get(&key::series(self.practice.id, id)).await?.map(|stored| stored.body))
    }

    /// The room, if it is one that can be taken. It may have become virtual since.
    async fn room(&self, room: Option<RoomId>) -> Result<Option<RoomId>, Error> {
        let Some(id) = room else { return Ok(None) };
        let room: Option<Room> = self.table.get(&key::room(self.practice.id, id)).await?.map(|stored| stored.body);
        Ok(room_sheet(room.as_ref()))
    }

    /// Sends the entry of a series with new time-zone rules, once its sessions have them.
    pub(crate) async fn reanchor(&self, id: SeriesId) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some(series) = self.series(id).await?.filter(|series| series.tz_version != tz_version()) else { return Ok(false) };
        if series.busy.is_some() {
            Box::pin(self.help(&series)).await?;
        }
        let Some(scene) = Scene::read(self.table, self.practice.id, id).await? else { return Ok(false) };
        let sessions = scene.places.iter().filter_map(|(_, session)| session.as_ref());
        let attempt = AttemptId::new(now, rand::random());
        let Some((after, event)) = scene.series.reanchored(sessions, attempt, now) else { return Ok(false) };
        let mut transaction = Transaction::default();
        if let Some(event) = &event {
            write_event(event, None, &mut transaction)?;
        }
        self.put(&after, scene.series.revision, transaction).await
    }

    /// Writes a series in place of the revision that was read. Whoever was quicker leaves it to be looked after again.
    async fn put(&self, series: &Series, read: u32, mut transaction: Transaction) -> Result<bool, Error> {
        let item = Item::new(key::series(self.practice.id, series.id), series)?.revision(series.revision);
        let wants = series.wants_attention_at(self.clock.now());
        transaction.replace(item.wants_attention(shard(series.id.into()), wants), read);
        match self.table.commit(&transaction).await {
            Ok(()) => Ok(true),
            Err(CommitError::Stale | CommitError::Contended) => Ok(false),
            Err(CommitError::Unknown(error) | CommitError::Impossible(error)) => Err(error.into()),
        }
    }

    /// Tells staff of the end of a series, four weeks before it.
    async fn flag_end(&self, series: &Series) -> Result<bool, Error> {
        let now = self.clock.now();
        let last = series.timing.last().and_then(Occurrence::slot);
        let Some(last) = last.filter(|slot| series.stands() && !series.end_flagged && slot.starts_at() - NOTICE <= now) else {
            return Ok(false);
        };
        let told = Series { revision: series.revision + 1, end_flagged: true, ..series.clone() };
        let mut transaction = Transaction::default();
        if now < last.starts_at() && last.starts_at() - NOTICE > series.created_at {
            let about = About::SeriesEnds { series: series.id, last: last.local_start(), zone: last.zone().clone() };
            let (practitioner, clients) = (series.template.practitioner, series.template.clients.clone());
            flag(&mut transaction, &InboxItem::new(self.practice.id, practitioner, clients, about, now))?;
        }
        self.put(&told, series.revision, transaction).await
    }
}
