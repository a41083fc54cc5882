//! Cancel a session (P12, P13, S13). It cannot be undone.

use super::{Cancelled, Deciding, Decision, Details, OfClients, Scheduled, Session, Status, WithoutClients, invite::on_record};
use crate::{
    event::{Change, Effect, Event},
    money::Amount,
    people::Client,
    practice::Practice,
    recipient::Recipient,
    sheet::Diary,
    text::Reason,
};

/// The wish that a session not take place.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Why.
    pub reason: Option<Reason>,
    /// Whether people are told: by default exactly if invites went out; if none did, whoever is on record gets a
    /// plain notice (P13).
    pub notify: Option<bool>,
    /// What it costs, where staff choose a fee other than the policy's (S13).
    pub fee: Option<Amount>,
}

/// Why a session is not cancelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelRefused {
    /// It is over.
    #[error("The session is {status}, so it cannot be cancelled. {instead}", status = .0, instead = instead(*.0))]
    Over(Status),
    /// People are to be told, and there is nobody to tell.
    #[error(
        "There is nobody to notify: no invites were sent, and the client has no guardian or primary contact with an email address. Cancel with \"notify\": false."
    )]
    NobodyToNotify,
    /// An event without clients that is over.
    #[error("The event is over, so it cannot be cancelled. If it was entered by mistake, delete it.")]
    EventOver,
    /// An event without clients with what only sessions have.
    #[error(transparent)]
    WithoutClients(#[from] WithoutClients),
}

/// What to do with a session that can no longer be cancelled.
fn instead(status: Status) -> &'static str {
    match status {
        Status::Closed => "If it did not take place, correct its outcome.",
        Status::Cancelled | Status::Deleted => "There is nothing left to do.",
        Status::Scheduled | Status::Due | Status::Underway | Status::AwaitingOutcome => "Mark its outcome instead.",
    }
}

impl Cancel {
    /// Decides. `diaries` are those that the session stands on.
    pub fn decide(
        self,
        session: Scheduled,
        practice: &Practice,
        clients: &[Client],
        mut diaries: Vec<Diary>,
        deciding: Deciding<'_>,
    ) -> Result<Decision, CancelRefused> {
        let status = session.status(&practice.policies, deciding.now);
        if session.details.is_without_clients() {
            Cancel::check_without_clients(self.notify, self.fee, status)?;
        }
        match status {
            Status::Scheduled | Status::Due | Status::Underway => {}
            Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted => {
                return Err(CancelRefused::Over(status));
            }
        }
        let mut details = session.details;
        details.touch(deciding);
        details.raise_sequence(deciding.now);

        let invited: Vec<Recipient> = details.invitation.recipients().cloned().collect();
        let notify = self.notify.unwrap_or(details.invitation.went_out());
        let (told, notified): (Vec<Recipient>, Vec<Recipient>) = match (notify, invited.is_empty()) {
            (false, _) => (Vec::new(), Vec::new()),
            (true, false) => (invited, Vec::new()),
            (true, true) => {
                let on_record: Vec<Recipient> =
                    clients.iter().filter_map(|client| on_record(details.addressed_as(), client)).collect();
                if on_record.is_empty() {
                    return Err(CancelRefused::NobodyToNotify);
                }
                (on_record.clone(), on_record)
            }
        };
        let mut effects: Vec<Effect> =
            told.iter().map(|r| Effect::Cancel { recipient: r.id, sequence: details.sequence }).collect();

        let notified_count = effects.len();
        if notify {
            effects.extend(details.inform(details.practitioner, None, deciding));
        }

        for diary in &mut diaries {
            diary.remove(details.id);
        }

        let (cancelled, change) = details.clone().cancelled(&self, (notified, notified_count), practice, deciding);
        let event = Event::new(&details, deciding, change, self.reason, effects);
        Ok(Decision { session: Session::Cancelled(cancelled), diaries, event })
    }
}

impl Cancel {
    /// Nobody is told of an event without clients, and nobody owes anything for it.
    pub(crate) fn check_without_clients(notify: Option<bool>, fee: Option<Amount>, status: Status) -> Result<(), CancelRefused> {
        WithoutClients::unless(notify == Some(true), OfClients::Notice)?;
        WithoutClients::unless(fee.is_some(), OfClients::Fee)?;
        if status == Status::Closed { Err(CancelRefused::EventOver) } else { Ok(()) }
    }
}

impl Details {
    /// The session as it is once cancelled, and what the history says of it. A cancellation inside the practice's window is
    /// late and costs its fee, unless staff say otherwise (S13).
    pub(crate) fn cancelled(
        self,
        wish: &Cancel,
        (notified, count): (Vec<Recipient>, usize),
        practice: &Practice,
        deciding: Deciding<'_>,
    ) -> (Cancelled, Change) {
        let late = !self.is_without_clients()
            && self.slot.starts_at() - deciding.now < practice.policies.late_cancellation_hours.duration();
        let policy_fee = if late { practice.policies.no_show_fee_minor } else { Amount::ZERO };
        let fee_overridden_from = wish.fee.filter(|fee| *fee != policy_fee).map(|_| policy_fee);
        // No fee is no news, unless staff waived one.
        let fee = Some(wish.fee.unwrap_or(policy_fee)).filter(|fee| *fee != Amount::ZERO || fee_overridden_from.is_some());
        let currency = practice.currency;
        let change = Change::Cancelled { late, fee, fee_overridden_from, currency, notified: count };
        let cancelled = Cancelled {
            details: self,
            cancelled_at: deciding.now,
            cancelled_by: deciding.actor.name.clone(),
            reason: wish.reason.clone(),
            late,
            fee,
            fee_overridden_from,
            notified,
        };
        (cancelled, change)
    }
}
