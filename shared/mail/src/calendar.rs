//! The calendar part of a letter: one VEVENT for a session, one with its overrides for a series; one ATTENDEE in each
//! (RFC 5545, RFC 5546, P8, P11).
//!
//! What stands alone is written in UTC and needs no VTIMEZONE. What recurs is written as wall time with a TZID, or it
//! would drift at the next change of the clocks. A change of one occurrence is its override alone, for Outlook takes none
//! that comes with the series (nextcloud/calendar#4727).
//!
//! A cancellation says its times in UTC, for Outlook refuses a TZID without a VTIMEZONE there (nextcloud/server#12921,
//! sabre-io/vobject#412). Which occurrence it cancels, it says as the series does: RECURRENCE-ID as wall time with TZID
//! *and* VTIMEZONE, as Google and Exchange write it themselves. In UTC it would name the same instant, but some readers
//! compare it as text with what the rule gives (sabre-io/vobject#358, bitfireAT/synctools#80), and whoever has an older
//! tz database would look at another instant and find nothing to cancel.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::{
    ids::Subject,
    slot::Slot,
    text::{Instructions, Url},
    zone::Zone,
};
use icalendar::{Calendar, Class, Component as _, Event, EventLike as _, EventStatus, Property};

use crate::{
    clean, content_line,
    letter::{Kind, Letter, Place},
    series::{InSeries, Override, Recurrence},
    time_zone, words,
};

/// What a calendar program is asked to do (RFC 5546 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Add the entry, or replace the one of the same UID.
    Request,
    /// Take the entry away.
    Cancel,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        })
    }
}

/// The calendar part of a mail: the same bytes stand among its alternatives and in its attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPart {
    /// The METHOD in the body and in the part's Content-Type.
    pub method: Method,
    /// The iCalendar text, CRLF line ends.
    pub ics: String,
}

/// The UID under which a session or a series stands in people's calendars: one for life, whatever happens to it. An
/// occurrence of a series has its series'.
pub fn uid(subject: impl Into<Subject>) -> String {
    format!("{}@hourkeep", subject.into())
}

/// The calendar part, if the letter's kind has one.
pub(crate) fn part(letter: &Letter) -> Option<CalendarPart> {
    let method = match letter.kind {
        Kind::Invite | Kind::Update { .. } | Kind::Shortened => Method::Request,
        Kind::Cancellation { calendar: true } => Method::Cancel,
        // Without a RECURRENCE-ID it would take away the whole series.
        Kind::NotBooked { calendar: true } if letter.is_of_a_series() => Method::Cancel,
        Kind::Cancellation { calendar: false } | Kind::NotBooked { .. } | Kind::Reminder { .. } | Kind::Notice { .. } => {
            return None;
        }
    };
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Hourkeep//Hourkeep//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", method.to_string()));
    for entry in entries(letter, method) {
        calendar.push(event(letter, method, &entry));
    }
    Some(CalendarPart { method, ics: content_line::write(&calendar, &time_zones(letter, method)) })
}

/// What one VEVENT says that others of the object may say otherwise.
struct Entry<'a> {
    times: [Property; 2],
    recurs: Vec<Property>,
    sequence: u32,
    stamped_at: DateTime<Utc>,
    place: Option<&'a Place>,
    url: Option<&'a Url>,
    description: String,
}

fn entries(letter: &Letter, method: Method) -> Vec<Entry<'_>> {
    let slot = &letter.slot;
    let of_letter = |times, recurs, description| Entry {
        times,
        recurs,
        sequence: letter.sequence,
        stamped_at: letter.stamped_at,
        place: letter.place.as_ref(),
        url: letter.url.as_ref(),
        description,
    };
    match (method, &letter.series) {
        (Method::Request, None) => vec![of_letter(instants(slot), vec![], description(letter))],
        (Method::Request, Some(InSeries::Whole(recurrence))) => {
            let series = of_letter(recurring_times(slot), recurs(recurrence, slot.zone()), series_description(letter, recurrence));
            let overrides = recurrence.overrides.iter().map(|one| override_entry(one, slot.zone()));
            [series].into_iter().chain(overrides).collect()
        }
        (Method::Request, Some(InSeries::One { original, original_zone, .. })) => {
            vec![of_letter(wall_times(slot), vec![wall("RECURRENCE-ID", *original, original_zone)], description(letter))]
        }
        (Method::Cancel, None) => {
            vec![of_letter(instants(slot), vec![], cancelled("This session has been cancelled.", words::when(slot)))]
        }
        (Method::Cancel, Some(InSeries::Whole(recurrence))) => {
            let words = cancelled("These sessions have been cancelled.", words::recurring(&recurrence.sentence, slot.zone()));
            vec![of_letter(instants(slot), vec![], words)]
        }
        (Method::Cancel, Some(InSeries::One { original, original_zone, .. })) => {
            let recurs = vec![wall("RECURRENCE-ID", *original, original_zone)];
            let not_booked = matches!(letter.kind, Kind::NotBooked { .. });
            let what = if not_booked { "There is no session at this time." } else { "This session has been cancelled." };
            vec![of_letter(instants(slot), recurs, cancelled(what, words::when(slot)))]
        }
    }
}

fn override_entry<'a>(one: &'a Override, zone: &Zone) -> Entry<'a> {
    Entry {
        times: wall_times(&one.slot),
        recurs: vec![wall("RECURRENCE-ID", one.original, zone)],
        sequence: one.sequence,
        stamped_at: one.stamped_at,
        place: one.place.as_ref(),
        url: Some(one.url.as_ref().unwrap_or(&one.session_link)),
        description: session_description(&one.slot, one.url.as_ref(), &one.session_link, &one.code, one.instructions.as_ref()),
    }
}

/// DTSTART and DTEND in UTC.
fn instants(slot: &Slot) -> [Property; 2] {
    [instant("DTSTART", slot.starts_at()), instant("DTEND", slot.ends_at())]
}

/// DTSTART and DTEND of what takes place once, as wall time.
fn wall_times(slot: &Slot) -> [Property; 2] {
    let zone = slot.zone();
    [exactly("DTSTART", slot.local_start(), slot.starts_at(), zone), exactly("DTEND", slot.local_end(), slot.ends_at(), zone)]
}

/// DTSTART and DTEND of what recurs. The start is wall time even where the slot is the second of a repeated hour: what
/// recurs is the first (RFC 5545 §3.3.5), and this one is an override.
fn recurring_times(slot: &Slot) -> [Property; 2] {
    let zone = slot.zone();
    wall_times(&Slot::at(zone.instant_or_next(slot.local_start()), zone, slot.length()))
}

/// Wall time, or the instant where readers would take the wall time for another one: the second of a repeated hour.
fn exactly(key: &str, local: NaiveDateTime, at: DateTime<Utc>, zone: &Zone) -> Property {
    if zone.instant_or_next(local) == at { wall(key, local, zone) } else { instant(key, at) }
}

fn wall(key: &str, local: NaiveDateTime, zone: &Zone) -> Property {
    Property::new(key, local.format("%Y%m%dT%H%M%S").to_string()).add_parameter("TZID", zone.name()).done()
}

fn instant(key: &str, at: DateTime<Utc>) -> Property {
    Property::new(key, utc(at))
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// RRULE and EXDATEs. One EXDATE per place, in the zone of DTSTART: Exchange passes by those in another.
fn recurs(recurrence: &Recurrence, zone: &Zone) -> Vec<Property> {
    let rule: String = recurrence.rrule.chars().filter(|c| c.is_ascii_alphanumeric() || "=;,+-".contains(*c)).collect();
    let until = recurrence.until.map(|last| format!(";UNTIL={}", utc(last))).unwrap_or_default();
    let excluded = recurrence.excluded.iter().map(|&local| wall("EXDATE", local, zone));
    [Property::new("RRULE", format!("{rule}{until}"))].into_iter().chain(excluded).collect()
}

/// The VTIMEZONEs of the zones that the object names, over the span that it speaks of.
fn time_zones(letter: &Letter, method: Method) -> String {
    let slot = &letter.slot;
    let (mut zones, from, until) = match (&letter.series, method) {
        (None, _) | (Some(InSeries::Whole(_)), Method::Cancel) => return String::new(),
        (Some(InSeries::Whole(recurrence)), Method::Request) => {
            let slots = || [slot].into_iter().chain(recurrence.overrides.iter().map(|one| &one.slot));
            let from = slots().map(Slot::starts_at).fold(slot.starts_at(), DateTime::min);
            let end = |last: DateTime<Utc>| slots().map(Slot::ends_at).fold(last + slot.length().duration(), DateTime::max);
            (slots().map(Slot::zone).collect(), from, recurrence.until.map(end))
        }
        (Some(InSeries::One { original, original_zone, .. }), method) => {
            let at = original_zone.instant_or_next(*original);
            let zones = match method {
                Method::Request => vec![original_zone, slot.zone()],
                Method::Cancel => vec![original_zone],
            };
            (zones, slot.starts_at().min(at), Some(slot.ends_at().max(at)))
        }
    };
    zones.sort_by_key(|zone| zone.name());
    zones.dedup_by_key(|zone| zone.name());
    let mut out = String::new();
    for zone in zones {
        time_zone::write(&mut out, zone, from, until);
    }
    out
}

fn event(letter: &Letter, method: Method, entry: &Entry<'_>) -> Event {
    let mut event = Event::new();
    event
        .uid(&uid(letter.subject()))
        .sequence(entry.sequence)
        .timestamp(entry.stamped_at)
        .summary(&clean::line(&format!("Session with {}", letter.practice_name)))
        .description(&entry.description)
        .class(Class::Private)
        .append_property(("TRANSP", "OPAQUE"))
        .append_property(person("ORGANIZER", letter.sender_name.as_str(), letter.from.as_str()));
    for property in entry.times.iter().chain(&entry.recurs) {
        if property.key() == "EXDATE" {
            event.append_multi_property(property.clone());
        } else {
            event.append_property(property.clone());
        }
    }
    if let Some(place) = entry.place {
        event.location(&place.in_words());
    }
    let name = letter.to_name.as_ref().map_or(letter.to.as_str(), |name| name.as_str());
    let mut attendee = person("ATTENDEE", name, letter.to.as_str());
    attendee.add_parameter("ROLE", "REQ-PARTICIPANT");
    match method {
        Method::Request => {
            attendee.add_parameter("PARTSTAT", "NEEDS-ACTION").add_parameter("RSVP", "TRUE");
            // Each session of a series has a page of its own, so the series has none.
            let page = letter.whole().is_none().then_some(&letter.session_link);
            if let Some(link) = entry.url.or(page) {
                event.url(&clean::uri(link.as_str()));
            }
            event.status(EventStatus::Confirmed);
        }
        Method::Cancel => {
            event.status(EventStatus::Cancelled);
        }
    }
    event.append_multi_property(attendee);
    event
}

fn person(property: &str, name: &str, address: &str) -> Property {
    Property::new(property, clean::mailto(address)).add_parameter("CN", &clean::line(name)).done()
}

/// What may be read by everyone with whom the calendar is shared: no manage link, no reason.
fn description(letter: &Letter) -> String {
    let Letter { slot, url, session_link, code, instructions, .. } = letter;
    session_description(slot, url.as_ref(), session_link, code, instructions.as_ref())
}

fn session_description(slot: &Slot, url: Option<&Url>, page: &Url, code: &str, instructions: Option<&Instructions>) -> String {
    let join = join(url).map(|line| line + "\n").unwrap_or_default();
    let page = format!("{join}Session page: {}\nSession code: {}", clean::uri(page.as_str()), clean::line(code));
    paragraphs([Some(words::when(slot)), Some(page), instructions.map(|text| clean::lines(text.as_str()))])
}

/// Says no page and no code: they are of one session, and this stands in all of them.
fn series_description(letter: &Letter, recurrence: &Recurrence) -> String {
    let when = words::recurring(&recurrence.sentence, letter.slot.zone());
    let instructions = letter.instructions.as_ref().map(|text| clean::lines(text.as_str()));
    paragraphs([Some(when), join(letter.url.as_ref()), instructions])
}

fn cancelled(what: &str, when: String) -> String {
    paragraphs([Some(what.to_owned()), Some(when), None])
}

fn join(url: Option<&Url>) -> Option<String> {
    url.map(|url| format!("Join: {}", clean::uri(url.as_str())))
}

fn paragraphs(paragraphs: [Option<String>; 3]) -> String {
    paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}
