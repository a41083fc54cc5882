//! When the rules of a zone change: Vancouver was to go back to UTC−08:00 for the winter, and does so no more.

use hourkeep_domain::zone::tz_version;
use hourkeep_tests::{Answer, House, OLDER};
use serde_json::{Value, json};

use crate::home::{Home as _, at, house_at};

const GIL: &str = "gil@family.test";
const ADA: &str = "ada@demo.test";

/// A house whose first sweeps have found nothing to do.
async fn settled_house() -> House {
    let house = House::new().await;
    house.until("2026-11-30T17:30:00Z").await;
    settled(house).await
}

async fn settled(house: House) -> House {
    assert_eq!(house.rules().await, Some((tz_version().to_owned(), false)), "brought, and an hour later once more");
    house
}

/// A session as an older release booked it: at this wall time, which was this instant by its rules.
async fn booked_before(house: &House, local_start: &str, starts_at: &str, more: Value) -> Value {
    let session = house.schedule(local_start, more).await;
    house.backdate(&session, at(starts_at)).await;
    house.settle().await;
    let shown = shown(house, &session).await;
    assert_eq!((shown.text_of("/starts_at"), shown.text_of("/local_start")), (starts_at.to_owned(), local_start.to_owned()));
    shown.body
}

async fn shown(house: &House, session: &Value) -> Answer {
    house.ada.get(&format!("/v1/sessions/{}", session["id"].as_str().unwrap())).await.expect(200)
}

/// A release with newer rules is deployed, and the next sweep finds out.
async fn deploy(house: &House, until: &str) {
    house.after_an_older_release().await;
    house.until(until).await;
}

async fn history(house: &House, session: &Value) -> Vec<String> {
    let path = format!("/v1/sessions/{}/history", session["id"].as_str().unwrap());
    let history = house.ada.get(&path).await.expect(200).body;
    history["items"].as_array().unwrap().iter().map(|item| item["what"].as_str().unwrap().to_owned()).collect()
}

/// What a practitioner's calendar shows of a day: starts by UTC.
async fn calendar(house: &House, day: &str, next: &str) -> Vec<String> {
    let path = format!("/v1/calendar?practitioner_id={}&from={day}&to={next}", house.ada_id);
    let shown = house.ada.get(&path).await.expect(200).body;
    shown["items"].as_array().unwrap().iter().map(|item| item["starts_at"].as_str().unwrap().to_owned()).collect()
}

async fn inbox(house: &House) -> Vec<Value> {
    house.ada.get("/v1/inbox").await.expect(200).body["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn nine_stays_nine_and_calendars_reminders_and_lists_follow() {
    let house = settled_house().await;
    let more = json!({
        "invite": {"send": true}, "reminders": [{"days_before": 2, "channel": "email"}], "room_id": house.room_id,
    });
    let session = booked_before(&house, "2026-12-05T09:00", "2026-12-05T17:00:00Z", more).await;
    let uid = format!("{}@hourkeep", session["id"].as_str().unwrap());
    let invite = house.newest_letter().await;
    assert_eq!(invite.invitation.as_ref().unwrap().starts_at, at("2026-12-05T17:00:00Z"));
    assert!(invite.text.contains("9:00–10:00, Vancouver time"), "{}", invite.text);

    deploy(&house, "2026-11-30T18:10:00Z").await;
    let after = shown(&house, &session).await;
    let told = ["/starts_at", "/ends_at", "/local_start", "/local_end", "/utc_offset", "/status"].map(|field| after.text_of(field));
    let expected = ["2026-12-05T16:00:00Z", "2026-12-05T17:00:00Z", "2026-12-05T09:00", "2026-12-05T10:00", "-07:00", "scheduled"];
    assert_eq!(told, expected);
    assert_eq!(after.body["revision"], 2);
    assert_eq!(calendar(&house, "2026-12-05", "2026-12-06").await, ["2026-12-05T16:00:00Z"]);
    let [_, what] = &history(&house, &session).await[..] else { panic!("two changes") };
    assert!(
        what.starts_with("Hourkeep kept the session at Saturday, 5 December 2026, 9:00 (America/Vancouver, 60 minutes"),
        "{what}"
    );
    assert!(what.ends_with("under new time-zone rules, 60 minutes earlier by UTC and sent the change to 1 person."), "{what}");

    let letters = house.letters().await;
    let [_, of_gil, of_ada] = &letters[..] else { panic!("{}", letters.len()) };
    let (update, notice) = if of_gil.to == GIL { (of_gil, of_ada) } else { (of_ada, of_gil) };
    assert_eq!((update.to.as_str(), notice.to.as_str()), (GIL, ADA));
    let invitation = update.invitation.as_ref().unwrap();
    assert_eq!((invitation.sequence, invitation.starts_at), (1, at("2026-12-05T16:00:00Z")));
    assert!(update.text.contains("keeps the time that was agreed") && update.text.contains("9:00–10:00"), "{}", update.text);
    assert!(notice.text.contains("New time-zone rules") && !notice.text.contains("colleague"), "{}", notice.text);
    assert_eq!(house.calendar_of(GIL).await.entry(&uid).unwrap().0, at("2026-12-05T16:00:00Z"));

    assert_eq!(inbox(&house).await, Vec::<Value>::new(), "there is nothing to look at");
    // The room is free at the hour that the session had, and taken at the one that it has.
    let other = |start| house.session(start, json!({"practitioner_id": house.ada_id, "room_id": house.room_id}));
    house.ada.post("/v1/sessions", other("2026-12-05T10:00")).await.expect(201);
    house.ada.post("/v1/sessions", other("2026-12-05T09:30")).await.refused(409, "overlap");

    // Nothing more comes of it, however often it is brought; and one reminder at the minute that is right.
    house.hand_out_rules().await;
    house.until("2026-11-30T21:10:00Z").await;
    assert_eq!(house.letters().await.len(), 3);
    assert_eq!(shown(&house, &session).await.body["revision"], 2);
    house.until("2026-12-05T20:00:00Z").await;
    let reminders: Vec<_> = house.letters().await.into_iter().filter(|letter| letter.kind == "reminder").collect();
    let [reminder] = &reminders[..] else { panic!("{}", reminders.len()) };
    assert_eq!(reminder.sent_at, at("2026-12-03T16:00:00Z"));
}

#[tokio::test]
async fn where_the_instant_is_the_same_nobody_hears_of_it() {
    let house = house_at("2027-03-11T15:00:00Z").await;
    house.until("2027-03-11T17:30:00Z").await;
    let house = settled(house).await;
    // The clocks were to be set forward the day before.
    let more = json!({"invite": {"send": true}, "reminders": [{"days_before": 2, "channel": "email"}]});
    let session = booked_before(&house, "2027-03-15T09:00", "2027-03-15T16:00:00Z", more).await;
    let before = house.letters().await.len();
    deploy(&house, "2027-03-11T18:10:00Z").await;
    let after = shown(&house, &session).await;
    assert_eq!((&after.body["revision"], after.etag), (&session["revision"], Some("\"1\"".to_owned())));
    assert_eq!(history(&house, &session).await.len(), 1);
    assert_eq!(house.letters().await.len(), before);
    // Two days before, by the rules of then, it was still winter: the timer of that minute stays silent.
    house.until("2027-03-15T20:00:00Z").await;
    let reminders: Vec<_> = house.letters().await.into_iter().filter(|letter| letter.kind == "reminder").collect();
    assert_eq!(reminders.iter().map(|letter| letter.sent_at).collect::<Vec<_>>(), [at("2027-03-13T16:00:00Z")]);
}

#[tokio::test]
async fn an_overlap_that_arises_is_said_and_refused_to_nobody() {
    let house = settled_house().await;
    let phoenix = json!({"time_zone": "America/Phoenix", "practitioner_id": house.ada_id});
    let phoenix = house.schedule("2026-12-05T08:30", phoenix).await;
    let nine = booked_before(&house, "2026-12-05T09:00", "2026-12-05T17:00:00Z", json!({"allow_overlap": true})).await;
    let beside = json!({"allow_overlap": true});
    let eight = booked_before(&house, "2026-12-05T07:30", "2026-12-05T15:30:00Z", beside).await;
    deploy(&house, "2026-11-30T18:10:00Z").await;
    let said = history(&house, &nine).await.pop().unwrap();
    assert!(said.ends_with(", 60 minutes earlier by UTC, now overlapping another entry."), "{said}");
    let beside = history(&house, &eight).await.pop().unwrap();
    assert!(beside.ends_with(", 60 minutes earlier by UTC."), "{beside}");
    let starts = calendar(&house, "2026-12-05", "2026-12-06").await;
    assert_eq!(starts, ["2026-12-05T14:30:00Z", "2026-12-05T15:30:00Z", "2026-12-05T16:00:00Z"]);
    assert_eq!(shown(&house, &phoenix).await.body["revision"], 1);
    // It stands in the inbox, once, however often the rules are brought.
    house.hand_out_rules().await;
    house.settle().await;
    let inbox = inbox(&house).await;
    let [item] = &inbox[..] else { panic!("{inbox:?}") };
    assert_eq!((&item["kind"], &item["title"]), (&json!("reanchored"), &json!("New time-zone rules made a session overlap")));
    assert_eq!(item["session_id"], nine["id"]);
}

#[tokio::test]
async fn a_day_of_sessions_moves_as_one() {
    let house = settled_house().await;
    let hours = [("08:00", "16"), ("09:00", "17"), ("10:00", "18"), ("16:00", "00"), ("17:00", "01")];
    let mut sessions = Vec::new();
    for (local, utc) in hours {
        let day = if utc.starts_with('0') { "2026-12-06" } else { "2026-12-05" };
        let (local, starts_at) = (format!("2026-12-05T{local}"), format!("{day}T{utc}:00:00Z"));
        let more = json!({"allow_overlap": true, "room_id": house.room_id});
        sessions.push(booked_before(&house, &local, &starts_at, more).await);
    }
    deploy(&house, "2026-11-30T18:10:00Z").await;
    for session in &sessions {
        let said = history(&house, session).await.pop().unwrap();
        assert!(said.contains("kept the session at") && !said.contains("overlapping"), "{said}");
    }
    let moved = ["05T15", "05T16", "05T17", "05T23", "06T00"].map(|hour| format!("2026-12-{hour}:00:00Z"));
    assert_eq!(calendar(&house, "2026-12-05", "2026-12-06").await, moved);
}

#[tokio::test]
async fn of_who_works_there_no_more_and_of_a_suspended_practice_sessions_are_right_too() {
    let house = settled_house().await;
    let more = json!({"invite": {"send": true}});
    let session = booked_before(&house, "2026-12-05T09:00", "2026-12-05T17:00:00Z", more).await;
    let (practice, before) = (house.practice_id().await, house.letters().await.len());
    house.ada.patch(&format!("/v1/practitioners/{}", house.ada_id), json!({"active": false})).await.expect(200);
    house.server.platform().suspend(practice, "The bill is open.").await.unwrap();
    deploy(&house, "2026-11-30T20:10:00Z").await;
    assert_eq!(shown(&house, &session).await.text_of("/starts_at"), "2026-12-05T16:00:00Z");
    assert_eq!(house.letters().await.len(), before, "its mails wait");
    house.server.platform().resume(practice).await.unwrap();
    house.until("2026-11-30T21:10:00Z").await;
    let letters = house.letters().await;
    assert_eq!(letters.len(), before + 1, "and who works there no more is told nothing");
    assert_eq!(letters.last().unwrap().invitation.as_ref().unwrap().sequence, 1);
}

#[tokio::test]
async fn a_wall_time_that_is_skipped_now_moves_to_the_next_one() {
    let house = settled_house().await;
    let paris = json!({"time_zone": "Europe/Paris", "invite": {"send": true}});
    // Half past two is no time that could be booked now, so a later one is made into it.
    let session = house.schedule("2027-03-28T04:30", paris).await;
    house.backdate_to_wall(&session, "2027-03-28T02:30", at("2027-03-28T01:30:00Z")).await;
    house.settle().await;
    deploy(&house, "2026-11-30T18:10:00Z").await;
    let after = shown(&house, &session).await;
    assert_eq!(
        (after.text_of("/local_start"), after.text_of("/starts_at")),
        ("2027-03-28T03:00".into(), "2027-03-28T01:00:00Z".into())
    );
    let said = history(&house, &session).await.pop().unwrap();
    assert!(said.contains("since new time-zone rules skip the former"), "{said}");
    let update = house.letters_to(GIL).await.pop().unwrap();
    assert!(update.text.contains("the time that was agreed exists no longer"), "{}", update.text);
    assert!(update.text.contains("New time: Sunday, 28 March 2027, 3:00–4:00"), "{}", update.text);
    let inbox = inbox(&house).await;
    assert_eq!(inbox.iter().map(|item| &item["title"]).collect::<Vec<_>>(), ["New time-zone rules moved a session"]);
}

/// A release that is rolled back books by its older rules; it says so, and the newer one comes again.
#[tokio::test]
async fn an_older_release_brings_nothing_and_asks_the_newer_one_to_come_again() {
    let house = settled_house().await;
    house.write_rules("2099z", false).await;
    let session = booked_before(&house, "2026-12-05T09:00", "2026-12-05T17:00:00Z", json!({})).await;
    house.until("2026-11-30T18:10:00Z").await;
    assert_eq!(house.rules().await, Some(("2099z".to_owned(), true)));
    house.until("2026-11-30T20:10:00Z").await;
    assert_eq!(house.rules().await, Some(("2099z".to_owned(), true)));
    assert_eq!(shown(&house, &session).await.text_of("/starts_at"), "2026-12-05T17:00:00Z");
    // This release is the newer one now.
    house.write_rules(tz_version(), true).await;
    house.until("2026-11-30T21:10:00Z").await;
    assert_eq!(house.rules().await, Some((tz_version().to_owned(), false)));
    assert_eq!(shown(&house, &session).await.text_of("/starts_at"), "2026-12-05T16:00:00Z");
    assert!(OLDER < tz_version());
}
