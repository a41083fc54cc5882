//! Pieces of bodies that several routes share.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use hourkeep_domain::{
    ids::{ContactId, ServiceId},
    money::Amount,
    session::{RecipientChoice, ServiceChoice},
    text::{Email, Name},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};

/// A wall-clock time to the minute: `2026-12-01T09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime(pub NaiveDateTime);

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:00"].iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
        let wrong = "must be a local date and time to the minute, without an offset, such as 2026-12-01T09:00";
        read.filter(|read| has_a_plain_year(&text, read.date())).map(Self).ok_or_else(|| D::Error::custom(wrong))
    }
}

/// A date: `2026-12-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        let wrong = "must be a date such as 2026-12-01";
        read.filter(|read| has_a_plain_year(&text, *read)).map(Self).ok_or_else(|| D::Error::custom(wrong))
    }
}

/// Whether the year has four digits, and the days around it as well: dates stand in keys, and sort there as texts.
fn has_a_plain_year(text: &str, date: NaiveDate) -> bool {
    let four_digits = text.as_bytes().first().is_some_and(u8::is_ascii_digit) && text.as_bytes().get(4) == Some(&b'-');
    four_digits && (1..9999).contains(&date.year())
}

/// An offset from UTC, in seconds: `-07:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtcOffset(pub i32);

impl<'de> Deserialize<'de> for UtcOffset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        read_offset(&text).map(Self).ok_or_else(|| D::Error::custom("must be an offset from UTC such as -07:00"))
    }
}

fn read_offset(text: &str) -> Option<i32> {
    let sign = match text.as_bytes() {
        [b'+', _, _, b':', _, _] => 1,
        [b'-', _, _, b':', _, _] => -1,
        _ => return None,
    };
    let number =
        |range| text.get(range).filter(|t: &&str| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse::<i32>().ok());
    let (hours, minutes) = (number(1..3)?, number(4..6)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Tells a field that is null (`Some(None)`) from one that is not there (`None`).
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A service, and its price where it differs from the list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceBody {
    /// Which.
    #[schema(value_type = String)]
    pub service_id: ServiceId,
    /// Its price in minor units; the list's if left out.
    #[schema(value_type = Option<i64>)]
    pub price_minor: Option<Amount>,
}

impl From<ServiceBody> for ServiceChoice {
    fn from(body: ServiceBody) -> Self {
        Self { service: body.service_id, price: body.price_minor }
    }
}

/// A recipient: one of the client's contacts, or a name and an address for this session alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipientBody {
    /// One of the client's contacts.
    #[schema(value_type = Option<String>)]
    pub contact_id: Option<ContactId>,
    /// A name.
    #[schema(value_type = Option<String>)]
    pub name: Option<Name>,
    /// An address.
    #[schema(value_type = Option<String>)]
    pub email: Option<Email>,
}

/// The recipients that a body names.
pub fn recipients(bodies: Vec<RecipientBody>, pointer: &str) -> Result<Vec<RecipientChoice>, Problem> {
    let choose = |(place, body): (usize, RecipientBody)| match (body.contact_id, body.name, body.email) {
        (Some(contact), None, None) => Ok(RecipientChoice::Contact(contact)),
        (None, name, Some(email)) => Ok(RecipientChoice::Address { name, email }),
        _ => {
            let detail = "A recipient is either a contact_id, or an email with an optional name.";
            Err(Problem::new(Kind::INVALID_FIELD, detail).at(format!("{pointer}/{place}")))
        }
    };
    bodies.into_iter().enumerate().map(choose).collect()
}

/// More than a list may have.
pub fn at_most<T>(list: &[T], limit: usize, pointer: &str) -> Result<(), Problem> {
    if list.len() <= limit {
        return Ok(());
    }
    Err(Problem::new(Kind::LIMIT, format!("There can be at most {limit} of these, but there are {}.", list.len())).at(pointer))
}
