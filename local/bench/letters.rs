//! Mails: the calendar part alone, and whole messages.

use hourkeep_domain::{
    ids::{RecipientId, SessionId},
    slot::{Minutes, Slot},
    text::{Email, Instructions, Name, Url},
    zone::Zone,
};
use hourkeep_mail::{Kind, Letter, Place};

use crate::{
    Outcome,
    stopwatch::{Time, time},
};

/// Times the mails.
pub(crate) fn measure() -> Outcome<Vec<Time>> {
    let invite = letter(Kind::Invite)?;
    let reminder = letter(Kind::Reminder { days_before: 2 })?;
    let manage = Url::parse("https://hourkeep.example/m/ABCD-EFGH-JKLM/recipient/token")?;
    Ok(vec![
        time("Render the .ics of an invite", || invite.calendar()),
        time("Render an invite: text, HTML, .ics, MIME", || invite.compose(Some(&manage))),
        time("Render a reminder: text, HTML, MIME", || reminder.compose(Some(&manage))),
    ])
}

/// Everything filled in, for a recipient in another zone.
fn letter(kind: Kind) -> Outcome<Letter> {
    let vancouver = Zone::parse("America/Vancouver")?;
    Ok(Letter {
        kind,
        session: SessionId::from_bits(0x0193_8a11_2c00_7777_8888_9999_aaaa_bbbb),
        recipient: RecipientId::from_bits(0x0193_8a11_2c00_1111_2222_3333_4444_5555),
        to_name: Some(Name::parse("Gil Lane")?),
        to: Email::parse("gil.lane@family.test")?,
        practice_name: Name::parse("Harbour Clinic")?,
        sender_name: Name::parse("Harbour Clinic")?,
        from: Email::parse("harbour-clinic@mail.hourkeep.test")?,
        reply_to: Some(Email::parse("ada@demo.test")?),
        practitioner_name: Name::parse("Ada Adair")?,
        slot: Slot::resolve("2026-12-01T09:00:00".parse()?, &vancouver, Minutes::HOUR, None)?,
        recipient_zone: Some(Zone::parse("America/Toronto")?),
        place: Some(Place::Room { room: Name::parse("Blue room")?, location: Some(Name::parse("1 Quay Street")?) }),
        url: None,
        session_link: Url::parse("https://hourkeep.example/s/ABCD-EFGH-JKLM")?,
        code: "ABCD-EFGH-JKLM".to_owned(),
        instructions: Some(Instructions::parse("Please be ready five minutes early.")?),
        reason: None,
        sequence: 0,
        stamped_at: "2026-11-20T17:30:05Z".parse()?,
        series: None,
    })
}
