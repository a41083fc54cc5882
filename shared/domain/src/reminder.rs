//! Reminders: what is to be sent before a session, and at which minute it is due (S4).

use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::slot::Slot;

/// How a reminder reaches someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By email.
    Email,
}

impl Channel {
    /// Its name in keys and timers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
        }
    }
}

/// One reminder of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// How many days before the session, 1 to 5.
    pub days_before: DaysBefore,
    /// By which channel.
    pub channel: Channel,
}

/// One to five days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct DaysBefore(u8);

/// A number of days outside one to five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number of days from 1 to 5")]
pub struct BadDays;

impl TryFrom<i64> for DaysBefore {
    type Error = BadDays;

    fn try_from(days: i64) -> Result<Self, BadDays> {
        u8::try_from(days).ok().filter(|d| (1..=5).contains(d)).map(Self).ok_or(BadDays)
    }
}

impl From<DaysBefore> for i64 {
    fn from(days: DaysBefore) -> Self {
        Self::from(days.0)
    }
}

impl Reminder {
    /// The minute at which it is due: the same wall time that many days earlier, in the session's zone;
    /// where that wall time is skipped, the next valid one.
    pub fn due_at(self, slot: &Slot) -> DateTime<Utc> {
        let days = Days::new(u64::from(self.days_before.0));
        let local = slot.local_start().checked_sub_days(days).unwrap_or_else(|| slot.local_start());
        slot.zone().instant_or_next(local)
    }
}

/// At most two different reminders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Reminders(Vec<Reminder>);

/// Too many reminders, or one twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be at most two different reminders")]
pub struct BadReminders;

impl Reminders {
    /// No reminder.
    pub const NONE: Self = Self(Vec::new());

    /// These reminders, earliest first.
    pub fn new(mut reminders: Vec<Reminder>) -> Result<Self, BadReminders> {
        let given = reminders.len();
        reminders.sort_by_key(|r| std::cmp::Reverse(*r));
        reminders.dedup();
        if reminders.len() == given && given <= 2 { Ok(Self(reminders)) } else { Err(BadReminders) }
    }

    /// The reminders, earliest first.
    pub fn iter(&self) -> impl Iterator<Item = Reminder> + '_ {
        self.0.iter().copied()
    }

    /// Whether this reminder is among them.
    pub fn contains(&self, reminder: Reminder) -> bool {
        self.0.contains(&reminder)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those whose channel is allowed.
    #[must_use]
    pub fn allowed_by(&self, channels: &[Channel]) -> Self {
        Self(self.iter().filter(|r| channels.contains(&r.channel)).collect())
    }
}

impl<'de> Deserialize<'de> for Reminders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;

    use super::*;
    use crate::{slot::Minutes, zone::Zone};

    fn due(zone: &str, local: &str, days: i64) -> String {
        let zone = Zone::parse(zone).unwrap();
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").unwrap();
        let slot = Slot::resolve(local, &zone, Minutes::HOUR, None).unwrap();
        let reminder = Reminder { days_before: days.try_into().unwrap(), channel: Channel::Email };
        zone.local(reminder.due_at(&slot)).format("%Y-%m-%dT%H:%M").to_string()
    }

    #[test]
    fn a_reminder_is_due_at_the_same_wall_time_across_a_change_of_clocks() {
        assert_eq!(due("Europe/Paris", "2027-03-29T09:00", 2), "2027-03-27T09:00");
        assert_eq!(due("America/Vancouver", "2027-01-15T09:00", 5), "2027-01-10T09:00");
    }

    #[test]
    fn a_reminder_in_a_gap_is_due_at_the_next_valid_time() {
        assert_eq!(due("Europe/Paris", "2027-03-29T02:30", 1), "2027-03-28T03:00");
        assert_eq!(due("America/Santiago", "2026-09-07T00:15", 1), "2026-09-06T01:00");
    }

    #[test]
    fn three_reminders_or_the_same_twice_are_refused() {
        let one = |days: i64| Reminder { days_before: days.try_into().unwrap(), channel: Channel::Email };
        assert!(Reminders::new(vec![one(1), one(2), one(3)]).is_err());
        assert!(Reminders::new(vec![one(1), one(1)]).is_err());
        assert!(Reminders::new(vec![one(1), one(2)]).is_ok());
    }
}
