//! A practice that grows pays no more for a booking.

use chrono::{Days, NaiveDate};
use hourkeep_tests::House;
use serde_json::json;
use tokio::task::JoinSet;

use super::Cost;
use crate::support::watched;

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();

fn day(n: u64) -> NaiveDate {
    FIRST.checked_add_days(Days::new(n)).unwrap()
}

/// Two sessions on each of these days.
async fn fill(house: &House, days: std::ops::Range<u64>) {
    let mut lanes = JoinSet::new();
    for lane in 0..8 {
        let days: Vec<u64> = days.clone().filter(|day| day % 8 == lane).collect();
        let bodies =
            days.into_iter().flat_map(|n| ["09:00", "11:00"].map(|time| house.session(&format!("{}T{time}", day(n)), json!({}))));
        let (ada, bodies) = (house.ada.clone(), bodies.collect::<Vec<_>>());
        lanes.spawn(async move {
            for body in bodies {
                ada.post("/v1/sessions", body).await.expect(201);
            }
        });
    }
    lanes.join_all().await;
}

async fn costs(house: &House, log: &hourkeep_testkit::Log, n: u64) -> [Cost; 4] {
    drop(log.take());
    let body = house.session(&format!("{}T14:00", day(n)), json!({}));
    let id = house.ada.post("/v1/sessions", body).await.expect(201).text_of("/id");
    let booked = Cost::taken(log);
    let path = format!("/v1/sessions/{id}");
    house.ada.post(&format!("{path}/reschedule"), json!({"local_start": format!("{}T15:00", day(n))})).await.expect(200);
    let moved = Cost::taken(log);
    let week = format!("/v1/calendar?from={}&to={}&practitioner_id={}", day(n), day(n + 1), house.ada_id);
    house.ada.get(&week).await.expect(200);
    let seen = Cost::taken(log);
    house.ada.post(&format!("{path}/cancel"), json!({})).await.expect(200);
    [booked, moved, seen, Cost::taken(log)]
}

#[tokio::test]
async fn a_booking_costs_the_same_in_a_practice_of_two_thousand_sessions_as_in_one_of_ten() {
    let (house, log) = watched().await;
    fill(&house, 0..5).await;
    let small = costs(&house, &log, 1).await;
    fill(&house, 5..1_000).await;
    let large = costs(&house, &log, 501).await;
    for (small, large) in small.into_iter().zip(large) {
        let counts = |cost: Cost| (cost.requests, cost.rounds, cost.transactions);
        assert_eq!(counts(small), counts(large));
        assert!(large.read_units <= 1.1 * small.read_units, "{large:?} after {small:?}");
        assert!(large.write_units <= 1.1 * small.write_units, "{large:?} after {small:?}");
    }
}
