//! New time-zone rules are brought to every practice, and its sessions stay at their wall time (B3).
//!
//! Each session is brought over by itself, so whatever is cut off leaves it as it was or as it shall be, and who begins again
//! finds done what was done: the slot says by which release's rules it goes.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Days, Duration, Utc};
use hourkeep_domain::{
    ids::{AttemptId, PracticeId, SeriesId, SessionId},
    inbox::{About, InboxItem},
    people::Practitioner,
    practice::Practice,
    session::{Neighbour, Reanchor, Reckoning, Session},
    sheet::{Diary, Entry, Resource, days_around},
    zone::TzRelease,
};
use hourkeep_store::{CommitError, Item, Key, Range, StoreError, Stored, key};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::{Horizon, Relay, WorkError};
use crate::{
    desk::{Desk, arm, pause},
    inbox::flag,
    job::{Dispatch, Job, ReanchorJob, ReminderJob},
    platform::practices,
    series::Run,
    sessions::{diaries, occupied, transaction_of},
};

/// By which rules the platform's sessions go: one record, written by the sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Rules {
    /// They were brought to every practice.
    release: TzRelease,
    /// Whether they are to be brought once more: while a deployment goes on or has been rolled back, another release still
    /// books by its own.
    again: bool,
}

/// What bringing a practice's sessions to the current rules came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Sessions on the sheets from yesterday on.
    pub looked_at: usize,
    /// Those whose instants are the same by the current rules.
    pub renewed: usize,
    /// Those whose instants are others.
    pub moved: usize,
    /// Of the moved, those that overlap something by that, or whose wall time exists no longer.
    pub flagged: usize,
    /// Series whose own entry has the current rules now.
    pub series: usize,
}

impl Brought {
    /// Whether anything was written.
    pub fn has_changed(&self) -> bool {
        self.renewed + self.moved + self.series > 0
    }
}

/// No sheet is of a later day.
const LAST_DAY: &str = "9999-12-31";
/// How many sheets are read at once.
const SHEETS: usize = 60;
/// How many sessions are read at once: as many as a request may ask for.
const SESSIONS: usize = 100;
/// How many sessions that stay where they are, are written at once.
const AT_ONCE: usize = 10;
/// How often a lost race is decided again.
const ATTEMPTS: u32 = 8;

impl Relay {
    /// Hands out a job for each practice where the bundled rules are newer than those that were last brought to all, and
    /// only then says that they were: whoever is cut off begins again, and a job done twice does nothing more. Answers for
    /// how many practices.
    ///
    /// An hour later it does so once more, for what the release before still booked while both ran. A release with older
    /// rules brings nothing; it says that the newer one is to come again.
    pub(super) async fn spread_rules(&self) -> Result<usize, WorkError> {
        let Some(release) = TzRelease::current() else { return Ok(0) };
        let stored = self.table.get::<Rules>(&key::rules()).await?;
        let (read, known) = stored.map(|stored| (stored.revision, stored.body)).unzip();
        let (next, handing_out) = match known {
            Some(rules) if rules.release > release && !rules.again => (Rules { again: true, ..rules }, false),
            Some(rules) if rules.release > release => return Ok(0),
            Some(rules) if rules.release == release && !rules.again => return Ok(0),
            Some(rules) if rules.release == release => (Rules { again: false, ..rules }, true),
            Some(_) | None => (Rules { release, again: true }, true),
        };
        let practices = if handing_out { practices(&self.table).await? } else { Vec::new() };
        for &practice in &practices {
            let dispatch = Dispatch { correlation: None, job: Job::Reanchor(ReanchorJob { practice }) };
            self.queue.send(&dispatch, Duration::zero()).await?;
        }
        let read = read.unwrap_or_default();
        // If another sweep was quicker, it has handed out the same.
        self.table.swap(Item::new(key::rules(), &next)?.revision(read + 1), read).await?;
        Ok(practices.len())
    }
}

/// What is known while a practice is gone through.
#[derive(Default)]
struct Round {
    seen: HashSet<SessionId>,
    /// Where those that were moved began before.
    stood_at: HashMap<SessionId, DateTime<Utc>>,
    /// The series of all that were looked at.
    series: BTreeSet<SeriesId>,
    brought: Brought,
    failed: Option<WorkError>,
}

/// What became of one session.
enum Fate {
    Untouched,
    Renewed,
    Moved {
        from: DateTime<Utc>,
        flagged: bool,
    },
    /// Someone changed it or its sheets meanwhile.
    Lost,
}

impl Round {
    fn note(&mut self, session: SessionId, fate: Result<Fate, WorkError>) {
        match fate {
            Ok(Fate::Untouched | Fate::Lost) => {}
            Ok(Fate::Renewed) => self.brought.renewed += 1,
            Ok(Fate::Moved { from, flagged }) => {
                self.stood_at.insert(session, from);
                self.brought.moved += 1;
                self.brought.flagged += usize::from(flagged);
            }
            // One that fails does not keep back the others; the job is done again for it.
            Err(error) => self.failed = Some(error),
        }
    }
}

impl Horizon {
    /// Brings a practice's sessions to the current rules. Also those of practitioners who work there no more, and those of
    /// a practice that is suspended, whose mails wait.
    pub async fn reanchor(&self, practice: PracticeId) -> Result<Brought, WorkError> {
        let range = Range::Prefix(key::PRACTITIONERS.to_owned());
        let practitioners = self.table.query::<Practitioner>(&key::practice_partition(practice), &range, None, None).await?;
        let now = self.clock.now().date_naive();
        let ahead = Range::Between(now.checked_sub_days(Days::new(1)).unwrap_or(now).to_string(), LAST_DAY.to_owned());
        let mut round = Round::default();
        for (_, practitioner) in practitioners.items {
            let partition = key::days_partition(practice, Resource::Practitioner(practitioner.body.id));
            let mut after = None;
            loop {
                let sheets = self.table.query::<Vec<Entry>>(&partition, &ahead, Some(SHEETS), after.as_deref()).await?;
                let entries = sheets.items.into_iter().flat_map(|(_, sheet)| sheet.body);
                let ids: Vec<_> = entries.filter(|e| !e.closed && round.seen.insert(e.session)).map(|e| e.session).collect();
                for ids in ids.chunks(SESSIONS) {
                    self.bring_over(practice, ids, &mut round).await?;
                }
                after = sheets.next;
                if after.is_none() {
                    break;
                }
            }
        }
        self.bring_series_over(practice, &mut round).await?;
        let Brought { looked_at, renewed, moved, flagged, series } = round.brought;
        if round.brought.has_changed() {
            tracing::info!(%practice, looked_at, renewed, moved, flagged, series, "new time-zone rules were brought to sessions");
        }
        round.failed.map_or(Ok(round.brought), Err)
    }

    /// The entry of each series goes out once, when all of its sessions have the new rules.
    async fn bring_series_over(&self, practice: PracticeId, round: &mut Round) -> Result<(), WorkError> {
        let Some(record) = self.table.get::<Practice>(&key::practice(practice)).await? else { return Ok(()) };
        let run = Run { table: &self.table, clock: &*self.clock, practice: &record.body };
        if round.failed.is_none() {
            for series in std::mem::take(&mut round.series) {
                round.brought.series += usize::from(Box::pin(run.reanchor(series)).await?);
            }
        }
        Ok(())
    }

    /// Those that stay where they are side by side, those that move one after the other: they share sheets.
    async fn bring_over(&self, practice: PracticeId, ids: &[SessionId], round: &mut Round) -> Result<(), WorkError> {
        let batch = self.table.get_many(ids.iter().map(|id| key::session(practice, *id))).await?;
        let (mut staying, mut moving) = (Vec::new(), Vec::new());
        for &id in ids {
            round.brought.looked_at += 1;
            match batch.get::<Session>(&key::session(practice, id)) {
                Ok(None) => {}
                Ok(Some(stored)) => {
                    let session: &Session = &stored.body;
                    round.series.extend(session.details().occurrence.as_ref().map(|occurrence| occurrence.series));
                    match stored.body.reckon(self.clock.now()) {
                        Reckoning::Untouched => {}
                        Reckoning::Renewed(_) => staying.push((id, stored)),
                        Reckoning::Moves(_) => moving.push((id, stored)),
                    }
                }
                Err(error) => round.note(id, Err(error.into())),
            }
        }
        let mut staying = staying.into_iter().peekable();
        while staying.peek().is_some() {
            let mut renewals = JoinSet::new();
            for (id, stored) in staying.by_ref().take(AT_ONCE) {
                let horizon = self.clone();
                renewals.spawn(async move { (id, horizon.settle(practice, id, stored, &HashMap::new()).await) });
            }
            for (id, fate) in renewals.join_all().await {
                round.note(id, fate);
            }
        }
        for (id, stored) in moving {
            let fate = Box::pin(self.settle(practice, id, stored, &round.stood_at)).await;
            round.note(id, fate);
        }
        Ok(())
    }

    /// Decides and writes until it holds, reading again what others changed meanwhile.
    async fn settle(
        &self,
        practice: PracticeId,
        id: SessionId,
        mut stored: Stored<Session>,
        stood_at: &HashMap<SessionId, DateTime<Utc>>,
    ) -> Result<Fate, WorkError> {
        let place = key::session(practice, id);
        for round in 0..ATTEMPTS {
            if round > 0 {
                pause(round).await;
                match self.table.get(&place).await? {
                    Some(again) => stored = again,
                    None => return Ok(Fate::Untouched),
                }
            }
            let fate = match stored.body.reckon(self.clock.now()) {
                Reckoning::Untouched => Fate::Untouched,
                Reckoning::Renewed(session) => self.renew(&place, &stored, &session).await?,
                Reckoning::Moves(reanchor) => Box::pin(self.shift(&stored.body, reanchor, stood_at)).await?,
            };
            match fate {
                Fate::Lost => {}
                Fate::Untouched | Fate::Renewed | Fate::Moved { .. } => return Ok(fate),
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Writes the release alone: the revision stays, as nothing changes that anyone sees.
    ///
    /// The days before a session may have other rules than its own, so its reminders are armed again first. Those that are
    /// armed already are, by their names, the same.
    async fn renew(&self, place: &Key, stored: &Stored<Session>, session: &Session) -> Result<Fate, WorkError> {
        let (details, now) = (session.details(), self.clock.now());
        for reminder in details.reminders.iter() {
            let due_at = reminder.due_at(&details.slot);
            if due_at > now {
                let job = ReminderJob { practice: details.practice, session: details.id, reminder, due_at };
                arm(&*self.timers, &*self.queue, now, &job, None).await?;
            }
        }
        let item = Item::new(place.clone(), session)?.revision(stored.revision);
        let item = match stored.attempt {
            Some(attempt) => item.attempt(attempt),
            None => item,
        };
        Ok(if self.table.swap(item, stored.revision).await? { Fate::Renewed } else { Fate::Lost })
    }

    /// Moves a session with its sheets and rows, and puts before staff what they must look at: one transaction.
    async fn shift(
        &self,
        before: &Session,
        reanchor: Reanchor,
        stood_at: &HashMap<SessionId, DateTime<Utc>>,
    ) -> Result<Fate, WorkError> {
        let (details, now) = (before.details(), self.clock.now());
        let (from, slot) = (details.slot.starts_at(), reanchor.slot().clone());
        let (old, new) = (days_around(from.date_naive()), days_around(slot.starts_at().date_naive()));
        let resources = occupied(details);
        let diaries = diaries(&self.table, details.practice, &resources, old.0.min(new.0), old.1.max(new.1)).await?;
        let neighbours = self.neighbours(details.practice, &reanchor, &diaries, stood_at).await?;
        let reanchored = reanchor.decide(diaries, &neighbours, now, AttemptId::new(now, Desk::random()));
        let mut transaction = transaction_of(Some(before), &reanchored.decision, None)?;
        if reanchored.is_flagged() {
            let about = About::Reanchored {
                session: details.id,
                was: details.slot.local_start(),
                is: slot.local_start(),
                zone: slot.zone().clone(),
                overlapping: !reanchored.overlaps.is_empty(),
            };
            let clients = details.clients.iter().map(|participant| participant.client).collect();
            flag(&mut transaction, &InboxItem::new(details.practice, details.practitioner, clients, about, now))?;
        }
        let moved = Fate::Moved { from, flagged: reanchored.is_flagged() };
        match self.table.commit(&transaction).await {
            Ok(()) => Ok(moved),
            Err(CommitError::Stale | CommitError::Contended) => Ok(Fate::Lost),
            Err(CommitError::Unknown(_)) if self.table.holds(&transaction).await? => Ok(moved),
            Err(CommitError::Unknown(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the outcome of a commit is unknown");
                Ok(Fate::Lost)
            }
            Err(CommitError::Impossible(error)) => Err(error.into()),
        }
    }

    async fn neighbours(
        &self,
        practice: PracticeId,
        reanchor: &Reanchor,
        diaries: &[Diary],
        stood_at: &HashMap<SessionId, DateTime<Utc>>,
    ) -> Result<Vec<Neighbour>, WorkError> {
        let mut neighbours = Vec::new();
        for ids in reanchor.neighbours(diaries).chunks(SESSIONS) {
            let batch = self.table.get_many(ids.iter().map(|id| key::session(practice, *id))).await?;
            for id in ids {
                let session = batch.body::<Session>(&key::session(practice, *id))?;
                neighbours.extend(session.map(|session| Neighbour { session, stood_at: stood_at.get(id).copied() }));
            }
        }
        Ok(neighbours)
    }
}
