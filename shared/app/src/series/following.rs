//! A session that is named together with all that follow it.

use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::{
    ids::SessionId,
    people::{Client, Membership},
    practice::Practice,
    session::Session,
};

use super::Scene;
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::Desk,
    error::Error,
    sessions::{Opened, Opening, check_may_change, client_keys, clients_of},
};

/// A session, its place, and its series, which nothing else is changing.
pub(super) struct Following {
    pub(super) member: Membership,
    pub(super) practice: Practice,
    pub(super) clients: Vec<Client>,
    pub(super) session: Session,
    pub(super) from: NaiveDateTime,
    pub(super) scene: Scene,
}

/// What opening it came to.
pub(super) enum Found {
    /// The request was answered before.
    Answered(Answer),
    /// Another change of the series was cut off, and is finished now: it is to be looked at again.
    Again,
    /// It may be changed.
    Fresh(Box<Following>),
}

impl Desk {
    /// Opens a session and all that follow it, to change them.
    pub(super) async fn open_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Found, Error> {
        let opened = match Opened::to_change(self, principal, id, conditions, now).await? {
            Opening::Answered(answer) => return Ok(Found::Answered(answer)),
            Opening::Fresh(opened) => opened,
        };
        let Opened { member, practice, session } = *opened;
        let details = session.details();
        let clients = self.table.get_many(client_keys(practice.id, details)).await?;
        let clients = clients_of(practice.id, details, &clients)?;
        check_may_change(&member, &session, &clients)?;
        conditions.check(details.revision)?;
        let occurrence = details.occurrence.as_ref().ok_or(Error::NotOfASeries)?;
        let (from, series) = (occurrence.original, occurrence.series);
        let scene = Scene::read(&self.table, practice.id, series).await?.ok_or(Error::NotFound("series"))?;
        if scene.series.busy.is_some() {
            Box::pin(self.run(&practice).help(&scene.series)).await?;
            return Ok(Found::Again);
        }
        Ok(Found::Fresh(Box::new(Following { member, practice, clients, session, from, scene })))
    }
}
