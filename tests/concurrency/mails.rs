//! The mails that went out, read from their bytes by other parsers than the one that wrote them.

use std::collections::{BTreeMap, BTreeSet};

use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty};
use hourkeep_app::port::MailKind;
use hourkeep_mail::Mail;
use mail_parser::{MessageParser, MimeHeaders as _};

/// A mail that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Mailed {
    pub(crate) kind: MailKind,
    pub(crate) to: String,
    /// The session that it is about, or the series that it belongs to.
    pub(crate) session: String,
    pub(crate) entry: Option<Entry>,
    message_id: String,
    pub(crate) raw: Vec<u8>,
}

/// What its calendar part asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) uid: String,
    pub(crate) sequence: u32,
    pub(crate) method: String,
    /// RECURRENCE-ID, where it is of one instance of a series.
    pub(crate) instance: Option<String>,
}

impl Mailed {
    pub(crate) fn new(kind: MailKind, mail: &Mail) -> Self {
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
            part.content_type().is_some_and(|t| t.ctype() == "text" && t.subtype() == Some("calendar"))
        };
        let calendar = message.parts.iter().find(is_calendar).and_then(|part| part.text_contents());
        let thread = message.references().as_text_list().unwrap()[0].to_string();
        Self {
            kind,
            to: message.to().unwrap().first().unwrap().address().unwrap().to_owned(),
            session: thread.split('.').next().unwrap().to_owned(),
            entry: calendar.map(entry),
            message_id: message.message_id().unwrap().to_owned(),
            raw: mail.raw.clone(),
        }
    }

    /// What makes it different from every other mail to this person.
    fn identity(&self) -> (String, String) {
        let what = self
            .entry
            .as_ref()
            .map_or(self.message_id.clone(), |e| format!("{} {:?} {} {}", e.uid, e.instance, e.sequence, e.method));
        (self.to.clone(), what)
    }

    /// In short: to whom, what, and of which SEQUENCE.
    fn said(&self) -> String {
        let name = self.to.split('@').next().unwrap();
        match &self.entry {
            Some(Entry { method, sequence, instance: None, .. }) => format!("{name}: {method} {sequence}"),
            Some(Entry { method, sequence, instance: Some(instance), .. }) => format!("{name}: {method} {sequence} of {instance}"),
            None => format!("{name}: {}", self.kind.name()),
        }
    }
}

fn entry(ics: &str) -> Entry {
    let parsed = ICalendar::parse(ics).unwrap();
    let of = |kind: ICalendarComponentType| parsed.components.iter().find(|c| c.component_type == kind).unwrap();
    let (calendar, event) = (of(ICalendarComponentType::VCalendar), of(ICalendarComponentType::VEvent));
    Entry {
        uid: value(event, &ICalendarProperty::Uid),
        sequence: value(event, &ICalendarProperty::Sequence).parse().unwrap(),
        method: value(calendar, &ICalendarProperty::Method),
        instance: instance(ics),
    }
}

/// The RECURRENCE-ID of the first event, as it is written: `20261208T060000`.
fn instance(ics: &str) -> Option<String> {
    let event = ics.split("BEGIN:VEVENT").nth(1)?.split("END:VEVENT").next()?;
    let line = event.lines().find(|line| line.starts_with("RECURRENCE-ID"))?;
    line.rsplit(':').next().map(|value| value.trim().to_owned())
}

fn value(component: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let value = &component.property(property).unwrap().values[0];
    value.as_text().map(str::to_owned).or_else(|| value.as_integer().map(|n| n.to_string())).unwrap()
}

/// No two different mails say the same: a repeat has the same bytes. Answers how many repeats there were.
#[track_caller]
pub(crate) fn repeats_are_identical(mails: &[Mailed]) -> usize {
    let mut seen: BTreeMap<_, &Mailed> = BTreeMap::new();
    for mail in mails {
        let first = *seen.entry(mail.identity()).or_insert(mail);
        let texts = || [String::from_utf8_lossy(&first.raw), String::from_utf8_lossy(&mail.raw)].join("\n≠\n");
        assert!(first.raw == mail.raw, "two different mails {:?}:\n{}", mail.identity(), texts());
    }
    mails.len() - seen.len()
}

/// What different mails about a session went out, in words and in order of the words.
pub(crate) fn about(mails: &[Mailed], session: &str) -> Vec<String> {
    let ours = mails.iter().filter(|mail| mail.session == session);
    let different: BTreeSet<(String, &[u8])> = ours.map(|mail| (mail.said(), mail.raw.as_slice())).collect();
    different.into_iter().map(|(said, _)| said).collect()
}

/// SEQUENCE never falls from one mail to the next that a recipient gets: of an entry, and of each instance of one.
#[track_caller]
pub(crate) fn nothing_is_overtaken(mails: &[Mailed]) {
    let mut last: BTreeMap<(String, String, Option<String>), u32> = BTreeMap::new();
    for mail in mails {
        let Some(entry) = &mail.entry else { continue };
        let sequence = last.entry((mail.to.clone(), entry.uid.clone(), entry.instance.clone())).or_default();
        assert!(entry.sequence >= *sequence, "{} after SEQUENCE {sequence}", mail.said());
        *sequence = entry.sequence;
    }
}
