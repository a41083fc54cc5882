//! A naive calendar program: what it knows is what came by mail (RFC 5546).

use std::collections::BTreeMap;

use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty};
use chrono::{DateTime, Utc};

/// The calendar part of a mail, as calcard reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) method: String,
    pub(crate) uid: String,
    pub(crate) sequence: i64,
    pub(crate) stamped_at: DateTime<Utc>,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: DateTime<Utc>,
    pub(crate) status: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) attendees: Vec<String>,
    pub(crate) organizer: String,
    /// How many properties the entry has.
    pub(crate) properties: usize,
}

impl Invitation {
    /// Reads one; it must be one calendar with one entry and nothing else, in lines of at most 75 octets.
    pub(crate) fn read(ics: &str) -> Self {
        for line in ics.split_inclusive('\n') {
            assert!(line.ends_with("\r\n") && line.len() <= 77 && !line.trim_end_matches("\r\n").contains('\r'), "{line:?}");
        }
        let parsed = ICalendar::parse(ics).unwrap();
        assert_eq!(parsed.components.len(), 2, "{ics}");
        let of = |kind| parsed.components.iter().find(|component| component.component_type == kind).unwrap();
        let (calendar, event) = (of(ICalendarComponentType::VCalendar), of(ICalendarComponentType::VEvent));
        let addresses = |property| {
            let found = event.properties(&property).map(|entry| entry.calendar_address().unwrap().to_owned());
            found.collect::<Vec<_>>()
        };
        Self {
            method: text(calendar, &ICalendarProperty::Method),
            uid: text(event, &ICalendarProperty::Uid),
            sequence: text(event, &ICalendarProperty::Sequence).parse().unwrap(),
            stamped_at: instant(event, &ICalendarProperty::Dtstamp),
            starts_at: instant(event, &ICalendarProperty::Dtstart),
            ends_at: instant(event, &ICalendarProperty::Dtend),
            status: text(event, &ICalendarProperty::Status),
            summary: text(event, &ICalendarProperty::Summary),
            description: text(event, &ICalendarProperty::Description),
            attendees: addresses(ICalendarProperty::Attendee),
            organizer: addresses(ICalendarProperty::Organizer).concat(),
            properties: event.entries.len(),
        }
    }
}

fn text(component: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let found: Vec<_> = component.properties(property).collect();
    assert_eq!(found.len(), 1, "{property:?}");
    let value = &found[0].values[0];
    value.as_text().map(str::to_owned).or_else(|| value.as_integer().map(|number| number.to_string())).unwrap()
}

fn instant(component: &ICalendarComponent, property: &ICalendarProperty) -> DateTime<Utc> {
    let written = component.property(property).unwrap().values[0].as_partial_date_time().unwrap();
    DateTime::from_timestamp(written.to_timestamp().unwrap(), 0).unwrap()
}

/// What one person's calendar holds, by UID.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calendar(BTreeMap<String, Entry>);

#[derive(Clone, Debug)]
struct Entry {
    newest: Invitation,
    shown: bool,
}

impl Calendar {
    /// Takes in what came by mail: of what concerns one UID the highest SEQUENCE wins, then the latest DTSTAMP.
    pub(crate) fn receive(&mut self, invitation: &Invitation) {
        let rank = |invitation: &Invitation| (invitation.sequence, invitation.stamped_at);
        let known = self.0.get(&invitation.uid);
        if known.is_some_and(|known| rank(invitation) < rank(&known.newest)) {
            return;
        }
        let shown = match invitation.method.as_str() {
            "REQUEST" => true,
            "CANCEL" => false,
            other => panic!("a calendar knows no METHOD:{other}"),
        };
        self.0.insert(invitation.uid.clone(), Entry { newest: invitation.clone(), shown });
    }

    /// The entries that it shows, in order of their start.
    pub(crate) fn entries(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let shown = self.0.values().filter(|entry| entry.shown);
        let mut entries: Vec<_> = shown.map(|entry| (entry.newest.starts_at, entry.newest.ends_at)).collect();
        entries.sort();
        entries
    }

    /// The entry of a UID, if it shows one.
    pub(crate) fn entry(&self, uid: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.0.get(uid).filter(|entry| entry.shown).map(|entry| (entry.newest.starts_at, entry.newest.ends_at))
    }
}
