//! Cancel or delete a session and all that follow it in its series (S9, P12, P13).

use chrono::NaiveDateTime;

use super::{Does, Place, Plan, Series, Step};
use crate::{
    ids::SessionId,
    money::Amount,
    people::Client,
    practice::Practice,
    recipient::Recipient,
    session::{Cancel, CancelRefused, Deciding, DeleteRefused, Session, Status, on_record},
    text::Reason,
};

/// The wish that this and all that follow not take place, or had never been entered.
#[derive(Clone, Debug)]
pub struct EndSeries {
    /// The session that was named.
    pub named: SessionId,
    /// Which of the two.
    pub ending: Ending,
    /// Why.
    pub reason: Option<Reason>,
}

/// How a series ends by hand.
#[derive(Clone, Debug)]
pub enum Ending {
    /// Cancelled.
    Cancel {
        /// Whether people are told: by default exactly if invites went out (P13).
        notify: Option<bool>,
        /// What the named session costs, where staff choose a fee other than the policy's (S13).
        fee: Option<Amount>,
    },
    /// Deleted, as a mistake.
    Delete,
}

/// Why a series does not end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndSeriesRefused {
    /// The named session cannot be cancelled either.
    #[error(transparent)]
    Cancel(#[from] CancelRefused),
    /// The named session cannot be deleted either.
    #[error(transparent)]
    Delete(#[from] DeleteRefused),
}

impl EndSeries {
    /// Decides. `places` are all of the series, each with its session as it is; `from` is the place of the one named.
    pub fn decide(
        self,
        series: &Series,
        from: NaiveDateTime,
        places: &[(Place, Option<Session>)],
        (practice, clients): (&Practice, &[Client]),
        deciding: Deciding<'_>,
    ) -> Result<Plan, EndSeriesRefused> {
        let status = |session: &Session| session.status(&practice.policies, deciding.now);
        let following = || places.iter().filter(|(place, _)| place.original >= from).filter_map(|(_, session)| session.as_ref());
        let named = following().find(|session| session.details().id == self.named).map(status);
        let whole = !stands_before(places, from);
        let to_come = |session: &&Session| match status(session) {
            Status::Scheduled | Status::Due | Status::Underway => true,
            Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted => false,
        };
        let (does, steps) = match self.ending {
            Ending::Cancel { notify, fee } => {
                match named {
                    Some(Status::Scheduled | Status::Due | Status::Underway) | None => {}
                    Some(over @ (Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted)) => {
                        return Err(CancelRefused::Over(over).into());
                    }
                }
                if series.template.clients.is_empty() {
                    Cancel::check_without_clients(notify, fee, named.unwrap_or(Status::Scheduled))?;
                }
                let told = told(series, notify, clients)?;
                let fee = fee.map(|fee| (self.named, fee));
                let steps = following().filter(to_come).map(|s| Step::Cancel { session: s.details().id });
                (Does::Cancel { from, whole, told, fee }, steps.collect())
            }
            Ending::Delete => {
                if named == Some(Status::Deleted) {
                    return Err(DeleteRefused::AlreadyDeleted.into());
                }
                let meant = |s: &&Session| to_come(s) || s.details().id == self.named;
                let steps = following().filter(meant).map(|s| Step::Delete { session: s.details().id });
                (Does::Delete { from, whole }, steps.collect())
            }
        };
        let highest = highest_sequence(places);
        let by = deciding.actor.clone();
        Ok(Plan { attempt: deciding.attempt, by, at: deciding.now, reason: self.reason, does, highest, room: None, steps })
    }
}

/// Whom a cancellation is told: those invited; else, where people are to be told, whoever is on record.
fn told(series: &Series, notify: Option<bool>, clients: &[Client]) -> Result<Vec<Recipient>, CancelRefused> {
    if !notify.unwrap_or(series.invitation.went_out()) {
        return Ok(Vec::new());
    }
    if series.invitation.went_out() {
        return Ok(series.invitation.recipients().cloned().collect());
    }
    let on_record: Vec<Recipient> = clients.iter().filter_map(|client| on_record(series.root.into(), client)).collect();
    if on_record.is_empty() { Err(CancelRefused::NobodyToNotify) } else { Ok(on_record) }
}

/// Whether a session before a place takes place or took place.
pub(super) fn stands_before(places: &[(Place, Option<Session>)], from: NaiveDateTime) -> bool {
    let stands = |session: &Session| match session {
        Session::Scheduled(_) | Session::Closed(_) => true,
        Session::Cancelled(_) | Session::Deleted(_) => false,
    };
    places.iter().any(|(place, session)| place.original < from && session.as_ref().is_some_and(stands))
}

/// The highest SEQUENCE among the sessions of a series.
pub(super) fn highest_sequence(places: &[(Place, Option<Session>)]) -> u32 {
    places.iter().filter_map(|(_, session)| session.as_ref()).map(|session| session.details().sequence).max().unwrap_or(0)
}
