//! Delivers: one mail at a time per session and recipient, always the current state, never twice on purpose.

use std::sync::Arc;

use hourkeep_domain::{
    ids::{PracticeId, SessionId},
    lane::{Ask, Lane, Plan, Posting, Sending},
    people::Client,
    practice::{Location, Practice, Room},
    recipient::Recipient,
    session::{Session, on_record},
};
use hourkeep_mail::Letter;
use hourkeep_store::{Item, Key, Table, key};

use super::{WorkError, letter};
use crate::{
    job::{Job, LaneJob, ReminderJob},
    links::Links,
    port::{Clock, MailKind, MailRefused, Mailer},
};

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A mail was accepted.
    Sent,
    /// There was nothing to send: it was sent before, or nobody wants it any more.
    Nothing,
    /// The mail service refuses the message for good. The lane says so.
    Refused,
}

/// The workers that send mail.
#[derive(Clone)]
pub struct Post {
    /// The table.
    pub table: Table,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The mail service.
    pub mailer: Arc<dyn Mailer>,
    /// Addresses in mails.
    pub links: Links,
}

/// A lane that this worker looks at.
struct Held {
    key: Key,
    read: u32,
    lane: Lane<Letter>,
}

impl Post {
    /// Does a job. An error means: hand it out again later.
    pub async fn deliver(&self, job: &Job) -> Result<Done, WorkError> {
        match job {
            Job::Invite(job) => self.lane_job(job, job.entry()).await,
            Job::Cancellation(job) => self.lane_job(job, job.cancellation()).await,
            Job::Reminder(job) => self.remind(job).await,
        }
    }

    async fn lane_job(&self, job: &LaneJob, ask: Ask) -> Result<Done, WorkError> {
        let Some(session) = self.session(job.practice, job.session).await? else { return Ok(Done::Nothing) };
        let Some(recipient) = session.recipient(job.recipient).cloned() else { return Ok(Done::Nothing) };
        self.ask(job.practice, &session, &recipient, ask).await
    }

    /// Reminders go to the contact of record of each client who allows the channel, invited or not.
    async fn remind(&self, job: &ReminderJob) -> Result<Done, WorkError> {
        let Some(session) = self.session(job.practice, job.session).await? else { return Ok(Done::Nothing) };
        let clients = session.details().clients.iter().map(|p| key::client(job.practice, p.client));
        let clients: Vec<Key> = clients.collect();
        let batch = self.table.get_many(clients.clone()).await?;
        let mut done = Done::Nothing;
        for place in &clients {
            let client = batch.body::<Client>(place)?.filter(|client| client.reminder_channels.contains(&job.reminder.channel));
            if let Some(recipient) = client.as_ref().and_then(|client| on_record(job.session, client)) {
                match self.ask(job.practice, &session, &recipient, Ask::Reminder(job.due())).await? {
                    Done::Nothing => {}
                    other => done = other,
                }
            }
        }
        Ok(done)
    }

    async fn session(&self, practice: PracticeId, id: SessionId) -> Result<Option<Session>, WorkError> {
        Ok(self.table.get(&key::session(practice, id)).await?.map(|stored| stored.body))
    }

    async fn ask(&self, practice: PracticeId, session: &Session, recipient: &Recipient, ask: Ask) -> Result<Done, WorkError> {
        let place = key::lane(practice, session.details().id, recipient.id);
        let stored = self.table.get::<Lane<Letter>>(&place).await?;
        let (read, lane) = stored.map_or_else(Default::default, |stored| (stored.revision, stored.body));
        let held = Held { key: place, read, lane };
        match held.lane.plan(ask, session, recipient.id, self.clock.now()) {
            Plan::Done => Ok(Done::Nothing),
            Plan::Busy => Err(WorkError::LaneBusy),
            Plan::Repeat(sending) => self.send(held, sending.posting, sending.letter, session).await,
            Plan::Send(posting) => {
                let letter = self.write(practice, posting, session, recipient, &held.lane).await?;
                self.send(held, posting, letter, session).await
            }
        }
    }

    async fn write(
        &self,
        id: PracticeId,
        posting: Posting,
        session: &Session,
        recipient: &Recipient,
        lane: &Lane<Letter>,
    ) -> Result<Letter, WorkError> {
        let details = session.details();
        let (practice, practitioner) = (key::practice(id), key::practitioner(id, details.practitioner));
        let (room, location) = (details.room.map(|r| key::room(id, r)), details.location.map(|l| key::location(id, l)));
        let keys = [Some(practice.clone()), Some(practitioner.clone()), room.clone(), location.clone()];
        let batch = self.table.get_many(keys.into_iter().flatten()).await?;
        let room: Option<Room> = room.map(|key| batch.body(&key)).transpose()?.flatten();
        let location: Option<Location> = location.map(|key| batch.body(&key)).transpose()?.flatten();
        let desk = letter::Desk {
            practice: &batch.body::<Practice>(&practice)?.ok_or(WorkError::Missing("practice"))?,
            practitioner: &batch.body(&practitioner)?.ok_or(WorkError::Missing("practitioner"))?,
            room: room.as_ref(),
            location: location.as_ref(),
            links: &self.links,
        };
        desk.write(posting, session, recipient, lane)
    }

    /// Takes the lane, with the letter in it; sends; says so in the lane. Whatever is cut off here leaves the letter
    /// there, and the next one to look sends the same bytes again.
    async fn send(&self, held: Held, posting: Posting, letter: Letter, session: &Session) -> Result<Done, WorkError> {
        let Held { key, read, lane } = held;
        let holder = format!("{:032x}", rand::random::<u128>());
        let lane = lane.taken(posting, letter.clone(), session.details().sequence, holder, self.clock.now());
        if !self.table.swap(Item::new(key.clone(), &lane)?.revision(read + 1), read).await? {
            return Err(WorkError::LaneBusy);
        }
        let manage_link = self.links.manage(session.details(), letter.recipient);
        let mail = letter.compose(manage_link.as_ref());
        let (lane, done) = match self.mailer.send(MailKind::from(&letter.kind), &mail).await {
            Ok(()) => (lane.sent(posting, &letter.slot, self.clock.now()), Ok(Done::Sent)),
            Err(MailRefused::ForGood(why)) => {
                tracing::warn!(session = %letter.session, why, "a mail is undeliverable");
                (Lane { sending: None, undeliverable: Some(why), ..lane }, Ok(Done::Refused))
            }
            Err(MailRefused::ForNow(error)) => {
                // Nobody holds the lane now; the letter stays in it.
                let release = |sending: Sending<Letter>| Sending { until: self.clock.now(), ..sending };
                (Lane { sending: lane.sending.clone().map(release), ..lane }, Err(WorkError::from(error)))
            }
        };
        if !self.table.swap(Item::new(key, &lane)?.revision(read + 2), read + 1).await? {
            tracing::warn!(session = %letter.session, "the lane was taken over while a mail was being sent");
        }
        done
    }
}
