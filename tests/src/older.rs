//! What a release with other time-zone rules left behind: sessions that it reckoned to other instants.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::{Dispatch, Job, ReanchorJob},
    sessions::ClientSession,
};
use hourkeep_domain::{
    event::{Effect, Event},
    ids::{PracticeId, SessionId},
    session::{Details, Session},
    sheet::{Entry, Resource},
};
use hourkeep_store::{Item, Range, Table, key};
use serde_json::{Value, json};

use crate::House;

/// A release of the tz database that is older than any that was ever bundled here.
pub const OLDER: &str = "2025b";

impl House {
    /// The table, with nothing in between.
    fn past(&self) -> Table {
        Table::new(self.server.database(), self.server.desk().table.name())
    }

    /// The practice.
    pub async fn practice_id(&self) -> PracticeId {
        self.ada.get("/v1/practice").await.expect(200).text_of("/id").parse().unwrap()
    }

    /// A session that was just booked, as an older release would have booked it: its wall time was this instant by the
    /// rules of then. The record, its sheets, its clients' rows, and what its event asks for.
    ///
    /// Timers that are armed already are disarmed: the relay arms them, for the minutes of then, by the event.
    pub async fn backdate(&self, session: &Value, starts_at: DateTime<Utc>) {
        self.backdate_to_wall(session, session["local_start"].as_str().unwrap(), starts_at).await;
    }

    /// The same for a wall time that could not be booked by the current rules.
    pub async fn backdate_to_wall(&self, session: &Value, local_start: &str, starts_at: DateTime<Utc>) {
        let id: SessionId = session["id"].as_str().unwrap().parse().unwrap();
        let (table, practice) = (self.past(), self.practice_id().await);
        let place = key::session(practice, id);
        let stored = table.get::<Session>(&place).await.unwrap().unwrap();
        let mut record = serde_json::to_value(&stored.body).unwrap();
        record["details"]["slot"]["starts_at"] = json!(starts_at);
        record["details"]["slot"]["tz_version"] = json!(OLDER);
        record["details"]["slot"]["local_start"] = json!(format!("{local_start}:00"));
        let before: Session = serde_json::from_value(record).unwrap();
        let item = Item::new(place, &before).unwrap().revision(stored.revision).attempt(stored.attempt.unwrap());
        table.put(item).await.unwrap();
        let (was, now) = (stored.body.details(), before.details());
        for resource in [Some(Resource::Practitioner(now.practitioner)), now.room.map(Resource::Room)].into_iter().flatten() {
            self.put_on_sheets(practice, resource, now).await;
        }
        for participant in &now.clients {
            let (starts_at, ends_at) = (now.slot.starts_at(), now.slot.ends_at());
            let row = ClientSession { session: id, starts_at, ends_at, stands: true, cancelled: false };
            table.delete(&key::listed_session(practice, Some(participant.client), was.slot.starts_at(), id)).await.unwrap();
            let place = key::listed_session(practice, Some(participant.client), starts_at, id);
            table.put(Item::new(place, &row).unwrap()).await.unwrap();
        }
        self.backdate_effects(practice, id, now.slot.starts_at() - was.slot.starts_at()).await;
    }

    async fn put_on_sheets(&self, practice: PracticeId, resource: Resource, details: &Details) {
        let table = self.past();
        let page = table.query::<Vec<Entry>>(&key::days_partition(practice, resource), &Range::All, None, None).await.unwrap();
        let found = page.items.iter().flat_map(|(_, sheet)| &sheet.body).find(|entry| entry.session == details.id);
        // A virtual room has none.
        let Some(found) = found else { return };
        let entry = Entry { starts_at: details.slot.starts_at(), ends_at: details.slot.ends_at(), ..found.clone() };
        let days: BTreeSet<String> = entry.days().map(|day| day.to_string()).collect();
        let there = page.items.iter().map(|(day, _)| day.clone());
        for day in there.chain(days.clone()).collect::<BTreeSet<_>>() {
            let stored = page.items.iter().find(|(date, _)| *date == day).map(|(_, sheet)| sheet);
            let mut entries = stored.map(|sheet| sheet.body.clone()).unwrap_or_default();
            entries.retain(|other| other.session != details.id);
            if days.contains(&day) {
                entries.push(entry.clone());
                entries.sort_by_key(|entry| (entry.starts_at, entry.session));
            }
            let read = stored.map_or(0, |sheet| sheet.revision);
            let item = Item::new(key::day(practice, resource, day.parse().unwrap()), &entries).unwrap();
            table.put(item.revision(read + 1)).await.unwrap();
        }
    }

    /// By as much as the session's start. What was handed on before stays as it is.
    async fn backdate_effects(&self, practice: PracticeId, id: SessionId, by: Duration) {
        let table = self.past();
        let place = key::event(practice, id, 1);
        let mut event = table.get::<Event>(&place).await.unwrap().unwrap().body;
        for effect in &mut event.effects {
            if let Effect::Remind { due_at, .. } = effect {
                *due_at += by;
            }
        }
        let body: AttributeValue = serde_dynamo::to_attribute_value(&event).unwrap();
        let database = self.server.database();
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let update = database.update_item().table_name(table.name()).key("pk", text(&place.pk)).key("sk", text(&place.sk));
        let update = update.update_expression("SET body = :body").expression_attribute_values(":body", body);
        update.send().await.unwrap();
        let armed = database.query().table_name("hourkeep-local").key_condition_expression("pk = :timer");
        let armed = armed.expression_attribute_values(":timer", text("TIMER")).send().await.unwrap();
        for timer in armed.items.unwrap_or_default() {
            let name = timer["sk"].as_s().unwrap();
            if name.contains(&id.to_string()) {
                let gone = database.delete_item().table_name("hourkeep-local").key("pk", text("TIMER")).key("sk", text(name));
                gone.send().await.unwrap();
            }
        }
    }

    /// The platform as a release of older rules left it.
    pub async fn after_an_older_release(&self) {
        self.write_rules(OLDER, false).await;
    }

    /// Writes by which rules the platform's sessions go.
    pub async fn write_rules(&self, release: &str, again: bool) {
        let item = Item::new(key::rules(), &json!({"release": release, "again": again})).unwrap();
        self.past().put(item.revision(7)).await.unwrap();
    }

    /// By which rules the platform's sessions go, and whether they are to be brought once more.
    pub async fn rules(&self) -> Option<(String, bool)> {
        let stored = self.past().get::<Value>(&key::rules()).await.unwrap()?.body;
        Some((stored["release"].as_str().unwrap().to_owned(), stored["again"].as_bool().unwrap()))
    }

    /// Hands out the job that brings the current rules to the practice.
    pub async fn hand_out_rules(&self) {
        let job = Job::Reanchor(ReanchorJob { practice: self.practice_id().await });
        let sent = self.server.ports().queue.send(&Dispatch { correlation: None, job }, Duration::zero()).await;
        drop(sent);
    }
}
