//! Several change one series, or want its times, at the same moment.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::Duration;
use hourkeep_app::job::{Job, SeriesJob};
use hourkeep_domain::series::Series;
use hourkeep_store::from_image;
use hourkeep_tests::Answer;
use serde_json::json;

use super::{Course, extend::horizon, following, following_later, is_in_order, is_in_order_and_shown, nth, sessions};
use crate::{
    races::{all_at_once, of_status},
    rig::Rig,
    team::{Request, wall},
};

/// Two transactions of sessions in a room.
const WEEKLY: &str = "FREQ=WEEKLY;COUNT=14";

/// What went wrong, in short.
fn told(answers: &[Answer]) -> Vec<(u16, Option<&str>)> {
    answers.iter().map(|answer| (answer.status, answer.body["detail"].as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_series_asked_for_many_times_at_once_is_one_series_and_one_answer() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for (round, on_conflict) in ["stop", "skip", "keep"].into_iter().enumerate() {
        let request = course.series(WEEKLY, on_conflict);
        let answers = all_at_once(&rig, vec![request; 8]).await;
        let first = answers[0].clone().expect(201);
        for answer in answers {
            assert_eq!((answer.status, &answer.etag, &answer.text), (201, &first.etag, &first.text));
        }
        assert_eq!(sessions(&first), 14);
        assert_eq!(is_in_order(&rig).await.series.len(), round + 1);
    }
    is_in_order_and_shown(&rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_the_same_times_one_gets_them_all() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for round in 1..=3 {
        let wish = course.series(WEEKLY, "stop");
        let requests = (0..6).map(|n| Request { key: format!("{} by {n}", wish.key), ..wish.clone() }).collect();
        let answers = all_at_once(&rig, requests).await;
        let (booked, refused) = (of_status(&answers, 201), of_status(&answers, 409));
        assert!(booked <= 1 && booked + refused == 6, "{answers:?}");
        let truth = is_in_order(&rig).await;
        // Where each found a time that another held, none may have got them.
        let stands = truth.series.values().filter(|series| series.stands()).count();
        assert!(stands <= round, "{stands}");
        let of_series = truth.sessions.values().filter(|session| session.details().occurrence.is_some());
        assert_eq!(of_series.count(), stands * 14);
    }
    is_in_order_and_shown(&rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_and_sessions_at_its_times_never_overlap() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for round in 0..8 {
        let on_conflict = if round % 2 == 0 { "stop" } else { "skip" };
        let series = course.series(WEEKLY, on_conflict);
        let alone = (0..14).step_by(3).map(|week| course.at_its_time(&series, week * 7));
        let alone: Vec<Request> = alone.collect();
        let count = alone.len();
        let answers = all_at_once(&rig, [vec![series], alone].concat()).await;
        let booked = of_status(&answers[1..], 201);
        assert_eq!(booked + of_status(&answers[1..], 409), count);
        match (on_conflict, answers[0].status) {
            ("skip", _) => assert_eq!(sessions(&answers[0].clone().expect(201)), 14 - booked),
            (_, 201) => assert_eq!((sessions(&answers[0]), booked), (14, 0)),
            (_, _) => {
                answers[0].clone().refused(409, "series-conflicts");
            }
        }
        is_in_order(&rig).await.has_no_overlap();
    }
    is_in_order_and_shown(&rig).await;
}

/// One session is moved or cancelled by hand while it and all that follow are changed, and mails are on their way.
#[tokio::test(flavor = "multi_thread")]
async fn one_session_and_all_that_follow_change_at_once() {
    let rig = Rig::new().await;
    let mut course = Course::new(&rig).await;
    for round in 0..12 {
        let series = course.standing(&rig, WEEKLY).await;
        let (id, starts_at) = nth(&series, 2 + round % 4);
        let by_hand = if round % 3 == 0 {
            Request::new(format!("/v1/sessions/{id}/cancel"), json!({}))
        } else {
            let elsewhere = json!({"local_start": wall(starts_at + Duration::days(1))});
            Request::new(format!("/v1/sessions/{id}/reschedule"), elsewhere)
        };
        let all = match round % 4 {
            0 => following(&series, 2, "cancel"),
            1 => following_later(&series, 2, Duration::days(3)),
            2 => following_later(&series, 0, Duration::days(3)),
            _ => following(&series, 2, "delete"),
        };
        let changes = all_at_once(&rig, vec![by_hand, all]);
        let (answers, ()) = tokio::join!(changes, rig.house.drain());
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)), "{round}: {:?}", told(&answers));
        assert!(of_status(&answers, 200) >= 1, "{round}: {:?}", told(&answers));
        rig.house.drain().await;
        is_in_order(&rig).await.has_no_overlap();
    }
}

/// The same without deleting, of which nobody is told: so calendars show what stands.
#[tokio::test(flavor = "multi_thread")]
async fn calendars_show_what_became_of_changes_at_once() {
    for round in 0..6 {
        let rig = Rig::new().await;
        let mut course = Course::new(&rig).await;
        let series = course.standing(&rig, WEEKLY).await;
        let (id, starts_at) = nth(&series, 3 + round % 2);
        let elsewhere = json!({"local_start": wall(starts_at + Duration::days(1))});
        let by_hand = Request::new(format!("/v1/sessions/{id}/reschedule"), elsewhere);
        let all = match round % 3 {
            0 => following(&series, 2, "cancel"),
            1 => following_later(&series, 2, Duration::days(3)),
            _ => following_later(&series, 0, Duration::days(3)),
        };
        let changes = all_at_once(&rig, vec![by_hand, all]);
        let (answers, ()) = tokio::join!(changes, rig.house.drain());
        assert!(of_status(&answers, 200) >= 1, "{round}: {:?}", told(&answers));
        is_in_order_and_shown(&rig).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_of_all_that_follow_each_is_whole() {
    for round in 0..6 {
        let rig = Rig::new().await;
        let mut course = Course::new(&rig).await;
        let series = course.standing(&rig, WEEKLY).await;
        let requests = match round % 3 {
            0 => vec![following_later(&series, 2, Duration::days(3)), following_later(&series, 4, Duration::days(2))],
            1 => vec![following_later(&series, 2, Duration::days(3)), following(&series, 4, "cancel")],
            _ => vec![following_later(&series, 0, Duration::days(3)), following_later(&series, 3, Duration::days(2))],
        };
        let changes = all_at_once(&rig, requests);
        let (answers, ()) = tokio::join!(changes, rig.house.drain());
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)), "{round}: {:?}", told(&answers));
        assert!(of_status(&answers, 200) >= 1, "{round}: {:?}", told(&answers));
        is_in_order_and_shown(&rig).await;
    }
}

/// A request without a key: someone else finishes what it began, and it is answered with that.
#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_someone_else_finishes_is_booked_once() {
    for on_conflict in ["keep", "stop"] {
        let rig = Rig::new().await;
        let mut course = Course::new(&rig).await;
        let Request { path, body, .. } = course.series(WEEKLY, on_conflict);
        let server = &rig.house.server;
        let (worker, database, table) =
            (horizon(&rig, rig.now()), server.database().clone(), server.desk().table.name().to_owned());
        let (begun, helped) = (AtomicBool::new(false), Arc::new(AtomicBool::new(false)));
        let done = helped.clone();
        rig.script.decide(move |call| {
            // Its second transaction is on its way.
            if call.label == "TransactWriteItems" && begun.swap(true, Ordering::SeqCst) && !done.swap(true, Ordering::SeqCst) {
                let help = async {
                    let found = database.scan().table_name(&table).send().into_future();
                    let items = found.await.unwrap().items.unwrap_or_default();
                    let image = items.into_iter().find(|item| item["sk"].as_s().unwrap() == "SERIES").unwrap();
                    let Series { practice, id, .. } = from_image(image).unwrap().body;
                    worker.work(&Job::Series(SeriesJob { practice, series: id })).await.unwrap();
                };
                let runtime = tokio::runtime::Handle::current();
                tokio::task::block_in_place(|| runtime.block_on(help));
            }
            None
        });
        let booked = rig.house.fay.post(&path, body).await.expect(201);
        rig.script.clear();
        assert!(helped.load(Ordering::SeqCst), "someone else has finished it");
        assert_eq!(sessions(&booked), 14);
        assert_eq!(is_in_order_and_shown(&rig).await.series.len(), 1, "{on_conflict}");
    }
}
