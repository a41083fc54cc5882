use super::*;

#[test]
fn rules_in_words() {
    for (text, first, words) in [
        ("FREQ=DAILY", "2027-01-12T09:00", "every day at 9:00"),
        ("FREQ=DAILY;INTERVAL=2", "2027-01-12T00:05", "every other day at 0:05"),
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", "2027-01-12T09:00", "every 10 days at 9:00, 3 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2027-01-12T09:00", "every weekday at 9:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "2027-01-12T09:00", "every day at 9:00"),
        ("FREQ=WEEKLY", "2027-01-12T09:00", "every Tuesday at 9:00"),
        ("FREQ=WEEKLY;COUNT=1", "2027-01-12T09:00", "every Tuesday at 9:00, once"),
        ("FREQ=WEEKLY;BYDAY=TH,TU", "2027-01-12T09:00", "every Tuesday and Thursday at 9:00"),
        ("FREQ=WEEKLY;BYDAY=SU,WE,MO", "2027-01-13T18:30", "every Monday, Wednesday and Sunday at 18:30"),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630", "2027-01-12T09:00", "every other Tuesday at 9:00, until 30 June 2027"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "2027-01-12T09:00", "every other week on Tuesday and Thursday at 9:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "2027-01-12T09:00", "every other week from Monday to Friday at 9:00"),
        ("FREQ=WEEKLY;INTERVAL=3;COUNT=8", "2027-01-12T09:00", "every 3rd week on Tuesday at 9:00, 8 times"),
        ("FREQ=WEEKLY;INTERVAL=4;BYDAY=TU,WE", "2027-01-12T09:00", "every 4th week on Tuesday and Wednesday at 9:00"),
        ("FREQ=WEEKLY;INTERVAL=12;BYDAY=MO,TU,WE,TH,FR,SA,SU", "2027-01-12T09:00", "every 12th week from Monday to Sunday at 9:00"),
        ("FREQ=WEEKLY;INTERVAL=22", "2027-01-12T09:00", "every 22nd week on Tuesday at 9:00"),
        ("FREQ=MONTHLY", "2027-01-12T09:00", "every month on the 12th at 9:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "2027-01-01T09:00", "every month on the 1st at 9:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=23;UNTIL=20280101", "2027-01-23T09:00", "every month on the 23rd at 9:00, until 1 January 2028"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15", "2027-01-15T09:00", "every 2 months on the 15th at 9:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=28", "2027-01-28T09:00", "every month on the 28th at 9:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=29", "2027-01-29T09:00", "every month on the 29th at 9:00 (months without a 29th are left out)"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5",
            "2027-01-31T09:00",
            "every month on the 31st at 9:00, 5 times (months without a 31st are left out)",
        ),
        // January alone, and January and July: both have one.
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2027-01-31T09:00", "every 12 months on the 31st at 9:00"),
        ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=31", "2027-01-31T09:00", "every 6 months on the 31st at 9:00"),
        (
            "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=31",
            "2027-03-31T09:00",
            "every 6 months on the 31st at 9:00 (months without a 31st are left out)",
        ),
        ("FREQ=MONTHLY;BYDAY=2TU", "2027-01-12T09:00", "every month on the second Tuesday at 9:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2027-01-29T14:30", "every month on the last Friday at 14:30"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "2027-01-04T14:30", "every 3 months on the first Monday at 14:30"),
        (
            "FREQ=MONTHLY;BYDAY=5FR",
            "2027-01-29T14:30",
            "every month on the fifth Friday at 14:30 (months without a fifth Friday are left out)",
        ),
    ] {
        assert_eq!(rule(text, first).sentence(local(first)), words, "{text}");
    }
}
