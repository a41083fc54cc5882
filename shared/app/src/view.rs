//! What answers show: the JSON of the API.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    event_type::Availability,
    ids::{ClientId, EventTypeId, LocationId, PractitionerId, RecipientId, RoomId, SeriesId, ServiceId, SessionId},
    lane::{Lane, Reason, Undeliverable},
    money::Amount,
    practice::Practice,
    recipient::Recipient,
    session::{Attendance, AttendanceMark, Occurrence, Outcome, Presence, Progress, Session, Status},
    slot::{Slot, Wall, offset_text},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::links::Links;

/// A session.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Its id, for life.
    #[schema(value_type = String, example = "ses_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: SessionId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// Where it stands now.
    #[schema(value_type = String, example = "scheduled")]
    pub status: Status,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Wall-clock start in `time_zone`.
    #[schema(example = "2026-12-01T09:00")]
    pub local_start: String,
    /// Wall-clock end in `time_zone`.
    #[schema(example = "2026-12-01T10:00")]
    pub local_end: String,
    /// IANA time zone in which the wall time is promised.
    #[schema(example = "America/Vancouver")]
    pub time_zone: String,
    /// Offset of `local_start` from UTC.
    #[schema(example = "-07:00")]
    pub utc_offset: String,
    /// Length in minutes.
    pub length_minutes: u16,
    /// Who treats.
    #[schema(value_type = String)]
    pub practitioner_id: PractitionerId,
    /// Who is treated; nobody, in an event without clients.
    pub clients: Vec<ParticipantView>,
    /// What an event without clients is called, if it was said.
    pub title: Option<String>,
    /// Which of the practice's event types it is, if it was said.
    #[schema(value_type = Option<String>)]
    pub event_type_id: Option<EventTypeId>,
    /// Whether it takes the practitioner's time.
    pub busy: bool,
    /// Whether the client is present.
    pub direct: bool,
    /// What is done, at which price.
    pub services: Vec<BookedServiceView>,
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
    /// What is sent before it.
    pub reminders: Vec<ReminderView>,
    /// Whether invites went out.
    pub invited: bool,
    /// To whom.
    pub recipients: Vec<RecipientView>,
    /// How it went, once marked.
    pub outcome: Option<OutcomeView>,
    /// That and how it was cancelled.
    pub cancellation: Option<CancellationView>,
    /// That it was deleted, as a mistake.
    pub deletion: Option<DeletionView>,
    /// Its place in a series, if it is of one.
    pub occurrence: Option<OccurrenceView>,
    /// What it costs; apart from lifecycle and attendance.
    pub billing: BillingView,
    /// When it was scheduled.
    pub created_at: DateTime<Utc>,
    /// What the caller should know about what they just did.
    pub warnings: Vec<Warning>,
}

/// Someone who is treated in a session.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Participant)]
pub struct ParticipantView {
    /// Who.
    #[schema(value_type = String)]
    pub client_id: ClientId,
    /// Their code for the session, to copy and share.
    #[schema(example = "7K3M-Q9TX-B2HD")]
    pub code: String,
    /// Their link to the session, to copy and share.
    pub link: String,
}

/// A service as booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BookedService)]
pub struct BookedServiceView {
    /// Which.
    #[schema(value_type = String)]
    pub service_id: ServiceId,
    /// Its billing code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its price, in minor units.
    #[schema(value_type = i64)]
    pub price_minor: Amount,
}

/// A reminder.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SessionReminder)]
pub struct ReminderView {
    /// How many days before.
    pub days_before: i64,
    /// How.
    pub channel: &'static str,
    /// When, UTC.
    pub due_at: DateTime<Utc>,
}

/// Someone who was invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Recipient)]
pub struct RecipientView {
    /// Their id in this session.
    #[schema(value_type = String)]
    pub id: RecipientId,
    /// Their name.
    pub name: Option<String>,
    /// Their address.
    pub email: String,
    /// What became of our mail to them. Only where one session is shown: answers to changes are older than the mails that
    /// follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
}

impl From<&Recipient> for RecipientView {
    fn from(recipient: &Recipient) -> Self {
        Self {
            id: recipient.id,
            name: recipient.name.as_ref().map(ToString::to_string),
            email: recipient.email.to_string(),
            delivery: None,
        }
    }
}

/// What became of the mail to a recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryView {
    /// `none` (nothing was sent yet), `sent` (and nothing was heard against it) or `undeliverable`.
    #[schema(example = "undeliverable")]
    pub state: &'static str,
    /// When they were last sent something about the session itself; when it turned out that mail does not reach them.
    pub at: Option<DateTime<Utc>>,
    /// Why it does not: `refused` (the mail service did not take it), `bounced` (it came back) or `complained` (it was
    /// reported as unwanted).
    #[schema(example = "bounced")]
    pub reason: Option<&'static str>,
    /// What it means and what to do about it, in words.
    pub detail: Option<&'static str>,
}

impl DeliveryView {
    /// By the recipient's lanes: the latest mail, and whether any came back.
    pub fn of<L>(lanes: &[Lane<L>]) -> Self {
        let told = lanes.iter().filter_map(|lane| lane.told.as_ref()).map(|told| told.at).max();
        match lanes.iter().find_map(|lane| lane.undeliverable) {
            Some(Undeliverable { reason, at }) => {
                Self { state: "undeliverable", at, reason: Some(reason.name()), detail: Some(what_to_do(reason)) }
            }
            None => Self { state: if told.is_some() { "sent" } else { "none" }, at: told, reason: None, detail: None },
        }
    }
}

fn what_to_do(reason: Reason) -> &'static str {
    match reason {
        Reason::Refused => {
            "The mail service did not take our mail to this address. Check the address, then send the invites again to the right one."
        }
        Reason::Bounced => "Our mail to this address came back. Check the address, then send the invites again to the right one.",
        Reason::Complained => {
            "Our mail to this address was reported as unwanted, so it gets no more reminders. Check with them which address to use, \
             then send the invites again to that one."
        }
    }
}

/// How a session went: attendance of a direct one, progress of an indirect one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Outcome)]
pub enum OutcomeView {
    /// Who came.
    Attendance {
        /// One per client.
        attendance: Vec<AttendanceView>,
    },
    /// How far it got.
    Progress {
        /// How far.
        #[schema(value_type = String)]
        progress: Progress,
    },
}

/// Whether a client came.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Attendance)]
pub struct AttendanceView {
    /// Who.
    #[schema(value_type = String)]
    pub client_id: ClientId,
    /// Whether they came.
    #[schema(value_type = String)]
    pub value: AttendanceMark,
    /// What it costs them besides the services, in minor units.
    #[schema(value_type = Option<i64>)]
    pub fee_minor: Option<Amount>,
}

/// That a session was cancelled.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Cancellation)]
pub struct CancellationView {
    /// When.
    pub cancelled_at: DateTime<Utc>,
    /// By whom.
    pub cancelled_by: String,
    /// Why.
    pub reason: Option<String>,
    /// Inside the practice's window.
    pub late: bool,
    /// What it costs, in minor units.
    #[schema(value_type = Option<i64>)]
    pub fee_minor: Option<Amount>,
    /// What it would have cost by policy, where staff chose another fee.
    #[schema(value_type = Option<i64>)]
    pub fee_overridden_from_minor: Option<Amount>,
}

/// That a session was deleted, as a mistake.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Deletion)]
pub struct DeletionView {
    /// When.
    pub deleted_at: DateTime<Utc>,
    /// By whom.
    pub deleted_by: String,
    /// Why.
    pub reason: Option<String>,
}

/// A place of a series.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Occurrence)]
pub struct OccurrenceView {
    /// The series.
    #[schema(value_type = String, example = "ser_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub series_id: SeriesId,
    /// The wall-clock start that the rule gives for it, in the series' zone. It stays the same wherever the session is moved.
    #[schema(example = "2026-12-01T09:00")]
    pub place: String,
}

impl From<&Occurrence> for OccurrenceView {
    fn from(occurrence: &Occurrence) -> Self {
        Self { series_id: occurrence.series, place: Wall(occurrence.original).to_string() }
    }
}

/// What a session costs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Billing)]
pub struct BillingView {
    /// Always `unbilled` until bills come.
    pub status: &'static str,
    /// The currency.
    #[schema(example = "CAD")]
    pub currency: String,
    /// The prices of the services together, in minor units.
    pub services_minor: i64,
    /// Fees for a late cancellation or a missed session, in minor units.
    pub fees_minor: i64,
}

/// Something that the caller should know, and that stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// What it is, stable.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it is, in words.
    pub message: String,
}

/// What stands in the way, as far as the caller may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Clash)]
pub struct ClashView {
    /// `practitioner` or `room`.
    pub resource: &'static str,
    /// Its id.
    pub resource_id: String,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
    /// Wall-clock start in `time_zone`.
    pub local_start: String,
    /// Wall-clock end in `time_zone`.
    pub local_end: String,
    /// The zone that was asked in.
    pub time_zone: String,
    /// The session in the way, if the caller may see it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// Its clients, if the caller may see them.
    #[schema(value_type = Option<Vec<String>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ids: Option<Vec<ClientId>>,
}

/// A free time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Slot)]
pub struct SlotView {
    /// Wall-clock start in `time_zone`.
    pub local_start: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
}

impl From<&Slot> for SlotView {
    fn from(slot: &Slot) -> Self {
        Self {
            local_start: Wall(slot.local_start()).to_string(),
            time_zone: slot.zone().name().to_owned(),
            starts_at: slot.starts_at(),
            ends_at: slot.ends_at(),
        }
    }
}

impl SessionView {
    /// A session as staff see it.
    pub fn new(session: &Session, practice: &Practice, links: &Links, now: DateTime<Utc>, warnings: Vec<Warning>) -> Self {
        let details = session.details();
        let slot = &details.slot;
        let participant = |p: &hourkeep_domain::session::Participant| ParticipantView {
            client_id: p.client,
            code: p.code.to_string(),
            link: links.session(p.code).to_string(),
        };
        let booked = |s: &hourkeep_domain::session::BookedService| BookedServiceView {
            service_id: s.service,
            code: s.code.to_string(),
            name: s.name.to_string(),
            price_minor: s.price,
        };
        let reminder = |r: hourkeep_domain::reminder::Reminder| ReminderView {
            days_before: r.days_before.into(),
            channel: r.channel.name(),
            due_at: r.due_at(slot),
        };
        Self {
            id: details.id,
            revision: details.revision,
            status: session.status(&practice.policies, now),
            starts_at: slot.starts_at(),
            ends_at: slot.ends_at(),
            local_start: Wall(slot.local_start()).to_string(),
            local_end: Wall(slot.local_end()).to_string(),
            time_zone: slot.zone().name().to_owned(),
            utc_offset: offset_text(slot.zone().offset_seconds(slot.starts_at())),
            length_minutes: slot.length().get(),
            practitioner_id: details.practitioner,
            clients: details.clients.iter().map(participant).collect(),
            title: details.title.as_ref().map(ToString::to_string),
            event_type_id: details.event_type.map(|of| of.id),
            busy: details.availability == Availability::Busy,
            direct: details.presence == Presence::Direct,
            services: details.services.iter().map(booked).collect(),
            room_id: details.room,
            location_id: details.location,
            url: details.url.as_ref().map(ToString::to_string),
            instructions: details.instructions.as_ref().map(ToString::to_string),
            reminders: details.reminders.iter().map(reminder).collect(),
            invited: details.invitation.went_out(),
            recipients: details.invitation.recipients().map(RecipientView::from).collect(),
            outcome: outcome(session),
            cancellation: cancellation(session),
            deletion: deletion(session),
            occurrence: details.occurrence.as_ref().map(OccurrenceView::from),
            billing: billing(session, practice),
            created_at: details.created_at,
            warnings,
        }
    }
}

fn outcome(session: &Session) -> Option<OutcomeView> {
    let attendance = |marks: &[Attendance]| OutcomeView::Attendance {
        attendance: marks.iter().map(|m| AttendanceView { client_id: m.client, value: m.value, fee_minor: m.fee }).collect(),
    };
    match session {
        Session::Closed(closed) => Some(match &closed.outcome {
            Outcome::Attendance { marks } => attendance(marks),
            Outcome::Progress { value } => OutcomeView::Progress { progress: *value },
        }),
        Session::Scheduled(scheduled) if !scheduled.attendance.is_empty() => Some(attendance(&scheduled.attendance)),
        Session::Scheduled(_) | Session::Cancelled(_) | Session::Deleted(_) => None,
    }
}

fn cancellation(session: &Session) -> Option<CancellationView> {
    match session {
        Session::Cancelled(cancelled) => Some(CancellationView {
            cancelled_at: cancelled.cancelled_at,
            cancelled_by: cancelled.cancelled_by.to_string(),
            reason: cancelled.reason.as_ref().map(ToString::to_string),
            late: cancelled.late,
            fee_minor: cancelled.fee,
            fee_overridden_from_minor: cancelled.fee_overridden_from,
        }),
        Session::Scheduled(_) | Session::Closed(_) | Session::Deleted(_) => None,
    }
}

fn deletion(session: &Session) -> Option<DeletionView> {
    match session {
        Session::Deleted(deleted) => Some(DeletionView {
            deleted_at: deleted.deleted_at,
            deleted_by: deleted.deleted_by.to_string(),
            reason: deleted.reason.as_ref().map(ToString::to_string),
        }),
        Session::Scheduled(_) | Session::Closed(_) | Session::Cancelled(_) => None,
    }
}

fn billing(session: &Session, practice: &Practice) -> BillingView {
    let fees = match session {
        Session::Cancelled(cancelled) => cancelled.fee.map_or(0, Amount::minor),
        Session::Closed(closed) => match &closed.outcome {
            Outcome::Attendance { marks } => marks.iter().filter_map(|m| m.fee).map(Amount::minor).sum(),
            Outcome::Progress { .. } => 0,
        },
        Session::Deleted(_) => 0,
        Session::Scheduled(scheduled) => scheduled.attendance.iter().filter_map(|m| m.fee).map(Amount::minor).sum(),
    };
    BillingView {
        status: "unbilled",
        currency: practice.currency.to_string(),
        services_minor: session.details().services.iter().map(|s| s.price.minor()).sum(),
        fees_minor: fees,
    }
}
