//! Export: all of one practice and nothing of another, streamed, for directors alone.

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use futures_util::{StreamExt as _, TryStreamExt as _};
use hourkeep_app::export::Exports;
use hourkeep_domain::{
    ids::{PracticeId, SeriesId},
    inbox::About,
    zone::Zone,
};
use hourkeep_local::Options;
use hourkeep_store::{Key, Range, key};
use hourkeep_testkit::{Fault, Log, Script, Wire};
use hourkeep_tests::{House, Person};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use reqwest::{Response, header};
use serde_json::{Value, json};

/// The director of another practice on the same table.
async fn olga(house: &House) -> Person {
    house.found("Other Clinic", "other-clinic", "olga@other.test").await;
    house.sign_in("olga@other.test").await
}

async fn ask(person: &Person) -> String {
    person.post("/v1/practice/exports", json!({})).await.expect(201).text_of("/url")
}

/// Opens an address without a token, as a browser does that follows a link.
async fn open(url: &str) -> Response {
    reqwest::get(url).await.unwrap()
}

async fn refused(url: &str) -> (u16, String) {
    let response = open(url).await;
    let status = response.status().as_u16();
    let problem: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    (status, problem["type"].as_str().unwrap().to_owned())
}

fn lines(text: &str) -> Vec<Value> {
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn export(person: &Person) -> Vec<Value> {
    let response = open(&ask(person).await).await;
    assert_eq!(response.status(), 200);
    lines(&response.text().await.unwrap())
}

async fn practice_of(person: &Person) -> String {
    person.get("/v1/practice").await.expect(200).text_of("/id")
}

/// Where the record of a line stands in the table.
fn place(practice: &str, line: &Value) -> (String, String) {
    let text = |field: &str| line[field].as_str().unwrap_or_else(|| panic!("{field} in {line}")).to_owned();
    let here = |sk: String| (format!("P#{practice}"), sk);
    let of_either = |sk: String| match line["series_id"].as_str() {
        Some(series) => (format!("P#{practice}#SERIES#{series}"), sk),
        None => (format!("P#{practice}#SESSION#{}", text("session_id")), sk),
    };
    match line["kind"].as_str().unwrap() {
        "practice" => here("PRACTICE".to_owned()),
        "account" => here("ACCOUNT".to_owned()),
        kind @ ("practitioner" | "service" | "room" | "location") => here(format!("{}#{}", kind.to_uppercase(), text("id"))),
        "member" => {
            let (issuer, subject) = (line["record"]["issuer"].as_str().unwrap(), line["record"]["subject"].as_str().unwrap());
            here(format!("MEMBER#{issuer}#{subject}"))
        }
        "client" => (format!("P#{practice}#CLIENT#{}", text("id")), "CLIENT".to_owned()),
        "session" => (format!("P#{practice}#SESSION#{}", text("id")), "SESSION".to_owned()),
        "series" => (format!("P#{practice}#SERIES#{}", text("id")), "SERIES".to_owned()),
        "place" => of_either(format!("PLACE#{}", text("id"))),
        "event" => of_either(format!("EVENT#{:08}", line["record"]["revision"].as_u64().unwrap())),
        "lane" => of_either(format!("LANE#{}", text("id"))),
        "usage" => (format!("P#{practice}#USAGE"), text("id")),
        "inbox" => {
            let key = key::inbox(practice.parse().unwrap(), text("id").parse().unwrap());
            (key.pk, key.sk)
        }
        _ => panic!("what is {line}?"),
    }
}

/// Whether a record is of those that an export holds. Every kind of partition that a practice has is decided on here.
fn is_exported(practice: &str, key: &Key) -> bool {
    let Some(rest) = key.pk.strip_prefix(&format!("P#{practice}")) else { return false };
    match (rest.split('#').nth(1), key.sk.as_str()) {
        (Some("CLIENT"), row) => row == "CLIENT",
        // What is being done is no record of what was.
        (Some("SERIES"), place) => place != "PLAN",
        (None, "DIRECTORS") | (Some("CLIENTS" | "WITHOUT_CLIENTS" | "ASSIGNED" | "DAYS" | "REQUEST"), _) => false,
        (None | Some("SESSION" | "USAGE" | "INBOX"), _) => true,
        (Some(other), _) => panic!("is {other} exported?"),
    }
}

/// The records that are to be in an export, as the table has them.
async fn records(house: &House, practice: &str) -> BTreeMap<(String, String), Value> {
    let table = &house.server.desk().table;
    let (mut found, mut start) = (BTreeMap::new(), None);
    loop {
        let scan = table.client().scan().table_name(table.name()).consistent_read(true).set_exclusive_start_key(start);
        let page = scan.send().await.unwrap();
        for item in page.items.unwrap_or_default() {
            let part = |name: &str| item[name].as_s().unwrap().clone();
            let key = Key { pk: part("pk"), sk: part("sk") };
            if !is_exported(practice, &key) {
                continue;
            }
            let mut record = if key.pk.ends_with("#USAGE") {
                let counters = table.counters(&key.pk, &Range::Prefix(key.sk.clone())).await.unwrap();
                serde_json::to_value(&counters[0].1).unwrap()
            } else {
                table.get::<Value>(&key).await.unwrap().unwrap().body
            };
            if key.sk == "SERIES" {
                // The codes of its sessions follow from it.
                assert!(record.as_object_mut().unwrap().remove("seed").is_some(), "{record}");
            }
            found.insert((key.pk, key.sk), record);
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return found;
        }
    }
}

async fn is_whole(house: &House, person: &Person) {
    let practice = practice_of(person).await;
    let lines = export(person).await;
    let (first, last) = (&lines[0], lines.last().unwrap());
    assert_eq!((first["kind"].as_str(), first["format"].as_u64()), (Some("export"), Some(1)));
    assert_eq!(first["practice"].as_str(), Some(&*practice));
    assert_eq!(*last, json!({"kind": "end", "lines": lines.len()}));
    let mut exported = BTreeMap::new();
    for line in &lines[1..lines.len() - 1] {
        let before = exported.insert(place(&practice, line), line["record"].clone());
        assert_eq!(before, None, "{line} is there twice");
    }
    let expected = records(house, &practice).await;
    let [left, right]: [BTreeSet<_>; 2] = [exported.keys().collect(), expected.keys().collect()];
    assert_eq!(left, right);
    assert_eq!(exported, expected);
}

/// One thing that someone does.
#[derive(Clone, Debug)]
enum Deed {
    AddClient(String),
    Rename(Index, String),
    Schedule(Index, u32),
    Move(Index, u32),
    Cancel(Index),
    Delete(Index),
    Book(Index, u32, &'static str),
    Follow(Index, u32),
    End(Index, &'static str),
    Invite(Index),
    AddRoom(String),
    Flag(u32),
    Settle,
}

fn deed() -> impl Strategy<Value = Deed> {
    let name = "[A-Za-zÀ-ž]{1,8}";
    prop_oneof![
        2 => name.prop_map(Deed::AddClient),
        1 => (any::<Index>(), name).prop_map(|(who, name)| Deed::Rename(who, name)),
        5 => (any::<Index>(), 0..400_u32).prop_map(|(who, at)| Deed::Schedule(who, at)),
        2 => (any::<Index>(), 0..400_u32).prop_map(|(which, at)| Deed::Move(which, at)),
        1 => any::<Index>().prop_map(Deed::Cancel),
        1 => any::<Index>().prop_map(Deed::Delete),
        3 => (any::<Index>(), 0..400_u32, rule()).prop_map(|(who, at, rule)| Deed::Book(who, at, rule)),
        2 => (any::<Index>(), 0..400_u32).prop_map(|(which, at)| Deed::Follow(which, at)),
        1 => (any::<Index>(), prop_oneof![Just("cancel"), Just("delete")]).prop_map(|(which, how)| Deed::End(which, how)),
        2 => any::<Index>().prop_map(Deed::Invite),
        1 => name.prop_map(Deed::AddRoom),
        1 => (0..400_u32).prop_map(Deed::Flag),
        1 => Just(Deed::Settle),
    ]
}

/// Short ones, one that never ends, and one that takes two transactions.
fn rule() -> impl Strategy<Value = &'static str> {
    let rules = ["FREQ=WEEKLY;COUNT=3", "FREQ=DAILY;COUNT=4", "FREQ=MONTHLY", "FREQ=WEEKLY;COUNT=20"];
    prop::sample::select(rules.to_vec())
}

fn time(n: u32) -> String {
    format!("2026-12-{:02}T{:02}:00", 1 + n / 20, n % 20)
}

/// Someone with clients and sessions, who does things.
struct Doer {
    person: Person,
    practitioner: String,
    clients: Vec<String>,
    sessions: Vec<String>,
}

impl Doer {
    async fn of(person: &Person) -> Self {
        let practitioner = person.get("/v1/practitioners").await.expect(200).text_of("/items/0/id");
        Self { person: person.clone(), practitioner, clients: Vec::new(), sessions: Vec::new() }
    }

    /// Refusals are fine: what holds is held in the table.
    async fn act(&mut self, house: &House, deed: &Deed) {
        let person = &self.person;
        let session = |which: &Index| (!self.sessions.is_empty()).then(|| format!("/v1/sessions/{}", which.get(&self.sessions)));
        match deed {
            Deed::AddClient(name) => {
                let contacts = json!([{"name": "Someone", "kind": "primary", "email": "someone@family.test"}]);
                let body = json!({"last_name": name, "practitioner_ids": [self.practitioner], "contacts": contacts});
                self.clients.push(person.post("/v1/clients", body).await.expect(201).text_of("/id"));
            }
            Deed::Rename(who, name) if !self.clients.is_empty() => {
                person.patch(&format!("/v1/clients/{}", who.get(&self.clients)), json!({"first_name": name})).await;
            }
            Deed::Schedule(who, at) if !self.clients.is_empty() => {
                let clients = json!([{"client_id": who.get(&self.clients)}]);
                let body = json!({"clients": clients, "practitioner_id": self.practitioner, "local_start": time(*at)});
                let answer = person.post("/v1/sessions", body).await;
                self.sessions.extend(answer.body["id"].as_str().map(str::to_owned));
            }
            Deed::Move(which, at) => {
                if let Some(path) = session(which) {
                    person.post(&format!("{path}/reschedule"), json!({"local_start": time(*at)})).await;
                }
            }
            Deed::Cancel(which) => {
                if let Some(path) = session(which) {
                    person.post(&format!("{path}/cancel"), json!({})).await;
                }
            }
            Deed::Delete(which) => {
                if let Some(path) = session(which) {
                    person.post(&format!("{path}/delete"), json!({})).await;
                }
            }
            Deed::Book(who, at, rule) if !self.clients.is_empty() => {
                let clients = json!([{"client_id": who.get(&self.clients)}]);
                let body = json!({
                    "clients": clients, "practitioner_id": self.practitioner, "local_start": time(*at),
                    "recurrence": {"rule": rule, "on_conflict": "skip"},
                });
                let answer = person.post("/v1/series", body).await.expect(201).body;
                let sessions = answer["sessions"].as_array().unwrap().iter();
                self.sessions.extend(sessions.map(|session| session["session_id"].as_str().unwrap().to_owned()));
            }
            Deed::Follow(which, at) => {
                if let Some(path) = session(which) {
                    let wish = json!({"local_start": time(*at), "scope": "this_and_following"});
                    person.post(&format!("{path}/reschedule"), wish).await;
                }
            }
            Deed::End(which, how) => {
                if let Some(path) = session(which) {
                    person.post(&format!("{path}/{how}"), json!({"scope": "this_and_following"})).await;
                }
            }
            Deed::Invite(which) => {
                if let Some(path) = session(which) {
                    person.post(&format!("{path}/invites"), json!({})).await;
                }
            }
            Deed::AddRoom(name) => {
                person.post("/v1/rooms", json!({"name": name, "kind": "virtual"})).await;
            }
            Deed::Flag(at) => {
                let (series, zone) = (SeriesId::from_bits((*at).into()), Zone::parse("Europe/Oslo").unwrap());
                let about = About::SeriesEnds { series, last: format!("{}:00", time(*at)).parse().unwrap(), zone };
                let item = house.flag(&practice_of(person).await, &self.practitioner, &[], about).await;
                person.post(&format!("/v1/inbox/{}/done", item.id), json!({})).await;
            }
            Deed::Settle => house.drain().await,
            Deed::Rename(..) | Deed::Schedule(..) | Deed::Book(..) => {}
        }
    }
}

#[test]
fn whatever_was_done_an_export_holds_every_record_of_the_practice_once_and_none_of_another() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let deeds = prop::collection::vec((any::<bool>(), deed()), 20..60);
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&deeds, |deeds| {
        runtime.block_on(async {
            let house = House::new().await;
            let olga = olga(&house).await;
            let mut doers = [Doer::of(&house.ada).await, Doer::of(&olga).await];
            for (other, deed) in &deeds {
                doers[usize::from(*other)].act(&house, deed).await;
            }
            is_whole(&house, &house.ada).await;
            is_whole(&house, &olga).await;
            house.server.stop().await;
        });
        Ok(())
    });
    outcome.unwrap();
}

#[tokio::test]
async fn an_export_is_a_file_to_download_of_lines_that_say_what_they_are() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    let response = open(&ask(&house.ada).await).await;
    let header = |name: header::HeaderName| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header(header::CONTENT_TYPE), "application/x-ndjson");
    let slug = house.ada.get("/v1/practice").await.expect(200).text_of("/slug");
    assert_eq!(header(header::CONTENT_DISPOSITION), format!("attachment; filename=\"{slug}-2026-11-30.ndjson\""));
    assert_eq!((header(header::CACHE_CONTROL).as_str(), header(header::X_CONTENT_TYPE_OPTIONS).as_str()), ("no-store", "nosniff"));
    let lines = lines(&response.text().await.unwrap());
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(lines[0]["made_at"], House::NOW);
    let own = of("session").into_iter().find(|line| line["id"] == session["id"]).unwrap();
    assert_eq!((&own["revision"], &own["record"]["state"]), (&json!(1), &json!("scheduled")));
    let belonging = |kind: &str| of(kind).into_iter().filter(|line| line["session_id"] == session["id"]).count();
    assert_eq!((belonging("event"), belonging("lane")), (1, 1));
    // Members are named as the API names them.
    for member in of("member") {
        house.ada.get(&format!("/v1/members/{}", member["id"].as_str().unwrap())).await.expect(200);
    }
    let kinds: BTreeSet<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    let expected = [
        "account",
        "client",
        "end",
        "event",
        "export",
        "lane",
        "location",
        "member",
        "practice",
        "practitioner",
        "room",
        "service",
        "session",
        "usage",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
}

#[tokio::test]
async fn an_export_holds_series_but_not_what_their_codes_follow_from() {
    let house = House::new().await;
    let mut body = house.session("2026-12-02T06:00", json!({"invite": {"send": true}}));
    body["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=3"});
    let series = house.ada.post("/v1/series", body).await.expect(201).body;
    house.drain().await;
    // Nothing of it was free, so it has no session and stands all the same.
    let mut taken = house.session("2026-12-09T06:00", json!({}));
    taken["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=2", "on_conflict": "skip"});
    let taken = house.ada.post("/v1/series", taken).await.expect(201).body;
    assert_eq!(taken["sessions"], json!([]));
    let last = format!("/v1/sessions/{}", series["sessions"][2]["session_id"].as_str().unwrap());
    let wish = json!({"local_start": "2026-12-17T06:00", "scope": "this_and_following"});
    let parted = house.ada.post(&format!("{last}/reschedule"), wish).await.expect(200).body;
    house.ada.post(&format!("{last}/cancel"), json!({"scope": "this_and_following"})).await.expect(200);
    house.drain().await;
    let lines = export(&house.ada).await;
    let of = |kind: &str, id: &Value| {
        let field = if kind == "series" { "id" } else { "series_id" };
        lines.iter().filter(|line| line["kind"] == kind && line[field] == *id).collect::<Vec<_>>()
    };
    let [first, second, none] = [&series, &parted, &taken].map(|series| of("series", &series["id"]));
    assert_eq!((first.len(), second.len(), none.len()), (1, 1, 1));
    assert_eq!(second[0]["record"]["continues"], series["id"]);
    assert_eq!((&first[0]["record"]["root"], &first[0]["record"]["seed"]), (&series["id"], &Value::Null));
    let places = |series: &Value| {
        let place =
            |line: &Value| (line["id"].as_str().unwrap().to_owned(), line["record"]["taken"]["taken"].as_str().unwrap().to_owned());
        of("place", &series["id"]).into_iter().map(place).collect::<Vec<_>>()
    };
    let place = |at: &str, taken: &str| (at.to_owned(), taken.to_owned());
    assert_eq!(places(&series), [place("2026-12-02T06:00", "session"), place("2026-12-09T06:00", "session")]);
    assert_eq!(places(&parted), [place("2026-12-17T06:00", "session")]);
    assert_eq!(places(&taken), [place("2026-12-09T06:00", "left_out"), place("2026-12-16T06:00", "left_out")]);
    assert_eq!((of("event", &series["id"]).len(), of("lane", &series["id"]).len()), (2, 1));
    is_whole(&house, &house.ada).await;
}

#[tokio::test]
async fn an_export_holds_what_has_no_clients() {
    let house = House::new().await;
    let types = house.ada.get("/v1/event-types").await.expect(200).body;
    let busy = types["items"].as_array().unwrap().iter().find(|of| of["name"] == "Busy").unwrap()["id"].clone();
    let event = |at: &str| json!({"clients": [], "event_type_id": busy, "title": "Dentist", "local_start": at});
    let one = house.ada.post("/v1/sessions", event("2026-12-08T09:00")).await.expect(201).text_of("/id");
    let gone = house.ada.post("/v1/sessions", event("2026-12-08T12:00")).await.expect(201).text_of("/id");
    house.ada.post(&format!("/v1/sessions/{one}/reschedule"), json!({"local_start": "2026-12-10T09:00"})).await.expect(200);
    house.ada.post(&format!("/v1/sessions/{gone}/delete"), json!({})).await.expect(200);
    let mut weekly = event("2026-12-09T06:00");
    weekly["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=3"});
    let series = house.ada.post("/v1/series", weekly).await.expect(201).body;
    let lines = export(&house.ada).await;
    let ids =
        |kind: &str| lines.iter().filter(|line| line["kind"] == kind).map(|line| line["id"].to_string()).collect::<BTreeSet<_>>();
    let made = series["sessions"].as_array().unwrap().iter().map(|session| session["session_id"].to_string());
    let made: BTreeSet<_> = made.chain([json!(one).to_string(), json!(gone).to_string()]).collect();
    assert!(made.is_subset(&ids("session")), "{made:?}");
    assert!(ids("series").contains(&series["id"].to_string()));
    is_whole(&house, &house.ada).await;
}

#[tokio::test]
async fn an_address_holds_five_minutes_and_opens_for_nobody_who_made_it_up() {
    let house = House::new().await;
    let missing = (404, "/problems/not-found".to_owned());
    let answer = house.ada.post("/v1/practice/exports", json!({})).await.expect(201);
    assert_eq!(answer.text_of("/expires_at"), "2026-11-30T15:05:00Z");
    let url = answer.text_of("/url");
    let (before, ticket) = url.rsplit_once('/').unwrap();
    assert_eq!(before, format!("{}/v1/exports", house.server.url()));
    // Neither names anyone.
    assert!(!ticket.contains("ada") && !ticket.contains('@') && !ticket.contains("demo"), "{ticket}");
    for at in (0..ticket.len()).step_by(5) {
        let mut forged = ticket.as_bytes().to_vec();
        forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
        let forged = String::from_utf8(forged).unwrap();
        assert_eq!(refused(&format!("{before}/{forged}")).await, missing, "{forged}");
        assert_eq!(refused(&format!("{before}/{}", &ticket[..at.max(1)])).await, missing, "{at}");
    }
    let elsewhere = House::new().await;
    let foreign = ask(&elsewhere.ada).await;
    assert_eq!(refused(&format!("{before}/{}", foreign.rsplit_once('/').unwrap().1)).await, missing);
    // A longer life is a forgery too.
    let longer = ticket.replacen(&expiry_of(ticket), "4102444800", 1);
    assert_ne!(longer, ticket);
    assert_eq!(refused(&format!("{before}/{longer}")).await, missing);
    house.advance_to("2026-11-30T15:04:59Z").await;
    assert_eq!(open(&url).await.status(), 200);
    house.advance_to("2026-11-30T15:05:00Z").await;
    assert_eq!(refused(&url).await, missing);
}

fn expiry_of(ticket: &str) -> String {
    ticket.split('.').nth(2).unwrap().to_owned()
}

#[tokio::test]
async fn who_is_a_director_no_more_opens_nothing_though_the_address_holds() {
    let house = House::new().await;
    let members = house.ada.get("/v1/members").await.expect(200).body;
    let fay = members["items"].as_array().unwrap().iter().find(|member| member["subject"] == "fay@demo.test").unwrap();
    let fay = format!("/v1/members/{}", fay["id"].as_str().unwrap());
    house.fay.post("/v1/practice/exports", json!({})).await.refused(403, "forbidden");
    house.ada.patch(&fay, json!({"role": "director"})).await.expect(200);
    let url = ask(&house.fay).await;
    assert_eq!(open(&url).await.status(), 200);
    house.ada.patch(&fay, json!({"role": "front_desk"})).await.expect(200);
    assert_eq!(refused(&url).await, (403, "/problems/forbidden".to_owned()));
    house.ada.patch(&fay, json!({"active": false})).await.expect(200);
    assert_eq!(refused(&url).await, (403, "/problems/not-a-member".to_owned()));
    house.ada.patch(&fay, json!({"active": true, "role": "director"})).await.expect(200);
    assert_eq!(open(&url).await.status(), 200);
}

#[tokio::test]
async fn a_suspended_practice_takes_its_data_with_it() {
    let house = House::new().await;
    let practice: PracticeId = practice_of(&house.ada).await.parse().unwrap();
    house.server.platform().suspend(practice, "The bill is not paid.").await.unwrap();
    house.ada.post("/v1/rooms", json!({"name": "Red", "kind": "virtual"})).await.expect(403);
    is_whole(&house, &house.ada).await;
}

/// A house whose table is watched.
async fn watched() -> (House, Log, Script) {
    let (log, script) = (Log::default(), Script::new());
    let wire = Wire::on_loopback(script.clone(), log.clone());
    let house = House::with(Options { http: Some(SharedHttpClient::new(wire)), ..Options::default() }).await;
    (house, log, script)
}

/// So many clients, of whom the first have a session each.
async fn fill(house: &House, clients: usize, sessions: usize) {
    for n in 0..clients {
        let body = json!({"last_name": format!("m{n:03}"), "practitioner_ids": [house.ada_id]});
        let client = house.ada.post("/v1/clients", body).await.expect(201).text_of("/id");
        if n >= sessions {
            continue;
        }
        let body = json!({
            "clients": [{"client_id": client}], "practitioner_id": house.ada_id, "local_start": "2026-12-10T09:00",
            "allow_overlap": true, "reminders": [],
        });
        house.ada.post("/v1/sessions", body).await.expect(201);
    }
}

/// The signed ticket of an address.
fn ticket(url: &str) -> &str {
    url.rsplit_once('/').unwrap().1
}

#[tokio::test]
async fn an_export_reads_as_it_is_read_and_no_more_than_a_little_ahead() {
    let (house, log, _) = watched().await;
    fill(&house, 40, 40).await;
    let url = ask(&house.ada).await;
    let exports = Exports::from(house.server.desk());
    let export = exports.open(ticket(&url)).await.unwrap().unwrap();
    drop(log.take());
    let mut text = std::pin::pin!(export.text());
    let first = text.next().await.unwrap().unwrap();
    assert!(first.starts_with(r#"{"kind":"export""#));
    assert_eq!(log.so_far().requests(), 0, "the first line needs nothing");
    let (mut told, mut furthest) = (0_usize, 0);
    while let Some(piece) = text.next().await {
        let piece = piece.unwrap();
        told += piece.lines().filter(|line| line.contains(r#"{"kind":"client""#) || line.contains(r#"{"kind":"session""#)).count();
        // Two reads for each client, one for each session, and a handful for the practice and its directory.
        furthest = furthest.max(log.so_far().requests().saturating_sub(2 * told));
    }
    let all = log.take();
    assert_eq!(all.operations().iter().filter(|operation| **operation != "Query").count(), 0);
    assert!(all.requests() > 120, "{}", all.requests());
    // Eight clients and eight sessions, whatever the size of the practice.
    assert!(furthest <= 8 * 3 + 8, "{furthest} requests ahead");
    assert!(all.rounds() < all.requests() / 2, "{} rounds of {} requests", all.rounds(), all.requests());
}

#[tokio::test]
async fn who_is_renamed_while_the_file_is_read_is_in_it_once() {
    let house = House::new().await;
    fill(&house, 130, 10).await;
    let last = house.ada.get("/v1/clients?search=m129").await.expect(200).text_of("/items/0/id");
    let exports = Exports::from(house.server.desk());
    let export = exports.open(ticket(&ask(&house.ada).await)).await.unwrap().unwrap();
    let mut text = std::pin::pin!(export.text());
    let mut whole = String::new();
    while let Some(piece) = text.try_next().await.unwrap() {
        whole += &piece;
        if whole.matches(r#"{"kind":"client""#).count() == 3 {
            // From a page that is not read yet to one that was.
            house.ada.patch(&format!("/v1/clients/{last}"), json!({"last_name": "aaa"})).await;
        }
    }
    let practice = practice_of(&house.ada).await;
    let ids = |kind: &str| {
        let lines = lines(&whole).into_iter().filter(|line| line["kind"] == kind);
        let mut ids: Vec<_> = lines.map(|line| place(&practice, &line)).collect();
        ids.sort();
        ids
    };
    let records = records(&house, &practice).await;
    let there = |sk: &str| records.keys().filter(|(_, place)| place == sk).cloned().collect::<Vec<_>>();
    assert!(whole.contains(&last));
    assert_eq!(ids("client"), there("CLIENT"));
    assert_eq!(ids("session"), there("SESSION"));
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_not_taken_for_a_whole_one() {
    let (house, _, script) = watched().await;
    fill(&house, 40, 40).await;
    let url = ask(&house.ada).await;
    script.add(Fault::NotSent.at(30).on("Query").forever());
    let mut response = open(&url).await;
    assert_eq!(response.status(), 200);
    let mut text = Vec::new();
    let broken = loop {
        match response.chunk().await {
            Ok(Some(piece)) => text.extend(piece),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    let text = String::from_utf8_lossy(&text);
    assert!(broken, "the connection says so");
    assert!(text.starts_with(r#"{"kind":"export""#) && !text.contains(r#"{"kind":"end""#), "{text}");
}
