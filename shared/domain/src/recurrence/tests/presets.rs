use super::*;

fn offered(first: &str) -> Vec<String> {
    Rule::presets(local(first)).iter().map(|rule| rule.sentence(local(first))).collect()
}

#[test]
fn a_form_offers_what_fits_the_first_start() {
    assert_eq!(
        offered("2027-01-12T09:00"),
        [
            "every day at 9:00",
            "every weekday at 9:00",
            "every Tuesday at 9:00",
            "every other Tuesday at 9:00",
            "every 3rd week on Tuesday at 9:00",
            "every 4th week on Tuesday at 9:00",
            "every month on the 12th at 9:00",
            "every month on the second Tuesday at 9:00",
        ]
    );
}

#[test]
fn a_start_at_the_weekend_is_on_no_weekday_and_the_last_of_the_month_is_offered_as_such() {
    let offered = offered("2027-01-30T09:00");
    assert!(!offered.contains(&"every weekday at 9:00".to_owned()));
    assert_eq!(
        offered[5..],
        [
            "every month on the 30th at 9:00 (months without a 30th are left out)",
            "every month on the fifth Saturday at 9:00 (months without a fifth Saturday are left out)",
            "every month on the last Saturday at 9:00",
        ]
    );
    assert_eq!(self::offered("2027-02-22T09:00").last().unwrap(), "every month on the last Monday at 9:00");
}

proptest! {
    #[test]
    fn a_preset_fits_the_start_it_is_offered_for(first in any_start()) {
        for rule in Rule::presets(first) {
            prop_assert_eq!(rule.first_at_or_after(first), Some(first), "{}", rule);
        }
    }
}
