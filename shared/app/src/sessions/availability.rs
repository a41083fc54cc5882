//! When someone is free: of one practitioner, or the next of all of them.

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hourkeep_domain::{
    ids::{PracticeId, PractitionerId, RoomId, SessionId},
    people::Practitioner,
    practice::{Practice, Room},
    session::FreeSlots,
    sheet::{Diary, Resource},
    slot::{Minutes, Slot, Wall},
    zone::Zone,
};
use hourkeep_store::{Range, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{diary, room_sheet};
use crate::{
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
};

/// How many practitioners' sheets are read at once.
const AT_ONCE: usize = 8;

/// Which free times are asked for.
#[derive(Clone, Debug)]
pub struct AvailabilityRequest {
    /// Whose; of everyone who works there if not given.
    pub practitioner: Option<PractitionerId>,
    /// The room that is to be free as well.
    pub room: Option<RoomId>,
    /// First day, in each practitioner's zone; today if not given.
    pub from: Option<NaiveDate>,
    /// How many days.
    pub days: u8,
    /// How long; the practice's default if not given.
    pub length: Option<Minutes>,
    /// The zone in which wall times are shown; each practitioner's if not given.
    pub zone: Option<Zone>,
    /// How many at most.
    pub count: usize,
}

/// Free times.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Availability)]
pub struct AvailabilityView {
    /// How long each is, in minutes.
    pub length_minutes: u16,
    /// The earliest first.
    pub items: Vec<FreeTime>,
    /// Those of whom nothing can be said, since they keep no working hours.
    #[schema(value_type = Vec<String>)]
    pub without_hours: Vec<PractitionerId>,
}

/// A time that can be booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreeTime {
    /// Who is free.
    #[schema(value_type = String)]
    pub practitioner_id: PractitionerId,
    /// Wall-clock start in `time_zone`.
    pub local_start: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
}

impl FreeTime {
    fn new(practitioner_id: PractitionerId, slot: &Slot) -> Self {
        Self {
            practitioner_id,
            local_start: Wall(slot.local_start()).to_string(),
            time_zone: slot.zone().name().to_owned(),
            starts_at: slot.starts_at(),
            ends_at: slot.ends_at(),
        }
    }
}

impl Desk {
    /// The next free times: within working hours, with the practice's buffers around them, of one practitioner or of all. One
    /// query for each practitioner, and one for the room.
    pub async fn availability(&self, principal: &Principal, request: &AvailabilityRequest) -> Result<AvailabilityView, Error> {
        let now = self.clock.now();
        let first = |practice| {
            let named = request.practitioner.map(|id| key::practitioner(practice, id));
            let room = request.room.map(|id| key::room(practice, id));
            [key::practice(practice)].into_iter().chain(named).chain(room).collect()
        };
        let (member, batch) = enter(&self.table, principal, first).await?;
        let practice: Practice = batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))?;
        let room = match request.room {
            Some(id) => {
                let room: Room = batch.body(&key::room(practice.id, id))?.ok_or(Error::NotFound("room"))?;
                room_sheet(Some(&room))
            }
            None => None,
        };
        let practitioners = match request.practitioner {
            Some(id) => {
                let named: Option<Practitioner> = batch.body(&key::practitioner(practice.id, id))?;
                vec![named.filter(|named| named.active).ok_or(Error::NotFound("practitioner"))?]
            }
            None => self.practitioners(practice.id).await?,
        };
        let (keep_hours, without): (Vec<_>, Vec<_>) = practitioners.into_iter().partition(|p| !p.weekly_hours.is_empty());
        let seeking = Seeking { desk: self, request, practice: &practice, now };
        let room = match room {
            Some(id) => Some(seeking.diary(Resource::Room(id), &practice.zone).await?),
            None => None,
        };
        let room = room.as_ref();
        let seeking = &seeking;
        let found = stream::iter(keep_hours).map(|practitioner| seeking.free(practitioner, room)).buffered(AT_ONCE);
        let mut items: Vec<FreeTime> = found.try_collect::<Vec<_>>().await?.into_iter().flatten().collect();
        items.sort_by_key(|free| (free.starts_at, free.practitioner_id));
        items.truncate(request.count);
        let without_hours = without.iter().map(|practitioner| practitioner.id).collect();
        Ok(AvailabilityView { length_minutes: seeking.length().get(), items, without_hours })
    }

    async fn practitioners(&self, practice: PracticeId) -> Result<Vec<Practitioner>, Error> {
        let range = Range::Prefix(key::PRACTITIONERS.to_owned());
        let page = self.table.query::<Practitioner>(&key::practice_partition(practice), &range, None, None).await?;
        Ok(page.items.into_iter().map(|(_, stored)| stored.body).filter(|practitioner| practitioner.active).collect())
    }
}

struct Seeking<'a> {
    desk: &'a Desk,
    request: &'a AvailabilityRequest,
    practice: &'a Practice,
    now: DateTime<Utc>,
}

impl Seeking<'_> {
    fn length(&self) -> Minutes {
        self.request.length.unwrap_or(self.practice.policies.default_length_minutes)
    }

    /// The days that are looked at, the last one excluded.
    fn days(&self, zone: &Zone) -> (NaiveDate, NaiveDate) {
        let from = self.request.from.unwrap_or_else(|| zone.local(self.now).date());
        (from, from.checked_add_days(Days::new(self.request.days.into())).unwrap_or(from))
    }

    /// Sheets with a day more on either side than any zone can need.
    async fn diary(&self, resource: Resource, zone: &Zone) -> Result<Diary, Error> {
        let (from, to) = self.days(zone);
        let (from, to) = (from.checked_sub_days(Days::new(2)).unwrap_or(from), to.checked_add_days(Days::new(3)).unwrap_or(to));
        diary(&self.desk.table, self.practice.id, resource, from, to).await
    }

    async fn free(&self, practitioner: Practitioner, room: Option<&Diary>) -> Result<Vec<FreeTime>, Error> {
        let own = self.diary(Resource::Practitioner(practitioner.id), &practitioner.zone).await?;
        let diaries: Vec<Diary> = [Some(own), room.cloned()].into_iter().flatten().collect();
        let slots = FreeSlots {
            session: SessionId::from_bits(0),
            diaries: &diaries,
            hours: practitioner.hours(self.practice),
            policies: &self.practice.policies,
            now: self.now,
        };
        let (from, to) = self.days(&practitioner.zone);
        let zone = self.request.zone.as_ref().unwrap_or(&practitioner.zone);
        let free = slots.between(from, to, zone, self.length()).take(self.request.count);
        Ok(free.map(|slot| FreeTime::new(practitioner.id, &slot)).collect())
    }
}
