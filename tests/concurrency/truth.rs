//! The whole table, read past the product, and what must hold of it at any moment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_app::sessions::{ClientSession, CodeHolder};
use hourkeep_domain::{
    event::Event,
    practice::{Room, RoomKind},
    recurrence::Occurrence,
    series::{AHEAD, Busy, Does, Place, Plan, Series, Standing, Taken},
    session::Session,
    sheet::Entry,
};
use hourkeep_local::Server;
use hourkeep_store::from_image;
use serde::{Deserialize, de::DeserializeOwned};

type Image = HashMap<String, AttributeValue>;

/// What the table holds of sessions and series.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) events: BTreeMap<String, BTreeMap<u32, Event>>,
    pub(crate) series: BTreeMap<String, Series>,
    /// By series, and in order.
    pub(crate) places: BTreeMap<String, BTreeMap<NaiveDateTime, Place>>,
    /// By the series beside which they stand.
    pub(crate) plans: BTreeMap<String, Plan>,
    /// Of a series not every revision has one.
    pub(crate) events_of_series: BTreeMap<String, BTreeMap<u32, Event>>,
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

/// A plan as it stands beside its series.
#[derive(Deserialize)]
struct Undertaking {
    plan: Plan,
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
        if sk.starts_with("EVENT#") && image.contains_key("pending") {
            self.pending.push(image.clone());
        }
        if let Some(series) = of("#SERIES#") {
            self.take_of_series(series, &sk, image);
        } else if let Some(session) = of("#SESSION#") {
            if sk == "SESSION" {
                self.sessions.insert(session, read(image));
            } else if let Some(revision) = sk.strip_prefix("EVENT#") {
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

    fn take_of_series(&mut self, id: String, sk: &str, image: Image) {
        if sk == "SERIES" {
            let series: Series = read(image);
            self.own_records += u64::from(was_booked(&series));
            self.series.insert(id, series);
        } else if sk == "PLAN" {
            self.plans.insert(id, read::<Undertaking>(image).plan);
        } else if sk.starts_with("PLACE#") {
            let place: Place = read(image);
            self.places.entry(id).or_default().insert(place.original, place);
        } else if let Some(revision) = sk.strip_prefix("EVENT#") {
            self.events_of_series.entry(id).or_default().insert(revision.parse().unwrap(), read(image));
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
        let held: BTreeSet<String> = self.plans.values().flat_map(Plan::own).map(|id| id.to_string()).collect();
        let is_hold = |entry: &&OnSheet| held.contains(&entry.2) && !self.sessions.contains_key(&entry.2);
        let stands: BTreeSet<OnSheet> = self.sheets.iter().filter(|entry| !is_hold(entry)).cloned().collect();
        let sheets = self.sessions.values().flat_map(|session| self.stands_on(session)).collect();
        assert_eq!(stands, sheets, "the sheets hold what stands, where and when it does");
        let rows = self.sessions.values().flat_map(rows).collect();
        assert_eq!(self.rows, rows, "each client's list has each session once, as it is");
        let codes = |session: &Session| {
            let code = |p: &hourkeep_domain::session::Participant| (p.code.to_string(), session.details().id.to_string());
            session.details().clients.iter().map(code).collect::<Vec<_>>()
        };
        assert_eq!(self.codes, self.sessions.values().flat_map(codes).collect(), "each code leads to its session");
        for (id, series) in &self.series {
            let beside = |owner: &String, into: &Series| owner != id && into.id.to_string() == *id;
            let busy = match series.busy {
                Some(Busy::Here(_)) => self.plans.contains_key(id),
                Some(Busy::With { series }) => match self.plans.get(&series.to_string()).map(|plan| &plan.does) {
                    Some(Does::Change { into, .. }) => beside(&series.to_string(), into),
                    _ => false,
                },
                None => !self.plans.contains_key(id),
            };
            assert!(busy, "{id} is busy exactly while a plan stands beside it: {:?}", series.busy);
            let last = self.events_of_series.get(id).and_then(|events| events.keys().next_back());
            assert!(last.is_none_or(|last| *last <= series.revision), "{id}: no event is of a revision that is yet to come");
        }
    }

    /// Everything was counted once: sessions, records, and mails, of which a repeated one is the same (B20).
    #[track_caller]
    pub(crate) fn is_counted(&self, mails: usize) {
        let counted = |name: &str| self.usage.get(name).copied().unwrap_or_default();
        assert_eq!(counted("sessions_booked"), self.sessions.len() as u64, "sessions booked");
        assert_eq!(counted("records_added"), self.own_records, "records added");
        assert_eq!(counted("mails_sent"), mails as u64, "mails sent");
    }

    /// Nothing waits to be handed on, and nothing of a series to be finished.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        assert!(self.pending.is_empty(), "{} events are still pending", self.pending.len());
        assert!(self.plans.is_empty(), "plans are left beside {:?}", self.plans.keys());
        let mut named = BTreeMap::new();
        for (id, series) in &self.series {
            self.is_decided(id, series);
            for (original, session) in self.places_of(id).filter_map(|place| Some((place.original, place.session()?))) {
                let before = named.insert(session.to_string(), (id.clone(), original));
                assert_eq!(before, None, "{session} has one place");
                let occurrence = self.sessions.get(&session.to_string()).and_then(|session| session.details().occurrence.as_ref());
                let says = occurrence.map(|occurrence| (occurrence.series.to_string(), occurrence.original));
                let stands = match self.sessions.get(&session.to_string()) {
                    Some(Session::Cancelled(_) | Session::Deleted(_)) => false,
                    Some(Session::Scheduled(_) | Session::Closed(_)) | None => true,
                };
                assert!(!stands || says == Some((id.clone(), original)), "{session} knows its place");
            }
        }
        let of_series = |session: &&Session| session.details().occurrence.is_some() && !is_called_off(session);
        for session in self.sessions.values().filter(of_series) {
            let id = session.details().id.to_string();
            assert!(named.contains_key(&id), "no place names {id}: {:?}", session.details().occurrence);
        }
    }

    /// Every place that the rule of a series gives, as far as its sessions are made, was decided upon, and no other.
    #[track_caller]
    fn is_decided(&self, id: &str, series: &Series) {
        assert_eq!(series.busy, None, "{id}");
        match series.standing {
            Standing::Held => panic!("{id} holds times though nothing is done"),
            Standing::Released => {
                assert_eq!(self.places_of(id).count(), 0, "nothing is left of {id}");
                return;
            }
            Standing::Standing | Standing::Cancelled { .. } | Standing::Deleted { .. } => {}
        }
        let by_rule = series.timing.occurrences(None).map(|occurrence| occurrence.local_start());
        let by_rule: BTreeSet<_> = by_rule.take_while(|place| series.made_until.is_some_and(|until| *place <= until)).collect();
        let decided: BTreeSet<_> = self.places_of(id).map(|place| place.original).collect();
        let missing: Vec<_> = by_rule.difference(&decided).collect();
        assert!(missing.is_empty(), "{id}: nothing was decided of {missing:?}");
        for place in self.places_of(id).filter(|place| !by_rule.contains(&place.original)) {
            let stands = place.session().is_some_and(|session| !is_called_off(&self.sessions[&session.to_string()]));
            assert!(!stands, "{id} has a session at {}, which its rule does not give: {}", place.original, series.timing.rule);
        }
    }

    /// The sessions of every series that stands are made as far ahead as they should be.
    #[track_caller]
    pub(crate) fn is_made_ahead(&self, now: DateTime<Utc>) {
        for (id, series) in self.series.iter().filter(|(_, series)| series.stands()) {
            let next = series.timing.occurrences(series.made_until).next();
            let next = next.as_ref().map(Occurrence::local_start).map(|next| series.timing.zone.instant_or_next(next));
            assert!(next.is_none_or(|next| next > now + AHEAD), "{id}: {next:?} is not made, after {:?}", series.made_until);
        }
    }

    fn places_of(&self, series: &str) -> impl Iterator<Item = &Place> {
        self.places.get(series).into_iter().flat_map(BTreeMap::values)
    }

    /// The sessions of a series that stand, in the order of their places.
    pub(crate) fn standing_of(&self, series: &str) -> Vec<&Session> {
        let session = |place: &Place| match place.taken {
            Taken::Session { session } => self.sessions.get(&session.to_string()),
            Taken::LeftOut { .. } => None,
        };
        self.places_of(series).filter_map(session).filter(|session| !is_called_off(session)).collect()
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
            practitioner: None,
            room: None,
            event_type: None,
            title: None,
            free: false,
        };
        let resources = [Some(details.practitioner.to_string()), room].into_iter().flatten();
        let days = |resource: String| entry.days().map(|day| on_sheet(&resource, &day.to_string(), &entry)).collect::<Vec<_>>();
        resources.flat_map(days).collect()
    }
}

/// Whether it ever became more than times that were held.
fn was_booked(series: &Series) -> bool {
    match series.standing {
        Standing::Standing | Standing::Cancelled { .. } | Standing::Deleted { .. } => true,
        Standing::Held | Standing::Released => false,
    }
}

fn is_called_off(session: &Session) -> bool {
    match session {
        Session::Scheduled(_) | Session::Closed(_) => false,
        Session::Cancelled(_) | Session::Deleted(_) => true,
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
