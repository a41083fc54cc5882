//! What answers show of series.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    ids::{ClientId, EventTypeId, LocationId, PractitionerId, RoomId, SeriesId, SessionId},
    practice::Practice,
    recurrence,
    series::{AHEAD, Place, Series, Standing, Taken, Why},
    session::{Session, Status},
    slot::Wall,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::RecipientView;

/// A series and its sessions.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Series)]
pub struct SeriesView {
    /// Its id.
    #[schema(value_type = String, example = "ser_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: SeriesId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// When it is, in words.
    #[schema(example = "every other Tuesday at 9:00, until 30 June 2027")]
    pub sentence: String,
    /// The same as a rule (RFC 5545 RRULE).
    #[schema(example = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270630")]
    pub rule: String,
    /// `standing`, `cancelled` or `deleted`. One that was cancelled or deleted from some session on stands until then.
    #[schema(example = "standing")]
    pub status: &'static str,
    /// Wall-clock start of its first session by the rule, in `time_zone`.
    #[schema(example = "2026-12-01T09:00")]
    pub local_start: String,
    /// IANA time zone in which the wall times are promised.
    #[schema(example = "America/Vancouver")]
    pub time_zone: String,
    /// Length of each session in minutes.
    pub length_minutes: u16,
    /// Wall-clock start of its last session by the rule; none if it never ends.
    pub last_local_start: Option<String>,
    /// Up to where sessions are made: the wall-clock start of the last place that was decided upon. More follow as time goes
    /// by, where the rule gives more.
    pub made_until: Option<String>,
    /// The series that it continues, from which "this and following" parted it.
    #[schema(value_type = Option<String>)]
    pub continues: Option<SeriesId>,
    /// Whether a change of several sessions is under way.
    pub busy: bool,
    /// Who treats.
    #[schema(value_type = String)]
    pub practitioner_id: PractitionerId,
    /// Who is treated; nobody, in a series of events without clients.
    #[schema(value_type = Vec<String>)]
    pub client_ids: Vec<ClientId>,
    /// What events without clients are called, if it was said.
    pub title: Option<String>,
    /// Which of the practice's event types its sessions are, if it was said.
    #[schema(value_type = Option<String>)]
    pub event_type_id: Option<EventTypeId>,
    /// In which room.
    #[schema(value_type = Option<String>)]
    pub room_id: Option<RoomId>,
    /// At which location.
    #[schema(value_type = Option<String>)]
    pub location_id: Option<LocationId>,
    /// Where to join.
    pub url: Option<String>,
    /// What else to know.
    pub instructions: Option<String>,
    /// Whether invites went out.
    pub invited: bool,
    /// To whom.
    pub recipients: Vec<RecipientView>,
    /// Its sessions, in the order of their places: those of the last 53 weeks and all that are made ahead. Older ones are in
    /// the client's list.
    pub sessions: Vec<PlaceView>,
    /// Places without a session, of the same time.
    pub skipped: Vec<SkippedView>,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
}

/// A session of a series.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeriesSession)]
pub struct PlaceView {
    /// The session.
    #[schema(value_type = String)]
    pub session_id: SessionId,
    /// Its place: the wall-clock start that the rule gives, in the series' zone.
    #[schema(example = "2026-12-01T09:00")]
    pub place: String,
    /// Its wall-clock start, in its own zone.
    pub local_start: String,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
    /// Where it stands now.
    #[schema(value_type = String, example = "scheduled")]
    pub status: Status,
    /// Whether it is at another time than the rule says.
    pub moved: bool,
}

/// A place without a session.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SkippedPlace)]
pub struct SkippedView {
    /// The wall-clock start that the rule gives, in the series' zone.
    #[schema(example = "2026-12-08T09:00")]
    pub local_start: String,
    /// `time_taken`, `asked` or `does_not_exist`.
    #[schema(value_type = String, example = "time_taken")]
    pub why: Why,
    /// The same in words.
    pub message: &'static str,
}

impl SeriesView {
    /// A series as staff see it.
    pub(crate) fn new(series: &Series, places: &[(Place, Option<Session>)], practice: &Practice, now: DateTime<Utc>) -> Self {
        let Series { timing, template, .. } = series;
        // An answer has an end, however long a series goes on.
        let since = timing.zone.local(now - AHEAD);
        let shown = || places.iter().filter(|(place, _)| place.original >= since);
        let session = |(place, session): &(Place, Option<Session>)| {
            let session = session.as_ref()?;
            let slot = &session.details().slot;
            Some(PlaceView {
                session_id: session.details().id,
                place: Wall(place.original).to_string(),
                local_start: Wall(slot.local_start()).to_string(),
                starts_at: slot.starts_at(),
                ends_at: slot.ends_at(),
                status: session.status(&practice.policies, now),
                moved: slot.local_start() != place.original || *slot.zone() != timing.zone,
            })
        };
        let skipped = |(place, _): &(Place, Option<Session>)| match place.taken {
            Taken::Session { .. } => None,
            Taken::LeftOut { why } => {
                Some(SkippedView { local_start: Wall(place.original).to_string(), why, message: why_in_words(why) })
            }
        };
        Self {
            id: series.id,
            revision: series.revision,
            sentence: timing.sentence(),
            rule: timing.rule.to_string(),
            status: status(series),
            local_start: Wall(timing.first).to_string(),
            time_zone: timing.zone.name().to_owned(),
            length_minutes: timing.length.get(),
            last_local_start: timing.last().map(|last: recurrence::Occurrence| Wall(last.local_start()).to_string()),
            made_until: series.made_until.map(|until| Wall(until).to_string()),
            continues: series.continues,
            busy: series.busy.is_some(),
            practitioner_id: template.practitioner,
            client_ids: template.clients.clone(),
            title: template.title.as_ref().map(ToString::to_string),
            event_type_id: template.event_type.map(|of| of.id),
            room_id: template.room,
            location_id: template.location,
            url: template.url.as_ref().map(ToString::to_string),
            instructions: template.instructions.as_ref().map(ToString::to_string),
            invited: series.invitation.went_out(),
            recipients: series.invitation.recipients().map(RecipientView::from).collect(),
            sessions: shown().filter_map(session).collect(),
            skipped: shown().filter_map(skipped).collect(),
            created_at: series.created_at,
        }
    }
}

fn status(series: &Series) -> &'static str {
    match series.standing {
        Standing::Standing => "standing",
        Standing::Held => "held",
        Standing::Released => "released",
        Standing::Cancelled { .. } => "cancelled",
        Standing::Deleted { .. } => "deleted",
    }
}

fn why_in_words(why: Why) -> &'static str {
    match why {
        Why::TimeTaken => "The time is taken, so no session was booked.",
        Why::Asked => "Left out as you asked.",
        Why::DoesNotExist => "The clocks are set forward over this time, so it does not exist on that day.",
    }
}
