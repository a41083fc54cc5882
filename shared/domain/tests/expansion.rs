//! The starts of rules, against python-dateutil's: a fixed sample, and as many new ones as wanted (`make prove-expansion`).
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::io::{IsTerminal as _, stdin};

use chrono::{NaiveDateTime, TimeDelta};
use hourkeep_domain::{recurrence::Rule, slot::Minutes, zone::Zone};
use serde::Deserialize;

/// What `expansion/generate.py` writes.
#[derive(Deserialize)]
struct Sample {
    seed: u32,
    python: String,
    dateutil: String,
    rules: Vec<Expanded>,
}

/// A rule and what dateutil makes of it: starts as days after the first.
#[derive(Debug, Deserialize)]
struct Expanded {
    rule: String,
    first: String,
    count: usize,
    last: Option<i64>,
    starts: Vec<i64>,
}

impl Expanded {
    /// What is otherwise here, if anything is. In UTC no wall time is skipped, so it stands for floating time.
    fn mismatch(&self) -> Option<String> {
        let first = NaiveDateTime::parse_from_str(&self.first, "%Y-%m-%dT%H:%M").unwrap();
        let rule = match Rule::parse(&self.rule, first) {
            Ok(rule) => rule,
            Err(refused) => return Some(format!("{self:?}\n  refused: {refused}")),
        };
        if rule.to_string().parse() != Ok(rule) {
            return Some(format!("{self:?}\n  written as {rule}, which is read as another"));
        }
        let starts: Vec<_> = rule.occurrences(first, &Zone::UTC, Minutes::HOUR).map(|o| o.local_start() - first).collect();
        let days: Vec<_> = starts.iter().map(TimeDelta::num_days).collect();
        let same_time = starts.iter().all(|&after| after == TimeDelta::days(after.num_days()));
        let same_days = days.len() == self.count && days.last() == self.last.as_ref() && days.iter().take(60).eq(&self.starts);
        (!same_time || !same_days).then(|| format!("{self:?}\n  here {} starts: {starts:?}", starts.len()))
    }
}

/// What was compared, where all of it is equal.
fn assert_equal(sample: &Sample) -> String {
    let mismatches: Vec<_> = sample.rules.iter().filter_map(Expanded::mismatch).collect();
    let starts: usize = sample.rules.iter().map(|rule| rule.count).sum();
    let Sample { seed, python, dateutil, rules } = sample;
    let found = format!(
        "{} rules, {starts} starts, {} mismatches (seed {seed}, python-dateutil {dateutil}, Python {python})",
        rules.len(),
        mismatches.len()
    );
    assert!(mismatches.is_empty(), "{found}\n{}", mismatches.join("\n"));
    found
}

#[test]
fn the_fixed_sample_is_expanded_as_by_dateutil() {
    let sample: Sample = serde_json::from_str(include_str!("expansion/sample.json")).unwrap();
    assert_eq!(sample.rules.len(), 300);
    assert_equal(&sample);
}

#[test]
#[ignore = "make prove-expansion writes new rules to its standard input"]
fn new_rules_are_expanded_as_by_dateutil() {
    assert!(!stdin().is_terminal(), "write what expansion/generate.py prints to standard input: make prove-expansion does");
    println!("{}", assert_equal(&serde_json::from_reader(stdin().lock()).unwrap()));
}
