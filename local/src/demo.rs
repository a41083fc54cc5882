//! The demo practice: two practitioners, a front desk, clients, rooms and a week of sessions. All but its founding
//! goes through the API, as anyone's would.

use chrono::{Datelike as _, Days, NaiveDate};
use hourkeep_app::platform::{Founding, Platform};
use hourkeep_domain::{
    hours::WeeklyHours,
    money::Currency,
    practice::Policies,
    text::{Email, Name, Slug},
    zone::Zone,
};
use reqwest::Client;
use serde_json::{Value, json};

use crate::{issuer::ISSUER, server::StartError};

/// Makes the demo practice on a server.
pub struct Demo {
    url: String,
    http: Client,
}

fn wrong(error: impl std::fmt::Display) -> StartError {
    StartError::Demo(error.to_string())
}

fn weekdays(from: &str, until: &str) -> Value {
    ["mon", "tue", "wed", "thu", "fri"].map(|day| json!({"weekday": day, "from": from, "until": until})).into_iter().collect()
}

impl Demo {
    /// Its name in addresses.
    pub const SLUG: &'static str = "harbour-clinic";

    pub(crate) fn at(url: &str) -> Self {
        Self { url: url.to_owned(), http: Client::new() }
    }

    /// Makes it, unless it is there.
    pub(crate) async fn make(&self, platform: &Platform) -> Result<(), StartError> {
        let slug = Slug::parse(Self::SLUG).map_err(wrong)?;
        if platform.of_slug(&slug).await.map_err(wrong)?.is_some() {
            return Ok(());
        }
        let zone = Zone::parse("America/Vancouver").map_err(wrong)?;
        let hours: WeeklyHours = serde_json::from_value(weekdays("08:00", "18:00")).map_err(wrong)?;
        let policies: Policies = serde_json::from_value(json!({"no_show_fee_minor": 7500})).map_err(wrong)?;
        let founding = Founding {
            name: Name::parse("Harbour Clinic").map_err(wrong)?,
            slug,
            zone: zone.clone(),
            currency: Currency::parse("CAD").map_err(wrong)?,
            policies,
            director: Name::parse("Ada Adair").map_err(wrong)?,
            email: Email::parse("ada@demo.test").map_err(wrong)?,
            weekly_hours: hours,
            issuer: ISSUER.to_owned(),
            subject: "ada@demo.test".to_owned(),
        };
        platform.found(&founding).await.map_err(wrong)?;
        let today = zone.local(platform.clock.now()).date();
        self.fill(today).await
    }

    async fn fill(&self, today: NaiveDate) -> Result<(), StartError> {
        let token = self.http.post(format!("{}/local/token", self.url)).json(&json!({"as": "ada@demo.test"})).send().await;
        let token: Value = token.map_err(wrong)?.json().await.map_err(wrong)?;
        let token = token["access_token"].as_str().unwrap_or_default().to_owned();
        let ada = self.list(&token, "/v1/practitioners").await?;
        let ada = ada["items"][0]["id"].clone();
        let ben = self.add(&token, "/v1/practitioners", json!({"name": "Ben Bellamy", "email": "ben@demo.test", "time_zone": "Europe/Paris", "weekly_hours": weekdays("09:00", "17:00")})).await?;
        for (subject, name, role, practitioner) in
            [("ben@demo.test", "Ben Bellamy", "practitioner", Some(&ben)), ("fay@demo.test", "Fay Fournier", "front_desk", None)]
        {
            let member = json!({"subject": subject, "name": name, "role": role, "practitioner_id": practitioner});
            self.add(&token, "/v1/members", member).await?;
        }
        let hour = self
            .add(
                &token,
                "/v1/services",
                json!({"code": "90837", "name": "Psychotherapy, 60 minutes", "price_minor": 15_000, "length_minutes": 60}),
            )
            .await?;
        let short = self
            .add(
                &token,
                "/v1/services",
                json!({"code": "90832", "name": "Psychotherapy, 30 minutes", "price_minor": 9_000, "length_minutes": 30}),
            )
            .await?;
        let blue = self.add(&token, "/v1/rooms", json!({"name": "Blue room", "kind": "in_person"})).await?;
        self.add(&token, "/v1/rooms", json!({"name": "Green room", "kind": "in_person"})).await?;
        let video = self.add(&token, "/v1/rooms", json!({"name": "Video", "kind": "virtual"})).await?;
        let office =
            self.add(&token, "/v1/locations", json!({"name": "Harbour Clinic, 1 Quay Street", "place_of_service": "11"})).await?;
        self.add(&token, "/v1/locations", json!({"name": "Telehealth", "place_of_service": "02"})).await?;

        let mut clients = Vec::new();
        for (first, last, contact, kind, zone, practitioners) in [
            ("Eve", "Ennis", "Erin Ennis", "guardian", Some("America/Vancouver"), vec![&ada]),
            ("Tom", "Tanaka", "Tom Tanaka", "primary", Some("Asia/Tokyo"), vec![&ada]),
            ("Zoë", "Zimmer", "Zoë Zimmer", "primary", None, vec![&ada, &ben]),
            ("Luc", "Laurent", "Luce Laurent", "guardian", Some("Europe/Paris"), vec![&ben]),
        ] {
            let email = format!("{}@family.test", contact.split(' ').next().unwrap_or_default().to_lowercase().replace('ë', "e"));
            let client = json!({
                "first_name": first, "last_name": last, "practitioner_ids": practitioners, "reminder_channels": ["email"], "time_zone": zone,
                "contacts": [{"name": contact, "kind": kind, "email": email}],
            });
            clients.push(self.add(&token, "/v1/clients", client).await?);
        }
        self.add(&token, "/v1/clients", json!({"first_name": "Noor"})).await?;

        let plan = [
            (0, "09:00", &ada, 0, &hour, Some(&blue)),
            (0, "11:00", &ada, 1, &hour, Some(&video)),
            (1, "10:00", &ada, 2, &hour, Some(&blue)),
            (1, "14:00", &ben, 3, &hour, Some(&video)),
            (2, "09:30", &ada, 0, &short, Some(&blue)),
            (2, "10:00", &ben, 2, &short, None),
            (3, "15:00", &ada, 1, &hour, Some(&video)),
            (4, "11:00", &ben, 3, &hour, Some(&video)),
            (4, "13:00", &ada, 2, &hour, Some(&blue)),
        ];
        for (day, time, practitioner, client, service, room) in plan {
            let session = json!({
                "clients": [{"client_id": clients[client]}], "practitioner_id": practitioner, "services": [{"service_id": service}],
                "room_id": room, "location_id": office, "local_start": format!("{}T{time}", workday(today, day)), "reminders": [],
            });
            self.add(&token, "/v1/sessions", session).await?;
        }
        Ok(())
    }

    async fn add(&self, token: &str, path: &str, body: Value) -> Result<Value, StartError> {
        let answer = self.http.post(format!("{}{path}", self.url)).bearer_auth(token).json(&body).send().await.map_err(wrong)?;
        let (status, body) = (answer.status(), answer.json::<Value>().await.map_err(wrong)?);
        if !status.is_success() {
            return Err(wrong(format!("{path} answered {status}: {}", body["detail"])));
        }
        Ok(body["id"].clone())
    }

    async fn list(&self, token: &str, path: &str) -> Result<Value, StartError> {
        let answer = self.http.get(format!("{}{path}", self.url)).bearer_auth(token).send().await.map_err(wrong)?;
        answer.json().await.map_err(wrong)
    }
}

/// The nth working day after today, counted from 0.
fn workday(today: NaiveDate, n: usize) -> NaiveDate {
    let after = (1..15).filter_map(|days| today.checked_add_days(Days::new(days)));
    after.filter(|day| day.weekday().num_days_from_monday() < 5).nth(n).unwrap_or(today)
}
