//! The whole table, read past the product, and what must hold of it at any moment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use hourkeep_app::sessions::{ClientSession, CodeHolder};
use hourkeep_domain::{
    event::Event,
    practice::{Room, RoomKind},
    session::Session,
    sheet::Entry,
};
use hourkeep_local::Server;
use hourkeep_store::from_image;
use serde::de::DeserializeOwned;

type Image = HashMap<String, AttributeValue>;

/// What the table holds of sessions.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) events: BTreeMap<String, BTreeMap<u32, Event>>,
    /// The images of events that are not handed on.
    pub(crate) pending: Vec<Image>,
    rooms: BTreeMap<String, RoomKind>,
    sheets: BTreeSet<OnSheet>,
    rows: BTreeSet<Row>,
    codes: BTreeSet<(String, String)>,
    /// Records that a practice would call its own, sessions included.
    own_records: u64,
    usage: BTreeMap<String, u64>,
}

/// An entry on a day sheet: resource, day, session, start, end, closed.
type OnSheet = (String, String, String, DateTime<Utc>, DateTime<Utc>, bool);

/// A row in a client's own list: client, place, session, end, stands, cancelled.
type Row = (String, String, String, DateTime<Utc>, bool, bool);

fn read<T: DeserializeOwned>(image: Image) -> T {
    from_image(image).unwrap().body
}

impl Truth {
    /// Reads all of it.
    pub(crate) async fn of(server: &Server) -> Self {
        let mut truth = Self::default();
        let table = server.desk().table.name();
        let mut pages = server.database().scan().table_name(table).consistent_read(true).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            truth.take(item.unwrap());
        }
        truth
    }

    fn take(&mut self, image: Image) {
        let text = |name: &str| image[name].as_s().unwrap().clone();
        let (pk, sk) = (text("pk"), text("sk"));
        let counted = ["PRACTITIONER#", "SERVICE#", "ROOM#", "LOCATION#", "MEMBER#"];
        if sk == "SESSION" || sk == "CLIENT" || counted.iter().any(|kind| sk.starts_with(kind)) {
            self.own_records += 1;
        }
        if pk.ends_with("#USAGE") {
            for (name, value) in image.iter().filter(|(name, _)| !["pk", "sk", "schema"].contains(&name.as_str())) {
                *self.usage.entry(name.clone()).or_default() += value.as_n().unwrap().parse::<u64>().unwrap();
            }
            return;
        }
        let of = |kind: &str| pk.split_once(kind).map(|(_, id)| id.to_owned());
        if let Some(session) = of("#SESSION#") {
            if sk == "SESSION" {
                self.sessions.insert(session, read(image));
            } else if let Some(revision) = sk.strip_prefix("EVENT#") {
                if image.contains_key("pending") {
                    self.pending.push(image.clone());
                }
                self.events.entry(session).or_default().insert(revision.parse().unwrap(), read(image));
            }
        } else if let Some(resource) = of("#DAYS#") {
            self.sheets.extend(read::<Vec<Entry>>(image).into_iter().map(|e| on_sheet(&resource, &sk, &e)));
        } else if let Some(client) = of("#CLIENT#").filter(|_| sk.starts_with("SESSION")) {
            self.rows.insert(row(&client, &sk, &read(image)));
        } else if let Some(code) = of("CODE#") {
            self.codes.insert((code, read::<CodeHolder>(image).session.to_string()));
        } else if let Some(room) = sk.strip_prefix("ROOM#") {
            self.rooms.insert(room.to_owned(), read::<Room>(image).kind);
        }
    }

    /// Every change is there as a whole or not at all: what events, sheets, lists and codes say is what the sessions say.
    #[track_caller]
    pub(crate) fn is_whole(&self) {
        let revisions = |session: &Session| (1..=session.details().revision).collect::<Vec<_>>();
        let wanted: BTreeMap<_, _> = self.sessions.iter().map(|(id, session)| (id.clone(), revisions(session))).collect();
        let events = self.events.iter().map(|(id, events)| (id.clone(), events.keys().copied().collect::<Vec<_>>()));
        assert_eq!(events.collect::<BTreeMap<_, _>>(), wanted, "one event for every revision");
        for (id, session) in &self.sessions {
            let last = &self.events[id][&session.details().revision];
            assert_eq!(last.attempt, session.details().attempt, "{id} was written by the attempt of its last event");
        }
        let sheets = self.sessions.values().flat_map(|session| self.stands_on(session)).collect();
        assert_eq!(self.sheets, sheets, "the sheets hold what stands, where and when it does");
        let rows = self.sessions.values().flat_map(rows).collect();
        assert_eq!(self.rows, rows, "each client's list has each session once, as it is");
        let codes = |session: &Session| {
            let code = |p: &hourkeep_domain::session::Participant| (p.code.to_string(), session.details().id.to_string());
            session.details().clients.iter().map(code).collect::<Vec<_>>()
        };
        assert_eq!(self.codes, self.sessions.values().flat_map(codes).collect(), "each code leads to its session");
    }

    /// Everything was counted once: sessions, records, and mails, of which a repeated one is the same (B20).
    #[track_caller]
    pub(crate) fn is_counted(&self, mails: usize) {
        let counted = |name: &str| self.usage.get(name).copied().unwrap_or_default();
        assert_eq!(counted("sessions_booked"), self.sessions.len() as u64, "sessions booked");
        assert_eq!(counted("records_added"), self.own_records, "records added");
        assert_eq!(counted("mails_sent"), mails as u64, "mails sent");
    }

    /// Nothing waits to be handed on.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        assert!(self.pending.is_empty(), "{} events are still pending", self.pending.len());
    }

    /// No two sessions that stand are with one practitioner or in one physical room at a time.
    #[track_caller]
    pub(crate) fn has_no_overlap(&self) {
        let mut by_resource: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
        for (resource, _, session, starts_at, ends_at, _) in &self.sheets {
            by_resource.entry(resource).or_default().insert((starts_at, ends_at, session));
        }
        for entries in by_resource.values() {
            for (one, next) in entries.iter().zip(entries.iter().skip(1)) {
                assert!(one.1 <= next.0, "{one:?} overlaps {next:?}");
            }
        }
    }

    fn stands_on(&self, session: &Session) -> Vec<OnSheet> {
        let (details, closed) = match session {
            Session::Scheduled(scheduled) => (&scheduled.details, false),
            Session::Closed(closed) => (&closed.details, true),
            Session::Cancelled(_) | Session::Deleted(_) => return Vec::new(),
        };
        let room = details.room.map(|room| room.to_string()).filter(|room| self.rooms[room] == RoomKind::InPerson);
        let entry = Entry {
            session: details.id,
            starts_at: details.slot.starts_at(),
            ends_at: details.slot.ends_at(),
            buffer_before: 0,
            buffer_after: 0,
            clients: Vec::new(),
            closed,
            indirect: false,
        };
        let resources = [Some(details.practitioner.to_string()), room].into_iter().flatten();
        let days = |resource: String| entry.days().map(|day| on_sheet(&resource, &day.to_string(), &entry)).collect::<Vec<_>>();
        resources.flat_map(days).collect()
    }
}

fn on_sheet(resource: &str, day: &str, entry: &Entry) -> OnSheet {
    (resource.to_owned(), day.to_owned(), entry.session.to_string(), entry.starts_at, entry.ends_at, entry.closed)
}

fn row(client: &str, place: &str, row: &ClientSession) -> Row {
    (client.to_owned(), place.to_owned(), row.session.to_string(), row.ends_at, row.stands, row.cancelled)
}

fn rows(session: &Session) -> Vec<Row> {
    let details = session.details();
    let (list, stands, cancelled) = match session {
        Session::Scheduled(_) => ("SESSION", true, false),
        Session::Closed(_) => ("SESSION", false, false),
        Session::Cancelled(_) => ("SESSION", false, true),
        Session::Deleted(_) => ("SESSION_DELETED", false, false),
    };
    let starts_at = details.slot.starts_at();
    let listed = ClientSession { session: details.id, starts_at, ends_at: details.slot.ends_at(), stands, cancelled };
    let place = format!("{list}#{}#{}", hourkeep_store::key::instant(starts_at), details.id);
    details.clients.iter().map(|participant| row(&participant.client.to_string(), &place, &listed)).collect()
}
