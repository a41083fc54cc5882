//! Several change one session, or send one request, at the same time.

use chrono::Duration;
use hourkeep_tests::Answer;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    mails::{about, repeats_are_identical},
    rig::Rig,
    team::{Request, Standing, Team, wall},
    truth::Truth,
};

/// All of these at once, in whatever order.
pub(crate) async fn all_at_once(rig: &Rig, requests: Vec<Request>) -> Vec<Answer> {
    let mut asking = JoinSet::new();
    for (n, request) in requests.into_iter().enumerate() {
        let fay = rig.house.fay.clone();
        asking.spawn(async move { (n, request.by(&fay).await) });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

pub(crate) fn of_status(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn holds(rig: &Rig) {
    rig.heal().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
    truth.has_no_overlap();
    repeats_are_identical(&rig.out.mails());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_sessions_moved_onto_one_free_time_one_gets_there() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::hours(49)).await;
    let mut requests = Vec::new();
    for n in 0..24 {
        let Standing { id, .. } = team.standing(&rig.house, &[]).await;
        let to = team.ends() + Duration::days(1) + Duration::minutes(n % 15);
        requests.push(Request::new(format!("/v1/sessions/{id}/reschedule"), json!({"local_start": wall(to)})));
    }
    let answers = all_at_once(&rig, requests).await;
    assert_eq!((of_status(&answers, 200), of_status(&answers, 409)), (1, 23));
    for refused in answers.into_iter().filter(|answer| answer.status != 200) {
        refused.refused(409, "overlap");
    }
    holds(&rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_sent_many_times_at_once_is_one_session_and_one_answer() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::hours(49)).await;
    let before = Truth::of(&rig.house.server).await.sessions.len();
    for round in 1..=5 {
        let request = team.session(&[1]);
        let answers = all_at_once(&rig, vec![request; 32]).await;
        let first = answers[0].clone().expect(201);
        for answer in answers {
            assert_eq!((answer.status, &answer.etag, &answer.text), (201, &first.etag, &first.text));
        }
        holds(&rig).await;
        assert_eq!(Truth::of(&rig.house.server).await.sessions.len(), before + round);
        assert_eq!(about(&rig.out.mails(), &first.text_of("/id")), ["gil: REQUEST 0", "ida: REQUEST 0"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_moved_and_cancelled_at_once_ends_cancelled_and_its_last_mail_says_so() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::hours(49)).await;
    for _ in 0..10 {
        let Standing { id, starts_at } = team.standing(&rig.house, &[1]).await;
        let to = wall(starts_at + Duration::days(3));
        let change = |what: &str, body: Value| Request::new(format!("/v1/sessions/{id}/{what}"), body);
        let both = vec![change("reschedule", json!({"local_start": to})), change("cancel", json!({}))];
        let answers = all_at_once(&rig, both).await;
        let cancelled = answers[1].clone().expect(200);
        let moved = answers[0].status == 200;
        if !moved {
            answers[0].clone().refused(409, "wrong-status");
        }
        assert_eq!(cancelled.body["local_start"] == to.as_str(), moved, "who cancels after the move cancels the moved one");
        holds(&rig).await;
        let mails = rig.out.mails();
        let gils: Vec<_> = mails.iter().filter(|mail| mail.session == id && mail.to == "gil@reis.test").collect();
        let last = gils.last().unwrap().entry.clone().unwrap();
        assert_eq!((last.method.as_str(), last.sequence), ("CANCEL", if moved { 2 } else { 1 }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_saw_the_same_revision_one_changes_it() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::hours(49)).await;
    let Standing { id, starts_at } = team.standing(&rig.house, &[]).await;
    let path = format!("/v1/sessions/{id}/reschedule");
    let mut asking = JoinSet::new();
    for n in 0..16 {
        let (fay, path) = (rig.house.fay.clone(), path.clone());
        let body = json!({"local_start": wall(starts_at + Duration::days(2) + Duration::minutes(n))});
        asking.spawn(async move { fay.send(reqwest::Method::POST, &path, &[("if-match", "\"1\"")], Some(&body)).await });
    }
    let answers = asking.join_all().await;
    assert_eq!((of_status(&answers, 200), of_status(&answers, 412)), (1, 15));
    holds(&rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_move_and_one_cancellation_sent_many_times_at_once_happen_once() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::hours(49)).await;
    for _ in 0..5 {
        let Standing { id, starts_at } = team.standing(&rig.house, &[]).await;
        let to = wall(starts_at + Duration::days(3));
        let change = |what: &str, body: Value| Request::new(format!("/v1/sessions/{id}/{what}"), body);
        for (revision, request) in
            [(2, change("reschedule", json!({"local_start": to}))), (3, change("cancel", json!({"reason": "Flu."})))]
        {
            let answers = all_at_once(&rig, vec![request; 16]).await;
            let first = answers[0].clone().expect(200);
            assert_eq!(first.body["revision"], revision);
            for answer in answers {
                assert_eq!((answer.status, &answer.etag, &answer.text), (200, &first.etag, &first.text));
            }
        }
        assert_eq!(Truth::of(&rig.house.server).await.events[&id].len(), 3);
    }
    holds(&rig).await;
}
