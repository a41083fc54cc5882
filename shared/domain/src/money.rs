//! Money: integer minor units of a currency; no sum is ever a float.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// An amount in minor units (cents) of the practice's currency: 0 to 100,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Amount(u32);

/// An amount outside 0 to 100,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number of minor units (cents) from 0 to 100000000")]
pub struct BadAmount;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// This many minor units.
    pub fn new(minor: i64) -> Result<Self, BadAmount> {
        u32::try_from(minor).ok().filter(|&m| m <= 100_000_000).map(Self).ok_or(BadAmount)
    }

    /// The number of minor units.
    pub fn minor(self) -> i64 {
        i64::from(self.0)
    }
}

impl TryFrom<i64> for Amount {
    type Error = BadAmount;

    fn try_from(minor: i64) -> Result<Self, BadAmount> {
        Self::new(minor)
    }
}

impl From<Amount> for i64 {
    fn from(amount: Amount) -> Self {
        amount.minor()
    }
}

/// An ISO 4217 currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct Currency([u8; 3]);

/// A text that is not a currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a currency code of three capital letters such as CAD")]
pub struct BadCurrency;

impl Currency {
    /// Reads three capital letters.
    pub fn parse(text: &str) -> Result<Self, BadCurrency> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| BadCurrency)?;
        if letters.iter().all(u8::is_ascii_uppercase) { Ok(Self(letters)) } else { Err(BadCurrency) }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&letter| write!(f, "{}", char::from(letter)))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.to_string()
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// An amount as a person reads it: `125.00 CAD`.
pub fn money_text(amount: Amount, currency: Currency) -> String {
    format!("{}.{:02} {currency}", amount.minor() / 100, amount.minor() % 100)
}
