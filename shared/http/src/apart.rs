//! Reads an object one member of which is read apart from the others, and the others as a body that another route takes as a
//! whole. An unknown member is still refused, and a fault still has its place; serde's `flatten` loses both.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IntoDeserializer as _, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Reads the others and the member.
pub(crate) fn read<'de, D, T, M>(deserializer: D, member: &'static str) -> Result<(T, M), D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
    M: Deserialize<'de>,
{
    deserializer.deserialize_struct("object", &[], Whole { member, read: PhantomData })
}

struct Whole<T, M> {
    member: &'static str,
    read: PhantomData<(T, M)>,
}

impl<'de, T: Deserialize<'de>, M: Deserialize<'de>> Visitor<'de> for Whole<T, M> {
    type Value = (T, M);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(T, M), A::Error> {
        let mut found = None;
        let others = Others { access, member: self.member, found: &mut found };
        let others = T::deserialize(MapAccessDeserializer::new(others))?;
        Ok((others, found.ok_or_else(|| A::Error::missing_field(self.member))?))
    }
}

/// All members but the one, which is kept when it is met.
struct Others<'a, A, M> {
    access: A,
    member: &'static str,
    found: &'a mut Option<M>,
}

impl<'de, A: MapAccess<'de>, M: Deserialize<'de>> MapAccess<'de> for Others<'_, A, M> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, mut seed: K) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.access.next_key_seed(Key { member: self.member, seed })? {
                None => return Ok(None),
                Some(Name::Other(name)) => return Ok(Some(name)),
                Some(Name::Member(unused)) => {
                    if self.found.replace(self.access.next_value()?).is_some() {
                        return Err(A::Error::duplicate_field(self.member));
                    }
                    seed = unused;
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.access.next_value_seed(seed)
    }
}

/// Reads the name of a member.
struct Key<K> {
    member: &'static str,
    seed: K,
}

enum Name<K, V> {
    /// It is the one, and what reads names is still to be used.
    Member(K),
    Other(V),
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Key<K> {
    type Value = Name<K, K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for Key<K> {
    type Value = Name<K, K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        if name == self.member {
            return Ok(Name::Member(self.seed));
        }
        self.seed.deserialize(name.into_deserializer()).map(Name::Other)
    }
}
