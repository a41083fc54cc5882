//! Move a session.

use chrono::{NaiveDate, NaiveDateTime};
use hourkeep_domain::{
    ids::{PracticeId, PractitionerId, RoomId, SessionId},
    people::Role,
    session::{Blocked, Deciding, Reschedule, RescheduleFacts, RescheduleRefused, Session},
    sheet::{Diary, Resource, days_around},
    slot::Minutes,
    text::Reason,
    zone::Zone,
};
use hourkeep_store::{Table, key};

use super::{
    Carry, Opened, Opening, check_may_change, client_keys, clients_of, diaries, occupied, room_sheet,
    schedule::{Seeker, busy_elsewhere, elsewhere, outside_hours},
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, Step},
    error::Error,
};

/// The wish that a session be elsewhere, as it is asked for.
#[derive(Clone, Debug)]
pub struct RescheduleRequest {
    /// Wall-clock start.
    pub local_start: NaiveDateTime,
    /// Which of two equal wall times.
    pub offset: Option<i32>,
    /// Its zone; as before if not given.
    pub zone: Option<Zone>,
    /// How long; as before if not given.
    pub length: Option<Minutes>,
    /// Who treats; as before if not given.
    pub practitioner: Option<PractitionerId>,
    /// In which room, `Some(None)` for none; as before if not given.
    pub room: Option<Option<RoomId>>,
    /// Whether those invited are mailed.
    pub send_updates: Option<bool>,
    /// Why.
    pub reason: Option<Reason>,
    /// Whether an overlap is meant.
    pub allow_overlap: bool,
}

impl Desk {
    /// Moves a session: two rounds of reads and one transaction; a refused overlap takes a third round.
    pub async fn reschedule(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: SessionId,
        request: &RescheduleRequest,
    ) -> Result<Answer, Error> {
        self.settle(principal, conditions, |attempt| async move {
            let now = self.clock.now();
            let opened = match Opened::to_change(self, principal, id, conditions, now).await? {
                Opening::Answered(answer) => return Ok(Step::Replayed(answer)),
                Opening::Fresh(opened) => opened,
            };
            let Opened { member, practice, session } = *opened;
            let details = session.details();
            let practitioner = request.practitioner.unwrap_or(details.practitioner);
            let room = request.room.unwrap_or(details.room);
            let mut resources = occupied(details);
            resources.extend([Some(Resource::Practitioner(practitioner)), room.map(Resource::Room)].into_iter().flatten());
            resources.sort();
            resources.dedup();
            let old = days_around(details.slot.starts_at().date_naive());
            let new = days_around(request.local_start.date());
            let people = client_keys(practice.id, details).into_iter().chain([key::practitioner(practice.id, practitioner)]);
            let records = self.table.get_many(people.chain(room.map(|room| key::room(practice.id, room))));
            let (batch, read, others) = tokio::try_join!(
                async { Ok::<_, Error>(records.await?) },
                both(&self.table, practice.id, &resources, old, new),
                elsewhere(&self.table, practice.id, details.clients.iter().map(|p| p.client), request.local_start),
            )?;
            let clients = clients_of(practice.id, details, &batch)?;
            check_may_change(&member, &session, &clients)?;
            if let (Role::Practitioner, Some(named)) = (member.role, request.practitioner)
                && named != details.practitioner
                && member.practitioner != Some(named)
            {
                return Err(Error::OwnCalendarOnly);
            }
            conditions.check(details.revision)?;
            let room_record = room.map(|room| batch.body(&key::room(practice.id, room))).transpose()?.flatten();
            let practitioner_record = batch.body(&key::practitioner(practice.id, practitioner))?;
            let taken = [Some(Resource::Practitioner(practitioner)), room_sheet(room_record.as_ref()).map(Resource::Room)];
            let taken: Vec<Resource> = taken.into_iter().flatten().collect();
            // A virtual room has no sheet, and leaving one takes nothing off any.
            let keep = |resource: Resource| taken.contains(&resource) || Some(resource) != room.map(Resource::Room);
            let diaries = read.into_iter().filter(|diary| keep(diary.resource())).collect();
            let before = session.clone();
            let Session::Scheduled(scheduled) = session else {
                return Err(RescheduleRefused::NotScheduled(before.status(&practice.policies, now)).into());
            };
            let facts = RescheduleFacts {
                practice: practice.clone(),
                practitioner: practitioner_record,
                clients,
                room: room_record,
                diaries,
            };
            let deciding = Deciding { actor: &member, now, attempt };
            let decision = match wish(request).decide(scheduled, facts.clone(), deciding) {
                Ok(decision) => decision,
                Err(RescheduleRefused::Blocked(Blocked::Overlap { clashes, slot })) => {
                    let seeker = Seeker { desk: self, member: &member, practice: &practice, session: id, now };
                    let overlap = seeker.overlap(&clashes, &slot, facts.practitioner.as_ref(), &taken, &facts.clients);
                    let (refused, answered) = tokio::try_join!(overlap, self.answered(principal, conditions))?;
                    return answered.map(Step::Replayed).ok_or(refused);
                }
                Err(refused) => return Err(refused.into()),
            };
            let slot = &decision.session.details().slot;
            let mut warnings = busy_elsewhere(&others, id, slot);
            warnings.extend(outside_hours(&facts.practice, facts.practitioner.as_ref(), slot));
            let carry = Carry { desk: self, principal, conditions, practice: &practice, attempt, now };
            carry.out(200, Some(&before), &decision, warnings)
        })
        .await
    }
}

type Days = (NaiveDate, NaiveDate);

/// The sheets around where the session stands and around where it shall be: one query per resource where the two lie
/// together, else two, so that a move by months reads no more than a move by days.
async fn both(table: &Table, practice: PracticeId, resources: &[Resource], old: Days, new: Days) -> Result<Vec<Diary>, Error> {
    if old.0 <= new.1 && new.0 <= old.1 {
        return diaries(table, practice, resources, old.0.min(new.0), old.1.max(new.1)).await;
    }
    let (before, after) =
        tokio::try_join!(diaries(table, practice, resources, old.0, old.1), diaries(table, practice, resources, new.0, new.1))?;
    Ok(before.into_iter().zip(after).map(|(before, after)| before.and(after)).collect())
}

fn wish(request: &RescheduleRequest) -> Reschedule {
    let request = request.clone();
    Reschedule {
        local_start: request.local_start,
        offset: request.offset,
        zone: request.zone,
        length: request.length,
        practitioner: request.practitioner,
        room: request.room,
        send_updates: request.send_updates,
        reason: request.reason,
        allow_overlap: request.allow_overlap,
    }
}
