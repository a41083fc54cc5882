//! A practice keeps a director, whatever happens at once.

use hourkeep_tests::{House, Person};
use serde_json::{Value, json};

async fn member(house: &House, subject: &str) -> Value {
    let members = house.ada.get("/v1/members").await.expect(200).body;
    members["items"].as_array().unwrap().iter().find(|member| member["subject"] == subject).unwrap().clone()
}

async fn path(house: &House, subject: &str) -> String {
    format!("/v1/members/{}", member(house, subject).await["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_last_director_stays_one() {
    let house = House::new().await;
    let ada = path(&house, "ada@demo.test").await;
    let fay = path(&house, "fay@demo.test").await;
    for change in [json!({"active": false}), json!({"role": "front_desk"}), json!({"role": "practitioner"})] {
        house.ada.patch(&ada, change).await.refused(409, "last-director");
    }
    house.ada.patch(&fay, json!({"role": "director", "active": false})).await.expect(200);
    // A director who is deactivated is none.
    house.ada.patch(&ada, json!({"role": "front_desk"})).await.refused(409, "last-director");
    house.ada.patch(&fay, json!({"active": true})).await.expect(200);
    house.ada.patch(&ada, json!({"role": "front_desk"})).await.expect(200);
    house.fay.patch(&fay, json!({"role": "front_desk"})).await.refused(409, "last-director");
}

#[tokio::test]
async fn of_directors_who_remove_each_other_at_once_one_stays() {
    let house = House::new().await;
    let (ada, fay) = (path(&house, "ada@demo.test").await, path(&house, "fay@demo.test").await);
    let role = |name: &str| json!({"role": name});
    house.ada.patch(&fay, role("director")).await.expect(200);
    for _ in 0..10 {
        let (one, other) = tokio::join!(house.ada.patch(&fay, role("front_desk")), house.fay.patch(&ada, role("front_desk")));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        // The other is the last director by then, or none any more.
        assert!(matches!(statuses, [200, 403 | 409]), "{} {}", one.text, other.text);
        let lists = [house.ada.get("/v1/members").await.status, house.fay.get("/v1/members").await.status];
        assert_eq!(lists.iter().filter(|status| **status == 200).count(), 1);
        let (left, gone) = if lists[0] == 200 { (&house.ada, &fay) } else { (&house.fay, &ada) };
        left.patch(gone, role("director")).await.expect(200);
    }
}

#[tokio::test]
async fn of_eight_directors_who_step_down_at_once_one_stays() {
    let house = House::new().await;
    let mut directors: Vec<(Person, String)> = Vec::new();
    for n in 0..8 {
        let subject = format!("director{n}@demo.test");
        let new = json!({"subject": subject, "name": format!("Director {n}"), "role": "director"});
        let id = house.ada.post("/v1/members", new).await.expect(201).text_of("/id");
        directors.push((house.sign_in(&subject).await, format!("/v1/members/{id}")));
    }
    let ada = path(&house, "ada@demo.test").await;
    house.ada.patch(&ada, json!({"role": "front_desk"})).await.expect(200);
    let mut all = tokio::task::JoinSet::new();
    for (person, path) in directors.clone() {
        all.spawn(async move { person.patch(&path, json!({"role": "front_desk"})).await });
    }
    let answers = all.join_all().await;
    let mut left = 0;
    for (person, _) in &directors {
        left += usize::from(person.get("/v1/members").await.status == 200);
    }
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(left >= 1 && left + done == 8, "{left} are left after {done} stepped down");
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409 | 503)), "{answers:?}");
}

#[tokio::test]
async fn a_member_is_shown_changed_and_brought_back() {
    let house = House::new().await;
    let fay = member(&house, "fay@demo.test").await;
    let path = path(&house, "fay@demo.test").await;
    assert_eq!(house.ada.get(&path).await.expect(200).body, fay);
    let changed = house.ada.patch(&path, json!({"name": "Fay F.", "active": false})).await.expect(200).body;
    assert_eq!((&changed["name"], &changed["active"], &changed["revision"]), (&json!("Fay F."), &json!(false), &json!(2)));
    let listed = house.ada.get("/v1/members").await.expect(200);
    assert!(!listed.text.contains("fay@demo.test"));
    assert!(house.ada.get("/v1/members?include_inactive=true").await.expect(200).text.contains("fay@demo.test"));
    house.ada.patch(&path, json!({"active": true})).await.expect(200);
    house.fay.get("/v1/practice").await.expect(200);
}
