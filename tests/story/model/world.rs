//! A cohort on a server: asks for each step, moves the clock, and compares with the books.

use aws_sdk_dynamodb::config::SharedHttpClient;
use chrono::{DateTime, Duration, NaiveDateTime, SecondsFormat, Utc};
use hourkeep_app::job::{Dispatch, Job};
use hourkeep_local::Options;
use hourkeep_testkit::{Fault, Log, Script, Wire};
use hourkeep_tests::{Answer, House, Person};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    SEQUENCES,
    book::{Book, Due, Verdict},
    outbox::{Mailboxes, Outbox},
    step::{Pass, Round, Step},
};
use crate::home::{Home as _, at};

/// All sessions are in this zone, +05:45 all year.
const ZONE: &str = "Asia/Kathmandu";
/// After so long without a fault, everything that one held up is done: leases have ended, queues have handed out
/// again, and an hourly sweep has found what was pending for ten minutes.
const RECOVERY: Duration = Duration::minutes(140);

/// The people of one sequence.
#[derive(Clone)]
struct Lane {
    person: Person,
    practitioner: String,
    client: String,
    contacts: [String; 2],
    emails: [String; 2],
}

pub(super) struct World {
    house: House,
    script: Script,
    log: Log,
    outbox: Outbox,
    boxes: Mailboxes,
    lanes: Vec<Lane>,
    books: Vec<Book>,
    now: DateTime<Utc>,
    crashed_at: Option<DateTime<Utc>>,
    crashes: usize,
    requests: usize,
}

/// What of the model did not hold.
type Held = Result<(), String>;

impl World {
    /// Lives through a cohort's rounds.
    pub(super) async fn live(rounds: &[Round]) -> Held {
        let mut world = Self::new().await;
        for (number, round) in rounds.iter().enumerate() {
            let lived = world.round(number, round).await;
            lived.map_err(|wrong| format!("round {number} at {}: {wrong}{}", world.now, life(&rounds[..=number], &wrong)))?;
        }
        world.pass(Pass::Minutes(RECOVERY.num_minutes())).await?;
        world.check_calendars().await?;
        let listed = world.house.mails().await.len();
        if listed == world.outbox.count() { Ok(()) } else { Err(format!("the mailbox lists {listed} mails")) }
    }

    async fn new() -> Self {
        let (script, log, outbox) = (Script::new(), Log::default(), Outbox::default());
        let http = SharedHttpClient::new(Wire::on_loopback(script.clone(), log.clone()));
        let (remembering, faults) = (outbox.clone(), script.clone());
        let around = Box::new(move |ports| remembering.around(ports, &faults));
        let house = House::with(Options { http: Some(http), around: Some(around), ..Options::default() }).await;
        let mut world = Self {
            house,
            script,
            log,
            outbox,
            boxes: Mailboxes::default(),
            lanes: Vec::new(),
            books: vec![Book::default(); SEQUENCES],
            now: at(House::NOW),
            crashed_at: None,
            crashes: 0,
            requests: 0,
        };
        for number in 0..SEQUENCES {
            let lane = world.lane(number).await;
            world.lanes.push(lane);
        }
        world
    }

    async fn lane(&self, number: usize) -> Lane {
        let ada = &self.house.ada;
        let email = format!("prac{number}@demo.test");
        let practitioner = json!({"name": format!("Practitioner {number}"), "email": email, "time_zone": ZONE});
        let practitioner = ada.post("/v1/practitioners", practitioner).await.expect(201).text_of("/id");
        let member = json!({"subject": email, "name": "Practitioner", "role": "practitioner", "practitioner_id": practitioner});
        ada.post("/v1/members", member).await.expect(201);
        let person = self.house.sign_in(&email).await;
        let emails = [format!("guardian{number}@family.test"), format!("other{number}@family.test")];
        let contacts = json!([
            {"name": "Guardian", "kind": "guardian", "email": emails[0]}, {"name": "Other", "kind": "other", "email": emails[1]},
        ]);
        let client = json!({
            "first_name": "Sam", "practitioner_ids": [practitioner], "reminder_channels": ["email"], "contacts": contacts,
        });
        let client = ada.post("/v1/clients", client).await.expect(201);
        let contacts = [client.text_of("/contacts/0/id"), client.text_of("/contacts/1/id")];
        Lane { person, practitioner, client: client.text_of("/id"), contacts, emails }
    }

    async fn round(&mut self, number: usize, round: &Round) -> Held {
        if let Some((call, fault, times)) = round.fault {
            self.script.add(fault.at(call).times(times));
        }
        let mut asked = JoinSet::new();
        for (place, step) in round.steps.iter().enumerate() {
            let Some(which) = self.books[place].which(step) else { continue };
            let id = self.books[place].sessions.get(which).map(|kept| kept.id.clone());
            let (method, path, body) = request(step, &self.lanes[place], id.as_deref(), self.now);
            self.requests += 1;
            let key = format!("request-{}", self.requests);
            asked.spawn(insist(self.lanes[place].person.clone(), place, method, path, key, body, round.twice));
        }
        let mut answers = asked.join_all().await;
        self.script.clear();
        drop(self.log.take());
        answers.sort_by_key(|(place, _)| *place);
        for (place, answer) in answers {
            self.compare(place, &round.steps[place], &answer?).map_err(|wrong| format!("sequence {place}: {wrong}"))?;
        }
        self.pass(round.pass).await?;
        if number % 4 == 3 { self.check_calendars().await } else { Ok(()) }
    }

    /// The answer to a step is what the book says.
    fn compare(&mut self, place: usize, step: &Step, answer: &Answer) -> Held {
        let which = self.books[place].which(step).unwrap_or_default();
        let expected = self.books[place].take(step, self.now);
        let found = match answer.status {
            200 | 201 => Verdict::Done,
            status => Verdict::Refused(status, ""),
        };
        let same = match (expected, found) {
            (Verdict::Done, Verdict::Done) => true,
            (Verdict::Refused(expected, problem), Verdict::Refused(status, _)) => expected == status && problem == answer.problem(),
            (Verdict::Done, Verdict::Refused(..)) | (Verdict::Refused(..), Verdict::Done) => false,
        };
        if !same {
            return Err(format!("{step:?} must be {expected:?}, not {}", answer.text));
        }
        if expected != Verdict::Done {
            return Ok(());
        }
        let lane = &self.lanes[place];
        let kept = &mut self.books[place].sessions[which];
        kept.id = answer.text_of("/id");
        let shown = ["status", "starts_at", "ends_at", "invited"].map(|field| answer.body[field].clone());
        let right = [json!(kept.status(self.now)), json!(text(kept.span.0)), json!(text(kept.span.1)), json!(kept.invited)];
        let invited = kept.people.iter().zip(&lane.emails).filter(|(person, _)| person.invited).map(|(_, email)| json!(email));
        let listed: Vec<Value> =
            answer.body["recipients"].as_array().into_iter().flatten().map(|recipient| recipient["email"].clone()).collect();
        let inside_window = kept.span.0 - self.now < Duration::hours(24);
        let fair = answer.body.pointer("/cancellation/late").is_none_or(|shown| *shown == json!(inside_window));
        if shown == right && listed == invited.collect::<Vec<_>>() && fair {
            Ok(())
        } else {
            Err(format!("{step:?} must show {right:?}, not {}", answer.text))
        }
    }

    async fn pass(&mut self, pass: Pass) -> Held {
        let (from, struck_before) = (self.now, self.script.fired().len());
        match pass {
            Pass::Rest => return Ok(()),
            Pass::Minutes(minutes) => self.now += Duration::minutes(minutes),
            Pass::Redelivery => self.redeliver().await,
            Pass::Crash(call, moment) => self.script.crash_at(call, moment),
        }
        self.house.ask_clock(json!({"to": self.now})).await.expect(200);
        self.script.clear();
        drop(self.log.take());
        if self.script.fired().len() > struck_before {
            self.crashed_at = Some(self.now);
            self.crashes += 1;
        }
        let sure = self.crashed_at.is_none();
        let recovered = self.crashed_at.is_none_or(|crashed_at| self.now >= crashed_at + RECOVERY);
        for kept in self.books.iter_mut().flat_map(|book| &mut book.sessions) {
            kept.pass(from, self.now, sure);
        }
        if !recovered {
            return Ok(());
        }
        self.crashed_at = None;
        self.check_mails()
    }

    /// Hands out the newest jobs again: all are done with, so nothing comes of it. A reminder of a time that
    /// did not stand when it was due is left out: handed out again it is wanted, should the session have moved back.
    async fn redeliver(&self) {
        for job in self.outbox.newest_jobs(SEQUENCES) {
            let done = match &job {
                Job::Invite(_) | Job::Cancellation(_) | Job::Notice(_) | Job::Reanchor(_) | Job::Series(_) => true,
                Job::Reminder(job) => self.boxes.reminders.contains_key(&(job.session.to_string(), job.due_at)),
            };
            if done {
                self.house.server.ports().queue.send(&Dispatch { correlation: None, job }, Duration::zero()).await.unwrap();
            }
        }
    }

    /// Everything is delivered: every calendar holds what it must, and every reminder and notice went out once.
    fn check_mails(&mut self) -> Held {
        self.boxes.collect(&self.outbox);
        let boxes = &self.boxes;
        for (place, (book, lane)) in self.books.iter_mut().zip(&self.lanes).enumerate() {
            for kept in &mut book.sessions {
                let uid = format!("{}@hourkeep", kept.id);
                for (person, email) in lane.emails.iter().enumerate() {
                    let shown = boxes.calendars.get(email).and_then(|calendar| calendar.entry(&uid));
                    let truth = kept.truth(person);
                    let settled = kept.people[person].settle(truth, shown);
                    settled
                        .map_err(|right| format!("sequence {place}: {email} holds {shown:?}, not one of {right:?}: {kept:?}"))?;
                }
                for (due, what) in &mut kept.due {
                    let sent = boxes.reminders.get(&(kept.id.clone(), *due)).copied().unwrap_or_default();
                    let right = match what {
                        Due::OnTime | Due::Late | Due::Sent => sent == 1,
                        Due::Perhaps => sent <= 1,
                        Due::Unsent => sent == 0,
                    };
                    if !right {
                        return Err(format!("sequence {place}: {sent} reminders due at {due}, which is {what:?}: {}", kept.id));
                    }
                    *what = if sent == 1 { Due::Sent } else { Due::Unsent };
                }
                let notices = boxes.notices.get(&kept.id).copied().unwrap_or_default();
                if !kept.invited && notices != kept.notices {
                    return Err(format!("sequence {place}: {notices} notices of {kept:?}"));
                }
            }
        }
        if boxes.repeats > 0 && self.crashes == 0 {
            return Err(format!("{} mails came twice, though no worker died", boxes.repeats));
        }
        let known = |session: &str, due: &DateTime<Utc>| {
            let mut sessions = self.books.iter().flat_map(|book| &book.sessions);
            sessions.any(|kept| kept.id == session && kept.due.contains_key(due))
        };
        match boxes.reminders.keys().find(|(session, due)| !known(session, due)) {
            Some(stale) => Err(format!("nobody wants the reminder {stale:?}")),
            None => Ok(()),
        }
    }

    /// `GET /v1/calendar` shows what stands in each book, and its status now.
    async fn check_calendars(&mut self) -> Held {
        let (from, to) = (at(House::NOW).date_naive(), self.now.date_naive() + chrono::Days::new(7));
        for (place, (book, lane)) in self.books.iter().zip(&self.lanes).enumerate() {
            let path = format!("/v1/calendar?practitioner_id={}&from={from}&to={to}", lane.practitioner);
            let items = lane.person.get(&path).await.expect(200).body["items"].clone();
            let fields = ["session_id", "starts_at", "ends_at", "status"];
            let row = |item: &Value| fields.map(|field| item[field].as_str().unwrap().to_owned());
            let mut shown: Vec<_> = items.as_array().unwrap().iter().map(row).collect();
            let standing = book.sessions.iter().filter(|kept| kept.state.shows());
            let mut right: Vec<_> = standing
                .map(|kept| [kept.id.clone(), text(kept.span.0), text(kept.span.1), kept.status(self.now).to_owned()])
                .collect();
            shown.sort();
            right.sort();
            if shown != right {
                return Err(format!("sequence {place}: the calendar shows {shown:?}, not {right:?}"));
            }
        }
        Ok(())
    }
}

/// What the sequence that a failure names has lived through.
fn life(rounds: &[Round], wrong: &str) -> String {
    let named = wrong.strip_prefix("sequence ").and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
    let Some(place) = named else { return String::new() };
    let line = |(number, round): (usize, &Round)| {
        format!("\n{number}: {:?}, then {:?} (twice: {}, fault: {:?})", round.steps[place], round.pass, round.twice, round.fault)
    };
    rounds.iter().enumerate().map(line).collect()
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn wall(at: DateTime<Utc>) -> String {
    let local: NaiveDateTime = at.naive_utc() + Duration::minutes(5 * 60 + 45);
    local.format("%Y-%m-%dT%H:%M").to_string()
}

fn reminders(days: &[i64]) -> Value {
    days.iter().map(|days| json!({"days_before": days, "channel": "email"})).collect()
}

/// The request of a step.
fn request(step: &Step, lane: &Lane, id: Option<&str>, now: DateTime<Utc>) -> (Method, String, Value) {
    let path = |verb: &str| format!("/v1/sessions/{}{verb}", id.unwrap_or_default());
    let recipients = |both: bool| -> Value {
        let named = lane.contacts.iter().take(if both { 2 } else { 1 });
        named.map(|contact| json!({"contact_id": contact})).collect()
    };
    match step {
        Step::Schedule { start, minutes, invited, reminders: days, allow_overlap } => {
            let invite = invited.map(|both| json!({"send": true, "recipients": recipients(both)}));
            let body = json!({
                "clients": [{"client_id": lane.client}], "practitioner_id": lane.practitioner, "local_start": wall(start.after(now)),
                "length_minutes": minutes, "invite": invite, "reminders": reminders(days), "allow_overlap": allow_overlap,
            });
            (Method::POST, "/v1/sessions".to_owned(), body)
        }
        Step::Move { start, minutes, send, allow_overlap, .. } => {
            let body = json!({
                "local_start": wall(start.after(now)), "length_minutes": minutes, "send_updates": send, "allow_overlap": allow_overlap,
            });
            (Method::POST, path("/reschedule"), body)
        }
        Step::Invite { both, .. } => (Method::POST, path("/invites"), json!({"recipients": recipients(*both)})),
        Step::Remind { reminders: days, .. } => (Method::PATCH, path(""), json!({"reminders": reminders(days)})),
        Step::Cancel { notify, .. } => (Method::POST, path("/cancel"), json!({"notify": notify})),
        Step::Delete { .. } => (Method::POST, path("/delete"), json!({})),
        Step::Outcome { came, .. } => {
            let value = if *came { "attended" } else { "no_show" };
            (Method::POST, path("/outcome"), json!({"attendance": [{"client_id": lane.client, "value": value}]}))
        }
    }
}

/// Asks until it is answered, as a caller does who gets 5xx; `twice` asks once more, which must change nothing.
async fn insist(
    person: Person,
    place: usize,
    method: Method,
    path: String,
    key: String,
    body: Value,
    twice: bool,
) -> (usize, Result<Answer, String>) {
    let headers = [("idempotency-key", key.as_str())];
    for _ in 0..Fault::ALL.len() {
        let answer = person.send(method.clone(), &path, &headers, Some(&body)).await;
        if answer.status >= 500 {
            continue;
        }
        if twice && answer.status < 300 {
            let again = person.send(method, &path, &headers, Some(&body)).await;
            if again.status < 500 && again.text != answer.text {
                return (place, Err(format!("asked again: {}, not {}", again.text, answer.text)));
            }
        }
        return (place, Ok(answer));
    }
    (place, Err(format!("{path} is never answered")))
}
