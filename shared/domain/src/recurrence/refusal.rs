//! Why a text is no rule.

/// Why a text was not taken as a rule; the sentence follows the name of the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// Nothing but white space.
    #[error("must not be empty: write parts such as FREQ=WEEKLY;BYDAY=TU")]
    Empty,
    /// Longer than any rule is.
    #[error("must have at most {limit} characters, but has {found}")]
    TooLong {
        /// The most that are read.
        limit: usize,
        /// How many there were.
        found: usize,
    },
    /// Characters that no rule has.
    #[error("must be letters, digits and = ; , + - : alone, such as FREQ=WEEKLY;BYDAY=TU")]
    Characters,
    /// Not of the form NAME=VALUE.
    #[error("must consist of parts such as FREQ=WEEKLY, with a semicolon between, but has \"{found}\"")]
    Part {
        /// What stands in the place of a part.
        found: String,
    },
    /// A part that is not taken here: one of RFC 5545's, or none.
    #[error("must not have {name}: the parts are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYSETPOS, COUNT, UNTIL and WKST")]
    Unknown {
        /// The name of the part.
        name: String,
    },
    /// A part that stands twice.
    #[error("must have {name} once")]
    Twice {
        /// The name of the part.
        name: String,
    },
    /// No FREQ.
    #[error("must say how often: FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY")]
    NoFrequency,
    /// Another FREQ than those.
    #[error("must have FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY, not FREQ={found}")]
    Frequency {
        /// The one given.
        found: String,
    },
    /// An INTERVAL out of bounds.
    #[error("must have an INTERVAL from 1 to 99")]
    Interval,
    /// A COUNT out of bounds.
    #[error("must have a COUNT from 1 to 1000; leave it out for a series without an end")]
    Count,
    /// Both ways to end.
    #[error("must have COUNT or UNTIL, not both")]
    CountAndUntil,
    /// An UNTIL that is no date.
    #[error("must have UNTIL as a date, such as UNTIL=20270630")]
    Until,
    /// An UNTIL in UTC, whose local date is another in each zone.
    #[error("must have UNTIL as the last local date, such as UNTIL=20270630, not as a time in UTC")]
    UntilInUtc,
    /// An UNTIL that leaves not even the first start.
    #[error("must not end before its first start: UNTIL is the last local date")]
    UntilBeforeFirst,
    /// Neither days nor a first start to take them from.
    #[error("must name its days: BYDAY where FREQ=WEEKLY, BYMONTHDAY or BYDAY where FREQ=MONTHLY")]
    NoDays,
    /// No weekday.
    #[error("must have BYDAY of MO, TU, WE, TH, FR, SA and SU, with commas between, but has \"{found}\"")]
    Weekday {
        /// What stands in the place of a weekday.
        found: String,
    },
    /// A numbered weekday outside a month.
    #[error("must have weekdays without a number unless FREQ=MONTHLY, but has BYDAY={found}")]
    Numbered {
        /// The value of BYDAY.
        found: String,
    },
    /// Weekdays of a daily rule that leaves out days.
    #[error("must have FREQ=WEEKLY where it has BYDAY and an INTERVAL of more than 1")]
    DailyOnDays,
    /// Not one numbered weekday of a month.
    #[error("must have one weekday, the 1st to 5th or -1 for the last, where FREQ=MONTHLY: such as BYDAY=2TU or BYDAY=-1FR")]
    WeekdayOfMonth,
    /// Not one day of a month.
    #[error("must have one BYMONTHDAY from 1 to 31")]
    MonthDay,
    /// A day of the month in a rule that is not of months.
    #[error("must have FREQ=MONTHLY where it has BYMONTHDAY")]
    MonthDayWithoutMonths,
    /// A day of the month and a weekday.
    #[error("must have BYMONTHDAY or BYDAY, not both")]
    MonthDayAndWeekday,
    /// A BYSETPOS that numbers anything but one weekday of a month.
    #[error("must have BYSETPOS, if at all, to number one weekday of a month: FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2")]
    SetPosition,
    /// Weeks that begin on another day, where that makes a difference.
    #[error("must have weeks that begin on Monday where they alternate: WKST=MO, or none")]
    WeekStart,
}
