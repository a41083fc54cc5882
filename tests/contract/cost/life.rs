//! The life of a session in a busy practice, step by step, with everything that AWS would bill counted.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hourkeep_local::{Begin, Options};
use hourkeep_store::PENDING_SHARDS;
use hourkeep_testkit::{Exchange, Log, Script, Traffic, Wire};
use hourkeep_tests::{Answer, House};
use serde_json::{Value, json};

use super::tally::{Calls, Tally};
use crate::support::records;

/// What functions of one kind did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Function invocations: one per request, event or job, as if no two were ever handed over together.
    pub(super) invocations: u64,
    /// Read units, in halves.
    pub(super) half_reads: u64,
    /// Write units.
    pub(super) writes: u64,
    /// Round trips to the table one after the other, transactions apart.
    pub(super) rounds: u64,
    /// Transactions.
    pub(super) transactions: u64,
    /// Jobs put onto queues.
    pub(super) queued: u64,
    /// Timers armed.
    pub(super) armed: u64,
    /// Mails sent.
    pub(super) mails: u64,
    /// Their bytes.
    pub(super) mail_bytes: u64,
}

impl Work {
    fn of(exchanges: Vec<Exchange>, calls: Calls, invocations: u64) -> Self {
        let is_transaction = |one: &Exchange| one.operation == "TransactWriteItems";
        let transactions = exchanges.iter().filter(|one| is_transaction(one)).count();
        assert!(exchanges.iter().all(|one| one.units.is_some()), "every request reports its units");
        let units = Traffic(exchanges.clone()).units();
        let others = Traffic(exchanges.into_iter().filter(|one| !is_transaction(one)).collect());
        Self {
            invocations,
            half_reads: whole(units.read * 2.0),
            writes: whole(units.write),
            rounds: others.rounds().try_into().unwrap(),
            transactions: transactions.try_into().unwrap(),
            queued: calls.queued,
            armed: calls.armed,
            mails: calls.mails,
            mail_bytes: calls.mail_bytes,
        }
    }
}

/// Units are whole numbers, or halves that were doubled.
fn whole(units: f64) -> u64 {
    assert!(units.fract() == 0.0 && (0.0..1e9).contains(&units), "{units}");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at just now")]
    let whole = units as u64;
    whole
}

/// One step, and how often a thousand sessions take it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) times: u64,
    /// Requests of people, each answered by a function.
    pub(super) request: Work,
    pub(super) relay: Work,
    pub(super) mail: Work,
    /// Timers that fired.
    pub(super) fired: u64,
    /// Bytes of the answer's body.
    pub(super) answer_bytes: u64,
    /// Bytes that stay in the table, as DynamoDB bills them.
    pub(super) kept_bytes: i64,
}

/// The steps of a thousand sessions, and what goes on whether there are any or not.
pub(super) struct Life {
    pub(super) steps: Vec<Step>,
    /// One run of the sweep that finds nothing.
    pub(super) sweep: Work,
}

impl Life {
    /// Lives it.
    pub(super) async fn live() -> Self {
        let mut meter = Meter::new().await;
        let stays = meter.book("2026-12-16T09:00", 1_000).await;
        // One in five is moved to another day; the timers of the old time fire all the same.
        let moved = meter.book("2026-12-17T10:00", 0).await;
        meter.moved(&moved, "2026-12-18T14:00").await;
        meter.view().await;
        // A reminder goes to one person, whom the client's record names. The design speaks of two, so each is counted twice,
        // with a timer of its own.
        meter.timer("first reminder", 2_000, "2026-12-14T16:00:00Z").await;
        meter.timer("second reminder", 2_000, "2026-12-15T16:00:00Z").await;
        meter.timer("first timer of a time that is no more", 400, "2026-12-15T17:00:00Z").await;
        meter.timer("second timer of a time that is no more", 400, "2026-12-16T17:00:00Z").await;
        meter.outcome(&stays, "2026-12-16T17:30:00Z").await;
        meter.finish()
    }
}

struct Meter {
    house: House,
    log: Log,
    tally: Tally,
    steps: Vec<Step>,
    sweeps: Vec<Exchange>,
    keys: u32,
}

impl Meter {
    /// A practitioner with five sessions a day.
    async fn new() -> Self {
        let (log, tally) = (Log::default(), Tally::default());
        let wire = Wire::on_loopback(Script::new(), log.clone()).measuring();
        let around = tally.clone();
        let house = House::with(Options {
            http: Some(SharedHttpClient::new(wire)),
            around: Some(Box::new(move |ports| around.around(ports))),
            clock: Begin::Standing("2026-12-07T16:00:00Z".parse().unwrap()),
            ..Options::default()
        })
        .await;
        for day in 14..=18 {
            for time in ["09:00", "10:00", "11:00", "13:00", "14:00"] {
                // Two are for the sessions to come, one is where one of them goes, and one has a session of the demo.
                if !matches!((day, time), (16, "09:00") | (17, "10:00") | (18, "14:00") | (14, "13:00")) {
                    house.schedule(&format!("2026-12-{day}T{time}"), json!({})).await;
                }
            }
        }
        house.drain().await;
        Self { house, log, tally, steps: Vec::new(), sweeps: Vec::new(), keys: 0 }
    }

    async fn book(&mut self, local_start: &str, times: u64) -> String {
        let house = &self.house;
        let invited = [0, 1].map(|n| json!({"contact_id": house.contact_id(n)}));
        let more = json!({
            "invite": {"send": true, "recipients": invited},
            "services": [{"service_id": house.service_id}], "room_id": house.room_id,
            "reminders": [{"days_before": 2, "channel": "email"}, {"days_before": 1, "channel": "email"}],
        });
        let body = house.session(local_start, more);
        let answer = self.ask("booking, with two invites", times, "/v1/sessions", Some(body), 2).await;
        answer.expect(201).text_of("/id")
    }

    async fn view(&mut self) {
        let week = format!("/v1/calendar?from=2026-12-14&to=2026-12-21&practitioner_id={}", self.house.ada_id);
        let answer = self.ask("look at the week of a practitioner", 20_000, &week, None, 0).await.expect(200);
        assert_eq!(answer.body["items"].as_array().map(Vec::len), Some(24), "{}", answer.text);
    }

    async fn moved(&mut self, session: &str, local_start: &str) {
        let path = format!("/v1/sessions/{session}/reschedule");
        let body = json!({"local_start": local_start});
        self.ask("move to another day, with two updates", 200, &path, Some(body), 2).await.expect(200);
    }

    async fn outcome(&mut self, session: &str, at: &str) {
        self.house.advance_to(at).await;
        let values = [json!({"client_id": self.house.client_id(), "value": "attended"})];
        let path = format!("/v1/sessions/{session}/outcome");
        self.ask("outcome", 1_000, &path, Some(json!({"attendance": values})), 0).await.expect(200);
    }

    /// A request, and what follows from it.
    async fn ask(&mut self, name: &'static str, times: u64, path: &str, body: Option<Value>, mails: u64) -> Answer {
        let before = self.begin().await;
        let answer = match body {
            Some(body) => {
                self.keys += 1;
                let key = self.keys.to_string();
                let headers = [("idempotency-key", key.as_str()), AS_BROWSERS_DO];
                self.house.ada.send(reqwest::Method::POST, path, &headers, Some(&body)).await
            }
            None => self.house.ada.send(reqwest::Method::GET, path, &[AS_BROWSERS_DO], None).await,
        };
        assert!(answer.status < 300, "{name}: {}", answer.text);
        let request = Work::of(self.log.take().0, self.tally.take(), 1);
        self.house.drain().await;
        // Ids are random, so no two answers are compressed to quite the same size.
        let answer_bytes = answer.bytes.next_multiple_of(1_000).try_into().unwrap();
        self.follows(Step { name, times, request, answer_bytes, ..EMPTY }, mails, before).await;
        answer
    }

    /// The minute of one timer. One that fires for a time that stands sends a mail.
    async fn timer(&mut self, name: &'static str, times: u64, at: &str) {
        self.advance_to_before(at).await;
        let before = self.begin().await;
        self.house.advance_to(at).await;
        let stands = times == 2_000;
        self.follows(Step { name, times, fired: 1, ..EMPTY }, u64::from(stands), before).await;
    }

    /// Adds what relay and mail workers did meanwhile: the relay comes first, and ends with taking an event off the index
    /// of what is pending.
    async fn follows(&mut self, step: Step, mails: u64, before: i64) {
        let (sweeps, mut exchanges): (Vec<_>, Vec<_>) = self.log.take().0.into_iter().partition(is_of_the_sweep);
        self.sweeps.extend(sweeps);
        let relays = exchanges.iter().filter(|one| settles(one)).count();
        let end = exchanges.iter().rposition(settles).map_or(0, |last| last + 1);
        let by_mail = exchanges.split_off(end);
        let calls = self.tally.take();
        assert_eq!(calls.mails, mails, "{}", step.name);
        let of_relay = Calls { mails: 0, mail_bytes: 0, ..calls };
        let of_mail = Calls { queued: 0, armed: 0, ..calls };
        let relay = Work::of(exchanges, of_relay, relays.try_into().unwrap());
        let mail = Work::of(by_mail, of_mail, calls.queued + step.fired);
        let kept_bytes = self.bytes().await - before;
        if step.times > 0 {
            self.steps.push(Step { relay, mail, kept_bytes, ..step });
        }
    }

    /// A minute earlier, so that nothing but the timer falls into what is counted.
    async fn advance_to_before(&self, at: &str) {
        let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
        self.house.advance_to(&(at - chrono::Duration::minutes(1)).to_rfc3339()).await;
    }

    /// Counts from here on; what is in the table is the start.
    async fn begin(&self) -> i64 {
        let bytes = self.bytes().await;
        drop(self.log.take());
        self.tally.take();
        bytes
    }

    /// Of what sessions leave: answers to requests are kept for a day, and a practice's counters are a few records a month.
    async fn bytes(&self) -> i64 {
        let all = records(&self.house).await;
        let stays = all.iter().filter(|((pk, _), _)| !pk.contains("#REQUEST#") && !pk.ends_with("#USAGE"));
        stays.map(|(_, item)| 100 + attributes(item)).sum::<usize>().try_into().unwrap()
    }

    fn finish(self) -> Life {
        let runs = self.sweeps.len() / usize::from(PENDING_SHARDS);
        assert!(runs > 0 && self.sweeps.len().is_multiple_of(usize::from(PENDING_SHARDS)));
        let one = self.sweeps.into_iter().take(usize::from(PENDING_SHARDS)).collect();
        Life { steps: self.steps, sweep: Work::of(one, Calls::default(), 1) }
    }
}

const AS_BROWSERS_DO: (&str, &str) = ("accept-encoding", "gzip");

const EMPTY: Step = Step { name: "", times: 0, request: NONE, relay: NONE, mail: NONE, fired: 0, answer_bytes: 0, kept_bytes: 0 };
const NONE: Work =
    Work { invocations: 0, half_reads: 0, writes: 0, rounds: 0, transactions: 0, queued: 0, armed: 0, mails: 0, mail_bytes: 0 };

fn is_of_the_sweep(exchange: &Exchange) -> bool {
    exchange.operation == "Query" && exchange.request["IndexName"] == "pending"
}

fn settles(exchange: &Exchange) -> bool {
    let place = exchange.request["Key"]["sk"]["S"].as_str().unwrap_or_default();
    exchange.operation == "UpdateItem" && place.starts_with("EVENT#")
}

fn attributes(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter().map(|(name, value)| name.len() + bytes(value)).sum()
}

/// The size of a value by DynamoDB's rules, as far as this table has such values.
fn bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::L(list) => 3 + list.iter().map(|one| 1 + bytes(one)).sum::<usize>(),
        AttributeValue::M(map) => 3 + map.len() + attributes(map),
        AttributeValue::B(_) | AttributeValue::Bs(_) | AttributeValue::Ns(_) | AttributeValue::Ss(_) | _ => {
            panic!("{value:?} has no place in the table")
        }
    }
}
