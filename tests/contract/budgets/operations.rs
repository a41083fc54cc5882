//! The table of costs.

use std::fmt::Write as _;

use hourkeep_tests::{Answer, House};
use reqwest::Method;
use serde_json::{Value, json};

use super::Cost;
use crate::support::{Scene, Whose, hold, watched};

/// What the design allows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Budget {
    /// Two rounds of reads and one transaction.
    Command,
    /// A refusal may use a third round to find alternatives, and writes nothing.
    Refusal,
    /// What is done to a year of sessions: eight transactions at most.
    Series,
    /// A refusal of that looks at all of their days in a fourth round, and writes nothing.
    SeriesRefusal,
    /// A series is read with its places, then with their sessions and clients: four rounds.
    SeriesRead,
    /// Nothing is written.
    Read,
}

struct Measured {
    name: &'static str,
    budget: Budget,
    cost: Cost,
}

struct Meter {
    scene: Scene,
    log: hourkeep_testkit::Log,
    measured: Vec<Measured>,
}

impl Meter {
    async fn new() -> Self {
        let (house, log) = watched().await;
        Self { scene: Scene::of(house).await, log, measured: Vec::new() }
    }

    fn house(&self) -> &House {
        &self.scene.house
    }

    async fn measure(&mut self, name: &'static str, budget: Budget, method: Method, path: &str, body: Option<Value>) -> Answer {
        drop(self.log.take());
        let headers: &[(&str, &str)] = if method == Method::GET { &[] } else { &[("idempotency-key", name)] };
        let answer = self.scene.house.ada.send(method, path, headers, body.as_ref()).await;
        let allowed = if matches!(budget, Budget::Refusal | Budget::SeriesRefusal) { 409 } else { 200 };
        assert!((allowed..allowed + 100).contains(&answer.status), "{name}: {}", answer.text);
        self.measured.push(Measured { name, budget, cost: Cost::taken(&self.log) });
        answer
    }

    async fn read(&mut self, name: &'static str, path: &str) {
        self.measure(name, Budget::Read, Method::GET, path, None).await;
    }

    async fn command(&mut self, name: &'static str, path: &str, body: Value) -> Answer {
        self.measure(name, Budget::Command, Method::POST, path, Some(body)).await
    }

    async fn patch(&mut self, name: &'static str, path: &str, body: Value) -> Answer {
        self.measure(name, Budget::Command, Method::PATCH, path, Some(body)).await
    }

    async fn sessions(&mut self) {
        let (room, service) = (self.house().room_id.clone(), self.house().service_id.clone());
        let reminders = json!([{"days_before": 2, "channel": "email"}, {"days_before": 1, "channel": "email"}]);
        let plain = self.house().session("2026-12-09T09:00", json!({}));
        let first = self.command("schedule a session", "/v1/sessions", plain).await.text_of("/id");
        let full = json!({
            "room_id": room, "services": [{"service_id": service}], "reminders": reminders, "invite": {"send": true},
            "location_id": self.scene.location_id,
        });
        let body = self.house().session("2026-12-09T11:00", full.clone());
        let second = self.command("schedule with service, room, location, invite and reminders", "/v1/sessions", body).await;
        let second = second.text_of("/id");
        let taken = Some(self.house().session("2026-12-09T11:30", full));
        self.measure("schedule over a taken time: refused with alternatives", Budget::Refusal, Method::POST, "/v1/sessions", taken)
            .await;
        let path = |verb: &str| format!("/v1/sessions/{second}{verb}");
        self.command("move within the day", &path("/reschedule"), json!({"local_start": "2026-12-09T13:00"})).await;
        self.command("move to another day, with room", &path("/reschedule"), json!({"local_start": "2026-12-10T13:00"})).await;
        self.patch("correct link and instructions", &path(""), json!({"url": "https://meet.example/1", "instructions": "Ring."}))
            .await;
        let contact = self.house().contact_id(1).to_owned();
        self.command("invite later", &format!("/v1/sessions/{first}/invites"), json!({"recipients": [{"contact_id": contact}]}))
            .await;
        self.command("cancel", &path("/cancel"), json!({"reason": "Illness"})).await;
        self.command("delete a mistake", &format!("/v1/sessions/{first}/delete"), json!({"reason": "Entered twice"})).await;
        let begun = self.scene.session(Whose::Adas, "2026-11-30T08:00").await;
        let begun = begun["id"].as_str().unwrap().to_owned();
        let attended = json!({"attendance": [{"client_id": self.house().client_id(), "value": "attended"}]});
        self.command("mark the outcome", &format!("/v1/sessions/{begun}/outcome"), attended).await;
        self.read("show a session", &path("")).await;
        self.read("a session's history", &path("/history")).await;
        let shown = self.house().ada.get(&path("")).await.expect(200);
        let code = shown.text_of("/clients/0/code");
        self.read("the public page of a session", &format!("/v1/public/sessions/{code}")).await;
    }

    async fn series(&mut self) {
        let (room, service) = (self.house().room_id.clone(), self.house().service_id.clone());
        let reminders = json!([{"days_before": 2, "channel": "email"}, {"days_before": 1, "channel": "email"}]);
        let weekly = |local_start: &str, on_conflict: &str| {
            let more = json!({
                "room_id": room, "services": [{"service_id": service}], "reminders": reminders, "invite": {"send": true},
                "recurrence": {"rule": "FREQ=WEEKLY;COUNT=52", "on_conflict": on_conflict},
            });
            self.house().session(local_start, more)
        };
        let [skip, keep, stop, taken] = [("09:00", "skip"), ("11:00", "keep"), ("13:00", "stop"), ("13:30", "stop")]
            .map(|(time, on_conflict)| weekly(&format!("2026-12-14T{time}"), on_conflict));
        let path = "/v1/series";
        self.measure(
            "preview a weekly series of a year, with a room",
            Budget::Read,
            Method::POST,
            "/v1/series/preview",
            Some(stop.clone()),
        )
        .await;
        let booked = "book a weekly series of a year, with a room, invite and reminders";
        self.measure(booked, Budget::Series, Method::POST, path, Some(skip)).await;
        self.measure("the same, keeping what is taken", Budget::Series, Method::POST, path, Some(keep)).await;
        let series = self.measure("the same, or nothing at all", Budget::Series, Method::POST, path, Some(stop)).await;
        self.measure(
            "the same over taken times: refused with each of them",
            Budget::SeriesRefusal,
            Method::POST,
            path,
            Some(taken),
        )
        .await;
        let shown = format!("{path}/{}", series.text_of("/id"));
        self.measure("show a series of a year", Budget::SeriesRead, Method::GET, &shown, None).await;
        self.read("the rules that are offered", &format!("{path}/presets?local_start=2026-12-14T09:00")).await;
        let from = |n: usize, verb: &str| format!("/v1/sessions/{}{verb}", series.text_of(&format!("/sessions/{n}/session_id")));
        let scope = "this_and_following";
        let moved = json!({"local_start": "2027-03-09T14:00", "scope": scope});
        let moved =
            self.measure("move the last 40 of a series", Budget::Series, Method::POST, &from(12, "/reschedule"), Some(moved)).await;
        let later = |n: usize, verb: &str| format!("/v1/sessions/{}{verb}", moved.text_of(&format!("/sessions/{n}/session_id")));
        let edit = json!({"instructions": "Ring.", "scope": scope});
        self.measure("correct the last 30 of a series", Budget::Series, Method::PATCH, &later(10, ""), Some(edit)).await;
        let cancel = json!({"scope": scope});
        self.measure("cancel the last 52 of a series", Budget::Series, Method::POST, &from(0, "/cancel"), Some(cancel)).await;
    }

    async fn calendar(&mut self) {
        let week = format!("from=2026-12-07&to=2026-12-14&practitioner_id={}", self.house().ada_id);
        self.read("calendar week of a practitioner", &format!("/v1/calendar?{week}")).await;
        self.read("calendar week of oneself", "/v1/calendar?from=2026-12-07&to=2026-12-14").await;
    }

    async fn settings(&mut self) {
        let client = self.house().client_id().to_owned();
        self.read("list clients", "/v1/clients").await;
        self.read("search clients", "/v1/clients?search=mo").await;
        self.read("show a client", &format!("/v1/clients/{client}")).await;
        self.read("a client's sessions", &format!("/v1/clients/{client}/sessions")).await;
        let both = json!([self.house().ada_id, self.house().ben_id]);
        self.command("add a client", "/v1/clients", json!({"first_name": "Sam", "last_name": "Lane", "practitioner_ids": both}))
            .await;
        self.patch("rename a client", &format!("/v1/clients/{client}"), json!({"last_name": "Rivers"})).await;
        self.read("list rooms", "/v1/rooms").await;
        self.command("add a room", "/v1/rooms", json!({"name": "Red room", "kind": "in_person"})).await;
        self.read("show the practice", "/v1/practice").await;
        self.patch("change the practice", "/v1/practice", json!({"policies": {"due_window_minutes": 15}})).await;
        self.read("where one works", "/v1/memberships").await;
        self.measure("ask for an export", Budget::Read, Method::POST, "/v1/practice/exports", Some(json!({}))).await;
        let fay = format!("/v1/members/{}", self.scene.fay_id);
        self.patch("change a member", &fay, json!({"name": "Fay F."})).await;
    }

    async fn inbox(&mut self) {
        let id = self.scene.flagged(Whose::Adas).await.id;
        self.read("list the inbox", "/v1/inbox").await;
        self.read("show an item of the inbox", &format!("/v1/inbox/{id}")).await;
        self.command("see to an item of the inbox", &format!("/v1/inbox/{id}/done"), json!({})).await;
    }
}

fn document(measured: &[Measured]) -> String {
    let mut text = String::from(
        "# What operations cost at the table\n\n\
         Generated by `tests/contract/budgets`, which counts beneath the SDK and holds every row; `UPDATE_DOCS=1` writes it anew.\n\
         Each request carries what sign-in gives: a token that names the practice. Changes carry an `Idempotency-Key`, which\n\
         costs one key in the first read and one record in the transaction.\n\n\
         - Requests and rounds: as DynamoDB is asked; reads that overlap are one round.\n\
         - Units: as DynamoDB reports them (strongly consistent reads; a transaction writes at twice the units; the sparse index included).\n\
         - Budget: a command takes at most two rounds of reads and one transaction, a refusal at most three rounds;\n\
         \x20 what is done to a series of a year takes at most eight transactions.\n\n\
         | operation | requests | rounds of reads | transactions | read units | write units |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for Measured { name, cost, .. } in measured {
        let Cost { requests, rounds, transactions, read_units, write_units } = cost;
        writeln!(text, "| {name} | {requests} | {rounds} | {transactions} | {read_units} | {write_units} |").unwrap();
    }
    text
}

#[tokio::test]
async fn every_operation_stays_within_its_budget() {
    let mut meter = Meter::new().await;
    meter.sessions().await;
    meter.calendar().await;
    meter.settings().await;
    meter.inbox().await;
    meter.series().await;
    for Measured { name, budget, cost } in &meter.measured {
        let (rounds, transactions) = match budget {
            Budget::Command => (2, 1),
            Budget::Refusal | Budget::Read => (3, 0),
            Budget::SeriesRefusal | Budget::SeriesRead => (4, 0),
            Budget::Series => {
                assert!((1..=8).contains(&cost.transactions), "{name} takes {} transactions", cost.transactions);
                continue;
            }
        };
        assert!(cost.rounds <= rounds, "{name} takes {} rounds of reads", cost.rounds);
        assert_eq!(cost.transactions, transactions, "{name}");
    }
    hold("budgets.md", &document(&meter.measured));
}

#[tokio::test]
async fn a_calendar_week_is_one_query_besides_the_practice() {
    let (house, log) = watched().await;
    let week = format!("/v1/calendar?from=2026-12-07&to=2026-12-14&practitioner_id={}", house.ada_id);
    for person in [&house.ada, &house.fay, &house.ben] {
        drop(log.take());
        person.get(&week).await.expect(200);
        assert_eq!(log.take().operations(), ["BatchGetItem", "Query"]);
    }
    drop(log.take());
    house.ada.get("/v1/calendar?from=2026-12-07&to=2026-12-14").await.expect(200);
    assert_eq!(log.take().of("Query").requests(), 1);
}
