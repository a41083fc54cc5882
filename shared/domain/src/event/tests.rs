use super::*;
use crate::{
    money::Amount,
    session::{
        Attendance, Status,
        tests::clinic::{ADA, BLUE, GREEN, LEA, NOW, at, cents, granted, local, member, wish, zone},
    },
};

struct Known;

impl Names for Known {
    fn practitioner(&self, id: PractitionerId) -> Option<&str> {
        (id == ADA).then_some("Ada")
    }

    fn room(&self, id: RoomId) -> Option<&str> {
        (id == BLUE).then_some("Blue")
    }
}

fn sentence(change: Change) -> String {
    because(change, None)
}

fn because(change: Change, reason: Option<&str>) -> String {
    let details = granted(wish()).details;
    let member = member();
    let deciding = Deciding { actor: &member, now: at(NOW), attempt: AttemptId::from_bits(1) };
    let reason = reason.map(|text| Reason::parse(text).unwrap());
    Event::new(&details, deciding, change, reason, Vec::new()).sentence(&Known)
}

fn placed(local_start: &str) -> Placed {
    Placed {
        local_start: local(local_start),
        zone: zone("America/Vancouver"),
        length_minutes: 50,
        practitioner: ADA,
        room: Some(BLUE),
    }
}

fn cancelled(late: bool, fee: Option<i64>, instead_of: Option<i64>, notified: usize) -> String {
    sentence(Change::Cancelled {
        late,
        fee: fee.map(cents),
        fee_overridden_from: instead_of.map(cents),
        currency: Currency::parse("CAD").unwrap(),
        notified,
    })
}

fn attendance(value: AttendanceMark) -> Outcome {
    Outcome::Attendance { marks: vec![Attendance { client: LEA, value, fee: Some(Amount::ZERO) }] }
}

#[test]
fn scheduling_in_words() {
    let change = |invited, overlapping| Change::Scheduled { placed: placed("2026-12-01T09:05"), invited, overlapping };
    assert_eq!(
        sentence(change(0, false)),
        "Fay scheduled the session for Tuesday, 1 December 2026, 9:05 (America/Vancouver, 50 minutes, with Ada, in Blue)."
    );
    assert_eq!(
        sentence(change(2, true)),
        "Fay scheduled the session for Tuesday, 1 December 2026, 9:05 (America/Vancouver, 50 minutes, with Ada, in Blue), \
         knowingly overlapping another entry and invited 2 people."
    );
}

#[test]
fn moving_in_words() {
    let after = Placed { zone: zone("Europe/Paris"), room: Some(GREEN), ..placed("2026-12-02T18:00") };
    let change = Change::Rescheduled { before: placed("2026-12-01T09:00"), after, updated: 1, overlapping: false };
    assert_eq!(
        because(change, Some("the flu")),
        "Fay moved the session from Tuesday, 1 December 2026, 9:00 (America/Vancouver, 50 minutes, with Ada, in Blue) to \
         Wednesday, 2 December 2026, 18:00 (Europe/Paris, 50 minutes, with Ada) and sent the new time to 1 person. \
         Reason: the flu"
    );
}

#[test]
fn new_rules_in_words() {
    let change = |after, moved_by_minutes, overlapping, updated| {
        let before = placed("2027-01-15T09:00");
        sentence(Change::Reanchored { before, after: placed(after), moved_by_minutes, overlapping, updated })
    };
    assert_eq!(
        change("2027-01-15T09:00", -60, false, 2),
        "Fay kept the session at Friday, 15 January 2027, 9:00 (America/Vancouver, 50 minutes, with Ada, in Blue) under new \
         time-zone rules, 60 minutes earlier by UTC and sent the change to 2 people."
    );
    assert!(
        change("2027-01-15T09:00", 1, true, 1)
            .ends_with(", 1 minute later by UTC, now overlapping another entry and sent the change to 1 person.")
    );
    let skipped = change("2027-01-15T10:00", 0, false, 0);
    assert!(skipped.starts_with("Fay moved the session from Friday, 15 January 2027, 9:00 ("), "{skipped}");
    assert!(skipped.ends_with(", since new time-zone rules skip the former, at the same instant by UTC."), "{skipped}");
    assert_eq!(Actor::hourkeep().name.as_str(), "Hourkeep");
}

#[test]
fn changing_in_words() {
    let change = |fields: &[&str], correction, updated| {
        sentence(Change::Edited { fields: fields.iter().map(|&field| field.to_owned()).collect(), correction, updated })
    };
    assert_eq!(change(&["the link"], false, 0), "Fay changed the link.");
    assert_eq!(change(&["the link", "the reminders"], true, 0), "Fay corrected the link and the reminders.");
    assert_eq!(
        change(&["the services", "the location", "the link"], false, 3),
        "Fay changed the services, the location and the link and sent the change to 3 people."
    );
}

#[test]
fn inviting_in_words() {
    let change = |added, removed| sentence(Change::Invited { added, removed });
    assert_eq!(change(1, 0), "Fay invited 1 person.");
    assert_eq!(change(0, 2), "Fay took back the invites of 2 people.");
    assert_eq!(change(2, 1), "Fay invited 2 people and took back the invites of 1 person.");
}

#[test]
fn cancelling_in_words() {
    assert_eq!(cancelled(false, None, None, 0), "Fay cancelled the session and told nobody.");
    assert_eq!(cancelled(true, Some(5000), None, 1), "Fay cancelled the session late, for a fee of 50.00 CAD and told 1 person.");
    assert_eq!(
        cancelled(true, Some(5), Some(5000), 2),
        "Fay cancelled the session late, for a fee of 0.05 CAD instead of 50.00 CAD and told 2 people."
    );
}

#[test]
fn deleting_in_words() {
    let change = |before| Change::Deleted { before };
    assert_eq!(sentence(change(Status::Scheduled)), "Fay deleted the entry, as a mistake.");
    assert_eq!(
        because(change(Status::AwaitingOutcome), Some("entered twice")),
        "Fay deleted the entry, as a mistake; it was over and awaiting its outcome. Reason: entered twice"
    );
    assert_eq!(sentence(change(Status::Cancelled)), "Fay deleted the entry, as a mistake; it was cancelled.");
}

#[test]
fn outcomes_in_words() {
    let marked = |outcome| sentence(Change::OutcomeMarked { outcome });
    assert_eq!(marked(attendance(AttendanceMark::Attended)), "Fay marked the outcome: attended.");
    assert_eq!(marked(attendance(AttendanceMark::LateCancellation)), "Fay marked the outcome: late cancellation.");
    assert_eq!(marked(attendance(AttendanceMark::Cancelled)), "Fay marked the outcome: cancelled.");
    for (value, words) in [
        (Progress::NotStarted, "not started"),
        (Progress::InProgress, "in progress"),
        (Progress::OnHold, "on hold"),
        (Progress::Completed, "completed"),
    ] {
        assert_eq!(marked(Outcome::Progress { value }), format!("Fay marked the outcome: {words}."));
    }
    let corrected =
        Change::OutcomeCorrected { before: attendance(AttendanceMark::NoShow), after: attendance(AttendanceMark::NonBillable) };
    assert_eq!(sentence(corrected), "Fay corrected the outcome from no show to non-billable.");
}
