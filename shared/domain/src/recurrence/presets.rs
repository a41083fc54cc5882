//! The rules that a form offers (S7, N5).

use chrono::{Datelike as _, NaiveDateTime};

use super::{DayOfMonth, Ends, Interval, Nth, Pattern, Rule, Weekdays};

impl Rule {
    /// What a form offers for a first start, none of which ends: daily; on every weekday, for a start on one; weekly; every
    /// other, third and fourth week; monthly on its day; monthly on its weekday, counted from the beginning of the month,
    /// and also from the end where it is the last.
    pub fn presets(first: NaiveDateTime) -> Vec<Self> {
        let (date, weekday) = (first.date(), first.weekday());
        let never = |pattern, interval| Self { pattern, interval, ends: Ends::Never };
        let weekly = Pattern::Weekly(Weekdays::of(weekday));
        let monthly = |nth| Pattern::MonthlyOnWeekday { nth, weekday };
        let mut offered = vec![never(Pattern::Daily, Interval::ONE)];
        if Weekdays::WORKDAYS.contains(weekday) {
            offered.push(never(Pattern::Weekly(Weekdays::WORKDAYS), Interval::ONE));
        }
        offered.extend([Interval::ONE, Interval::TWO, Interval::THREE, Interval::FOUR].map(|interval| never(weekly, interval)));
        offered.push(never(Pattern::MonthlyOnDay(DayOfMonth::of(date)), Interval::ONE));
        offered.push(never(monthly(Nth::of(date)), Interval::ONE));
        if Nth::Last.is_of(date) {
            offered.push(never(monthly(Nth::Last), Interval::ONE));
        }
        offered
    }
}
