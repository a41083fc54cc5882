//! The mails once more, read by a calendar program that shares nothing with what wrote them.

use chrono::{DateTime, Utc};
use hourkeep_tests::{CalendarProgram, House, Snapshot};
use serde_json::{Value, json};

use crate::home::{Home as _, at};

const GIL: &str = "gil@family.test";

/// What Gil's calendar shows after each mail that came.
async fn calendar(house: &House) -> Vec<Snapshot> {
    let mails: Vec<Vec<u8>> = house.letters_to(GIL).await.into_iter().map(|letter| letter.raw).collect();
    CalendarProgram::read(&mails, at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z"))
}

/// The sessions that stand, as the API answers them.
async fn sessions(house: &House, of: &[&Value]) -> Vec<(String, DateTime<Utc>, DateTime<Utc>)> {
    let mut standing = Vec::new();
    for session in of {
        let id = session["id"].as_str().unwrap();
        let session = house.ada.get(&format!("/v1/sessions/{id}")).await.expect(200).body;
        let time = |field: &str| at(session[field].as_str().unwrap());
        if session["status"] != "cancelled" {
            standing.push((format!("{id}@hourkeep"), time("starts_at"), time("ends_at")));
        }
    }
    standing.sort_by_key(|(_, starts_at, _)| *starts_at);
    standing
}

/// That the calendar after the newest mail is what the API answers, after this many mails.
async fn assert_same(house: &House, of: &[&Value], mails: usize) {
    let snapshots = calendar(house).await;
    assert_eq!(snapshots.len(), mails);
    let newest = snapshots.last().unwrap();
    assert_eq!(newest.problems, [""; 0]);
    let shown = newest.entries.iter().map(|entry| (entry.uid.clone(), entry.starts_at, entry.ends_at));
    assert_eq!(shown.collect::<Vec<_>>(), sessions(house, of).await);
}

#[tokio::test]
async fn a_calendar_that_applies_itip_follows_single_sessions() {
    let house = House::new().await;
    let first = house.schedule_invited("2026-12-10T09:00").await;
    assert_same(&house, &[&first], 1).await;
    let second = house.schedule_invited("2026-12-14T16:30").await;
    assert_same(&house, &[&first, &second], 2).await;

    house.until("2026-11-30T16:00:00Z").await;
    house.act(&first, "reschedule", json!({"local_start": "2027-03-16T10:30", "length_minutes": 45})).await;
    house.settle().await;
    assert_same(&house, &[&first, &second], 3).await;

    house.until("2026-11-30T17:00:00Z").await;
    house.act(&first, "reschedule", json!({"local_start": "2026-12-15T10:30", "send_updates": false})).await;
    house.act(&second, "cancel", json!({})).await;
    house.settle().await;
    assert_eq!(calendar(&house).await[3].times(), [(at("2027-03-16T17:30:00Z"), at("2027-03-16T18:15:00Z"))], "a silent move");

    house.until("2026-11-30T18:00:00Z").await;
    let path = format!("/v1/sessions/{}", first["id"].as_str().unwrap());
    house.ada.patch(&path, json!({"instructions": "Bring the form.", "send_updates": true})).await.expect(200);
    house.settle().await;
    assert_same(&house, &[&first, &second], 5).await;
    let described = calendar(&house).await[4].entries[0].description.clone().unwrap();
    assert!(described.ends_with("Bring the form."), "{described}");

    house.act(&first, "cancel", json!({})).await;
    house.settle().await;
    assert_same(&house, &[&first, &second], 6).await;
    assert_eq!(calendar(&house).await[5].entries, []);
}
