//! What people's calendars show once they have read all their mails, by a second reader that applies iTIP.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use hourkeep_domain::session::Session;
use hourkeep_tests::CalendarProgram;

use crate::{mails::Mailed, truth::Truth};

/// Until the last of all sessions, after which a series that never ends goes on in calendars alone, the calendar of everyone with an address shows what stands of the sessions to which they are invited, and nothing else.
#[track_caller]
pub(crate) fn show_what_stands(mails: &[Mailed], truth: &Truth, addresses: &[&str]) {
    let all = truth.sessions.values().map(|session| session.details().slot.starts_at());
    let (first, last) = (all.clone().min().unwrap(), all.max().unwrap());
    for address in addresses {
        let raw: Vec<&[u8]> = mails.iter().filter(|mail| mail.to == *address).map(|mail| mail.raw.as_slice()).collect();
        let snapshots = CalendarProgram::read(&raw, first - chrono::Duration::days(8), last + chrono::Duration::minutes(1));
        let shown: BTreeSet<_> = snapshots.last().map(hourkeep_tests::Snapshot::times).unwrap_or_default().into_iter().collect();
        let stand: BTreeSet<_> = truth.sessions.values().filter_map(|session| stands_for(session, address)).collect();
        assert_eq!(shown, stand, "what the calendar of {address} shows, and what stands");
    }
}

/// When a session is, if it stands and they are invited.
fn stands_for(session: &Session, address: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let details = session.details();
    let stands = match session {
        Session::Scheduled(_) | Session::Closed(_) => true,
        Session::Cancelled(_) | Session::Deleted(_) => false,
    };
    let invited = details.invitation.recipients().any(|recipient| recipient.email.as_str() == address);
    (stands && invited).then(|| (details.slot.starts_at(), details.slot.ends_at()))
}
