//! What someone who has a session's code, or a recipient's manage token, may see.

use chrono::{DateTime, Duration, Utc};
use hourkeep_domain::{
    code::SessionCode,
    ids::RecipientId,
    practice::Practice,
    session::{Session, Status},
    slot::Wall,
};
use hourkeep_store::key;
use serde::Serialize;
use utoipa::ToSchema;

use super::CodeHolder;
use crate::{desk::Desk, error::Error};

/// A session as anyone sees it who has its code: no client's name, no service.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublicSession {
    /// The practice's name.
    pub practice: String,
    /// Where the session stands.
    #[schema(value_type = String)]
    pub status: Status,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
    /// Wall-clock start in `time_zone`.
    pub local_start: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Where to join, from the due window until the end.
    pub join_url: Option<String>,
}

/// How long after its end a code still leads to a session.
const VALID_AFTER_END: Duration = Duration::hours(24);

impl Desk {
    /// The session of a code. What is long over, or was a mistake, is as if it had never been.
    pub async fn session_of_code(&self, code: SessionCode) -> Result<PublicSession, Error> {
        let (session, practice) = self.find(code).await?;
        Ok(self.public_view(&session, &practice))
    }

    /// The session of a code, for the recipient whose manage token this is. Any flaw in code, recipient or token
    /// is the same answer.
    pub async fn session_of_manage_token(
        &self,
        code: SessionCode,
        recipient: RecipientId,
        token: &str,
    ) -> Result<PublicSession, Error> {
        let (session, practice) = self.find(code).await?;
        if session.recipient(recipient).is_none() || !self.links.is_manage_token(session.details(), recipient, token) {
            return Err(Error::NotFound("session"));
        }
        Ok(self.public_view(&session, &practice))
    }

    async fn find(&self, code: SessionCode) -> Result<(Session, Practice), Error> {
        let missing = || Error::NotFound("session");
        let holder = self.table.get::<CodeHolder>(&key::code(code)).await?.ok_or_else(missing)?.body;
        let (session, practice) = (key::session(holder.practice, holder.session), key::practice(holder.practice));
        let batch = self.table.get_many([session.clone(), practice.clone()]).await?;
        let found = batch.body::<Session>(&session)?.ok_or_else(missing)?;
        let shown = match found {
            Session::Scheduled(_) | Session::Closed(_) | Session::Cancelled(_) => true,
            Session::Deleted(_) => false,
        };
        if !shown || self.clock.now() > found.details().slot.ends_at() + VALID_AFTER_END {
            return Err(missing());
        }
        Ok((found, batch.body(&practice)?.ok_or_else(missing)?))
    }

    fn public_view(&self, session: &Session, practice: &Practice) -> PublicSession {
        let details = session.details();
        let status = session.status(&practice.policies, self.clock.now());
        let open = match status {
            Status::Due | Status::Underway => true,
            Status::Scheduled | Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted => false,
        };
        PublicSession {
            practice: practice.name.to_string(),
            status,
            starts_at: details.slot.starts_at(),
            ends_at: details.slot.ends_at(),
            local_start: Wall(details.slot.local_start()).to_string(),
            time_zone: details.slot.zone().name().to_owned(),
            join_url: details.url.as_ref().filter(|_| open).map(ToString::to_string),
        }
    }
}
