//! No double booking, however many ask at once.

use chrono::{Duration, NaiveDate};
use hourkeep_tests::{Answer, House};
use serde_json::{Value, json};

use crate::truth::Truth;

/// How many ask at once.
const CROWD: usize = 64;

/// A house with several practitioners and a client whom all of them treat.
struct Clinic {
    house: House,
    practitioner_ids: Vec<String>,
    client_id: String,
}

impl Clinic {
    async fn of(size: usize) -> Self {
        let house = House::new().await;
        let mut practitioner_ids = Vec::new();
        for n in 0..size {
            let practitioner = json!({
                "name": format!("Practitioner {n}"), "email": "someone@demo.test", "time_zone": "Etc/UTC",
                "weekly_hours": [{"weekday": "thu", "from": "08:00", "until": "18:00"}],
            });
            practitioner_ids.push(house.ada.post("/v1/practitioners", practitioner).await.expect(201).text_of("/id"));
        }
        let client = json!({"first_name": "Rui", "practitioner_ids": practitioner_ids});
        let client_id = house.ada.post("/v1/clients", client).await.expect(201).text_of("/id");
        Self { house, practitioner_ids, client_id }
    }

    /// A session of an hour that begins so many minutes after a moment that is of each round alone; every other one
    /// of them is just before midnight.
    fn session(&self, round: u32, minutes: usize, who: usize, more: &Value) -> Value {
        let hour = if round.is_multiple_of(2) { 9 } else { 23 };
        let first = NaiveDate::from_ymd_opt(2026, 12, 10).unwrap().and_hms_opt(hour, 30, 0).unwrap();
        let start = first + Duration::weeks(i64::from(round)) + Duration::minutes(i64::try_from(minutes).unwrap());
        let mut body = json!({
            "clients": [{"client_id": self.client_id}], "practitioner_id": self.practitioner_ids[who % self.practitioner_ids.len()],
            "local_start": start.format("%Y-%m-%dT%H:%M").to_string(), "time_zone": "Etc/UTC", "length_minutes": 60, "reminders": [],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    /// All of these at once.
    async fn all_at_once(&self, bodies: Vec<Value>) -> Vec<Answer> {
        let mut asking = tokio::task::JoinSet::new();
        for (n, body) in bodies.into_iter().enumerate() {
            let fay = self.house.fay.clone();
            asking.spawn(async move { (n, fay.post("/v1/sessions", body).await) });
        }
        let mut answers = asking.join_all().await;
        answers.sort_by_key(|(n, _)| *n);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

/// One is scheduled; each other is refused, told that it was that one in the way, and of three free times instead.
///
/// The sheets of practitioner and room are read side by side: who clashes on both may be told of either.
#[track_caller]
fn one_wins(answers: Vec<Answer>, resource: &str) {
    let (won, lost): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(won.len(), 1, "{:?}", lost.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let won = &won[0].body;
    for answer in lost {
        let problem = answer.refused(409, "overlap").body;
        let clashes = problem["clashes"].as_array().unwrap();
        assert!(!clashes.is_empty(), "{problem}");
        for clash in clashes {
            assert!(clash["resource"] == resource || clash["resource_id"] == won["practitioner_id"], "{problem}");
            assert_eq!(clash["session_id"], won["id"], "{problem}");
        }
        assert_eq!(problem["alternatives"].as_array().unwrap().len(), 3, "{problem}");
    }
}

/// Every two of these overlap, and hardly any two are equal.
async fn a_crowd_wants_one_practitioner(rounds: u32) {
    let clinic = Clinic::of(1).await;
    for round in 0..rounds {
        let bodies = (0..CROWD).map(|n| clinic.session(round, n * 7 % 60, 0, &json!({})));
        one_wins(clinic.all_at_once(bodies.collect()).await, "practitioner");
    }
    is_whole_and_without_overlap(&clinic.house).await;
}

async fn a_crowd_wants_one_room(rounds: u32) {
    let clinic = Clinic::of(16).await;
    let room = json!({"room_id": clinic.house.room_id});
    for round in 0..rounds {
        let bodies = (0..CROWD).map(|n| clinic.session(round, n * 7 % 60, n, &room));
        one_wins(clinic.all_at_once(bodies.collect()).await, "room");
    }
    is_whole_and_without_overlap(&clinic.house).await;
}

async fn is_whole_and_without_overlap(house: &House) {
    let truth = Truth::of(&house.server).await;
    truth.is_whole();
    truth.has_no_overlap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_overlapping_requests_for_a_practitioner_one_is_scheduled_and_the_others_are_told_why() {
    a_crowd_wants_one_practitioner(10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_overlapping_requests_for_a_room_one_is_scheduled_and_the_others_are_told_why() {
    a_crowd_wants_one_room(10).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: fifty rounds"]
async fn of_sixty_four_overlapping_requests_one_is_scheduled_fifty_times_over() {
    tokio::join!(a_crowd_wants_one_practitioner(50), a_crowd_wants_one_room(50));
}

/// Each overlaps only its neighbours, so that several can stand: whoever is refused was so for one that does.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_chain_of_overlapping_requests_none_that_stand_overlap_and_none_was_refused_for_nothing() {
    let clinic = Clinic::of(1).await;
    let bodies: Vec<Value> = (0..CROWD).map(|n| clinic.session(0, n * 20, 0, &json!({}))).collect();
    let answers = clinic.all_at_once(bodies).await;
    let stand: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(stand.len() >= CROWD / 5, "{}", stand.len());
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        let problem = refused.clone().refused(409, "overlap").body;
        for clash in problem["clashes"].as_array().unwrap() {
            assert!(stand.iter().any(|answer| answer.body["id"] == clash["session_id"]), "{problem}");
        }
    }
    is_whole_and_without_overlap(&clinic.house).await;
}
