//! Letters as people will get them, read back by other parsers and filled with hostile words.

mod hostile;
mod round_trip;
mod rules;
mod series;
mod snapshots;

use hourkeep_domain::{
    ids::{RecipientId, SessionId},
    slot::{Minutes, Slot},
    text::{Email, Instructions, Name, Reason, Url},
    zone::Zone,
};

use crate::{Kind, Letter, Place};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn zone(text: &str) -> Zone {
    Zone::parse(text).unwrap()
}

fn slot(local: &str, in_zone: &str) -> Slot {
    Slot::resolve(local.parse().unwrap(), &zone(in_zone), Minutes::HOUR, None).unwrap()
}

fn manage_link() -> Url {
    url("https://hourkeep.example/m/MANAGE-TOKEN")
}

/// A plain letter: one hour in Vancouver, the recipient's zone not known.
fn letter(kind: Kind) -> Letter {
    Letter {
        kind,
        session: SessionId::from_bits(0x0193_8a11_2c00_7777_8888_9999_aaaa_bbbb),
        recipient: RecipientId::from_bits(0x0193_8a11_2c00_1111_2222_3333_4444_5555),
        to_name: Some(name("Sam Okoro")),
        to: email("sam@example.com"),
        practice_name: name("Harbour Clinic"),
        sender_name: name("Harbour Clinic"),
        from: email("harbour@mail.hourkeep.example"),
        reply_to: Some(email("ada@harbour.example")),
        practitioner_name: name("Dr Ada Rivers"),
        slot: slot("2026-12-01T09:00:00", "America/Vancouver"),
        recipient_zone: None,
        place: Some(Place::Room { room: name("Room 2"), location: Some(name("Harbour House")) }),
        url: None,
        session_link: url("https://hourkeep.example/s/ABCD-EFGH-JKLM"),
        code: "ABCD-EFGH-JKLM".to_owned(),
        instructions: None,
        reason: None,
        sequence: 0,
        stamped_at: "2026-11-20T17:30:05Z".parse().unwrap(),
        series: None,
    }
}

/// Everything filled in, seen from Paris.
fn full(kind: Kind) -> Letter {
    Letter {
        recipient_zone: Some(zone("Europe/Paris")),
        place: Some(Place::Online),
        url: Some(url("https://meet.example/room-1?pin=42&lang=en")),
        instructions: Some(Instructions::parse("Please be ready five minutes early.\n\nBring:\n- water\n- your notebook").unwrap()),
        reason: Some(Reason::parse("Dr Rivers is at a conference that morning.").unwrap()),
        sequence: 3,
        ..letter(kind)
    }
}

/// One letter of each kind.
fn kinds() -> Vec<(&'static str, Kind)> {
    vec![
        ("invite", Kind::Invite),
        ("update_time", Kind::Update { previous: Some(slot("2026-11-30T14:00:00", "America/Vancouver")) }),
        ("update_details", Kind::Update { previous: None }),
        ("cancellation", Kind::Cancellation { calendar: true }),
        ("cancellation_notice", Kind::Cancellation { calendar: false }),
        ("reminder", Kind::Reminder { days_before: 2 }),
        ("notice_moved", Kind::Notice { moved_from: Some(slot("2026-11-30T14:00:00", "America/Vancouver")), cancelled: false }),
        ("notice_cancelled", Kind::Notice { moved_from: None, cancelled: true }),
    ]
}
