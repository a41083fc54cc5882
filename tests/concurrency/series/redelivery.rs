//! Mails of a series whose jobs come twice, late and out of order.

use chrono::Duration;
use hourkeep_app::job::Job;
use hourkeep_tests::Answer;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{Course, following, following_later, is_in_order_and_shown, nth};
use crate::{
    mails::nothing_is_overtaken,
    redelivery::{bring, hand_out, post, records},
    rig::Rig,
    team::wall,
};

const WEEKLY: &str = "FREQ=WEEKLY;COUNT=8";

/// Something is done to one session, and what follows is handed on, but not yet sent.
async fn change(rig: &Rig, session: &str, verb: &str, body: Value) {
    rig.house.fay.post(&format!("/v1/sessions/{session}/{verb}"), body).await.expect(200);
    bring(rig, records(rig).await).await;
}

/// A series whose invitation is not sent yet; since then its third session was moved and its fifth cancelled.
async fn unsent(rig: &Rig, course: &mut Course) -> Answer {
    let series = course.series(WEEKLY, "stop").send(&rig.house).await.expect(201);
    bring(rig, records(rig).await).await;
    let ((third, starts_at), (fifth, _)) = (nth(&series, 2), nth(&series, 4));
    change(rig, &third, "reschedule", json!({"local_start": wall(starts_at + Duration::days(1))})).await;
    change(rig, &fifth, "cancel", json!({})).await;
    series
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_a_series_may_come_in_any_order_and_at_once() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for round in 0..6_usize {
        let begun = rig.out.jobs().len();
        let series = unsent(&rig, &mut course).await;
        let (third, starts_at) = nth(&series, 2);
        change(&rig, &third, "reschedule", json!({"local_start": wall(starts_at + Duration::days(2))})).await;
        let mut jobs: Vec<Job> = rig.out.jobs().split_off(begun);
        let shift = round * 3 % jobs.len();
        jobs.rotate_left(shift);
        if round % 2 == 1 {
            jobs.reverse();
        }
        let mut workers = JoinSet::new();
        for job in [jobs.clone(), jobs.clone()].concat() {
            let post = post(&rig);
            workers.spawn(async move { drop(post.deliver(&job).await) });
        }
        workers.join_all().await;
        is_in_order_and_shown(&rig).await;
    }
    nothing_is_overtaken(&rig.out.mails());
}

/// All of a long life, and every job of it comes at the end, the last first, and then again.
#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_a_whole_life_may_come_at_its_end() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let series = course.series(WEEKLY, "stop").send(&rig.house).await.expect(201);
    bring(&rig, records(&rig).await).await;
    let (third, starts_at) = nth(&series, 2);
    change(&rig, &third, "reschedule", json!({"local_start": wall(starts_at + Duration::days(1))})).await;
    let parted = following_later(&series, 5, Duration::days(2)).send(&rig.house).await.expect(200);
    bring(&rig, records(&rig).await).await;
    following(&parted, 1, "cancel").send(&rig.house).await.expect(200);
    bring(&rig, records(&rig).await).await;
    let mut jobs = rig.out.jobs();
    jobs.reverse();
    hand_out(&rig, &jobs).await;
    hand_out(&rig, &jobs).await;
    is_in_order_and_shown(&rig).await;
    jobs.reverse();
    let sent = rig.out.mails().len();
    hand_out(&rig, &jobs).await;
    assert_eq!(rig.out.mails().len(), sent, "what comes again does nothing");
}

/// An invitation left, and nobody heard of it. A session changes before it is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_after_an_invitation_of_which_nobody_heard_is_told_too() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let series = course.series(WEEKLY, "stop").send(&rig.house).await.expect(201);
    bring(&rig, records(&rig).await).await;
    rig.script.add(hourkeep_testkit::Fault::AnswerLost.at(0).on(hourkeep_testkit::ports::MAIL).times(2));
    hand_out(&rig, &rig.out.jobs()).await;
    rig.script.clear();
    assert_eq!(rig.out.mails().len(), 2, "both have left");
    let (third, starts_at) = nth(&series, 2);
    change(&rig, &third, "reschedule", json!({"local_start": wall(starts_at + Duration::days(1))})).await;
    let mut jobs = rig.out.jobs();
    jobs.reverse();
    hand_out(&rig, &jobs).await;
    is_in_order_and_shown(&rig).await;
}
