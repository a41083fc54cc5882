//! A small practice for tests: Ada and Ben, their client Lea, two rooms, and wishes that are granted as they stand.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};

use crate::{
    code::SessionCode,
    event::Effect,
    hours::{Exceptions, WeeklyHours},
    ids::{AttemptId, ClientId, ContactId, LocationId, PracticeId, PractitionerId, RecipientId, RoomId, ServiceId, SessionId},
    money::{Amount, Currency},
    people::{Client, Contact, ContactKind, Membership, PersonName, Practitioner, Role},
    practice::{Location, Policies, Practice, Room, RoomKind, Service},
    recipient::Recipient,
    reminder::{Channel, Reminder, Reminders},
    session::{
        Deciding, Decision, Details, EditFacts, InviteChoice, Naming, Presence, RecipientChoice, Reschedule, RescheduleFacts,
        Schedule, ScheduleFacts, Scheduled, Session,
    },
    sheet::{Diary, Entry, Resource},
    slot::Minutes,
    text::{Code, Email, Name, Slug},
    zone::Zone,
};

pub(crate) const ADA: PractitionerId = PractitionerId::from_bits(1);
pub(crate) const BEN: PractitionerId = PractitionerId::from_bits(2);
pub(crate) const LEA: ClientId = ClientId::from_bits(3);
pub(crate) const BLUE: RoomId = RoomId::from_bits(4);
pub(crate) const GREEN: RoomId = RoomId::from_bits(5);
pub(crate) const TALK: ServiceId = ServiceId::from_bits(6);
pub(crate) const REPORT: ServiceId = ServiceId::from_bits(7);
pub(crate) const OFFICE: LocationId = LocationId::from_bits(8);
pub(crate) const MUM: ContactId = ContactId::from_bits(9);
pub(crate) const SESSION: SessionId = SessionId::from_bits(10);
pub(crate) const NOBODY: u128 = 99;

/// Ten days before the sessions of these tests, which are at 9:00 on Tuesday, 1 December 2026, in Vancouver (16:00 UTC).
pub(crate) const NOW: &str = "2026-11-21T16:00:00Z";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub(crate) fn minutes(count: i64) -> Minutes {
    Minutes::new(count).unwrap()
}

pub(crate) fn cents(count: i64) -> Amount {
    Amount::new(count).unwrap()
}

pub(crate) fn reminders(days: &[i64]) -> Reminders {
    let reminder = |&days: &i64| Reminder { days_before: days.try_into().unwrap(), channel: Channel::Email };
    Reminders::new(days.iter().map(reminder).collect()).unwrap()
}

pub(crate) fn practice() -> Practice {
    Practice {
        id: PracticeId::from_bits(20),
        name: name("Harbour Clinic"),
        slug: Slug::parse("harbour").unwrap(),
        zone: zone("America/Vancouver"),
        currency: Currency::parse("CAD").unwrap(),
        policies: Policies {
            no_show_fee_minor: cents(5000),
            default_length_minutes: minutes(45),
            reminders: reminders(&[2]),
            ..Policies::default()
        },
        event_types: None,
        exceptions: Exceptions::default(),
    }
}

pub(crate) fn with_policies(change: impl FnOnce(&mut Policies)) -> Practice {
    let mut practice = practice();
    change(&mut practice.policies);
    practice
}

pub(crate) fn ada() -> Practitioner {
    Practitioner {
        id: ADA,
        name: name("Ada"),
        email: email("ada@demo.test"),
        zone: zone("America/Vancouver"),
        weekly_hours: WeeklyHours::default(),
        exceptions: Exceptions::default(),
        active: true,
    }
}

pub(crate) fn ben() -> Practitioner {
    Practitioner { id: BEN, name: name("Ben"), email: email("ben@demo.test"), zone: zone("Europe/Paris"), ..ada() }
}

pub(crate) fn lea() -> Client {
    Client {
        id: LEA,
        name: PersonName::First(name("Lea")),
        contacts: vec![contact(MUM, ContactKind::Guardian, Some("mum@home.test"))],
        practitioners: vec![ADA],
        reminder_channels: vec![Channel::Email],
        zone: None,
        active: true,
    }
}

pub(crate) fn contact(id: ContactId, kind: ContactKind, address: Option<&str>) -> Contact {
    Contact { id, name: name("Mum"), kind, email: address.map(email), phone: None }
}

pub(crate) fn room(id: RoomId) -> Room {
    Room { id, name: name("Blue"), kind: RoomKind::InPerson, active: true }
}

pub(crate) fn talk() -> Service {
    Service {
        id: TALK,
        code: Code::parse("90837").unwrap(),
        name: name("Talk"),
        price_minor: cents(12_500),
        length_minutes: Some(minutes(50)),
        active: true,
    }
}

pub(crate) fn report() -> Service {
    Service { id: REPORT, name: name("Report"), length_minutes: None, ..talk() }
}

pub(crate) fn office() -> Location {
    Location { id: OFFICE, name: name("Office"), place_of_service: "11".to_owned().try_into().unwrap(), active: true }
}

pub(crate) fn member() -> Membership {
    serde_json::from_value(serde_json::json!({
        "practice": PracticeId::from_bits(20), "issuer": "https://id.test", "subject": "fay", "name": "Fay",
        "role": Role::FrontDesk, "practitioner": null, "active": true,
    }))
    .unwrap()
}

/// Runs a decision of Fay's at a moment.
pub(crate) fn deciding<T>(now: &str, decide: impl FnOnce(Deciding<'_>) -> T) -> T {
    decide(Deciding { actor: &member(), now: at(now), attempt: AttemptId::from_bits(77) })
}

/// A resource with nothing on it, read widely enough for any of these tests.
pub(crate) fn free(resource: Resource) -> Diary {
    Diary::new(resource, day("2026-10-01"), day("2027-04-30"), BTreeMap::new())
}

/// A resource with other sessions on it.
pub(crate) fn taken(resource: Resource, times: &[(&str, i64)]) -> Diary {
    let mut diary = free(resource);
    for (index, (start, length)) in times.iter().enumerate() {
        diary.put(&Entry {
            session: SessionId::from_bits(1000 + index as u128),
            starts_at: at(start),
            ends_at: at(start) + minutes(*length).duration(),
            buffer_before: 0,
            buffer_after: 0,
            clients: Vec::new(),
            closed: false,
            indirect: false,
            practitioner: None,
            room: None,
            event_type: None,
            title: None,
            free: false,
        });
    }
    as_read(&diary)
}

/// The same sheets, as if they had just been read: nothing is touched.
pub(crate) fn as_read(diary: &Diary) -> Diary {
    let from = day("2026-10-01");
    let mut fresh = BTreeMap::new();
    for (date, sheet) in diary.changes() {
        fresh.insert(date, sheet.clone());
    }
    Diary::new(diary.resource(), from, from + Days::new(211), fresh)
}

pub(crate) fn touched(diary: &Diary) -> Vec<String> {
    diary.changes().map(|(date, sheet)| format!("{date}: {}", sheet.entries.len())).collect()
}

pub(crate) fn naming() -> Naming {
    Naming { session: SESSION, codes: vec![SessionCode::new(1)] }
}

/// A session of an hour at 9:00 with Ada, invites and reminders off.
pub(crate) fn wish() -> Schedule {
    Schedule {
        clients: vec![LEA],
        practitioner: ADA,
        title: None,
        event_type: None,
        presence: Some(Presence::Direct),
        services: Some(Vec::new()),
        room: None,
        location: None,
        local_start: local("2026-12-01T09:00"),
        offset: None,
        zone: None,
        length: Some(minutes(60)),
        invite: InviteChoice::Off,
        reminders: Some(Reminders::NONE),
        url: None,
        instructions: None,
        allow_overlap: false,
    }
}

pub(crate) fn schedule_facts() -> ScheduleFacts {
    ScheduleFacts {
        practice: practice(),
        practitioner: Some(ada()),
        clients: vec![lea()],
        services: vec![talk(), report()],
        room: Some(room(BLUE)),
        location: Some(office()),
        diaries: vec![free(Resource::Practitioner(ADA))],
    }
}

pub(crate) fn granted(wish: Schedule) -> Scheduled {
    scheduled(deciding(NOW, |deciding| wish.decide(&naming(), schedule_facts(), deciding)).unwrap())
}

/// [`wish`] granted, with these invited.
pub(crate) fn invited(addresses: &[&str]) -> Scheduled {
    granted(Schedule { invite: InviteChoice::Named(choices(addresses)), ..wish() })
}

pub(crate) fn choices(addresses: &[&str]) -> Vec<RecipientChoice> {
    addresses.iter().map(|address| RecipientChoice::Address { name: None, email: email(address) }).collect()
}

pub(crate) fn recipient(address: &str) -> RecipientId {
    Recipient::new(SESSION.into(), None, email(address), None).id
}

/// A move to another time.
pub(crate) fn to(local_start: &str) -> Reschedule {
    Reschedule {
        local_start: local(local_start),
        offset: None,
        zone: None,
        length: None,
        practitioner: None,
        room: None,
        send_updates: None,
        reason: None,
        allow_overlap: false,
    }
}

/// Facts by which Ada goes on, with sheets that hold the session where it is.
pub(crate) fn reschedule_facts(session: &Scheduled) -> RescheduleFacts {
    RescheduleFacts {
        practice: practice(),
        practitioner: Some(ada()),
        clients: vec![lea()],
        room: None,
        diaries: vec![holding(Resource::Practitioner(ADA), &session.details, &practice())],
    }
}

/// A resource that holds this session alone.
pub(crate) fn holding(resource: Resource, details: &Details, practice: &Practice) -> Diary {
    let mut diary = free(resource);
    diary.put(&crate::session::placement::entry(details, &practice.policies));
    as_read(&diary)
}

pub(crate) fn edit_facts() -> EditFacts {
    EditFacts {
        practice: practice(),
        clients: vec![lea()],
        services: vec![talk(), report()],
        location: Some(office()),
        diaries: Vec::new(),
    }
}

pub(crate) fn scheduled(decision: Decision) -> Scheduled {
    match decision.session {
        Session::Scheduled(scheduled) => scheduled,
        Session::Closed(_) | Session::Cancelled(_) | Session::Deleted(_) => panic!("does not stand"),
    }
}

/// Who is to hold the entry of which SEQUENCE, and who is to learn of the cancellation.
pub(crate) fn mailed(decision: &Decision) -> Vec<(&'static str, RecipientId, u32)> {
    let mail = |effect: &Effect| match *effect {
        Effect::Invite { recipient, sequence } => Some(("entry", recipient, sequence)),
        Effect::Cancel { recipient, sequence } => Some(("cancel", recipient, sequence)),
        Effect::Remind { .. } | Effect::Inform { .. } | Effect::LeaveOut { .. } => None,
    };
    decision.event.effects.iter().filter_map(mail).collect()
}

/// When reminders are due.
pub(crate) fn due(decision: &Decision) -> Vec<String> {
    let due = |effect: &Effect| match effect {
        Effect::Remind { due_at, .. } => Some(due_at.format("%Y-%m-%dT%H:%MZ").to_string()),
        Effect::Invite { .. } | Effect::Cancel { .. } | Effect::Inform { .. } | Effect::LeaveOut { .. } => None,
    };
    decision.event.effects.iter().filter_map(due).collect()
}
