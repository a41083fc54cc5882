//! What got out of the house: mails as their recipients' calendars take them in, and jobs to hand out again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::{Dispatch, Job},
    port::{Envelope, MailKind, MailRefused, Mailer, PortError, Queue},
};
use hourkeep_local::Ports;
use hourkeep_mail::Mail;
use hourkeep_testkit::{Script, ports::Scripted};
use mail_parser::MessageParser;

use crate::calendar::{Calendar, Invitation};

/// What was accepted, in order. Clones are the same memory.
#[derive(Clone, Default)]
pub(super) struct Outbox(Arc<Mutex<Accepted>>);

#[derive(Default)]
struct Accepted {
    mails: Vec<(MailKind, Mail)>,
    jobs: Vec<Job>,
}

struct Remembering {
    ports: Ports,
    outbox: Outbox,
}

impl Outbox {
    /// The ports with the memory around them, and the script's faults around that.
    pub(super) fn around(&self, ports: Ports, script: &Script) -> Ports {
        let remembering = Arc::new(Remembering { ports: ports.clone(), outbox: self.clone() });
        let (queue, mailer): (Arc<dyn Queue>, Arc<dyn Mailer>) = (remembering.clone(), remembering);
        Ports {
            timers: Arc::new(Scripted::over(ports.timers, script.clone())),
            queue: Arc::new(Scripted::over(queue, script.clone())),
            mailer: Arc::new(Scripted::over(mailer, script.clone())),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().mails.len()
    }

    pub(super) fn newest_jobs(&self, count: usize) -> Vec<Job> {
        self.0.lock().unwrap().jobs.iter().rev().take(count).cloned().collect()
    }

    fn since(&self, seen: usize) -> Vec<(MailKind, Mail)> {
        self.0.lock().unwrap().mails[seen..].to_vec()
    }
}

#[async_trait]
impl Queue for Remembering {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        self.ports.queue.send(dispatch, delay).await?;
        self.outbox.0.lock().unwrap().jobs.push(dispatch.job.clone());
        Ok(())
    }
}

#[async_trait]
impl Mailer for Remembering {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        self.ports.mailer.send(envelope, mail).await?;
        self.outbox.0.lock().unwrap().mails.push((envelope.kind, mail.clone()));
        Ok(())
    }
}

/// What people have, by what they were mailed.
#[derive(Default)]
pub(super) struct Mailboxes {
    seen: usize,
    bytes: BTreeSet<Vec<u8>>,
    pub(super) calendars: BTreeMap<String, Calendar>,
    /// The reminders that went out, by session and due minute: all that differ.
    pub(super) reminders: BTreeMap<(String, DateTime<Utc>), usize>,
    /// The notices that went out to people who were never invited, by session.
    pub(super) notices: BTreeMap<String, usize>,
    /// How many mails came a second time, byte by byte.
    pub(super) repeats: usize,
}

impl Mailboxes {
    /// Takes in what came since the last time.
    pub(super) fn collect(&mut self, outbox: &Outbox) {
        for (kind, mail) in outbox.since(self.seen) {
            self.seen += 1;
            if !self.bytes.insert(mail.raw.clone()) {
                self.repeats += 1;
                continue;
            }
            let message = MessageParser::default().parse(&mail.raw).unwrap();
            let session = message.references().as_text().unwrap().split('.').next().unwrap().to_owned();
            let stamped_at = DateTime::from_timestamp(message.date().unwrap().to_timestamp(), 0).unwrap();
            match (&mail.calendar, kind) {
                (Some(part), _) => {
                    let invitation = Invitation::read(&part.ics);
                    assert_eq!(invitation.attendees, [mail.to.to_string()]);
                    self.calendars.entry(mail.to.to_string()).or_default().receive(&invitation);
                }
                (None, MailKind::Reminder) => *self.reminders.entry((session, stamped_at)).or_default() += 1,
                (None, MailKind::Cancellation) => *self.notices.entry(session).or_default() += 1,
                (None, MailKind::Notice) => panic!("who changed their own calendar needs no notice"),
                (None, MailKind::Invite | MailKind::Update) => panic!("an entry without a calendar part"),
            }
        }
    }
}
