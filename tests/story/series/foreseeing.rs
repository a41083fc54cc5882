//! What a series would be is seen before it is booked.

use hourkeep_tests::House;
use serde_json::{Value, json};

use super::{body, each, standing};

fn kinds(occurrence: &Value) -> Vec<&str> {
    each(&occurrence["conflicts"], "type")
}

#[tokio::test]
async fn every_conflict_is_foreseen_as_it_is_and_nothing_is_booked() {
    let house = House::new().await;
    let both = json!({"practitioner_ids": [house.ada_id, house.ben_id]});
    house.ada.patch(&format!("/v1/clients/{}", house.client_id()), both).await.expect(200);
    let other = json!({"first_name": "Nils", "practitioner_ids": [house.ada_id, house.ben_id]});
    let other = house.ada.post("/v1/clients", other).await.expect(201).text_of("/id");
    let other = json!([{"client_id": other}]);
    let by_ben = |more: Value| {
        let mut body = json!({"practitioner_id": house.ben_id, "time_zone": "America/Vancouver"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    house.schedule("2026-12-16T09:30", json!({"clients": other})).await;
    house.schedule("2026-12-23T09:30", by_ben(json!({"clients": other, "room_id": house.room_id}))).await;
    house.schedule("2026-12-30T09:30", by_ben(json!({}))).await;
    let before = standing(&house).await;

    let wish = body(&house, json!({"rule": "FREQ=WEEKLY;COUNT=5"}), json!({"room_id": house.room_id}));
    let preview = house.ada.post("/v1/series/preview", wish.clone()).await.expect(200).body;
    assert_eq!(
        (&preview["sentence"], &preview["rule"]),
        (&json!("every Wednesday at 9:00, 5 times"), &json!("FREQ=WEEKLY;BYDAY=WE;COUNT=5"))
    );
    let occurrences = preview["occurrences"].as_array().unwrap();
    assert_eq!(
        occurrences.iter().map(kinds).collect::<Vec<_>>(),
        [vec![], vec!["practitioner"], vec!["room"], vec!["client_elsewhere"], vec![]]
    );
    let blocks: Vec<_> = occurrences.iter().flat_map(|one| one["conflicts"].as_array().unwrap()).map(|c| &c["blocks"]).collect();
    assert_eq!(blocks, [true, true, false]);
    assert_eq!((&preview["blocked"], &preview["last_local_start"]), (&json!(2), &json!("2027-01-06T09:00")));
    assert_eq!(occurrences[1]["conflicts"][0]["clash"]["local_start"], "2026-12-16T09:30");
    assert_eq!(occurrences[0]["starts_at"], "2026-12-09T16:00:00Z");
    assert_eq!(standing(&house).await, before, "looking books nothing");

    // What blocks is just what stops.
    let refused = house.ada.post("/v1/series", wish).await.refused(409, "series-conflicts").body;
    assert_eq!(each(&refused["taken"], "local_start"), ["2026-12-16T09:00", "2026-12-23T09:00"]);
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.starts_with("2 of the series' times are taken, so nothing was done."), "{detail}");
    assert!(detail.ends_with("Taken: 2026-12-16T09:00, 2026-12-23T09:00."), "{detail}");
}

#[tokio::test]
async fn closed_hours_are_said_and_stop_nothing() {
    let house = House::new().await;
    let mut wish = body(&house, json!({"rule": "FREQ=WEEKLY;COUNT=2"}), json!({}));
    wish["local_start"] = "2026-12-12T05:00".into();
    let preview = house.ada.post("/v1/series/preview", wish.clone()).await.expect(200).body;
    assert_eq!(preview["blocked"], 0);
    for occurrence in preview["occurrences"].as_array().unwrap() {
        assert_eq!(kinds(occurrence), ["closed_hours"]);
    }
    assert_eq!(each(&house.ada.post("/v1/series", wish).await.expect(201).body["sessions"], "status"), ["scheduled"; 2]);
}

#[tokio::test]
async fn what_the_clocks_do_to_each_is_said_and_a_time_that_does_not_exist_is_left_out() {
    let house = House::new().await;
    let more = json!({"time_zone": "Europe/Paris"});
    let mut wish = body(&house, json!({"rule": "FREQ=WEEKLY;COUNT=3"}), more.clone());
    wish["local_start"] = "2027-03-21T02:30".into();
    let preview = house.ada.post("/v1/series/preview", wish.clone()).await.expect(200).body;
    let occurrences = &preview["occurrences"];
    assert_eq!(each(occurrences, "local_start"), ["2027-03-21T02:30", "2027-03-28T02:30", "2027-04-04T02:30", "2027-04-11T02:30"]);
    assert_eq!(each(occurrences, "starts_at"), ["2027-03-21T01:30:00Z", "none", "2027-04-04T00:30:00Z", "2027-04-11T00:30:00Z"]);
    let notes = each(occurrences, "note");
    assert!(
        notes[1].contains("does not exist in Europe/Paris on that day") && notes[1].ends_with("is 2027-03-28T03:00."),
        "{}",
        notes[1]
    );
    assert!(notes[2].contains("UTC+02:00 instead of UTC+01:00"), "{}", notes[2]);
    assert_eq!((notes[0], notes[3]), ("none", "none"));
    let series = house.ada.post("/v1/series", wish).await.expect(201).body;
    assert_eq!(each(&series["sessions"], "starts_at"), ["2027-03-21T01:30:00Z", "2027-04-04T00:30:00Z", "2027-04-11T00:30:00Z"]);
    assert_eq!(
        (each(&series["skipped"], "local_start"), each(&series["skipped"], "why")),
        (vec!["2027-03-28T02:30"], vec!["does_not_exist"])
    );

    let mut twice = body(&house, json!({"rule": "FREQ=WEEKLY;COUNT=2"}), more);
    twice["local_start"] = "2027-10-24T02:30".into();
    let preview = house.ada.post("/v1/series/preview", twice).await.expect(200).body;
    assert_eq!(preview["occurrences"][1]["starts_at"], "2027-10-31T00:30:00Z");
    assert!(preview["occurrences"][1]["note"].as_str().unwrap().contains("comes twice"), "{preview}");
}

#[tokio::test]
async fn a_first_start_that_does_not_exist_is_refused_with_the_next_that_does() {
    let house = House::new().await;
    let mut wish = body(&house, json!({"rule": "FREQ=WEEKLY;COUNT=3"}), json!({"time_zone": "Europe/Paris"}));
    wish["local_start"] = "2027-03-28T02:30".into();
    for path in ["/v1/series", "/v1/series/preview"] {
        let refused = house.ada.post(path, wish.clone()).await.refused(422, "skipped-local-time");
        assert_eq!(
            (refused.text_of("/pointer"), refused.text_of("/next_valid")),
            ("/local_start".into(), "2027-03-28T03:00".into())
        );
    }
}

#[tokio::test]
async fn what_is_offered_is_said_in_words_and_can_be_booked_as_it_stands() {
    let house = House::new().await;
    let presets = house.ada.get("/v1/series/presets?local_start=2026-12-09T09:00").await.expect(200).body;
    let sentences = each(&presets["items"], "sentence");
    for offered in [
        "every day at 9:00",
        "every weekday at 9:00",
        "every Wednesday at 9:00",
        "every other Wednesday at 9:00",
        "every month on the 9th at 9:00",
    ] {
        assert!(sentences.contains(&offered), "{offered} in {sentences:?}");
    }
    for preset in presets["items"].as_array().unwrap() {
        let wish = body(&house, json!({"rule": preset["rule"]}), json!({}));
        let preview = house.ada.post("/v1/series/preview", wish).await.expect(200).body;
        assert_eq!((&preview["sentence"], &preview["rule"]), (&preset["sentence"], &preset["rule"]));
        assert_eq!(preview["occurrences"][0]["local_start"], "2026-12-09T09:00");
        assert_eq!(preview["last_local_start"], Value::Null, "it never ends");
    }
}

#[tokio::test]
async fn a_rule_is_understood_however_a_calendar_program_writes_it() {
    let house = House::new().await;
    for (rule, sentence) in [
        (
            "RRULE:FREQ=WEEKLY;WKST=MO;INTERVAL=2;BYDAY=WE,FR;UNTIL=20270630",
            "every other week on Wednesday and Friday at 9:00, until 30 June 2027",
        ),
        ("freq=weekly;byday=we;count=3", "every Wednesday at 9:00, 3 times"),
        ("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=2", "every month on the second Wednesday at 9:00"),
        ("FREQ=MONTHLY", "every month on the 9th at 9:00"),
    ] {
        let preview = house.ada.post("/v1/series/preview", body(&house, json!({"rule": rule}), json!({}))).await.expect(200);
        assert_eq!(preview.text_of("/sentence"), sentence);
    }
}
