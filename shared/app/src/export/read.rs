//! Reads an export's records as they are asked for, a few partitions ahead.

use std::{collections::HashSet, hash::Hash};

use async_stream::try_stream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use hourkeep_domain::ids::{ClientId, SeriesId, SessionId, Subject};
use hourkeep_store::{Key, Range, key};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::{
    Export,
    line::{Lines, Of},
};
use crate::{error::Error, settings::ClientRow};

/// How many partitions are read ahead of the one whose turn it is.
const AHEAD: usize = 8;

/// How many records of a long list are read at once.
const PAGE: usize = 100;

/// What is found on the way.
enum Found {
    Lines(Lines),
    /// In the list of this client, or of what has none.
    Listed(Option<ClientId>, Subject),
}

/// What a row of a list is of. A session's says when it is, and ends with its id; also that of a deleted one.
fn listed(place: &str) -> Option<Subject> {
    let of_session = place.strip_prefix("SESSION#").or_else(|| place.strip_prefix("SESSION_DELETED#"));
    match of_session.and_then(|rest| rest.rsplit('#').next()) {
        Some(session) => session.parse().ok().map(Subject::Session),
        None => place.strip_prefix("SERIES#")?.parse().ok().map(Subject::Series),
    }
}

impl Export {
    /// The file, a few whole lines at a time. Nothing is read before it is asked for, but for the next few partitions;
    /// so the space that it takes does not grow with the file, but for the ids of clients and of what has none.
    ///
    /// It is no picture of one moment: what changes while it is read stands in it as it was or as it is. Every client,
    /// series and session that is there all the while is in it once. A file that does not end with the line `end` was cut off.
    pub fn text(self) -> impl Stream<Item = Result<String, Error>> + Send + 'static {
        try_stream! {
            let export = &self;
            let mut first = Lines::default();
            first.begin(export.practice.id, export.practice.name.as_str(), export.made_at)?;
            let mut count = first.count;
            yield first.text;
            let records = export.practice_records().chain(export.usage()).chain(export.inbox());
            let records = records.chain(export.clients_with_sessions());
            let mut records = std::pin::pin!(records);
            while let Some(lines) = records.try_next().await? {
                if lines.count > 0 {
                    count += lines.count;
                    yield lines.text;
                }
            }
            let mut last = Lines::default();
            last.end(count)?;
            yield last.text;
        }
    }

    /// The practice, its account, its people and its catalogue.
    fn practice_records(&self) -> impl Stream<Item = Result<Lines, Error>> + Send {
        let practice = self.practice.id;
        // Counts removals of directors and holds nothing else.
        let guard = key::directors(practice).sk;
        self.partition(Of::Practice(practice), key::practice_partition(practice), Some(guard))
    }

    /// What awaits staff, and what they have seen to.
    fn inbox(&self) -> impl Stream<Item = Result<Lines, Error>> + Send {
        self.partition(Of::Inbox, key::inbox_partition(self.practice.id), None)
    }

    /// All records of a partition but the one at a place, a page at a time.
    fn partition(&self, of: Of, partition: String, but: Option<String>) -> impl Stream<Item = Result<Lines, Error>> + Send {
        try_stream! {
            let mut after: Option<String> = None;
            loop {
                let page = self.table.query::<Value>(&partition, &Range::All, Some(PAGE), after.as_deref()).await?;
                let mut lines = Lines::default();
                for (place, stored) in page.items.iter().filter(|(place, _)| but.as_ref() != Some(place)) {
                    lines.record(of, place, stored)?;
                }
                yield lines;
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
    }

    /// What was counted: a few records a month.
    fn usage(&self) -> impl Stream<Item = Result<Lines, Error>> + Send {
        let read = async move {
            let mut lines = Lines::default();
            for (place, counters) in self.table.counters(&key::usage_partition(self.practice.id), &Range::All).await? {
                let counters = serde_json::to_value(counters).map_err(|error| Error::Internal(error.into()))?;
                lines.counters(&place, &counters)?;
            }
            Ok(lines)
        };
        stream::once(read)
    }

    /// Each client, followed by their series and sessions; then those that are without clients.
    fn clients_with_sessions(&self) -> impl Stream<Item = Result<Lines, Error>> + Send {
        let directory = self.each(key::directory_partition(self.practice.id), |_, row: ClientRow| Some(row.id));
        let clients = directory.map(move |id| async move { self.client(id?).await }).buffered(AHEAD);
        let of_clients = clients.map_ok(|found| stream::iter(found.into_iter().map(Ok))).try_flatten();
        let of_none = self.each(key::list_partition(self.practice.id, None), |place, _: IgnoredAny| listed(place));
        let found = of_clients.chain(of_none.map_ok(|subject| Found::Listed(None, subject)));
        let lines = found.map(move |found: Result<Found, Error>| async move {
            match found? {
                Found::Lines(lines) => Ok(lines),
                Found::Listed(client, Subject::Session(session)) => self.session(client, session).await,
                Found::Listed(client, Subject::Series(series)) => self.series(client, series).await,
            }
        });
        lines.buffered(AHEAD)
    }

    /// What the rows of a partition name, each once, a page at a time. It is read until a whole pass finds nothing new: what was
    /// renamed or moved in the meantime may stand at a place that was passed already.
    fn each<T, N>(&self, partition: String, read: fn(&str, T) -> Option<N>) -> impl Stream<Item = Result<N, Error>> + Send
    where
        T: DeserializeOwned + Send,
        N: Copy + Eq + Hash + Send,
    {
        try_stream! {
            let mut seen = HashSet::new();
            loop {
                let before = seen.len();
                let mut after: Option<String> = None;
                loop {
                    let page = self.table.query::<T>(&partition, &Range::All, Some(PAGE), after.as_deref()).await?;
                    for (place, row) in page.items {
                        if let Some(name) = read(&place, row.body).filter(|name| seen.insert(*name)) {
                            yield name;
                        }
                    }
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                if seen.len() == before {
                    break;
                }
            }
        }
    }

    /// A client and the names of their series and sessions, read until nothing is new: a session that is moved in the meantime
    /// may stand at a place that was passed already.
    async fn client(&self, id: ClientId) -> Result<Vec<Found>, Error> {
        let partition = key::client_partition(self.practice.id, id);
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        let (mut seen, mut recorded) = (HashSet::new(), HashSet::new());
        loop {
            let before = seen.len();
            for (place, stored) in self.table.query::<Value>(&partition, &Range::All, None, None).await?.items {
                match listed(&place) {
                    Some(subject) if seen.insert(subject) => found.push(Found::Listed(Some(id), subject)),
                    None if recorded.insert(place.clone()) => lines.record(Of::Client(id), &place, &stored)?,
                    Some(_) | None => {}
                }
            }
            if seen.len() == before {
                return Ok(std::iter::once(Found::Lines(lines)).chain(found).collect());
            }
        }
    }

    /// A session, its events and its lanes. One of several clients is told with the first of them.
    async fn session(&self, client: Option<ClientId>, id: SessionId) -> Result<Lines, Error> {
        let own = key::session(self.practice.id, id);
        self.whole(client, Of::Session(id), own, "/details/clients/0/client", |_, _| true).await
    }

    /// A series, its places, events and lanes, likewise. Not what the codes of its sessions follow from, which is secret;
    /// nor what is being done to them at the moment.
    async fn series(&self, client: Option<ClientId>, id: SeriesId) -> Result<Lines, Error> {
        let (own, plan) = (key::series(self.practice.id, id), key::plan(self.practice.id, id).sk);
        let series = own.sk.clone();
        let keep = move |place: &str, record: &mut Value| {
            if let Some(fields) = record.as_object_mut().filter(|_| place == series) {
                fields.remove("seed");
            }
            place != plan
        };
        self.whole(client, Of::Series(id), own, "/template/clients/0", keep).await
    }

    /// A record and all that stands beside it and is kept, if its first client is this one.
    async fn whole(
        &self,
        client: Option<ClientId>,
        of: Of,
        own: Key,
        first_client: &str,
        keep: impl Fn(&str, &mut Value) -> bool,
    ) -> Result<Lines, Error> {
        let mut records = self.table.query::<Value>(&own.pk, &Range::All, None, None).await?.items;
        // The record itself first.
        records.sort_by_key(|(place, _)| *place != own.sk);
        let mut lines = Lines::default();
        let record = records.first().filter(|(place, _)| *place == own.sk).map(|(_, stored)| &stored.body);
        let first: Option<ClientId> = record.and_then(|body| body.pointer(first_client)?.as_str()?.parse().ok());
        if first.is_some() && first != client {
            return Ok(lines);
        }
        for (place, mut stored) in records {
            if keep(&place, &mut stored.body) {
                lines.record(of, &place, &stored)?;
            }
        }
        Ok(lines)
    }
}
