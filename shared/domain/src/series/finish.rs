//! How a plan ends: what the history says of it, and what must follow.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{Does, Place, Plan, Series, Taken, Why, book::booked, extend};
use crate::{
    event::{Actor, Change, Effect, Event},
    recipient::Recipient,
};

/// The series of a plan once it is done, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The one beside which the plan stood.
    pub owner: Series,
    /// The one that continues it, where it was parted.
    pub parted: Option<Series>,
    /// What happened to each of them.
    pub events: Vec<Event>,
}

impl Plan {
    /// Whether a place was to be booked while nobody was there to be asked, and could not be: staff and those invited are to
    /// learn of it.
    pub fn drops(&self, place: &Place) -> bool {
        let asked_for = match self.does {
            Does::Extend { .. } => false,
            Does::Book | Does::Change { .. } | Does::Cancel { .. } | Does::Delete { .. } => true,
        };
        match place.taken {
            Taken::LeftOut { why: Why::TimeTaken | Why::DoesNotExist } => !asked_for,
            Taken::LeftOut { why: Why::Asked } | Taken::Session { .. } => false,
        }
    }

    /// The end. `places` are all of the series as its sessions now are.
    pub fn finished(&self, mut owner: Series, parted: Option<Series>, places: &[Place], now: DateTime<Utc>) -> Finished {
        owner.touch();
        owner.busy = None;
        let parted = parted.map(|mut parted| {
            parted.touch();
            parted.busy = None;
            parted
        });
        let mut events = Vec::new();
        match &self.does {
            Does::Book => {
                let left_out = places.len() - booked(places);
                let invited = owner.invitation.recipients().count();
                let change = Change::SeriesBooked { sentence: owner.timing.sentence(), booked: booked(places), left_out, invited };
                events.push(self.event(&owner, change, owner.invite_effects(), now));
            }
            Does::Extend { .. } => {
                let new: Vec<NaiveDateTime> = self.steps.iter().filter_map(extend::place).collect();
                let new: Vec<Place> = places.iter().filter(|place| new.contains(&place.original)).copied().collect();
                let dropped: Vec<&Place> = new.iter().filter(|place| self.drops(place)).collect();
                let change = Change::SeriesExtended { booked: booked(&new), left_out: dropped.len() };
                let effects = dropped.iter().flat_map(|place| owner.drop_effects(place.original)).collect();
                events.push(self.event(&owner, change, effects, now));
            }
            Does::Change { before, into, send_updates, .. } => {
                let of = parted.as_ref().unwrap_or(&owner);
                let told = |series: &Series| if *send_updates { series.invite_effects() } else { Vec::new() };
                let mut effects = told(of);
                if *send_updates {
                    let sequence = of.sequence;
                    effects.extend(into.withdrawn.iter().map(|r| Effect::Cancel { recipient: r.id, sequence }));
                }
                let updated = effects.len();
                if *send_updates {
                    let (was_with, is_with) = (before.template.practitioner, of.template.practitioner);
                    let concerned = [Some(was_with), Some(is_with).filter(|p| *p != was_with)];
                    let others = concerned.into_iter().flatten().filter(|p| self.by.practitioner != Some(*p));
                    let sequence = of.sequence;
                    effects.extend(others.map(|practitioner| Effect::Inform { practitioner, sequence, moved_from: None }));
                }
                let (was, is) = (before.timing.sentence(), of.timing.sentence());
                if parted.is_some() {
                    let ends = told(&owner);
                    let change = Change::SeriesChanged { before: was.clone(), after: owner.timing.sentence(), updated: ends.len() };
                    events.push(self.event(&owner, change, ends, now));
                }
                events.push(self.event(of, Change::SeriesChanged { before: was, after: is, updated }, effects, now));
            }
            Does::Cancel { from, whole, told, .. } => {
                let sequence = owner.sequence;
                let invited = |r: &Recipient| owner.invitation.recipients().any(|i| i.id == r.id);
                let tell = |r: &Recipient| {
                    let recipient = r.id;
                    // Who holds the rest of it is sent that, and who was never invited a plain notice.
                    if *whole || !invited(r) {
                        Effect::Cancel { recipient, sequence }
                    } else {
                        Effect::Invite { recipient, sequence }
                    }
                };
                let mut effects: Vec<Effect> = told.iter().map(tell).collect();
                let informs = !told.is_empty() && self.by.practitioner != Some(owner.template.practitioner);
                if informs {
                    let practitioner = owner.template.practitioner;
                    effects.push(Effect::Inform { practitioner, sequence, moved_from: None });
                }
                events.push(self.event(&owner, Change::SeriesCancelled { from: *from, told: told.len() }, effects, now));
            }
            Does::Delete { from, .. } => {
                events.push(self.event(&owner, Change::SeriesDeleted { from: *from }, Vec::new(), now));
            }
        }
        Finished { owner, parted, events }
    }

    fn event(&self, series: &Series, change: Change, effects: Vec<Effect>, now: DateTime<Utc>) -> Event {
        Event {
            practice: series.practice,
            subject: series.id.into(),
            revision: series.revision,
            attempt: self.attempt,
            at: now,
            actor: Actor::from(&self.by),
            change,
            reason: self.reason.clone(),
            part_of: None,
            effects,
        }
    }
}

impl Series {
    /// Everyone invited is to hold its current entry.
    pub(super) fn invite_effects(&self) -> Vec<Effect> {
        let sequence = self.sequence;
        self.invitation.recipients().map(|r| Effect::Invite { recipient: r.id, sequence }).collect()
    }

    /// Everyone invited is to learn that there is no session at a place.
    fn drop_effects(&self, place: NaiveDateTime) -> impl Iterator<Item = Effect> {
        let sequence = self.sequence;
        self.invitation.recipients().map(move |r| Effect::LeaveOut { recipient: r.id, sequence, place })
    }
}
