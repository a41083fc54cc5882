//! Writes the letter of a posting from the state as it is now.

use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::{
    ids::{LocationId, RoomId, SessionId},
    lane::{Lane, Posting},
    people::Practitioner,
    practice::{Location, Practice, Room, RoomKind},
    recipient::Recipient,
    recurrence::{Ends, Rule},
    series::{Series, Taken, Why},
    session::{Details, Session, Template},
    slot::Slot,
    text::{Instructions, Url},
};
use hourkeep_mail::{InSeries, Kind, Letter, Override, Place, Recurrence};
use hourkeep_store::{Batch, key};

use super::{WorkError, topic::last_start};
use crate::{links::Links, series::Scene};

/// What a letter is written from.
pub(super) struct Desk<'a> {
    pub(super) practice: &'a Practice,
    pub(super) practitioner: &'a Practitioner,
    /// Rooms and locations.
    pub(super) places: &'a Batch,
    pub(super) links: &'a Links,
    pub(super) now: DateTime<Utc>,
}

/// In which room and at which location.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whereabouts {
    pub(super) room: Option<RoomId>,
    pub(super) location: Option<LocationId>,
}

impl Whereabouts {
    pub(super) fn of(details: &Details) -> Self {
        Self { room: details.room, location: details.location }
    }
}

/// Where the sessions of a series are: as it says, and where those are that differ.
pub(super) fn whereabouts(scene: &Scene) -> Vec<Whereabouts> {
    let Template { room, location, .. } = scene.series.template;
    let differing = scene.places.iter().filter_map(|(_, session)| session.as_ref()).filter(|session| differs(session));
    [Whereabouts { room, location }].into_iter().chain(differing.map(|s| Whereabouts::of(s.details()))).collect()
}

/// Whether a session that stands is otherwise than its series' own entry says.
fn differs(session: &Session) -> bool {
    let stands = match session {
        Session::Scheduled(_) | Session::Closed(_) => true,
        Session::Cancelled(_) | Session::Deleted(_) => false,
    };
    let details = session.details();
    stands && details.occurrence.as_ref().is_some_and(|occurrence| details.sequence > occurrence.described)
}

/// What all letters to a recipient have in common.
struct Common<'a> {
    recipient: &'a Recipient,
    kind: Kind,
    session: SessionId,
    slot: Slot,
    place: Option<Place>,
    url: Option<Url>,
    session_link: Url,
    code: String,
    instructions: Option<Instructions>,
    sequence: u32,
    stamped_at: DateTime<Utc>,
    series: Option<InSeries>,
}

impl Desk<'_> {
    /// The letter about a session. Reasons stay in the history: staff write them for each other.
    pub(super) fn write(
        &self,
        posting: Posting,
        session: &Session,
        series: Option<&Series>,
        (recipient, lane): (&Recipient, &Lane<Letter>),
        moved_from: Option<&Slot>,
    ) -> Result<Letter, WorkError> {
        let details = session.details();
        let participant = details.clients.first().ok_or(WorkError::Missing("participant"))?;
        let (kind, stamped_at) = match posting {
            Posting::Entry { .. } => match lane.told.as_ref().filter(|told| told.holds_entry) {
                Some(told) => (Kind::Update { previous: Some(told.slot.clone()) }, details.stamped_at),
                None => (Kind::Invite, details.stamped_at),
            },
            Posting::Cancellation { calendar, .. } => (Kind::Cancellation { calendar }, details.stamped_at),
            Posting::LeftOut { .. } => return Err(WorkError::Missing("series of the place")),
            Posting::Notice { .. } => {
                let cancelled = matches!(session, Session::Cancelled(_));
                (Kind::Notice { moved_from: moved_from.cloned(), cancelled }, details.stamped_at)
            }
            Posting::Reminder(due) => {
                let days = u8::try_from(i64::from(due.reminder.days_before)).unwrap_or(u8::MAX);
                (Kind::Reminder { days_before: days }, due.due_at)
            }
        };
        // Who was never told of a silent move knows the session by the time they were told.
        let known = lane.told.as_ref().filter(|told| told.holds_entry).map(|told| &told.slot);
        let slot = match posting {
            Posting::Cancellation { .. } => known.unwrap_or(&details.slot),
            Posting::Entry { .. } | Posting::Reminder(_) | Posting::LeftOut { .. } | Posting::Notice { .. } => &details.slot,
        };
        let one = series.zip(details.occurrence.as_ref()).map(|(series, occurrence)| InSeries::One {
            series: series.id,
            original: occurrence.original,
            original_zone: series.timing.zone.clone(),
        });
        self.letter(Common {
            recipient,
            kind,
            session: details.id,
            slot: slot.clone(),
            place: self.place(Whereabouts::of(details), details.url.is_some())?,
            url: details.url.clone(),
            session_link: self.links.session(participant.code),
            code: participant.code.to_string(),
            instructions: details.instructions.clone(),
            // An exception is newer than the entry of its series, which counts on its own.
            sequence: series.map_or(0, |series| series.sequence) + details.sequence,
            stamped_at,
            series: one,
        })
    }

    /// The letter about a whole series, or about one place of it that has no session.
    pub(super) fn write_series(
        &self,
        posting: Posting,
        scene: &Scene,
        (recipient, lane): (&Recipient, &Lane<Letter>),
    ) -> Result<Letter, WorkError> {
        let series = &scene.series;
        let Series { timing, template, .. } = series;
        let told = lane.told.as_ref().filter(|told| told.holds_entry);
        let (kind, place) = match posting {
            Posting::Entry { sequence } => match told {
                Some(_) if series.shortened_at == Some(sequence) => (Kind::Shortened, None),
                Some(told) => (Kind::Update { previous: Some(told.slot.clone()) }, None),
                None => (Kind::Invite, None),
            },
            Posting::Cancellation { calendar, .. } => (Kind::Cancellation { calendar }, None),
            Posting::LeftOut { place } => (Kind::NotBooked { calendar: true }, Some(place)),
            Posting::Notice { .. } => (Kind::Notice { moved_from: None, cancelled: !series.stands() }, None),
            Posting::Reminder(_) => return Err(WorkError::Missing("session of the reminder")),
        };
        let sessions = || scene.places.iter().filter_map(|(_, session)| session.as_ref());
        let to_come = |session: &&Session| match session {
            Session::Scheduled(scheduled) => scheduled.details.slot.starts_at() >= self.now,
            Session::Closed(_) | Session::Cancelled(_) | Session::Deleted(_) => false,
        };
        let next = sessions().filter(to_come).min_by_key(|session| session.details().slot.starts_at());
        // Where none is left, neither page nor code is shown.
        let shown = next.or_else(|| sessions().next_back()).ok_or(WorkError::Missing("session of the series"))?.details();
        let participant = shown.clients.first().ok_or(WorkError::Missing("participant"))?;
        let at = |local: NaiveDateTime| {
            let slot = Slot::resolve(local, &timing.zone, timing.length, None);
            slot.unwrap_or_else(|_| Slot::at(timing.zone.instant_or_next(local), &timing.zone, timing.length))
        };
        let within = match place {
            Some(original) => InSeries::One { series: series.id, original, original_zone: timing.zone.clone() },
            None => InSeries::Whole(Box::new(self.recurrence(scene, next)?)),
        };
        self.letter(Common {
            recipient,
            kind,
            session: shown.id,
            slot: at(place.unwrap_or(timing.first)),
            place: self.place(Whereabouts { room: template.room, location: template.location }, template.url.is_some())?,
            url: template.url.clone(),
            session_link: self.links.session(participant.code),
            code: participant.code.to_string(),
            instructions: template.instructions.clone(),
            sequence: series.sequence,
            stamped_at: series.stamped_at,
            series: Some(within),
        })
    }

    fn recurrence(&self, scene: &Scene, next: Option<&Session>) -> Result<Recurrence, WorkError> {
        let series = &scene.series;
        let open = Rule { ends: Ends::Never, ..series.timing.rule };
        let has_none = |(place, session): &&(hourkeep_domain::series::Place, Option<Session>)| match (place.taken, session) {
            (Taken::LeftOut { .. }, _) | (_, None | Some(Session::Cancelled(_) | Session::Deleted(_))) => true,
            (Taken::Session { .. }, Some(Session::Scheduled(_) | Session::Closed(_))) => false,
        };
        // Places after the end of a series that ended earlier than planned are none of it any more.
        let (last, until) = (series.timing.last().map(|occurrence| occurrence.local_start()), last_start(scene));
        let instant = |place: &hourkeep_domain::series::Place| series.timing.zone.instant_or_next(place.original);
        let is_described = |place: &hourkeep_domain::series::Place| until.is_none_or(|until| instant(place) <= until);
        let not_booked = |place: &hourkeep_domain::series::Place| match place.taken {
            Taken::LeftOut { why: Why::TimeTaken | Why::Asked | Why::DoesNotExist } => {
                instant(place) > self.now && last.is_none_or(|last| place.original <= last)
            }
            Taken::Session { .. } => false,
        };
        let without = scene.places.iter().filter(has_none).filter(|(place, _)| is_described(place));
        let overrides = scene.places.iter().filter_map(|(place, session)| Some((place, session.as_ref()?)));
        let overrides = overrides.filter(|(_, session)| differs(session)).map(|(place, session)| {
            let details = session.details();
            let participant = details.clients.first().ok_or(WorkError::Missing("participant"))?;
            Ok::<_, WorkError>(Override {
                original: place.original,
                slot: details.slot.clone(),
                sequence: series.sequence + details.sequence,
                stamped_at: details.stamped_at.max(series.stamped_at),
                place: self.place(Whereabouts::of(details), details.url.is_some())?,
                url: details.url.clone(),
                session_link: self.links.session(participant.code),
                code: participant.code.to_string(),
                instructions: details.instructions.clone(),
            })
        });
        Ok(Recurrence {
            series: series.id,
            rrule: open.to_string(),
            until,
            sentence: series.timing.sentence(),
            next: next.map(|session| session.details().slot.clone()),
            excluded: without.map(|(place, _)| place.original).collect(),
            overrides: overrides.collect::<Result<_, _>>()?,
            left_out: scene.places.iter().map(|(place, _)| place).filter(|p| not_booked(p)).map(|p| p.original).collect(),
        })
    }

    fn letter(&self, common: Common<'_>) -> Result<Letter, WorkError> {
        let recipient = common.recipient;
        Ok(Letter {
            kind: common.kind,
            session: common.session,
            recipient: recipient.id,
            to_name: recipient.name.clone(),
            to: recipient.email.clone(),
            practice_name: self.practice.name.clone(),
            sender_name: self.practice.sender_name().clone(),
            from: self.links.sender(&self.practice.slug).ok_or(WorkError::Missing("sender address"))?,
            // Practitioners do not write to themselves.
            reply_to: Some(self.practitioner.email.clone()).filter(|email| email.folded() != recipient.email.folded()),
            practitioner_name: self.practitioner.name.clone(),
            slot: common.slot,
            recipient_zone: recipient.zone.clone(),
            place: common.place,
            url: common.url,
            session_link: common.session_link,
            code: common.code,
            instructions: common.instructions,
            reason: None,
            sequence: common.sequence,
            stamped_at: common.stamped_at,
            series: common.series,
        })
    }

    fn place(&self, at: Whereabouts, has_url: bool) -> Result<Option<Place>, WorkError> {
        let id = self.practice.id;
        let room: Option<Room> = at.room.map(|room| self.places.body(&key::room(id, room))).transpose()?.flatten();
        let location: Option<Location> =
            at.location.map(|location| self.places.body(&key::location(id, location))).transpose()?.flatten();
        let location = location.map(|location| location.name);
        Ok(match (room, location) {
            (Some(room), location) => Some(match room.kind {
                RoomKind::InPerson => Place::Room { room: room.name, location },
                RoomKind::Virtual => Place::Online,
            }),
            (None, Some(location)) => Some(Place::Location(location)),
            (None, None) => has_url.then_some(Place::Online),
        })
    }
}
