use super::clinic::*;
use crate::{
    event::Change,
    people::{Client, ContactKind, Practitioner},
    practice::{Location, Room, Service},
    reminder::Channel,
    session::{
        Blocked, Decision, InviteChoice, InviteRefused, Presence, RecipientChoice, Schedule, ScheduleFacts, ScheduleRefused,
        ServiceChoice, UnknownService,
    },
    sheet::{NotRead, Resource},
    slot::Unresolved,
};

fn decide(wish: Schedule, facts: ScheduleFacts) -> Result<Decision, ScheduleRefused> {
    deciding(NOW, |deciding| wish.decide(&naming(), facts, deciding))
}

fn refusal(wish: Schedule, facts: ScheduleFacts) -> ScheduleRefused {
    decide(wish, facts).unwrap_err()
}

fn length(wish: Schedule) -> u16 {
    granted(wish).details.slot.length().get()
}

fn choice(service: crate::ids::ServiceId) -> ServiceChoice {
    ServiceChoice { service, price: None }
}

#[test]
fn a_session_is_for_exactly_one_client() {
    for clients in [Vec::new(), vec![LEA, LEA]] {
        assert_eq!(refusal(Schedule { clients, ..wish() }, schedule_facts()), ScheduleRefused::NotOneClient);
    }
}

#[test]
fn a_client_that_was_not_found_is_unknown() {
    let facts = ScheduleFacts { clients: Vec::new(), ..schedule_facts() };
    assert_eq!(refusal(wish(), facts), ScheduleRefused::UnknownClient(LEA));
}

#[test]
fn a_deactivated_client_is_refused() {
    let facts = ScheduleFacts { clients: vec![Client { active: false, ..lea() }], ..schedule_facts() };
    assert_eq!(refusal(wish(), facts), ScheduleRefused::InactiveClient(LEA));
}

#[test]
fn a_client_of_another_practitioner_is_refused_whoever_acts() {
    let facts = ScheduleFacts { clients: vec![Client { practitioners: vec![BEN], ..lea() }], ..schedule_facts() };
    assert_eq!(refusal(wish(), facts), ScheduleRefused::Unassigned { client: LEA, practitioner: ADA });
}

#[test]
fn a_practitioner_who_is_missing_or_has_left_is_unknown() {
    for practitioner in [None, Some(Practitioner { active: false, ..ada() })] {
        let facts = ScheduleFacts { practitioner, ..schedule_facts() };
        assert_eq!(refusal(wish(), facts), ScheduleRefused::UnknownPractitioner(ADA));
    }
}

#[test]
fn a_service_that_is_missing_or_inactive_is_unknown() {
    for services in [Vec::new(), vec![Service { active: false, ..talk() }]] {
        let facts = ScheduleFacts { services, ..schedule_facts() };
        let refused = refusal(Schedule { services: Some(vec![choice(TALK)]), ..wish() }, facts);
        assert_eq!(refused, ScheduleRefused::UnknownService(UnknownService(TALK)));
    }
}

#[test]
fn a_room_that_is_missing_inactive_or_another_is_unknown() {
    for found in [None, Some(Room { active: false, ..room(BLUE) }), Some(room(GREEN))] {
        let facts = ScheduleFacts { room: found, ..schedule_facts() };
        assert_eq!(refusal(Schedule { room: Some(BLUE), ..wish() }, facts), ScheduleRefused::UnknownRoom(BLUE));
    }
}

#[test]
fn a_location_that_is_missing_or_inactive_is_unknown() {
    for location in [None, Some(Location { active: false, ..office() })] {
        let facts = ScheduleFacts { location, ..schedule_facts() };
        let refused = refusal(Schedule { location: Some(OFFICE), ..wish() }, facts);
        assert_eq!(refused, ScheduleRefused::UnknownLocation(OFFICE));
    }
}

#[test]
fn a_reminder_by_a_channel_that_the_client_does_not_allow_is_refused() {
    let facts = || ScheduleFacts { clients: vec![Client { reminder_channels: Vec::new(), ..lea() }], ..schedule_facts() };
    let asked = Schedule { reminders: Some(reminders(&[1])), ..wish() };
    assert_eq!(refusal(asked, facts()), ScheduleRefused::ChannelNotAllowed(Channel::Email));
    assert!(decide(wish(), facts()).is_ok());
}

#[test]
fn invites_need_somebody_to_go_to() {
    let lonely = Client { contacts: vec![contact(MUM, ContactKind::Other, Some("aunt@home.test"))], ..lea() };
    let facts = || ScheduleFacts { clients: vec![lonely.clone()], ..schedule_facts() };
    for invite in [InviteChoice::OnRecord, InviteChoice::Named(Vec::new())] {
        let refused = refusal(Schedule { invite, ..wish() }, facts());
        assert_eq!(refused, ScheduleRefused::Invite(InviteRefused::NoRecipient));
    }
}

#[test]
fn a_contact_is_invited_if_it_is_the_clients_and_has_an_address() {
    let wish = || Schedule { invite: InviteChoice::Named(vec![RecipientChoice::Contact(MUM)]), ..wish() };
    let facts = |contacts| ScheduleFacts { clients: vec![Client { contacts, ..lea() }], ..schedule_facts() };
    assert_eq!(refusal(wish(), facts(Vec::new())), ScheduleRefused::Invite(InviteRefused::UnknownContact(MUM)));
    let unreachable = vec![contact(MUM, ContactKind::Guardian, None)];
    assert_eq!(refusal(wish(), facts(unreachable)), ScheduleRefused::Invite(InviteRefused::ContactWithoutEmail(MUM)));
    assert_eq!(mailed(&decide(wish(), schedule_facts()).unwrap()), [("entry", recipient("mum@home.test"), 0)]);
}

#[test]
fn more_than_twenty_recipients_are_refused() {
    let addresses: Vec<String> = (0..21).map(|n| format!("r{n}@home.test")).collect();
    let named = choices(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    let refused = refusal(Schedule { invite: InviteChoice::Named(named), ..wish() }, schedule_facts());
    assert_eq!(refused, ScheduleRefused::Invite(InviteRefused::TooManyRecipients));
}

#[test]
fn a_start_in_the_past_is_refused_and_one_at_this_moment_is_not() {
    let blocked = |local_start: &str| decide(Schedule { local_start: local(local_start), ..wish() }, schedule_facts());
    assert_eq!(blocked("2026-11-21T08:59").unwrap_err(), ScheduleRefused::Blocked(Blocked::InThePast));
    assert!(blocked("2026-11-21T09:00").is_ok());
}

#[test]
fn a_start_more_than_five_years_ahead_is_refused() {
    let wish = Schedule { local_start: local("2032-01-01T09:00"), ..wish() };
    assert_eq!(refusal(wish, schedule_facts()), ScheduleRefused::Blocked(Blocked::TooFarAhead));
}

#[test]
fn a_skipped_local_time_is_refused_with_the_next_valid_one() {
    let wish = Schedule { local_start: local("2027-03-28T02:30"), zone: Some(zone("Europe/Paris")), ..wish() };
    let ScheduleRefused::Blocked(Blocked::Unresolved(Unresolved::Skipped { next_valid, .. })) = refusal(wish, schedule_facts())
    else {
        panic!("skipped")
    };
    assert_eq!(next_valid.to_string(), "2027-03-28T03:00");
}

#[test]
fn a_repeated_local_time_is_the_first_unless_the_offset_names_the_second() {
    let santiago = |offset| {
        let zone = Some(zone("America/Santiago"));
        granted(Schedule { local_start: local("2027-04-03T23:30"), zone, offset, ..wish() }).details.slot.starts_at()
    };
    assert_eq!(santiago(None), at("2027-04-04T02:30:00Z"));
    assert_eq!(santiago(Some(-4 * 3600)), at("2027-04-04T03:30:00Z"));
}

#[test]
fn an_offset_that_is_not_in_force_is_refused() {
    let refused = refusal(Schedule { offset: Some(0), ..wish() }, schedule_facts());
    assert!(matches!(refused, ScheduleRefused::Blocked(Blocked::Unresolved(Unresolved::OffsetNotInForce { .. }))));
}

#[test]
fn an_overlap_is_refused_with_everything_in_the_way() {
    let busy = || {
        vec![
            taken(Resource::Practitioner(ADA), &[("2026-12-01T15:30:00Z", 31), ("2026-12-01T17:00:00Z", 60)]),
            taken(Resource::Room(BLUE), &[("2026-12-01T16:59:00Z", 60)]),
        ]
    };
    let wish = || Schedule { room: Some(BLUE), ..wish() };
    let refused = refusal(wish(), ScheduleFacts { diaries: busy(), ..schedule_facts() });
    let ScheduleRefused::Blocked(Blocked::Overlap { clashes, slot }) = refused else { panic!("overlap") };
    let resources: Vec<_> = clashes.iter().map(|clash| clash.resource).collect();
    assert_eq!(resources, [Resource::Practitioner(ADA), Resource::Room(BLUE)]);
    assert_eq!(slot.starts_at(), at("2026-12-01T16:00:00Z"));

    let allowed = Schedule { allow_overlap: true, ..wish() };
    let decision = decide(allowed, ScheduleFacts { diaries: busy(), ..schedule_facts() }).unwrap();
    assert!(matches!(decision.event.change, Change::Scheduled { overlapping: true, .. }));
}

#[test]
fn a_buffer_is_kept_free_on_both_sides() {
    let facts = |start: &str| ScheduleFacts {
        practice: with_policies(|policies| policies.buffer_after_minutes = 15.try_into().unwrap()),
        diaries: vec![taken(Resource::Practitioner(ADA), &[(start, 60)])],
        ..schedule_facts()
    };
    assert!(decide(wish(), facts("2026-12-01T17:14:00Z")).is_err());
    assert!(decide(wish(), facts("2026-12-01T17:15:00Z")).is_ok());
}

#[test]
fn a_sheet_that_was_not_read_is_never_taken_for_free() {
    let wish = Schedule { local_start: local("2027-06-01T09:00"), ..wish() };
    let refused = refusal(wish, schedule_facts());
    assert_eq!(refused, ScheduleRefused::Blocked(Blocked::NotRead(NotRead(day("2027-06-01")))));
}

#[test]
fn the_length_is_the_one_asked_for_else_the_first_services_else_the_practices() {
    let services = Some(vec![choice(TALK), choice(REPORT)]);
    assert_eq!(length(Schedule { services: services.clone(), ..wish() }), 60);
    assert_eq!(length(Schedule { length: None, services, ..wish() }), 50);
    assert_eq!(length(Schedule { length: None, services: Some(vec![choice(REPORT), choice(TALK)]), ..wish() }), 45);
    assert_eq!(length(Schedule { length: None, ..wish() }), 45);
}

#[test]
fn the_zone_is_the_one_asked_for_else_the_practitioners_and_not_the_practices() {
    let facts = || ScheduleFacts {
        practitioner: Some(ben()),
        clients: vec![Client { practitioners: vec![BEN], ..lea() }],
        diaries: vec![free(Resource::Practitioner(BEN))],
        ..schedule_facts()
    };
    let start = |zone| {
        let decision = decide(Schedule { practitioner: BEN, zone, ..wish() }, facts()).unwrap();
        decision.session.details().slot.starts_at()
    };
    assert_eq!(start(None), at("2026-12-01T08:00:00Z"));
    assert_eq!(start(Some(zone("Asia/Kathmandu"))), at("2026-12-01T03:15:00Z"));
}

#[test]
fn the_reminders_are_the_practices_as_far_as_the_client_allows_their_channel() {
    let wish = || Schedule { reminders: None, ..wish() };
    let decision = decide(wish(), schedule_facts()).unwrap();
    assert_eq!(decision.session.details().reminders, reminders(&[2]));
    assert_eq!(due(&decision), ["2026-11-29T16:00Z"]);

    let silent = ScheduleFacts { clients: vec![Client { reminder_channels: Vec::new(), ..lea() }], ..schedule_facts() };
    let decision = decide(wish(), silent).unwrap();
    assert!(decision.session.details().reminders.is_empty());
}

#[test]
fn a_reminder_whose_minute_has_passed_is_kept_but_not_armed() {
    let wish = Schedule { local_start: local("2026-11-23T08:00"), reminders: Some(reminders(&[1, 2])), ..wish() };
    let decision = decide(wish, schedule_facts()).unwrap();
    assert_eq!(decision.session.details().reminders, reminders(&[1, 2]));
    assert_eq!(due(&decision), ["2026-11-22T15:00Z"]);
}

#[test]
fn reminders_are_armed_with_invites_off() {
    let decision = decide(Schedule { reminders: Some(reminders(&[1])), ..wish() }, schedule_facts()).unwrap();
    assert!(mailed(&decision).is_empty());
    assert_eq!(due(&decision).len(), 1);
}

#[test]
fn whoever_is_on_record_is_invited_and_each_address_once() {
    let on_record = decide(Schedule { invite: InviteChoice::OnRecord, ..wish() }, schedule_facts()).unwrap();
    assert_eq!(mailed(&on_record), [("entry", recipient("mum@home.test"), 0)]);
    assert_eq!(invited(&["dad@home.test", "DAD@home.test"]).details.invitation.recipients().count(), 1);
}

#[test]
fn services_are_booked_at_the_list_price_or_the_one_agreed() {
    let agreed = ServiceChoice { service: REPORT, price: Some(cents(1)) };
    let details = granted(Schedule { services: Some(vec![choice(TALK), agreed]), ..wish() }).details;
    assert_eq!(details.services.iter().map(|s| s.price).collect::<Vec<_>>(), [cents(12_500), cents(1)]);
}

#[test]
fn a_new_session_has_revision_one_and_sequence_zero() {
    let details = granted(Schedule { presence: Some(Presence::Indirect), ..wish() }).details;
    assert_eq!((details.revision, details.sequence, details.stamped_at), (1, 0, at(NOW)));
    assert_eq!(details.clients.len(), 1);
}

#[test]
fn a_session_over_midnight_utc_stands_on_both_days_and_its_buffers_on_theirs() {
    let put = |local_start: &str, before: i64, after: i64| {
        let practice = with_policies(|policies| {
            policies.buffer_before_minutes = before.try_into().unwrap();
            policies.buffer_after_minutes = after.try_into().unwrap();
        });
        let facts = ScheduleFacts { practice, ..schedule_facts() };
        touched(&decide(Schedule { local_start: local(local_start), ..wish() }, facts).unwrap().diaries[0])
    };
    assert_eq!(put("2026-12-01T16:30", 0, 0), ["2026-12-01: 1", "2026-12-02: 1"]);
    assert_eq!(put("2026-12-01T16:00", 0, 0), ["2026-12-01: 1"]);
    assert_eq!(put("2026-12-01T16:00", 0, 5), ["2026-12-01: 1", "2026-12-02: 1"]);
    assert_eq!(put("2026-12-01T17:00", 0, 0), ["2026-12-02: 1"]);
    assert_eq!(put("2026-12-01T17:00", 5, 0), ["2026-12-01: 1", "2026-12-02: 1"]);
}
