//! Whatever people type, a mail keeps its headers, a calendar its properties and a page its elements.

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarParameterName, ICalendarProperty};
use icalendar::Property;
use proptest::prelude::*;

use super::{round_trip::*, *};
use crate::{Mail, Recurrence, clean, content_line, html};

const FRAGMENTS: [&str; 36] = [
    "\r\n",
    "\r",
    "\n",
    "\r\n ",
    "\t",
    "\0",
    "\u{85}",
    "\u{2028}",
    "\u{202E}",
    "\u{FEFF}",
    "\"",
    "'",
    ";",
    ":",
    ",",
    "\\",
    "\\n",
    "^n",
    "^'",
    "%0D%0A",
    "<script>alert(1)</script>",
    "</div><a href=\"https://evil.example\">",
    "&amp;",
    "<!--",
    "\r\nBcc: eve@evil.example",
    "\r\nATTENDEE:mailto:eve@evil.example",
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n",
    "=?utf-8?Q?=41?=",
    "--=_m_",
    "🧘",
    "👩‍👩‍👧",
    "שלום",
    "مرحبا",
    "老虎",
    " ",
    "  \u{3000} ",
];

/// Texts of up to about 10 kB, made to be misread.
fn hostile() -> impl Strategy<Value = String> {
    let piece = || prop_oneof![4 => prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned), 1 => "[a-zA-Z0-9 ]{0,30}", 1 => any::<String>()];
    prop_oneof![
        9 => prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat()),
        1 => (prop::collection::vec(piece(), 1..40), 1_usize..40).prop_map(|(pieces, times)| pieces.concat().repeat(times).chars().take(10_000).collect()),
    ]
}

/// As a form would take it: what is too long is cut, what is refused is replaced.
fn some_name() -> impl Strategy<Value = Name> {
    hostile().prop_map(|text| Name::parse(&text.chars().take(100).collect::<String>()).unwrap_or_else(|_| name("x")))
}

fn some_url() -> impl Strategy<Value = Url> {
    prop_oneof![9 => "[!-~]{0,90}", 1 => "[!-~]{1900}"].prop_map(|rest| {
        let fitting: String = rest.chars().filter(|c| !"\"<>\\^`{|}".contains(*c)).collect();
        url(&format!("https://x{fitting}"))
    })
}

fn some_email() -> impl Strategy<Value = Email> {
    "[a-z!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z]{1,60}\\.[a-z]{1,60}\\.test".prop_map(|text| email(&text))
}

fn some_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(kinds().into_iter().map(|(_, kind)| kind).collect::<Vec<_>>())
}

prop_compose! {
    fn some_letter()(
        kind in some_kind(),
        to_name in prop::option::of(some_name()),
        (practice_name, sender_name, practitioner_name) in (some_name(), some_name(), some_name()),
        (room, location) in (some_name(), prop::option::of(some_name())),
        (to, reply_to) in (some_email(), prop::option::of(some_email())),
        (join, session_link) in (prop::option::of(some_url()), some_url()),
        code in hostile(),
        instructions in prop::option::of(hostile()),
        reason in prop::option::of(hostile()),
    ) -> Letter {
        Letter {
            to_name, to, practice_name, sender_name, reply_to, practitioner_name, session_link, code,
            place: Some(Place::Room { room, location }),
            url: join,
            instructions: instructions.and_then(|text| Instructions::parse(&text).ok()),
            reason: reason.and_then(|text| Reason::parse(&text).ok()),
            ..full(kind)
        }
    }
}

prop_compose! {
    /// About a series with two exceptions, or about one occurrence.
    fn some_letter_of_a_series()(
        (mut letter, whole) in (some_letter(), any::<bool>()),
        (rrule, sentence) in (hostile(), hostile()),
        kind in prop::sample::select(series::letters().into_iter().map(|(_, letter)| letter.kind).collect::<Vec<_>>()),
        exceptions in prop::collection::vec((some_name(), prop::option::of(some_url()), some_url(), hostile(), hostile()), 2),
    ) -> Letter {
        let mut recurrence = Recurrence { rrule, sentence, ..series::tuesdays() };
        for (one, (room, url, session_link, code, instructions)) in recurrence.overrides.iter_mut().zip(exceptions) {
            one.place = Some(Place::Location(room));
            (one.url, one.session_link, one.code) = (url, session_link, code);
            one.instructions = Instructions::parse(&instructions).ok();
        }
        letter.kind = kind.clone();
        letter.series = if whole { series::whole(kind, recurrence).series } else { series::one(kind).series };
        letter
    }
}

/// The tags of a page, links without their targets, line breaks left out.
fn tags(page: &str) -> Vec<String> {
    let shape = |tag: &str| match tag.split_once("href=\"") {
        Some((before, rest)) => format!("{before}href{}", rest.split_once('"').unwrap().1),
        None => tag.to_owned(),
    };
    let inner = page.split('<').skip(1).map(|piece| shape(piece.split_once('>').unwrap().0));
    inner.filter(|tag| tag != "br").collect()
}

fn header_names<'m>(mail: &'m Mail) -> Vec<&'m str> {
    let head = mail.raw.split(|&b| b == b'\n').take_while(|line| !line.starts_with(b"\r") && !line.is_empty());
    head.filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t"))
        .map(|line: &'m [u8]| std::str::from_utf8(line).unwrap().split_once(':').unwrap().0)
        .collect()
}

fn bounded(raw: &[u8], limit: usize) -> Result<(), TestCaseError> {
    for line in raw.split_inclusive(|&b| b == b'\n') {
        prop_assert!(line.ends_with(b"\r\n"));
        prop_assert!(line.len() - 2 <= limit);
        prop_assert!(!line[..line.len() - 2].contains(&b'\r'));
        prop_assert!(std::str::from_utf8(line).is_ok());
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_header_appears_and_what_was_said_is_read(letter in some_letter()) {
        let mail = letter.compose(Some(&manage_link()));
        prop_assert_eq!(&letter.compose(Some(&manage_link())), &mail);
        bounded(&mail.raw, 998)?;
        prop_assert!(mail.raw.is_ascii());
        let mut expected = vec!["From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted"];
        expected.extend(letter.reply_to.iter().map(|_| "Reply-To"));
        expected.extend(["MIME-Version", "Content-Type"]);
        let mut found = header_names(&mail);
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);

        let message = parse(&mail);
        prop_assert_eq!(message.subject(), Some(mail.subject.as_str()));
        let broken = |name: &Name| name.as_str().replace("=?", "= ?");
        let (sender_name, to_name) = (broken(&letter.sender_name), letter.to_name.as_ref().map(broken));
        prop_assert_eq!(message.from().unwrap().first().unwrap().name(), Some(sender_name.as_str()));
        prop_assert_eq!(message.to().unwrap().first().unwrap().address(), Some(letter.to.as_str()));
        prop_assert_eq!(message.to().unwrap().first().unwrap().name(), to_name.as_deref());
        let written = |part: &mail_parser::MessagePart<'_>| part.text_contents().unwrap().replace("\r\n", "\n");
        prop_assert_eq!(written(parts(&message, "text/plain")[0]), mail.text.clone());
        prop_assert_eq!(written(parts(&message, "text/html")[0]), mail.html.clone());
        let expected = if mail.calendar.is_some() { "mixed(alternative(plain, html, calendar), ics)" } else { "alternative(plain, html)" };
        prop_assert_eq!(structure(&message, 0), expected);
    }

    #[test]
    fn no_property_appears_and_what_was_said_is_read(letter in some_letter()) {
        let Some(part) = letter.compose(Some(&manage_link())).calendar else { return Ok(()) };
        bounded(part.ics.as_bytes(), 75)?;
        let (calendar, event) = event(&part.ics);
        prop_assert_eq!(calendar.entries.len(), 4);
        prop_assert_eq!(event.entries.len(), if letter.stands() { 14 } else { 13 });
        prop_assert_eq!(value(&event, &ICalendarProperty::Summary), format!("Session with {}", letter.practice_name));
        prop_assert_eq!(value(&event, &ICalendarProperty::Location), letter.place_in_words().unwrap());
        if let (true, Some(instructions)) = (letter.stands(), &letter.instructions) {
            prop_assert!(value(&event, &ICalendarProperty::Description).ends_with(instructions.as_str()));
        }
        if letter.stands() {
            let link = letter.url.as_ref().unwrap_or(&letter.session_link);
            prop_assert_eq!(value(&event, &ICalendarProperty::Url), link.as_str());
        }
        let attendee = event.property(&ICalendarProperty::Attendee).unwrap();
        prop_assert_eq!(attendee.params.len(), if letter.stands() { 4 } else { 2 });
        if let Some(to_name) = &letter.to_name {
            let shown = attendee.parameter(&ICalendarParameterName::Cn).unwrap().as_text().unwrap();
            prop_assert_eq!(shown, to_name.as_str().replace('"', "'").replace('\\', "/").replace('^', "ˆ"));
        }
    }

    #[test]
    fn no_property_appears_in_a_series(letter in some_letter_of_a_series()) {
        let mail = letter.compose(None);
        bounded(&mail.raw, 998)?;
        let message = parse(&mail);
        prop_assert_eq!(message.subject(), Some(mail.subject.as_str()));
        let Some(part) = mail.calendar else { return Ok(()) };
        bounded(part.ics.as_bytes(), 75)?;
        let parsed = ICalendar::parse(&part.ics).unwrap();
        let count = |kind: ICalendarComponentType| parsed.components.iter().filter(|one| one.component_type == kind).count();
        let whole = letter.whole();
        let exceptions = whole.filter(|_| letter.stands()).map_or(0, |series| series.overrides.len());
        let zones = usize::from(whole.is_none() || letter.stands());
        prop_assert_eq!(count(ICalendarComponentType::VEvent), 1 + exceptions);
        prop_assert_eq!(count(ICalendarComponentType::VTimezone), zones);
        prop_assert_eq!(count(ICalendarComponentType::Standard) + count(ICalendarComponentType::Daylight), zones);
        prop_assert_eq!(parsed.components.len(), 2 + exceptions + 2 * zones);
        for event in parsed.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent) {
            let is_series = letter.stands() && whole.is_some() && event.property(&ICalendarProperty::RecurrenceId).is_none();
            let expected = match (letter.stands(), whole) {
                // All of a single session's but URL, with RRULE and three EXDATEs.
                (true, Some(_)) if is_series => 13 + 4 + usize::from(letter.url.is_some()),
                (true, _) => 15,
                (false, Some(_)) => 13,
                (false, None) => 14,
            };
            prop_assert_eq!(event.entries.len(), expected);
            prop_assert_eq!(event.properties(&ICalendarProperty::Attendee).count(), 1);
        }
    }

    #[test]
    fn no_element_appears_in_a_series(letter in some_letter_of_a_series()) {
        let mut plain = Letter {
            to_name: letter.to_name.as_ref().map(|_| name("x")),
            instructions: letter.instructions.as_ref().map(|_| Instructions::parse("x").unwrap()),
            url: letter.url.as_ref().map(|_| url("https://x.test")),
            reason: letter.reason.as_ref().map(|_| Reason::parse("x").unwrap()),
            reply_to: letter.reply_to.clone(),
            slot: letter.slot.clone(),
            ..full(letter.kind.clone())
        };
        plain.series = if letter.is_of_a_series() { letter.series.clone() } else { series::whole(Kind::Invite, series::tuesdays()).series };
        prop_assert_eq!(tags(&letter.compose(None).html), tags(&plain.compose(None).html));
    }

    #[test]
    fn no_element_appears(letter in some_letter()) {
        let plain = Letter {
            to_name: letter.to_name.as_ref().map(|_| name("x")),
            instructions: letter.instructions.as_ref().map(|_| Instructions::parse("x").unwrap()),
            url: letter.url.as_ref().map(|_| url("https://x.test")),
            reason: letter.reason.as_ref().map(|_| Reason::parse("x").unwrap()),
            reply_to: letter.reply_to.clone(),
            ..full(letter.kind.clone())
        };
        let page = letter.compose(Some(&manage_link())).html;
        prop_assert_eq!(tags(&page), tags(&plain.compose(Some(&manage_link())).html));
        for link in page.split("href=\"").skip(1) {
            prop_assert!(link.starts_with("https://"));
        }
    }

    #[test]
    fn a_property_of_raw_text_is_one_property(text in hostile(), parameter in hostile(), key in prop::sample::select(vec!["DESCRIPTION", "URL", "ATTENDEE"])) {
        let line = content_line::line(&Property::new(key, text.as_str()).add_parameter("CN", &parameter).done());
        prop_assert!(!line.contains(clean::is_hostile));
        let mut folded = String::new();
        content_line::fold(&mut folded, &line);
        bounded(folded.as_bytes(), 75)?;
        prop_assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
        let (_, event) = event(&format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{folded}END:VEVENT\r\nEND:VCALENDAR\r\n"));
        prop_assert!(event.entries.len() <= 1 && event.entries.iter().all(|entry| entry.params.len() <= 1));
    }

    #[test]
    fn cleaned_text_ends_no_line_and_no_quote(text in hostile()) {
        prop_assert!(!clean::line(&text).contains(clean::is_hostile));
        prop_assert!(!clean::lines(&text).contains(|c| c != '\n' && clean::is_hostile(c)));
        prop_assert!(!clean::header(&text).contains("=?"));
        prop_assert!(!clean::parameter(&text).contains(|c| "\"\\^".contains(c) || clean::is_hostile(c)));
        prop_assert!(clean::uri(&text).bytes().all(|b| b.is_ascii_graphic() && b != b'"'));
        prop_assert!(clean::mailto(&text).bytes().all(|b| b.is_ascii_graphic() && !b"\"?;&".contains(&b)));
        prop_assert!(!html::escape(&text).contains(['<', '>', '"', '\'']));
    }
}

#[test]
fn a_line_of_emoji_and_spaces_is_folded() {
    let text = format!("{}{}", "🧘".repeat(50), " ".repeat(500));
    let mut folded = String::new();
    content_line::fold(&mut folded, &format!("DESCRIPTION: {text}"));
    assert!(folded.split("\r\n").all(|line| line.len() <= 75));
}
