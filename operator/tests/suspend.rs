use chrono::Duration;
use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::{
    command::{operate, own},
    rig::Rig,
};

const REASON: &str = "The invoice of October is unpaid";

async fn suspend(house: &House) -> String {
    operate(house, &["suspend", "harbour-clinic", "--reason", REASON, "--yes"]).await.done()
}

async fn resume(house: &House) -> String {
    operate(house, &["resume", "harbour-clinic"]).await.done()
}

#[tokio::test]
async fn a_suspended_practice_reads_and_exports_and_changes_nothing_until_it_is_resumed() {
    let house = House::new().await;
    let session = house.schedule("2026-12-08T09:00", json!({})).await;
    let one = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let said = suspend(&house).await;
    assert!(said.contains("harbour-clinic is suspended. Its people read: The invoice of October is unpaid."), "{said}");
    let list = operate(&house, &["list"]).await.done();
    assert!(list.contains("suspended since ") && list.contains(REASON), "{list}");
    let listed = operate(&house, &["list", "--json"]).await.json();
    assert_eq!((&listed[0]["standing"], &listed[0]["reason"]), (&json!("suspended"), &json!(format!("{REASON}."))));

    let changes: [(&str, Value); 5] = [
        ("/v1/sessions", house.session("2026-12-09T09:00", json!({}))),
        (&format!("{one}/cancel"), json!({})),
        (&format!("{one}/reschedule"), json!({"local_start": "2026-12-10T09:00"})),
        ("/v1/clients", json!({"first_name": "New"})),
        ("/v1/members", json!({"subject": "x@demo.test", "name": "X", "role": "front_desk"})),
    ];
    for (path, body) in changes {
        for person in [&house.ada, &house.fay] {
            let refused = person.post(path, body.clone()).await.refused(403, "practice-suspended");
            assert!(
                refused.text_of("/detail").contains("The invoice of October is unpaid. Nothing can be changed"),
                "{}",
                refused.text
            );
        }
    }
    for path in [&one, "/v1/practice", "/v1/clients", "/v1/members", "/v1/practice/usage"] {
        house.ada.get(path).await.expect(200);
    }
    house.ada.post("/v1/practice/exports", json!({})).await.expect(201);

    let again = operate(&house, &["suspend", &own(&house).await, "--reason", "Another", "--yes"]).await.done();
    assert!(again.contains(REASON) && again.contains("Nothing was changed"), "{again}");
    assert_eq!(resume(&house).await, "harbour-clinic goes on. Mails that waited leave with the next sweep, within the hour.\n");
    house.ada.post(&format!("{one}/cancel"), json!({})).await.expect(200);
    assert_eq!(resume(&house).await, "harbour-clinic is not suspended: nothing was changed.\n");
}

/// Nobody sits before a test's standard input.
#[tokio::test]
async fn nothing_is_suspended_without_being_sure() {
    let house = House::new().await;
    let said = operate(&house, &["suspend", "harbour-clinic", "--reason", REASON]).await.refused(2);
    assert!(said.contains("--yes"), "{said}");
    house.ada.post("/v1/clients", json!({"first_name": "New"})).await.expect(201);
}

#[tokio::test]
async fn mails_of_a_suspended_practice_wait_reminders_fall_silent_and_another_practice_goes_on() {
    let rig = Rig::new().await;
    let house = &rig.house;
    let reminder = json!([{"days_before": 1, "channel": "email"}]);
    // Due the day after the suspension, and three days after.
    house.schedule("2026-12-02T09:00", json!({"reminders": reminder})).await;
    house.schedule("2026-12-05T09:00", json!({"reminders": reminder})).await;
    house.drain().await;
    house.schedule("2026-12-10T09:00", json!({"invite": {"send": true}})).await;
    suspend(house).await;
    rig.pass(Duration::hours(30)).await;
    assert_eq!(house.mails().await, [Value::Null; 0], "neither the invite nor the reminder");

    resume(house).await;
    house.drain().await;
    assert_eq!(house.mails().await.len(), 0, "nothing before the sweep");
    rig.pass(Duration::hours(1)).await;
    let mails = house.mails_to("gil@family.test").await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0]["kind"], "invite", "{mails:?}");
    rig.pass(Duration::days(5)).await;
    let kinds: Vec<_> = house.mails_to("gil@family.test").await.iter().map(|mail| mail["kind"].clone()).collect();
    assert_eq!(kinds, ["invite", "reminder"], "the one that was due after it was resumed; what fell due before stays silent");
    rig.is_settled().await;
}

/// Between the relay and the worker lies a queue, in which a job may be when its practice is suspended.
#[tokio::test]
async fn a_mail_whose_job_is_on_its_way_waits_too() {
    let rig = Rig::new().await;
    let house = &rig.house;
    house.schedule("2026-12-10T09:00", json!({"invite": {"send": true}})).await;
    // The mail service is away for as long as it takes to get the job onto the queue.
    rig.script.add(hourkeep_testkit::Fault::NotSent.at(0).on(hourkeep_testkit::ports::MAIL).forever());
    house.drain().await;
    suspend(house).await;
    rig.script.clear();
    rig.pass(Duration::hours(3)).await;
    assert_eq!(house.mails().await.len(), 0);
    resume(house).await;
    rig.pass(Duration::hours(1)).await;
    assert_eq!(house.mails_to("gil@family.test").await.len(), 1);
    rig.pass(Duration::days(1)).await;
    assert_eq!(house.mails_to("gil@family.test").await.len(), 1);
    rig.is_settled().await;
}
