//! Crash anywhere: each operation, with each failure at each call in turn, over the wire and around every port, while it
//! is asked for and while its mails and timers follow.

use chrono::Duration;
use hourkeep_domain::session::Session;
use hourkeep_testkit::{Fault, Moment, Script};
use hourkeep_tests::{Answer, House};
use serde_json::json;

use crate::{
    mails::{about, nothing_is_overtaken, repeats_are_identical},
    rig::Rig,
    team::{Request, Standing, Team, wall},
    truth::Truth,
};

/// What goes wrong at a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Strike {
    /// That one attempt; the SDK tries again by itself.
    Once(Fault),
    /// That attempt and the two after it: more than the SDK tries.
    Thrice(Fault),
    /// That attempt and everything after it, as when the process dies.
    Death(Moment),
}

impl Strike {
    /// A request or its answer is lost.
    pub(crate) const LOST: [Self; 2] = [Self::Once(Fault::NotSent), Self::Once(Fault::AnswerLost)];

    /// An attempt is refused.
    pub(crate) const REFUSED: [Self; 3] =
        [Self::Once(Fault::Throttled), Self::Once(Fault::TransactionConflict), Self::Once(Fault::ServerError)];

    /// What ends the process, on either side of the call's effect.
    pub(crate) const DEATH: [Self; 2] = [Self::Death(Moment::BeforeEffect), Self::Death(Moment::AfterEffect)];

    fn usual() -> Vec<Self> {
        [Self::LOST.as_slice(), &Self::REFUSED, &Self::DEATH].concat()
    }

    /// What lasts longer than the SDK tries.
    pub(crate) const LASTING: [Self; 5] = [
        Self::Thrice(Fault::NotSent),
        Self::Thrice(Fault::AnswerLost),
        Self::Thrice(Fault::Throttled),
        Self::Thrice(Fault::TransactionConflict),
        Self::Thrice(Fault::ServerError),
    ];

    pub(crate) fn arm(self, script: &Script, k: usize) {
        match self {
            Self::Once(fault) => script.at(k, fault),
            Self::Thrice(fault) => script.add(fault.at(k).times(3)),
            Self::Death(moment) => script.crash_at(k, moment),
        }
    }
}

/// A request that something happened to, and what it was answered with then.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) strike: Strike,
    pub(crate) k: usize,
    pub(crate) request: Request,
    pub(crate) first: Answer,
}

impl Trial {
    /// Asks again with the same key: there is one result, and it is the one that was acknowledged.
    pub(crate) async fn ask_again(&self, house: &House) -> Answer {
        let told = |answer: &Answer| (answer.status, answer.etag.clone(), answer.text.clone());
        let again = self.request.send(house).await;
        assert!(matches!(again.status, 200 | 201), "{self:?}: {again:?}");
        let other = match self.first.status {
            503 => self.request.send(house).await,
            _ => self.first.clone(),
        };
        assert_eq!(told(&again), told(&other), "{self:?}");
        again
    }
}

/// With each failure, sends the next request and lets its work follow, once for each call, until none is left to fail.
async fn at_every_call(rig: &Rig, strikes: &[Strike], mut next: impl AsyncFnMut() -> Request) -> Vec<Trial> {
    let mut trials = Vec::new();
    for &strike in strikes {
        for k in 0.. {
            let (request, before) = (next().await, rig.struck());
            strike.arm(&rig.script, k);
            let first = request.send(&rig.house).await;
            rig.house.drain().await;
            rig.script.clear();
            trials.push(Trial { strike, k, request, first });
            if rig.struck() == before {
                break;
            }
        }
    }
    trials
}

/// Nothing or all of each change holds; asked again, each has one result; and once time has passed, nothing is left to do.
/// Answers each trial's session.
pub(crate) async fn settle(rig: &Rig, trials: &[Trial]) -> Vec<Answer> {
    Truth::of(&rig.house.server).await.is_whole();
    let mut answers = Vec::new();
    for trial in trials {
        answers.push(trial.ask_again(&rig.house).await);
    }
    rig.heal().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
    truth.has_no_overlap();
    let mails = rig.out.mails();
    truth.is_counted(mails.len() - repeats_are_identical(&mails));
    answers
}

/// Each trial's session was told of in exactly these mails, repeats aside, and was changed so often.
pub(crate) async fn each_was_told(rig: &Rig, trials: &[Trial], answers: &[Answer], revision: usize, wanted: &[&str]) {
    let (mails, truth) = (rig.out.mails(), Truth::of(&rig.house.server).await);
    repeats_are_identical(&mails);
    nothing_is_overtaken(&mails);
    truth.is_whole();
    truth.is_settled();
    for (trial, answer) in trials.iter().zip(answers) {
        let id = answer.text_of("/id");
        assert_eq!(about(&mails, &id), wanted, "{:?} at {}: {answer:?}", trial.strike, trial.k);
        assert_eq!(truth.events[&id].len(), revision, "{trial:?}");
    }
}

/// Each session that was asked for is there once.
pub(crate) async fn each_is_there_once(rig: &Rig, trials: &[Trial], answers: &[Answer]) {
    let truth = Truth::of(&rig.house.server).await;
    for (trial, answer) in trials.iter().zip(answers) {
        let is_it = |session: &&Session| {
            let details = session.details();
            let (start, practitioner) = (wall(details.slot.starts_at()), details.practitioner.to_string());
            trial.request.body["local_start"] == start && trial.request.body["practitioner_id"] == practitioner
        };
        let there = truth.sessions.values().filter(is_it).map(|session| session.details().id.to_string());
        let there: Vec<String> = there.collect();
        assert_eq!(there, [answer.text_of("/id")], "{trial:?}");
    }
}

/// For each session so many timers were armed, and each name always for the same.
#[track_caller]
pub(crate) fn timers_are_armed(rig: &Rig, answers: &[Answer], count: usize) {
    let all = rig.out.timers();
    for answer in answers {
        let id = answer.text_of("/id");
        let mut armed: Vec<_> = all.iter().filter(|(name, _)| name.starts_with(&id)).collect();
        armed.sort_by_key(|(name, _)| name);
        armed.dedup();
        assert_eq!(armed.len(), count, "{id}: {armed:?}");
    }
}

/// Sessions are scheduled; those are moved; most of those are cancelled; the others take place. Each time, each call of
/// the request and of what follows it fails in turn, in each of these ways.
///
/// Answers what happened, and how many mails were sent again.
async fn the_life_of_sessions(strikes: &[Strike]) -> (Vec<Trial>, usize) {
    let rig = Rig::new().await;
    let mut team = Team::of(8, &rig, Duration::hours(57)).await;
    let scheduled = at_every_call(&rig, strikes, async || team.session(&[1, 2])).await;
    let answers = settle(&rig, &scheduled).await;
    each_is_there_once(&rig, &scheduled, &answers).await;
    each_was_told(&rig, &scheduled, &answers, 1, &["gil: REQUEST 0", "ida: REQUEST 0"]).await;
    timers_are_armed(&rig, &answers, 2);

    let (mut standing, later) = (Standing::all(&answers), Duration::days(1));
    let next = async || {
        let next = match standing.pop_front() {
            Some(next) => next,
            None => team.standing(&rig.house, &[1, 2]).await,
        };
        Request::new(format!("/v1/sessions/{}/reschedule", next.id), json!({"local_start": wall(next.starts_at + later)}))
    };
    let moved = at_every_call(&rig, strikes, next).await;
    let answers = settle(&rig, &moved).await;
    for (trial, answer) in moved.iter().zip(&answers) {
        assert_eq!(answer.body["local_start"], trial.request.body["local_start"], "{trial:?}");
    }
    let both = ["cleo: notice", "gil: REQUEST 0", "gil: REQUEST 1", "ida: REQUEST 0", "ida: REQUEST 1"];
    each_was_told(&rig, &moved, &answers, 2, &both).await;
    timers_are_armed(&rig, &answers, 4);

    let mut standing = Standing::all(&answers);
    let next = async || {
        let id = standing.pop_front().unwrap().id;
        Request::new(format!("/v1/sessions/{id}/cancel"), json!({"reason": "The room is flooded."}))
    };
    let cancelled = at_every_call(&rig, strikes, next).await;
    let taken_back = settle(&rig, &cancelled).await;
    assert!(taken_back.iter().all(|answer| answer.body["status"] == "cancelled"));

    rig.advance_to(team.ends() + later).await;
    let all_three = [&["cleo: notice", "cleo: notice", "gil: CANCEL 2"], &both[1..3], &["ida: CANCEL 2"], &both[3..]].concat();
    each_was_told(&rig, &cancelled, &taken_back, 3, &all_three).await;
    let reminded = [&both[..3], &["gil: reminder", "gil: reminder"], &both[3..]].concat();
    let took_place = cancelled.len()..;
    assert!(moved.len() > cancelled.len());
    each_was_told(&rig, &moved[took_place.clone()], &answers[took_place], 2, &reminded).await;
    (scheduled.into_iter().chain(moved).chain(cancelled).collect(), repeats_are_identical(&rig.out.mails()))
}

async fn mark_outcome(strikes: &[Strike]) {
    let rig = Rig::new().await;
    let mut team = Team::of(8, &rig, Duration::hours(1)).await;
    let mut over = Vec::new();
    for _ in 0..2 * Team::STOCK {
        over.push(team.standing(&rig.house, &[]).await.id);
    }
    rig.advance_to(team.ends()).await;
    let attended = json!({"attendance": [{"client_id": team.client_id, "value": "attended"}]});
    let next = async || Request::new(format!("/v1/sessions/{}/outcome", over.pop().unwrap()), attended.clone());
    let trials = at_every_call(&rig, strikes, next).await;
    let answers = settle(&rig, &trials).await;
    assert!(answers.iter().all(|answer| answer.body["status"] == "closed"));
    each_was_told(&rig, &trials, &answers, 2, &["gil: REQUEST 0", "ida: REQUEST 0"]).await;
}

/// Of sessions that people were invited to and would be reminded of.
async fn delete(strikes: &[Strike]) {
    let rig = Rig::new().await;
    let mut team = Team::of(8, &rig, Duration::hours(57)).await;
    let next = async || {
        let id = team.standing(&rig.house, &[1]).await.id;
        Request::new(format!("/v1/sessions/{id}/delete"), json!({"reason": "Entered twice."}))
    };
    let trials = at_every_call(&rig, strikes, next).await;
    let answers = settle(&rig, &trials).await;
    assert!(answers.iter().all(|answer| answer.body["status"] == "deleted"));
    rig.advance_to(team.ends()).await;
    each_was_told(&rig, &trials, &answers, 2, &["gil: REQUEST 0", "ida: REQUEST 0"]).await;
}

async fn remind(strikes: &[Strike]) {
    let rig = Rig::new().await;
    // Five minutes past a quarter: each reminder has a minute of its own, and no sweep falls into it.
    let mut team = Team::of(1, &rig, Duration::hours(25) + Duration::minutes(5)).await;
    let mut sessions = Vec::new();
    for &strike in strikes {
        for k in 0.. {
            let Standing { id, starts_at } = team.standing(&rig.house, &[1]).await;
            let (due_at, before) = (starts_at - Duration::days(1), rig.struck());
            rig.advance_to(due_at - Duration::minutes(1)).await;
            strike.arm(&rig.script, k);
            rig.advance_to(due_at).await;
            rig.script.clear();
            sessions.push(id);
            if rig.struck() == before {
                break;
            }
        }
    }
    rig.advance_to(team.ends()).await;
    let mails = rig.out.mails();
    repeats_are_identical(&mails);
    for session in &sessions {
        assert_eq!(about(&mails, session), ["gil: REQUEST 0", "gil: reminder", "ida: REQUEST 0"], "{session}");
    }
    Truth::of(&rig.house.server).await.is_settled();
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_the_loss_of_any_call_or_its_answer() {
    let (_, repeats) = the_life_of_sessions(&Strike::LOST).await;
    assert!(repeats > 0, "some mails were accepted and nobody heard of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_the_refusal_of_any_call() {
    the_life_of_sessions(&Strike::REFUSED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_the_death_of_the_process_at_any_call() {
    let (trials, repeats) = the_life_of_sessions(&Strike::DEATH).await;
    assert!(trials.iter().any(|trial| trial.first.status == 503), "some were not acknowledged");
    assert!(repeats > 0, "some mails were accepted and nobody heard of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_is_marked_once_whatever_call_fails_and_nobody_is_mailed() {
    mark_outcome(&Strike::usual()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_deleted_once_whatever_call_fails_and_nobody_is_mailed() {
    delete(&Strike::usual()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_reaches_its_recipient_whatever_call_fails_and_there_is_one() {
    remind(&Strike::usual()).await;
}

/// Without a key there is nothing to know a repeated attempt by but what it wrote.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_which_nobody_heard_is_recognised_as_ones_own() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::days(3)).await;
    for fault in Fault::ALL {
        for times in [1, 3, 4] {
            let strike = || rig.script.add(fault.at(0).on("TransactWriteItems").times(times));
            let Request { path, body, .. } = team.session(&[]);
            strike();
            let made = rig.house.fay.post(&path, body).await.expect(201);
            rig.script.clear();
            let id = made.text_of("/id");
            let to = wall(team.ends() + Duration::days(30));
            for (what, body) in [("reschedule", json!({"local_start": to, "allow_overlap": true})), ("cancel", json!({}))] {
                strike();
                rig.house.fay.post(&format!("/v1/sessions/{id}/{what}"), body).await.expect(200);
                rig.script.clear();
            }
            assert_eq!(Truth::of(&rig.house.server).await.events[&id].len(), 3, "{fault:?} {times} times");
        }
    }
    rig.heal().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: every failure that outlasts the SDK's own attempts"]
async fn sessions_survive_a_lasting_failure_of_any_call() {
    tokio::join!(
        the_life_of_sessions(&Strike::LASTING),
        mark_outcome(&Strike::LASTING),
        delete(&Strike::LASTING),
        remind(&Strike::LASTING)
    );
}
