//! Show a series.

use chrono::NaiveDateTime;
use hourkeep_domain::{
    ids::SeriesId,
    people::{Client, Membership, Role},
    practice::Practice,
    series::{Series, Standing},
};
use hourkeep_store::key;

use super::{PresetView, Run, Scene, SeriesView};
use crate::{
    answer::Answer,
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
    list::List,
};

impl Desk {
    /// A series with its sessions and the places without one. What was begun of a change and not finished is finished first.
    pub async fn show_series(&self, principal: &Principal, id: SeriesId) -> Result<Answer, Error> {
        let (member, batch) = enter(&self.table, principal, |practice| vec![key::practice(practice)]).await?;
        let practice: Practice = batch.body(&key::practice(member.practice))?.ok_or(Error::NotFound("practice"))?;
        let scene = Scene::read(&self.table, practice.id, id).await?.ok_or(Error::NotFound("series"))?;
        let clients = self.table.get_many(scene.series.template.clients.iter().map(|client| key::client(practice.id, *client)));
        let clients = clients.await?;
        let of_series = scene.series.template.clients.iter().map(|id| clients.body::<Client>(&key::client(practice.id, *id)));
        let clients: Vec<Client> = of_series.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        check_visible(&member, &scene.series, &clients)?;
        let view = SeriesView::new(&scene.series, &scene.places, &practice, self.clock.now());
        Answer::new(200, scene.series.revision, &view)
    }

    /// The rules that are offered for a series with this first start (S7).
    pub async fn recurrence_presets(&self, principal: &Principal, first: NaiveDateTime) -> Result<List<PresetView>, Error> {
        enter(&self.table, principal, |_| Vec::new()).await?;
        Ok(List::whole(PresetView::all(first)))
    }

    pub(crate) fn run<'a>(&'a self, practice: &'a Practice) -> Run<'a> {
        Run { table: &self.table, clock: &*self.clock, practice }
    }
}

/// As for sessions; what was never booked is seen by nobody.
pub(super) fn check_visible(member: &Membership, series: &Series, clients: &[Client]) -> Result<(), Error> {
    let own = member.practitioner == Some(series.template.practitioner);
    let visible = match member.role {
        Role::Director | Role::FrontDesk => true,
        Role::Practitioner => own || clients.iter().any(|client| member.may_act_for(client)),
    };
    let there = match series.standing {
        Standing::Standing | Standing::Cancelled { .. } | Standing::Deleted { .. } => true,
        Standing::Held | Standing::Released => false,
    };
    if visible && there { Ok(()) } else { Err(Error::NotFound("series")) }
}
