//! Problem details (RFC 9457): one table from refusals to status codes and stable types (B11).

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hourkeep_app::{
    error::{Error, SettingsRefused, TakenTime},
    view::{ClashView, SlotView},
};
use hourkeep_domain::{
    event_type::EventTypeRefused,
    series::{BookSeriesRefused, ChangeSeriesRefused},
    session::{
        Blocked, CancelRefused, DeleteRefused, EditRefused, InviteRefused, OfClients, OutcomeRefused, RescheduleRefused,
        ScheduleRefused, WithoutClients,
    },
    slot::Unresolved,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What every refusal is answered with, as `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Which problem, stable: `/problems/{name}`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/overlap")]
    pub kind: String,
    /// The same in a few words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What is wrong here, and what to do.
    pub detail: String,
    /// Where in the body (RFC 6901), query or headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What some problems say besides.
    #[serde(flatten)]
    pub more: Option<Box<More>>,
}

/// What some problems say besides, so that programs need not read sentences.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct More {
    /// What stands in the way, as far as the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clashes: Option<Vec<ClashView>>,
    /// Free times nearby.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<SlotView>>,
    /// The times of a series that are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<Vec<TakenTime>>,
    /// The next time that exists, where a skipped one was asked for; the next that the rule gives, where it gives none then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_valid: Option<String>,
    /// The practices that the caller works in, where one must be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practices: Option<Vec<String>>,
}

/// Every kind of problem: its stable name, status and title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The last part of its type.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// In a few words.
    pub title: &'static str,
}

macro_rules! kinds {
    ($($constant:ident = $status:literal $name:literal $title:literal;)*) => {
        impl Kind {
            $(#[doc = $title] pub const $constant: Self = Self { name: $name, status: $status, title: $title };)*

            /// All of them, in the order of the table in `docs/api.md`.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

kinds! {
    INVALID = 400 "invalid-request" "The request is not of the right form";
    UNAUTHENTICATED = 401 "unauthenticated" "Sign in first";
    NOT_A_MEMBER = 403 "not-a-member" "You are not a member of the practice";
    SUSPENDED = 403 "practice-suspended" "The practice is suspended";
    MONTHLY_LIMIT = 403 "monthly-limit-reached" "The practice has used what it may use this month";
    FORBIDDEN = 403 "forbidden" "Your role does not allow this";
    NOT_FOUND = 404 "not-found" "There is no such thing";
    METHOD_NOT_ALLOWED = 405 "method-not-allowed" "The resource does not support this method";
    OVERLAP = 409 "overlap" "The time is taken";
    SERIES_CONFLICTS = 409 "series-conflicts" "Times of the series are taken";
    NOT_OF_A_SERIES = 409 "not-of-a-series" "The session is not one of a series";
    WRONG_STATUS = 409 "wrong-status" "The session's status does not allow this";
    NOTHING_TO_DO = 409 "nothing-to-do" "Nothing would change";
    LAST_DIRECTOR = 409 "last-director" "A practice needs a director";
    ALREADY_A_MEMBER = 409 "already-a-member" "This sign-in is a member already";
    OUTDATED = 412 "outdated" "The record has changed since you read it";
    TOO_LARGE = 413 "too-large" "The request is too large";
    SEVERAL_PRACTICES = 422 "several-practices" "Name one of your practices";
    KEY_REUSED = 422 "idempotency-key-reused" "The Idempotency-Key was used for another request";
    INVALID_FIELD = 422 "invalid-field" "A field has a value that cannot be used";
    UNASSIGNED_CLIENT = 422 "client-not-assigned" "The client is not assigned to the practitioner";
    INACTIVE_CLIENT = 422 "client-inactive" "The client is deactivated";
    NO_RECIPIENT = 422 "no-recipient" "Invites need a recipient";
    NOBODY_TO_NOTIFY = 422 "nobody-to-notify" "There is nobody to notify";
    NO_INVITES = 422 "no-invites-sent" "No invites were sent";
    SKIPPED_TIME = 422 "skipped-local-time" "The local time does not exist";
    OFFSET = 422 "offset-not-in-force" "The offset is not in force then";
    PAST = 422 "starts-in-the-past" "The session would start in the past";
    TOO_FAR_AHEAD = 422 "starts-too-far-ahead" "The session would start too far ahead";
    BAD_RULE = 422 "invalid-rule" "The rule of the series cannot be used";
    NOT_BY_RULE = 422 "not-by-rule" "The rule gives no session at that start";
    NO_SUCH_PLACE = 422 "no-such-occurrence" "The series has no session at that start";
    NOT_ONE_CLIENT = 422 "not-one-client" "A session is for exactly one client";
    WITHOUT_CLIENTS = 422 "without-clients" "An event without clients does not have that";
    UNKNOWN_CLIENT = 422 "unknown-client" "There is no such client";
    UNKNOWN_PRACTITIONER = 422 "unknown-practitioner" "There is no such practitioner";
    UNKNOWN_EVENT_TYPE = 422 "unknown-event-type" "There is no such event type";
    WRONG_EVENT_TYPE = 422 "wrong-event-type" "The event type does not fit the session";
    UNKNOWN_SERVICE = 422 "unknown-service" "There is no such service";
    UNKNOWN_ROOM = 422 "unknown-room" "There is no such room";
    UNKNOWN_LOCATION = 422 "unknown-location" "There is no such location";
    UNKNOWN_CONTACT = 422 "unknown-contact" "The client has no such contact";
    CONTACT_WITHOUT_EMAIL = 422 "contact-without-email" "The contact has no email address";
    CHANNEL = 422 "reminder-channel-not-allowed" "The client does not allow this reminder";
    WRONG_OUTCOME = 422 "wrong-kind-of-outcome" "Attendance is for direct sessions, progress for indirect ones";
    NOT_A_PARTICIPANT = 422 "not-a-participant" "The client does not take part in the session";
    MACHINE_NOT_DIRECTOR = 422 "machine-not-director" "A machine cannot be a director";
    LIMIT = 422 "limit-reached" "There can be no more of these";
    BUSY = 503 "busy" "Too many changes at the same time";
    UNAVAILABLE = 503 "unavailable" "The data cannot be reached";
    INTERNAL = 500 "internal" "Something went wrong on our side";
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", kind.name),
            title: kind.title,
            status: kind.status,
            detail: detail.into(),
            pointer: None,
            more: None,
        }
    }

    fn with(self, more: More) -> Self {
        Self { more: Some(Box::new(more)), ..self }
    }

    /// With where it is.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // The line that is logged of the request says why it was refused.
        tracing::Span::current().record("problem", self.kind.trim_start_matches("/problems/"));
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let (kind, pointer) = place(&error);
        let mut problem = Self { pointer: pointer.map(str::to_owned), ..Self::new(kind, detail) };
        match error {
            Error::Overlap { clashes, alternatives, may_allow } => {
                problem.detail = overlap_detail(&clashes, &alternatives, may_allow);
                problem = problem.with(More { clashes: Some(clashes), alternatives: Some(alternatives), ..More::default() });
            }
            Error::SeriesConflicts { taken } => {
                problem.detail = conflicts_detail(&problem.detail, &taken);
                problem = problem.with(More { taken: Some(taken), ..More::default() });
            }
            Error::Schedule(ScheduleRefused::Blocked(Blocked::Unresolved(Unresolved::Skipped { next_valid, .. })))
            | Error::BookSeries(
                BookSeriesRefused::Schedule(ScheduleRefused::Blocked(Blocked::Unresolved(Unresolved::Skipped {
                    next_valid, ..
                })))
                | BookSeriesRefused::NotByRule { next: Some(next_valid), .. },
            )
            | Error::ChangeSeries(
                ChangeSeriesRefused::Blocked(Blocked::Unresolved(Unresolved::Skipped { next_valid, .. }))
                | ChangeSeriesRefused::Rule(BookSeriesRefused::NotByRule { next: Some(next_valid), .. }),
            )
            | Error::Reschedule(RescheduleRefused::Blocked(Blocked::Unresolved(Unresolved::Skipped { next_valid, .. }))) => {
                problem = problem.with(More { next_valid: Some(next_valid.to_string()), ..More::default() });
            }
            Error::SeveralPractices(practices) => {
                let practices = practices.iter().map(ToString::to_string).collect();
                problem = problem.with(More { practices: Some(practices), ..More::default() });
            }
            Error::Store(ref error) => tracing::error!(error = error as &dyn std::error::Error, "the store failed"),
            Error::Internal(ref error) => tracing::error!(error = &**error as &dyn std::error::Error, "a request failed"),
            Error::NotAMember
            | Error::Suspended { .. }
            | Error::MonthlyLimit { .. }
            | Error::DirectorsOnly
            | Error::FrontDeskOnly
            | Error::BadCursor
            | Error::OwnCalendarOnly
            | Error::NotYourClient
            | Error::PractitionerNotNamed
            | Error::VirtualRoom
            | Error::NotFound(_)
            | Error::Outdated { .. }
            | Error::KeyReused
            | Error::TooBusy
            | Error::NotOfASeries
            | Error::BookSeries(_)
            | Error::ChangeSeries(_)
            | Error::Schedule(_)
            | Error::Reschedule(_)
            | Error::Cancel(_)
            | Error::Delete(_)
            | Error::Outcome(_)
            | Error::Invite(_)
            | Error::Edit(_)
            | Error::Settings(_) => {}
        }
        problem
    }
}

fn overlap_detail(clashes: &[ClashView], alternatives: &[SlotView], may_allow: bool) -> String {
    let what: Vec<String> = clashes
        .iter()
        .map(|clash| {
            format!("the {} is taken from {} to {} ({})", clash.resource, clash.local_start, clash.local_end, clash.time_zone)
        })
        .collect();
    let instead: Vec<&str> = alternatives.iter().map(|slot| slot.local_start.as_str()).collect();
    let instead = if instead.is_empty() { String::new() } else { format!(" Free nearby: {}.", instead.join(", ")) };
    let allow = if may_allow { " Pass \"allow_overlap\": true to book it all the same." } else { "" };
    format!("The time is taken: {}.{instead}{allow}", what.join("; "))
}

/// The first of them in words; all of them are there for programs.
fn conflicts_detail(all: &str, taken: &[TakenTime]) -> String {
    let times: Vec<&str> = taken.iter().take(8).map(|time| time.slot.local_start.as_str()).collect();
    let more = if taken.len() > times.len() { ", …" } else { "" };
    format!("{all} Taken: {}{more}.", times.join(", "))
}

/// The table: each refusal's kind, and the field that it is about.
fn place(error: &Error) -> (Kind, Option<&'static str>) {
    match error {
        Error::NotAMember => (Kind::NOT_A_MEMBER, None),
        Error::Suspended { .. } => (Kind::SUSPENDED, None),
        Error::MonthlyLimit { .. } => (Kind::MONTHLY_LIMIT, None),
        Error::SeveralPractices(_) => (Kind::SEVERAL_PRACTICES, Some("header:Hourkeep-Practice")),
        Error::DirectorsOnly | Error::FrontDeskOnly | Error::OwnCalendarOnly | Error::NotYourClient => (Kind::FORBIDDEN, None),
        Error::BadCursor => (Kind::INVALID, Some("query:cursor")),
        Error::VirtualRoom => (Kind::INVALID, Some("query:room_id")),
        Error::PractitionerNotNamed => (Kind::INVALID_FIELD, Some("/practitioner_id")),
        Error::NotFound(_) => (Kind::NOT_FOUND, None),
        Error::Outdated { .. } => (Kind::OUTDATED, Some("header:If-Match")),
        Error::KeyReused => (Kind::KEY_REUSED, Some("header:Idempotency-Key")),
        Error::TooBusy => (Kind::BUSY, None),
        Error::Overlap { .. } => (Kind::OVERLAP, Some("/local_start")),
        Error::SeriesConflicts { .. } => (Kind::SERIES_CONFLICTS, Some("/local_start")),
        Error::NotOfASeries => (Kind::NOT_OF_A_SERIES, Some("/scope")),
        Error::BookSeries(refused) => book_series(refused, "/recurrence/rule"),
        Error::ChangeSeries(refused) => match refused {
            ChangeSeriesRefused::NotScheduled(_) => (Kind::WRONG_STATUS, None),
            ChangeSeriesRefused::Rule(refused) => book_series(refused, "/rule"),
            ChangeSeriesRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
            ChangeSeriesRefused::NoInvitesToUpdate => (Kind::NO_INVITES, Some("/send_updates")),
            ChangeSeriesRefused::Blocked(blocked) => blocked_by(blocked),
        },
        Error::Schedule(refused) => schedule(refused),
        Error::Reschedule(refused) => reschedule(refused),
        Error::Cancel(refused) => match refused {
            CancelRefused::Over(_) | CancelRefused::EventOver => (Kind::WRONG_STATUS, None),
            CancelRefused::WithoutClients(WithoutClients(what)) => (Kind::WITHOUT_CLIENTS, Some(field_of_clients(*what))),
            CancelRefused::NobodyToNotify => (Kind::NOBODY_TO_NOTIFY, Some("/notify")),
        },
        Error::Delete(DeleteRefused::AlreadyDeleted) => (Kind::WRONG_STATUS, None),
        Error::Outcome(refused) => match refused {
            OutcomeRefused::NotStarted(_) | OutcomeRefused::Cancelled | OutcomeRefused::Deleted => (Kind::WRONG_STATUS, None),
            OutcomeRefused::WithoutClients(_) => (Kind::WITHOUT_CLIENTS, None),
            OutcomeRefused::NeedsAttendance => (Kind::WRONG_OUTCOME, Some("/progress")),
            OutcomeRefused::NeedsProgress => (Kind::WRONG_OUTCOME, Some("/attendance")),
            OutcomeRefused::NotAParticipant(_) => (Kind::NOT_A_PARTICIPANT, Some("/attendance")),
            OutcomeRefused::EachOnce => (Kind::INVALID_FIELD, Some("/attendance")),
            OutcomeRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
        },
        Error::Invite(refused) => invite(refused, "/recipients"),
        Error::Edit(refused) => match refused {
            EditRefused::Cancelled | EditRefused::Deleted | EditRefused::TooLate { .. } => (Kind::WRONG_STATUS, None),
            EditRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
            EditRefused::NoInvitesToUpdate => (Kind::NO_INVITES, Some("/send_updates")),
            EditRefused::UnknownEventType(_) => (Kind::UNKNOWN_EVENT_TYPE, Some("/event_type_id")),
            EditRefused::TitleOfClients => (Kind::INVALID_FIELD, Some("/title")),
            EditRefused::WithoutClients(WithoutClients(what)) => (Kind::WITHOUT_CLIENTS, Some(field_of_clients(*what))),
            EditRefused::TypeWithoutClients | EditRefused::TypeForClients | EditRefused::OtherAvailability => {
                (Kind::WRONG_EVENT_TYPE, Some("/event_type_id"))
            }
            EditRefused::UnknownService(_) => (Kind::UNKNOWN_SERVICE, Some("/services")),
            EditRefused::UnknownLocation(_) => (Kind::UNKNOWN_LOCATION, Some("/location_id")),
            EditRefused::ChannelNotAllowed(_) => (Kind::CHANNEL, Some("/reminders")),
        },
        Error::Settings(refused) => settings(refused),
        Error::Store(_) => (Kind::UNAVAILABLE, None),
        Error::Internal(_) => (Kind::INTERNAL, None),
    }
}

fn book_series(refused: &BookSeriesRefused, rule: &'static str) -> (Kind, Option<&'static str>) {
    match refused {
        BookSeriesRefused::Schedule(refused) => schedule(refused),
        BookSeriesRefused::BadRule(_) => (Kind::BAD_RULE, Some(rule)),
        BookSeriesRefused::NotByRule { .. } => (Kind::NOT_BY_RULE, Some("/local_start")),
        BookSeriesRefused::NoSuchPlace(_) => (Kind::NO_SUCH_PLACE, Some("/recurrence/decisions")),
    }
}

fn schedule(refused: &ScheduleRefused) -> (Kind, Option<&'static str>) {
    match refused {
        ScheduleRefused::NotOneClient => (Kind::NOT_ONE_CLIENT, Some("/clients")),
        ScheduleRefused::UnknownClient(_) => (Kind::UNKNOWN_CLIENT, Some("/clients/0/client_id")),
        ScheduleRefused::InactiveClient(_) => (Kind::INACTIVE_CLIENT, Some("/clients/0/client_id")),
        ScheduleRefused::Unassigned { .. } => (Kind::UNASSIGNED_CLIENT, Some("/clients/0/client_id")),
        ScheduleRefused::UnknownPractitioner(_) => (Kind::UNKNOWN_PRACTITIONER, Some("/practitioner_id")),
        ScheduleRefused::UnknownEventType(_) => (Kind::UNKNOWN_EVENT_TYPE, Some("/event_type_id")),
        ScheduleRefused::TypeWithoutClients => (Kind::WRONG_EVENT_TYPE, Some("/event_type_id")),
        ScheduleRefused::TitleOfClients => (Kind::INVALID_FIELD, Some("/title")),
        ScheduleRefused::WithoutClients(WithoutClients(what)) => (Kind::WITHOUT_CLIENTS, Some(field_of_clients(*what))),
        ScheduleRefused::UnknownService(_) => (Kind::UNKNOWN_SERVICE, Some("/services")),
        ScheduleRefused::UnknownRoom(_) => (Kind::UNKNOWN_ROOM, Some("/room_id")),
        ScheduleRefused::UnknownLocation(_) => (Kind::UNKNOWN_LOCATION, Some("/location_id")),
        ScheduleRefused::ChannelNotAllowed(_) => (Kind::CHANNEL, Some("/reminders")),
        ScheduleRefused::Invite(refused) => invite(refused, "/invite/recipients"),
        ScheduleRefused::Blocked(blocked) => blocked_by(blocked),
    }
}

fn reschedule(refused: &RescheduleRefused) -> (Kind, Option<&'static str>) {
    match refused {
        RescheduleRefused::NotScheduled(_) => (Kind::WRONG_STATUS, None),
        RescheduleRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
        RescheduleRefused::NoInvitesToUpdate => (Kind::NO_INVITES, Some("/send_updates")),
        RescheduleRefused::UnknownPractitioner(_) => (Kind::UNKNOWN_PRACTITIONER, Some("/practitioner_id")),
        RescheduleRefused::UnknownRoom(_) => (Kind::UNKNOWN_ROOM, Some("/room_id")),
        RescheduleRefused::Unassigned { .. } => (Kind::UNASSIGNED_CLIENT, Some("/practitioner_id")),
        RescheduleRefused::Blocked(blocked) => blocked_by(blocked),
    }
}

fn blocked_by(blocked: &Blocked) -> (Kind, Option<&'static str>) {
    match blocked {
        Blocked::Unresolved(Unresolved::Skipped { .. }) => (Kind::SKIPPED_TIME, Some("/local_start")),
        Blocked::Unresolved(Unresolved::OffsetNotInForce { .. }) => (Kind::OFFSET, Some("/utc_offset")),
        Blocked::InThePast => (Kind::PAST, Some("/local_start")),
        Blocked::TooFarAhead => (Kind::TOO_FAR_AHEAD, Some("/local_start")),
        Blocked::Overlap { .. } => (Kind::OVERLAP, Some("/local_start")),
        Blocked::NotRead(_) => (Kind::INTERNAL, None),
    }
}

/// Where a wish names what only sessions with clients have.
fn field_of_clients(what: OfClients) -> &'static str {
    match what {
        OfClients::Services => "/services",
        OfClients::Invites => "/invite",
        OfClients::Reminders => "/reminders",
        OfClients::Outcome => "/attendance",
        OfClients::Fee => "/fee_minor",
        OfClients::Notice => "/notify",
    }
}

fn invite(refused: &InviteRefused, pointer: &'static str) -> (Kind, Option<&'static str>) {
    match refused {
        InviteRefused::WithoutClients(_) => (Kind::WITHOUT_CLIENTS, None),
        InviteRefused::NoRecipient => (Kind::NO_RECIPIENT, Some(pointer)),
        InviteRefused::TooManyRecipients => (Kind::LIMIT, Some(pointer)),
        InviteRefused::UnknownContact(_) => (Kind::UNKNOWN_CONTACT, Some(pointer)),
        InviteRefused::ContactWithoutEmail(_) => (Kind::CONTACT_WITHOUT_EMAIL, Some(pointer)),
        InviteRefused::NotScheduled(_) => (Kind::WRONG_STATUS, None),
        InviteRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
    }
}

fn settings(refused: &SettingsRefused) -> (Kind, Option<&'static str>) {
    match refused {
        SettingsRefused::NamelessClient => (Kind::INVALID_FIELD, Some("/first_name")),
        SettingsRefused::UnknownPractitioner(_) => (Kind::UNKNOWN_PRACTITIONER, Some("/practitioner_ids")),
        SettingsRefused::UnknownContact(_) => (Kind::UNKNOWN_CONTACT, Some("/contacts")),
        SettingsRefused::TooManyContacts(_) => (Kind::LIMIT, Some("/contacts")),
        SettingsRefused::TooManyPractitioners(_) => (Kind::LIMIT, Some("/practitioner_ids")),
        SettingsRefused::UnknownProfile(_) => (Kind::UNKNOWN_PRACTITIONER, Some("/practitioner_id")),
        SettingsRefused::AlreadyAMember => (Kind::ALREADY_A_MEMBER, Some("/subject")),
        SettingsRefused::LastDirector => (Kind::LAST_DIRECTOR, None),
        SettingsRefused::MachineNotDirector => (Kind::MACHINE_NOT_DIRECTOR, Some("/role")),
        SettingsRefused::PractitionerMissing => (Kind::INVALID_FIELD, Some("/practitioner_id")),
        SettingsRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
        SettingsRefused::UnknownService(_) => (Kind::UNKNOWN_SERVICE, Some("/service_id")),
        SettingsRefused::EventType(refused) => match refused {
            EventTypeRefused::TooMany(_) | EventTypeRefused::TooManyEver => (Kind::LIMIT, None),
            EventTypeRefused::ServiceWithoutClients => (Kind::INVALID_FIELD, Some("/service_id")),
            EventTypeRefused::SameName => (Kind::INVALID_FIELD, Some("/name")),
            EventTypeRefused::Unknown(_) => (Kind::NOT_FOUND, None),
            EventTypeRefused::NothingToDo => (Kind::NOTHING_TO_DO, None),
        },
        SettingsRefused::NotAssignedToSelf => (Kind::INVALID_FIELD, Some("/practitioner_ids")),
    }
}
