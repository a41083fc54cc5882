//! Why an operation did not do what was asked.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    event_type::EventTypeRefused,
    ids::PracticeId,
    series::{BookSeriesRefused, ChangeSeriesRefused, EndSeriesRefused},
    session::{CancelRefused, DeleteRefused, EditRefused, InviteRefused, OutcomeRefused, RescheduleRefused, ScheduleRefused},
};
use hourkeep_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::{ClashView, SlotView};

/// Every way in which an operation ends without its effect. `http` maps each to one problem type.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller works in no practice, or not in the one they named.
    #[error("You are not a member of this practice.")]
    NotAMember,
    /// The caller works in several and named none.
    #[error("You work in several practices: name one of them in the header Hourkeep-Practice.")]
    SeveralPractices(Vec<PracticeId>),
    /// The operator has suspended the practice.
    #[error(
        "The practice is suspended since {}: {reason} Nothing can be changed and no mail is sent; everything can be read and exported. Ask whoever runs the platform.",
        since.format("%Y-%m-%d %H:%M UTC")
    )]
    Suspended {
        /// Since when.
        since: DateTime<Utc>,
        /// Why, as a sentence.
        reason: String,
    },
    /// The practice has booked as many sessions this month as it may.
    #[error(
        "The practice may book {limit} sessions a month (UTC) and has booked as many in {month}. Nothing was booked. Ask whoever runs the platform for a higher limit."
    )]
    MonthlyLimit {
        /// How many.
        limit: u32,
        /// The month, such as `2026-11`.
        month: String,
    },
    /// Only a director may.
    #[error("Only a director of the practice may do this.")]
    DirectorsOnly,
    /// Only those who run the practice may.
    #[error("Only the front desk or a director of the practice may do this.")]
    FrontDeskOnly,
    /// A practitioner acted for someone else's calendar.
    #[error("A practitioner schedules for themselves; the front desk or a director can do it for others.")]
    OwnCalendarOnly,
    /// A practitioner acted on a session of theirs whose client is theirs no more (P1).
    #[error("The client is no longer assigned to you. Have the client assigned to you first, or ask the front desk to do this.")]
    NotYourClient,
    /// The caller is no practitioner and named none.
    #[error("Name the practitioner: you are not one yourself.")]
    PractitionerNotNamed,
    /// A virtual room has no calendar.
    #[error("A virtual room has no calendar: any number of sessions can be in it at once. Ask for a practitioner's.")]
    VirtualRoom,
    /// There is no such thing, or the caller may not see it.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// Someone changed it since the caller read it.
    #[error(
        "The record has changed since you read it: you named revision {seen}, and it is at {current}. Read it again, then decide again."
    )]
    Outdated {
        /// Named.
        seen: u32,
        /// Current.
        current: u32,
    },
    /// The `Idempotency-Key` came with another request before.
    #[error("This Idempotency-Key was used for another request. Use a new key for each request.")]
    KeyReused,
    /// The cursor is none that this list gave.
    #[error("The cursor is not one that this list gave for this search. Begin again without a cursor.")]
    BadCursor,
    /// Too many others were writing.
    #[error("Too many changes at the same time. Nothing was changed; try again in a moment.")]
    TooBusy,
    /// The time is taken.
    #[error("The time is taken.")]
    Overlap {
        /// By what, as far as the caller may see it.
        clashes: Vec<ClashView>,
        /// Free times nearby.
        alternatives: Vec<SlotView>,
        /// Whether the caller may book it all the same.
        may_allow: bool,
    },
    /// Times of a series are taken, and then nothing was to be booked or moved (B4).
    #[error(
        "{} of the series' times {} taken, so nothing was done. Leave them out, keep them all the same, or choose another time.",
        .taken.len(),
        if .taken.len() == 1 { "is" } else { "are" }
    )]
    SeriesConflicts {
        /// Which, and by what, as far as the caller may see it.
        taken: Vec<TakenTime>,
    },
    /// "This and following" of a session that is of no series.
    #[error("The session is not one of a series. Leave \"scope\" out to change it alone.")]
    NotOfASeries,
    /// The series is not booked.
    #[error(transparent)]
    BookSeries(#[from] BookSeriesRefused),
    /// The series is not changed.
    #[error(transparent)]
    ChangeSeries(#[from] ChangeSeriesRefused),
    /// The session is not scheduled.
    #[error(transparent)]
    Schedule(#[from] ScheduleRefused),
    /// The session is not moved.
    #[error(transparent)]
    Reschedule(#[from] RescheduleRefused),
    /// The session is not cancelled.
    #[error(transparent)]
    Cancel(#[from] CancelRefused),
    /// The session is not deleted.
    #[error(transparent)]
    Delete(#[from] DeleteRefused),
    /// The outcome is not marked.
    #[error(transparent)]
    Outcome(#[from] OutcomeRefused),
    /// The invites are not sent.
    #[error(transparent)]
    Invite(#[from] InviteRefused),
    /// The session is not changed.
    #[error(transparent)]
    Edit(#[from] EditRefused),
    /// A setting is not changed.
    #[error(transparent)]
    Settings(#[from] SettingsRefused),
    /// The store failed.
    #[error("The data could not be reached. Try again in a moment.")]
    Store(#[from] StoreError),
    /// Something that cannot be.
    #[error("Something went wrong on our side.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A time of a series that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TakenTime {
    /// When a session was to be.
    #[serde(flatten)]
    pub slot: SlotView,
    /// What is there.
    pub clashes: Vec<ClashView>,
}

impl From<EndSeriesRefused> for Error {
    fn from(refused: EndSeriesRefused) -> Self {
        match refused {
            EndSeriesRefused::Cancel(refused) => refused.into(),
            EndSeriesRefused::Delete(refused) => refused.into(),
        }
    }
}

impl From<EventTypeRefused> for Error {
    fn from(refused: EventTypeRefused) -> Self {
        SettingsRefused::EventType(refused).into()
    }
}

/// Why a setting is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsRefused {
    /// A client without any name.
    #[error("A client needs a first name, a last name, or both.")]
    NamelessClient,
    /// A practitioner who is not there, or not any more.
    #[error("There is no active practitioner {0}.")]
    UnknownPractitioner(hourkeep_domain::ids::PractitionerId),
    /// A contact that the client does not have.
    #[error("The client has no contact {0} to keep, or it is named twice. Leave the id out to add a contact.")]
    UnknownContact(hourkeep_domain::ids::ContactId),
    /// More contacts than a client can have.
    #[error("A client can have at most {0} contacts.")]
    TooManyContacts(usize),
    /// More practitioners than a client can have.
    #[error("A client can be assigned to at most {0} practitioners.")]
    TooManyPractitioners(usize),
    /// A member cannot be a practitioner who is not there, or not any more.
    #[error("There is no active practitioner {0} for the member to be.")]
    UnknownProfile(hourkeep_domain::ids::PractitionerId),
    /// A second record for the same sign-in.
    #[error("This sign-in is a member of the practice already. Change that member instead.")]
    AlreadyAMember,
    /// The last director.
    #[error("A practice needs at least one active director. Make someone else a director first.")]
    LastDirector,
    /// A machine with the director role.
    #[error(
        "A machine cannot be a director: it could change who works here. Give it the role front_desk, or practitioner with a practitioner_id."
    )]
    MachineNotDirector,
    /// The practitioner role without a practitioner.
    #[error("A member with the practitioner role needs the practitioner_id of their profile.")]
    PractitionerMissing,
    /// Nothing in the wish differs from what is.
    #[error("Nothing would change.")]
    NothingToDo,
    /// A service that is not there, or not any more.
    #[error("There is no active service {0}.")]
    UnknownService(hourkeep_domain::ids::ServiceId),
    /// An event type is not made or changed.
    #[error(transparent)]
    EventType(EventTypeRefused),
    /// A practitioner adds a client whom they could not see.
    #[error("A practitioner's own clients must be assigned to that practitioner: include your own id in practitioner_ids.")]
    NotAssignedToSelf,
}
