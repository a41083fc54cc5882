//! What `docs/operations.md` tells operators, as far as it can be tried without an account.

use std::{collections::BTreeSet, path::Path};

use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::support::{records, restore};

const GIL: &str = "gil@family.test";

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

#[test]
fn the_page_says_of_every_alarm_what_it_means() {
    let template = file("infra/template.yaml");
    let mut name = "";
    let mut alarms = BTreeSet::new();
    for line in template.lines() {
        if let Some(rest) = line.strip_prefix("  ").filter(|rest| rest.starts_with(char::is_alphabetic)) {
            name = rest.trim_end_matches(':');
        }
        if line == "    Type: AWS::CloudWatch::Alarm" {
            alarms.insert(name);
        }
    }
    assert!(alarms.len() > 10, "{alarms:?}");
    let page = file("docs/operations.md");
    let explained: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name).collect();
    let missing: Vec<_> = alarms.difference(&explained).collect();
    assert!(missing.is_empty(), "docs/operations.md does not explain {missing:?}");
}

async fn calendars(house: &House) -> Vec<String> {
    let mails = house.mails_to(GIL).await;
    mails.iter().filter_map(|mail| mail["calendar"].as_str().map(str::to_owned)).collect()
}

async fn moved(house: &House, session: &Value, local_start: &str) {
    let path = format!("/v1/sessions/{}/reschedule", session["id"].as_str().unwrap());
    house.ada.post(&path, json!({"local_start": local_start})).await.expect(200);
    house.drain().await;
}

fn reminder() -> Value {
    json!({"reminders": [{"days_before": 2, "channel": "email"}]})
}

#[tokio::test]
async fn after_a_restore_reminders_of_the_old_time_still_come_and_timers_of_what_is_gone_do_nothing() {
    let house = House::new().await;
    let kept = house.schedule("2026-12-16T09:00", reminder()).await;
    house.drain().await;
    let then = records(&house).await;
    moved(&house, &kept, "2026-12-18T09:00").await;
    house.schedule("2026-12-17T09:00", reminder()).await;
    house.drain().await;
    restore(&house, &then).await;

    house.advance_to("2026-12-20T00:00:00Z").await;
    let mails = house.mails_to(GIL).await;
    let sent: Vec<_> = mails.iter().map(|mail| (mail["kind"].as_str(), mail["sent_at"].as_str())).collect();
    assert_eq!(sent, [(Some("reminder"), Some("2026-12-14T16:00:00Z"))]);
}

#[tokio::test]
async fn after_a_restore_what_was_pending_then_is_mailed_again_as_the_same_calendar_entry() {
    let house = House::new().await;
    house.schedule("2026-12-16T09:00", json!({"invite": {"send": true}})).await;
    let then = records(&house).await;
    house.drain().await;
    assert_eq!(calendars(&house).await.len(), 1);
    restore(&house, &then).await;

    house.advance_to("2026-11-30T16:30:00Z").await;
    let calendars = calendars(&house).await;
    assert_eq!(calendars.len(), 2, "the sweep hands on what is pending again");
    assert_eq!(calendars[0], calendars[1]);
}

#[tokio::test]
async fn after_a_restore_a_move_can_carry_a_sequence_below_one_that_calendars_hold() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-16T09:00").await;
    let then = records(&house).await;
    moved(&house, &session, "2026-12-17T09:00").await;
    moved(&house, &session, "2026-12-18T09:00").await;
    restore(&house, &then).await;

    moved(&house, &session, "2026-12-21T09:00").await;
    let calendars = calendars(&house).await;
    let sequences: Vec<_> = calendars
        .iter()
        .map(|text| text.lines().find_map(|line| line.trim().strip_prefix("SEQUENCE:")).unwrap().to_owned())
        .collect();
    assert_eq!(sequences, ["0", "1", "2", "1"]);
}
