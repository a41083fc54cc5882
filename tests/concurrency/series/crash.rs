//! Each change of several sessions, with each failure at each call in turn: it is finished, or nothing was begun.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::Duration;
use hourkeep_domain::series::Standing;
use hourkeep_testkit::{Fault, Moment};
use hourkeep_tests::Answer;
use serde_json::json;

use super::{Course, following, following_later, is_in_order, nth, sessions};
use crate::{
    crash::{Strike, Trial},
    mails::about,
    rig::Rig,
    team::{Request, wall},
    truth::Truth,
};

/// Two transactions of sessions in a room, whatever is done with them.
const WEEKLY: &str = "FREQ=WEEKLY;COUNT=14";

/// What fails.
#[derive(Clone, Copy)]
enum Failing {
    /// The process, once a call took effect; so nothing after it does. Before its effect is after that of the call before.
    Process,
    /// The answer to a transaction that took effect, and to so many of the SDK's own attempts.
    Answer { times: usize },
}

impl Failing {
    const ALL: [Self; 3] = [Self::Process, Self::Answer { times: 1 }, Self::Answer { times: 3 }];

    fn arm(self, rig: &Rig, k: usize) {
        match self {
            Self::Process => rig.script.crash_at(k, Moment::AfterEffect),
            Self::Answer { times } => rig.script.add(Fault::AnswerLost.at(k).on("TransactWriteItems").times(times)),
        }
    }

    fn strike(self) -> Strike {
        match self {
            Self::Process => Strike::Death(Moment::AfterEffect),
            Self::Answer { times: 1 } => Strike::Once(Fault::AnswerLost),
            Self::Answer { .. } => Strike::Thrice(Fault::AnswerLost),
        }
    }
}

/// What follows a request is handed on session by session, each time in the same way: of those calls, one in so many fails.
const STRIDE: usize = 37;

/// With each failure, sends the next request and lets its work follow, once for each call of the request, and for some of
/// those that follow, until none is left to fail.
async fn at_calls(rig: &Rig, mut next: impl AsyncFnMut() -> Request) -> Vec<Trial> {
    let mut trials = Vec::new();
    for failing in Failing::ALL {
        let mut k = 0;
        loop {
            let (request, before) = (next().await, rig.struck());
            failing.arm(rig, k);
            let first = request.send(&rig.house).await;
            let in_request = rig.struck() > before;
            rig.house.drain().await;
            rig.script.clear();
            trials.push(Trial { strike: failing.strike(), k, request, first });
            if rig.struck() == before {
                break;
            }
            k += if in_request { 1 } else { STRIDE };
        }
    }
    trials
}

/// Some ask again at once, and others only when time has passed: each has one result. Answers them.
async fn settle(rig: &Rig, trials: &[Trial]) -> Vec<Answer> {
    Truth::of(&rig.house.server).await.is_whole();
    let mut answers = vec![None; trials.len()];
    for (trial, answer) in trials.iter().zip(&mut answers).step_by(2) {
        *answer = Some(trial.ask_again(&rig.house).await);
    }
    is_in_order(rig).await;
    for (trial, answer) in trials.iter().zip(&mut answers).skip(1).step_by(2) {
        *answer = Some(trial.ask_again(&rig.house).await);
    }
    is_in_order(rig).await;
    answers.into_iter().flatten().collect()
}

/// About each of these series, exactly these mails went out, repeats aside.
#[track_caller]
fn each_was_told(rig: &Rig, trials: &[Trial], series: impl Iterator<Item = String>, wanted: &[&str]) {
    let mails = rig.out.mails();
    for (trial, series) in trials.iter().zip(series) {
        assert_eq!(about(&mails, &series), wanted, "{:?} at {}: {series}", trial.strike, trial.k);
    }
}

fn ids(answers: &[Answer]) -> impl Iterator<Item = String> {
    answers.iter().map(|answer| answer.text_of("/id"))
}

const INVITED: [&str; 2] = ["gil: REQUEST 0", "ida: REQUEST 0"];

/// Series are booked around a time that is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_booked_around_what_is_taken_whatever_call_fails() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let next = async || {
        let series = course.series(WEEKLY, "skip");
        course.at_its_time(&series, 21).send(&rig.house).await.expect(201);
        series
    };
    let booked = at_calls(&rig, next).await;
    let answers = settle(&rig, &booked).await;
    assert!(answers.iter().all(|series| sessions(series) == 13 && series.body["skipped"][0]["why"] == "time_taken"));
    each_was_told(&rig, &booked, ids(&answers), &INVITED);
    let truth = Truth::of(&rig.house.server).await;
    truth.has_no_overlap();
    assert_eq!(truth.series.len(), booked.len(), "each is there once");
}

const CUT: [&str; 4] = ["gil: REQUEST 0", "gil: REQUEST 1", "ida: REQUEST 0", "ida: REQUEST 1"];

/// From the second session on they move to another day: the series is parted.
#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_parted_whatever_call_fails() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let (mut changed, mut firsts) = (Vec::new(), Vec::new());
    let next = async || {
        let series = course.standing(&rig, WEEKLY).await;
        changed.push(series.text_of("/id"));
        firsts.push(nth(&series, 1).0);
        following_later(&series, 1, Duration::days(3))
    };
    let moved = at_calls(&rig, next).await;
    let parted = settle(&rig, &moved).await;
    let truth = Truth::of(&rig.house.server).await;
    truth.has_no_overlap();
    for ((series, first), was) in parted.iter().zip(&firsts).zip(&changed) {
        assert_eq!((series.text_of("/continues"), nth(series, 0).0), (was.clone(), first.clone()), "it keeps its id");
        assert_eq!(truth.standing_of(was).len(), 1);
    }
    each_was_told(&rig, &moved, changed.into_iter(), &CUT);
    each_was_told(&rig, &moved, ids(&parted), &["cleo: notice", "gil: REQUEST 0", "ida: REQUEST 0"]);
}

/// From the second session on they are cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_series_is_cancelled_whatever_call_fails() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let next = async || following(&course.standing(&rig, WEEKLY).await, 1, "cancel");
    let cancelled = at_calls(&rig, next).await;
    let ended = settle(&rig, &cancelled).await;
    let truth = Truth::of(&rig.house.server).await;
    assert!(ids(&ended).all(|series| truth.standing_of(&series).len() == 1));
    each_was_told(&rig, &cancelled, ids(&ended), &[&["cleo: notice"], CUT.as_slice()].concat());
}

/// Nothing of a series stays, and nobody is told that it was a mistake.
#[tokio::test(flavor = "multi_thread")]
async fn series_are_deleted_once_whatever_call_fails() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let next = async || following(&course.standing(&rig, WEEKLY).await, 0, "delete");
    let trials = at_calls(&rig, next).await;
    let answers = settle(&rig, &trials).await;
    let truth = Truth::of(&rig.house.server).await;
    for series in ids(&answers) {
        assert!(matches!(truth.series[&series].standing, Standing::Deleted { .. }));
        assert_eq!(truth.standing_of(&series).len(), 0);
    }
    each_was_told(&rig, &trials, ids(&answers), &INVITED);
}

/// This and following on the first session changes the series itself, which keeps its UID; and what was moved by hand stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_series_changes_in_place_whatever_call_fails() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let next = async || {
        let series = course.standing(&rig, "FREQ=WEEKLY;COUNT=12").await;
        let (by_hand, starts_at) = nth(&series, 4);
        let elsewhere = json!({"local_start": wall(starts_at + Duration::days(1))});
        Request::new(format!("/v1/sessions/{by_hand}/reschedule"), elsewhere).send(&rig.house).await.expect(200);
        rig.house.drain().await;
        following_later(&series, 0, Duration::days(3))
    };
    let trials = at_calls(&rig, next).await;
    let answers = settle(&rig, &trials).await;
    let truth = Truth::of(&rig.house.server).await;
    truth.has_no_overlap();
    for series in ids(&answers) {
        let standing = truth.standing_of(&series);
        let starts: Vec<_> = standing.iter().map(|session| session.details().slot.starts_at()).collect();
        let moved = starts.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect::<Vec<_>>();
        assert_eq!(moved, [7, 7, 7, 5, 9, 7, 7, 7, 7, 7, 7], "{series}");
    }
    let mails = rig.out.mails();
    for series in ids(&answers) {
        let told: BTreeSet<String> = about(&mails, &series).into_iter().filter(|said| !said.contains(" of ")).collect();
        let wanted = ["cleo: notice", "gil: REQUEST 0", "gil: REQUEST 2", "ida: REQUEST 0", "ida: REQUEST 2"];
        assert_eq!(told, wanted.map(str::to_owned).into());
    }
}

/// Kept although one of its times is taken; or booked with all of its times held before.
async fn booked_entirely(on_conflict: &str, count: usize, is_taken: bool) {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let next = async || {
        let series = course.series(&format!("FREQ=WEEKLY;COUNT={count}"), on_conflict);
        if is_taken {
            course.at_its_time(&series, 21).send(&rig.house).await.expect(201);
        }
        series
    };
    let trials = at_calls(&rig, next).await;
    let answers = settle(&rig, &trials).await;
    assert!(answers.iter().all(|series| sessions(series) == count));
    each_was_told(&rig, &trials, ids(&answers), &INVITED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overlap_that_is_meant_is_booked_whatever_call_fails() {
    booked_entirely("keep", 14, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_times_are_held_and_booked_whatever_call_fails() {
    booked_entirely("stop", 14, false).await;
}

/// Half of the times are held when someone books the last: what was held is given back, whatever fails while that is done.
/// Who dies before it and asks again gets it, for then the time is taken by nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_series_whose_time_is_taken_while_it_is_held_leaves_nothing_behind() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let (mut booked, mut stopped) = (0, 0);
    for strike in [Strike::Death(Moment::AfterEffect)] {
        for k in 0.. {
            let series = course.series("FREQ=WEEKLY;COUNT=46", "stop");
            let last = course.at_its_time(&series, 45 * 7);
            let (fay, is_taken, before) = (rig.house.fay.clone(), Arc::new(AtomicBool::new(false)), rig.struck());
            let (script, holds) = (rig.script.clone(), Arc::new(AtomicBool::new(false)));
            let taken = is_taken.clone();
            rig.script.decide(move |call| {
                // The second of its transactions is on its way: nobody else books now.
                let second = call.label == "TransactWriteItems" && holds.swap(true, Ordering::SeqCst);
                if second && !taken.swap(true, Ordering::SeqCst) {
                    let runtime = tokio::runtime::Handle::current();
                    tokio::task::block_in_place(|| runtime.block_on(last.by(&fay))).expect(201);
                    strike.arm(&script, k);
                }
                None
            });
            let first = series.send(&rig.house).await;
            rig.script.clear();
            rig.house.drain().await;
            assert!(is_taken.load(Ordering::SeqCst));
            let trial = Trial { strike, k, request: series, first };
            Truth::of(&rig.house.server).await.is_whole();
            if k % 2 == 0 {
                is_in_order(&rig).await;
            }
            match trial.request.send(&rig.house).await {
                again if again.status == 201 => booked += 1,
                again => {
                    again.refused(409, "series-conflicts");
                    stopped += 1;
                }
            }
            if rig.struck() == before {
                break;
            }
        }
    }
    let truth = is_in_order(&rig).await;
    truth.has_no_overlap();
    assert_eq!((booked, truth.series.values().filter(|series| series.stands()).count()), (0, 0), "each was stopped");
    assert!(stopped > 10, "{stopped}");
    assert_eq!(rig.out.mails().len(), 0, "nobody heard of any");
}
