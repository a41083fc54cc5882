//! A client as answers show them.

use hourkeep_domain::{
    ids::{ClientId, ContactId, PractitionerId},
    people::{Client, Contact, ContactKind},
    reminder::Channel,
    text::{Email, Name, Phone},
    zone::Zone,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A client.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientView {
    /// Their id.
    #[schema(value_type = String, example = "cli_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: ClientId,
    /// Counts their changes; also the `ETag`.
    pub revision: u32,
    /// Their first name, if known.
    #[schema(value_type = Option<String>)]
    pub first_name: Option<Name>,
    /// Their last name, if known.
    #[schema(value_type = Option<String>)]
    pub last_name: Option<Name>,
    /// People around them, and how to reach them.
    pub contacts: Vec<ContactView>,
    /// Who treats them.
    #[schema(value_type = Vec<String>)]
    pub practitioner_ids: Vec<PractitionerId>,
    /// By which channels they may be reminded: `email`.
    #[schema(value_type = Vec<String>, example = json!(["email"]))]
    pub reminder_channels: Vec<Channel>,
    /// Their own zone, if known.
    #[schema(value_type = Option<String>, example = "America/Vancouver")]
    pub time_zone: Option<Zone>,
    /// Whether they still are a client.
    pub active: bool,
}

/// A person around a client.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Contact)]
pub struct ContactView {
    /// Their id.
    #[schema(value_type = String, example = "con_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: ContactId,
    /// Their name.
    #[schema(value_type = String)]
    pub name: Name,
    /// `guardian`, `primary` or `other`.
    #[schema(value_type = String, example = "guardian")]
    pub kind: ContactKind,
    /// Their address.
    #[schema(value_type = Option<String>)]
    pub email: Option<Email>,
    /// Their telephone number.
    #[schema(value_type = Option<String>)]
    pub phone: Option<Phone>,
}

impl ClientView {
    pub(super) fn new(revision: u32, client: &Client) -> Self {
        Self {
            id: client.id,
            revision,
            first_name: client.name.first().cloned(),
            last_name: client.name.last().cloned(),
            contacts: client.contacts.iter().map(ContactView::from).collect(),
            practitioner_ids: client.practitioners.clone(),
            reminder_channels: client.reminder_channels.clone(),
            time_zone: client.zone.clone(),
            active: client.active,
        }
    }
}

impl From<&Contact> for ContactView {
    fn from(contact: &Contact) -> Self {
        let Contact { id, name, kind, email, phone } = contact.clone();
        Self { id, name, kind, email, phone }
    }
}
