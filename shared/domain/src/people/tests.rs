use super::*;
use crate::session::tests::clinic::{ADA, BEN, lea, local, member, name};

fn hours(json: &str) -> Result<WeeklyHours, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn weekly_hours_are_read_put_in_order_and_written_as_they_are_typed() {
    let typed = r#"[{"weekday":"tue","from":"13:00","until":"17:30"},{"weekday":"mon","from":"09:00","until":"12:00"},
        {"weekday":"tue","from":"09:00","until":"13:00"}]"#;
    assert_eq!(
        serde_json::to_string(&hours(typed).unwrap()).unwrap(),
        r#"[{"weekday":"mon","from":"09:00","until":"12:00"},{"weekday":"tue","from":"09:00","until":"13:00"},{"weekday":"tue","from":"13:00","until":"17:30"}]"#
    );
    assert!(hours("[]").unwrap().is_empty());
}

#[test]
fn weekly_hours_that_make_no_sense_are_refused() {
    let bad = [
        (r#"[{"weekday":"mon","from":"12:00","until":"09:00"}]"#, "end after they begin"),
        (r#"[{"weekday":"mon","from":"09:00","until":"09:00"}]"#, "end after they begin"),
        (
            r#"[{"weekday":"mon","from":"09:00","until":"12:00"},{"weekday":"mon","from":"11:59","until":"13:00"}]"#,
            "do not overlap",
        ),
        (r#"[{"weekday":"moonday","from":"09:00","until":"12:00"}]"#, "must be a weekday"),
        (r#"[{"weekday":"mon","from":"nine","until":"12:00"}]"#, "must be a time of day"),
        (r#"[{"weekday":"mon","from":"09:00","until":"24:00"}]"#, "must be a time of day"),
        (r#"[{"weekday":"mon","from":"09:00","until":"12:00","every":2}]"#, "unknown field"),
    ];
    for (json, says) in bad {
        let error = hours(json).unwrap_err();
        assert!(error.contains(says), "{json}: {error}");
    }
    let many = WeeklyHours::new(
        (0..43)
            .map(|minute| {
                let at = |minute| NaiveTime::from_hms_opt(9, minute, 0).unwrap();
                OpenHours { weekday: Weekday::Mon, from: at(minute), until: at(minute + 1) }
            })
            .collect(),
    );
    assert_eq!(many, Err(BadHours));
}

#[test]
fn hours_cover_what_lies_within_one_interval_of_one_day() {
    let hours = hours(r#"[{"weekday":"tue","from":"09:00","until":"12:00"},{"weekday":"tue","from":"12:00","until":"13:00"}]"#);
    let cover = |from: &str, until: &str| hours.as_ref().unwrap().cover(local(from), local(until));
    assert!(cover("2026-12-01T09:00", "2026-12-01T12:00"));
    assert!(!cover("2026-12-01T08:59", "2026-12-01T10:00"));
    assert!(!cover("2026-12-01T11:30", "2026-12-01T12:30"), "two intervals are two");
    assert!(!cover("2026-12-02T09:00", "2026-12-02T10:00"));
    assert!(!cover("2026-12-01T10:00", "2026-12-02T10:00"));
}

#[test]
fn practitioners_act_for_assigned_clients_and_everyone_else_for_all() {
    let client = Client { practitioners: vec![ADA], ..lea() };
    let may = |role, practitioner| Membership { role, practitioner, ..member() }.may_act_for(&client);
    assert!(may(Role::Director, None) && may(Role::FrontDesk, None) && may(Role::Director, Some(BEN)));
    assert!(may(Role::Practitioner, Some(ADA)));
    assert!(!may(Role::Practitioner, Some(BEN)) && !may(Role::Practitioner, None));
}

#[test]
fn a_person_has_a_first_name_a_last_name_or_both() {
    let person = |first: Option<&str>, last: Option<&str>| PersonName::new(first.map(name), last.map(name));
    assert_eq!(person(None, None), None);
    let full = person(Some("Zoë"), Some("Ångström")).unwrap();
    assert_eq!((full.to_string().as_str(), full.folded()), ("Zoë Ångström", vec!["angstrom".to_owned(), "zoe".to_owned()]));
    assert_eq!(person(Some("Lea"), None).unwrap().to_string(), "Lea");
    assert_eq!(person(None, Some("Lea")).unwrap().last(), Some(&name("Lea")));
    assert_eq!(person(Some("Tom"), Some("tom")).unwrap().folded(), ["tom"], "one entry of the directory is enough");
}
