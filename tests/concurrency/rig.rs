//! A house whose wire and ports follow a script, and which remembers what got out of it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_sdk_dynamodb::config::SharedHttpClient;
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::{Dispatch, Job, QueueName, ReminderJob},
    port::{Envelope, MailRefused, Mailer, PortError, Queue, Timers},
};
use hourkeep_local::{Begin, Data, Options, Ports};
use hourkeep_mail::Mail;
use hourkeep_testkit::{Log, Script, Wire, ports::Scripted};
use hourkeep_tests::House;

use crate::mails::Mailed;

/// A house with faults to come and a memory.
pub(crate) struct Rig {
    pub(crate) house: House,
    pub(crate) script: Script,
    pub(crate) out: Out,
    log: Log,
}

/// What the ports accepted, whether or not the caller learned of it. Clones are the same memory.
#[derive(Clone, Default)]
pub(crate) struct Out(Arc<Mutex<Accepted>>);

#[derive(Default)]
struct Accepted {
    mails: Vec<Mailed>,
    jobs: Vec<Job>,
    timers: Vec<(String, ReminderJob)>,
}

impl Rig {
    /// A house in memory.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default(), Out::default()).await
    }

    /// A house with other options.
    pub(crate) async fn with(options: Options, out: Out) -> Self {
        let (script, log) = (Script::new(), Log::default());
        let options = Self::options(options, &script, &log, &out);
        Self { house: House::with(options).await, script, out, log }
    }

    fn options(options: Options, script: &Script, log: &Log, out: &Out) -> Options {
        let http = SharedHttpClient::new(Wire::on_loopback(script.clone(), log.clone()));
        let (script, out) = (script.clone(), out.clone());
        let around = move |ports: Ports| {
            let kept = Arc::new(Remembering { ports, out });
            let (timers, queue, mailer): (Arc<dyn Timers>, Arc<dyn Queue>, Arc<dyn Mailer>) = (kept.clone(), kept.clone(), kept);
            Ports {
                timers: Arc::new(Scripted::over(timers, script.clone())),
                queue: Arc::new(Scripted::over(queue, script.clone())),
                mailer: Arc::new(Scripted::over(mailer, script)),
            }
        };
        Options { http: Some(http), around: Some(Box::new(around)), ..options }
    }

    /// Ends the server, and starts another over the same data, at the same address and moment, with nothing to fail.
    pub(crate) async fn restart(self, data: Data) -> Self {
        let (now, url, out) = (self.now(), self.house.server.url(), self.out.clone());
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        self.house.server.stop().await;
        Self::with(Options { data, port, clock: Begin::Standing(now), ..Options::default() }, out).await
    }

    /// The house's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.house.server.desk().clock.now()
    }

    /// Moves the clock forward, through every due moment.
    pub(crate) async fn advance_to(&self, to: DateTime<Utc>) {
        self.house.server.advance(to).await.unwrap();
        // Nobody reads the log here, and it would grow with every request.
        drop(self.log.take());
    }

    /// Takes all faults away and lets so much time pass that leases end, queues hand out again and the sweep runs.
    pub(crate) async fn heal(&self) {
        self.script.clear();
        self.house.drain().await;
        self.advance_to(self.now() + Duration::hours(2)).await;
    }

    /// How many faults have struck.
    pub(crate) fn struck(&self) -> usize {
        self.script.fired().len()
    }
}

impl Out {
    /// Every mail that was accepted, in order.
    pub(crate) fn mails(&self) -> Vec<Mailed> {
        self.0.lock().unwrap().mails.clone()
    }

    /// Every job about a mail that was queued by the product, in order.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        let all = self.0.lock().unwrap().jobs.clone();
        all.into_iter().filter(|job| job.queue() != QueueName::Series).collect()
    }

    /// Every timer that was armed, each time that it was.
    pub(crate) fn timers(&self) -> Vec<(String, ReminderJob)> {
        self.0.lock().unwrap().timers.clone()
    }
}

fn reminder(dispatch: &Dispatch) -> ReminderJob {
    match &dispatch.job {
        Job::Reminder(job) => job.clone(),
        Job::Invite(_) | Job::Cancellation(_) | Job::Notice(_) | Job::Reanchor(_) | Job::Series(_) => {
            panic!("timers carry reminders alone")
        }
    }
}

/// Ports that remember what they accepted.
struct Remembering {
    ports: Ports,
    out: Out,
}

#[async_trait]
impl Timers for Remembering {
    async fn arm(&self, name: &str, at: DateTime<Utc>, dispatch: &Dispatch) -> Result<(), PortError> {
        self.ports.timers.arm(name, at, dispatch).await?;
        self.out.0.lock().unwrap().timers.push((name.to_owned(), reminder(dispatch)));
        Ok(())
    }
}

#[async_trait]
impl Queue for Remembering {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        self.ports.queue.send(dispatch, delay).await?;
        self.out.0.lock().unwrap().jobs.push(dispatch.job.clone());
        Ok(())
    }
}

#[async_trait]
impl Mailer for Remembering {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        self.ports.mailer.send(envelope, mail).await?;
        self.out.0.lock().unwrap().mails.push(Mailed::new(envelope.kind, mail));
        Ok(())
    }
}
