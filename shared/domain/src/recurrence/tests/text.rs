use chrono::Days;

use super::*;

/// A Tuesday: the second of its month, the twelfth day.
const FIRST: &str = "2027-01-12T09:00";

fn canonical(text: &str) -> String {
    rule(text, FIRST).to_string()
}

#[test]
fn text_is_read_in_any_order_and_case_and_written_in_one_way() {
    for (text, written) in [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270630", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270630"),
        (" rrule:until=20270630;byday=tu;interval=2;freq=weekly\n", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270630"),
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=DAILY;INTERVAL=1;COUNT=008", "FREQ=DAILY;COUNT=8"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=WEEKLY;BYDAY=FR,TU,TU", "FREQ=WEEKLY;BYDAY=TU,FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=+31", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=+2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=MONTHLY;BYDAY=5FR;INTERVAL=99", "FREQ=MONTHLY;INTERVAL=99;BYDAY=5FR"),
    ] {
        assert_eq!(canonical(text), written, "{text}");
    }
}

#[test]
fn what_the_text_leaves_out_comes_from_the_first_start() {
    assert_eq!(canonical("FREQ=WEEKLY"), "FREQ=WEEKLY;BYDAY=TU");
    assert_eq!(canonical("FREQ=MONTHLY;INTERVAL=3"), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=12");
    for incomplete in ["FREQ=WEEKLY", "FREQ=MONTHLY"] {
        assert_eq!(incomplete.parse::<Rule>(), Err(BadRule::NoDays), "{incomplete}");
    }
}

#[test]
fn an_until_with_a_time_of_day_counts_by_it() {
    assert_eq!(canonical("FREQ=DAILY;UNTIL=20270630T235959"), "FREQ=DAILY;UNTIL=20270630");
    assert_eq!(canonical("FREQ=DAILY;UNTIL=20270630T090000"), "FREQ=DAILY;UNTIL=20270630");
    assert_eq!(canonical("FREQ=DAILY;UNTIL=20270630T085959"), "FREQ=DAILY;UNTIL=20270629");
}

#[test]
fn where_weeks_begin_may_be_said_where_it_decides_nothing() {
    for text in [
        "FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2;WKST=MO",
        "FREQ=WEEKLY;BYDAY=TU,TH;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "FREQ=MONTHLY;INTERVAL=2;WKST=SA",
        "FREQ=DAILY;INTERVAL=2;WKST=SU",
    ] {
        assert!(!canonical(text).contains("WKST"), "{text}");
    }
    // Either of several days in weeks that alternate, or a first start in another week than its day.
    for text in ["FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;BYDAY=SU;INTERVAL=2;WKST=SU"] {
        assert_eq!(Rule::parse(text, local(FIRST)), Err(BadRule::WeekStart), "{text}");
    }
}

#[test]
fn a_rule_is_stored_as_its_text() {
    let rule = rule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=12", FIRST);
    let json = serde_json::to_string(&rule).unwrap();
    assert_eq!(json, r#""FREQ=MONTHLY;BYDAY=-1FR;COUNT=12""#);
    assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule);
    assert!(serde_json::from_str::<Rule>(r#""FREQ=YEARLY""#).is_err());
}

#[test]
fn a_calendar_is_given_the_last_second_of_the_last_local_date_in_utc() {
    let until = |zone: &str, text: &str| rule(text, FIRST).calendar_text(&Zone::parse(zone).unwrap());
    assert_eq!(until("America/Los_Angeles", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270629"), "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630T065959Z");
    assert_eq!(until("Asia/Kathmandu", "FREQ=DAILY;UNTIL=20270629"), "FREQ=DAILY;UNTIL=20270629T181459Z");
    // Cairo has no midnight on 30 April.
    assert_eq!(until("Africa/Cairo", "FREQ=DAILY;UNTIL=20270429"), "FREQ=DAILY;UNTIL=20270429T215959Z");
    assert_eq!(until("Africa/Cairo", "FREQ=DAILY;COUNT=3"), "FREQ=DAILY;COUNT=3");
    assert_eq!(until("America/Los_Angeles", "FREQ=DAILY;UNTIL=99991231"), "FREQ=DAILY");
}

/// Text that looks much like a rule.
fn nearly_a_rule() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "FREQ",
        "INTERVAL",
        "BYDAY",
        "BYMONTHDAY",
        "BYSETPOS",
        "COUNT",
        "UNTIL",
        "WKST",
        "BYHOUR",
        "freq",
        "",
        "RRULE:FREQ",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "DAILY",
            "WEEKLY",
            "MONTHLY",
            "YEARLY",
            "TU",
            "-1FR",
            "2TU,MO",
            "+",
            "-",
            "T",
            "Z",
            "00000101",
            "20271301",
            "99999999",
            "20270630T235959",
            "20270630T246060",
            "99999999999999999999",
            "0",
            "-128",
            "1",
            "31",
            "é",
            "T000000",
        ])
        .prop_map(str::to_owned),
        "[0-9A-Z,+-]{0,12}",
    ];
    prop::collection::vec((name, value), 0..5)
        .prop_map(|parts| parts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";"))
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same_rule(rule in any_rule(), first in any_start()) {
        let text = rule.to_string();
        prop_assert_eq!(text.parse::<Rule>(), Ok(rule));
        match rule.ends {
            Ends::On(last) if last < first.date() => prop_assert_eq!(Rule::parse(&text, first), Err(BadRule::UntilBeforeFirst)),
            Ends::On(_) | Ends::Never | Ends::After(_) => prop_assert_eq!(Rule::parse(&text, first), Ok(rule)),
        }
    }

    /// rrule has a parser of its own, and yields by it what the rule does.
    #[test]
    fn what_is_written_is_a_rule_to_others(rule in any_rule(), first in any_start()) {
        let yielded: Vec<_> = rule.occurrences(first, &Zone::UTC, Minutes::HOUR).take(5).map(|o| o.local_start()).collect();
        // Its UNTIL is to be in UTC where the start is, and no later one than it.
        let text = rule.calendar_text(&Zone::UTC);
        let parsed: rrule::RRule<rrule::Unvalidated> = text.parse().unwrap();
        if let Ok(set) = parsed.build(first.and_utc().with_timezone(&rrule::Tz::UTC)) {
            let horizon = first + HORIZON;
            let theirs: Vec<_> = set.limit().into_iter().take(5).map(|o| o.naive_utc()).filter(|&o| o <= horizon).collect();
            prop_assert_eq!(theirs, yielded);
        } else {
            prop_assert!(yielded.is_empty() && matches!(rule.ends, Ends::On(last) if last < first.date()));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), first in any_start()) {
        let _ = Rule::parse(&text, first);
    }

    #[test]
    fn what_is_read_of_nearly_a_rule_is_one(text in nearly_a_rule(), first in any_start()) {
        if let Ok(rule) = Rule::parse(&text, first) {
            prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
        }
    }

    #[test]
    fn a_series_begins_where_it_is_said_to_begin(rule in any_rule(), from in any_start()) {
        let found = rule.first_at_or_after(from);
        if let Some(first) = found {
            prop_assert!(first >= from && first.time() == from.time() && first <= from + Days::new(366));
            let yielded = rule.occurrences(first, &Zone::UTC, Minutes::HOUR).next();
            prop_assert_eq!(yielded.map(|o| o.local_start()), Some(first));
            prop_assert_eq!(rule.first_at_or_after(first), found);
        } else {
            prop_assert!(matches!(rule.ends, Ends::On(_)));
            prop_assert_eq!(rule.occurrences(from, &Zone::UTC, Minutes::HOUR).next(), None);
        }
    }
}
