//! Requests that can be repeated, and a team to whom they can be sent without end.

use std::collections::VecDeque;

use chrono::{DateTime, Duration, Utc};
use hourkeep_tests::{Answer, House, Person};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::Rig;

/// A request that changes something, and that can be sent again.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) key: String,
}

impl Request {
    /// The only one of its path: that is its key.
    pub(crate) fn new(path: impl Into<String>, body: Value) -> Self {
        let path = path.into();
        Self { key: path.clone(), path, body }
    }

    /// The front desk sends it, so that the practitioner is to be informed.
    pub(crate) async fn send(&self, house: &House) -> Answer {
        self.by(&house.fay).await
    }

    /// Someone sends it.
    pub(crate) async fn by(&self, person: &Person) -> Answer {
        person.send(Method::POST, &self.path, &[("idempotency-key", &self.key)], Some(&self.body)).await
    }
}

/// A team whose calendars are empty, and a client of theirs.
pub(crate) struct Team {
    practitioner_ids: Vec<String>,
    pub(crate) client_id: String,
    contact_ids: Vec<String>,
    begins: DateTime<Utc>,
    made: usize,
    ready: VecDeque<Standing>,
}

/// A session that stands, of which everything was handed on.
pub(crate) struct Standing {
    pub(crate) id: String,
    pub(crate) starts_at: DateTime<Utc>,
}

impl Standing {
    fn of(answer: &Answer) -> Self {
        Self { id: answer.text_of("/id"), starts_at: answer.text_of("/starts_at").parse().unwrap() }
    }

    /// The sessions of these answers.
    pub(crate) fn all(answers: &[Answer]) -> VecDeque<Self> {
        answers.iter().map(Self::of).collect()
    }
}

impl Team {
    /// How many sessions are made ready at a time.
    pub(crate) const STOCK: usize = 24;

    /// So many practitioners join a house; their first sessions are to begin that long from now.
    pub(crate) async fn of(size: usize, rig: &Rig, ahead: Duration) -> Self {
        let ada = &rig.house.ada;
        let mut practitioner_ids = Vec::new();
        for n in 0..size {
            let cleo = json!({"name": format!("Cleo {n}"), "email": "cleo@demo.test", "time_zone": "Etc/UTC"});
            practitioner_ids.push(ada.post("/v1/practitioners", cleo).await.expect(201).text_of("/id"));
        }
        let client = json!({
            "first_name": "Rui", "practitioner_ids": practitioner_ids, "reminder_channels": ["email"],
            "contacts": [
                {"name": "Gil Reis", "kind": "guardian", "email": "gil@reis.test"},
                {"name": "Ida Reis", "kind": "other", "email": "ida@reis.test"},
            ],
        });
        let client = ada.post("/v1/clients", client).await.expect(201);
        let contact_ids = [0, 1].map(|n| client.text_of(&format!("/contacts/{n}/id"))).to_vec();
        let (client_id, begins) = (client.text_of("/id"), rig.now() + ahead);
        rig.house.drain().await;
        Self { practitioner_ids, client_id, contact_ids, begins, made: 0, ready: VecDeque::new() }
    }

    /// The wish for one more session, to which both contacts are invited: at the next free quarter of an hour.
    pub(crate) fn session(&mut self, days_before: &[u8]) -> Request {
        let contact = |id: &String| json!({"contact_id": id});
        let reminder = |days: &u8| json!({"days_before": days, "channel": "email"});
        let practitioner = &self.practitioner_ids[self.made % self.practitioner_ids.len()];
        let body = json!({
            "clients": [{"client_id": self.client_id}], "practitioner_id": practitioner,
            "local_start": wall(self.ends()), "time_zone": "Etc/UTC", "length_minutes": 15,
            "invite": {"send": true, "recipients": self.contact_ids.iter().map(contact).collect::<Vec<_>>()},
            "reminders": days_before.iter().map(reminder).collect::<Vec<_>>(),
        });
        self.made += 1;
        Request { path: "/v1/sessions".to_owned(), body, key: format!("schedule {}", self.made) }
    }

    /// A session that stands.
    pub(crate) async fn standing(&mut self, house: &House, days_before: &[u8]) -> Standing {
        if self.ready.is_empty() {
            for _ in 0..Self::STOCK {
                let made = self.session(days_before).send(house).await.expect(201);
                self.ready.push_back(Standing::of(&made));
            }
            house.drain().await;
        }
        self.ready.pop_front().unwrap()
    }

    /// The first quarter of an hour that is still free for the next session.
    pub(crate) fn ends(&self) -> DateTime<Utc> {
        self.begins + Duration::minutes(15) * i32::try_from(self.made / self.practitioner_ids.len()).unwrap()
    }
}

pub(crate) fn wall(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}
