//! A house: a server with a practice, its people, a client, a service and a room.

use chrono::{DateTime, Utc};
use hourkeep_app::{inbox::flag, platform::Founding};
use hourkeep_domain::{
    hours::WeeklyHours,
    inbox::{About, InboxItem},
    money::Currency,
    practice::Policies,
    text::{Email, Name, Slug},
    zone::Zone,
};
use hourkeep_local::{Begin, Options, Server};
use hourkeep_store::Transaction;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::Answer;

/// Who vouches for sign-ins on a laptop.
const ISSUER: &str = "https://local.hourkeep.test";

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    http: Client,
    url: String,
    token: Option<String>,
}

impl Person {
    /// Nobody in particular: no token.
    pub fn stranger(url: &str) -> Self {
        Self { http: Client::new(), url: url.to_owned(), token: None }
    }

    /// Whoever holds this token.
    pub fn with_token(url: &str, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::stranger(url) }
    }

    /// Sends a request with these headers.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        self.send_bytes(method, path, headers, body.map(|body| body.to_string().into_bytes())).await
    }

    /// Sends a request whose body may be anything.
    pub async fn send_bytes(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Asks for something.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(&body)).await
    }

    /// Changes something.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, &[], Some(&body)).await
    }
}

/// A server with the demo practice, its clock standing at [`House::NOW`].
pub struct House {
    /// The server.
    pub server: Server,
    /// Director and practitioner, in Vancouver.
    pub ada: Person,
    /// Practitioner, in Paris.
    pub ben: Person,
    /// Front desk.
    pub fay: Person,
    /// Ada's practitioner id.
    pub ada_id: String,
    /// Ben's practitioner id.
    pub ben_id: String,
    /// A client of Ada's, with a guardian and an other contact, who may be reminded by email.
    pub client: Value,
    /// A service of 60 minutes for 15,000 minor units.
    pub service_id: String,
    /// A physical room.
    pub room_id: String,
}

impl House {
    /// A Monday morning in Vancouver: 08:00 at UTC−07:00.
    pub const NOW: &'static str = "2026-11-30T15:00:00Z";

    /// A house in memory that works only when its clock is moved or it is drained.
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// A house with other options; the clock stands and nothing works by itself.
    pub async fn with(options: Options) -> Self {
        let clock = match options.clock {
            Begin::RealTime => Begin::Standing(Self::NOW.parse().unwrap()),
            said @ (Begin::Running(_) | Begin::Standing(_)) => said,
        };
        let server = Server::start(Options { clock, background: false, ..options }).await.unwrap();
        Self::at(server).await
    }

    /// The house of a running server.
    pub async fn at(server: Server) -> Self {
        let url = server.url();
        let (ada, ben, fay) =
            tokio::join!(sign_in(&url, "ada@demo.test"), sign_in(&url, "ben@demo.test"), sign_in(&url, "fay@demo.test"));
        // All of the demo practice is made at one instant, so lists have no order to rely on.
        let id_of = |list: &Value, field: &str, value: &str| {
            let items = list["items"].as_array().unwrap();
            items.iter().find(|item| item[field] == value).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let practitioners = ada.get("/v1/practitioners").await.expect(200).body;
        let (ada_id, ben_id) = (id_of(&practitioners, "name", "Ada Adair"), id_of(&practitioners, "name", "Ben Bellamy"));
        let client = ada
            .post(
                "/v1/clients",
                json!({
                    "first_name": "Mia", "last_name": "Moreau", "practitioner_ids": [ada_id], "reminder_channels": ["email"],
                    "contacts": [
                        {"name": "Gil Moreau", "kind": "guardian", "email": "gil@family.test"},
                        {"name": "Aunt Ida", "kind": "other", "email": "ida@family.test"},
                    ],
                }),
            )
            .await
            .expect(201)
            .body;
        let service_id = id_of(&ada.get("/v1/services").await.expect(200).body, "code", "90837");
        let room_id = id_of(&ada.get("/v1/rooms").await.expect(200).body, "name", "Blue room");
        Self { server, ada, ben, fay, ada_id, ben_id, client, service_id, room_id }
    }

    /// Signs someone in.
    pub async fn sign_in(&self, subject: &str) -> Person {
        sign_in(&self.server.url(), subject).await
    }

    /// The client's id.
    pub fn client_id(&self) -> &str {
        self.client["id"].as_str().unwrap()
    }

    /// The id of the client's nth contact.
    pub fn contact_id(&self, n: usize) -> &str {
        self.client["contacts"][n]["id"].as_str().unwrap()
    }

    /// The body of a session of the client with Ada, with `more` put over it.
    pub fn session(&self, local_start: &str, more: Value) -> Value {
        let mut body = json!({"clients": [{"client_id": self.client_id()}], "local_start": local_start, "reminders": []});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    /// Ada schedules such a session.
    pub async fn schedule(&self, local_start: &str, more: Value) -> Value {
        self.ada.post("/v1/sessions", self.session(local_start, more)).await.expect(201).body
    }

    /// Ada schedules a session to which the guardian is invited, and the mail is sent.
    pub async fn schedule_invited(&self, local_start: &str) -> Value {
        let session = self.schedule(local_start, json!({"invite": {"send": true}})).await;
        self.drain().await;
        session
    }

    /// Founds another practice on the same table, in Oslo, whose director signs in by this name. Answers its id.
    pub async fn found(&self, name: &str, slug: &str, director: &str) -> String {
        let founding = Founding {
            name: Name::parse(name).unwrap(),
            slug: Slug::parse(slug).unwrap(),
            zone: Zone::parse("Europe/Oslo").unwrap(),
            currency: Currency::parse("NOK").unwrap(),
            policies: Policies::default(),
            director: Name::parse("Olga Olsen").unwrap(),
            email: Email::parse("olga@other.test").unwrap(),
            weekly_hours: WeeklyHours::default(),
            issuer: ISSUER.to_owned(),
            subject: director.to_owned(),
        };
        self.server.platform().found(&founding).await.unwrap().to_string()
    }

    /// Puts something that was found now into the inbox of a practice, as workers do.
    pub async fn flag(&self, practice: &str, practitioner: &str, clients: &[&str], about: About) -> InboxItem {
        let clients = clients.iter().map(|client| client.parse().unwrap()).collect();
        let now = self.server.desk().clock.now();
        let item = InboxItem::new(practice.parse().unwrap(), practitioner.parse().unwrap(), clients, about, now);
        let mut transaction = Transaction::default();
        flag(&mut transaction, &item).unwrap();
        self.server.desk().table.commit(&transaction).await.unwrap();
        item
    }

    /// Handles everything that is due.
    pub async fn drain(&self) {
        self.server.drain().await.unwrap();
    }

    /// Moves the clock forward.
    pub async fn advance_to(&self, instant: &str) {
        let to: DateTime<Utc> = instant.parse().unwrap();
        self.server.advance(to).await.unwrap();
    }

    /// All mails, newest last.
    pub async fn mails(&self) -> Vec<Value> {
        let list = Person::stranger(&self.server.url()).get("/local/mail").await.expect(200).body;
        list.as_array().unwrap().clone()
    }

    /// The mails to someone, newest last.
    pub async fn mails_to(&self, address: &str) -> Vec<Value> {
        self.mails().await.into_iter().filter(|mail| mail["to"] == address).collect()
    }
}

async fn sign_in(url: &str, subject: &str) -> Person {
    let token = Person::stranger(url).post("/local/token", json!({"as": subject})).await.expect(200);
    Person::with_token(url, &token.text_of("/access_token"))
}
