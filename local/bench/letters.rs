//! Mails: the calendar part alone, and whole messages.

use hourkeep_domain::{
    ids::{RecipientId, SeriesId, SessionId},
    slot::{Minutes, Slot},
    text::{Email, Instructions, Name, Url},
    zone::Zone,
};
use hourkeep_mail::{InSeries, Kind, Letter, Place, Recurrence};

use crate::{
    Outcome,
    stopwatch::{Time, time},
};

/// Times the mails.
pub(crate) fn measure() -> Outcome<Vec<Time>> {
    let invite = letter(Kind::Invite)?;
    let reminder = letter(Kind::Reminder { days_before: 2 })?;
    let series = Letter { series: Some(InSeries::Whole(Box::new(tuesdays()?))), ..letter(Kind::Invite)? };
    // That a zone's rules are written is what makes its time mean something.
    if !series.calendar().is_some_and(|part| part.ics.contains("BEGIN:VTIMEZONE") && part.ics.contains("EXDATE")) {
        return Err("the invite of a series has no time zone or no exceptions".into());
    }
    let manage = Url::parse("https://hourkeep.example/m/ABCD-EFGH-JKLM/recipient/token")?;
    Ok(vec![
        time("Render the .ics of an invite", || invite.calendar()),
        time("Render an invite: text, HTML, .ics, MIME", || invite.compose(Some(&manage))),
        time("Render the .ics of a series' invite, with its VTIMEZONE", || series.calendar()),
        time("Render a series' invite: text, HTML, .ics, MIME", || series.compose(Some(&manage))),
        time("Render a reminder: text, HTML, MIME", || reminder.compose(Some(&manage))),
    ])
}

/// A year of Tuesdays at nine, two of them left out.
fn tuesdays() -> Outcome<Recurrence> {
    let excluded = vec!["2026-12-22T09:00:00".parse()?, "2026-12-29T09:00:00".parse()?];
    Ok(Recurrence {
        series: SeriesId::from_bits(0x0193_8a11_2c00_4444_5555_6666_7777_8888),
        rrule: "FREQ=WEEKLY;BYDAY=TU".to_owned(),
        until: Some("2027-11-23T17:00:00Z".parse()?),
        sentence: "every Tuesday at 9:00, until 23 November 2027".to_owned(),
        next: Some(Slot::resolve("2026-12-01T09:00:00".parse()?, &Zone::parse("America/Vancouver")?, Minutes::HOUR, None)?),
        overrides: Vec::new(),
        left_out: excluded.clone(),
        excluded,
    })
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
