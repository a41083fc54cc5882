use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    command::{operate, own},
    rig::Rig,
};

async fn usage(rig: &Rig) -> Value {
    rig.house.ada.get("/v1/practice/usage").await.expect(200).body
}

async fn limit(rig: &Rig, words: &[&str]) -> String {
    operate(&rig.house, &[["limit", "harbour-clinic"].as_slice(), words].concat()).await.done()
}

#[tokio::test]
async fn the_session_above_the_limit_is_refused_until_the_limit_or_the_month_is_another() {
    let rig = Rig::new().await;
    let booked = usage(&rig).await["sessions_booked"].as_u64().unwrap();
    assert_eq!(booked, 9, "the demo's");
    let said = limit(&rig, &["--sessions-per-month", "10"]).await;
    assert_eq!(said, "harbour-clinic: limits are 10 sessions a month.\n");
    let session = |day: u32| rig.house.session(&format!("2026-12-{day}T07:00"), json!({}));
    rig.house.ada.post("/v1/sessions", session(14)).await.expect(201);
    let refused = rig.house.ada.post("/v1/sessions", session(15)).await.refused(403, "monthly-limit-reached");
    assert!(refused.text_of("/detail").contains("Nothing was booked"), "{}", refused.text);
    assert_eq!(usage(&rig).await["sessions_booked"], 10);

    assert!(limit(&rig, &["--sessions-per-month", "11"]).await.contains("11 sessions"));
    rig.house.ada.post("/v1/sessions", session(15)).await.expect(201);
    rig.house.ada.post("/v1/sessions", session(16)).await.refused(403, "monthly-limit-reached");
    rig.pass("2026-12-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - rig.now()).await;
    rig.house.ada.post("/v1/sessions", session(16)).await.expect(201);
    assert!(limit(&rig, &["--sessions-per-month", "0"]).await.contains("0 sessions"));
    rig.house.ada.post("/v1/sessions", session(17)).await.refused(403, "monthly-limit-reached");
    assert!(limit(&rig, &["--sessions-per-month", "none"]).await.contains("limits are none"));
    rig.house.ada.post("/v1/sessions", session(17)).await.expect(201);
}

#[tokio::test]
async fn one_limit_leaves_the_other_alone() {
    let rig = Rig::new().await;
    limit(&rig, &["--sessions-per-month", "10"]).await;
    let said = limit(&rig, &["--mails-per-month", "5"]).await;
    assert_eq!(said, "harbour-clinic: limits are 10 sessions and 5 mails a month.\n");
    assert!(limit(&rig, &["--mails-per-month", "5"]).await.contains("nothing was changed"));
    let shown = operate(&rig.house, &["show", &own(&rig.house).await, "--month", "2026-11"]).await.done();
    assert!(shown.contains("9 (at most 10)") && shown.contains("0 (at most 5)"), "{shown}");
    let seen = usage(&rig).await;
    assert_eq!((&seen["sessions_limit"], &seen["mails_limit"]), (&json!(10), &json!(5)));
}

#[tokio::test]
async fn mails_above_the_limit_wait_until_it_is_raised_and_then_leave_once() {
    let rig = Rig::new().await;
    limit(&rig, &["--mails-per-month", "2"]).await;
    for day in 8..12 {
        rig.house.schedule_invited(&format!("2026-12-{day:02}T11:00")).await;
    }
    assert_eq!(rig.house.mails().await.len(), 2);
    rig.pass(Duration::hours(5)).await;
    assert_eq!((rig.house.mails().await.len(), &usage(&rig).await["mails_sent"]), (2, &json!(2)));
    limit(&rig, &["--mails-per-month", "3"]).await;
    rig.pass(Duration::hours(1)).await;
    assert_eq!(rig.house.mails().await.len(), 3);
    limit(&rig, &["--mails-per-month", "none"]).await;
    rig.pass(Duration::hours(2)).await;
    let mails = rig.house.mails().await;
    assert_eq!((mails.len(), &usage(&rig).await["mails_sent"]), (4, &json!(4)));
    rig.is_settled().await;
}

#[tokio::test]
async fn mails_above_the_limit_leave_in_the_next_month() {
    let rig = Rig::new().await;
    limit(&rig, &["--mails-per-month", "0"]).await;
    rig.house.schedule_invited("2026-12-09T11:00").await;
    rig.pass(Duration::hours(8)).await;
    assert_eq!(rig.house.mails().await.len(), 0, "November, in UTC");
    // December allows none either; with one, it leaves.
    limit(&rig, &["--mails-per-month", "1"]).await;
    rig.pass(Duration::hours(2)).await;
    assert_eq!(rig.house.mails().await.len(), 1);
    let november = rig.house.ada.get("/v1/practice/usage?month=2026-11").await.expect(200).body["mails_sent"].clone();
    let december = rig.house.ada.get("/v1/practice/usage?month=2026-12").await.expect(200).body["mails_sent"].clone();
    assert_eq!((november, december), (json!(0), json!(1)));
}
