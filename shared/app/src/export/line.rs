//! One line of an export.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    ids::{ClientId, PracticeId, SeriesId, SessionId},
    people::Membership,
    text::{Issuer, Subject},
};
use hourkeep_store::Stored;
use serde::Serialize;
use serde_json::Value;

use crate::{error::Error, settings::MemberId};

/// The form of the file. A reader that knows this one reads every file that says so.
const FORMAT: u32 = 1;

/// Lines that follow one another, each ended by a line feed.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) text: String,
    pub(super) count: u64,
}

/// What the record of a line belongs to, where its partition does not say it in the record itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    Practice(PracticeId),
    Client(ClientId),
    Session(SessionId),
    Series(SeriesId),
    Inbox,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Edge<'a> {
    Export { format: u32, practice: PracticeId, name: &'a str, made_at: DateTime<Utc> },
    End { lines: u64 },
}

#[derive(Serialize)]
struct Line<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<SessionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_id: Option<SeriesId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    record: &'a Value,
}

impl Lines {
    /// The line by which a file begins.
    pub(super) fn begin(&mut self, practice: PracticeId, name: &str, made_at: DateTime<Utc>) -> Result<(), Error> {
        self.push(&Edge::Export { format: FORMAT, practice, name, made_at })
    }

    /// The line by which a whole file ends: how many lines it has, this one included.
    pub(super) fn end(&mut self, before: u64) -> Result<(), Error> {
        self.push(&Edge::End { lines: before + 1 })
    }

    /// The line of a record: its kind and its id are those of its place, so that a kind that is new is not left out.
    pub(super) fn record(&mut self, of: Of, place: &str, stored: &Stored<Value>) -> Result<(), Error> {
        let (first, within) = place.split_once('#').map_or((place, None), |(kind, id)| (kind, Some(id)));
        let kind = match of {
            Of::Practice(_) | Of::Client(_) | Of::Session(_) | Of::Series(_) => first,
            // Places there begin with a time.
            Of::Inbox => "inbox",
        };
        let kind = kind.to_ascii_lowercase();
        let id = match (kind.as_str(), of) {
            ("practice", Of::Practice(id)) => Some(id.to_string()),
            ("client", Of::Client(id)) => Some(id.to_string()),
            ("session", Of::Session(id)) => Some(id.to_string()),
            ("series", Of::Series(id)) => Some(id.to_string()),
            // Places of members hold an issuer and a subject; the API names them otherwise.
            ("member", _) => member_id(&stored.body),
            // Events are told apart by the revision that stands in them.
            ("event", _) => None,
            _ => within.map(str::to_owned),
        };
        let (mut client_id, mut session_id, mut series_id) = (None, None, None);
        match of {
            Of::Practice(_) | Of::Inbox => {}
            Of::Client(id) => client_id = Some(id).filter(|_| kind != "client"),
            Of::Session(id) => session_id = Some(id).filter(|_| kind != "session"),
            Of::Series(id) => series_id = Some(id).filter(|_| kind != "series"),
        }
        let revision = Some(stored.revision).filter(|revision| *revision > 0);
        self.push(&Line { kind: &kind, id, client_id, session_id, series_id, revision, record: &stored.body })
    }

    /// The line of counters.
    pub(super) fn counters(&mut self, place: &str, counters: &Value) -> Result<(), Error> {
        let (id, record) = (Some(place.to_owned()), counters);
        self.push(&Line { kind: "usage", id, client_id: None, session_id: None, series_id: None, revision: None, record })
    }

    fn push(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let line = serde_json::to_string(line).map_err(|error| Error::Internal(error.into()))?;
        self.text.push_str(&line);
        self.text.push('\n');
        self.count += 1;
        Ok(())
    }
}

fn member_id(record: &Value) -> Option<String> {
    let member: Membership = serde_json::from_value(record.clone()).ok()?;
    let (issuer, subject) = (Issuer::parse(&member.issuer).ok()?, Subject::parse(&member.subject).ok()?);
    Some(MemberId::new(issuer, subject).to_string())
}
