//! The story: a client arrives, is invited, moved, reminded and seen; another session is cancelled; the client stays.

use hourkeep_domain::zone::Zone;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    Stopped,
    api::{Api, text},
    bookings::{date_of, find, now, workday_after},
    tell::{self, Teller, instant},
};

/// Whom the mails of this story go to.
pub(crate) const GUARDIAN: &str = "gil.lane@family.test";
const OTHER_GUARDIAN: &str = "erin@family.test";

/// What the story is about.
pub(crate) struct Story<'a> {
    pub(crate) api: &'a Api,
    pub(crate) teller: Teller,
    pub(crate) zone: Zone,
    pub(crate) ada: String,
    pub(crate) room: Value,
    pub(crate) location: Value,
}

impl<'a> Story<'a> {
    /// Finds out where and when it takes place.
    pub(crate) async fn begin(api: &'a Api) -> Result<Self, Stopped> {
        let everyone = api.get("/v1/practitioners").await?;
        let ada = find(&everyone, "email", "ada@demo.test")?;
        let zone = Zone::parse(text(ada, "time_zone")).map_err(|_| Stopped("Ada's time zone is unknown here.".to_owned()))?;
        let rooms = api.get("/v1/rooms").await?;
        let room = find(&rooms, "name", "Green room")?.clone();
        let locations = api.get("/v1/locations").await?;
        let location = find(&locations, "place_of_service", "11")?.clone();
        let ada = text(ada, "id").to_owned();
        let mut teller =
            Teller::begin(&format!("Hourkeep at {}, where it is {}", api.url, instant(&now(api).await?.to_rfc3339())))?;
        teller.step("Sign in")?;
        tell::say(&format!("As Ada Adair, director of Harbour Clinic, who works in {zone}."))?;
        Ok(Self { api, teller, zone, ada, room, location })
    }

    /// Tells it.
    pub(crate) async fn tell(mut self) -> Result<(), Stopped> {
        let client = self.client().await?;
        let session = self.schedule(&client).await?;
        self.overlap(&session).await?;
        let session = self.reschedule(&session).await?;
        self.remind(&session).await?;
        self.attend(&session).await?;
        self.history(&session).await?;
        self.cancel().await?;
        self.standing(&client).await?;
        let url = &self.api.url;
        self.teller.step("Look for yourself")?;
        tell::fact("mailbox", &format!("{url}/local/mailbox"))?;
        tell::fact("reference", &format!("{url}/local/reference"))?;
        tell::fact("session", text(&session["clients"][0], "link"))?;
        Ok(())
    }

    async fn client(&mut self) -> Result<Value, Stopped> {
        self.teller.step("A client, from a name alone")?;
        let client = self.api.post("/v1/clients", &json!({"first_name": "Sam"})).await?.answered(StatusCode::CREATED)?;
        let id = text(&client, "id");
        tell::say(&format!("Sam is client {id}, assigned to nobody yet. So a session with Ada is refused:"))?;
        let wish = self.wish(&client, self.workday_in(4).await?, "10:00");
        tell::refusal(&self.api.post("/v1/sessions", &wish).await?)?;
        let guardian = json!({
            "last_name": "Lane",
            "practitioner_ids": [self.ada],
            "reminder_channels": ["email"],
            "time_zone": "America/Toronto",
            "contacts": [{"name": "Gil Lane", "kind": "guardian", "email": GUARDIAN}],
        });
        let client = self.api.patch(&format!("/v1/clients/{id}"), &guardian).await?;
        tell::say("Now Sam Lane has a guardian in Toronto, is assigned to Ada, and may be reminded by email.")?;
        Ok(client)
    }

    async fn schedule(&mut self, client: &Value) -> Result<Value, Stopped> {
        self.teller.step("Schedule a session, with an invite and a reminder two days ahead")?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        let wish = self.wish(client, self.workday_in(4).await?, "10:00");
        let session = self.book("/v1/sessions", wish).await?;
        tell::session(&session)?;
        tell::fact("reminder", &format!("due {}", instant(text(&session["reminders"][0], "due_at"))))?;
        self.new_mail(GUARDIAN, before).await?;
        Ok(session)
    }

    async fn overlap(&mut self, session: &Value) -> Result<(), Stopped> {
        self.teller.step("Book someone else at the same time")?;
        let time = text(session, "local_start").split_once('T').unwrap_or_default().1;
        let wish = self.wish(&self.eve().await?, date_of(session)?, time);
        let refused = self.api.post("/v1/sessions", &wish).await?;
        if refused.status != StatusCode::CONFLICT {
            return Err(Stopped(format!("an overlap was answered with {}.", refused.status)));
        }
        tell::refusal(&refused)?;
        Ok(())
    }

    async fn reschedule(&mut self, session: &Value) -> Result<Value, Stopped> {
        self.teller.step("Move it to the next working day: the entry in Gil's calendar moves with it")?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        let wish =
            json!({"local_start": format!("{}T14:30", workday_after(date_of(session)?)?), "reason": "Sam has a school trip"});
        let moved = self.book(&format!("/v1/sessions/{}/reschedule", text(session, "id")), wish).await?;
        tell::session(&moved)?;
        self.new_mail(GUARDIAN, before).await?;
        Ok(moved)
    }

    async fn remind(&mut self, session: &Value) -> Result<(), Stopped> {
        self.teller.step("Move the clock to the reminder")?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        self.clock_to(text(&session["reminders"][0], "due_at")).await?;
        self.new_mail(GUARDIAN, before).await
    }

    async fn attend(&mut self, session: &Value) -> Result<(), Stopped> {
        self.teller.step("Move the clock into the session, and mark its outcome")?;
        self.clock_to(text(session, "starts_at")).await?;
        let path = format!("/v1/sessions/{}", text(session, "id"));
        tell::say(&format!("The session is {} now.", text(&self.api.get(&path).await?, "status").replace('_', " ")))?;
        let late = self
            .api
            .post(&format!("{path}/reschedule"), &json!({"local_start": format!("{}T09:00", workday_after(date_of(session)?)?)}))
            .await?;
        tell::say("Too late to move it:")?;
        tell::refusal(&late)?;
        let marks = json!({"attendance": [{"client_id": session["clients"][0]["client_id"], "value": "attended"}]});
        let closed = self.api.post(&format!("{path}/outcome"), &marks).await?.answered(StatusCode::OK)?;
        tell::say(&format!("Sam attended: the session is {}, revision {}.", text(&closed, "status"), closed["revision"]))?;
        Ok(())
    }

    async fn history(&mut self, session: &Value) -> Result<(), Stopped> {
        self.teller.step("Its history")?;
        let history = self.api.get(&format!("/v1/sessions/{}/history", text(session, "id"))).await?;
        for entry in history["items"].as_array().into_iter().flatten() {
            tell::say(&format!("{}. {}: {}", entry["revision"], instant(text(entry, "at")), text(entry, "what")))?;
        }
        Ok(())
    }

    async fn cancel(&mut self) -> Result<(), Stopped> {
        self.teller.step("Another session, cancelled: the entry leaves the calendar")?;
        let before = self.api.mail_to(OTHER_GUARDIAN).await?.len();
        let wish = self.wish(&self.eve().await?, self.workday_in(1).await?, "09:00");
        let session = self.book("/v1/sessions", wish).await?;
        tell::session(&session)?;
        let before = before + self.new_mail(OTHER_GUARDIAN, before).await.map(|()| 1)?;
        let cancel = json!({"reason": "Ada is ill", "fee_minor": 0});
        let path = format!("/v1/sessions/{}/cancel", text(&session, "id"));
        let cancelled = self.api.post(&path, &cancel).await?.answered(StatusCode::OK)?;
        let late = if cancelled["cancellation"]["late"] == true { "late, by the practice's policy, but " } else { "" };
        tell::say(&format!("Cancelled {late}without a fee, since it is Ada who is ill."))?;
        self.new_mail(OTHER_GUARDIAN, before).await
    }
}
