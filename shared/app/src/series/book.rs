//! Book a series.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use hourkeep_domain::{
    ids::{AttemptId, SeriesId, SessionId},
    series::{BookSeries, IfTaken, OnConflict, Seed, Series, SeriesNaming, Standing, Timing, fitting},
    session::Deciding,
};
use hourkeep_store::key;

use super::{
    clashes::conflicts,
    run::{Ran, Undertaking},
};
use crate::{
    answer::{Answer, Conditions},
    caller::{Entered, Entrance, Principal, enter_to_change},
    desk::Desk,
    error::Error,
    sessions::{
        ScheduleRequest, Seeker,
        schedule::{Named, keys_of, service, wish, within_limit},
    },
};

/// The wish for a series, as it is asked for.
#[derive(Clone, Debug)]
pub struct SeriesRequest {
    /// What each of its sessions is, and when the first of them.
    pub session: ScheduleRequest,
    /// When it recurs: RFC 5545 RRULE text.
    pub rule: String,
    /// What to do where a time is taken.
    pub on_conflict: IfTaken,
    /// What to do at these places, by their wall-clock starts.
    pub at: BTreeMap<NaiveDateTime, IfTaken>,
}

impl SeriesRequest {
    pub(super) fn on_conflict(&self) -> OnConflict {
        OnConflict { otherwise: self.on_conflict, at: self.at.clone() }
    }
}

/// How often a series that has changed meanwhile is planned anew.
pub(super) const PLANNED: u32 = 5;

impl Desk {
    /// Books a series: all of its sessions until the horizon, a hundred writes in a transaction. If this is cut off it is
    /// finished by whoever comes next; or nothing is booked, if that is what a taken time was to mean.
    pub async fn schedule_series(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &SeriesRequest,
    ) -> Result<Answer, Error> {
        // A request that is sent again means the same series.
        let bits = conditions.request.as_ref().map_or_else(Self::random, |key| key.bits(principal));
        let naming = SeriesNaming { series: SeriesId::from_bits(bits), seed: Seed::new(Self::random()) };
        for _ in 0..PLANNED {
            let now = self.clock.now();
            let keys = |practice| [keys_of(&request.session, practice), vec![key::series(practice, naming.series)]].concat();
            let entered = enter_to_change(&self.table, principal, conditions, now, keys).await?;
            let Entrance { member, account, batch } = match entered {
                Entered::Answered(answer) => return Ok(answer),
                Entered::Fresh(entrance) => *entrance,
            };
            let named = Named::of(&request.session, &member, &batch)?;
            let (practice, clients, room) = (named.practice.clone(), named.clients.clone(), named.room_sheet());
            let begun: Option<Series> = batch.body(&key::series(practice.id, naming.series))?;
            let run = self.run(&practice);
            let (naming, read) = match &begun {
                Some(series) if series.busy.is_some() => {
                    Box::pin(run.help(series)).await?;
                    continue;
                }
                Some(series) if series.standing == Standing::Released => (naming, series.revision),
                // It was booked by the same request: just now, or so long ago that it is forgotten and is a new one.
                Some(_) => {
                    if let Some(answer) = self.answered(principal, conditions).await? {
                        return Ok(answer);
                    }
                    (SeriesNaming { series: SeriesId::from_bits(Self::random()), ..naming }, 0)
                }
                None => (naming, 0),
            };
            let usual = named.usual_service(&request.session);
            let (record, usual) = tokio::try_join!(
                async { Ok(self.table.get(&key::practitioner(practice.id, named.practitioner)).await?.map(|stored| stored.body)) },
                service(&self.table, practice.id, usual),
            )?;
            let wish = wish(&request.session, named.practitioner);
            let terms = wish.terms(naming.series.into(), &named.facts(record, usual, Vec::new()))?;
            let rule = fitting(&request.rule, request.session.local_start)?;
            let timing = Timing { rule, first: request.session.local_start, zone: terms.zone.clone(), length: terms.length };
            let attempt = AttemptId::new(now, Self::random());
            let deciding = Deciding { actor: &member, now, attempt };
            let booking = BookSeries { terms, timing, on_conflict: request.on_conflict() };
            let (mut series, plan) = booking.decide(practice.id, naming, room, None, deciding)?;
            series.revision = read;
            within_limit(&self.table, practice.id, account.limits.sessions_per_month, plan.steps.len(), now).await?;
            let undertaking = Undertaking::of(plan, practice.id, principal, conditions);
            match Box::pin(run.begin(series, read, undertaking)).await? {
                Ran::Done(answer) => return Ok(answer),
                Ran::Stopped(taken) => {
                    let session = SessionId::from_bits(0);
                    let seeker = Seeker { desk: self, member: &member, practice: &practice, session, now };
                    let refused = conflicts(&taken, &seeker, &clients);
                    return self.answered(principal, conditions).await?.ok_or(refused);
                }
                Ran::Stale => {}
            }
        }
        Err(Error::TooBusy)
    }
}
