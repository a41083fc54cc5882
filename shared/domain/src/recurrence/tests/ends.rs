use super::*;
use crate::recurrence::expand::Starts;

#[test]
fn intervals_count_from_the_first_start_in_weeks_from_monday() {
    // A Wednesday: the Monday of its own week is past, and the week after is left out.
    assert_eq!(
        starts("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=4", "2027-01-13T09:00"),
        ["2027-01-13T09:00", "2027-01-25T09:00", "2027-01-27T09:00", "2027-02-08T09:00"]
    );
    // Sunday ends its week.
    assert_eq!(
        starts("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=3", "2027-01-17T09:00"),
        ["2027-01-17T09:00", "2027-01-25T09:00", "2027-01-31T09:00"]
    );
}

#[test]
fn months_without_the_day_are_left_out() {
    assert_eq!(
        starts("FREQ=MONTHLY;COUNT=4", "2027-12-31T09:00"),
        ["2027-12-31T09:00", "2028-01-31T09:00", "2028-03-31T09:00", "2028-05-31T09:00"]
    );
    assert_eq!(
        starts("FREQ=MONTHLY;BYMONTHDAY=29;UNTIL=20280401", "2027-12-29T09:00"),
        ["2027-12-29T09:00", "2028-01-29T09:00", "2028-02-29T09:00", "2028-03-29T09:00"]
    );
    assert_eq!(
        starts("FREQ=MONTHLY;BYDAY=5FR;COUNT=3", "2027-01-29T09:00"),
        ["2027-01-29T09:00", "2027-04-30T09:00", "2027-07-30T09:00"]
    );
}

#[test]
fn the_last_date_still_belongs_to_the_series_west_of_utc() {
    // 22:00 on the 29th in Los Angeles is the 30th in UTC.
    let rule = rule("FREQ=WEEKLY;UNTIL=20270629", "2027-06-15T22:00");
    let made: Vec<_> =
        occurrences(&rule, "2027-06-15T22:00", "America/Los_Angeles").map(|o| o.slot().unwrap().starts_at()).collect();
    assert_eq!(
        made.iter().map(chrono::DateTime::to_rfc3339).collect::<Vec<_>>(),
        ["2027-06-16T05:00:00+00:00", "2027-06-23T05:00:00+00:00", "2027-06-30T05:00:00+00:00"]
    );
    // And nothing of the day after does east of it: 00:30 there is still the 29th in UTC.
    let tokyo = occurrences(&rule, "2027-06-16T00:30", "Asia/Tokyo").last().unwrap();
    assert_eq!(shown(tokyo.local_start()), "2027-06-29T00:30");
}

#[test]
fn no_series_outlasts_ten_years() {
    let days = starts("FREQ=DAILY", "2027-01-12T09:00");
    assert_eq!((days.len(), days.last().unwrap().as_str()), (3653 + 1, "2037-01-12T09:00"));
    assert_eq!(starts("FREQ=WEEKLY;COUNT=1000", "2027-01-12T09:00").len(), 522);
    assert_eq!(starts("FREQ=WEEKLY;UNTIL=99991231", "2027-01-12T09:00").last().unwrap(), "2037-01-06T09:00");
}

#[test]
fn occurrences_are_known_to_the_minute() {
    let first = local("2027-01-12T09:00") + chrono::TimeDelta::milliseconds(30_500);
    let rule = rule("FREQ=DAILY;COUNT=2", "2027-01-12T09:00");
    let made: Vec<_> = rule.occurrences(first, &Zone::UTC, Minutes::HOUR).map(|o| shown(o.local_start())).collect();
    assert_eq!(made, ["2027-01-12T09:00", "2027-01-13T09:00"]);
}

/// How many starts there are, and how many candidates were looked at for them.
fn counted(text: &str, first: &str) -> (usize, usize) {
    let mut starts = Starts::new(&rule(text, first), local(first));
    let found = starts.by_ref().count();
    (found, starts.steps)
}

#[test]
fn a_rule_that_never_falls_is_given_up_after_few_steps() {
    // Each February, and none of its days.
    assert_eq!(counted("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2027-02-12T09:00"), (0, 11));
    assert_eq!(counted("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30", "2027-02-12T09:00"), (0, 11));
    // Every eight years from a year after a leap year.
    assert_eq!(counted("FREQ=MONTHLY;INTERVAL=96;BYMONTHDAY=29", "2029-02-12T09:00"), (0, 3));
    assert_eq!(counted("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31T09:00"), (71, 122));
    assert_eq!(counted("FREQ=MONTHLY;INTERVAL=99;BYDAY=5SU", "2027-01-31T09:00"), (2, 3));
    // A fifth Saturday of February comes in 2048.
    assert_eq!(counted("FREQ=MONTHLY;INTERVAL=12;BYDAY=5SA", "2027-02-13T09:00"), (0, 11));
    assert_eq!(counted("FREQ=DAILY;INTERVAL=99", "2027-01-31T09:00"), (37, 38));
    // The most there are.
    assert_eq!(counted("FREQ=DAILY", "2027-01-12T09:00"), (3654, 3655));
}

#[test]
fn the_ends_of_the_calendar_are_ends_of_a_series() {
    for (first, made) in [
        ("9998-12-30T09:00", 2),
        ("9999-01-01T09:00", 0),
        ("+10000-01-01T09:00", 0),
        ("-0001-01-01T09:00", 0),
        ("0001-01-01T09:00", 3653),
    ] {
        assert_eq!(starts("FREQ=DAILY", first).len(), made, "{first}");
    }
    for first in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
        for rule in Rule::presets(first) {
            assert_eq!(rule.occurrences(first, &Zone::UTC, Minutes::HOUR).count(), 0);
            assert!(rule.first_at_or_after(first).is_none_or(|found| found >= first));
            assert!(!rule.moved(NaiveDateTime::MIN, NaiveDateTime::MAX).sentence(first).is_empty());
        }
    }
}

proptest! {
    /// By a plain walk through the days: those of the pattern, in the weeks or months that the interval leaves.
    #[test]
    fn starts_are_the_days_that_a_plain_walk_finds(rule in any_rule(), first in any_start()) {
        let week = |date: NaiveDate| (date - NaiveDate::from_ymd_opt(1900, 1, 1).unwrap()).num_days() / 7;
        let month = |date: NaiveDate| i64::from(chrono::Datelike::year(&date)) * 12 + i64::from(chrono::Datelike::month(&date));
        let periods = |date: NaiveDate| match rule.pattern {
            Pattern::Daily => (date - first.date()).num_days(),
            Pattern::Weekly(_) => week(date) - week(first.date()),
            Pattern::MonthlyOnDay(_) | Pattern::MonthlyOnWeekday { .. } => month(date) - month(first.date()),
        };
        let (last, count) = match rule.ends {
            Ends::Never => (NaiveDate::MAX, usize::MAX),
            Ends::On(last) => (last, usize::MAX),
            Ends::After(count) => (NaiveDate::MAX, count.get().into()),
        };
        let days = first.date().iter_days().take_while(|&day| day <= last && day <= first.date() + HORIZON);
        let expected: Vec<_> = days
            .filter(|&day| periods(day) % i64::from(rule.interval.get()) == 0 && rule.pattern.falls_on(day))
            .map(|day| day.and_time(first.time()))
            .take(count)
            .collect();
        let made: Vec<_> = rule.occurrences(first, &Zone::UTC, Minutes::HOUR).map(|o| o.local_start()).collect();
        prop_assert_eq!(made, expected);
    }
}
