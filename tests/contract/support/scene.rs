//! The house with everyone whom its doors must tell apart, and for each route a request that the right people are
//! answered with success.

use std::sync::atomic::{AtomicU32, Ordering};

use hourkeep_domain::{
    event_type::EventTypes,
    ids::SeriesId,
    inbox::{About, InboxItem},
    session::Session,
    zone::Zone,
};
use hourkeep_http::pages;
use hourkeep_store::key;
use hourkeep_tests::{Answer, House, Person};
use reqwest::Method;
use serde_json::{Value, json};

/// Whose client, session or calendar a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Ada's, with the client whom Ben does not treat.
    Adas,
    /// Ben's, with his own client.
    Bens,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Its method.
    pub(crate) method: Method,
    /// Its path, with ids in their places.
    pub(crate) path: String,
    /// Its body.
    pub(crate) body: Option<Value>,
}

impl Request {
    /// Sends it as someone.
    pub(crate) async fn send(&self, person: &Person, headers: &[(&str, &str)]) -> Answer {
        person.send(self.method.clone(), &self.path, headers, self.body.as_ref()).await
    }
}

/// The house, and who else there is.
pub(crate) struct Scene {
    /// The practice.
    pub(crate) house: House,
    /// Its id.
    pub(crate) practice: String,
    /// A client of Ben's.
    pub(crate) bens_client: Value,
    /// A location.
    pub(crate) location_id: String,
    /// The director of another practice.
    pub(crate) olga: Person,
    /// A director of the practice who is deactivated since they signed in.
    pub(crate) former: Person,
    /// Fay's id as a member.
    pub(crate) fay_id: String,
    count: AtomicU32,
}

impl Scene {
    /// A new house with them.
    pub(crate) async fn new() -> Self {
        Self::of(House::new().await).await
    }

    /// A house with them.
    pub(crate) async fn of(house: House) -> Self {
        house.found("Other Clinic", "other-clinic", "olga@other.test").await;
        let olga = house.sign_in("olga@other.test").await;
        let member = json!({"subject": "finn@demo.test", "name": "Finn Former", "role": "director"});
        let finn = house.ada.post("/v1/members", member).await.expect(201).text_of("/id");
        let former = house.sign_in("finn@demo.test").await;
        house.ada.patch(&format!("/v1/members/{finn}"), json!({"active": false})).await.expect(200);
        let members = house.ada.get("/v1/members").await.expect(200).body;
        let fay = members["items"].as_array().unwrap().iter().find(|member| member["subject"] == "fay@demo.test").unwrap();
        let fay_id = fay["id"].as_str().unwrap().to_owned();
        let client = json!({
            "first_name": "Nils", "last_name": "Nyberg", "practitioner_ids": [house.ben_id], "reminder_channels": ["email"],
            "contacts": [{"name": "Nora Nyberg", "kind": "primary", "email": "nora@family.test"}],
        });
        let bens_client = house.ada.post("/v1/clients", client).await.expect(201).body;
        let location_id = house.ada.get("/v1/locations").await.expect(200).text_of("/items/0/id");
        let practice = house.ada.get("/v1/practice").await.expect(200).text_of("/id");
        Self { house, practice, bens_client, location_id, olga, former, fay_id, count: AtomicU32::new(0) }
    }

    /// A number that no one had before.
    pub(crate) fn next(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// The client of either.
    pub(crate) fn client(&self, whose: Whose) -> &Value {
        match whose {
            Whose::Adas => &self.house.client,
            Whose::Bens => &self.bens_client,
        }
    }

    /// The id of that client.
    pub(crate) fn client_id(&self, whose: Whose) -> &str {
        self.client(whose)["id"].as_str().unwrap()
    }

    /// The id of the practitioner.
    pub(crate) fn practitioner_id(&self, whose: Whose) -> &str {
        match whose {
            Whose::Adas => &self.house.ada_id,
            Whose::Bens => &self.house.ben_id,
        }
    }

    /// A session that nobody has touched, at a time that others may have too.
    pub(crate) async fn session(&self, whose: Whose, local_start: &str) -> Value {
        let body = json!({
            "clients": [{"client_id": self.client_id(whose)}], "practitioner_id": self.practitioner_id(whose),
            "local_start": local_start, "time_zone": "America/Vancouver", "reminders": [], "allow_overlap": true,
        });
        self.house.ada.post("/v1/sessions", body).await.expect(201).body
    }

    /// A series of three weeks whose sessions nobody has touched.
    pub(crate) async fn series(&self, whose: Whose) -> Value {
        self.house.ada.post("/v1/series", self.series_body(whose, &json!({}))).await.expect(201).body
    }

    /// The body of such a series, at times that others may have too, with `more` put over its recurrence.
    pub(crate) fn series_body(&self, whose: Whose, more: &Value) -> Value {
        let mut recurrence = json!({"rule": "FREQ=WEEKLY;COUNT=3"});
        recurrence.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({
            "clients": [{"client_id": self.client_id(whose)}], "practitioner_id": self.practitioner_id(whose),
            "local_start": "2026-12-09T09:00", "time_zone": "America/Vancouver", "reminders": [], "allow_overlap": true,
            "recurrence": recurrence,
        })
    }

    /// A request of a route of sessions about the second of a series, and all that follow it.
    pub(crate) async fn request_of_series(&self, method: &Method, path: &str, whose: Whose) -> Request {
        let series = self.series(whose).await;
        let path_of_second = path.replace("{id}", series["sessions"][1]["session_id"].as_str().unwrap());
        let mut body = self.body(method, path, whose);
        body["scope"] = "this_and_following".into();
        if path.ends_with("/reschedule") {
            body["local_start"] = "2026-12-17T10:00".into();
        }
        Request { method: method.clone(), path: path_of_second, body: Some(body) }
    }

    /// Something of either's in the inbox that nobody has seen to.
    pub(crate) async fn flagged(&self, whose: Whose) -> InboxItem {
        let about = About::PlaceTaken {
            series: SeriesId::from_bits(self.next().into()),
            local_start: "2026-12-08T09:00:00".parse().unwrap(),
            zone: Zone::parse("America/Vancouver").unwrap(),
        };
        self.house.flag(&self.practice, self.practitioner_id(whose), &[self.client_id(whose)], about).await
    }

    /// A request of a route that those who may are answered with success.
    pub(crate) async fn request(&self, method: &Method, path: &str, whose: Whose) -> Request {
        let id = match path {
            "/v1/sessions/{id}/mail" => Some(self.invited(whose).await),
            _ if path.starts_with("/v1/sessions/{id}/outcome") => Some(self.session_id(whose, "2026-11-30T08:00").await),
            _ if path.starts_with("/v1/sessions/{id}") => Some(self.session_id(whose, "2026-12-08T09:00").await),
            _ if path.starts_with("/v1/practitioners/{id}") => Some(self.practitioner_id(whose).to_owned()),
            _ if path.starts_with("/v1/clients/{id}") => Some(self.client_id(whose).to_owned()),
            _ if path.starts_with("/v1/services/{id}") => Some(self.house.service_id.clone()),
            _ if path.starts_with("/v1/rooms/{id}") => Some(self.house.room_id.clone()),
            _ if path.starts_with("/v1/event-types/{id}") => Some(self.event_type_id()),
            _ if path.starts_with("/v1/locations/{id}") => Some(self.location_id.clone()),
            _ if path.starts_with("/v1/members/{id}") => Some(self.fay_id.clone()),
            "/v1/series/{id}" => Some(self.series(whose).await["id"].as_str().unwrap().to_owned()),
            _ if path.starts_with("/v1/inbox/{id}") => Some(self.flagged(whose).await.id.to_string()),
            _ => None,
        };
        let mut concrete = path.replace("{id}", id.as_deref().unwrap_or_default());
        if path == pages::MANAGE {
            concrete = self.manage_link(whose).await;
        } else if path.contains("{code}") {
            let session = self.session(whose, "2026-12-08T09:00").await;
            concrete = path.replace("{code}", session["clients"][0]["code"].as_str().unwrap());
        } else if path == pages::PROBLEM {
            concrete = path.replace("{name}", "overlap");
        } else if path.contains("{ticket}") {
            let url = self.house.ada.post("/v1/practice/exports", json!({})).await.expect(201).text_of("/url");
            concrete = path.replace("{ticket}", url.rsplit_once('/').unwrap().1);
        }
        if path == "/v1/calendar" {
            concrete = format!("{path}?from=2026-11-30&to=2026-12-07&practitioner_id={}", self.practitioner_id(whose));
        }
        if path == "/v1/availability" {
            concrete = format!("{path}?practitioner_id={}", self.practitioner_id(whose));
        }
        if path == "/v1/series/presets" {
            concrete = format!("{path}?local_start=2026-12-09T09:00");
        }
        let body = (*method != Method::GET).then(|| self.body(method, path, whose));
        Request { method: method.clone(), path: concrete, body }
    }

    /// One for clients.
    pub(crate) fn event_type_id(&self) -> String {
        self.event_type(true)
    }

    /// One for time without them.
    pub(crate) fn event_type_without_clients(&self) -> String {
        self.event_type(false)
    }

    fn event_type(&self, for_clients: bool) -> String {
        let types = EventTypes::usual(self.practice.parse().unwrap());
        types.iter().find(|of| of.category.is_for_clients() == for_clients).unwrap().id.to_string()
    }

    async fn session_id(&self, whose: Whose, local_start: &str) -> String {
        self.session(whose, local_start).await["id"].as_str().unwrap().to_owned()
    }

    /// A session to which someone is invited.
    async fn invited(&self, whose: Whose) -> String {
        let id = self.session_id(whose, "2026-12-08T09:00").await;
        let invited = json!({"recipients": [{"email": "someone@family.test"}]});
        self.house.ada.post(&format!("/v1/sessions/{id}/invites"), invited).await.expect(200);
        id
    }

    /// The page of a recipient who is invited, as their mail names it.
    async fn manage_link(&self, whose: Whose) -> String {
        let id = self.invited(whose).await;
        let desk = self.house.server.desk();
        let key = key::session(self.practice.parse().unwrap(), id.parse().unwrap());
        let session = desk.table.get::<Session>(&key).await.unwrap().unwrap().body;
        let recipient = session.details().invitation.recipients().next().unwrap().id;
        let link = desk.links.manage(session.details(), recipient).unwrap().to_string();
        link.strip_prefix(&self.house.server.url()).unwrap().to_owned()
    }

    fn body(&self, method: &Method, path: &str, whose: Whose) -> Value {
        let name = format!("Name {}", self.next());
        match (method.as_str(), path) {
            ("POST", "/v1/practice/exports" | "/v1/inbox/{id}/done") => json!({}),
            ("POST", "/v1/sessions") => json!({
                "clients": [{"client_id": self.client_id(whose)}], "practitioner_id": self.practitioner_id(whose),
                "local_start": "2026-12-09T09:00", "time_zone": "America/Vancouver", "reminders": [], "allow_overlap": true,
            }),
            ("POST", "/v1/series" | "/v1/series/preview") => self.series_body(whose, &json!({})),
            ("PATCH", "/v1/sessions/{id}") => json!({"instructions": name}),
            ("POST", "/v1/sessions/{id}/reschedule") => json!({"local_start": "2026-12-10T09:00", "allow_overlap": true}),
            ("POST", "/v1/sessions/{id}/cancel" | "/v1/sessions/{id}/delete") => json!({"reason": name}),
            ("POST", "/v1/sessions/{id}/invites") => json!({"recipients": [{"email": "someone@family.test"}]}),
            ("POST", "/v1/sessions/{id}/outcome") => {
                json!({"attendance": [{"client_id": self.client_id(whose), "value": "attended"}]})
            }
            ("POST", "/v1/clients") | ("PATCH", "/v1/clients/{id}") => json!({"first_name": name}),
            ("POST", "/v1/practitioners") => json!({"name": name, "email": "someone@demo.test"}),
            ("POST", "/v1/members") => {
                json!({"subject": format!("{name}@demo.test"), "name": name, "role": "front_desk"})
            }
            ("POST", "/v1/services") => json!({"code": "90834", "name": name, "price_minor": 12_000}),
            ("POST", "/v1/event-types") => json!({"name": name, "category": "client"}),
            ("POST", "/v1/rooms") => json!({"name": name, "kind": "virtual"}),
            ("POST", "/v1/locations") => json!({"name": name, "place_of_service": "11"}),
            ("PATCH", _) => json!({"name": name}),
            _ => panic!("what is sent to {method} {path}?"),
        }
    }
}
