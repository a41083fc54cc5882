//! A practice and its policies.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    event_type::EventTypes,
    hours::Exceptions,
    ids::{LocationId, PracticeId, RoomId, ServiceId},
    money::{Amount, Currency},
    reminder::Reminders,
    slot::Minutes,
    text::{Code, Name, Slug},
    zone::Zone,
};

/// One tenant: a clinic with its people, services and policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Its id.
    pub id: PracticeId,
    /// Its name, as clients know it.
    pub name: Name,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its zone.
    pub zone: Zone,
    /// The currency of all its prices and fees.
    pub currency: Currency,
    /// Its rules.
    pub policies: Policies,
    /// Its kinds of calendar entries, once someone has changed them; the usual ones until then.
    #[serde(default)]
    pub event_types: Option<EventTypes>,
    /// Days on which it is closed or keeps other hours, such as holidays.
    #[serde(default)]
    pub exceptions: Exceptions,
}

/// A practice's rules. Every field has a default, so that older records stay readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policies {
    /// How long before its start a client may still move or book a session by themselves, in hours (L1).
    pub self_service_notice_hours: Hours,
    /// A cancellation less than this before the start is late, in hours.
    pub late_cancellation_hours: Hours,
    /// A session is due this long before its start, in minutes (P9).
    pub due_window_minutes: WindowMinutes,
    /// How long a session lasts unless someone says otherwise.
    pub default_length_minutes: Minutes,
    /// The step of the times that are offered, in minutes.
    pub slot_step_minutes: Minutes,
    /// What a late cancellation or a missed session costs, in minor units (S13).
    pub no_show_fee_minor: Amount,
    /// The reminders of a session that names none.
    pub reminders: Reminders,
    /// The name that mails come from; the practice's own if none is set.
    pub sender_name: Option<Name>,
    /// Kept free before each session, in minutes.
    pub buffer_before_minutes: WindowMinutes,
    /// Kept free after each session, in minutes.
    pub buffer_after_minutes: WindowMinutes,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            self_service_notice_hours: Hours(24),
            late_cancellation_hours: Hours(24),
            due_window_minutes: WindowMinutes(10),
            default_length_minutes: Minutes::HOUR,
            slot_step_minutes: Minutes::QUARTER,
            no_show_fee_minor: Amount::ZERO,
            reminders: Reminders::NONE,
            sender_name: None,
            buffer_before_minutes: WindowMinutes(0),
            buffer_after_minutes: WindowMinutes(0),
        }
    }
}

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $max:literal, $error:ident, $unit:ident, $message:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name(u16);

        #[doc = concat!("A number outside 0 to ", $max, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $name {
            /// As a duration.
            pub fn duration(self) -> chrono::Duration {
                chrono::Duration::$unit(i64::from(self.0))
            }
        }

        impl TryFrom<i64> for $name {
            type Error = $error;

            fn try_from(number: i64) -> Result<Self, $error> {
                u16::try_from(number).ok().filter(|&n| n <= $max).map(Self).ok_or($error)
            }
        }

        impl From<$name> for i64 {
            fn from(number: $name) -> Self {
                Self::from(number.0)
            }
        }
    };
}

bounded!(
    /// Hours of a policy: 0 to 336 (two weeks).
    Hours, 336, BadHours, hours, "must be a whole number of hours from 0 to 336"
);
bounded!(
    /// Minutes of a window or buffer: 0 to 120.
    WindowMinutes, 120, BadWindow, minutes, "must be a whole number of minutes from 0 to 120"
);

impl Practice {
    /// The name that mails come from.
    pub fn sender_name(&self) -> &Name {
        self.policies.sender_name.as_ref().unwrap_or(&self.name)
    }

    /// Its kinds of calendar entries.
    pub fn event_types(&self) -> Cow<'_, EventTypes> {
        self.event_types.as_ref().map_or_else(|| Cow::Owned(EventTypes::usual(self.id)), Cow::Borrowed)
    }
}

/// A service of the practice's list (N3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its billing code, such as a CPT code.
    pub code: Code,
    /// What it is called.
    pub name: Name,
    /// What it costs unless someone says otherwise, in minor units.
    pub price_minor: Amount,
    /// How long it takes unless someone says otherwise.
    pub length_minutes: Option<Minutes>,
    /// Whether it can still be booked.
    pub active: bool,
}

/// Where a session takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// What it is called.
    pub name: Name,
    /// Whether two sessions can be in it at once.
    pub kind: RoomKind,
    /// Whether it can still be booked.
    pub active: bool,
}

/// In person or virtual (N2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// A room with a door: one session at a time.
    InPerson,
    /// A meeting on line: any number at once.
    Virtual,
}

/// A location with the place-of-service code that bills need (S3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What it is called.
    pub name: Name,
    /// The two-digit place-of-service code of the CMS list, such as 11 (office) or 02 (telehealth).
    pub place_of_service: PlaceOfService,
    /// Whether it can still be used.
    pub active: bool,
}

/// A two-digit place-of-service code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlaceOfService(String);

/// A text that is not two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a place-of-service code of two digits such as 11")]
pub struct BadPlaceOfService;

impl TryFrom<String> for PlaceOfService {
    type Error = BadPlaceOfService;

    fn try_from(text: String) -> Result<Self, BadPlaceOfService> {
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) { Ok(Self(text)) } else { Err(BadPlaceOfService) }
    }
}

impl From<PlaceOfService> for String {
    fn from(code: PlaceOfService) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests;
