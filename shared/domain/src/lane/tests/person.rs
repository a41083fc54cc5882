//! Someone who reads mails, and what must never happen to them.

use super::*;
use crate::{ids::RoomId, text::Url};

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) sequence: u32,
    pub(super) stamped_at: DateTime<Utc>,
    pub(super) slot: Slot,
    pub(super) room: Option<RoomId>,
    pub(super) url: Option<Url>,
    pub(super) sender: u32,
}

/// A person with a calendar program that knows RFC 5546 §2.1.5 and nothing else.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) mails: Vec<(Posting, Letter)>,
    pub(super) highest: Option<u32>,
    pub(super) entry: Option<Letter>,
}

impl Person {
    pub(super) fn receive(&mut self, posting: Posting, letter: Letter) {
        let newest = self.mails.iter().rev().find(|(posting, _)| posting.is_of_the_entry());
        if let Some((last, said)) = newest {
            assert!(letter.sequence >= said.sequence, "{posting:?} after {last:?}");
            let same = letter.sequence == said.sequence && posting.is_of_the_entry();
            assert!(!same || (posting == *last && letter == *said), "two mails of SEQUENCE {}", letter.sequence);
        }
        let wins = self.highest.is_none_or(|highest| letter.sequence >= highest);
        match posting {
            Posting::Entry { .. } if wins => self.entry = Some(letter.clone()),
            Posting::Cancellation { calendar: true, .. } if wins => self.entry = None,
            Posting::Entry { .. }
            | Posting::Cancellation { .. }
            | Posting::Reminder(_)
            | Posting::LeftOut { .. }
            | Posting::Notice { .. } => {}
        }
        if posting.is_of_the_entry() {
            self.highest = self.highest.max(Some(letter.sequence));
        }
        self.mails.push((posting, letter));
    }
}
