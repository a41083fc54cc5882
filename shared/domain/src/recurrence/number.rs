//! The numbers of a rule, each within its bounds.

use super::BadRule;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $range:expr, $refusal:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name($inner);

        impl $name {
            /// This number, where it is within its bounds.
            pub fn new(number: u32) -> Result<Self, BadRule> {
                <$inner>::try_from(number).ok().filter(|n| ($range).contains(n)).map(Self).ok_or($refusal)
            }

            /// The number.
            pub fn get(self) -> $inner {
                self.0
            }
        }
    };
}

number!(
    /// Every how many days, weeks or months a rule recurs: 1 to 99.
    Interval,
    u8,
    1..=99,
    BadRule::Interval
);
number!(
    /// How many occurrences a series has: 1 to 1,000.
    Count,
    u16,
    1..=1000,
    BadRule::Count
);
number!(
    /// A day of the month: 1 to 31.
    DayOfMonth,
    u8,
    1..=31,
    BadRule::MonthDay
);

impl Interval {
    /// Every day, week or month.
    pub const ONE: Self = Self(1);

    /// Every other one.
    pub const TWO: Self = Self(2);

    /// Every third.
    pub const THREE: Self = Self(3);

    /// Every fourth.
    pub const FOUR: Self = Self(4);
}

impl DayOfMonth {
    /// The day of the month that a date is.
    pub fn of(date: chrono::NaiveDate) -> Self {
        // A day of a calendar is within the bounds.
        Self(u8::try_from(chrono::Datelike::day(&date)).unwrap_or(1))
    }
}
