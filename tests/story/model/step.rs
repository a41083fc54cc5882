//! What can happen, and random sequences of it.

use hourkeep_testkit::{Fault, Moment};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};

use super::{SEQUENCES, STEPS};

/// One request. `which` picks one of the sequence's sessions; without any, nothing is asked.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Schedule { start: Start, minutes: i64, invited: Option<bool>, reminders: Vec<i64>, allow_overlap: bool },
    Move { which: usize, start: Start, minutes: Option<i64>, send: Option<bool>, allow_overlap: bool },
    Invite { which: usize, both: bool },
    Remind { which: usize, reminders: Vec<i64> },
    Cancel { which: usize, notify: Option<bool> },
    Delete { which: usize },
    Outcome { which: usize, came: bool },
}

/// So many days and quarters of an hour after the full hour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) days: i64,
    pub(super) quarters: i64,
}

/// One step of every sequence, then the clock.
#[derive(Clone, Debug)]
pub(super) struct Round {
    pub(super) steps: Vec<Step>,
    /// Whether every request is sent twice, with the same key.
    pub(super) twice: bool,
    /// What goes wrong while requests are answered: at which call, and how often.
    pub(super) fault: Option<(usize, Fault, usize)>,
    pub(super) pass: Pass,
}

/// What the clock does between steps.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pass {
    /// It stands, and workers rest: the next changes overtake the mails of the last.
    Rest,
    /// So many minutes pass; everything due by then is done.
    Minutes(i64),
    /// The newest jobs are handed out again, though they are done with.
    Redelivery,
    /// It stands, and workers die at this call: nothing after it gets out until they are started again.
    Crash(usize, Moment),
}

fn start() -> impl Strategy<Value = Start> {
    (0..4_i64, 0..14_i64).prop_map(|(days, quarters)| Start { days, quarters })
}

fn reminders() -> impl Strategy<Value = Vec<i64>> {
    subsequence(vec![1_i64, 2, 3], 0..=2)
}

fn step() -> impl Strategy<Value = Step> {
    let which = || 0..64_usize;
    let length = || prop::sample::select(vec![15_i64, 30, 50, 60, 90]);
    let overlap = || prop::bool::weighted(0.15);
    prop_oneof![
        8 => (start(), length(), option::of(any::<bool>()), reminders(), overlap()).prop_map(
            |(start, minutes, invited, reminders, allow_overlap)| Step::Schedule { start, minutes, invited, reminders, allow_overlap }
        ),
        6 => (which(), start(), option::of(length()), option::of(any::<bool>()), overlap()).prop_map(
            |(which, start, minutes, send, allow_overlap)| Step::Move { which, start, minutes, send, allow_overlap }
        ),
        2 => (which(), any::<bool>()).prop_map(|(which, both)| Step::Invite { which, both }),
        1 => (which(), reminders()).prop_map(|(which, reminders)| Step::Remind { which, reminders }),
        3 => (which(), option::of(any::<bool>())).prop_map(|(which, notify)| Step::Cancel { which, notify }),
        1 => which().prop_map(|which| Step::Delete { which }),
        3 => (which(), any::<bool>()).prop_map(|(which, came)| Step::Outcome { which, came }),
    ]
}

fn fault() -> impl Strategy<Value = Option<(usize, Fault, usize)>> {
    let once = prop::sample::select(vec![1_usize, 3]);
    option::weighted(0.3, (0..300_usize, prop::sample::select(Fault::ALL.to_vec()), once))
}

fn pass() -> impl Strategy<Value = Pass> {
    let moment = prop::sample::select(vec![Moment::BeforeEffect, Moment::AfterEffect]);
    prop_oneof![
        3 => Just(Pass::Rest),
        3 => Just(Pass::Minutes(0)),
        4 => (1..100_i64).prop_map(Pass::Minutes),
        3 => (2..18_i64).prop_map(|hours| Pass::Minutes(hours * 60)),
        1 => Just(Pass::Redelivery),
        2 => (0..100_usize, moment).prop_map(|(call, moment)| Pass::Crash(call, moment)),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    (vec(step(), SEQUENCES), prop::bool::weighted(0.2), fault(), pass()).prop_map(|(steps, twice, fault, pass)| Round {
        steps,
        twice,
        fault,
        pass,
    })
}

/// Cohorts of sequences.
pub(super) fn cohorts() -> impl Strategy<Value = Vec<Round>> {
    vec(round(), STEPS..=STEPS + 1)
}
