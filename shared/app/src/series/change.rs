//! Change a session and all that follow it: when, with whom, where, what, and who is invited.

use hourkeep_domain::{
    ids::{AttemptId, RoomId, SeriesId, SessionId},
    people::{Client, Practitioner, Role},
    practice::{Practice, Room},
    series::{ChangeSeries, Exceptions, IfTaken, NewTiming, OnConflict, Seed, Series, SeriesNaming},
    session::{Deciding, Destination, Edit, EditFacts, Invitation, Session, Template, choose_recipients},
};
use hourkeep_store::key;

use super::{
    book::PLANNED,
    clashes::conflicts,
    following::{Following, Found},
    run::{Ran, Undertaking},
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::Desk,
    error::Error,
    sessions::{InviteRequest, RescheduleRequest, Seeker, room_sheet},
};

/// How a change goes on for those that follow.
#[derive(Clone, Debug)]
pub struct FollowingRequest {
    /// The rule of this and those that follow, as RFC 5545 RRULE text; as before, moved along, if not given.
    pub rule: Option<String>,
    /// What to do where a time is taken.
    pub on_conflict: IfTaken,
    /// Whether those that were moved, changed or cancelled by hand become like the others.
    pub exceptions: Exceptions,
}

/// What is to be changed.
#[derive(Clone, Debug)]
enum Wish<'a> {
    Move(&'a RescheduleRequest, &'a FollowingRequest),
    Edit(&'a Edit),
    Invite(&'a InviteRequest),
}

impl Desk {
    /// Moves a session and all that follow it in its series, to another time, rule, practitioner or room.
    pub async fn reschedule_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &RescheduleRequest,
        following: &FollowingRequest,
    ) -> Result<Answer, Error> {
        Box::pin(self.change_following(principal, conditions, id, &Wish::Move(request, following))).await
    }

    /// Changes what a session and all that follow it are, apart from their placement.
    pub async fn edit_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &Edit,
    ) -> Result<Answer, Error> {
        Box::pin(self.change_following(principal, conditions, id, &Wish::Edit(request))).await
    }

    /// Invites exactly these to a session and all that follow it.
    pub async fn invite_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &InviteRequest,
    ) -> Result<Answer, Error> {
        Box::pin(self.change_following(principal, conditions, id, &Wish::Invite(request))).await
    }

    async fn change_following(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        wish: &Wish<'_>,
    ) -> Result<Answer, Error> {
        let naming = SeriesNaming { series: SeriesId::new(self.clock.now(), Self::random()), seed: Seed::new(Self::random()) };
        for _ in 0..PLANNED {
            let now = self.clock.now();
            let found = match Box::pin(self.open_following(principal, conditions, id, now)).await? {
                Found::Answered(answer) => return Ok(answer),
                Found::Again => continue,
                Found::Fresh(found) => *found,
            };
            let Following { member, practice, clients, session, from, scene } = found;
            if let (Role::Practitioner, Wish::Move(RescheduleRequest { practitioner: Some(named), .. }, _)) = (member.role, wish)
                && *named != session.details().practitioner
                && member.practitioner != Some(*named)
            {
                return Err(Error::OwnCalendarOnly);
            }
            let run = self.run(&practice);
            let asked = Asked { desk: self, practice: &practice, series: &scene.series, clients: &clients };
            let change = asked.settle(wish, &session, from).await?;
            let deciding = Deciding { actor: &member, now, attempt: AttemptId::new(now, Self::random()) };
            let plan = change.decide(&scene.series, &scene.places, &practice, naming, deciding)?;
            let undertaking = Undertaking::of(plan, practice.id, principal, conditions);
            let read = scene.series.revision;
            match Box::pin(run.begin(scene.series, read, undertaking)).await? {
                Ran::Done(answer) => return Ok(answer),
                Ran::Stopped(taken) => {
                    let seeker = Seeker { desk: self, member: &member, practice: &practice, session: id, now };
                    let refused = conflicts(&taken, &seeker, &clients);
                    return self.answered(principal, conditions).await?.ok_or(refused);
                }
                Ran::Stale => {}
            }
        }
        Err(Error::TooBusy)
    }
}

/// A wish, with what it is settled by.
struct Asked<'a> {
    desk: &'a Desk,
    practice: &'a Practice,
    series: &'a Series,
    clients: &'a [Client],
}

impl Asked<'_> {
    async fn settle(&self, wish: &Wish<'_>, session: &Session, from: chrono::NaiveDateTime) -> Result<ChangeSeries, Error> {
        let named = (session.details().id, from);
        let same = ChangeSeries {
            named,
            timing: None,
            template: self.series.template.clone(),
            room: None,
            invitation: self.series.invitation.clone(),
            exceptions: Exceptions::Keep,
            on_conflict: OnConflict::all(IfTaken::Keep),
            send_updates: None,
            reason: None,
        };
        match wish {
            Wish::Move(request, following) => self.moved(request, following, same).await,
            Wish::Edit(edit) => {
                let template = self.edited(edit).await?;
                Ok(ChangeSeries {
                    template,
                    room: self.room().await?,
                    send_updates: edit.send_updates,
                    reason: edit.reason.clone(),
                    ..same
                })
            }
            Wish::Invite(request) => {
                let recipients = choose_recipients(self.series.root.into(), request.recipients.as_deref(), self.clients)?;
                Ok(ChangeSeries {
                    room: self.room().await?,
                    invitation: Invitation::Sent { recipients },
                    send_updates: Some(true),
                    ..same
                })
            }
        }
    }

    /// The series' room, if it is one that can be taken.
    async fn room(&self) -> Result<Option<RoomId>, Error> {
        let Some(room) = self.series.template.room else { return Ok(None) };
        let room = self.desk.table.get::<Room>(&key::room(self.practice.id, room)).await?;
        Ok(room_sheet(room.as_ref().map(|stored| &stored.body)))
    }

    async fn moved(
        &self,
        request: &RescheduleRequest,
        following: &FollowingRequest,
        same: ChangeSeries,
    ) -> Result<ChangeSeries, Error> {
        let was = &self.series.template;
        let practitioner = request.practitioner.unwrap_or(was.practitioner);
        let room = request.room.unwrap_or(was.room);
        let (id, place) = (self.practice.id, key::practitioner(self.practice.id, practitioner));
        let batch = self.desk.table.get_many([place.clone()].into_iter().chain(room.map(|room| key::room(id, room)))).await?;
        let record: Option<Practitioner> = batch.body(&place)?;
        let room_record: Option<Room> = room.map(|room| batch.body(&key::room(id, room))).transpose()?.flatten();
        let destination = Destination { practitioner: record.as_ref(), room: room_record.as_ref(), clients: self.clients };
        destination.check((practitioner, room), was)?;
        let timing = NewTiming {
            local_start: request.local_start,
            zone: request.zone.clone(),
            length: request.length,
            rule: following.rule.clone(),
        };
        let otherwise = if request.allow_overlap { IfTaken::Keep } else { following.on_conflict };
        Ok(ChangeSeries {
            timing: Some(timing),
            template: Template { practitioner, room, ..was.clone() },
            room: room_sheet(room_record.as_ref()),
            exceptions: following.exceptions,
            on_conflict: OnConflict::all(otherwise),
            send_updates: request.send_updates,
            reason: request.reason.clone(),
            ..same
        })
    }

    async fn edited(&self, edit: &Edit) -> Result<Template, Error> {
        let id = self.practice.id;
        let services = edit.services.iter().flatten().map(|choice| key::service(id, choice.service));
        let location = edit.location.flatten().map(|location| key::location(id, location));
        let batch = self.desk.table.get_many(services.chain(location)).await?;
        let services = edit.services.iter().flatten().map(|choice| batch.body(&key::service(id, choice.service)));
        let services = services.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let location = edit.location.flatten().map(|location| batch.body(&key::location(id, location))).transpose()?.flatten();
        let facts =
            EditFacts { practice: self.practice.clone(), clients: self.clients.to_vec(), services, location, diaries: Vec::new() };
        Ok(edit.of_template(&self.series.template, &facts)?)
    }
}
