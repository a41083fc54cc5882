//! Events without clients: what they are made of, and what they cannot have.

use super::clinic::*;
use crate::{
    event_type::{Availability, EventType, EventTypes},
    practice::Practice,
    session::{
        Cancel, CancelRefused, Decision, Edit, EditFacts, EditRefused, Invite, InviteChoice, InviteRefused, MarkOutcome, OfClients,
        OutcomeRefused, Progress, RecipientChoice, Schedule, ScheduleFacts, ScheduleRefused, Scheduled, ServiceChoice, Session,
        Status, WithoutClients,
    },
    sheet::Resource,
    text::Title,
};

fn kind(practice: &Practice, name: &str) -> EventType {
    EventTypes::usual(practice.id).iter().find(|of| of.name.as_str() == name).unwrap().clone()
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

/// A team meeting on Tuesday at nine.
fn meeting() -> Schedule {
    Schedule {
        clients: Vec::new(),
        title: Some(title("Case conference")),
        event_type: Some(kind(&practice(), "Team meeting").id),
        services: None,
        reminders: None,
        invite: InviteChoice::Off,
        ..wish()
    }
}

fn decide(wish: Schedule) -> Result<Decision, ScheduleRefused> {
    let facts = ScheduleFacts { clients: Vec::new(), ..schedule_facts() };
    deciding(NOW, |deciding| wish.decide(&naming(), facts, deciding))
}

fn event() -> Scheduled {
    scheduled(decide(meeting()).unwrap())
}

fn refused(what: OfClients) -> WithoutClients {
    WithoutClients(what)
}

#[test]
fn it_takes_the_time_and_has_nothing_of_what_clients_bring() {
    let decision = decide(meeting()).unwrap();
    let details = decision.session.details();
    assert!(details.is_without_clients() && details.services.is_empty() && details.reminders.is_empty());
    assert_eq!(details.title, Some(title("Case conference")));
    assert!(decision.event.effects.is_empty());
    for diary in &decision.diaries {
        let entry = diary.entry(details.id).unwrap();
        assert_eq!((entry.title.clone(), entry.free, entry.clients.len()), (Some(title("Case conference")), false, 0));
    }
    assert!(decision.diaries.iter().any(|diary| diary.resource() == Resource::Practitioner(ADA)));
}

#[test]
fn a_note_leaves_the_time_free() {
    let note = Schedule { event_type: Some(kind(&practice(), "Note").id), title: None, ..meeting() };
    let decision = decide(note).unwrap();
    assert_eq!(decision.session.details().availability, Availability::Free);
    assert!(decision.diaries[0].entry(decision.session.details().id).unwrap().free);
}

#[test]
fn the_type_says_whether_there_are_clients() {
    let typeless = Schedule { event_type: None, ..meeting() };
    assert_eq!(decide(typeless).unwrap_err(), ScheduleRefused::NotOneClient);
    let of_clients = Schedule { event_type: Some(kind(&practice(), "Session").id), ..meeting() };
    assert_eq!(decide(of_clients).unwrap_err(), ScheduleRefused::NotOneClient);
    let with_client = Schedule { clients: vec![LEA], ..meeting() };
    let refused = deciding(NOW, |deciding| with_client.decide(&naming(), schedule_facts(), deciding)).unwrap_err();
    assert_eq!(refused, ScheduleRefused::TypeWithoutClients);
    let titled = Schedule { title: Some(title("Talk")), ..wish() };
    let refused = deciding(NOW, |deciding| titled.decide(&naming(), schedule_facts(), deciding)).unwrap_err();
    assert_eq!(refused, ScheduleRefused::TitleOfClients);
}

#[test]
fn what_only_sessions_have_is_refused_by_name() {
    let named = vec![RecipientChoice::Address { name: None, email: email("team@clinic.test") }];
    let cases = [
        (Schedule { services: Some(vec![ServiceChoice { service: TALK, price: None }]), ..meeting() }, OfClients::Services),
        (Schedule { invite: InviteChoice::OnRecord, ..meeting() }, OfClients::Invites),
        (Schedule { invite: InviteChoice::Named(named), ..meeting() }, OfClients::Invites),
        (Schedule { reminders: Some(reminders(&[1])), ..meeting() }, OfClients::Reminders),
    ];
    for (wish, what) in cases {
        assert_eq!(decide(wish).unwrap_err(), ScheduleRefused::WithoutClients(refused(what)));
    }
    let empty = Schedule { services: Some(Vec::new()), reminders: Some(reminders(&[])), ..meeting() };
    assert!(decide(empty).is_ok(), "nothing is what it has");
    let invite = Invite { recipients: None };
    let asked = deciding(NOW, |deciding| invite.decide(event(), &practice(), &[], deciding)).unwrap_err();
    assert_eq!(asked, InviteRefused::WithoutClients(refused(OfClients::Invites)));
    let mark = MarkOutcome::Progress(Progress::Completed);
    let over = "2026-12-01T20:00:00Z";
    let marked =
        deciding(over, |deciding| mark.decide(Session::Scheduled(event()), &practice(), None, Vec::new(), deciding)).unwrap_err();
    assert_eq!(marked, OutcomeRefused::WithoutClients(refused(OfClients::Outcome)));
}

#[test]
fn it_is_cancelled_without_a_word_and_without_a_fee_however_late() {
    let practice = with_policies(|policies| policies.no_show_fee_minor = cents(5_000));
    let cancel = |notify, fee, now: &str| {
        let wish = Cancel { reason: None, notify, fee };
        deciding(now, |deciding| wish.decide(event(), &practice, &[], Vec::new(), deciding))
    };
    let late = "2026-12-01T16:55:00Z";
    let Session::Cancelled(cancelled) = cancel(None, None, late).unwrap().session else { panic!("not cancelled") };
    assert_eq!((cancelled.late, cancelled.fee), (false, None));
    assert_eq!(cancel(Some(true), None, late).unwrap_err(), CancelRefused::WithoutClients(refused(OfClients::Notice)));
    assert_eq!(cancel(None, Some(cents(100)), late).unwrap_err(), CancelRefused::WithoutClients(refused(OfClients::Fee)));
    assert_eq!(cancel(Some(false), None, "2026-12-01T20:00:00Z").unwrap_err(), CancelRefused::EventOver);
}

#[test]
fn once_over_it_is_closed_and_awaits_nothing() {
    let event = event();
    let at_end = event.details.slot.ends_at();
    assert_eq!(event.status(&practice().policies, at_end - chrono::Duration::seconds(1)), Status::Underway);
    assert_eq!(event.status(&practice().policies, at_end), Status::Closed);
}

#[test]
fn its_title_and_its_type_can_be_changed_on_its_own_side() {
    let edit = |edit: Edit, session: Session| {
        let facts = EditFacts {
            practice: practice(),
            clients: Vec::new(),
            services: Vec::new(),
            location: None,
            diaries: vec![holding(Resource::Practitioner(ADA), session.details(), &practice())],
        };
        deciding(NOW, |deciding| edit.decide(session, &facts, deciding))
    };
    let of = |wish: Edit| edit(wish, Session::Scheduled(event()));
    let busy = kind(&practice(), "Busy").id;
    let renamed = of(Edit { title: Some(Some(title("Supervision"))), event_type: Some(busy), ..Edit::default() }).unwrap();
    assert_eq!(renamed.diaries[0].entry(renamed.session.details().id).unwrap().title, Some(title("Supervision")));
    assert_eq!(of(Edit { title: Some(None), ..Edit::default() }).unwrap().session.details().title, None);
    let session_type = kind(&practice(), "Session").id;
    let refusal = of(Edit { event_type: Some(session_type), ..Edit::default() }).unwrap_err();
    assert_eq!(refusal, EditRefused::TypeForClients);
    let reminded = of(Edit { reminders: Some(reminders(&[1])), ..Edit::default() }).unwrap_err();
    assert_eq!(reminded, EditRefused::WithoutClients(refused(OfClients::Reminders)));
    let of_clients = edit(Edit { title: Some(Some(title("Talk"))), ..Edit::default() }, Session::Scheduled(granted(wish())));
    assert_eq!(of_clients.unwrap_err(), EditRefused::TitleOfClients);
}
