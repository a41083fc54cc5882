//! How many steps of a plan one transaction takes.

use hourkeep_domain::{
    ids::SessionId,
    series::{Plan, Series, Stage, Step},
    sheet::Entry,
    slot::Slot,
};

use super::run::Run;

/// How many writes of a transaction steps may take: DynamoDB allows a hundred, and some are for the rest.
pub(super) const ROOM: usize = 90;

impl Run<'_> {
    /// As many of the steps as one transaction takes.
    pub(super) fn fitting<'p>(&self, series: &Series, plan: &'p Plan, from: usize, stage: Stage) -> &'p [Step] {
        // A series that is new has a row with each of its clients, or one for itself.
        let mut cost = series.template.clients.len().max(1);
        let steps = &plan.steps[from.min(plan.steps.len())..];
        let count = steps.iter().take_while(|step| {
            cost += self.cost(series, plan, step, stage);
            cost <= ROOM
        });
        &steps[..count.count()]
    }

    /// How many writes a step takes at most.
    pub(super) fn cost(&self, series: &Series, plan: &Plan, step: &Step, stage: Stage) -> usize {
        let policies = &self.practice.policies;
        let sheets = |place| {
            let Series { timing, template, .. } = series;
            let slot = Slot::resolve(place, &timing.zone, timing.length, None);
            let days = slot.map_or(0, |slot| {
                let entry = Entry::of(SessionId::from_bits(0), &slot, &[], template.presence, policies);
                entry.days().count()
            });
            days * (1 + usize::from(plan.room.is_some()))
        };
        // Two resources, each on at most two days: a session that lasts longer than a day is not made.
        let elsewhere = 4;
        let at = step.takes().map_or(0, sheets);
        match (stage, step) {
            (Stage::Holding | Stage::Releasing, _) => at,
            (Stage::Doing | Stage::Redeeming, Step::Book { .. }) => at + 4 + series.template.clients.len().max(1),
            (Stage::Doing | Stage::Redeeming, Step::Carry { .. }) => at + elsewhere + 5,
            (Stage::Doing | Stage::Redeeming, Step::Cancel { .. } | Step::Delete { .. }) => elsewhere + 4,
            (Stage::Doing | Stage::Redeeming, Step::Part { .. }) => 3,
            (Stage::Doing | Stage::Redeeming, Step::LeaveOut { .. }) => 2,
            (Stage::Doing | Stage::Redeeming, Step::Forget { .. }) => 1,
        }
    }
}
