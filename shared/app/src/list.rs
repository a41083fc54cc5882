//! Lists, a page at a time.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// What is on it, in order. A page may hold fewer than were asked for though more follow.
    pub items: Vec<T>,
    /// What to ask the next page with; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A list that is all on one page.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// Where a page begins: after a place in its partition. Callers are given it and give it back, and need not read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the next_cursor of an earlier answer")]
pub struct NotACursor;

impl Cursor {
    /// After this place.
    pub(crate) fn after(place: &str) -> Self {
        Self(place.to_owned())
    }

    /// The place.
    pub(crate) fn place(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::BASE64URL_NOPAD.encode(self.0.as_bytes()))
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        // No place in a partition is longer than DynamoDB's 1,024 bytes for a sort key.
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NotACursor)?;
        let place = String::from_utf8(bytes).map_err(|_| NotACursor)?;
        if place.is_empty() || place.len() > 1_024 { Err(NotACursor) } else { Ok(Self(place)) }
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// How much a page holds: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct PageSize(u8);

/// A number outside 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 100")]
pub struct BadPageSize;

impl PageSize {
    /// The number.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<i64> for PageSize {
    type Error = BadPageSize;

    fn try_from(number: i64) -> Result<Self, BadPageSize> {
        u8::try_from(number).ok().filter(|n| (1..=100).contains(n)).map(Self).ok_or(BadPageSize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_from_its_text() {
        let cursor = Cursor::after("łéa#cli_0");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!("not base64!".parse::<Cursor>(), Err(NotACursor));
        assert_eq!("".parse::<Cursor>(), Err(NotACursor));
    }
}
