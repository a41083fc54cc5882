//! Holidays of the practice and absences of practitioners: what is offered, warned of and foreseen on those days.

use hourkeep_tests::{House, Person};
use serde_json::{Value, json};

fn off(first: &str, last: &str, name: &str) -> Value {
    json!([{"first_day": first, "last_day": last, "name": name}])
}

/// Ada works on Tuesdays and Wednesdays from nine to noon.
async fn house() -> House {
    let house = House::new().await;
    let day = |weekday: &str| json!({"weekday": weekday, "from": "09:00", "until": "12:00"});
    let hours = json!({"weekly_hours": [day("tue"), day("wed")]});
    house.ada.patch(&format!("/v1/practitioners/{}", house.ada_id), hours).await.expect(200);
    house
}

async fn first_free(person: &Person, practitioner: &str) -> Value {
    let path = format!("/v1/availability?practitioner_id={practitioner}&from=2026-12-08&days=14&limit=1");
    person.get(&path).await.expect(200).body["items"][0]["local_start"].clone()
}

#[tokio::test]
async fn an_absence_is_not_offered_and_whoever_books_into_it_is_warned() {
    let house = house().await;
    assert_eq!(first_free(&house.ada, &house.ada_id).await, "2026-12-08T09:00");
    let ada = format!("/v1/practitioners/{}", house.ada_id);
    let kept = house.ada.patch(&ada, json!({"exceptions": off("2026-12-07", "2026-12-08", "Conference")})).await.expect(200);
    assert_eq!(
        kept.body["exceptions"],
        json!([{"first_day": "2026-12-07", "last_day": "2026-12-08", "hours": [], "name": "Conference"}])
    );
    assert_eq!(kept.body["weekly_hours"].as_array().unwrap().len(), 2, "the weekly hours stay");
    assert_eq!(first_free(&house.fay, &house.ada_id).await, "2026-12-09T09:00");
    let zone = json!({"time_zone": "America/Vancouver"});
    let booked = house.ada.post("/v1/sessions", house.session("2026-12-08T09:00", zone.clone())).await.expect(201).body;
    assert_eq!(booked["warnings"][0]["type"], "outside_working_hours");
    assert_eq!(booked["warnings"][0]["message"], "The time is outside the practitioner's working hours (Conference).");
    let clear = house.ada.post("/v1/sessions", house.session("2026-12-09T09:00", zone)).await.expect(201).body;
    assert_eq!(clear["warnings"], json!([]));
}

#[tokio::test]
async fn a_holiday_holds_for_all_but_whoever_has_hours_of_their_own_that_day() {
    let house = house().await;
    let holiday = json!({"exceptions": off("2026-12-08", "2026-12-08", "Founder's day")});
    let practice = house.ada.patch("/v1/practice", holiday).await.expect(200).body;
    assert_eq!(practice["exceptions"][0]["name"], "Founder's day");
    assert_eq!(first_free(&house.ada, &house.ada_id).await, "2026-12-09T09:00");
    let own = json!([{"first_day": "2026-12-08", "last_day": "2026-12-08", "hours": [{"from": "14:00", "until": "15:00"}]}]);
    house.ada.patch(&format!("/v1/practitioners/{}", house.ada_id), json!({"exceptions": own})).await.expect(200);
    assert_eq!(first_free(&house.ada, &house.ada_id).await, "2026-12-08T14:00");
    let renamed = house.ada.patch("/v1/practice", json!({"name": "Harbour House"})).await.expect(200).body;
    assert_eq!(renamed["exceptions"].as_array().unwrap().len(), 1, "what is not named stays");
    assert_eq!(house.ada.patch("/v1/practice", json!({"exceptions": []})).await.expect(200).body["exceptions"], json!([]));
}

#[tokio::test]
async fn alternatives_and_the_preview_of_a_series_know_of_days_off() {
    let house = house().await;
    let ada = format!("/v1/practitioners/{}", house.ada_id);
    house.ada.patch(&ada, json!({"exceptions": off("2026-12-09", "2026-12-15", "Leave")})).await.expect(200);
    let zone = json!({"time_zone": "America/Vancouver", "length_minutes": 180});
    house.ada.post("/v1/sessions", house.session("2026-12-08T09:00", zone.clone())).await.expect(201);
    let refused = house.ada.post("/v1/sessions", house.session("2026-12-08T09:00", zone)).await.refused(409, "overlap");
    assert_eq!(refused.body["alternatives"][0]["local_start"], "2026-12-16T09:00");
    let weekly = json!({"time_zone": "America/Vancouver", "recurrence": {"rule": "FREQ=WEEKLY;COUNT=3"}});
    let preview = house.ada.post("/v1/series/preview", house.session("2026-12-09T10:00", weekly)).await.expect(200).body;
    let kinds: Vec<_> = preview["occurrences"].as_array().unwrap().iter().map(|one| one["conflicts"][0]["type"].clone()).collect();
    assert_eq!(kinds, [json!("closed_hours"), Value::Null, Value::Null]);
}

#[tokio::test]
async fn the_front_desk_changes_no_days_off_and_nobody_anothers() {
    let house = house().await;
    let holiday = json!({"exceptions": off("2026-12-08", "2026-12-08", "Founder's day")});
    house.fay.patch("/v1/practice", holiday.clone()).await.refused(403, "forbidden");
    house.ben.patch("/v1/practice", holiday.clone()).await.refused(403, "forbidden");
    house.ben.patch(&format!("/v1/practitioners/{}", house.ada_id), holiday.clone()).await.refused(403, "forbidden");
    house.fay.patch(&format!("/v1/practitioners/{}", house.ada_id), holiday.clone()).await.refused(403, "forbidden");
    house.ben.patch(&format!("/v1/practitioners/{}", house.ben_id), holiday).await.expect(200);
}
