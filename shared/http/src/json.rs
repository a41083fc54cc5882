//! JSON as it was sent: an object is an object, and a member that is there twice is there twice.
//!
//! `serde_json` alone reads a list as the fields of a struct, and blames the syntax where an enum is no text.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

/// A value, and the deserializer of itself.
#[derive(Debug)]
pub(crate) enum Sent {
    Null,
    Bool(bool),
    Natural(u64),
    Negative(i64),
    Fraction(f64),
    Text(String),
    List(Vec<Sent>),
    Object(Vec<(String, Sent)>),
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Sent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Sent, E> {
        Ok(Sent::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Sent, E> {
        Ok(Sent::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Sent, E> {
        Ok(Sent::Natural(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Sent, E> {
        Ok(Sent::Negative(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Sent, E> {
        Ok(Sent::Fraction(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Sent, E> {
        Ok(Sent::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Sent, E> {
        Ok(Sent::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Sent, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Sent::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Sent, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Sent::Object(members))
    }
}

impl Sent {
    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Other("null"),
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Natural(value) => Unexpected::Unsigned(*value),
            Self::Negative(value) => Unexpected::Signed(*value),
            Self::Fraction(value) => Unexpected::Float(*value),
            Self::Text(_) => Unexpected::Other("a text"),
            Self::List(_) => Unexpected::Other("a list"),
            Self::Object(_) => Unexpected::Other("an object"),
        }
    }
}

impl IntoDeserializer<'_, Error> for Sent {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Sent {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Natural(value) => visitor.visit_u64(value),
            Self::Negative(value) => visitor.visit_i64(value),
            Self::Fraction(value) => visitor.visit_f64(value),
            Self::Text(value) => visitor.visit_string(value),
            Self::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Self::Object(members) => visitor.visit_map(MapDeserializer::new(members.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Self::Null = self { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if let Self::Object(_) = self {
            return self.deserialize_any(visitor);
        }
        Err(Error::invalid_type(self.unexpected(), &"an object"))
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        if let Self::Text(name) = self {
            return visitor.visit_enum(name.into_deserializer());
        }
        Err(Error::invalid_type(self.unexpected(), &"a text"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}
