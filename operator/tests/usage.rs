//! What is counted is what there is, whatever fails while it is made.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use hourkeep_testkit::{Fault, Moment};
use hourkeep_tests::{Answer, House, Person};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    command::{operate, own},
    rig::Rig,
};

const MONTHS: [&str; 4] = ["2026-10", "2026-11", "2026-12", "2027-01"];

/// What the whole table and the whole mailbox hold, of one practice.
#[derive(Debug, PartialEq, Eq)]
struct There {
    /// By the month in which they were booked.
    sessions: BTreeMap<String, u64>,
    mails: u64,
    records: u64,
}

impl There {
    /// By looking at everything.
    async fn of(rig: &Rig, practice: &str) -> Self {
        let (whole, within) = (format!("P#{practice}"), format!("P#{practice}#"));
        let (mut sessions, mut records) = (BTreeMap::new(), 0);
        let kinds = ["PRACTITIONER#", "MEMBER#", "SERVICE#", "ROOM#", "LOCATION#"];
        for record in rig.records().await {
            let (pk, sk) = record.place();
            let of_clinic = pk == whole && kinds.iter().any(|kind| sk.starts_with(kind));
            let of_kind =
                |kind: &str| pk.strip_prefix(&within).is_some_and(|rest| rest.starts_with(kind)) && sk == kind[..kind.len() - 1];
            records += u64::from(of_clinic || of_kind("CLIENT#") || of_kind("SESSION#"));
            if pk.starts_with(&format!("{within}SESSION#")) && sk == "EVENT#00000001" {
                let at = record.0["body"].as_m().unwrap()["at"].as_s().unwrap();
                *sessions.entry(at[..7].to_owned()).or_default() += 1;
            }
        }
        // A mail that was cut off is sent again, byte for byte: that is one.
        let mut mails = BTreeSet::new();
        for mail in rig.house.mails().await {
            let raw = Person::stranger(&rig.house.server.url()).get(mail["raw_url"].as_str().unwrap()).await.expect(200);
            mails.insert(raw.text);
        }
        Self { sessions, mails: mails.len() as u64, records }
    }

    /// By the counters, as the practice is shown them. The command says the same.
    async fn counted(house: &House, practice: &str) -> Self {
        let (mut sessions, mut mails, mut records) = (BTreeMap::new(), 0, 0);
        for month in MONTHS {
            let usage = house.ada.get(&format!("/v1/practice/usage?month={month}")).await.expect(200).body;
            let shown = operate(house, &["show", practice, "--month", month, "--json"]).await.json();
            assert_eq!(shown["usage"], usage);
            let counter = |name: &str| usage[name].as_u64().unwrap();
            let booked = counter("sessions_booked");
            if booked > 0 {
                sessions.insert(month.to_owned(), booked);
            }
            mails += counter("mails_sent");
            records += counter("records_added");
            assert_eq!(counter("records_stored"), records, "all that were ever added until the end of {month}");
        }
        Self { sessions, mails, records }
    }
}

/// One request of a story; sent again it is the same one.
struct Request {
    method: Method,
    path: String,
    key: String,
    body: Value,
}

impl Request {
    async fn send(&self, house: &House) -> Answer {
        house.fay.send(self.method.clone(), &self.path, &[("idempotency-key", &self.key)], Some(&self.body)).await
    }
}

struct Story<'a> {
    rig: &'a Rig,
    rng: StdRng,
    told: usize,
    sessions: Vec<String>,
}

impl Story<'_> {
    fn at(&self, shift: usize) -> String {
        let (day, hour) = (self.told / 8 + 1, 8 + self.told % 8);
        format!("2027-0{}-{:02}T{hour:02}:00", 2 + shift, day)
    }

    /// What happens next. Some of it is refused: the time is taken, nothing would change, it is cancelled already.
    fn next(&mut self) -> Request {
        self.told += 1;
        let (n, house) = (self.told, &self.rig.house);
        let of = |method, path: &str, body| Request { method, path: path.to_owned(), key: format!("request {n}"), body };
        let some_session = self.sessions.choose(&mut self.rng).cloned();
        match (self.rng.random_range(0..10), some_session) {
            (0, _) => of(Method::POST, "/v1/clients", json!({"first_name": format!("Client {n}")})),
            (1, _) => of(Method::POST, "/v1/rooms", json!({"name": format!("Room {n}"), "kind": "virtual"})),
            (2, _) => of(Method::POST, "/v1/locations", json!({"name": format!("Place {n}"), "place_of_service": "11"})),
            (3, Some(id)) => of(Method::POST, &format!("/v1/sessions/{id}/cancel"), json!({})),
            (4, Some(id)) => of(Method::POST, &format!("/v1/sessions/{id}/reschedule"), json!({"local_start": self.at(1)})),
            (5, Some(id)) => {
                let recipients = json!({"recipients": [{"email": format!("guest{n}@family.test")}]});
                of(Method::POST, &format!("/v1/sessions/{id}/invites"), recipients)
            }
            (6, Some(id)) => of(Method::PATCH, &format!("/v1/sessions/{id}"), json!({"instructions": format!("Note {n}")})),
            _ => {
                let taken = self.rng.random_ratio(1, 6);
                let start = if taken { "2027-02-01T08:00".to_owned() } else { self.at(0) };
                let more = json!({"practitioner_id": house.ada_id, "invite": {"send": true}});
                of(Method::POST, "/v1/sessions", house.session(&start, more))
            }
        }
    }

    /// Something fails in what comes, or the process dies.
    fn strike(&mut self) {
        let k = self.rng.random_range(0..30);
        let script = &self.rig.script;
        match self.rng.random_range(0..4) {
            0 => script.crash_at(k, *[Moment::BeforeEffect, Moment::AfterEffect].choose(&mut self.rng).unwrap()),
            1 => script.add(Fault::AnswerLost.at(k % 6).on("TransactWriteItems").times(self.rng.random_range(1..5))),
            _ => script.add(Fault::ALL.choose(&mut self.rng).unwrap().at(k).times(self.rng.random_range(1..5))),
        }
    }

    async fn go_on(&mut self) {
        let (requests, rig) = ([self.next(), self.next()], self.rig);
        for _ in 0..2 {
            self.strike();
        }
        let [one, other] = &requests;
        tokio::join!(one.send(&rig.house), other.send(&rig.house));
        rig.house.drain().await;
        rig.heal().await;
        for request in &requests {
            let answer = request.send(&rig.house).await;
            assert!(answer.status < 500, "{} {}: {answer:?}", request.method, request.path);
            if answer.status == 201 && request.path == "/v1/sessions" {
                self.sessions.push(answer.text_of("/id"));
            }
        }
        rig.heal().await;
    }
}

async fn tell(seed: u64, steps: usize) {
    let rig = Rig::new().await;
    let practice = own(&rig.house).await;
    let mut story = Story { rig: &rig, rng: StdRng::seed_from_u64(seed), told: 0, sessions: Vec::new() };
    for _ in 0..steps {
        story.go_on().await;
    }
    assert!(rig.script.fired().len() > steps, "things failed");
    rig.is_settled().await;
    let there = There::of(&rig, &practice).await;
    assert_eq!(There::counted(&rig.house, &practice).await, there, "seed {seed}");
    assert!(there.sessions.len() == 2 && there.mails > 10, "the story has two months and mails: {there:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_session_mail_and_record_is_counted_once_whatever_fails() {
    tokio::join!(tell(1, 20), tell(2, 20));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: more stories"]
async fn each_is_counted_once_in_many_stories() {
    for seed in 100..130 {
        tell(seed, 40).await;
    }
}

/// Each fault, at each call of a request and of the work that follows it.
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_with_an_invite_is_counted_once_wherever_it_is_cut_off() {
    let rig = Rig::new().await;
    let practice = own(&rig.house).await;
    let mut days = (0..).map(|n| format!("2027-{:02}-{:02}T{:02}:00", 2 + n / 224, 1 + n / 8 % 28, 8 + n % 8));
    for fault in Fault::ALL {
        for k in 0.. {
            let more = json!({"practitioner_id": rig.house.ada_id, "invite": {"send": true}});
            let body = rig.house.session(&days.next().unwrap(), more);
            let request = Request { method: Method::POST, path: "/v1/sessions".to_owned(), key: format!("{fault:?} {k}"), body };
            let before = rig.script.fired().len();
            rig.script.at(k, fault);
            request.send(&rig.house).await;
            rig.house.drain().await;
            rig.script.clear();
            request.send(&rig.house).await.expect(201);
            if rig.script.fired().len() == before {
                assert!(k > 10, "{fault:?} struck at {k} calls");
                break;
            }
        }
    }
    rig.heal().await;
    rig.is_settled().await;
    assert_eq!(There::counted(&rig.house, &practice).await, There::of(&rig, &practice).await);
}

#[tokio::test]
async fn a_months_usage_is_the_directors_to_know_and_another_practices_its_own() {
    let rig = Rig::new().await;
    let house = &rig.house;
    let wish = [
        "found",
        "--name",
        "Fjord Clinic",
        "--slug",
        "fjord-clinic",
        "--zone",
        "Europe/Oslo",
        "--currency",
        "NOK",
        "--director",
        "Olga Olsen",
        "--email",
        "olga@other.test",
        "--issuer",
        "https://local.hourkeep.test",
        "--subject",
        "olga@other.test",
    ];
    operate(house, &wish).await.done();
    for person in [&house.ben, &house.fay] {
        person.get("/v1/practice/usage").await.refused(403, "forbidden");
    }
    house.schedule_invited("2026-12-08T09:00").await;
    let olga = house.sign_in("olga@other.test").await;
    let usage = |month: &'static str| {
        let olga = &olga;
        async move { olga.get(&format!("/v1/practice/usage?month={month}")).await.expect(200).body }
    };
    // The command's clock is the real one: in which month the practice itself was added nobody knows.
    let added = |usage: &Value| usage["records_added"].as_u64().unwrap();
    let before = [added(&usage("2026-11").await), added(&usage("2026-12").await)];
    olga.post("/v1/rooms", json!({"name": "One", "kind": "virtual"})).await.expect(201);
    rig.pass(Duration::days(2)).await;
    olga.post("/v1/rooms", json!({"name": "Two", "kind": "virtual"})).await.expect(201);
    let (november, december) = (usage("2026-11").await, usage("2026-12").await);
    assert_eq!((&december["sessions_booked"], &december["mails_sent"]), (&json!(0), &json!(0)));
    assert_eq!([added(&november), added(&december)], before.map(|records| records + 1));
    let stored = |usage: &Value| usage["records_stored"].as_u64().unwrap();
    assert_eq!(stored(&december), stored(&november) + added(&december));
    assert!(olga.get("/v1/practice/usage").await.expect(200).body["month"] == "2026-12");
    let adas = house.ada.get("/v1/practice/usage?month=2026-12").await.expect(200).body;
    assert_eq!((&adas["sessions_booked"], &adas["records_added"]), (&json!(0), &json!(0)));
}
