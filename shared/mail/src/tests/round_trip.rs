//! What is written is what another parser reads: mail-parser for the message, calcard for the calendar.

use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty};
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::*;
use crate::{Mail, Method, uid};

pub(super) fn parse(mail: &Mail) -> Message<'_> {
    MessageParser::default().parse(&mail.raw).unwrap()
}

/// The parts of this type, `text/calendar`.
pub(super) fn parts<'m>(message: &'m Message<'_>, of: &str) -> Vec<&'m MessagePart<'m>> {
    let is = |part: &&MessagePart<'_>| {
        part.content_type().is_some_and(|ct| format!("{}/{}", ct.ctype(), ct.subtype().unwrap_or_default()) == of)
    };
    message.parts.iter().filter(is).collect()
}

/// The parts' types, nested as they are.
pub(super) fn structure(message: &Message<'_>, part: usize) -> String {
    let part = &message.parts[part];
    let content_type = part.content_type().unwrap();
    let own = content_type.subtype().unwrap().to_owned();
    match &part.body {
        PartType::Multipart(children) => {
            let inner: Vec<_> = children.iter().map(|&child| structure(message, child as usize)).collect();
            format!("{own}({})", inner.join(", "))
        }
        _ => own,
    }
}

pub(super) fn event(ics: &str) -> (ICalendarComponent, ICalendarComponent) {
    let parsed = ICalendar::parse(ics).unwrap();
    let of =
        |kind: ICalendarComponentType| parsed.components.iter().filter(|c| c.component_type == kind).cloned().collect::<Vec<_>>();
    let (calendars, events) = (of(ICalendarComponentType::VCalendar), of(ICalendarComponentType::VEvent));
    assert_eq!((calendars.len(), events.len(), parsed.components.len()), (1, 1, 2));
    (calendars[0].clone(), events[0].clone())
}

pub(super) fn value(component: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let found: Vec<_> = component.properties(property).collect();
    assert_eq!(found.len(), 1, "{property:?}");
    let value = &found[0].values[0];
    value.as_text().map(str::to_owned).or_else(|| value.as_integer().map(|n| n.to_string())).unwrap()
}

#[test]
fn mail_and_calendar_agree_for_every_kind() {
    for (called, kind) in kinds() {
        let letter = full(kind);
        let mail = letter.compose(Some(&manage_link()));
        let message = parse(&mail);
        let Some(part) = &mail.calendar else {
            assert_eq!(structure(&message, 0), "alternative(plain, html)", "{called}");
            continue;
        };
        assert_eq!(structure(&message, 0), "mixed(alternative(plain, html, calendar), ics)", "{called}");
        let (inline, attached) = (parts(&message, "text/calendar")[0], parts(&message, "application/ics")[0]);
        assert_eq!(inline.contents(), part.ics.as_bytes(), "{called}");
        assert_eq!(attached.contents(), part.ics.as_bytes(), "{called}");
        assert_eq!(attached.attachment_name(), Some("invite.ics"));
        let content_type = inline.content_type().unwrap();
        assert_eq!(content_type.attribute("method"), Some(part.method.to_string().as_str()));
        assert_eq!(content_type.attribute("component"), Some("VEVENT"));
        assert_eq!(content_type.attribute("charset"), Some("UTF-8"));

        let (calendar, event) = event(&part.ics);
        assert_eq!(value(&calendar, &ICalendarProperty::Method), part.method.to_string());
        assert_eq!(value(&event, &ICalendarProperty::Uid), uid(letter.session));
        assert_eq!(value(&event, &ICalendarProperty::Sequence), letter.sequence.to_string());
        let status = if part.method == Method::Cancel { "CANCELLED" } else { "CONFIRMED" };
        assert_eq!(value(&event, &ICalendarProperty::Status), status);
        let attendees: Vec<_> = event.properties(&ICalendarProperty::Attendee).collect();
        assert_eq!(attendees.len(), 1);
        assert_eq!(attendees[0].calendar_address(), Some(letter.to.as_str()));
        let organizer = event.property(&ICalendarProperty::Organizer).unwrap();
        assert_eq!(organizer.calendar_address(), Some(letter.from.as_str()));
        for (property, instant) in [
            (ICalendarProperty::Dtstart, letter.slot.starts_at()),
            (ICalendarProperty::Dtend, letter.slot.ends_at()),
            (ICalendarProperty::Dtstamp, letter.stamped_at),
        ] {
            let written = event.property(&property).unwrap().values[0].as_partial_date_time().unwrap();
            assert_eq!(written.to_timestamp(), Some(instant.timestamp()), "{called} {property:?}");
        }
        assert_eq!(value(&event, &ICalendarProperty::Location), "Online");
    }
}

#[test]
fn headers_say_who_and_when() {
    let letter = full(Kind::Invite);
    let mail = letter.compose(None);
    let message = parse(&mail);
    let only = |address: Option<&mail_parser::Address<'_>>| {
        let list: Vec<_> = address.unwrap().iter().collect();
        assert_eq!(list.len(), 1);
        (list[0].name().map(str::to_owned), list[0].address().map(str::to_owned))
    };
    assert_eq!(only(message.from()), (Some("Harbour Clinic".into()), Some("harbour@mail.hourkeep.example".into())));
    assert_eq!(only(message.to()), (Some("Sam Okoro".into()), Some("sam@example.com".into())));
    assert_eq!(only(message.reply_to()), (Some("Dr Ada Rivers".into()), Some("ada@harbour.example".into())));
    assert_eq!(message.subject(), Some(mail.subject.as_str()));
    assert_eq!(message.message_id(), Some(mail.message_id.as_str()));
    assert_eq!(message.date().unwrap().to_timestamp(), letter.stamped_at.timestamp());
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(message.header_raw("MIME-Version").map(str::trim), Some("1.0"));
    assert!(message.cc().is_none() && message.bcc().is_none());
}

#[test]
fn the_manage_link_stays_out_of_the_calendar() {
    for (called, kind) in kinds() {
        let letter = full(kind);
        let mail = letter.compose(Some(&manage_link()));
        assert!(mail.calendar.iter().all(|part| !part.ics.replace("\r\n ", "").contains("MANAGE-TOKEN")), "{called}");
        assert_eq!(mail.text.contains("MANAGE-TOKEN"), letter.stands(), "{called}");
        assert_eq!(mail.html.contains("MANAGE-TOKEN"), letter.stands(), "{called}");
        assert!(!mail.subject.contains("Sam") && !mail.subject.contains("Rivers"), "{called}");
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes_after_it_was_stored() {
    for (_, kind) in kinds() {
        let letter = full(kind);
        let stored: Letter = serde_json::from_str(&serde_json::to_string(&letter).unwrap()).unwrap();
        assert_eq!(stored, letter);
        assert_eq!(stored.compose(Some(&manage_link())), letter.compose(Some(&manage_link())));
    }
}

#[test]
fn mails_that_differ_have_ids_that_differ_in_one_thread() {
    let mut letters: Vec<_> = kinds().into_iter().map(|(_, kind)| letter(kind)).collect();
    letters.remove(4);
    letters.remove(2);
    letters.push(letter(Kind::Reminder { days_before: 1 }));
    letters.push(Letter { sequence: 1, ..letter(Kind::Invite) });
    letters.push(Letter { recipient: RecipientId::from_bits(9), ..letter(Kind::Invite) });
    let mut ids: Vec<_> = letters.iter().map(|letter| letter.compose(None).message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), letters.len());
    let thread = |letter: &Letter| parse(&letter.compose(None)).references().as_text().unwrap().to_owned();
    assert_eq!(thread(&letters[0]), thread(&letters[1]));
}

#[test]
fn logs_show_no_names_addresses_or_links() {
    let letter = full(Kind::Invite);
    let logged = format!("{letter:?} {:?}", letter.compose(Some(&manage_link())));
    for private in ["Sam", "sam@", "Rivers", "ABCD", "MANAGE"] {
        assert!(!logged.contains(private), "{logged}");
    }
}
