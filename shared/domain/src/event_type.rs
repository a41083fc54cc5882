//! The practice's own kinds of calendar entries (T2, T3): up to six for clients, up to four for time without them.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{EventTypeId, PracticeId, ServiceId},
    session::Presence,
    slot::Minutes,
    text::Name,
};

/// A kind of calendar entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventType {
    /// Its id.
    pub id: EventTypeId,
    /// Its place among all that the practice ever had: what day sheets call it by. It never changes hands.
    pub number: u8,
    /// Counts its changes; the first is 1.
    pub revision: u32,
    /// What it is called.
    pub name: Name,
    /// What it is about.
    pub category: Category,
    /// How it is coloured.
    pub colour: Colour,
    /// The picture beside it: colour alone tells nothing to those who do not see it (T3).
    pub icon: Icon,
    /// Whether clients are present, unless someone says otherwise (T4).
    pub presence: Presence,
    /// Whether it takes the practitioner's time (S10).
    pub availability: Availability,
    /// How long it lasts unless someone says otherwise.
    pub length: Option<Minutes>,
    /// What is done unless someone says otherwise.
    pub service: Option<ServiceId>,
    /// Whether new entries can be of it.
    pub active: bool,
}

impl EventType {
    /// As its entries know it.
    pub fn of(&self) -> OfType {
        OfType { id: self.id, number: self.number }
    }
}

/// What an entry is about (T3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// A session with clients, or work for them.
    Client,
    /// A session with clients on line.
    Video,
    /// Time without clients.
    NonClient,
    /// Time with colleagues.
    Team,
}

impl Category {
    /// Whether entries of it are of clients.
    pub fn is_for_clients(self) -> bool {
        match self {
            Self::Client | Self::Video => true,
            Self::NonClient | Self::Team => false,
        }
    }

    /// The most active types of its side that a practice may have (T2).
    pub fn limit(self) -> usize {
        if self.is_for_clients() { 6 } else { 4 }
    }

    /// Its usual colour (T3).
    pub fn colour(self) -> Colour {
        match self {
            Self::Client => Colour::Blue,
            Self::Video => Colour::Pink,
            Self::NonClient => Colour::Orange,
            Self::Team => Colour::Purple,
        }
    }

    /// Its usual picture.
    pub fn icon(self) -> Icon {
        match self {
            Self::Client => Icon::Person,
            Self::Video => Icon::Video,
            Self::NonClient => Icon::Calendar,
            Self::Team => Icon::People,
        }
    }
}

/// A colour of the palette; pages know the shades that can be read on it, by day and by night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "colours")]
pub enum Colour {
    Blue,
    Pink,
    Orange,
    Purple,
    Teal,
    Green,
    Yellow,
    Grey,
}

/// A picture of the set that pages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "pictures")]
pub enum Icon {
    Person,
    People,
    Video,
    Phone,
    House,
    Document,
    Calendar,
    Clock,
    Cup,
    Book,
    Car,
    Star,
}

/// Whether an entry takes the time that it stands in (S10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Nothing else fits there, and nobody can book it.
    #[default]
    Busy,
    /// It only says something; the time can be booked.
    Free,
}

/// The type of an entry, as the entry knows it: types are renamed and retired, entries stay of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfType {
    /// Which.
    pub id: EventTypeId,
    /// What day sheets call it by.
    pub number: u8,
}

/// All types of a practice, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventTypes(Vec<EventType>);

/// A type to be made. What is `None` follows from the category.
#[derive(Clone, Debug)]
pub struct NewEventType {
    /// What it is called.
    pub name: Name,
    /// What it is about.
    pub category: Category,
    /// How it is coloured.
    pub colour: Option<Colour>,
    /// The picture beside it.
    pub icon: Option<Icon>,
    /// Whether clients are present; they are, in what is for clients.
    pub presence: Option<Presence>,
    /// Whether it takes the time; it does.
    pub availability: Option<Availability>,
    /// How long it lasts.
    pub length: Option<Minutes>,
    /// What is done.
    pub service: Option<ServiceId>,
}

/// The wish to change a type. What is `None` stays; `Some(None)` takes away. Its category stays for good: entries are of
/// clients, or they are not.
#[derive(Clone, Debug, Default)]
pub struct EventTypeChange {
    /// What it is called.
    pub name: Option<Name>,
    /// How it is coloured.
    pub colour: Option<Colour>,
    /// The picture beside it.
    pub icon: Option<Icon>,
    /// Whether clients are present. Entries that there are stay as they are.
    pub presence: Option<Presence>,
    /// Whether it takes the time. Entries that there are stay as they are.
    pub availability: Option<Availability>,
    /// How long it lasts.
    pub length: Option<Option<Minutes>>,
    /// What is done.
    pub service: Option<Option<ServiceId>>,
    /// Whether new entries can be of it.
    pub active: Option<bool>,
}

/// Why a type is not made or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventTypeRefused {
    /// As many as there may be.
    #[error(
        "A practice has at most {} active event types {}. Deactivate one first, or change one that there is.",
        .0.limit(), if .0.is_for_clients() { "for clients" } else { "without clients" }
    )]
    TooMany(Category),
    /// So many were made that sheets have no number left.
    #[error("A practice can make at most {} event types in all. Change or activate one that there is.", EventTypes::EVER)]
    TooManyEver,
    /// A service where there are no clients.
    #[error("An event type without clients has no service.")]
    ServiceWithoutClients,
    /// Two of one name.
    #[error("There is an event type of that name already.")]
    SameName,
    /// There is none of that id.
    #[error("There is no event type {0}.")]
    Unknown(EventTypeId),
    /// Nothing in the wish differs from what is.
    #[error("Nothing would change.")]
    NothingToDo,
}

impl EventTypes {
    /// How many a practice can make in all, active or not.
    pub const EVER: usize = 60;

    /// What a practice begins with.
    pub fn usual(practice: PracticeId) -> Self {
        use {
            Availability::{Busy, Free},
            Category::{Client, NonClient, Team, Video},
            Presence::{Direct, Indirect},
        };
        let usual = [
            ("Session", Client, Icon::Person, Direct, Busy),
            ("Video session", Video, Icon::Video, Direct, Busy),
            ("Work for a client", Client, Icon::Document, Indirect, Busy),
            ("Team meeting", Team, Icon::People, Direct, Busy),
            ("Busy", NonClient, Icon::Clock, Direct, Busy),
            ("Note", NonClient, Icon::Calendar, Direct, Free),
        ];
        let mut types = Self(Vec::new());
        for (name, category, icon, presence, availability) in usual {
            let number = types.next_number();
            let Ok(name) = Name::parse(name) else { continue };
            types.0.push(EventType {
                // The same whenever it is asked: they are stored only once someone changes them.
                id: EventTypeId::from_bits(practice.bits() ^ (u128::from(number) + 1)),
                number,
                revision: 1,
                name,
                category,
                colour: category.colour(),
                icon,
                presence,
                availability,
                length: None,
                service: None,
                active: true,
            });
        }
        types
    }

    /// All of them, those for clients and the others as they were made.
    pub fn iter(&self) -> impl Iterator<Item = &EventType> {
        self.0.iter()
    }

    /// The one of this id.
    pub fn get(&self, id: EventTypeId) -> Option<&EventType> {
        self.0.iter().find(|one| one.id == id)
    }

    /// The one that sheets call by this number.
    pub fn numbered(&self, number: u8) -> Option<&EventType> {
        self.0.iter().find(|one| one.number == number)
    }

    fn next_number(&self) -> u8 {
        self.0.iter().map(|one| one.number + 1).max().unwrap_or(0)
    }

    /// Makes one more.
    pub fn add(&mut self, id: EventTypeId, new: NewEventType) -> Result<EventType, EventTypeRefused> {
        if self.0.len() >= Self::EVER {
            return Err(EventTypeRefused::TooManyEver);
        }
        let NewEventType { name, category, colour, icon, presence, availability, length, service } = new;
        let made = EventType {
            id,
            number: self.next_number(),
            revision: 1,
            name,
            category,
            colour: colour.unwrap_or(category.colour()),
            icon: icon.unwrap_or(category.icon()),
            presence: presence.unwrap_or(Presence::Direct),
            availability: availability.unwrap_or_default(),
            length,
            service,
            active: true,
        };
        self.check(&made)?;
        self.0.push(made.clone());
        Ok(made)
    }

    /// Changes one.
    pub fn change(&mut self, id: EventTypeId, change: EventTypeChange) -> Result<EventType, EventTypeRefused> {
        let before = self.get(id).ok_or(EventTypeRefused::Unknown(id))?;
        let EventTypeChange { name, colour, icon, presence, availability, length, service, active } = change;
        let mut after = EventType {
            name: name.unwrap_or_else(|| before.name.clone()),
            colour: colour.unwrap_or(before.colour),
            icon: icon.unwrap_or(before.icon),
            presence: presence.unwrap_or(before.presence),
            availability: availability.unwrap_or(before.availability),
            length: length.unwrap_or(before.length),
            service: service.unwrap_or(before.service),
            active: active.unwrap_or(before.active),
            ..before.clone()
        };
        if after == *before {
            return Err(EventTypeRefused::NothingToDo);
        }
        after.revision += 1;
        self.check(&after)?;
        if let Some(stored) = self.0.iter_mut().find(|one| one.id == id) {
            *stored = after.clone();
        }
        Ok(after)
    }

    /// Whether one may stand among the others.
    fn check(&self, one: &EventType) -> Result<(), EventTypeRefused> {
        if one.service.is_some() && !one.category.is_for_clients() {
            return Err(EventTypeRefused::ServiceWithoutClients);
        }
        if !one.active {
            return Ok(());
        }
        let others = || self.0.iter().filter(|other| other.active && other.id != one.id);
        if others().any(|other| other.name.as_str().to_lowercase() == one.name.as_str().to_lowercase()) {
            return Err(EventTypeRefused::SameName);
        }
        let same_side = others().filter(|other| other.category.is_for_clients() == one.category.is_for_clients());
        if same_side.count() >= one.category.limit() {
            return Err(EventTypeRefused::TooMany(one.category));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
