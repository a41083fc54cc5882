//! What a letter says, sentence by sentence: the text and the HTML show the same.

mod series;

use hourkeep_domain::{
    slot::Slot,
    text::{Instructions, Url},
};

use crate::{
    clean,
    letter::{Kind, Letter, Place},
    rules, words,
};

/// The parts of a letter, in the order in which they are read.
pub(crate) struct Content {
    pub(crate) subject: String,
    pub(crate) heading: &'static str,
    pub(crate) greeting: Option<String>,
    pub(crate) opening: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) instructions: Option<String>,
    pub(crate) action: Option<Action>,
    pub(crate) closing: Vec<String>,
    pub(crate) footer: String,
}

/// Something to know, with its label.
pub(crate) struct Fact {
    pub(crate) label: &'static str,
    pub(crate) value: Value,
}

/// What a fact is.
pub(crate) enum Value {
    /// One or more sentences.
    Words(Vec<String>),
    /// Something that is over.
    Former(Vec<String>),
    /// A link.
    Link(String),
}

/// The one thing to do, and its link: the HTML's button.
pub(crate) struct Action {
    pub(crate) label: &'static str,
    pub(crate) url: String,
    pub(crate) note: Option<&'static str>,
    /// Whether the link stands among the facts as well, so that plain text need not repeat it.
    pub(crate) repeated: bool,
}

impl Content {
    pub(crate) fn of(letter: &Letter, manage_link: Option<&Url>) -> Self {
        if let Some(series) = letter.whole() {
            return Self::of_series(letter, series);
        }
        let practice = clean::line(letter.practice_name.as_str());
        // Who reads of one session must not wonder about the others.
        let (one_of, of_series, others) = if letter.is_of_a_series() {
            (", one of a series", " of your series", " Your other sessions stay as they are.")
        } else {
            ("", "", "")
        };
        let (heading, opening) = match letter.kind {
            Kind::Invite => ("Invitation to a session", format!("{practice} invites you to this session{one_of}.")),
            Kind::Update { .. } if letter.moved_from().is_some() => {
                ("New time for a session", format!("This session{of_series} with {practice} has a new time.{others}"))
            }
            Kind::Update { .. } | Kind::Shortened => {
                let now = if others.is_empty() { "They are now:" } else { "The details are now:" };
                let opening = format!("Details of this session{of_series} with {practice} have changed.{others} {now}");
                ("A session has changed", opening)
            }
            Kind::Cancellation { .. } => {
                let opening =
                    format!("This session{of_series} with {practice} has been cancelled. It will not take place.{others}");
                ("Session cancelled", opening)
            }
            Kind::NotBooked { .. } => {
                let opening =
                    format!("There is no session of your series with {practice} at this time: it is not available.{others}");
                ("No session on this day", opening)
            }
            Kind::Reminder { .. } => ("Reminder of a session", format!("This is a reminder of a session with {practice}.")),
            Kind::Notice { cancelled: true, .. } => {
                ("Session cancelled", "A colleague has cancelled this session in your calendar.".to_owned())
            }
            Kind::Notice { cancelled: false, .. } => {
                ("Session moved", "A colleague has moved this session in your calendar.".to_owned())
            }
        };
        let (heading, opening) = rules::opening(letter, &practice).unwrap_or((heading, opening));
        Self {
            subject: subject(letter, &practice),
            heading,
            greeting: greeting(letter),
            opening,
            facts: facts(letter),
            instructions: instructions(letter),
            action: letter.stands().then(|| action(letter, manage_link)),
            closing: closing(letter, manage_link.is_some()),
            footer: footer(&practice),
        }
    }
}

impl Letter {
    /// Whether the session still takes place.
    pub(crate) fn stands(&self) -> bool {
        !matches!(self.kind, Kind::Cancellation { .. } | Kind::NotBooked { .. } | Kind::Notice { cancelled: true, .. })
    }

    /// The former time, if the recipient was told another one.
    fn moved_from(&self) -> Option<&Slot> {
        match &self.kind {
            Kind::Update { previous } | Kind::Notice { moved_from: previous, .. } => {
                previous.as_ref().filter(|previous| words::when(previous) != words::when(&self.slot))
            }
            Kind::Invite | Kind::Shortened | Kind::NotBooked { .. } | Kind::Cancellation { .. } | Kind::Reminder { .. } => None,
        }
    }

    /// `Room 2, Harbour House`.
    pub(crate) fn place_in_words(&self) -> Option<String> {
        self.place.as_ref().map(Place::in_words)
    }
}

impl Place {
    /// `Room 2, Harbour House`.
    pub(crate) fn in_words(&self) -> String {
        clean::line(&match self {
            Self::Room { room, location: Some(location) } => format!("{room}, {location}"),
            Self::Room { room: name, location: None } | Self::Location(name) => name.to_string(),
            Self::Online => "Online".to_owned(),
        })
    }
}

/// Neutral: the practice and the time, nothing about who is treated for what. The clinic's zone is named unless the
/// recipient's clock is known to show the same time.
fn subject(letter: &Letter, practice: &str) -> String {
    let slot = &letter.slot;
    let word = match letter.kind {
        Kind::Invite => "Invitation",
        Kind::Update { .. } if letter.moved_from().is_some() => "New time",
        Kind::Update { .. } | Kind::Shortened => "Updated",
        Kind::NotBooked { .. } => "Not taking place",
        Kind::Cancellation { .. } => "Cancelled",
        Kind::Reminder { .. } => "Reminder",
        Kind::Notice { cancelled: true, .. } => "Cancelled in your calendar",
        Kind::Notice { cancelled: false, .. } if rules::keeps_its_time(letter) => "Updated in your calendar",
        Kind::Notice { cancelled: false, .. } => "Moved in your calendar",
    };
    let same_clock = letter.recipient_zone.as_ref().is_some_and(|zone| !words::differs(slot, zone));
    let zone = if same_clock { String::new() } else { format!(" {}", words::zone_time(slot.zone())) };
    let (date, clock) = (words::date(slot.local_start()), words::clock(slot.local_start()));
    clean::header(&format!("{word}: session with {practice} on {date} at {clock}{zone}"))
}

fn facts(letter: &Letter) -> Vec<Fact> {
    let time = |slot: &Slot, is: &str| time(letter, slot, is);
    let mut facts = Vec::new();
    if !letter.stands() {
        facts.push(Fact { label: "It was planned for", value: Value::Words(time(&letter.slot, "is")) });
    } else if let Some(previous) = letter.moved_from() {
        facts.push(Fact { label: "New time", value: Value::Words(time(&letter.slot, "is")) });
        facts.push(Fact { label: "Former time", value: Value::Former(time(previous, "was")) });
    } else {
        facts.push(Fact { label: "When", value: Value::Words(time(&letter.slot, "is")) });
    }
    facts.extend(reason(letter));
    facts.push(words("Practitioner", clean::line(letter.practitioner_name.as_str())));
    facts.extend(letter.place_in_words().map(|place| words("Place", place)));
    if letter.stands() {
        facts.extend(letter.url.as_ref().map(|url| link("Join", url)));
        facts.push(link("Session page", &letter.session_link));
        facts.push(words("Session code", clean::line(&letter.code)));
    }
    facts
}

fn words(label: &'static str, words: String) -> Fact {
    Fact { label, value: Value::Words(vec![words]) }
}

fn link(label: &'static str, url: &Url) -> Fact {
    Fact { label, value: Value::Link(clean::uri(url.as_str())) }
}

/// A time, and what it is by the recipient's clock where that shows another.
fn time(letter: &Letter, slot: &Slot, is: &str) -> Vec<String> {
    let elsewhere = words::elsewhere(slot, letter.recipient_zone.as_ref()).map(|time| format!("That {is} {time}."));
    [words::when(slot)].into_iter().chain(elsewhere).collect()
}

fn reason(letter: &Letter) -> Option<Fact> {
    match letter.kind {
        Kind::Update { .. } | Kind::Shortened | Kind::Cancellation { .. } => {
            letter.reason.as_ref().map(|reason| words("Reason", clean::line(reason.as_str())))
        }
        Kind::Invite | Kind::NotBooked { .. } | Kind::Reminder { .. } | Kind::Notice { .. } => None,
    }
}

fn greeting(letter: &Letter) -> Option<String> {
    letter.to_name.as_ref().map(|name| format!("Hello {},", clean::line(name.as_str())))
}

fn footer(practice: &str) -> String {
    format!("{practice} sent you this email with Hourkeep.")
}

fn instructions(letter: &Letter) -> Option<String> {
    letter.instructions.as_ref().filter(|_| letter.stands()).map(Instructions::as_str).map(clean::lines)
}

fn action(letter: &Letter, manage_link: Option<&Url>) -> Action {
    match manage_link {
        Some(link) => Action {
            label: "Manage this session",
            url: clean::uri(link.as_str()),
            note: Some("Please keep this link to yourself: it is meant for you alone."),
            repeated: false,
        },
        None => {
            Action { label: "Open the session page", url: clean::uri(letter.session_link.as_str()), note: None, repeated: true }
        }
    }
}

const CALENDARS_UPDATE: &str =
    "Most calendars update their entry by themselves. If yours does not, open the attached file; there is nothing to delete.";

fn closing(letter: &Letter, manageable: bool) -> Vec<String> {
    let practitioner = clean::line(letter.practitioner_name.as_str());
    let calendar = match letter.kind {
        Kind::Invite => Some("Most calendars add the session by themselves. If yours does not, open the attached file."),
        Kind::Update { .. } | Kind::Shortened => Some(CALENDARS_UPDATE),
        Kind::Cancellation { calendar: true } | Kind::NotBooked { calendar: true } if letter.is_of_a_series() => Some(
            "Most calendars remove this one session by themselves. If yours still shows it, open the attached file or delete this session alone.",
        ),
        Kind::Cancellation { calendar: true } | Kind::NotBooked { calendar: true } => Some(
            "Most calendars remove their entry by themselves. If yours still shows it, open the attached file or delete the entry.",
        ),
        Kind::Cancellation { calendar: false }
        | Kind::NotBooked { calendar: false }
        | Kind::Reminder { .. }
        | Kind::Notice { .. } => None,
    };
    let reply = match (&letter.reply_to, &letter.kind) {
        (Some(_), Kind::NotBooked { .. }) => {
            format!("To find another time, reply to this email: {practitioner} receives your answer.")
        }
        (Some(_), _) if !manageable && letter.stands() => {
            format!("To move or cancel the session, reply to this email: {practitioner} receives your answer.")
        }
        (Some(_) | None, _) => answer(letter),
    };
    calendar.map(str::to_owned).into_iter().chain([reply]).collect()
}

/// Whom answers reach.
fn answer(letter: &Letter) -> String {
    match letter.reply_to {
        Some(_) => {
            format!("If you reply to this email, {} receives your answer.", clean::line(letter.practitioner_name.as_str()))
        }
        None => format!("If you have questions, please get in touch with {}.", clean::line(letter.practice_name.as_str())),
    }
}
