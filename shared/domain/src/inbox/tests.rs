use proptest::prelude::*;
use serde_json::json;

use super::*;

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

fn vancouver() -> Zone {
    Zone::parse("America/Vancouver").unwrap()
}

fn taken(series: u128, start: &str) -> About {
    About::PlaceTaken { series: SeriesId::from_bits(series), local_start: local(start), zone: vancouver() }
}

fn ends(series: u128, last: &str) -> About {
    About::SeriesEnds { series: SeriesId::from_bits(series), last: local(last), zone: vancouver() }
}

fn reanchored(was: &str, is: &str, overlapping: bool) -> About {
    About::Reanchored { session: SessionId::from_bits(1), was: local(was), is: local(is), zone: vancouver(), overlapping }
}

fn found(about: About, at: &str) -> InboxItem {
    let (practice, practitioner) = (PracticeId::from_bits(1), PractitionerId::from_bits(2));
    InboxItem::new(practice, practitioner, vec![ClientId::from_bits(3)], about, at.parse().unwrap())
}

#[test]
fn what_is_found_twice_is_one_item_whenever_it_is_found() {
    let [first, second] = ["2026-11-30T15:00:00Z", "2026-12-01T15:00:00Z"].map(|at| found(taken(1, "2027-12-07T09:00"), at));
    assert_eq!(first.id, second.id);
    let alone = found(reanchored("2027-03-14T02:30", "2027-03-14T03:00", false), "2026-11-30T15:00:00Z");
    let over_another = found(reanchored("2027-03-14T02:30", "2027-03-14T03:00", true), "2026-11-30T15:00:00Z");
    assert_eq!(alone.id, over_another.id);
}

#[test]
fn different_things_are_different_items() {
    let mut all = vec![
        taken(1, "2027-12-07T09:00"),
        taken(2, "2027-12-07T09:00"),
        taken(1, "2027-12-14T09:00"),
        ends(1, "2027-12-07T09:00"),
        reanchored("2027-12-07T09:00", "2027-12-07T09:00", true),
        reanchored("2027-12-07T08:30", "2027-12-07T09:00", true),
    ];
    let (series, zone) = (SeriesId::from_bits(1), Zone::parse("America/Edmonton").unwrap());
    all.push(About::PlaceTaken { series, local_start: local("2027-12-07T09:00"), zone });
    let mut ids: Vec<InboxId> = all.iter().map(About::id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
}

#[test]
fn an_id_tells_the_time_that_its_item_is_about() {
    for (about, time) in [
        (taken(1, "2027-12-07T09:00"), "2027-12-07T09:00"),
        (ends(1, "2026-12-29T23:59"), "2026-12-29T23:59"),
        (reanchored("2027-03-14T02:30", "2027-03-14T03:00", false), "2027-03-14T03:00"),
    ] {
        let id: InboxId = about.id().to_string().parse().unwrap();
        assert_eq!(id.local(), local(time));
    }
}

proptest! {
    #[test]
    fn any_id_that_can_be_sent_tells_some_time(bits: u128) {
        let _ = InboxId::from_bits(bits).local().to_string();
    }
}

#[test]
fn an_item_says_what_happened_and_what_to_do() {
    let said = |about: About| format!("{}. {}", about.title(), about.sentence());
    assert_eq!(
        said(taken(1, "2027-12-07T09:00")),
        "A session of a series could not be booked. When the series was extended, Tuesday, 7 December 2027, 9:00 (America/Vancouver) \
         was not free, so nothing is booked then. If there is to be a session, book it by hand at a free time."
    );
    assert_eq!(
        said(ends(1, "2026-12-29T09:00")),
        "A series ends soon. The last session of the series is on Tuesday, 29 December 2026, 9:00 (America/Vancouver). If the client \
         goes on, change where the series ends, or schedule a new one."
    );
    assert_eq!(
        said(reanchored("2027-03-14T02:30", "2027-03-14T03:00", false)),
        "New time-zone rules moved a session. By new rules, Sunday, 14 March 2027, 2:30 does not exist in America/Vancouver, so the \
         session is on Sunday, 14 March 2027, 3:00. See whether everyone can come then; if not, move it."
    );
    assert_eq!(
        said(reanchored("2026-12-01T09:00", "2026-12-01T09:00", true)),
        "New time-zone rules made a session overlap. The session on Tuesday, 1 December 2026, 9:00 (America/Vancouver) keeps its \
         time by the clock, which by new rules is another moment. It overlaps something else now: move one of the two."
    );
}

#[test]
fn an_item_is_kept_for_ninety_days_after_its_time() {
    let item = found(ends(1, "2026-12-29T09:00"), "2026-11-30T15:00:00Z");
    assert_eq!(item.kept_until(), "2027-03-29T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
}

#[test]
fn an_item_reads_back_as_it_was_written_and_without_what_is_not_done() {
    let mut item = found(reanchored("2027-03-14T02:30", "2027-03-14T03:00", true), "2026-11-30T15:00:00Z");
    let mut written = serde_json::to_value(&item).unwrap();
    assert_eq!(written["about"]["kind"], json!("reanchored"));
    assert_eq!(serde_json::from_value::<InboxItem>(written.clone()).unwrap(), item);
    written.as_object_mut().unwrap().remove("done");
    assert_eq!(serde_json::from_value::<InboxItem>(written).unwrap(), item);
    item.done = Some(Done { at: item.at, by: Name::parse("Fay").unwrap() });
    assert_eq!(serde_json::from_value::<InboxItem>(serde_json::to_value(&item).unwrap()).unwrap(), item);
}
