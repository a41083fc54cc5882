//! Notes in a recipient's lane that mail to them came back, or was not wanted (D4).

use std::sync::Arc;

use hourkeep_domain::{
    ids::{PracticeId, RecipientId, Subject},
    lane::{Lane, Undeliverable},
};
use hourkeep_mail::Letter;
use hourkeep_store::{Item, Stored, Table, key};

use super::WorkError;
use crate::port::Clock;

/// What the mail service found out about a mail, by the ids that the mail carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whose mail it was.
    pub practice: PracticeId,
    /// The session or series that it was about.
    pub subject: Subject,
    /// To whom it was sent.
    pub recipient: RecipientId,
    /// What became of it.
    pub found: Undeliverable,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// The lane says it.
    Marked,
    /// There was nothing to change: the lane says this or something graver, or there is no such lane.
    Nothing,
}

/// Who takes reports.
#[derive(Clone)]
pub struct Notes {
    /// The table.
    pub table: Table,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// How often a lost race is tried again.
const ATTEMPTS: u32 = 4;

impl Notes {
    /// Notes it. An error means: hand the report in again later.
    ///
    /// A lane stands under its practice, session and recipient, and none is ever made here: ids that do not belong
    /// together lead nowhere.
    pub async fn note(&self, report: &Report) -> Result<Noted, WorkError> {
        let place = key::lane(report.practice, report.subject, report.recipient);
        for _ in 0..ATTEMPTS {
            let Some(stored) = self.table.get::<Lane<Letter>>(&place).await? else { return Ok(Noted::Nothing) };
            let Stored { revision: read, attempt, body: lane, .. } = stored;
            let noted = lane.clone().noted(report.found);
            if noted == lane {
                return Ok(Noted::Nothing);
            }
            // The sender writes on condition that the lane is as it left it, and a mail of which it cannot say that it was
            // sent is sent twice. So the report waits.
            if lane.is_held(self.clock.now()) {
                return Err(WorkError::LaneBusy);
            }
            let item = Item::new(place.clone(), &noted)?.revision(read + 1);
            let item = match attempt {
                Some(attempt) => item.attempt(attempt),
                None => item,
            };
            if self.table.swap(item, read).await? {
                return Ok(Noted::Marked);
            }
        }
        Err(WorkError::LaneBusy)
    }
}
