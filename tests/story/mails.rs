//! Each mail of a session's life, as it arrives.

use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::{home::Home as _, letter::Letter};

/// What the recipient reads, with a word in place of everything that is random.
fn shown(house: &House, session: &Value, letter: &Letter) -> String {
    let calendar = letter.ics.as_deref().unwrap_or("(none)").replace("\r\n ", "").replace("\r\n", "\n");
    let mut shown = format!("Subject: {}\nTo: {}\n\n{}\n=== calendar ===\n{calendar}", letter.subject, letter.to, letter.text);
    for (token, word) in manage_token(letter).into_iter().map(|token| (token, "TOKEN")).chain([
        (house.server.url(), "https://hourkeep.test"),
        (session["id"].as_str().unwrap().to_owned(), "SESSION"),
        (session["clients"][0]["code"].as_str().unwrap().to_owned(), "CODE"),
    ]) {
        shown = shown.replace(&token, word);
    }
    let recipients = session["recipients"].as_array().unwrap().iter().map(|recipient| recipient["id"].as_str().unwrap());
    recipients.fold(shown, |shown, id| shown.replace(id, "RECIPIENT"))
}

fn manage_token(letter: &Letter) -> Option<String> {
    let link = letter.text.lines().find(|line| line.contains("/m/"))?;
    link.rsplit_once('/').map(|(_, token)| token.to_owned())
}

#[tokio::test]
async fn a_session_with_everything_is_mailed_as_people_should_read_it() {
    let house = House::new().await;
    let client = format!("/v1/clients/{}", house.client_id());
    house.ada.patch(&client, json!({"time_zone": "Europe/Paris"})).await.expect(200);
    let locations = house.ada.get("/v1/locations").await.expect(200).body;
    let office = locations["items"].as_array().unwrap().iter().find(|location| location["place_of_service"] == "11").unwrap();
    let more = json!({
        "invite": {"send": true}, "reminders": [{"days_before": 1, "channel": "email"}], "room_id": house.room_id,
        "location_id": office["id"], "url": "https://meet.example/room-1?a=b&c=d",
        "instructions": "Please bring:\n- the form; filled in, signed\n- a drink",
    });
    let session = house.schedule("2026-12-10T09:00", more).await;
    house.settle().await;
    house.until("2026-11-30T16:00:00Z").await;
    house.act(&session, "reschedule", json!({"local_start": "2026-12-12T15:30", "length_minutes": 50, "reason": "A clash"})).await;
    house.settle().await;
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    house.ada.patch(&path, json!({"instructions": null, "send_updates": true})).await.expect(200);
    house.until("2026-12-12T12:00:00Z").await;
    house.act(&session, "cancel", json!({"reason": "Ada is ill"})).await;
    house.settle().await;

    let letters = house.letters_to("gil@family.test").await;
    let kinds: Vec<&str> = letters.iter().map(|letter| letter.kind.as_str()).collect();
    assert_eq!(kinds, ["invite", "update", "update", "reminder", "cancellation"]);
    for (letter, name) in letters.iter().zip(["1_invite", "2_new_time", "3_new_details", "4_reminder", "5_cancellation"]) {
        insta::assert_snapshot!(name, shown(&house, &session, letter));
    }
}

#[tokio::test]
async fn a_bare_session_is_mailed_as_people_should_read_it() {
    let house = House::new().await;
    let recipients = json!([{"email": "nobody@family.test"}]);
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": recipients}})).await;
    let unannounced = house.schedule("2026-12-11T09:00", json!({})).await;
    house.act(&unannounced, "cancel", json!({"notify": true})).await;
    house.settle().await;
    let [bare, notice] = [house.letters_to("nobody@family.test").await, house.letters_to("gil@family.test").await];
    assert_eq!((bare.len(), notice.len()), (1, 1));
    insta::assert_snapshot!("bare_invite", shown(&house, &session, &bare[0]));
    insta::assert_snapshot!("bare_notice", shown(&house, &unannounced, &notice[0]));
}
