//! Mails about sessions whose zone has new rules.

use super::*;

/// What a release with the rules of 2025 told.
fn told(in_zone: &str, local: &str, starts_at: &str) -> Slot {
    let slot = serde_json::json!({
        "local_start": local, "zone": in_zone, "length": 60, "starts_at": starts_at, "tz_version": "2025b",
    });
    serde_json::from_value(slot).unwrap()
}

fn nine() -> Slot {
    told("America/Vancouver", "2026-12-01T09:00:00", "2026-12-01T17:00:00Z")
}

#[test]
fn an_update_says_that_the_time_is_kept_and_shows_it_once() {
    let mail = full(Kind::Update { previous: Some(nine()) }).compose(None);
    assert!(
        mail.subject.starts_with("Updated: session with Harbour Clinic on Tuesday, 1 December 2026 at 9:00"),
        "{}",
        mail.subject
    );
    let opening = "New time-zone rules\n\nHello Sam Okoro,\n\nThe rules of its time zone have changed. This session with \
        Harbour Clinic keeps the time that was agreed; only clocks in other zones show it differently.\n\n\
        When: Tuesday, 1 December 2026, 9:00–10:00, Vancouver time (America/Vancouver, UTC−07:00)\n  \
        That is 17:00–18:00 in Paris (Europe/Paris, UTC+01:00).\n";
    assert!(mail.text.starts_with(opening), "{}", mail.text);
    let ics = mail.calendar.unwrap().ics;
    assert!(ics.contains("DTSTART:20261201T160000Z\r\n") && ics.contains("SEQUENCE:3\r\n"), "{ics}");
}

#[test]
fn a_practitioner_is_not_told_that_a_colleague_moved_it() {
    let mail = letter(Kind::Notice { moved_from: Some(nine()), cancelled: false }).compose(None);
    assert!(mail.subject.starts_with("Updated in your calendar: "), "{}", mail.subject);
    assert!(mail.text.contains("The rules of its time zone have changed. ") && !mail.text.contains("colleague"), "{}", mail.text);
}

#[test]
fn a_time_that_exists_no_longer_is_named_beside_the_new_one() {
    let previous = told("Europe/Paris", "2027-03-28T02:30:00", "2027-03-28T01:30:00Z");
    let moved = Letter { slot: slot("2027-03-28T03:00:00", "Europe/Paris"), ..letter(Kind::Update { previous: Some(previous) }) };
    let mail = moved.compose(None);
    assert!(mail.text.contains("and the time that was agreed exists no longer. This session with Harbour Clinic has a new time."));
    assert!(
        mail.text.contains("New time: Sunday, 28 March 2027, 3:00–4:00")
            && mail.text.contains("Former time: Sunday, 28 March 2027, 2:30–3:30"),
        "{}",
        mail.text
    );
}

#[test]
fn a_session_that_someone_moved_is_moved_whatever_rules_there_were() {
    let previous = told("America/Vancouver", "2026-12-01T11:00:00", "2026-12-01T19:00:00Z");
    let mail = letter(Kind::Update { previous: Some(previous) }).compose(None);
    assert!(mail.text.starts_with("New time for a session\n"), "{}", mail.text);
    assert!(mail.text.contains("Former time: Tuesday, 1 December 2026, 11:00–12:00"), "{}", mail.text);
}
