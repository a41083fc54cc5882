use super::*;

/// The rule that begins with `from`, moved from there.
fn moved(text: &str, from: &str, to: &str) -> String {
    rule(text, from).moved(local(from), local(to)).to_string()
}

#[test]
fn of_a_weekly_rule_the_weekday_that_moves_is_replaced() {
    // A Tuesday.
    let from = "2027-01-12T09:00";
    assert_eq!(moved("FREQ=WEEKLY;INTERVAL=2", from, "2027-01-14T09:00"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH");
    assert_eq!(moved("FREQ=WEEKLY;BYDAY=TU,FR;COUNT=8", from, "2027-01-11T10:00"), "FREQ=WEEKLY;BYDAY=MO,FR;COUNT=8");
    assert_eq!(moved("FREQ=WEEKLY;BYDAY=TU,FR", from, "2027-01-15T09:00"), "FREQ=WEEKLY;BYDAY=FR");
    assert_eq!(moved("FREQ=WEEKLY;BYDAY=TU,FR", from, "2027-01-12T17:00"), "FREQ=WEEKLY;BYDAY=TU,FR");
    assert_eq!(moved("FREQ=DAILY", from, "2027-01-14T09:00"), "FREQ=DAILY");
}

#[test]
fn of_a_monthly_rule_the_day_is_the_new_one() {
    assert_eq!(moved("FREQ=MONTHLY;INTERVAL=2", "2027-01-12T09:00", "2027-01-14T09:00"), "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=14");
    assert_eq!(moved("FREQ=MONTHLY;BYDAY=2TU", "2027-01-12T09:00", "2027-01-21T09:00"), "FREQ=MONTHLY;BYDAY=3TH");
}

#[test]
fn the_last_of_the_month_stays_the_last_where_it_can() {
    let last = |to| moved("FREQ=MONTHLY;BYDAY=-1FR", "2027-01-29T09:00", to);
    assert_eq!(last("2027-01-28T09:00"), "FREQ=MONTHLY;BYDAY=-1TH");
    assert_eq!(last("2027-01-31T09:00"), "FREQ=MONTHLY;BYDAY=-1SU");
    assert_eq!(last("2027-01-22T09:00"), "FREQ=MONTHLY;BYDAY=4FR");
    assert_eq!(last("2027-02-01T09:00"), "FREQ=MONTHLY;BYDAY=1MO");
}

#[test]
fn a_fifth_weekday_is_only_what_was_one_before() {
    // The fourth Friday, which is not the last, is moved to the fifth.
    assert_eq!(moved("FREQ=MONTHLY;BYDAY=4FR", "2027-01-22T09:00", "2027-01-29T09:00"), "FREQ=MONTHLY;BYDAY=-1FR");
    assert_eq!(moved("FREQ=MONTHLY;BYDAY=5FR", "2027-01-29T09:00", "2027-01-30T09:00"), "FREQ=MONTHLY;BYDAY=5SA");
    assert_eq!(moved("FREQ=MONTHLY;BYDAY=5FR", "2027-01-29T09:00", "2027-01-28T09:00"), "FREQ=MONTHLY;BYDAY=4TH");
}

#[test]
fn a_last_date_moves_along_to_later_days_alone() {
    let text = "FREQ=WEEKLY;UNTIL=20270629";
    assert_eq!(moved(text, "2027-01-12T09:00", "2027-01-14T09:00"), "FREQ=WEEKLY;BYDAY=TH;UNTIL=20270701");
    assert_eq!(moved(text, "2027-01-12T09:00", "2027-01-11T09:00"), "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270629");
    assert_eq!(moved(text, "2027-01-12T09:00", "2027-01-12T22:00"), "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270629");
}

proptest! {
    #[test]
    fn a_rule_that_is_moved_yields_the_start_it_is_moved_to(rule in any_rule(), from in any_start(), to in any_start()) {
        let moved = rule.moved(from, to);
        prop_assert_eq!(Rule { ends: Ends::Never, ..moved }.first_at_or_after(to), Some(to));
        prop_assert_eq!(moved.to_string().parse(), Ok(moved));
    }
}
