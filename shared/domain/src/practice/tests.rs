use super::*;
use crate::session::tests::clinic::{name, practice};

fn policies(json: &str) -> Result<Policies, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn a_policy_that_is_not_named_has_its_default() {
    assert_eq!(policies("{}").unwrap(), Policies::default());
    let changed = policies(r#"{"late_cancellation_hours":48,"due_window_minutes":0}"#).unwrap();
    assert_eq!(changed.late_cancellation_hours.duration(), chrono::Duration::hours(48));
    assert_eq!(changed.due_window_minutes.duration(), chrono::Duration::zero());
    assert_eq!(changed.default_length_minutes, Minutes::HOUR);
}

#[test]
fn policies_outside_their_bounds_are_refused() {
    let bad = [
        (r#"{"late_cancellation_hours":337}"#, "from 0 to 336"),
        (r#"{"late_cancellation_hours":-1}"#, "from 0 to 336"),
        (r#"{"due_window_minutes":121}"#, "from 0 to 120"),
        (r#"{"default_length_minutes":0}"#, "from 1 to 1440"),
        (r#"{"slot_step_minutes":1441}"#, "from 1 to 1440"),
        (r#"{"no_show_fee_minor":-1}"#, "from 0 to 100000000"),
        (r#"{"reminders":[{"days_before":6,"channel":"email"}]}"#, "from 1 to 5"),
        (r#"{"reminders":[{"days_before":1,"channel":"pigeon"}]}"#, "unknown variant"),
        (r#"{"late_fee":1}"#, "unknown field"),
    ];
    for (json, says) in bad {
        let error = policies(json).unwrap_err();
        assert!(error.contains(says), "{json}: {error}");
    }
}

#[test]
fn policies_read_back_as_they_were_written() {
    let policies = practice().policies;
    assert_eq!(serde_json::from_str::<Policies>(&serde_json::to_string(&policies).unwrap()).unwrap(), policies);
}

#[test]
fn mails_come_from_the_sender_name_else_from_the_practice() {
    let mut practice = practice();
    assert_eq!(practice.sender_name(), &name("Harbour Clinic"));
    practice.policies.sender_name = Some(name("Harbour"));
    assert_eq!(practice.sender_name(), &name("Harbour"));
}

#[test]
fn a_place_of_service_is_two_digits() {
    assert!(PlaceOfService::try_from("02".to_owned()).is_ok());
    for wrong in ["", "2", "123", "1a", "１１"] {
        assert!(PlaceOfService::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
}
