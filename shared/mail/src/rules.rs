//! What a letter says where nobody moved the session: the rules of its time zone have changed (B3).

use hourkeep_domain::slot::Slot;

use crate::letter::{Kind, Letter};

/// Heading and opening, if new rules alone made the letter's time of the one that the recipient was told.
pub(crate) fn opening(letter: &Letter, practice: &str) -> Option<(&'static str, String)> {
    let told = told(letter)?;
    let keeps = letter.slot.local_start() == told.local_start();
    let opening = match (keeps, letter.whole().is_some()) {
        (true, false) => format!(
            "The rules of its time zone have changed. This session with {practice} keeps the time that was agreed; only clocks \
             in other zones show it differently."
        ),
        (true, true) => format!(
            "The rules of their time zone have changed. These sessions with {practice} keep the time that was agreed; only \
             clocks in other zones show it differently."
        ),
        (false, false) => format!(
            "The rules of its time zone have changed, and the time that was agreed exists no longer. This session with \
             {practice} has a new time."
        ),
        (false, true) => format!(
            "The rules of their time zone have changed, and the time of the first session exists no longer. These sessions \
             with {practice} have new times."
        ),
    };
    Some(("New time-zone rules", opening))
}

/// Whether it keeps its wall time under new rules.
pub(crate) fn keeps_its_time(letter: &Letter) -> bool {
    told(letter).is_some_and(|told| told.local_start() == letter.slot.local_start())
}

fn told(letter: &Letter) -> Option<&Slot> {
    match &letter.kind {
        Kind::Update { previous: told } | Kind::Notice { moved_from: told, cancelled: false } => told.as_ref(),
        Kind::Invite
        | Kind::Shortened
        | Kind::NotBooked { .. }
        | Kind::Cancellation { .. }
        | Kind::Reminder { .. }
        | Kind::Notice { cancelled: true, .. } => None,
    }
    .filter(|told| letter.slot.is_reckoned_from(told))
}
