//! What a letter about a whole series says.

use chrono::{DateTime, Duration, Utc};
use hourkeep_domain::{slot::Slot, zone::Zone};

use super::{Action, Content, Fact, Value, instructions, link, time, words};
use crate::{
    clean,
    letter::{Kind, Letter},
    rules,
    series::{Override, Recurrence},
    words as say,
};

impl Content {
    pub(super) fn of_series(letter: &Letter, series: &Recurrence) -> Self {
        let practice = clean::line(letter.practice_name.as_str());
        let (word, heading, opening) = match letter.kind {
            Kind::Invite => {
                ("Invitation", "Invitation to a series of sessions", format!("{practice} invites you to these sessions."))
            }
            Kind::Update { .. } if letter.moved_from().is_some() => {
                ("New times", "New times for your sessions", format!("These sessions with {practice} have new times."))
            }
            Kind::Shortened => {
                let none_left = if series.next.is_none() { " No further session is planned." } else { "" };
                let opening = format!("These sessions with {practice} end earlier than planned.{none_left}");
                ("Ends earlier", "Your sessions end earlier", opening)
            }
            // The last two are of one session and come to nobody here.
            Kind::Update { .. } | Kind::Reminder { .. } | Kind::NotBooked { .. } => {
                let opening = format!("Details of these sessions with {practice} have changed. They are now:");
                ("Updated", "Your sessions have changed", opening)
            }
            Kind::Cancellation { .. } => {
                let opening =
                    format!("These sessions with {practice} have been cancelled. None of them will take place from now on.");
                ("Cancelled", "Sessions cancelled", opening)
            }
            Kind::Notice { cancelled: true, .. } => {
                let opening = "A colleague has cancelled these sessions in your calendar.".to_owned();
                ("Cancelled in your calendar", "Sessions cancelled", opening)
            }
            Kind::Notice { cancelled: false, .. } => {
                let word = if rules::keeps_its_time(letter) { "Updated in your calendar" } else { "Moved in your calendar" };
                let opening = "A colleague has moved these sessions in your calendar.".to_owned();
                (word, "Sessions moved", opening)
            }
        };
        let (heading, opening) = rules::opening(letter, &practice).unwrap_or((heading, opening));
        let zone = if differs_ever(letter, series) || letter.recipient_zone.is_none() {
            format!(" ({})", say::zone_time(letter.slot.zone()))
        } else {
            String::new()
        };
        let sentence = clean::line(&series.sentence);
        let next = Next::of(letter, series);
        Self {
            subject: clean::header(&format!("{word}: sessions with {practice}, {sentence}{zone}")),
            heading,
            greeting: super::greeting(letter),
            opening,
            facts: facts(letter, series, next.as_ref()),
            instructions: instructions(letter),
            action: next.as_ref().map(|next| Action {
                label: next.open,
                url: clean::uri(letter.session_link.as_str()),
                note: None,
                repeated: true,
            }),
            closing: closing(letter, next.is_some()),
            footer: super::footer(&practice),
        }
    }
}

/// The session whose page and code the letter shows, and what they are called.
struct Next<'a> {
    slot: &'a Slot,
    label: &'static str,
    page: &'static str,
    code: &'static str,
    open: &'static str,
}

impl<'a> Next<'a> {
    fn of(letter: &Letter, series: &'a Recurrence) -> Option<Self> {
        let slot = series.next.as_ref().filter(|_| letter.stands())?;
        let (label, page, code, open) = if slot.local_start() == letter.slot.local_start() {
            ("First session", "Page of the first session", "Code of the first session", "Open the page of the first session")
        } else {
            ("Next session", "Page of the next session", "Code of the next session", "Open the page of the next session")
        };
        Some(Self { slot, label, page, code, open })
    }
}

fn facts(letter: &Letter, series: &Recurrence, next: Option<&Next<'_>>) -> Vec<Fact> {
    let zone = letter.slot.zone();
    let former = letter.moved_from().filter(|_| letter.stands());
    let when = match former {
        _ if !letter.stands() => "They were planned for",
        Some(_) => "New times",
        None => "When",
    };
    let mut facts = vec![words(when, say::recurring(&series.sentence, zone))];
    if let Some(next) = next {
        let mut sentences = time(letter, next.slot, "is");
        sentences.extend(together(letter, series));
        facts.push(Fact { label: next.label, value: Value::Words(sentences) });
    }
    if let Some(former) = former {
        facts.push(Fact { label: "First session before the change", value: Value::Former(time(letter, former, "was")) });
    }
    if letter.stands() {
        facts.push(match series.until {
            Some(last) => words("Last session", say::date_and_clock(zone.local(last))),
            None => words("Ends", "There is no set end.".to_owned()),
        });
        facts.extend(left_out(series));
        facts.extend(exceptions(letter, series));
    }
    facts.extend(super::reason(letter));
    facts.push(words("Practitioner", clean::line(letter.practitioner_name.as_str())));
    facts.extend(letter.place_in_words().map(|place| words("Place", place)));
    if letter.stands() {
        facts.extend(letter.url.as_ref().map(|url| link("Join", url)));
    }
    if let Some(next) = next {
        facts.push(link(next.page, &letter.session_link));
        let each = "Each session has a page and a code of its own.".to_owned();
        facts.push(Fact { label: next.code, value: Value::Words(vec![clean::line(&letter.code), each]) });
    }
    facts
}

/// The days without a session that the letter is to name.
fn left_out(series: &Recurrence) -> Option<Fact> {
    let mut days: Vec<_> = series.left_out.iter().map(|&local| say::date(local)).collect();
    let these = if days.len() == 1 { "this day" } else { "these days" };
    (!days.is_empty()).then(|| {
        days.push(format!("There is no session on {these}: the time is not available."));
        Fact { label: "Not on", value: Value::Words(days) }
    })
}

/// The sessions to come at another time or place than the series says.
fn exceptions(letter: &Letter, series: &Recurrence) -> Option<Fact> {
    let to_come = series.overrides.iter().filter(|one| one.slot.starts_at() >= letter.stamped_at);
    let exceptions: Vec<_> = to_come.filter_map(|one| exception(letter, one)).collect();
    (!exceptions.is_empty()).then_some(Fact { label: "Exceptions", value: Value::Words(exceptions) })
}

/// `Thursday, 10 December 2026, 14:00–15:00, instead of Tuesday, 8 December 2026 at 9:00, in another place: Room 5`.
fn exception(letter: &Letter, one: &Override) -> Option<String> {
    let same_zone = one.slot.zone() == letter.slot.zone();
    let moved = !same_zone || one.slot.local_start() != one.original;
    let elsewhere = one.place.as_ref().filter(|place| Some(*place) != letter.place.as_ref());
    if !moved && elsewhere.is_none() && one.slot.length() == letter.slot.length() {
        return None;
    }
    let when = if same_zone { say::date_and_hours(&one.slot) } else { say::when(&one.slot) };
    let instead = if moved { format!(", instead of {}", say::date_and_clock(one.original)) } else { String::new() };
    let place = elsewhere.map(|place| format!(", in another place: {}", place.in_words())).unwrap_or_default();
    Some(format!("{when}{instead}{place}"))
}

/// Whether the recipient's clock ever shows another time than the series' in its course.
fn differs_ever(letter: &Letter, series: &Recurrence) -> bool {
    let zone = letter.slot.zone();
    letter.recipient_zone.as_ref().is_some_and(|own| distances(own, zone, span(letter, series)).iter().any(|&apart| apart != 0))
}

/// What to know where the recipient's clock does not keep its distance to the series' all along.
fn together(letter: &Letter, series: &Recurrence) -> Option<String> {
    let (own, zone) = (letter.recipient_zone.as_ref()?, letter.slot.zone());
    let distances = distances(own, zone, span(letter, series));
    let (own, theirs) = (say::zone_time(own), say::zone_time(zone));
    let keeps = distances.windows(2).all(|two| two[0] == two[1]);
    (!keeps).then(|| format!("{theirs} and {own} do not always change together: what counts is {theirs}."))
}

/// From the series' start to its end, or over the year after its start.
fn span(letter: &Letter, series: &Recurrence) -> (DateTime<Utc>, DateTime<Utc>) {
    let from = letter.slot.starts_at();
    (from, series.until.unwrap_or(from + Duration::days(366)))
}

/// How far apart two clocks are at the start and, each time that one of them was changed, a day later.
fn distances(one: &Zone, other: &Zone, (from, until): (DateTime<Utc>, DateTime<Utc>)) -> Vec<i32> {
    let mut changes: Vec<_> = [one, other].iter().flat_map(|zone| zone.transitions(from, until)).map(|change| change.at).collect();
    changes.sort_unstable();
    let days = changes.iter().filter(|&&at| at > from).map(|&at| at + Duration::days(1)).filter(|&at| at <= until);
    [from].into_iter().chain(days).map(|at| one.offset_seconds(at) - other.offset_seconds(at)).collect()
}

fn closing(letter: &Letter, goes_on: bool) -> Vec<String> {
    let calendar = match letter.kind {
        Kind::Invite => Some("Most calendars add the sessions by themselves. If yours does not, open the attached file."),
        Kind::Update { .. } | Kind::Shortened => Some(super::CALENDARS_UPDATE),
        Kind::Cancellation { calendar: true } => Some(
            "Most calendars remove the sessions by themselves. If yours still shows them, open the attached file or delete the series.",
        ),
        Kind::Cancellation { calendar: false } | Kind::NotBooked { .. } | Kind::Reminder { .. } | Kind::Notice { .. } => None,
    };
    let practitioner = clean::line(letter.practitioner_name.as_str());
    let reply = match &letter.reply_to {
        Some(_) if goes_on => {
            format!("To move or cancel sessions, reply to this email: {practitioner} receives your answer.")
        }
        Some(_) | None => super::answer(letter),
    };
    calendar.map(str::to_owned).into_iter().chain([reply]).collect()
}
