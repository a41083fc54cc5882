//! The calendar of a practitioner: one query for a week.

use chrono::{DateTime, Days, NaiveDate, Utc};
use hourkeep_domain::{
    ids::{ClientId, PractitionerId, SessionId},
    people::{Practitioner, Role},
    practice::Practice,
    session::Status,
    sheet::{Entry, Resource},
    slot::Wall,
    zone::Zone,
};
use hourkeep_store::key;
use serde::Serialize;
use utoipa::ToSchema;

use super::diary;
use crate::{
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
};

/// Which days of whose calendar.
#[derive(Clone, Debug)]
pub struct CalendarRequest {
    /// Whose; one's own if not given.
    pub practitioner: Option<PractitionerId>,
    /// First day, in the zone.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
    /// The zone in which days begin and wall times are shown; the practitioner's if not given.
    pub zone: Option<Zone>,
}

/// What is in a calendar.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Calendar)]
pub struct CalendarView {
    /// Whose.
    #[schema(value_type = String)]
    pub practitioner_id: PractitionerId,
    /// The zone of the wall times.
    pub time_zone: String,
    /// The entries, in order of start.
    pub items: Vec<CalendarEntry>,
}

/// One entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarEntry {
    /// The session; left out where the caller may only see that the time is busy.
    #[schema(value_type = Option<String>)]
    pub session_id: Option<SessionId>,
    /// Its clients; left out likewise.
    #[schema(value_type = Option<Vec<String>>)]
    pub client_ids: Option<Vec<ClientId>>,
    /// Where it stands now; left out likewise.
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
    /// Wall-clock start.
    pub local_start: String,
    /// Wall-clock end.
    pub local_end: String,
    /// Whether the client is present.
    pub direct: bool,
}

impl Desk {
    /// A practitioner's calendar. The front desk and directors see all; a practitioner sees their own, and of others
    /// only when they are busy.
    pub async fn calendar(&self, principal: &Principal, request: &CalendarRequest) -> Result<CalendarView, Error> {
        let now = self.clock.now();
        let named = request.practitioner;
        let first = |practice| {
            let practitioner = named.map(|id| key::practitioner(practice, id));
            [key::practice(practice)].into_iter().chain(practitioner).collect()
        };
        let (member, batch) = enter(&self.table, principal, first).await?;
        let practice: Practice = batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))?;
        let id = named.or(member.practitioner).ok_or(Error::PractitionerNotNamed)?;
        let place = key::practitioner(practice.id, id);
        let known: Option<Practitioner> = match named {
            Some(_) => batch.body(&place)?,
            None => self.table.get(&place).await?.map(|stored| stored.body),
        };
        let practitioner = known.ok_or(Error::NotFound("practitioner"))?;
        let zone = request.zone.clone().unwrap_or(practitioner.zone);
        let (from, until) = (zone.start_of_day(request.from), zone.start_of_day(request.to));
        // An entry from the day before may still last.
        let first_sheet = from.date_naive().checked_sub_days(Days::new(1)).unwrap_or(from.date_naive());
        let diary = diary(&self.table, practice.id, Resource::Practitioner(id), first_sheet, until.date_naive()).await?;
        let sees = match member.role {
            Role::Director | Role::FrontDesk => true,
            Role::Practitioner => member.practitioner == Some(id),
        };
        let within = |entry: &&Entry| entry.starts_at < until && from < entry.ends_at;
        let show = |entry: &Entry| CalendarEntry {
            session_id: sees.then_some(entry.session),
            client_ids: sees.then(|| entry.clients.clone()),
            status: sees.then(|| status(entry, &practice, now)),
            starts_at: entry.starts_at,
            ends_at: entry.ends_at,
            local_start: Wall(zone.local(entry.starts_at)).to_string(),
            local_end: Wall(zone.local(entry.ends_at)).to_string(),
            direct: !entry.indirect,
        };
        let items = diary.entries().into_iter().filter(within).map(show).collect();
        Ok(CalendarView { practitioner_id: id, time_zone: zone.name().to_owned(), items })
    }
}

/// The status of what stands on a sheet: cancelled and deleted sessions do not.
fn status(entry: &Entry, practice: &Practice, now: DateTime<Utc>) -> Status {
    if entry.closed {
        Status::Closed
    } else if now < entry.starts_at - practice.policies.due_window_minutes.duration() {
        Status::Scheduled
    } else if now < entry.starts_at {
        Status::Due
    } else if now < entry.ends_at {
        Status::Underway
    } else {
        Status::AwaitingOutcome
    }
}
