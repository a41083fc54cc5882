//! Show a session, and the sessions of a client.

use chrono::{DateTime, Utc};
use hourkeep_domain::{
    ids::{ClientId, SessionId, Subject},
    lane::Lane,
    slot::Minutes,
};
use hourkeep_store::key;
use serde::{Serialize, de::IgnoredAny};
use utoipa::ToSchema;

use super::{ClientSession, Opened, check_visible, client_keys, clients_of};
use crate::{
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
    list::{Cursor, List, PageSize},
    view::{DeliveryView, SessionView},
};

/// A session in the list of a client.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClientSession)]
pub struct ClientSessionView {
    /// Which.
    #[schema(value_type = String)]
    pub session_id: SessionId,
    /// Start, UTC.
    pub starts_at: DateTime<Utc>,
    /// End, UTC.
    pub ends_at: DateTime<Utc>,
    /// Whether it is cancelled.
    pub cancelled: bool,
    /// Whether its outcome is marked.
    pub closed: bool,
}

/// Which of a client's sessions, and in which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhichSessions {
    /// All, in order of start.
    #[default]
    All,
    /// Those that have not ended, in order of start.
    Coming,
    /// Those that have ended, the last first.
    Past,
}

impl Desk {
    /// A session, with what became of the mail to its recipients.
    pub async fn show_session(&self, principal: &Principal, id: SessionId) -> Result<SessionView, Error> {
        let Opened { member, practice, session } = Opened::read(self, principal, id).await?;
        let details = session.details();
        // Whoever was invited to a whole series has a lane of that, and one of the session only once it was mailed about alone.
        let series = details.occurrence.as_ref().map(|occurrence| Subject::Series(occurrence.series));
        let lanes_of = |recipient| {
            [Some(Subject::Session(id)), series]
                .into_iter()
                .flatten()
                .map(move |subject| key::lane(practice.id, subject, recipient))
        };
        let lanes = details.invitation.recipients().flat_map(|recipient| lanes_of(recipient.id));
        let batch = self.table.get_many(client_keys(practice.id, details).into_iter().chain(lanes)).await?;
        check_visible(&member, &session, &clients_of(practice.id, details, &batch)?)?;
        let mut view = SessionView::new(&session, &practice, &self.links, self.clock.now(), Vec::new());
        for recipient in &mut view.recipients {
            // What is being sent is nobody's business here.
            let lanes: Vec<Lane<IgnoredAny>> =
                lanes_of(recipient.id).map(|lane| batch.body(&lane)).filter_map(Result::transpose).collect::<Result<_, _>>()?;
            recipient.delivery = Some(DeliveryView::of(&lanes));
        }
        Ok(view)
    }

    /// A client's sessions.
    pub async fn sessions_of_client(
        &self,
        principal: &Principal,
        id: ClientId,
        which: WhichSessions,
        size: PageSize,
        cursor: Option<&Cursor>,
    ) -> Result<List<ClientSessionView>, Error> {
        let (member, batch) = enter(&self.table, principal, |practice| vec![key::client(practice, id)]).await?;
        let client = batch.body::<hourkeep_domain::people::Client>(&key::client(member.practice, id))?;
        client.filter(|client| member.may_act_for(client)).ok_or(Error::NotFound("client"))?;
        let now = self.clock.now();
        let range = match which {
            WhichSessions::All => key::listed_sessions(None, None),
            // What has not ended began no longer ago than a session can last.
            WhichSessions::Coming => key::listed_sessions(Some(now - Minutes::DAY.duration()), None),
            WhichSessions::Past => key::listed_sessions(None, Some(now)),
        };
        let after = cursor.map(Cursor::place);
        // DynamoDB refuses to begin outside of what is asked for.
        if after.is_some_and(|place| !range.contains(place)) {
            return Err(Error::BadCursor);
        }
        let (partition, limit) = (key::client_partition(member.practice, id), Some(size.get()));
        let page = match which {
            WhichSessions::All | WhichSessions::Coming => {
                self.table.query::<ClientSession>(&partition, &range, limit, after).await?
            }
            WhichSessions::Past => self.table.query_back(&partition, &range, limit, after).await?,
        };
        let wanted = |row: &ClientSession| match which {
            WhichSessions::All => true,
            WhichSessions::Coming => row.ends_at > now,
            WhichSessions::Past => row.ends_at <= now,
        };
        let view = |row: ClientSession| ClientSessionView {
            session_id: row.session,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            cancelled: row.cancelled,
            closed: !row.stands && !row.cancelled,
        };
        let items = page.items.into_iter().map(|(_, stored)| stored.body).filter(wanted).map(view).collect();
        Ok(List { items, next_cursor: page.next.map(|place| Cursor::after(&place).to_string()) })
    }
}
