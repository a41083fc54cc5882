//! Where each record stands. Every partition of a practice begins with `P#{practice}`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use hourkeep_domain::{
    code::SessionCode,
    ids::{
        ClientId, InboxId, LocationId, PracticeId, PractitionerId, RecipientId, RoomId, SeriesId, ServiceId, SessionId, Subject,
    },
    sheet::Resource,
    slot::Wall,
};

use crate::Range;

/// A record's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition.
    pub pk: String,
    /// Place within it.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }
}

/// An instant as it stands in keys: it sorts by time.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The partition of a practice and its lists.
pub fn practice_partition(practice: PracticeId) -> String {
    format!("P#{practice}")
}

/// A practice.
pub fn practice(practice: PracticeId) -> Key {
    Key::new(practice_partition(practice), "PRACTICE")
}

/// What the places of a practice's practitioners begin with.
pub const PRACTITIONERS: &str = "PRACTITIONER#";
/// What the places of a practice's services begin with.
pub const SERVICES: &str = "SERVICE#";
/// What the places of a practice's rooms begin with.
pub const ROOMS: &str = "ROOM#";
/// What the places of a practice's locations begin with.
pub const LOCATIONS: &str = "LOCATION#";
/// What the places of a practice's members begin with.
pub const MEMBERS: &str = "MEMBER#";

/// What the platform's operator decides about a practice.
pub fn account(practice: PracticeId) -> Key {
    Key::new(practice_partition(practice), "ACCOUNT")
}

/// The partition of a practice's usage.
pub fn usage_partition(practice: PracticeId) -> String {
    format!("P#{practice}#USAGE")
}

/// One of the counters of a practice's month (such as `2026-11`).
pub fn usage(practice: PracticeId, month: &str, shard: u8) -> Key {
    Key::new(usage_partition(practice), format!("{month}#{shard}"))
}

/// Over how many partitions the list of practices is spread.
pub const PLATFORM_SHARDS: u8 = 4;

/// One of the partitions of the list of practices.
pub fn platform_partition(shard: u8) -> String {
    format!("PLATFORM#{shard}")
}

/// A practice in the list of all of them.
pub fn platform(practice: PracticeId) -> Key {
    let last = practice.to_string().bytes().last().unwrap_or_default();
    Key::new(platform_partition(last % PLATFORM_SHARDS), practice_partition(practice))
}

/// By which release's time-zone rules the platform's sessions go.
pub fn rules() -> Key {
    Key::new("PLATFORM#RULES", "RULES")
}

/// A practitioner.
pub fn practitioner(practice: PracticeId, id: PractitionerId) -> Key {
    Key::new(practice_partition(practice), format!("{PRACTITIONERS}{id}"))
}

/// A service.
pub fn service(practice: PracticeId, id: ServiceId) -> Key {
    Key::new(practice_partition(practice), format!("{SERVICES}{id}"))
}

/// A room.
pub fn room(practice: PracticeId, id: RoomId) -> Key {
    Key::new(practice_partition(practice), format!("{ROOMS}{id}"))
}

/// A location.
pub fn location(practice: PracticeId, id: LocationId) -> Key {
    Key::new(practice_partition(practice), format!("{LOCATIONS}{id}"))
}

/// A member in the practice's own list.
pub fn member(practice: PracticeId, issuer: &str, subject: &str) -> Key {
    Key::new(practice_partition(practice), format!("{MEMBERS}{issuer}#{subject}"))
}

/// What every removal of a director counts up, so that two of them never pass each other.
pub fn directors(practice: PracticeId) -> Key {
    Key::new(practice_partition(practice), "DIRECTORS")
}

/// The partition of everywhere that someone works.
pub fn memberships_partition(issuer: &str, subject: &str) -> String {
    format!("USER#{issuer}#{subject}")
}

/// That someone works in a practice.
pub fn membership(issuer: &str, subject: &str, practice: PracticeId) -> Key {
    Key::new(memberships_partition(issuer, subject), practice_partition(practice))
}

/// The partition of a client.
pub fn client_partition(practice: PracticeId, id: ClientId) -> String {
    format!("P#{practice}#CLIENT#{id}")
}

/// A client.
pub fn client(practice: PracticeId, id: ClientId) -> Key {
    Key::new(client_partition(practice, id), "CLIENT")
}

/// The partition of a list of sessions and series: a client's, or the practice's own of those without clients.
pub fn list_partition(practice: PracticeId, client: Option<ClientId>) -> String {
    match client {
        Some(client) => client_partition(practice, client),
        None => format!("P#{practice}#WITHOUT_CLIENTS"),
    }
}

/// A session in a list.
pub fn listed_session(practice: PracticeId, client: Option<ClientId>, starts_at: DateTime<Utc>, session: SessionId) -> Key {
    Key::new(list_partition(practice, client), format!("SESSION#{}#{session}", instant(starts_at)))
}

/// The sessions of a list that start between two moments, both included; of all times where none is said.
pub fn listed_sessions(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Range {
    let bound = |at: Option<DateTime<Utc>>| format!("SESSION#{}", at.map(instant).unwrap_or_default());
    // No id and no instant sorts after a tilde.
    Range::Between(bound(from), format!("{}~", bound(until)))
}

/// The same of a session that is deleted: not in the list, and still among what is kept. It stands after the list, so whoever
/// reads on from there meets a session that is deleted meanwhile.
pub fn deleted_session(practice: PracticeId, client: Option<ClientId>, starts_at: DateTime<Utc>, session: SessionId) -> Key {
    Key::new(list_partition(practice, client), format!("SESSION_DELETED#{}#{session}", instant(starts_at)))
}

/// A series in a list.
pub fn listed_series(practice: PracticeId, client: Option<ClientId>, series: SeriesId) -> Key {
    Key::new(list_partition(practice, client), format!("SERIES#{series}"))
}

/// The partition of the client directory.
pub fn directory_partition(practice: PracticeId) -> String {
    format!("P#{practice}#CLIENTS")
}

/// A client in the directory, under one form of the name.
pub fn directory(practice: PracticeId, folded: &str, id: ClientId) -> Key {
    Key::new(directory_partition(practice), format!("{folded}#{id}"))
}

/// The partition of a practitioner's clients.
pub fn assigned_partition(practice: PracticeId, practitioner: PractitionerId) -> String {
    format!("P#{practice}#ASSIGNED#{practitioner}")
}

/// A client in the list of a practitioner, under one form of the name.
pub fn assigned(practice: PracticeId, practitioner: PractitionerId, folded: &str, id: ClientId) -> Key {
    Key::new(assigned_partition(practice, practitioner), format!("{folded}#{id}"))
}

/// The partition of a session.
pub fn session_partition(practice: PracticeId, id: SessionId) -> String {
    format!("P#{practice}#SESSION#{id}")
}

/// A session.
pub fn session(practice: PracticeId, id: SessionId) -> Key {
    Key::new(session_partition(practice, id), "SESSION")
}

/// The partition of a series.
pub fn series_partition(practice: PracticeId, id: SeriesId) -> String {
    format!("P#{practice}#SERIES#{id}")
}

/// A series.
pub fn series(practice: PracticeId, id: SeriesId) -> Key {
    Key::new(series_partition(practice, id), "SERIES")
}

/// What is being done to several sessions of a series.
pub fn plan(practice: PracticeId, id: SeriesId) -> Key {
    Key::new(series_partition(practice, id), "PLAN")
}

/// What the places of a series begin with.
pub const PLACES: &str = "PLACE#";

/// A place of a series, by its wall-clock start.
pub fn place(practice: PracticeId, id: SeriesId, original: NaiveDateTime) -> Key {
    Key::new(series_partition(practice, id), format!("{PLACES}{}", original.format("%Y-%m-%dT%H:%M")))
}

/// The partition of a session or a series.
pub fn subject_partition(practice: PracticeId, subject: Subject) -> String {
    match subject {
        Subject::Session(id) => session_partition(practice, id),
        Subject::Series(id) => series_partition(practice, id),
    }
}

/// What the places of the events of a session or series begin with.
pub const EVENTS: &str = "EVENT#";

/// The event that made a revision.
pub fn event(practice: PracticeId, subject: impl Into<Subject>, revision: u32) -> Key {
    Key::new(subject_partition(practice, subject.into()), format!("{EVENTS}{revision:08}"))
}

/// A recipient's lane.
pub fn lane(practice: PracticeId, subject: impl Into<Subject>, recipient: RecipientId) -> Key {
    Key::new(subject_partition(practice, subject.into()), format!("LANE#{recipient}"))
}

/// The partition of what awaits staff.
pub fn inbox_partition(practice: PracticeId) -> String {
    format!("P#{practice}#INBOX")
}

/// Something that awaits staff, in the order of the times that items are about. The time is told by the id, so that an
/// address with the id alone leads here, and whatever is found twice is found at one place.
pub fn inbox(practice: PracticeId, id: InboxId) -> Key {
    Key::new(inbox_partition(practice), format!("{}#{id}", Wall(id.local())))
}

/// The partition of a resource's day sheets.
pub fn days_partition(practice: PracticeId, resource: Resource) -> String {
    format!("P#{practice}#DAYS#{resource}")
}

/// A day sheet.
pub fn day(practice: PracticeId, resource: Resource, date: NaiveDate) -> Key {
    Key::new(days_partition(practice, resource), date.to_string())
}

/// The session of a code.
pub fn code(code: SessionCode) -> Key {
    Key::new(format!("CODE#{code}"), "CODE")
}

/// The practice of a slug.
pub fn slug(slug: &hourkeep_domain::text::Slug) -> Key {
    Key::new(format!("SLUG#{slug}"), "SLUG")
}

/// A request that was answered.
pub fn request(practice: PracticeId, principal: &str, key_hash: &str) -> Key {
    Key::new(format!("P#{practice}#REQUEST#{principal}#{key_hash}"), "REQUEST")
}
