//! The days on which a rule falls.

use chrono::{Datelike as _, NaiveDate, Weekday, WeekdaySet};

use super::DayOfMonth;

/// The days on which a rule falls, before its interval takes some away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Each day.
    Daily,
    /// These days of the week.
    Weekly(Weekdays),
    /// A day of the month; months without it are left out.
    MonthlyOnDay(DayOfMonth),
    /// Such as the second Tuesday of the month.
    MonthlyOnWeekday {
        /// Which of the month.
        nth: Nth,
        /// Of these.
        weekday: Weekday,
    },
}

impl Pattern {
    /// Whether a date is one of its days.
    pub fn falls_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Daily => true,
            Self::Weekly(days) => days.contains(date.weekday()),
            Self::MonthlyOnDay(day) => day == DayOfMonth::of(date),
            Self::MonthlyOnWeekday { nth, weekday } => weekday == date.weekday() && nth.is_of(date),
        }
    }
}

/// Days of the week: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(WeekdaySet);

impl Weekdays {
    /// Monday to Sunday.
    pub const ALL: Self = Self(WeekdaySet::ALL);

    /// Monday to Friday.
    pub const WORKDAYS: Self = Self(WeekdaySet::from_array([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]));

    /// These days, where there is one.
    pub fn new(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let days: WeekdaySet = days.into_iter().collect();
        (!days.is_empty()).then_some(Self(days))
    }

    /// One day.
    pub fn of(day: Weekday) -> Self {
        Self(WeekdaySet::single(day))
    }

    /// Whether a day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0.contains(day)
    }

    /// The days, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        self.0.iter(Weekday::Mon)
    }

    /// The only day, where there is one alone.
    pub fn single(self) -> Option<Weekday> {
        self.0.single_day()
    }

    /// These with `new` in the place of `old`.
    #[must_use]
    pub fn replacing(self, old: Weekday, new: Weekday) -> Self {
        let mut days = self.0;
        days.remove(old);
        days.insert(new);
        Self(days)
    }
}

/// Which of the same weekdays of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// On the 1st to 7th.
    First,
    /// On the 8th to 14th.
    Second,
    /// On the 15th to 21st.
    Third,
    /// On the 22nd to 28th.
    Fourth,
    /// After the 28th; months without it are left out.
    Fifth,
    /// In the last seven days of the month.
    Last,
}

impl Nth {
    /// Which of its weekday a date is, counted from the beginning of the month.
    pub fn of(date: NaiveDate) -> Self {
        match date.day0() / 7 {
            0 => Self::First,
            1 => Self::Second,
            2 => Self::Third,
            3 => Self::Fourth,
            _ => Self::Fifth,
        }
    }

    /// Whether a date is this one of its weekday.
    pub fn is_of(self, date: NaiveDate) -> bool {
        match self {
            Self::Last => date.day() + 7 > u32::from(date.num_days_in_month()),
            Self::First | Self::Second | Self::Third | Self::Fourth | Self::Fifth => self == Self::of(date),
        }
    }

    /// As RRULE counts: 1 to 5, or −1 for the last.
    pub(super) fn number(self) -> i8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
            Self::Fourth => 4,
            Self::Fifth => 5,
            Self::Last => -1,
        }
    }

    pub(super) fn from_number(number: i8) -> Option<Self> {
        [Self::First, Self::Second, Self::Third, Self::Fourth, Self::Fifth, Self::Last]
            .into_iter()
            .find(|nth| nth.number() == number)
    }
}
