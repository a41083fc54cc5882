//! What opens an export: for which practice, on whose account, until when. It is signed and not kept.

use chrono::{DateTime, Duration, Utc};
use hourkeep_domain::ids::PracticeId;

/// How long an address of an export can be opened. What was opened in time is read to its end.
pub(super) const VALID: Duration = Duration::minutes(5);

/// A ticket, as it stands in an address. It names nobody: who asked is known by the digest of their sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) practice: PracticeId,
    /// The digest of the director's sign-in.
    pub(super) director: String,
    pub(super) expires_at: DateTime<Utc>,
}

impl Ticket {
    /// Reads a ticket whose signature was right, so it is one that was given out.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (practice, director, until) = (parts.next()?, parts.next()?, parts.next()?);
        let expires_at = DateTime::from_timestamp(until.parse().ok()?, 0)?;
        Some(Self { practice: practice.parse().ok()?, director: director.to_owned(), expires_at })
    }
}

impl std::fmt::Display for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.practice, self.director, self.expires_at.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_reads_back_from_its_text() {
        let expires_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ticket = Ticket { practice: PracticeId::from_bits(7), director: "a_-Z09".to_owned(), expires_at };
        assert_eq!(Ticket::read(&ticket.to_string()), Some(ticket));
        for wrong in ["", "a.b", "prc_1.x.1", "prc_00000000000000000000000007.x.", "prc_00000000000000000000000007.x.y"] {
            assert_eq!(Ticket::read(wrong), None, "{wrong}");
        }
    }
}
