//! Series without an end are carried on, whatever fails.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use hourkeep_app::{
    job::{Job, SeriesJob},
    port::Clock,
    work::Horizon,
};
use hourkeep_testkit::{Fault, ports::QUEUE};
use serde_json::Value;

use super::{Course, INVITED, begins, following, is_in_order, is_in_order_and_shown, nth};
use crate::{calendars::show_what_stands, rig::Rig, truth::Truth};

/// A clock that stands at another moment than the house's.
struct Standing(DateTime<Utc>);

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The worker that carries series on, as it will be at a later moment.
pub(super) fn horizon(rig: &Rig, at: DateTime<Utc>) -> Horizon {
    let (desk, ports) = (rig.house.server.desk(), rig.house.server.ports());
    let clock = Arc::new(Standing(at));
    Horizon { table: desk.table.clone(), clock, timers: ports.timers.clone(), queue: ports.queue.clone() }
}

fn job(truth: &Truth, series: &str) -> Job {
    let series = &truth.series[series];
    Job::Series(SeriesJob { practice: series.practice, series: series.id })
}

/// The items of an inbox that are of a kind.
async fn flagged(rig: &Rig, kind: &str) -> Vec<Value> {
    let inbox = rig.house.ada.get("/v1/inbox?limit=100").await.expect(200).body;
    inbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == kind).cloned().collect()
}

/// By the sweep alone, after three days in which no job came through.
#[tokio::test(flavor = "multi_thread")]
async fn a_weekly_series_is_carried_on_as_the_weeks_go_by() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    let series = course.series("FREQ=WEEKLY", "stop");
    course.at_its_time(&series, 55 * 7).send(&rig.house).await.expect(201);
    let booked = series.send(&rig.house).await.expect(201);
    assert_eq!(super::sessions(&booked), 54);
    rig.house.drain().await;
    rig.advance_to(begins(&series) + Duration::days(6)).await;
    rig.script.add(Fault::NotSent.at(0).on(QUEUE).forever());
    rig.advance_to(begins(&series) + Duration::days(9)).await;
    let id = booked.text_of("/id");
    assert_eq!(Truth::of(&rig.house.server).await.standing_of(&id).len(), 54);
    rig.script.clear();
    rig.advance_to(begins(&series) + Duration::days(15)).await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
    truth.has_no_overlap();
    truth.is_made_ahead(rig.now());
    assert_eq!(truth.standing_of(&id).len(), 55, "one more was made, and the next is taken");
    assert_eq!(flagged(&rig, "place_taken").await.len(), 1);
    show_what_stands(&rig.out.mails(), &truth, &INVITED);
}

/// One day of a daily series is the day before the next: what ends there is not carried on.
#[tokio::test(flavor = "multi_thread")]
async fn a_daily_series_that_ends_stays_ended() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for verb in ["cancel", "delete"] {
        let series = course.standing(&rig, "FREQ=DAILY;COUNT=9").await;
        following(&series, 4, verb).send(&rig.house).await.expect(200);
        let truth = is_in_order(&rig).await;
        assert_eq!(truth.standing_of(&series.text_of("/id")).len(), 4, "{verb}");
    }
    let series = course.standing(&rig, "FREQ=DAILY;COUNT=9").await;
    super::following_later(&series, 4, Duration::days(1)).send(&rig.house).await.expect(200);
    is_in_order(&rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_carried_on_and_cancelled_at_once_ends_cancelled() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for _ in 0..8 {
        let series = course.series("FREQ=WEEKLY;INTERVAL=4", "stop");
        let booked = series.send(&rig.house).await.expect(201);
        rig.house.drain().await;
        let id = booked.text_of("/id");
        // Whoever is later finds the same to come: what is over by then is before the one that is named.
        let later = begins(&series) + Duration::weeks(40);
        let (worker, job) = (horizon(&rig, later), job(&Truth::of(&rig.house.server).await, &id));
        let (named, _) = nth(&booked, 11);
        let cancel = following(&booked, 11, "cancel");
        let (carried_on, cancelled) = tokio::join!(worker.work(&job), cancel.send(&rig.house));
        carried_on.unwrap();
        cancelled.expect(200);
        rig.house.drain().await;
        let truth = Truth::of(&rig.house.server).await;
        assert_eq!(truth.standing_of(&id).len(), 11, "{named} and all that follow it are cancelled");
    }
    is_in_order_and_shown(&rig).await;
}
