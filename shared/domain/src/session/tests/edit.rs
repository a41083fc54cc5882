use super::clinic::*;
use crate::{
    event::Change,
    people::Client,
    practice::Location,
    reminder::Channel,
    session::{
        Attendance, AttendanceMark, Cancel, Decision, Edit, EditFacts, EditRefused, MarkOutcome, Presence, Schedule, ServiceChoice,
        Session, Status, UnknownService,
    },
    text::{Instructions, Url},
};

const DUE: &str = "2026-12-01T15:55:00Z";
const UNDERWAY: &str = "2026-12-01T16:30:00Z";
const OVER: &str = "2026-12-01T17:30:00Z";

fn decide(wish: Edit, session: &Session, now: &str) -> Result<Decision, EditRefused> {
    deciding(now, |deciding| wish.decide(session.clone(), &edit_facts(), deciding))
}

fn standing() -> Session {
    Session::Scheduled(granted(wish()))
}

fn with_invites() -> Session {
    Session::Scheduled(invited(&["a@home.test"]))
}

fn closed() -> Session {
    let came = MarkOutcome::Attendance(vec![Attendance { client: LEA, value: AttendanceMark::Attended, fee: None }]);
    deciding(OVER, |deciding| came.decide(standing(), &practice(), None, Vec::new(), deciding)).unwrap().session
}

fn cancelled() -> Session {
    let plain = Cancel { reason: None, notify: None, fee: None };
    deciding(NOW, |deciding| plain.decide(granted(wish()), &practice(), &[], Vec::new(), deciding)).unwrap().session
}

fn link() -> Edit {
    Edit { url: Some(Some(Url::parse("https://meet.example/1").unwrap())), ..Edit::default() }
}

fn instructions() -> Edit {
    Edit { instructions: Some(Some(Instructions::parse("Bring a pen").unwrap())), ..Edit::default() }
}

fn services() -> Edit {
    Edit { services: Some(vec![ServiceChoice { service: TALK, price: None }]), ..Edit::default() }
}

fn location() -> Edit {
    Edit { location: Some(Some(OFFICE)), ..Edit::default() }
}

fn presence() -> Edit {
    Edit { presence: Some(Presence::Indirect), ..Edit::default() }
}

fn days(days: &[i64]) -> Edit {
    Edit { reminders: Some(reminders(days)), ..Edit::default() }
}

/// Every field, in the words of the history.
fn every_field() -> Vec<(&'static str, Edit)> {
    vec![
        ("the services", services()),
        ("the location", location()),
        ("whether the client is present", presence()),
        ("the link", link()),
        ("the instructions", instructions()),
        ("the reminders", days(&[1])),
    ]
}

/// Which fields can be changed at that moment; each refusal names field and status.
fn open_fields(session: &Session, now: &str) -> Vec<&'static str> {
    let status = session.status(&practice().policies, at(now));
    let open = |(words, edit): (&'static str, Edit)| match decide(edit, session, now) {
        Ok(decision) => {
            let correction = status != Status::Scheduled;
            assert_eq!(decision.event.change, Change::Edited { fields: vec![words.to_owned()], correction, updated: 0 });
            Some(words)
        }
        Err(refused) => {
            assert_eq!(refused, EditRefused::TooLate { field: words, status });
            None
        }
    };
    every_field().into_iter().filter_map(open).collect()
}

#[test]
fn while_it_is_scheduled_anything_can_be_changed() {
    assert_eq!(open_fields(&standing(), NOW).len(), 6);
}

#[test]
fn while_it_is_due_or_under_way_link_and_instructions_can_be_corrected() {
    assert_eq!(open_fields(&standing(), DUE), ["the link", "the instructions"]);
    assert_eq!(open_fields(&standing(), UNDERWAY), ["the link", "the instructions"]);
}

#[test]
fn after_the_end_everything_but_reminders_can_be_corrected() {
    let all = ["the services", "the location", "whether the client is present", "the link", "the instructions"];
    assert_eq!(open_fields(&standing(), OVER), all);
}

#[test]
fn a_closed_session_keeps_what_its_outcome_rests_on() {
    assert_eq!(open_fields(&closed(), OVER), ["the services", "the location", "the link", "the instructions"]);
}

#[test]
fn a_cancelled_session_stays_as_it_is() {
    for (_, edit) in every_field() {
        assert_eq!(decide(edit, &cancelled(), NOW).unwrap_err(), EditRefused::Cancelled);
    }
}

#[test]
fn one_field_that_is_too_late_refuses_the_whole_change() {
    let both = Edit { services: services().services, ..link() };
    assert!(matches!(decide(both, &standing(), DUE), Err(EditRefused::TooLate { field: "the services", .. })));
}

#[test]
fn a_change_that_changes_nothing_is_refused() {
    let with_link = decide(link(), &standing(), NOW).unwrap().session;
    assert_eq!(decide(link(), &with_link, NOW).unwrap_err(), EditRefused::NothingToDo);
    assert_eq!(decide(Edit::default(), &standing(), NOW).unwrap_err(), EditRefused::NothingToDo);
    let empty = Edit { url: Some(None), ..Edit::default() };
    assert_eq!(decide(empty.clone(), &standing(), NOW).unwrap_err(), EditRefused::NothingToDo);
    assert_eq!(decide(empty, &with_link, NOW).unwrap().session.details().url, None);
}

#[test]
fn what_calendars_see_raises_sequence_and_what_they_do_not_see_does_not() {
    let sequence = |edit| decide(edit, &with_invites(), NOW).unwrap().session.details().sequence;
    for edit in [link(), instructions(), location()] {
        assert_eq!(sequence(edit), 1);
    }
    for edit in [services(), presence(), days(&[1])] {
        assert_eq!(sequence(edit), 0);
    }
}

#[test]
fn updates_are_sent_only_if_staff_say_so() {
    assert!(mailed(&decide(link(), &with_invites(), NOW).unwrap()).is_empty());
    let aloud = Edit { send_updates: Some(true), ..link() };
    let decision = decide(aloud, &with_invites(), NOW).unwrap();
    assert_eq!(mailed(&decision), [("entry", recipient("a@home.test"), 1)]);
    let change = Change::Edited { fields: vec!["the link".to_owned()], correction: false, updated: 1 };
    assert_eq!(decision.event.change, change);
}

#[test]
fn there_is_nobody_to_update_where_no_invites_went_out() {
    let aloud = Edit { send_updates: Some(true), ..link() };
    assert_eq!(decide(aloud, &standing(), NOW).unwrap_err(), EditRefused::NoInvitesToUpdate);
}

#[test]
fn unknown_services_and_locations_are_refused() {
    let unknown = crate::ids::ServiceId::from_bits(NOBODY);
    let edit = Edit { services: Some(vec![ServiceChoice { service: unknown, price: None }]), ..Edit::default() };
    assert_eq!(decide(edit, &standing(), NOW).unwrap_err(), EditRefused::UnknownService(UnknownService(unknown)));
    for location_found in [None, Some(Location { active: false, ..office() })] {
        let facts = EditFacts { location: location_found, ..edit_facts() };
        let refused = deciding(NOW, |deciding| location().decide(standing(), &facts, deciding)).unwrap_err();
        assert_eq!(refused, EditRefused::UnknownLocation(OFFICE));
    }
}

#[test]
fn new_reminders_are_armed_as_far_as_their_minute_has_not_passed() {
    let decision = decide(days(&[1, 3]), &standing(), "2026-11-29T16:00:00Z").unwrap();
    assert_eq!(due(&decision), ["2026-11-30T16:00Z"]);
    assert!(due(&decide(link(), &Session::Scheduled(granted(Schedule { reminders: None, ..wish() })), NOW).unwrap()).is_empty());
}

#[test]
fn a_reminder_by_a_channel_that_the_client_does_not_allow_is_refused() {
    let facts = EditFacts { clients: vec![Client { reminder_channels: Vec::new(), ..lea() }], ..edit_facts() };
    let refused = deciding(NOW, |deciding| days(&[1]).decide(standing(), &facts, deciding)).unwrap_err();
    assert_eq!(refused, EditRefused::ChannelNotAllowed(Channel::Email));
}
