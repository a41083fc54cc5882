//! Delete a session that was entered by mistake (S9, S11). This is not cancelling: nobody is told and nothing is owed. It
//! stays in the practice's history, and it cannot be undone.

use super::{Cancelled, Closed, Deciding, Decision, Deleted, Scheduled, Session};
use crate::{
    event::{Change, Event},
    practice::Practice,
    sheet::Diary,
    text::Reason,
};

/// The wish that a session had never been entered.
#[derive(Clone, Debug)]
pub struct Delete {
    /// Why.
    pub reason: Option<Reason>,
}

/// Why a session is not deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteRefused {
    /// It was before.
    #[error("The session is deleted already. There is nothing left to do.")]
    AlreadyDeleted,
}

impl Delete {
    /// Decides. `diaries` are those that the session stands on; one that is cancelled stands on none.
    ///
    /// Whatever it was, a mistake can be deleted, as long as there are no bills. SEQUENCE stays, since no calendar is told.
    pub fn decide(
        self,
        session: Session,
        practice: &Practice,
        mut diaries: Vec<Diary>,
        deciding: Deciding<'_>,
    ) -> Result<Decision, DeleteRefused> {
        let before = session.status(&practice.policies, deciding.now);
        let (mut details, notified) = match session {
            Session::Scheduled(Scheduled { details, .. }) | Session::Closed(Closed { details, .. }) => (details, Vec::new()),
            Session::Cancelled(Cancelled { details, notified, .. }) => (details, notified),
            Session::Deleted(_) => return Err(DeleteRefused::AlreadyDeleted),
        };
        details.touch(deciding);
        for diary in &mut diaries {
            diary.remove(details.id);
        }
        let event = Event::new(&details, deciding, Change::Deleted { before }, self.reason.clone(), Vec::new());
        let deleted =
            Deleted { details, deleted_at: deciding.now, deleted_by: deciding.actor.name.clone(), reason: self.reason, notified };
        Ok(Decision { session: Session::Deleted(deleted), diaries, event })
    }
}
