//! Delivers: one mail at a time per session and recipient, always the current state, never twice on purpose.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    account::Account,
    ids::{AttemptId, PracticeId, Subject},
    lane::{Ask, Lane, Plan, Posting, Reason, Sending, Undeliverable},
    people::{Client, Practitioner},
    practice::Practice,
    recipient::Recipient,
    session::on_record,
    slot::Slot,
};
use hourkeep_mail::Letter;
use hourkeep_store::{CommitError, Item, Key, Table, Transaction, key};

use super::{
    WorkError,
    letter::{self, Whereabouts},
    topic::Topic,
};
use crate::{
    job::{Job, LaneJob, NoticeJob, ReminderJob},
    links::Links,
    port::{Clock, Envelope, MailKind, MailRefused, Mailer},
    sessions::shard,
    usage::{Counter, Month, count, usage_in},
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
    /// The practice may not send: it waits with its event until it may.
    Held,
    /// Records were changed, and what follows is with their events.
    Changed,
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

/// How often it is tried to say that a mail was sent.
const ATTEMPTS: u32 = 5;

/// What a job is about, as it was read.
#[derive(Clone, Copy)]
struct At<'a> {
    topic: &'a Topic,
    account: &'a Account,
}

/// A lane that this worker looks at.
struct Held {
    key: Key,
    read: u32,
    /// As it stands in the table.
    stored: Lane<Letter>,
    /// With what is known besides.
    lane: Lane<Letter>,
}

impl Post {
    /// Does a job, if its practice may send. An error means: hand it out again later.
    pub async fn deliver(&self, job: &Job) -> Result<Done, WorkError> {
        let Some(subject) = job.subject() else { return Err(WorkError::WrongQueue(job.name())) };
        let practice = job.practice();
        let Some((topic, account)) = Box::pin(Topic::read(&self.table, &*self.clock, practice, subject)).await? else {
            return Ok(Done::Nothing);
        };
        if !self.may_send(practice, &account).await? {
            return self.hold(job, subject).await;
        }
        let at = At { topic: &topic, account: &account };
        match job {
            Job::Invite(job) => Box::pin(self.lane_job(at, job, job.entry())).await,
            Job::Cancellation(job) => Box::pin(self.lane_job(at, job, job.cancellation())).await,
            Job::Notice(job) => Box::pin(self.inform(at, job)).await,
            Job::Reminder(job) => Box::pin(self.remind(at, job)).await,
            Job::Reanchor(_) | Job::Series(_) => Err(WorkError::WrongQueue(job.name())),
        }
    }

    async fn lane_job(&self, at: At<'_>, job: &LaneJob, ask: Ask) -> Result<Done, WorkError> {
        let Some(recipient) = at.topic.recipient(job.recipient).cloned() else { return Ok(Done::Nothing) };
        self.ask(at, &recipient, ask, None).await
    }

    /// Practitioners have a lane like everyone who is mailed.
    async fn inform(&self, at: At<'_>, job: &NoticeJob) -> Result<Done, WorkError> {
        let practitioner = self.table.get::<Practitioner>(&key::practitioner(job.practice, job.practitioner)).await?;
        let Some(practitioner) = practitioner.map(|stored| stored.body).filter(|p| p.active) else { return Ok(Done::Nothing) };
        let recipient =
            Recipient::new(at.topic.addressed_as(), Some(practitioner.name), practitioner.email, Some(practitioner.zone));
        self.ask(at, &recipient, job.ask(), job.moved_from.as_ref()).await
    }

    /// Reminders go to the contact of record of each client who allows the channel, invited or not.
    async fn remind(&self, at: At<'_>, job: &ReminderJob) -> Result<Done, WorkError> {
        let Topic::Session { session, .. } = at.topic else { return Ok(Done::Nothing) };
        let clients = session.details().clients.iter().map(|p| key::client(job.practice, p.client));
        let clients: Vec<Key> = clients.collect();
        let batch = self.table.get_many(clients.clone()).await?;
        let mut done = Done::Nothing;
        for place in &clients {
            let client = batch.body::<Client>(place)?.filter(|client| client.reminder_channels.contains(&job.reminder.channel));
            if let Some(recipient) = client.as_ref().and_then(|client| on_record(at.topic.addressed_as(), client)) {
                match self.ask(at, &recipient, Ask::Reminder(job.due()), None).await? {
                    Done::Nothing | Done::Held | Done::Changed => {}
                    sent_or_refused @ (Done::Sent | Done::Refused) => done = sent_or_refused,
                }
            }
        }
        Ok(done)
    }

    /// Whether the practice may send another mail. Costs a read only where there is a limit.
    async fn may_send(&self, practice: PracticeId, account: &Account) -> Result<bool, WorkError> {
        if account.is_suspended() {
            return Ok(false);
        }
        let Some(limit) = account.limits.mails_per_month else { return Ok(true) };
        let usage = usage_in(&self.table, practice, Month::of(self.clock.now())).await?;
        Ok(usage.mails_sent < u64::from(limit))
    }

    /// Leaves a job until the practice may send: the event that asked for it goes back into the index of what is pending,
    /// and the sweep asks again, every hour. Reminders do not wait: of a practice that may not send, none is sent.
    async fn hold(&self, job: &Job, subject: Subject) -> Result<Done, WorkError> {
        let revision = match job {
            Job::Invite(job) | Job::Cancellation(job) => job.revision,
            Job::Notice(job) => job.revision,
            Job::Reminder(_) | Job::Reanchor(_) | Job::Series(_) => return Ok(Done::Nothing),
        };
        if revision == 0 {
            return Err(WorkError::Missing("event that the job names"));
        }
        self.table.reopen(&key::event(job.practice(), subject, revision), shard(subject), self.clock.now()).await?;
        Ok(Done::Held)
    }

    async fn ask(&self, at: At<'_>, recipient: &Recipient, ask: Ask, moved_from: Option<&Slot>) -> Result<Done, WorkError> {
        let (practice, subject) = at.topic.place();
        let place = key::lane(practice, subject, recipient.id);
        let stored = self.table.get::<Lane<Letter>>(&place).await?;
        let (read, stored) = stored.map_or_else(Default::default, |stored| (stored.revision, stored.body));
        let lane = match ask {
            Ask::Entry { .. } | Ask::Cancellation { .. } | Ask::LeftOut { .. } => {
                let known = at.topic.within(&self.table, stored.clone(), recipient.id).await?;
                let Some(lane) = known else { return Ok(Done::Nothing) };
                lane
            }
            Ask::Reminder(_) | Ask::Notice { .. } => stored.clone(),
        };
        let held = Held { key: place, read, stored, lane };
        match held.lane.plan(ask, at.topic.matter(), recipient.id, self.clock.now()) {
            Plan::Done => Ok(Done::Nothing),
            Plan::Busy => Err(WorkError::LaneBusy),
            Plan::Repeat(sending) => Box::pin(self.send(held, sending.posting, sending.letter, at)).await,
            Plan::Send(posting) => {
                let letter = self.write(posting, at.topic, recipient, &held.lane, moved_from).await?;
                Box::pin(self.send(held, posting, letter, at)).await
            }
        }
    }

    async fn write(
        &self,
        posting: Posting,
        topic: &Topic,
        recipient: &Recipient,
        lane: &Lane<Letter>,
        moved_from: Option<&Slot>,
    ) -> Result<Letter, WorkError> {
        let (id, _) = topic.place();
        let (by, at) = match topic {
            Topic::Session { session, .. } => (session.details().practitioner, vec![Whereabouts::of(session.details())]),
            Topic::Series(scene) => (scene.series.template.practitioner, letter::whereabouts(scene)),
        };
        let (practice, practitioner) = (key::practice(id), key::practitioner(id, by));
        let rooms = at.iter().filter_map(|at| at.room).map(|room| key::room(id, room));
        let locations = at.iter().filter_map(|at| at.location).map(|location| key::location(id, location));
        let keys = [practice.clone(), practitioner.clone()].into_iter().chain(rooms).chain(locations);
        let batch = self.table.get_all(keys).await?;
        let desk = letter::Desk {
            practice: &batch.body::<Practice>(&practice)?.ok_or(WorkError::Missing("practice"))?,
            practitioner: &batch.body::<Practitioner>(&practitioner)?.ok_or(WorkError::Missing("practitioner"))?,
            places: &batch,
            links: &self.links,
            now: self.clock.now(),
        };
        match topic {
            Topic::Session { session, series } => desk.write(posting, session, series.as_deref(), (recipient, lane), moved_from),
            Topic::Series(scene) => desk.write_series(posting, scene, (recipient, lane)),
        }
    }

    /// Takes the lane, with the letter in it; looks whether the session still is as it was; sends; says so in the lane.
    ///
    /// Whoever changed the session before the lane was taken is seen by the second look, and whoever changes it later
    /// finds the lane taken: so no mail leaves that a change has overtaken. Whatever is cut off leaves the letter in
    /// the lane, and the next one to look sends the same bytes again.
    async fn send(&self, held: Held, posting: Posting, letter: Letter, at: At<'_>) -> Result<Done, WorkError> {
        let Held { key, read, stored: before, lane } = held;
        let (practice, subject) = at.topic.place();
        let holder = format!("{:032x}", rand::random::<u128>());
        let taken = lane.taken(posting, letter.clone(), at.topic.sequence(), holder, self.clock.now());
        if !self.table.swap(Item::new(key.clone(), &taken)?.revision(read + 1), read).await? {
            return Err(WorkError::LaneBusy);
        }
        if at.topic.has_changed(&self.table).await? {
            // Nothing has left: the lane is as it was.
            self.table.swap(Item::new(key, &before)?.revision(read + 2), read + 1).await?;
            return Err(WorkError::LaneBusy);
        }
        let manage_link = match (posting, at.topic) {
            (Posting::Entry { .. } | Posting::Reminder(_), Topic::Session { session, .. }) => {
                self.links.manage(session.details(), letter.recipient)
            }
            (Posting::Entry { .. } | Posting::Reminder(_), Topic::Series(_))
            | (Posting::Cancellation { .. } | Posting::LeftOut { .. } | Posting::Notice { .. }, _) => None,
        };
        let mail = letter.compose(manage_link.as_ref());
        let envelope = Envelope {
            kind: MailKind::from(&letter.kind),
            practice,
            subject,
            recipient: letter.recipient,
            tenant: at.account.tenant.clone(),
        };
        let (lane, done) = match self.mailer.send(&envelope, &mail).await {
            Ok(()) => {
                let now = self.clock.now();
                let lane = Item::new(key, &taken.sent(posting, &letter.slot, now))?;
                return self.sent(lane, read + 1, (practice, subject), now).await;
            }
            Err(MailRefused::ForGood(why)) => {
                tracing::warn!(session = %subject, why, "a mail is undeliverable");
                let found = Undeliverable { reason: Reason::Refused, at: Some(self.clock.now()) };
                (before.noted(found), Ok(Done::Refused))
            }
            Err(MailRefused::ForNow(error)) => {
                // Nobody holds the lane now; the letter stays in it.
                let release = |sending: Sending<Letter>| Sending { until: self.clock.now(), ..sending };
                (Lane { sending: taken.sending.clone().map(release), ..taken }, Err(WorkError::from(error)))
            }
        };
        if !self.table.swap(Item::new(key, &lane)?.revision(read + 2), read + 1).await? {
            tracing::warn!(session = %subject, "the lane was taken over while a mail was being sent");
        }
        done
    }

    /// Says in the lane that the mail was sent, and counts it, both or neither. Whatever fails here leaves the letter in
    /// the lane, and the same bytes are sent once more.
    async fn sent(
        &self,
        lane: Item,
        read: u32,
        (practice, subject): (PracticeId, Subject),
        now: DateTime<Utc>,
    ) -> Result<Done, WorkError> {
        let mut transaction = Transaction::default();
        let attempt = AttemptId::new(now, rand::random());
        transaction.witness(lane.key().clone(), attempt);
        transaction.replace(lane.revision(read + 1).attempt(attempt), read);
        count(&mut transaction, practice, attempt, now, &[(Counter::MailsSent, 1)]);
        for round in 0..ATTEMPTS {
            if round > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(rand::random_range(1..=50))).await;
            }
            match self.table.commit(&transaction).await {
                Ok(()) => return Ok(Done::Sent),
                // Someone else's mail was counted at the same moment.
                Err(CommitError::Contended) => {}
                Err(CommitError::Unknown(_)) if self.table.holds(&transaction).await? => return Ok(Done::Sent),
                Err(CommitError::Unknown(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a mail was sent, and saying so failed");
                }
                Err(CommitError::Stale) => {
                    tracing::warn!(session = %subject, "the lane was taken over while a mail was being sent");
                    return Ok(Done::Sent);
                }
                Err(CommitError::Impossible(error)) => return Err(error.into()),
            }
        }
        Err(hourkeep_store::StoreError::Busy.into())
    }
}
