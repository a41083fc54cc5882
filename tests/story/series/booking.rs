//! A series is booked: all of it, what is free of it, or nothing.

use hourkeep_tests::House;
use serde_json::{Value, json};

use super::{body, book, each, following, history, nth, session, show, standing};
use crate::home::Home as _;

const GIL: &str = "gil@family.test";

/// A house in which the third of eight Wednesdays at nine is taken.
async fn with_one_taken() -> House {
    let house = House::new().await;
    house.schedule("2026-12-23T09:30", json!({})).await;
    house
}

fn eight(on_conflict: &str) -> Value {
    json!({"rule": "FREQ=WEEKLY;COUNT=8", "on_conflict": on_conflict})
}

#[tokio::test]
async fn with_skip_what_is_free_is_booked_and_the_answer_and_the_invitation_say_what_is_not() {
    let house = with_one_taken().await;
    let series = book(&house, eight("skip"), json!({"invite": {"send": true}})).await;
    assert_eq!(series["sentence"], "every Wednesday at 9:00, 8 times");
    assert_eq!(series["sessions"].as_array().unwrap().len(), 7);
    let skipped = json!([{
        "local_start": "2026-12-23T09:00", "why": "time_taken", "message": "The time is taken, so no session was booked.",
    }]);
    assert_eq!(series["skipped"], skipped);
    assert_eq!(show(&house, &series).await, series, "shown as it was answered");
    house.settle().await;
    let mails = house.mails_to(GIL).await;
    assert_eq!(mails.len(), 1);
    let text = mails[0]["text"].as_str().unwrap();
    assert!(text.contains("Every Wednesday at 9:00, 8 times") && text.contains("23 December"), "{text}");
}

#[tokio::test]
async fn what_was_left_out_after_an_earlier_end_is_not_named_any_more() {
    let house = with_one_taken().await;
    let series = book(&house, eight("skip"), json!({"invite": {"send": true}})).await;
    house.settle().await;
    following(&house, nth(&series, 2), "cancel", json!({})).await.expect(200);
    house.settle().await;
    let mails = house.mails_to(GIL).await;
    let text = mails.last().unwrap()["text"].as_str().unwrap();
    assert!(text.contains("end earlier") && !text.contains("23 December"), "{text}");
}

#[tokio::test]
async fn with_keep_all_are_booked_and_overlap_and_allow_overlap_means_the_same() {
    let house = with_one_taken().await;
    let kept = book(&house, eight("keep"), json!({})).await;
    assert_eq!((kept["sessions"].as_array().unwrap().len(), &kept["skipped"]), (8, &json!([])));
    let allowed = json!({"rule": "FREQ=WEEKLY;COUNT=8"});
    let again = book(&house, allowed.clone(), json!({"allow_overlap": true})).await;
    assert_eq!(again["sessions"].as_array().unwrap().len(), 8);
    // What is said of conflicts is meant, whatever is said of overlaps.
    let wish = body(&house, eight("stop"), json!({"allow_overlap": true}));
    house.ada.post("/v1/series", wish).await.refused(409, "series-conflicts");
}

#[tokio::test]
async fn with_stop_one_taken_time_books_nothing_at_all_and_stop_is_meant_if_nothing_is_said() {
    let house = with_one_taken().await;
    let before = standing(&house).await;
    for recurrence in [eight("stop"), json!({"rule": "FREQ=WEEKLY;COUNT=8"})] {
        let refused = house.ada.post("/v1/series", body(&house, recurrence, json!({}))).await.refused(409, "series-conflicts").body;
        assert_eq!(each(&refused["taken"], "local_start"), ["2026-12-23T09:00"]);
        assert_eq!(refused["taken"][0]["clashes"][0]["local_start"], "2026-12-23T09:30");
    }
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn each_conflict_is_decided_for_itself() {
    let house = with_one_taken().await;
    house.schedule("2027-01-06T09:30", json!({})).await;
    let decisions = json!([
        {"local_start": "2026-12-23T09:00", "on_conflict": "keep"},
        {"local_start": "2026-12-30T09:00", "on_conflict": "skip"},
        {"local_start": "2027-01-06T09:00", "on_conflict": "skip"},
    ]);
    let recurrence = json!({"rule": "FREQ=WEEKLY;COUNT=5", "on_conflict": "stop", "decisions": decisions});
    let series = book(&house, recurrence, json!({})).await;
    assert_eq!(each(&series["sessions"], "place"), ["2026-12-09T09:00", "2026-12-16T09:00", "2026-12-23T09:00"]);
    assert_eq!(each(&series["skipped"], "local_start"), ["2026-12-30T09:00", "2027-01-06T09:00"]);
    assert_eq!(each(&series["skipped"], "why"), ["asked", "asked"]);
}

#[tokio::test]
async fn a_year_of_weeks_is_booked_with_a_room_reminders_and_one_invitation() {
    let house = House::new().await;
    let reminders = json!([{"days_before": 2, "channel": "email"}]);
    let more = json!({"room_id": house.room_id, "reminders": reminders, "invite": {"send": true}});
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=52"}), more).await;
    assert_eq!((series["sessions"].as_array().unwrap().len(), &series["busy"]), (52, &json!(false)));
    assert_eq!(series["last_local_start"], "2027-12-01T09:00");
    let last = session(&house, nth(&series, 52)).await;
    assert_eq!((&last["room_id"], &last["invited"]), (&json!(house.room_id), &json!(true)));
    assert_eq!(last["occurrence"], json!({"series_id": series["id"], "place": "2027-12-01T09:00"}));
    assert_eq!(last["reminders"][0]["due_at"], "2027-11-29T16:00:00Z");
    house.settle().await;
    assert_eq!(house.mails_to(GIL).await.len(), 1, "one invitation for all of them");
    // Nobody else takes any of these times.
    let taken = house.session("2027-11-24T09:30", json!({}));
    house.ada.post("/v1/sessions", taken).await.refused(409, "overlap");
}

#[tokio::test]
async fn a_session_of_no_series_says_so_and_each_of_a_series_has_its_own_history() {
    let house = House::new().await;
    let alone = house.schedule("2026-12-08T09:00", json!({})).await;
    assert_eq!(alone["occurrence"], Value::Null);
    let series = book(&house, json!({"rule": "FREQ=WEEKLY;COUNT=4"}), json!({})).await;
    let third = nth(&series, 3).to_owned();
    house.ada.post(&format!("/v1/sessions/{third}/reschedule"), json!({"local_start": "2026-12-24T10:00"})).await.expect(200);
    following(&house, &third, "cancel", json!({"reason": "They moved away."})).await.expect(200);
    let told = history(&house, &third).await;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("as one of a series"), "{told:?}");
    assert!(!told[1].contains("as one of a series") && told[1].contains("to Thursday, 24 December 2026, 10:00"), "{told:?}");
    assert!(
        told[2].contains("cancelled") && told[2].contains("as one of a series") && told[2].contains("They moved away."),
        "{told:?}"
    );
    assert_eq!(history(&house, nth(&series, 2)).await.len(), 1, "nothing happened to the one before");
}

#[tokio::test]
async fn an_open_ended_series_is_cancelled_from_some_session_on_and_then_has_an_end() {
    let house = House::new().await;
    let series = book(&house, json!({"rule": "FREQ=WEEKLY"}), json!({})).await;
    assert_eq!((&series["last_local_start"], series["sessions"].as_array().unwrap().len()), (&Value::Null, 54));
    let ended = following(&house, nth(&series, 3), "cancel", json!({})).await.expect(200).body;
    assert_eq!(
        (&ended["id"], &ended["status"], &ended["last_local_start"]),
        (&series["id"], &json!("standing"), &json!("2026-12-16T09:00"))
    );
    assert_eq!(standing(&house).await, ["2026-12-09T09:00", "2026-12-16T09:00"]);
    house.until("2027-02-01T00:00:00Z").await;
    assert_eq!(show(&house, &series).await["last_local_start"], "2026-12-16T09:00", "nobody carries it on");
}
