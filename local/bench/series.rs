//! A year of weekly sessions through the local server, in this process and in memory: previewed, then booked, over HTTP.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::config::SharedHttpClient;
use chrono::{Days, NaiveDate};
use hourkeep_local::{Options, Server};
use hourkeep_testkit::{Log, Script, Wire};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::{Outcome, bookings::Desk};

/// What one of the two requests takes.
pub(crate) struct Year {
    pub(crate) what: &'static str,
    /// To the database.
    pub(crate) requests: usize,
    /// Those of them that write.
    pub(crate) transactions: usize,
    pub(crate) median_ms: f64,
    pub(crate) slowest_tenth_ms: f64,
}

const WEEKS: usize = 52;
const SERIES: u64 = 31;

/// Counts on one server, where nothing else works at the same time, and takes times on another, where nothing counts.
pub(crate) async fn measure() -> Outcome<Vec<Year>> {
    let log = Log::default();
    let http = SharedHttpClient::new(Wire::on_loopback(Script::new(), log.clone()));
    let server = Server::start(Options { http: Some(http), background: false, ..Options::default() }).await?;
    let counted = Booker::open(&server.url()).await?;
    let mut counts = Vec::new();
    for request in Request::BOTH {
        drop(log.take());
        counted.ask(request, 0).await?;
        let traffic = log.take();
        counts.push((traffic.requests(), traffic.of("TransactWriteItems").requests()));
    }
    server.stop().await;

    let server = Server::start(Options::default()).await?;
    let booker = Booker::open(&server.url()).await?;
    let mut times = [Vec::new(), Vec::new()];
    for n in 0..SERIES {
        for (request, times) in Request::BOTH.into_iter().zip(&mut times) {
            times.push(booker.ask(request, n).await?);
        }
    }
    server.stop().await;

    let row = |((request, (requests, transactions)), mut times): ((Request, (usize, usize)), Vec<Duration>)| {
        times.sort_unstable();
        let at = |tenth: usize| times.get(times.len() * tenth / 10).copied().unwrap_or_default().as_secs_f64() * 1000.0;
        Year { what: request.what(), requests, transactions, median_ms: at(5), slowest_tenth_ms: at(9) }
    };
    Ok(Request::BOTH.into_iter().zip(counts).zip(times).map(row).collect())
}

#[derive(Clone, Copy)]
enum Request {
    Preview,
    Book,
}

impl Request {
    const BOTH: [Self; 2] = [Self::Preview, Self::Book];

    fn what(self) -> &'static str {
        match self {
            Self::Preview => "52 weekly sessions previewed",
            Self::Book => "52 weekly sessions booked, with a room, an invite and reminders",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Preview => "/v1/series/preview",
            Self::Book => "/v1/series",
        }
    }

    /// How it is answered, and under which field the sessions are.
    fn answered(self) -> (StatusCode, &'static str) {
        match self {
            Self::Preview => (StatusCode::OK, "occurrences"),
            Self::Book => (StatusCode::CREATED, "sessions"),
        }
    }
}

/// Who books one series after the other, each at an hour of its own.
struct Booker {
    http: Client,
    desk: Desk,
    room: String,
}

impl Booker {
    async fn open(url: &str) -> Outcome<Self> {
        let (http, desk) = (Client::new(), Desk::open(url, 1).await?);
        let room =
            http.post(format!("{url}/v1/rooms")).bearer_auth(&desk.token).json(&json!({"name": "Red room", "kind": "in_person"}));
        let room = room.send().await?.error_for_status()?.json::<Value>().await?;
        Ok(Self { http, desk, room: room["id"].as_str().ok_or("no room")?.to_owned() })
    }

    async fn ask(&self, request: Request, n: u64) -> Outcome<Duration> {
        let (practitioner, client) = self.desk.pairs.first().ok_or("nobody works here")?;
        let first = NaiveDate::from_ymd_opt(2027, 1, 4).ok_or("no such day")? + Days::new(n / 10);
        let wish = json!({
            "clients": [{"client_id": client}],
            "practitioner_id": practitioner,
            "room_id": self.room,
            "local_start": format!("{first}T{:02}:00", 8 + n % 10),
            "invite": {"send": true},
            "reminders": [{"days_before": 2, "channel": "email"}],
            "recurrence": {"rule": format!("FREQ=WEEKLY;COUNT={WEEKS}")},
        });
        let sent = Instant::now();
        let asked = self.http.post(format!("{}{}", self.desk.url, request.path())).bearer_auth(&self.desk.token).json(&wish);
        let answer = asked.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        let took = sent.elapsed();
        let (wanted, field) = request.answered();
        let read: Value = serde_json::from_slice(&body)?;
        if status != wanted || read[field].as_array().is_none_or(|sessions| sessions.len() != WEEKS) {
            return Err(format!("{} was answered {status}: {}", request.path(), String::from_utf8_lossy(&body)).into());
        }
        Ok(took)
    }
}
