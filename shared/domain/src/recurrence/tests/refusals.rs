use super::*;

fn refusal(text: &str) -> BadRule {
    Rule::parse(text, local("2027-01-12T09:00")).expect_err(text)
}

/// What is said, and to which texts.
const REFUSALS: &[(&str, &[&str])] = &[
    ("must not be empty: write parts such as FREQ=WEEKLY;BYDAY=TU", &["", "  ", "RRULE:"]),
    (
        "must be letters, digits and = ; , + - : alone, such as FREQ=WEEKLY;BYDAY=TU",
        &["FREQ=DAILY\r\nATTENDEE:x", "FREQ=DAILY; COUNT=3", "FREQ=DAILY;COUNT=\u{663}"],
    ),
    ("must consist of parts such as FREQ=WEEKLY, with a semicolon between, but has \"WEEKLY\"", &["weekly", "FREQ=DAILY;WEEKLY"]),
    ("must consist of parts such as FREQ=WEEKLY, with a semicolon between, but has \"\"", &["FREQ=DAILY;", "FREQ=DAILY;;COUNT=2"]),
    (
        "must not have BYHOUR: the parts are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYSETPOS, COUNT, UNTIL and WKST",
        &["FREQ=DAILY;BYHOUR=9,14"],
    ),
    (
        "must not have BYMONTH: the parts are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYSETPOS, COUNT, UNTIL and WKST",
        &["FREQ=MONTHLY;BYMONTH=6"],
    ),
    ("must have COUNT once", &["FREQ=DAILY;COUNT=2;COUNT=3", "FREQ=DAILY;COUNT=2;count=2"]),
    ("must say how often: FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY", &["BYDAY=TU", "COUNT=3"]),
    ("must have FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY, not FREQ=YEARLY", &["FREQ=YEARLY;COUNT=2"]),
    ("must have FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY, not FREQ=HOURLY", &["FREQ=hourly"]),
    (
        "must have an INTERVAL from 1 to 99",
        &[
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=100",
            "FREQ=DAILY;INTERVAL=-1",
            "FREQ=DAILY;INTERVAL=",
            "FREQ=DAILY;INTERVAL=4294967297",
            "FREQ=DAILY;INTERVAL=257",
        ],
    ),
    (
        "must have a COUNT from 1 to 1000; leave it out for a series without an end",
        &["FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=10000", "FREQ=DAILY;COUNT=99999999999999999999", "FREQ=DAILY;COUNT=+5"],
    ),
    ("must have COUNT or UNTIL, not both", &["FREQ=DAILY;COUNT=2;UNTIL=20270630"]),
    (
        "must have UNTIL as a date, such as UNTIL=20270630",
        &[
            "FREQ=DAILY;UNTIL=2027",
            "FREQ=DAILY;UNTIL=20270229",
            "FREQ=DAILY;UNTIL=2027-06-30",
            "FREQ=DAILY;UNTIL=00000101",
            "FREQ=DAILY;UNTIL=20270630T2359",
            "FREQ=DAILY;UNTIL=20270630T250000",
        ],
    ),
    (
        "must have UNTIL as the last local date, such as UNTIL=20270630, not as a time in UTC",
        &["FREQ=DAILY;UNTIL=20270630T065959Z"],
    ),
    (
        "must not end before its first start: UNTIL is the last local date",
        &["FREQ=DAILY;UNTIL=20270111", "FREQ=DAILY;UNTIL=20270112T085959"],
    ),
    ("must have BYDAY of MO, TU, WE, TH, FR, SA and SU, with commas between, but has \"TUE\"", &["FREQ=WEEKLY;BYDAY=MO,TUE"]),
    (
        "must have BYDAY of MO, TU, WE, TH, FR, SA and SU, with commas between, but has \"\"",
        &["FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;BYDAY=TU,"],
    ),
    (
        "must have weekdays without a number unless FREQ=MONTHLY, but has BYDAY=2TU",
        &["FREQ=WEEKLY;BYDAY=2TU", "FREQ=DAILY;BYDAY=2TU"],
    ),
    ("must have FREQ=WEEKLY where it has BYDAY and an INTERVAL of more than 1", &["FREQ=DAILY;INTERVAL=2;BYDAY=MO,WE"]),
    (
        "must have one weekday, the 1st to 5th or -1 for the last, where FREQ=MONTHLY: such as BYDAY=2TU or BYDAY=-1FR",
        &[
            "FREQ=MONTHLY;BYDAY=TU",
            "FREQ=MONTHLY;BYDAY=2TU,3TU",
            "FREQ=MONTHLY;BYDAY=6TU",
            "FREQ=MONTHLY;BYDAY=0TU",
            "FREQ=MONTHLY;BYDAY=-2TU",
            "FREQ=MONTHLY;BYDAY=-128TU",
            "FREQ=MONTHLY;BYDAY=258TU",
            "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=6",
            "FREQ=MONTHLY;BYDAY=X",
        ],
    ),
    (
        "must have one BYMONTHDAY from 1 to 31",
        &[
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYMONTHDAY=",
        ],
    ),
    ("must have FREQ=MONTHLY where it has BYMONTHDAY", &["FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=DAILY;BYMONTHDAY=3"]),
    ("must have BYMONTHDAY or BYDAY, not both", &["FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=1FR"]),
    (
        "must have BYSETPOS, if at all, to number one weekday of a month: FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2",
        &[
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=1",
            "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,2",
            "FREQ=MONTHLY;BYMONTHDAY=15;BYSETPOS=1",
            "FREQ=MONTHLY;BYSETPOS=1",
            "FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1",
        ],
    ),
    (
        "must have weeks that begin on Monday where they alternate: WKST=MO, or none",
        &["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "FREQ=DAILY;WKST=XX"],
    ),
];

#[test]
fn a_refusal_says_what_is_wrong_and_what_is_taken() {
    for (said, texts) in REFUSALS {
        for text in *texts {
            assert_eq!(refusal(text).to_string(), *said, "{text:?}");
        }
    }
}

#[test]
fn text_without_end_is_not_read() {
    let text = format!("FREQ=WEEKLY;BYDAY=TU{}", ",TU".repeat(1000));
    assert_eq!(refusal(&text).to_string(), "must have at most 200 characters, but has 3020");
}
