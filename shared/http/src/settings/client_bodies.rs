//! What is said of a client who is added or changed.

use hourkeep_app::settings::{ClientChange, ClientRequest, ContactRequest};
use hourkeep_domain::{
    ids::{ContactId, PractitionerId},
    people::ContactKind,
    reminder::Channel,
    text::{Email, Name, Phone},
    zone::Zone,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::nullable;

/// A client to add: a name alone is enough.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClientBody {
    /// Their first name.
    #[schema(value_type = Option<String>, example = "Sam")]
    first_name: Option<Name>,
    /// Their last name; one of the two is needed.
    #[schema(value_type = Option<String>, example = "Lane")]
    last_name: Option<Name>,
    /// People around them, and how to reach them: at most 20.
    #[serde(default)]
    contacts: Vec<NewContactBody>,
    /// Who treats them: at most 20. If left out: for a practitioner, themselves; otherwise nobody.
    #[schema(value_type = Option<Vec<String>>)]
    practitioner_ids: Option<Vec<PractitionerId>>,
    /// By which channels they may be reminded; by none if left out.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["email"]))]
    reminder_channels: Vec<Channel>,
    /// Their own IANA zone, if known.
    #[schema(value_type = Option<String>)]
    time_zone: Option<Zone>,
}

/// A person around a client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewContactBody {
    /// Their name.
    #[schema(value_type = String)]
    name: Name,
    /// `guardian`, `primary` or `other`.
    #[schema(value_type = String, example = "guardian")]
    kind: ContactKind,
    /// Their address.
    #[schema(value_type = Option<String>, example = "gil@example.com")]
    email: Option<Email>,
    /// Their telephone number.
    #[schema(value_type = Option<String>, example = "+1 604 555 0100")]
    phone: Option<Phone>,
}

/// What is to change. What is left out stays; null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientChangeBody {
    /// Their first name.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    first_name: Option<Option<Name>>,
    /// Their last name.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    last_name: Option<Option<Name>>,
    /// All people around them from then on: at most 20. Who is left out goes.
    contacts: Option<Vec<ContactBody>>,
    /// All who treat them from then on: at most 20.
    #[schema(value_type = Option<Vec<String>>)]
    practitioner_ids: Option<Vec<PractitionerId>>,
    /// By which channels they may be reminded.
    #[schema(value_type = Option<Vec<String>>)]
    reminder_channels: Option<Vec<Channel>>,
    /// Their own IANA zone.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<Zone>>,
    /// Whether they still are a client. Sessions that are scheduled stay.
    active: Option<bool>,
}

/// A person around a client, new or kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactBody {
    /// The id of one who is kept; left out for a new one.
    #[schema(value_type = Option<String>)]
    id: Option<ContactId>,
    /// Their name.
    #[schema(value_type = String)]
    name: Name,
    /// `guardian`, `primary` or `other`.
    #[schema(value_type = String, example = "guardian")]
    kind: ContactKind,
    /// Their address.
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    /// Their telephone number.
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
}

impl From<NewContactBody> for ContactRequest {
    fn from(body: NewContactBody) -> Self {
        Self { id: None, name: body.name, kind: body.kind, email: body.email, phone: body.phone }
    }
}

impl From<ContactBody> for ContactRequest {
    fn from(body: ContactBody) -> Self {
        Self { id: body.id, name: body.name, kind: body.kind, email: body.email, phone: body.phone }
    }
}

impl From<NewClientBody> for ClientRequest {
    fn from(body: NewClientBody) -> Self {
        Self {
            first_name: body.first_name,
            last_name: body.last_name,
            contacts: body.contacts.into_iter().map(Into::into).collect(),
            practitioners: body.practitioner_ids,
            reminder_channels: body.reminder_channels,
            zone: body.time_zone,
        }
    }
}

impl From<ClientChangeBody> for ClientChange {
    fn from(body: ClientChangeBody) -> Self {
        Self {
            first_name: body.first_name,
            last_name: body.last_name,
            contacts: body.contacts.map(|contacts| contacts.into_iter().map(Into::into).collect()),
            practitioners: body.practitioner_ids,
            reminder_channels: body.reminder_channels,
            zone: body.time_zone,
            active: body.active,
        }
    }
}
