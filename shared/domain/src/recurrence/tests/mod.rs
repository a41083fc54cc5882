//! The rule of a series, by text, words and occurrences.

mod clocks;
mod ends;
mod moved;
mod presets;
mod refusals;
mod sentences;
mod text;

use chrono::{NaiveDate, NaiveDateTime, Weekday};
use proptest::prelude::*;

use super::*;
use crate::{slot::Minutes, zone::Zone};

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

fn rule(text: &str, first: &str) -> Rule {
    Rule::parse(text, local(first)).unwrap()
}

/// Hour-long occurrences.
fn occurrences(rule: &Rule, first: &str, zone: &str) -> Occurrences {
    rule.occurrences(local(first), &Zone::parse(zone).unwrap(), Minutes::HOUR)
}

/// The wall-clock starts that take place; UTC knows no gap.
fn starts(text: &str, first: &str) -> Vec<String> {
    occurrences(&rule(text, first), first, "UTC").map(|occurrence| shown(occurrence.local_start())).collect()
}

fn shown(start: NaiveDateTime) -> String {
    start.format("%Y-%m-%dT%H:%M").to_string()
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..365 * 150).prop_map(|days| NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Days::new(days))
}

fn any_start() -> impl Strategy<Value = NaiveDateTime> {
    (any_date(), 0_u32..24, 0_u32..60).prop_map(|(date, hour, minute)| date.and_hms_opt(hour, minute, 0).unwrap())
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap())
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    let nth = prop::sample::select(vec![Nth::First, Nth::Second, Nth::Third, Nth::Fourth, Nth::Fifth, Nth::Last]);
    prop_oneof![
        Just(Pattern::Daily),
        prop::collection::vec(any_weekday(), 1..=7).prop_map(|days| Pattern::Weekly(Weekdays::new(days).unwrap())),
        (1_u32..=31).prop_map(|day| Pattern::MonthlyOnDay(DayOfMonth::new(day).unwrap())),
        (nth, any_weekday()).prop_map(|(nth, weekday)| Pattern::MonthlyOnWeekday { nth, weekday }),
    ]
}

fn any_ends() -> impl Strategy<Value = Ends> {
    prop_oneof![
        Just(Ends::Never),
        any_date().prop_map(Ends::On),
        Just(Ends::On(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap())),
        (1_u32..=1000).prop_map(|count| Ends::After(Count::new(count).unwrap())),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    (any_pattern(), 1_u32..=99, any_ends()).prop_map(|(pattern, interval, ends)| Rule {
        pattern,
        interval: Interval::new(interval).unwrap(),
        ends,
    })
}
