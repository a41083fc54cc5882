//! New time-zone rules, with each call on their way failing in turn; and while others change the same sessions.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use hourkeep_domain::{session::Session, zone::tz_version};
use hourkeep_tests::OLDER;
use serde_json::json;

use crate::{
    crash::Strike,
    mails::{Mailed, about, nothing_is_overtaken, repeats_are_identical},
    rig::Rig,
    team::{Request, Standing, Team, wall},
    truth::Truth,
};

/// Two sessions of an older release, and where they belong: one that moves by an hour, and one that stays.
struct Pair {
    moves: Standing,
    stays: Standing,
}

impl Pair {
    /// They are booked, and what follows is done with.
    async fn book(rig: &Rig, team: &mut Team) -> Self {
        let mut both = Vec::new();
        for by in [60, 0] {
            let mut request = team.session(&[1]);
            // By the rules of then, others may stand there.
            request.body["allow_overlap"] = true.into();
            let answer = request.send(&rig.house).await.expect(201);
            let starts_at: DateTime<Utc> = answer.text_of("/starts_at").parse().unwrap();
            rig.house.backdate(&answer.body, starts_at + Duration::minutes(by)).await;
            both.push(Standing { id: answer.text_of("/id"), starts_at });
        }
        rig.house.drain().await;
        let [moves, stays] = both.try_into().ok().unwrap();
        Self { moves, stays }
    }
}

/// Each session is as it was or as it shall be; and if nobody says that something failed, as it shall be.
fn old_or_new(truth: &Truth, pair: &Pair, done: bool) {
    let slot = |id: &str| truth.sessions[id].details().slot.clone();
    let moved = slot(&pair.moves.id);
    let old = (OLDER, pair.moves.starts_at + Duration::hours(1));
    let new = (tz_version(), pair.moves.starts_at);
    assert!([old, new].contains(&(moved.tz_version(), moved.starts_at())), "{moved:?}");
    let stayed = slot(&pair.stays.id);
    assert_eq!(stayed.starts_at(), pair.stays.starts_at);
    let current = [&moved, &stayed].into_iter().all(|slot| slot.tz_version() == tz_version());
    assert!(current || !done, "{moved:?} {stayed:?}");
}

fn besides_reminders(mails: &[Mailed], session: &str) -> Vec<String> {
    about(mails, session).into_iter().filter(|said| said != "gil: reminder").collect()
}

/// Each session goes by the current rules, and each of those that moved was told of it.
async fn all_are_brought(rig: &Rig, pairs: &[Pair]) {
    let (truth, mails) = (Truth::of(&rig.house.server).await, rig.out.mails());
    truth.is_whole();
    truth.is_settled();
    truth.has_no_overlap();
    repeats_are_identical(&mails);
    nothing_is_overtaken(&mails);
    for pair in pairs {
        for (standing, revision) in [(&pair.moves, 2), (&pair.stays, 1)] {
            let details = truth.sessions[&standing.id].details();
            assert_eq!((details.slot.tz_version(), details.slot.starts_at()), (tz_version(), standing.starts_at));
            assert_eq!((details.revision, truth.events[&standing.id].len()), (revision, revision as usize));
        }
        let told = ["cleo: notice", "gil: REQUEST 0", "gil: REQUEST 1", "ida: REQUEST 0", "ida: REQUEST 1"];
        assert_eq!(besides_reminders(&mails, &pair.moves.id), told);
        assert_eq!(besides_reminders(&mails, &pair.stays.id), ["gil: REQUEST 0", "ida: REQUEST 0"]);
    }
}

/// Every call of the job fails in turn.
async fn brought_through(strikes: &[Strike]) {
    let rig = Rig::new().await;
    let mut team = Team::of(2, &rig, Duration::hours(30)).await;
    let (practice, horizon) = (rig.house.practice_id().await, rig.house.server.horizon());
    let mut pairs = Vec::new();
    for &strike in strikes {
        for k in 0.. {
            let (pair, before) = (Pair::book(&rig, &mut team).await, rig.struck());
            strike.arm(&rig.script, k);
            let brought = horizon.reanchor(practice).await;
            rig.script.clear();
            let truth = Truth::of(&rig.house.server).await;
            truth.is_whole();
            old_or_new(&truth, &pair, brought.is_ok());
            pairs.push(pair);
            if rig.struck() == before {
                break;
            }
        }
    }
    rig.heal().await;
    rig.house.hand_out_rules().await;
    rig.heal().await;
    all_are_brought(&rig, &pairs).await;
    assert!(pairs.len() > 8 * strikes.len(), "{} calls were struck", pairs.len());
    // The reminders of all come at their minutes, once.
    rig.advance_to(team.ends() + Duration::hours(2)).await;
    let mails = rig.out.mails();
    repeats_are_identical(&mails);
    for pair in &pairs {
        for id in [&pair.moves.id, &pair.stays.id] {
            assert_eq!(about(&mails, id).iter().filter(|said| *said == "gil: reminder").count(), 1, "{id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_survive_the_loss_of_any_call_or_its_answer() {
    brought_through(&Strike::LOST).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_survive_the_refusal_of_any_call() {
    brought_through(&Strike::REFUSED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_survive_the_death_of_the_process_at_any_call() {
    brought_through(&Strike::DEATH).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: every failure that outlasts the SDK's own attempts"]
async fn new_rules_survive_a_lasting_failure_of_any_call() {
    brought_through(&Strike::LASTING).await;
}

/// Whoever hands out the jobs and is cut off begins again with the next sweep.
#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_is_cut_off_hands_out_new_rules_the_next_time() {
    let rig = Rig::new().await;
    let mut team = Team::of(2, &rig, Duration::hours(72)).await;
    let relay = rig.house.server.relay();
    let mut pairs = Vec::new();
    for strike in Strike::DEATH {
        for k in 0.. {
            let (pair, before) = (Pair::book(&rig, &mut team).await, rig.struck());
            rig.house.after_an_older_release().await;
            strike.arm(&rig.script, k);
            let first = relay.sweep().await;
            rig.script.clear();
            let again = relay.sweep().await.unwrap();
            assert!(first.is_ok_and(|first| first.reanchoring == 1) || again.reanchoring == 1, "{strike:?} at {k}");
            rig.house.drain().await;
            let slot = Truth::of(&rig.house.server).await.sessions[&pair.moves.id].details().slot.clone();
            assert_eq!((slot.tz_version(), slot.starts_at()), (tz_version(), pair.moves.starts_at), "{strike:?} at {k}");
            pairs.push(pair);
            if rig.struck() == before {
                break;
            }
        }
    }
    rig.heal().await;
    assert_eq!(rig.house.rules().await, Some((tz_version().to_owned(), false)));
    all_are_brought(&rig, &pairs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_twice_at_once_are_brought_once() {
    let rig = Rig::new().await;
    let mut team = Team::of(2, &rig, Duration::hours(72)).await;
    let mut pairs = Vec::new();
    for _ in 0..4 {
        pairs.push(Pair::book(&rig, &mut team).await);
    }
    let (practice, horizon) = (rig.house.practice_id().await, rig.house.server.horizon());
    let (one, other) = tokio::join!(horizon.reanchor(practice), horizon.reanchor(practice));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.moved + other.moved, pairs.len());
    assert!(!horizon.reanchor(practice).await.unwrap().has_changed());
    rig.heal().await;
    all_are_brought(&rig, &pairs).await;
}

/// Staff move sessions while new rules reach them: whoever is later decides from what the other left.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_staff_move_meanwhile_is_where_they_moved_it() {
    let rig = Rig::new().await;
    let mut team = Team::of(2, &rig, Duration::hours(72)).await;
    let mut pairs = Vec::new();
    for _ in 0..8 {
        pairs.push(Pair::book(&rig, &mut team).await);
    }
    let later = Duration::days(1);
    let (practice, horizon) = (rig.house.practice_id().await, rig.house.server.horizon());
    let brought = tokio::spawn(async move { horizon.reanchor(practice).await });
    let mut wanted = BTreeMap::new();
    for pair in &pairs {
        for Standing { id, starts_at } in [&pair.moves, &pair.stays] {
            let wish = json!({"local_start": wall(*starts_at + later), "allow_overlap": true});
            Request::new(format!("/v1/sessions/{id}/reschedule"), wish).send(&rig.house).await.expect(200);
            wanted.insert(id.clone(), *starts_at + later);
        }
    }
    brought.await.unwrap().unwrap();
    rig.heal().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
    nothing_is_overtaken(&rig.out.mails());
    let there = |session: &Session| (session.details().slot.starts_at(), session.details().slot.tz_version().to_owned());
    for (id, starts_at) in wanted {
        assert_eq!(there(&truth.sessions[&id]), (starts_at, tz_version().to_owned()));
    }
}
