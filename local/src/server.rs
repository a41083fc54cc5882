//! Starts everything, and ends it cleanly.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use aws_sdk_dynamodb::config::SharedHttpClient;
use chrono::{DateTime, Utc};
use hourkeep_app::{
    desk::Desk,
    links::Links,
    platform::Platform,
    port::{Clock as _, Mailer, Queue, Timers},
    work::{Horizon, Post, Relay},
};
use hourkeep_domain::text::Url;
use hourkeep_store::{Table, create_table};
use tokio::{
    net::TcpListener,
    sync::{Mutex, Notify, watch},
    task::JoinHandle,
};

use crate::{
    clock::LocalClock,
    database::Embedded,
    demo::Demo,
    drain::MachineRoom,
    issuer::Issuer,
    mailbox::Mailbox,
    queue::Queues,
    routes::{self, Local},
    shelf::{SHELF, Shelf, TABLE},
    stream::Stream,
    timers::LocalTimers,
};

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Data {
    /// Gone when the server ends.
    Memory,
    /// A file in this folder.
    Folder(PathBuf),
}

/// Where the clock begins. One that runs goes on, over data that are there already, as they have kept it.
#[derive(Clone, Copy, Debug)]
pub enum Begin {
    /// With real time.
    RealTime,
    /// At an instant, from which it runs on.
    Running(DateTime<Utc>),
    /// At an instant, where it stands until it is moved.
    Standing(DateTime<Utc>),
}

/// The ports of the product, for tests to put something in between.
#[derive(Clone)]
pub struct Ports {
    /// Reminders to come.
    pub timers: Arc<dyn Timers>,
    /// Jobs for workers.
    pub queue: Arc<dyn Queue>,
    /// The mail service.
    pub mailer: Arc<dyn Mailer>,
}

/// How to start.
pub struct Options {
    /// The port on loopback; 0 takes a free one.
    pub port: u16,
    /// The port on loopback where the database is reached from outside; 0 takes a free one.
    pub database_port: u16,
    /// Where the data is.
    pub data: Data,
    /// Whether to make the demo practice where there is none.
    pub demo: bool,
    /// Where the clock begins.
    pub clock: Begin,
    /// Whether the machine room works by itself; otherwise only when the clock is moved.
    pub background: bool,
    /// The folder of the built web app, served under `/app/`.
    pub app: Option<PathBuf>,
    /// Beneath the product's DynamoDB client, in place of the SDK's own HTTP client.
    pub http: Option<SharedHttpClient>,
    /// Around the product's ports.
    pub around: Option<Around>,
}

/// Puts something around the ports.
pub type Around = Box<dyn FnOnce(Ports) -> Ports + Send>;

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            database_port: 0,
            data: Data::Memory,
            demo: true,
            clock: Begin::RealTime,
            background: true,
            app: None,
            http: None,
            around: None,
        }
    }
}

/// The server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error("port {port} cannot be used: {source}. Set {variable} to another one.")]
    Port {
        /// What says which.
        variable: &'static str,
        /// Which.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The data folder cannot be used.
    #[error("the data folder {} cannot be used: {source}. Set HOURKEEP_DATA to another one, or to \"memory\".", folder.display())]
    Data {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database does not work.
    #[error("the database does not start: {0}")]
    Database(String),
    /// The demo practice cannot be made.
    #[error("the demo practice cannot be made: {0}")]
    Demo(String),
}

impl StartError {
    pub(crate) fn data(folder: &Path, source: std::io::Error) -> Self {
        Self::Data { folder: folder.to_owned(), source }
    }

    pub(crate) fn database(error: impl std::fmt::Display) -> Self {
        Self::Database(error.to_string())
    }

    pub(crate) fn key(error: impl std::fmt::Debug) -> Self {
        Self::Database(format!("the signing key is not usable: {error:?}"))
    }
}

/// The running server.
pub struct Server {
    address: SocketAddr,
    desk: Desk,
    ports: Ports,
    room: Arc<MachineRoom>,
    embedded: Embedded,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    working: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts; answers once it serves and what came due while it was off is handled.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let embedded = Embedded::start(&options.data, options.database_port).await?;
        let quiet = embedded.client(None);
        create_table(&quiet, TABLE).await.map_err(StartError::database)?;
        create_table(&quiet, SHELF).await.map_err(StartError::database)?;
        let shelf = Shelf(Table::new(quiet, SHELF));
        let clock = Arc::new(match options.clock {
            Begin::Standing(at) => LocalClock::standing(at),
            Begin::Running(at) => LocalClock::ahead(offset(&shelf, Some(at)).await?),
            Begin::RealTime => LocalClock::ahead(offset(&shelf, None).await?),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
        let listener = listener.map_err(|source| StartError::Port { variable: "PORT", port: options.port, source })?;
        let address = listener.local_addr().map_err(|source| StartError::Port { variable: "PORT", port: options.port, source })?;
        let issuer = Issuer::open(&shelf).await?;
        let links = Links::new(&base(address)?, "mail.hourkeep.test", &manage_key(&shelf).await?);

        let table = Table::new(embedded.client(options.http), TABLE);
        let timers = LocalTimers { shelf: shelf.clone() };
        let queues = Queues { shelf: shelf.clone(), clock: clock.clone() };
        let count = Arc::new(AtomicU64::new(u64::try_from(hourkeep_aws::clock::SystemClock.now().timestamp_micros()).unwrap_or(0)));
        let mailbox = Mailbox { shelf: shelf.clone(), clock: clock.clone(), count };
        let ports = Ports { timers: Arc::new(timers.clone()), queue: Arc::new(queues.clone()), mailer: Arc::new(mailbox.clone()) };
        let ports = match options.around {
            Some(around) => around(ports),
            None => ports,
        };
        let desk = Desk {
            table: table.clone(),
            clock: clock.clone(),
            timers: ports.timers.clone(),
            queue: ports.queue.clone(),
            links: links.clone(),
        };
        let relay = Relay { table: table.clone(), queue: ports.queue.clone(), timers: ports.timers.clone(), clock: clock.clone() };
        let horizon =
            Horizon { table: table.clone(), clock: clock.clone(), timers: ports.timers.clone(), queue: ports.queue.clone() };
        let post = Post { table, clock: clock.clone(), mailer: ports.mailer.clone(), links };
        let stream = Stream::open(embedded.streams(), shelf.clone()).await.map_err(StartError::database)?;
        let room =
            Arc::new(MachineRoom { clock: clock.clone(), shelf, timers, queues, relay, post, horizon, stream: Mutex::new(stream) });

        let wake = Arc::new(Notify::new());
        let (stop, stopped) = watch::channel(false);
        let platform = Platform { table: desk.table.clone(), clock: clock.clone() };
        let local = Local {
            desk: desk.clone(),
            platform,
            room: room.clone(),
            mailbox,
            issuer: Arc::new(issuer),
            wake: wake.clone(),
            codes: Arc::default(),
        };
        let routes = routes::all(local, options.app.as_deref());
        let serving = tokio::spawn(serve(listener, routes, stopped.clone()));
        let server = Self { address, desk, ports, room: room.clone(), embedded, stop, serving, working: None };
        if options.demo {
            Demo::at(&server.url()).make(&server.platform()).await?;
        }
        if !options.background {
            return Ok(server);
        }
        room.sweep().await;
        let _ = room.drain().await;
        Ok(Self { working: Some(tokio::spawn(work(room, wake, stopped))), ..server })
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of the database with nothing in between: for tests to look at it, and to put things there.
    pub fn database(&self) -> aws_sdk_dynamodb::Client {
        self.embedded.client(None)
    }

    /// Where the database is, for another process to work with.
    pub fn database_url(&self) -> String {
        self.embedded.endpoint().to_owned()
    }

    /// What operations work with.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// What the operator works with.
    pub fn platform(&self) -> Platform {
        Platform { table: self.desk.table.clone(), clock: self.desk.clock.clone() }
    }

    /// What hands on events, and sweeps.
    pub fn relay(&self) -> Relay {
        self.room.relay.clone()
    }

    /// The worker of what lies ahead.
    pub fn horizon(&self) -> Horizon {
        self.room.horizon.clone()
    }

    /// The ports, as the product has them.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Handles everything that is due now.
    pub async fn drain(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.room.drain().await?)
    }

    /// Moves the clock forward, through every due moment in order.
    pub async fn advance(&self, to: DateTime<Utc>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.room.advance(to).await?)
    }

    /// Ends: requests under way are answered, and what is being handled is finished.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.serving.await;
        if let Some(working) = self.working {
            let _ = working.await;
        }
        drop(self.room);
        self.embedded.stop().await;
    }
}

async fn serve(listener: TcpListener, router: axum::Router, mut stopped: watch::Receiver<bool>) {
    let shutdown = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(shutdown).await {
        tracing::error!(%error, "the server stopped");
    }
}

/// Works whenever a request was answered, and four times a second for what comes due by itself.
async fn work(room: Arc<MachineRoom>, wake: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = room.drain().await {
            tracing::error!(error = &error as &dyn std::error::Error, "a round of work failed; the next one tries again");
        }
        tokio::select! {
            () = wake.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(250)) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

fn base(address: SocketAddr) -> Result<Url, StartError> {
    Url::parse(&format!("http://{address}")).map_err(StartError::database)
}

/// How far the clock is ahead of real time. It lives with the data.
async fn offset(shelf: &Shelf, begins_at: Option<DateTime<Utc>>) -> Result<chrono::Duration, StartError> {
    if let Some(kept) = shelf.get::<i64>("CLOCK", "OFFSET").await.map_err(StartError::database)? {
        return Ok(chrono::Duration::milliseconds(kept));
    }
    let ahead = begins_at.map_or_else(chrono::Duration::zero, |at| at - hourkeep_aws::clock::SystemClock.now());
    shelf.put("CLOCK", "OFFSET", &ahead.num_milliseconds()).await.map_err(StartError::database)?;
    Ok(ahead)
}

/// The secret of manage tokens lives with the data.
async fn manage_key(shelf: &Shelf) -> Result<Vec<u8>, StartError> {
    if let Some(kept) = shelf.get::<String>("SECRET", "MANAGE").await.map_err(StartError::database)? {
        return Ok(kept.into_bytes());
    }
    let made = format!("{:032x}", rand::random::<u128>());
    shelf.put("SECRET", "MANAGE", &made).await.map_err(StartError::database)?;
    Ok(made.into_bytes())
}
