//! The people of a practice: who works there, who is treated, and who stands around them.

use serde::{Deserialize, Serialize};

use crate::{
    event::Actor,
    hours::{Exceptions, WeeklyHours, WorkingHours},
    ids::{ClientId, ContactId, PracticeId, PractitionerId},
    practice::Practice,
    reminder::Channel,
    text::{Email, Name, Phone, fold},
    zone::Zone,
};

/// What someone may do in a practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Manages the practice; acts for all clients.
    Director,
    /// Acts for assigned clients.
    Practitioner,
    /// Acts for all clients.
    FrontDesk,
}

/// Who signs in: someone, or something that works for the practice (B23). What was added as one stays one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// A person.
    #[default]
    Person,
    /// Another system, by credentials of its own: its tokens' subject is the client that got them. It can be no director.
    Machine,
}

/// That someone works in a practice, and as what. The only source of practice and role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Where.
    pub practice: PracticeId,
    /// Who vouches for the sign-in: the token's issuer.
    pub issuer: String,
    /// Whom they vouch for: the token's subject.
    pub subject: String,
    /// A person or a machine. Records from before there were machines are persons'.
    #[serde(default)]
    pub kind: MemberKind,
    /// The member's name, as the history shows it.
    pub name: Name,
    /// As what.
    pub role: Role,
    /// The practitioner that the member is, if they see clients.
    pub practitioner: Option<PractitionerId>,
    /// Whether they still may.
    pub active: bool,
}

impl Membership {
    /// Hourkeep itself, for what nobody asked for: no sign-in has this issuer.
    pub fn of_hourkeep(practice: PracticeId) -> Self {
        let Actor { issuer, subject, name, kind } = Actor::hourkeep();
        Self { practice, issuer, subject, kind, name, role: Role::Director, practitioner: None, active: true }
    }

    /// Whether the member may see and act for a client: all but practitioners may for all (P1).
    pub fn may_act_for(&self, client: &Client) -> bool {
        match self.role {
            Role::Director | Role::FrontDesk => true,
            Role::Practitioner => self.practitioner.is_some_and(|me| client.is_assigned_to(me)),
        }
    }
}

/// Someone who treats clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practitioner {
    /// Their id.
    pub id: PractitionerId,
    /// Their name.
    pub name: Name,
    /// Where replies to mails go.
    pub email: Email,
    /// The zone of their profile: times that name none are in it (P7).
    pub zone: Zone,
    /// When they work, in their zone.
    pub weekly_hours: WeeklyHours,
    /// Days on which they work other hours or not at all.
    #[serde(default)]
    pub exceptions: Exceptions,
    /// Whether they still work there.
    pub active: bool,
}

impl Practitioner {
    /// When they work, the days counted on which the practice is closed.
    pub fn hours<'a>(&'a self, practice: &'a Practice) -> WorkingHours<'a> {
        WorkingHours { weekly: &self.weekly_hours, own: &self.exceptions, practice: &practice.exceptions, zone: &self.zone }
    }
}

/// Someone who is treated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Their id.
    pub id: ClientId,
    /// Their name.
    pub name: PersonName,
    /// People around them, and how to reach them (P14).
    pub contacts: Vec<Contact>,
    /// Who treats them (P1).
    pub practitioners: Vec<PractitionerId>,
    /// By which channels they may be reminded (S4).
    pub reminder_channels: Vec<Channel>,
    /// Their own zone, if known (B7).
    pub zone: Option<Zone>,
    /// Whether they still are a client.
    pub active: bool,
}

/// A first name, a last name, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonName {
    /// Both.
    Full {
        /// First name.
        first: Name,
        /// Last name.
        last: Name,
    },
    /// The first name alone.
    First(Name),
    /// The last name alone.
    Last(Name),
}

impl PersonName {
    /// From what is known; nothing is not a name.
    pub fn new(first: Option<Name>, last: Option<Name>) -> Option<Self> {
        match (first, last) {
            (Some(first), Some(last)) => Some(Self::Full { first, last }),
            (Some(first), None) => Some(Self::First(first)),
            (None, Some(last)) => Some(Self::Last(last)),
            (None, None) => None,
        }
    }

    /// The first name, if known.
    pub fn first(&self) -> Option<&Name> {
        match self {
            Self::Full { first, .. } | Self::First(first) => Some(first),
            Self::Last(_) => None,
        }
    }

    /// The last name, if known.
    pub fn last(&self) -> Option<&Name> {
        match self {
            Self::Full { last, .. } | Self::Last(last) => Some(last),
            Self::First(_) => None,
        }
    }

    /// The forms under which the directory lists them, most useful for sorting first.
    pub fn folded(&self) -> Vec<String> {
        let mut forms: Vec<String> = [self.last(), self.first()].into_iter().flatten().map(|n| fold(n.as_str())).collect();
        forms.dedup();
        forms
    }
}

impl std::fmt::Display for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Full { first, last } => write!(f, "{first} {last}"),
            Self::First(name) | Self::Last(name) => write!(f, "{name}"),
        }
    }
}

/// A person around a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Their name.
    pub name: Name,
    /// How they stand to the client.
    pub kind: ContactKind,
    /// Their address.
    pub email: Option<Email>,
    /// Their telephone number.
    pub phone: Option<Phone>,
}

/// How a contact stands to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Parent or guardian.
    Guardian,
    /// Whom to write to first; often the client.
    Primary,
    /// Anyone else.
    Other,
}

impl Client {
    /// Whether a practitioner treats them.
    pub fn is_assigned_to(&self, practitioner: PractitionerId) -> bool {
        self.practitioners.contains(&practitioner)
    }

    /// Whom invites and reminders go to unless someone says otherwise: the first guardian or primary contact
    /// with an address (P5).
    pub fn contact_of_record(&self) -> Option<(&Contact, &Email)> {
        self.contacts.iter().find_map(|contact| match contact.kind {
            ContactKind::Guardian | ContactKind::Primary => contact.email.as_ref().map(|email| (contact, email)),
            ContactKind::Other => None,
        })
    }
}

#[cfg(test)]
mod tests;
