use super::*;
use crate::{
    session::tests::clinic::{local, zone},
    slot::Minutes,
};

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

fn exceptions(json: &str) -> Result<Exceptions, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

/// A practitioner's hours of a few words: Tuesdays and Wednesdays from 9:00 to 12:00 and from 12:00 to 13:00.
struct Kept {
    weekly: WeeklyHours,
    own: Exceptions,
    practice: Exceptions,
    zone: Zone,
}

impl Kept {
    fn new(own: &str, practice: &str) -> Self {
        let weekly = r#"[{"weekday":"tue","from":"09:00","until":"12:00"},{"weekday":"tue","from":"12:00","until":"13:00"},
            {"weekday":"wed","from":"09:00","until":"12:00"}]"#;
        Self {
            weekly: hours(weekly).unwrap(),
            own: exceptions(own).unwrap(),
            practice: exceptions(practice).unwrap(),
            zone: zone("America/Vancouver"),
        }
    }

    fn hours(&self) -> WorkingHours<'_> {
        WorkingHours { weekly: &self.weekly, own: &self.own, practice: &self.practice, zone: &self.zone }
    }

    fn cover(&self, from: &str, minutes: i64) -> bool {
        self.hours().cover(&Slot::resolve(local(from), &self.zone, Minutes::new(minutes).unwrap(), None).unwrap())
    }

    fn on(&self, date: &str) -> String {
        match self.hours().on(date.parse().unwrap()) {
            Day::Any => "any".to_owned(),
            Day::Within(hours) => {
                let said = |h: &Interval| format!("{}-{}", h.from.format("%H:%M"), h.until.format("%H:%M"));
                hours.iter().map(said).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

#[test]
fn hours_cover_what_lies_within_one_interval_of_one_day() {
    let kept = Kept::new("[]", "[]");
    assert!(kept.cover("2026-12-01T09:00", 180));
    assert!(!kept.cover("2026-12-01T08:59", 60));
    assert!(!kept.cover("2026-12-01T11:30", 60), "two intervals are two");
    assert!(!kept.cover("2026-12-03T09:00", 60));
    assert!(!kept.cover("2026-12-01T10:00", 1440));
}

#[test]
fn exceptions_that_make_no_sense_are_refused() {
    let bad = [
        (r#"[{"first_day":"2026-12-02","last_day":"2026-12-01"}]"#, "end no earlier"),
        (r#"[{"first_day":"2026-12-01","last_day":"2027-12-02"}]"#, "at most 366"),
        (
            r#"[{"first_day":"2026-12-05","last_day":"2026-12-06"},{"first_day":"2026-12-01","last_day":"2026-12-05"}]"#,
            "do not overlap",
        ),
        (r#"[{"first_day":"2026-02-30","last_day":"2026-12-01"}]"#, "must be a day such as"),
        (r#"[{"first_day":"2026-12-01","last_day":"2026-12-01","hours":[{"from":"12:00","until":"12:00"}]}]"#, "end after"),
        (r#"[{"first_day":"2026-12-01","last_day":"2026-12-01","name":""}]"#, "must not be empty"),
        (r#"[{"first_day":"2026-12-01"}]"#, "last_day"),
    ];
    for (json, says) in bad {
        let error = exceptions(json).unwrap_err();
        assert!(error.contains(says), "{json}: {error}");
    }
    let day = |n: i64| NaiveDate::default() + chrono::Duration::days(n);
    let many = (0..101).map(|n| Exception { first_day: day(n), last_day: day(n), hours: DayHours::default(), name: None });
    assert_eq!(Exceptions::new(many.collect()), Err(BadExceptions));
    assert!(exceptions(r#"[{"first_day":"2026-12-01","last_day":"2027-12-01"}]"#).is_ok(), "a leap year's length is a year off");
}

#[test]
fn an_absence_takes_its_days_and_no_others() {
    let kept = Kept::new(r#"[{"first_day":"2026-12-02","last_day":"2026-12-08","name":"Leave"}]"#, "[]");
    assert_eq!(
        ["2026-12-01", "2026-12-02", "2026-12-08", "2026-12-09"].map(|date| kept.on(date)),
        ["09:00-12:00 12:00-13:00", "", "", "09:00-12:00"]
    );
    assert!(kept.cover("2026-12-01T09:00", 60) && !kept.cover("2026-12-02T09:00", 60));
}

#[test]
fn a_holiday_of_the_practice_holds_for_all_but_whoever_says_otherwise() {
    let holiday = r#"[{"first_day":"2026-12-01","last_day":"2026-12-02","name":"Founder's day"}]"#;
    assert_eq!(Kept::new("[]", holiday).on("2026-12-01"), "");
    let works = r#"[{"first_day":"2026-12-01","last_day":"2026-12-01","hours":[{"from":"14:00","until":"16:00"}]}]"#;
    let kept = Kept::new(works, holiday);
    assert_eq!((kept.on("2026-12-01").as_str(), kept.on("2026-12-02").as_str()), ("14:00-16:00", ""));
}

#[test]
fn short_days_of_the_practice_leave_of_the_weekly_hours_what_lies_within() {
    let short = r#"[{"first_day":"2026-12-01","last_day":"2026-12-03","hours":[{"from":"10:00","until":"12:30"}]}]"#;
    let kept = Kept::new("[]", short);
    assert_eq!(
        ["2026-12-01", "2026-12-02", "2026-12-03"].map(|date| kept.on(date)),
        ["10:00-12:00 12:00-12:30", "10:00-12:00", ""]
    );
}

#[test]
fn whoever_keeps_no_weekly_hours_is_off_on_days_off_alone() {
    let holiday = r#"[{"first_day":"2026-12-01","last_day":"2026-12-01","name":"Founder's day"}]"#;
    let kept = Kept { weekly: WeeklyHours::default(), ..Kept::new("[]", holiday) };
    assert_eq!((kept.on("2026-12-01").as_str(), kept.on("2026-12-02").as_str()), ("", "any"));
    assert!(!kept.cover("2026-12-01T09:00", 60));
    assert!(!kept.cover("2026-11-30T23:30", 60), "it would last into the holiday");
    assert!(kept.cover("2026-11-30T23:00", 60), "it ends as the holiday begins");
    assert!(kept.cover("2026-12-02T23:30", 60));
    let slot = |from: &str| Slot::resolve(local(from), &kept.zone, Minutes::HOUR, None).unwrap();
    assert_eq!(kept.hours().day_off(&slot("2026-12-01T09:00")).map(Name::as_str), Some("Founder's day"));
    assert_eq!(kept.hours().day_off(&slot("2026-12-02T09:00")), None);
}
