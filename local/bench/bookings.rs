//! Bookings through the local server, in this process and in memory: over HTTP, with every check and every write.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{Days, NaiveDate};
use hourkeep_local::{Options, Server};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::{Outcome, report::resident_mib};

/// What came of so many connections.
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) mails: bool,
    pub(crate) bookings: usize,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) resident_mib: u64,
}

const CONNECTIONS: [usize; 3] = [1, 8, 32];
const MEASURED: Duration = Duration::from_secs(8);
const WARM_UP: Duration = Duration::from_secs(1);

/// Measures each number of connections, on a server of its own, without and with mail.
pub(crate) async fn measure() -> Outcome<Vec<Load>> {
    let mut loads = Vec::new();
    for mails in [false, true] {
        for connections in CONNECTIONS {
            let server = Server::start(Options::default()).await?;
            let desk = Desk::open(&server.url(), connections).await?;
            loads.push(desk.load(mails).await?);
            server.stop().await;
        }
    }
    Ok(loads)
}

/// A practice with as many practitioners as there are connections, each with a client of their own.
pub(crate) struct Desk {
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) pairs: Vec<(String, String)>,
}

/// One of those who book: one connection, one calendar.
struct Booker {
    http: Client,
    url: Arc<str>,
    token: Arc<str>,
    practitioner: String,
    client: String,
    booked: u32,
    mails: bool,
}

impl Desk {
    pub(crate) async fn open(url: &str, connections: usize) -> Outcome<Self> {
        let http = Client::new();
        let signed_in = http.post(format!("{url}/local/token")).json(&json!({"as": "ada@demo.test"})).send().await?;
        let token = signed_in.json::<Value>().await?["access_token"].as_str().ok_or("no token")?.to_owned();
        let add = async |path: &str, body: Value| -> Outcome<String> {
            let answer = http.post(format!("{url}{path}")).bearer_auth(&token).json(&body).send().await?.error_for_status()?;
            Ok(answer.json::<Value>().await?["id"].as_str().ok_or("no id")?.to_owned())
        };
        let mut pairs = Vec::new();
        for number in 0..connections {
            let practitioner = json!({"name": format!("Practitioner {number}"), "email": format!("p{number}@demo.test"), "time_zone": "America/Vancouver"});
            let practitioner = add("/v1/practitioners", practitioner).await?;
            let contact = json!({"name": "Guardian", "kind": "guardian", "email": format!("g{number}@family.test")});
            let client = json!({
                "first_name": format!("Client {number}"), "practitioner_ids": [practitioner], "reminder_channels": ["email"], "contacts": [contact],
            });
            pairs.push((practitioner, add("/v1/clients", client).await?));
        }
        Ok(Self { url: url.to_owned(), token, pairs })
    }

    async fn load(&self, mails: bool) -> Outcome<Load> {
        let (url, token): (Arc<str>, Arc<str>) = (self.url.as_str().into(), self.token.as_str().into());
        let mut bookers = tokio::task::JoinSet::new();
        for (practitioner, client) in self.pairs.clone() {
            let mut booker =
                Booker { http: Client::new(), url: url.clone(), token: token.clone(), practitioner, client, booked: 0, mails };
            bookers.spawn(async move {
                booker.book_for(WARM_UP).await?;
                booker.book_for(MEASURED).await
            });
        }
        let mut times: Vec<Duration> = Vec::new();
        for booked in bookers.join_all().await {
            times.extend(booked?);
        }
        let resident_mib = resident_mib()?;
        times.sort_unstable();
        let at = |hundredth: usize| times.get(times.len() * hundredth / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
        let bookings = times.len();
        let count = f64::from(u32::try_from(bookings)?);
        let per_second = count / MEASURED.as_secs_f64();
        Ok(Load { connections: self.pairs.len(), mails, bookings, per_second, p50_ms: at(50), p99_ms: at(99), resident_mib })
    }
}

impl Booker {
    async fn book_for(&mut self, long: Duration) -> Outcome<Vec<Duration>> {
        let (begun, mut times) = (Instant::now(), Vec::new());
        while begun.elapsed() < long {
            let wish = self.next_wish()?;
            let sent = Instant::now();
            let request = self.http.post(format!("{}/v1/sessions", self.url)).bearer_auth(&self.token).json(&wish);
            let key = format!("{}-{}", self.practitioner, self.booked);
            let answer = request.header("idempotency-key", key).send().await?;
            let status = answer.status();
            let body = answer.bytes().await?;
            times.push(sent.elapsed());
            if status != StatusCode::CREATED {
                return Err(format!("a booking was answered {status}: {}", String::from_utf8_lossy(&body)).into());
            }
        }
        Ok(times)
    }

    /// The next free hour: ten a day, one day after the other.
    fn next_wish(&mut self) -> Outcome<Value> {
        let first = NaiveDate::from_ymd_opt(2027, 1, 4).ok_or("no such day")?;
        let (day, hour) = (self.booked / 10, 8 + self.booked % 10);
        self.booked += 1;
        let reminders = if self.mails { json!([{"days_before": 2, "channel": "email"}]) } else { json!([]) };
        Ok(json!({
            "clients": [{"client_id": self.client}],
            "practitioner_id": self.practitioner,
            "local_start": format!("{}T{hour:02}:00", first + Days::new(u64::from(day))),
            "invite": {"send": self.mails},
            "reminders": reminders,
        }))
    }
}
