//! Times in words: the weekday, the date, the hours and the zone (P8, B7).

use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};
use hourkeep_domain::{slot::Slot, zone::Zone};

use crate::clean;

/// `Tuesday, 1 December 2026`.
pub(crate) fn date(local: NaiveDateTime) -> String {
    local.format("%A, %-d %B %Y").to_string()
}

/// `9:00`, by the clock of 24 hours.
pub(crate) fn clock(local: NaiveDateTime) -> String {
    format!("{}:{:02}", local.hour(), local.minute())
}

/// `Tuesday, 1 December 2026 at 9:00`.
pub(crate) fn date_and_clock(local: NaiveDateTime) -> String {
    format!("{} at {}", date(local), clock(local))
}

/// `Tuesday, 1 December 2026, 9:00–10:00`.
pub(crate) fn date_and_hours(slot: &Slot) -> String {
    format!("{}, {}", date(slot.local_start()), hours(slot.local_start(), slot.local_end()))
}

/// `Every Tuesday at 9:00, until 30 June 2027. Times are in Vancouver time (America/Vancouver).`
pub(crate) fn recurring(sentence: &str, zone: &Zone) -> String {
    let sentence = clean::line(sentence);
    let mut rest = sentence.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}. Times are in {} ({}).", rest.as_str(), zone_time(zone), zone.name())
}

/// `Tuesday, 1 December 2026, 9:00–10:00, Vancouver time (America/Vancouver, UTC−07:00)`.
pub(crate) fn when(slot: &Slot) -> String {
    let zone = slot.zone();
    format!("{}, {} ({})", date_and_hours(slot), zone_time(zone), zone_detail(zone, slot))
}

/// The same time by the recipient's clock, where that shows another: `17:00–18:00 in Paris (Europe/Paris, UTC+01:00)`.
/// The date is named where it is another one.
pub(crate) fn elsewhere(slot: &Slot, zone: Option<&Zone>) -> Option<String> {
    let zone = zone.filter(|zone| differs(slot, zone))?;
    let (start, end) = (zone.local(slot.starts_at()), zone.local(slot.ends_at()));
    let same_date = start.date() == slot.local_start().date();
    let date = if same_date { String::new() } else { format!("{}, ", date(start)) };
    let place = city(zone).map_or_else(|| format!(", {}", zone_time(zone)), |city| format!(" in {city}"));
    Some(format!("{date}{}{place} ({})", hours(start, end), zone_detail(zone, slot)))
}

/// Whether a clock in this zone shows another time than the slot's own, at its start or its end.
pub(crate) fn differs(slot: &Slot, zone: &Zone) -> bool {
    let offsets_differ = |at| zone.offset_seconds(at) != slot.zone().offset_seconds(at);
    offsets_differ(slot.starts_at()) || offsets_differ(slot.ends_at())
}

/// `Vancouver time`; the city stands for the zone, as people say it.
pub(crate) fn zone_time(zone: &Zone) -> String {
    if is_utc(zone) {
        return "Coordinated Universal Time".to_owned();
    }
    match zone.name().split_once('/') {
        // The names in Etc count the other way round: Etc/GMT+5 is UTC−05:00.
        Some(("Etc", _)) => format!("{} time", offset(zone.offset_seconds(DateTime::UNIX_EPOCH))),
        Some(_) | None => format!("{} time", last_part(zone)),
    }
}

fn hours(start: NaiveDateTime, end: NaiveDateTime) -> String {
    if start.date() == end.date() {
        format!("{}–{}", clock(start), clock(end))
    } else {
        format!("{} to {}, {}", clock(start), date(end), clock(end))
    }
}

/// The IANA name and the offset; both offsets where the clocks change in between.
fn zone_detail(zone: &Zone, slot: &Slot) -> String {
    let at = |instant: DateTime<Utc>| offset(zone.offset_seconds(instant));
    let (start, end) = (at(slot.starts_at()), at(slot.ends_at()));
    if is_utc(zone) {
        "UTC".to_owned()
    } else if start == end {
        format!("{}, {start}", zone.name())
    } else {
        format!("{}, {start} at the start, {end} at the end: the clocks change in between", zone.name())
    }
}

/// `UTC−07:00`, with the sign that people read as a minus.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn is_utc(zone: &Zone) -> bool {
    matches!(zone.name(), "UTC" | "Etc/UTC" | "Etc/UCT" | "Etc/Universal" | "Etc/Zulu" | "UCT" | "Universal" | "Zulu")
}

fn last_part(zone: &Zone) -> String {
    zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
}

/// The city that a zone is named after, if it is.
fn city(zone: &Zone) -> Option<String> {
    const AREAS: [&str; 10] =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    let (area, _) = zone.name().split_once('/')?;
    AREAS.contains(&area).then(|| last_part(zone))
}

#[cfg(test)]
mod tests {
    use hourkeep_domain::slot::Minutes;

    use super::*;

    fn slot(local: &str, zone: &str) -> Slot {
        Slot::resolve(local.parse().unwrap(), &Zone::parse(zone).unwrap(), Minutes::HOUR, None).unwrap()
    }

    fn seen_from(slot: &Slot, zone: &str) -> Option<String> {
        elsewhere(slot, Some(&Zone::parse(zone).unwrap()))
    }

    #[test]
    fn a_time_says_its_weekday_and_its_zone() {
        let slot = slot("2026-12-01T09:00:00", "America/Vancouver");
        assert_eq!(when(&slot), "Tuesday, 1 December 2026, 9:00–10:00, Vancouver time (America/Vancouver, UTC−07:00)");
        assert_eq!(seen_from(&slot, "Europe/Paris").unwrap(), "17:00–18:00 in Paris (Europe/Paris, UTC+01:00)");
        assert_eq!(
            seen_from(&slot, "Asia/Tokyo").unwrap(),
            "Wednesday, 2 December 2026, 1:00–2:00 in Tokyo (Asia/Tokyo, UTC+09:00)"
        );
        assert_eq!(seen_from(&slot, "US/Pacific").unwrap(), "8:00–9:00, Pacific time (US/Pacific, UTC−08:00)");
        assert_eq!(seen_from(&slot, "UTC").unwrap(), "16:00–17:00, Coordinated Universal Time (UTC)");
    }

    #[test]
    fn a_zone_that_shows_the_same_time_is_not_worth_a_sentence() {
        assert_eq!(seen_from(&slot("2026-12-01T09:00:00", "America/Vancouver"), "America/Phoenix"), None);
    }

    #[test]
    fn a_session_over_midnight_names_both_days() {
        assert_eq!(
            when(&slot("2026-12-31T23:30:00", "Asia/Kathmandu")),
            "Thursday, 31 December 2026, 23:30 to Friday, 1 January 2027, 0:30, Kathmandu time (Asia/Kathmandu, UTC+05:45)"
        );
        assert_eq!(
            seen_from(&slot("2026-12-01T00:30:00", "Europe/Paris"), "Europe/London").unwrap(),
            "Monday, 30 November 2026, 23:30 to Tuesday, 1 December 2026, 0:30 in London (Europe/London, UTC+00:00)"
        );
    }

    #[test]
    fn a_session_during_which_clocks_change_names_both_offsets() {
        assert_eq!(
            when(&slot("2026-10-25T02:30:00", "Europe/Paris")),
            "Sunday, 25 October 2026, 2:30–2:30, Paris time (Europe/Paris, UTC+02:00 at the start, UTC+01:00 at the end: the clocks change in between)"
        );
    }

    #[test]
    fn zones_are_named_as_people_say_them() {
        let named = |zone| zone_time(&Zone::parse(zone).unwrap());
        assert_eq!(named("America/Argentina/Buenos_Aires"), "Buenos Aires time");
        assert_eq!(named("Etc/GMT+5"), "UTC−05:00 time");
        assert_eq!(named("Etc/UTC"), "Coordinated Universal Time");
        assert_eq!(named("US/Eastern"), "Eastern time");
    }
}
