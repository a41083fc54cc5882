//! Mark the outcome of a session: attendance per client where they were present, progress where they were not (T7).

use serde::{Deserialize, Serialize};

use super::{Closed, Deciding, Decision, Details, OfClients, Presence, Scheduled, Session, Status, WithoutClients};
use crate::{
    event::{Change, Event},
    ids::ClientId,
    money::Amount,
    practice::Practice,
    sheet::Diary,
    text::Reason,
};

/// How a session went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Of a direct session: who came.
    Attendance {
        /// One per client.
        marks: Vec<Attendance>,
    },
    /// Of an indirect session: how far it got.
    Progress {
        /// How far.
        value: Progress,
    },
}

/// Whether a client came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Who.
    pub client: ClientId,
    /// Whether they came.
    pub value: AttendanceMark,
    /// What it costs them besides the services, in minor units (S13).
    pub fee: Option<Amount>,
}

/// The marks of T7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttendanceMark {
    /// Came.
    Attended,
    /// Cancelled in time.
    Cancelled,
    /// Cancelled late.
    LateCancellation,
    /// Did not come.
    NoShow,
    /// Came, and is not billed.
    NonBillable,
}

/// How far indirect work got (T7).
#[expect(clippy::enum_variant_names, reason = "\"in progress\" is the field's own word")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Not begun.
    NotStarted,
    /// Begun.
    InProgress,
    /// Resting.
    OnHold,
    /// Done.
    Completed,
}

/// The wish to mark an outcome.
#[derive(Clone, Debug)]
pub enum MarkOutcome {
    /// Of a direct session.
    Attendance(Vec<Attendance>),
    /// Of an indirect session.
    Progress(Progress),
}

/// Why an outcome is not marked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutcomeRefused {
    /// It has not begun.
    #[error("An outcome can be marked once the session has started; this one is {0}.")]
    NotStarted(Status),
    /// It was cancelled.
    #[error("The session is cancelled and has no outcome.")]
    Cancelled,
    /// It was a mistake.
    #[error("The session is deleted and has no outcome.")]
    Deleted,
    /// There was nobody to come.
    #[error(transparent)]
    WithoutClients(#[from] WithoutClients),
    /// Progress for a direct session.
    #[error("This is a direct session: mark attendance, not progress.")]
    NeedsAttendance,
    /// Attendance for an indirect session.
    #[error("This is an indirect session: mark progress, not attendance.")]
    NeedsProgress,
    /// Someone who does not take part.
    #[error("The client {0} does not take part in this session.")]
    NotAParticipant(ClientId),
    /// The same client twice, or nobody.
    #[error("Name each client of the session once.")]
    EachOnce,
    /// Exactly that is marked already.
    #[error("Exactly this outcome is marked already.")]
    NothingToDo,
}

impl MarkOutcome {
    /// Decides. `diaries` are those that the session stands on.
    pub fn decide(
        self,
        session: Session,
        practice: &Practice,
        reason: Option<Reason>,
        mut diaries: Vec<Diary>,
        deciding: Deciding<'_>,
    ) -> Result<Decision, OutcomeRefused> {
        WithoutClients::unless(session.details().is_without_clients(), OfClients::Outcome)?;
        let status = session.status(&practice.policies, deciding.now);
        let (mut details, marked, before) = match session {
            Session::Scheduled(Scheduled { details, attendance }) => (details, attendance, None),
            Session::Closed(Closed { details, outcome, closed_at }) => {
                let marked = match &outcome {
                    Outcome::Attendance { marks } => marks.clone(),
                    Outcome::Progress { .. } => Vec::new(),
                };
                (details, marked, Some((outcome, closed_at)))
            }
            Session::Cancelled(_) => return Err(OutcomeRefused::Cancelled),
            Session::Deleted(_) => return Err(OutcomeRefused::Deleted),
        };
        if matches!(status, Status::Scheduled | Status::Due) {
            return Err(OutcomeRefused::NotStarted(status));
        }
        let (outcome, complete) = match (self, details.presence) {
            (Self::Attendance(_), Presence::Indirect) => return Err(OutcomeRefused::NeedsProgress),
            (Self::Progress(_), Presence::Direct) => return Err(OutcomeRefused::NeedsAttendance),
            (Self::Progress(value), Presence::Indirect) => (Outcome::Progress { value }, true),
            (Self::Attendance(marks), Presence::Direct) => {
                let marks = merge(&details, &marked, marks, practice)?;
                let complete = marks.len() == details.clients.len();
                (Outcome::Attendance { marks }, complete)
            }
        };
        if before.as_ref().is_some_and(|(before, _)| *before == outcome) {
            return Err(OutcomeRefused::NothingToDo);
        }
        details.touch(deciding);
        if complete {
            for diary in &mut diaries {
                diary.revise(details.id, |entry| entry.closed = true);
            }
        }
        let change = match &before {
            Some((before, _)) => Change::OutcomeCorrected { before: before.clone(), after: outcome.clone() },
            None => Change::OutcomeMarked { outcome: outcome.clone() },
        };
        let event = Event::new(&details, deciding, change, reason, Vec::new());
        let session = match (complete, outcome) {
            (false, Outcome::Attendance { marks }) => Session::Scheduled(Scheduled { details, attendance: marks }),
            (_, outcome) => {
                Session::Closed(Closed { details, outcome, closed_at: before.map_or(deciding.now, |(_, closed_at)| closed_at) })
            }
        };
        Ok(Decision { session, diaries, event })
    }
}

/// What is marked now: what was, with what is new in its place, in the order of the clients. A client who missed
/// the session or cancelled late owes the practice's fee unless staff name another.
fn merge(
    details: &Details,
    marked: &[Attendance],
    new: Vec<Attendance>,
    practice: &Practice,
) -> Result<Vec<Attendance>, OutcomeRefused> {
    let stranger = new.iter().find(|mark| !details.clients.iter().any(|p| p.client == mark.client));
    if let Some(mark) = stranger {
        return Err(OutcomeRefused::NotAParticipant(mark.client));
    }
    let twice = new.iter().enumerate().any(|(i, mark)| new[..i].iter().any(|other| other.client == mark.client));
    if new.is_empty() || twice {
        return Err(OutcomeRefused::EachOnce);
    }
    let policy_fee = Some(practice.policies.no_show_fee_minor).filter(|fee| *fee != Amount::ZERO);
    let with_fee = |mark: Attendance| Attendance {
        fee: mark.fee.or(match mark.value {
            AttendanceMark::NoShow | AttendanceMark::LateCancellation => policy_fee,
            AttendanceMark::Attended | AttendanceMark::Cancelled | AttendanceMark::NonBillable => None,
        }),
        ..mark
    };
    let new: Vec<Attendance> = new.into_iter().map(with_fee).collect();
    let find = |marks: &[Attendance], client: ClientId| marks.iter().find(|mark| mark.client == client).cloned();
    Ok(details.clients.iter().filter_map(|p| find(&new, p.client).or_else(|| find(marked, p.client))).collect())
}
