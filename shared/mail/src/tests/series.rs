//! Letters about a series and about one of its occurrences: as people read them, and as other parsers do.

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarFrequency, ICalendarParameterName, ICalendarProperty,
    ICalendarValue,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use hourkeep_domain::ids::SeriesId;

use super::{
    round_trip::{parse, value},
    snapshots::shown,
    *,
};
use crate::{InSeries, Method, Override, Recurrence, uid};

pub(super) fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn series_id() -> SeriesId {
    SeriesId::from_bits(0x0193_8a11_2c00_4444_5555_6666_7777_8888)
}

/// Tuesdays at nine from 1 December 2026 to 29 June 2027: two days before a holiday are left out, one session is moved,
/// one is in another room.
pub(super) fn tuesdays() -> Recurrence {
    let one = |original: &str, at: &str, room: &str| Override {
        original: local(original),
        slot: slot(at, "America/Vancouver"),
        sequence: 2,
        stamped_at: "2026-11-24T08:00:00Z".parse().unwrap(),
        place: Some(Place::Room { room: name(room), location: Some(name("Harbour House")) }),
        url: None,
        session_link: url("https://hourkeep.example/s/NPQR-STUV-WXYZ"),
        code: "NPQR-STUV-WXYZ".to_owned(),
        instructions: None,
    };
    Recurrence {
        series: series_id(),
        rrule: "FREQ=WEEKLY;BYDAY=TU".to_owned(),
        until: Some("2027-06-29T16:00:00Z".parse().unwrap()),
        sentence: "every Tuesday at 9:00, until 29 June 2027".to_owned(),
        next: Some(slot("2026-12-01T09:00:00", "America/Vancouver")),
        excluded: vec![local("2026-12-22T09:00:00"), local("2026-12-29T09:00:00"), local("2027-03-02T09:00:00")],
        overrides: vec![
            one("2026-12-08T09:00:00", "2026-12-10T14:00:00", "Room 2"),
            one("2027-02-09T09:00:00", "2027-02-09T09:00:00", "Room 5"),
        ],
        left_out: vec![local("2026-12-22T09:00:00"), local("2026-12-29T09:00:00")],
    }
}

/// Without end, and nothing out of the ordinary.
fn open() -> Recurrence {
    Recurrence {
        until: None,
        sentence: "every Tuesday at 9:00".to_owned(),
        excluded: vec![],
        overrides: vec![],
        left_out: vec![],
        ..tuesdays()
    }
}

pub(super) fn whole(kind: Kind, recurrence: Recurrence) -> Letter {
    Letter { series: Some(InSeries::Whole(Box::new(recurrence))), ..letter(kind) }
}

/// About the occurrence of 8 December, which was moved to the tenth.
pub(super) fn one(kind: Kind) -> Letter {
    let within =
        InSeries::One { series: series_id(), original: local("2026-12-08T09:00:00"), original_zone: zone("America/Vancouver") };
    Letter { series: Some(within), slot: slot("2026-12-10T14:00:00", "America/Vancouver"), sequence: 2, ..letter(kind) }
}

fn place_of_the_rule() -> Slot {
    slot("2026-12-08T09:00:00", "America/Vancouver")
}

/// One letter of each kind, about a series and about an occurrence.
pub(super) fn letters() -> Vec<(&'static str, Letter)> {
    let moved = Some(slot("2026-11-30T14:00:00", "America/Vancouver"));
    let of_rule = |kind| Letter { slot: place_of_the_rule(), ..one(kind) };
    let shortened = Recurrence {
        until: Some("2027-01-12T16:00:00Z".parse().unwrap()),
        sentence: "every Tuesday at 9:00, until 12 January 2027".to_owned(),
        next: Some(slot("2026-12-15T09:00:00", "America/Vancouver")),
        overrides: vec![],
        left_out: vec![],
        ..tuesdays()
    };
    let ended = Recurrence { next: None, ..shortened.clone() };
    let cancelled = Recurrence { next: None, overrides: vec![], left_out: vec![], ..tuesdays() };
    vec![
        ("series_invite", whole(Kind::Invite, tuesdays())),
        ("series_invite_without_end", whole(Kind::Invite, open())),
        ("series_update_times", whole(Kind::Update { previous: moved.clone() }, tuesdays())),
        ("series_update_details", whole(Kind::Update { previous: None }, tuesdays())),
        ("series_shortened", whole(Kind::Shortened, shortened)),
        ("series_shortened_to_its_past", whole(Kind::Shortened, ended)),
        ("series_cancellation", whole(Kind::Cancellation { calendar: true }, cancelled.clone())),
        ("series_cancellation_notice", whole(Kind::Cancellation { calendar: false }, cancelled.clone())),
        ("series_notice_moved", whole(Kind::Notice { moved_from: moved, cancelled: false }, open())),
        ("series_notice_cancelled", whole(Kind::Notice { moved_from: None, cancelled: true }, cancelled)),
        ("one_invite", one(Kind::Invite)),
        ("one_update_time", one(Kind::Update { previous: Some(place_of_the_rule()) })),
        ("one_update_details", of_rule(Kind::Update { previous: None })),
        ("one_cancellation", one(Kind::Cancellation { calendar: true })),
        ("one_cancellation_notice", one(Kind::Cancellation { calendar: false })),
        ("one_not_booked", of_rule(Kind::NotBooked { calendar: true })),
        ("one_not_booked_notice", of_rule(Kind::NotBooked { calendar: false })),
        ("one_reminder", one(Kind::Reminder { days_before: 2 })),
    ]
}

/// Seen from another zone, with all that people can write.
fn from_paris(letter: Letter) -> Letter {
    let Letter { recipient_zone, place, url, instructions, reason, .. } = full(Kind::Invite);
    Letter { recipient_zone, place, url, instructions, reason, ..letter }
}

#[test]
fn each_kind_as_it_is_read() {
    for (called, letter) in letters() {
        insta::assert_snapshot!(called, shown(&letter.compose(None)));
    }
    let mail = from_paris(whole(Kind::Invite, tuesdays())).compose(None);
    insta::assert_snapshot!("series_invite_from_paris", shown(&mail));
    insta::assert_snapshot!("series_invite_from_paris__html", mail.html);
    let mail = from_paris(one(Kind::Update { previous: Some(place_of_the_rule()) })).compose(Some(&manage_link()));
    insta::assert_snapshot!("one_update_time_from_paris", shown(&mail));
}

/// The components of an object, and those of a kind.
struct Object(ICalendar);

impl Object {
    fn read(ics: &str) -> Self {
        Self(ICalendar::parse(ics).unwrap())
    }

    fn of(&self, kind: &ICalendarComponentType) -> Vec<&ICalendarComponent> {
        self.0.components.iter().filter(|component| component.component_type == *kind).collect()
    }

    fn events(&self) -> Vec<&ICalendarComponent> {
        self.of(&ICalendarComponentType::VEvent)
    }

    fn zones(&self) -> Vec<String> {
        self.of(&ICalendarComponentType::VTimezone).iter().map(|zone| value(zone, &ICalendarProperty::Tzid)).collect()
    }
}

/// `TZID=America/Vancouver 2026-12-01T09:00:00`, or `2026-12-01T17:00:00Z`.
fn times(event: &ICalendarComponent, property: &ICalendarProperty) -> Vec<String> {
    let of = |entry: &calcard::icalendar::ICalendarEntry| {
        let tzid = entry.parameters(&ICalendarParameterName::Tzid).find_map(|value| value.as_text().map(str::to_owned));
        let at = entry.values[0].as_partial_date_time().unwrap();
        assert_eq!(entry.values.len(), 1);
        let wall = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            at.year.unwrap(),
            at.month.unwrap(),
            at.day.unwrap(),
            at.hour.unwrap(),
            at.minute.unwrap(),
            at.second.unwrap()
        );
        if let Some(tzid) = tzid {
            return format!("TZID={tzid} {wall}");
        }
        assert_eq!((at.tz_hour, at.tz_minute), (Some(0), Some(0)), "neither in UTC nor in a zone");
        format!("{wall}Z")
    };
    event.properties(property).map(of).collect()
}

fn vancouver(wall: &str) -> Vec<String> {
    vec![format!("TZID=America/Vancouver {wall}")]
}

#[test]
fn a_series_is_one_object_with_its_rule_its_gaps_and_its_exceptions() {
    let letter = whole(Kind::Invite, tuesdays());
    let part = letter.calendar().unwrap();
    assert_eq!(part.method, Method::Request);
    let object = Object::read(&part.ics);
    assert_eq!(object.zones(), ["America/Vancouver"]);
    let [series, moved, elsewhere] = object.events()[..] else { panic!("three events") };
    for event in [series, moved, elsewhere] {
        assert_eq!(value(event, &ICalendarProperty::Uid), uid(series_id()));
        assert_eq!(value(event, &ICalendarProperty::Status), "CONFIRMED");
        let attendees: Vec<_> = event.properties(&ICalendarProperty::Attendee).collect();
        assert_eq!(attendees.iter().map(|one| one.calendar_address()).collect::<Vec<_>>(), [Some("sam@example.com")]);
    }
    assert_eq!(times(series, &ICalendarProperty::Dtstart), vancouver("2026-12-01T09:00:00"));
    assert_eq!(times(series, &ICalendarProperty::Dtend), vancouver("2026-12-01T10:00:00"));
    assert_eq!(
        times(series, &ICalendarProperty::Exdate),
        ["2026-12-22T09:00:00", "2026-12-29T09:00:00", "2027-03-02T09:00:00"].map(|wall| vancouver(wall)[0].clone())
    );
    let rules: Vec<_> = series.properties(&ICalendarProperty::Rrule).collect();
    let [ICalendarValue::RecurrenceRule(rule)] = &rules[0].values[..] else { panic!("one rule") };
    assert_eq!((rule.freq, rule.count, rule.byday.len()), (ICalendarFrequency::Weekly, None, 1));
    let until = rule.until.as_ref().unwrap().to_timestamp();
    assert_eq!(until, Some("2027-06-29T16:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp()));
    assert!(part.ics.contains("\r\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270629T160000Z\r\n"));
    assert!(times(series, &ICalendarProperty::RecurrenceId).is_empty());

    assert_eq!(times(moved, &ICalendarProperty::RecurrenceId), vancouver("2026-12-08T09:00:00"));
    assert_eq!(times(moved, &ICalendarProperty::Dtstart), vancouver("2026-12-10T14:00:00"));
    assert_eq!(times(moved, &ICalendarProperty::Dtend), vancouver("2026-12-10T15:00:00"));
    assert_eq!((value(series, &ICalendarProperty::Sequence), value(moved, &ICalendarProperty::Sequence)), ("0".into(), "2".into()));
    assert_eq!(times(elsewhere, &ICalendarProperty::RecurrenceId), vancouver("2027-02-09T09:00:00"));
    assert_eq!(value(elsewhere, &ICalendarProperty::Location), "Room 5, Harbour House");
    assert!(moved.property(&ICalendarProperty::Rrule).is_none() && moved.property(&ICalendarProperty::Exdate).is_none());
}

#[test]
fn a_series_names_no_session_in_what_all_of_them_show() {
    let part = whole(Kind::Invite, open()).calendar().unwrap();
    assert!(!part.ics.replace("\r\n ", "").contains("ABCD-EFGH-JKLM"), "{}", part.ics);
    let ics = whole(Kind::Invite, open()).calendar().unwrap().ics;
    assert!(ics.contains("\r\nRRULE:FREQ=WEEKLY;BYDAY=TU\r\n"), "{ics}");
}

#[test]
fn a_change_of_one_occurrence_is_its_override_alone() {
    let abroad = Letter { slot: slot("2026-12-10T14:00:00", "Europe/Paris"), ..one(Kind::Update { previous: None }) };
    for (letter, zones) in [(one(Kind::Invite), &["America/Vancouver"][..]), (abroad, &["America/Vancouver", "Europe/Paris"])] {
        let object = Object::read(&letter.calendar().unwrap().ics);
        let [event] = object.events()[..] else { panic!("one event") };
        assert_eq!(object.zones(), zones);
        assert_eq!(value(event, &ICalendarProperty::Uid), uid(series_id()));
        assert_eq!(times(event, &ICalendarProperty::RecurrenceId), vancouver("2026-12-08T09:00:00"));
        let own = letter.slot.zone();
        assert_eq!(times(event, &ICalendarProperty::Dtstart), [format!("TZID={own} 2026-12-10T14:00:00")]);
        assert!(event.property(&ICalendarProperty::Rrule).is_none());
    }
}

#[test]
fn a_cancelled_series_is_cancelled_in_utc() {
    for recurrence in [tuesdays(), open()] {
        let part = whole(Kind::Cancellation { calendar: true }, recurrence).calendar().unwrap();
        assert_eq!(part.method, Method::Cancel);
        let object = Object::read(&part.ics);
        let [event] = object.events()[..] else { panic!("one event") };
        assert_eq!(value(event, &ICalendarProperty::Uid), uid(series_id()));
        assert_eq!(value(event, &ICalendarProperty::Status), "CANCELLED");
        assert_eq!(times(event, &ICalendarProperty::Dtstart), ["2026-12-01T16:00:00Z"]);
        assert!(["TZID", "VTIMEZONE", "RRULE", "EXDATE", "RECURRENCE-ID"].iter().all(|absent| !part.ics.contains(absent)));
    }
}

#[test]
fn a_cancelled_occurrence_is_named_as_the_series_names_it() {
    for kind in [Kind::Cancellation { calendar: true }, Kind::NotBooked { calendar: true }] {
        let part = one(kind).calendar().unwrap();
        assert_eq!(part.method, Method::Cancel);
        let object = Object::read(&part.ics);
        let [event] = object.events()[..] else { panic!("one event") };
        assert_eq!(value(event, &ICalendarProperty::Uid), uid(series_id()));
        assert_eq!(value(event, &ICalendarProperty::Status), "CANCELLED");
        assert_eq!(times(event, &ICalendarProperty::RecurrenceId), vancouver("2026-12-08T09:00:00"));
        assert_eq!(times(event, &ICalendarProperty::Dtstart), ["2026-12-10T21:00:00Z"]);
        // Outlook refuses a TZID that nothing explains.
        assert_eq!(object.zones(), ["America/Vancouver"]);
        assert_eq!(part.ics.matches(";TZID=").count(), 1);
    }
}

#[test]
fn in_a_repeated_hour_wall_time_is_written_where_it_is_read_as_meant() {
    let paris = zone("Europe/Paris");
    let fold = |offset| Slot::resolve(local("2026-10-25T02:30:00"), &paris, Minutes::new(45).unwrap(), Some(offset)).unwrap();
    let written = |letter: &Letter| {
        let object = Object::read(&letter.calendar().unwrap().ics);
        let event = object.events()[0];
        [ICalendarProperty::Dtstart, ICalendarProperty::Dtend].map(|property| times(event, &property)[0].clone())
    };
    let first = Letter { slot: fold(7200), ..one(Kind::Invite) };
    assert_eq!(written(&first), ["TZID=Europe/Paris 2026-10-25T02:30:00", "2026-10-25T01:15:00Z"]);
    let second = Letter { slot: fold(3600), ..one(Kind::Invite) };
    assert_eq!(written(&second), ["2026-10-25T01:30:00Z", "TZID=Europe/Paris 2026-10-25T03:15:00"]);
    // What recurs is the first of the two, three quarters of an hour long.
    for offset in [7200, 3600] {
        let series = Letter { slot: fold(offset), ..whole(Kind::Invite, open()) };
        assert_eq!(written(&series), ["TZID=Europe/Paris 2026-10-25T02:30:00", "2026-10-25T01:15:00Z"]);
    }
}

#[test]
fn a_place_left_out_never_takes_the_whole_series_away() {
    let mistaken = whole(Kind::NotBooked { calendar: true }, tuesdays());
    assert_eq!(mistaken.calendar(), None);
}

#[test]
fn new_rules_of_a_zone_are_told_of_a_series_too() {
    let told = |kind| {
        let mail = whole(kind, Recurrence { overrides: vec![], ..tuesdays() }).compose(None);
        (mail.subject, mail.text)
    };
    // What a release with the rules of 2025 told.
    let nine = serde_json::json!({
        "local_start": "2026-12-01T09:00:00", "zone": "America/Vancouver", "length": 60,
        "starts_at": "2026-12-01T17:00:00Z", "tz_version": "2025b",
    });
    let nine: Option<Slot> = Some(serde_json::from_value(nine).unwrap());
    let (subject, text) = told(Kind::Update { previous: nine.clone() });
    assert!(subject.starts_with("Updated: sessions with"), "{subject}");
    assert!(text.starts_with("New time-zone rules\n"), "{text}");
    assert!(text.contains("These sessions with Harbour Clinic keep the time that was agreed;"), "{text}");
    assert!(!text.contains("before the change"), "{text}");
    let (subject, text) = told(Kind::Notice { moved_from: nine, cancelled: false });
    assert!(subject.starts_with("Updated in your calendar: "), "{subject}");
    assert!(!text.contains("colleague"), "{text}");
}

#[test]
fn the_zone_is_explained_from_the_earliest_to_the_latest_time() {
    let mut recurrence = Recurrence { until: Some("2027-03-02T08:00:00Z".parse().unwrap()), ..tuesdays() };
    recurrence.overrides[0].slot = slot("2026-10-20T09:00:00", "Africa/Cairo");
    recurrence.overrides[1].slot = slot("2027-12-10T09:00:00", "Africa/Cairo");
    let ics =
        Letter { slot: slot("2026-12-01T09:00:00", "Africa/Cairo"), ..whole(Kind::Invite, recurrence) }.calendar().unwrap().ics;
    let onsets: Vec<_> =
        ics.split("\r\n").skip_while(|line| *line != "BEGIN:VTIMEZONE").take_while(|line| *line != "END:VTIMEZONE").collect();
    let starts: Vec<_> = onsets.iter().filter_map(|line| line.strip_prefix("DTSTART:")).collect();
    // In force on 20 October 2026 is the summer of that year, and winter has begun on 10 December 2027.
    assert_eq!(starts, ["20251031T000000", "20260424T000000", "20261030T000000", "20270430T000000", "20271029T000000"]);
}

#[test]
fn clocks_that_part_in_the_course_of_a_series_are_told_of() {
    let told = |clinic: &str, own: Option<&str>| {
        let within = Recurrence { next: Some(slot("2026-12-01T09:00:00", clinic)), ..tuesdays() };
        let letter = Letter {
            slot: slot("2026-12-01T09:00:00", clinic),
            recipient_zone: own.map(zone),
            ..whole(Kind::Invite, Recurrence { overrides: vec![], ..within })
        };
        let mail = letter.compose(None);
        (mail.subject.contains(" time)"), mail.text.contains("That is"), mail.text.contains("do not always change together"))
    };
    // The zone in the subject; the recipient's own time; the warning.
    assert_eq!(told("America/Vancouver", None), (true, false, false));
    assert_eq!(told("America/Vancouver", Some("America/Vancouver")), (false, false, false));
    assert_eq!(told("America/New_York", Some("America/Chicago")), (true, true, false));
    assert_eq!(told("Europe/Paris", Some("Europe/Berlin")), (false, false, false));
    assert_eq!(told("America/New_York", Some("Europe/Paris")), (true, true, true));
    // The same time on the first day, but not in summer.
    assert_eq!(told("Europe/London", Some("Africa/Abidjan")), (true, false, true));
}

#[test]
fn letters_of_a_series_read_back_and_give_the_same_bytes() {
    for (called, letter) in letters() {
        let stored: Letter = serde_json::from_str(&serde_json::to_string(&letter).unwrap()).unwrap();
        assert_eq!(stored, letter, "{called}");
        assert_eq!(stored.compose(None), letter.compose(None), "{called}");
    }
}

#[test]
fn a_letter_that_was_stored_before_there_were_series_reads() {
    let mut stored = serde_json::to_value(letter(Kind::Invite)).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("series").is_some());
    assert_eq!(serde_json::from_value::<Letter>(stored).unwrap(), letter(Kind::Invite));
}

#[test]
fn mails_of_a_series_differ_in_their_ids_and_share_a_thread() {
    let again = |letter: Letter| Letter { sequence: letter.sequence + 1, ..letter };
    let other_place =
        InSeries::One { series: series_id(), original: local("2026-12-15T09:00:00"), original_zone: zone("America/Vancouver") };
    let mails = [
        whole(Kind::Invite, tuesdays()),
        again(whole(Kind::Invite, tuesdays())),
        Letter { sequence: 2, ..whole(Kind::Invite, tuesdays()) },
        whole(Kind::Update { previous: None }, tuesdays()),
        whole(Kind::Shortened, tuesdays()),
        whole(Kind::Cancellation { calendar: true }, tuesdays()),
        one(Kind::Invite),
        Letter { series: Some(other_place), ..one(Kind::Invite) },
        one(Kind::Cancellation { calendar: true }),
        one(Kind::NotBooked { calendar: true }),
    ]
    .map(|letter| letter.compose(None));
    let mut ids: Vec<_> = mails.iter().map(|mail| &mail.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), mails.len());
    let threads: Vec<_> = mails.iter().map(|mail| parse(mail).references().as_text().unwrap().to_owned()).collect();
    assert!(threads.iter().all(|thread| *thread == threads[0] && thread.starts_with("ser_")), "{threads:?}");
}

#[test]
fn no_mail_of_a_series_offers_to_manage_it() {
    for (called, letter) in letters().into_iter().filter(|(called, _)| called.starts_with("series")) {
        let mail = letter.compose(Some(&manage_link()));
        let said =
            format!("{}{}{}", mail.text, mail.html, mail.calendar.map(|part| part.ics.replace("\r\n ", "")).unwrap_or_default());
        assert!(!said.contains("MANAGE-TOKEN"), "{called}");
        assert!(!mail.subject.contains("Sam") && !mail.subject.contains("Rivers"), "{called}");
    }
}

#[test]
fn logs_show_no_code_of_an_exception() {
    let logged = format!("{:?} {:?}", whole(Kind::Invite, tuesdays()), tuesdays());
    assert!(!logged.contains("NPQR") && !logged.contains("Sam") && !logged.contains("Room"), "{logged}");
}
