//! What becomes of a series in the calendars of those who are invited: after each change, their calendar shows what the
//! system has (P11, B5, issue "Recurring sessions").

use chrono::{DateTime, Utc};
use hourkeep_tests::{CalendarProgram, House};
use serde_json::{Value, json};

use crate::home::Home as _;

const FROM: &str = "2026-11-30T00:00:00Z";
const TO: &str = "2028-12-31T00:00:00Z";

/// A house with a series of the client's to which the guardian is invited.
struct Story {
    house: House,
    series: Vec<String>,
}

impl Story {
    async fn begin(recurrence: Value) -> Self {
        let house = House::new().await;
        let mut body = house.session("2026-12-01T06:00", json!({"invite": {"send": true}}));
        body["recurrence"] = recurrence;
        let booked = house.ada.post("/v1/series", body).await.expect(201).body;
        house.drain().await;
        Self { house, series: vec![booked["id"].as_str().unwrap().to_owned()] }
    }

    /// The sessions of the last series, as it has them.
    async fn sessions(&self) -> Vec<Value> {
        let series = self.house.ada.get(&format!("/v1/series/{}", self.series.last().unwrap())).await.expect(200).body;
        series["sessions"].as_array().unwrap().clone()
    }

    /// The id of the nth session of the last series, from 1.
    async fn nth(&self, n: usize) -> String {
        self.sessions().await[n - 1]["session_id"].as_str().unwrap().to_owned()
    }

    async fn act(&mut self, session: &str, verb: &str, body: Value) -> Value {
        let answer = self.house.ada.post(&format!("/v1/sessions/{session}/{verb}"), body).await.expect(200).body;
        let id = answer["id"].as_str().unwrap().to_owned();
        if id.starts_with("ser_") && !self.series.contains(&id) {
            self.series.push(id);
        }
        self.house.drain().await;
        answer
    }

    /// What stands, by all series that there are.
    async fn stands(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut times = Vec::new();
        for id in &self.series {
            let series = self.house.ada.get(&format!("/v1/series/{id}")).await.expect(200).body;
            for session in series["sessions"].as_array().unwrap() {
                if session["status"] != "cancelled" {
                    let at = |field: &str| session[field].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
                    times.push((at("starts_at"), at("ends_at")));
                }
            }
        }
        times.sort();
        times.dedup();
        times
    }

    /// What the guardian's calendar shows after all mails so far.
    async fn shown(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut raw = Vec::new();
        for listed in self.house.mails_to("gil@family.test").await {
            let mail = self.house.anyone().get(listed["raw_url"].as_str().unwrap()).await.expect(200);
            raw.push(mail.text.into_bytes());
        }
        let snapshots = CalendarProgram::read(&raw, FROM.parse().unwrap(), TO.parse().unwrap());
        for snapshot in &snapshots {
            assert_eq!(snapshot.problems, [""; 0]);
        }
        snapshots.last().unwrap().times()
    }

    async fn agrees(&self, step: &str) {
        let (stands, shown) = (self.stands().await, self.shown().await);
        assert_eq!(shown, stands, "{step}");
    }

    async fn mails(&self) -> usize {
        self.house.mails_to("gil@family.test").await.len()
    }
}

#[tokio::test]
async fn the_calendar_follows_a_series_through_its_whole_life() {
    let mut story = Story::begin(json!({"rule": "FREQ=WEEKLY;COUNT=8"})).await;
    assert_eq!((story.mails().await, story.sessions().await.len()), (1, 8), "one invitation for all");
    story.agrees("booked").await;

    let third = story.nth(3).await;
    story.act(&third, "reschedule", json!({"local_start": "2026-12-17T05:00"})).await;
    assert_eq!(story.mails().await, 2, "one override");
    story.agrees("the third moved").await;

    let fifth = story.nth(5).await;
    story.act(&fifth, "cancel", json!({})).await;
    assert_eq!(story.mails().await, 3, "one cancellation");
    story.agrees("the fifth cancelled").await;

    let sixth = story.nth(6).await;
    let changed = json!({"local_start": "2027-01-06T05:30", "scope": "this_and_following"});
    let parted = story.act(&sixth, "reschedule", changed).await;
    assert_eq!(parted["sentence"], "every Wednesday at 5:30, 3 times");
    assert_eq!(parted["continues"], story.series[0].as_str());
    assert_eq!(parted["sessions"][0]["session_id"], sixth.as_str(), "it keeps its id");
    assert_eq!(story.mails().await, 5, "the first ends, the second begins");
    story.agrees("from the sixth on, on Wednesdays").await;

    story.act(&sixth, "cancel", json!({"scope": "this_and_following"})).await;
    assert_eq!(story.mails().await, 6);
    story.agrees("the second cancelled").await;
    let first = story.series[0].clone();
    let series = story.house.ada.get(&format!("/v1/series/{first}")).await.expect(200).body;
    let first_session = series["sessions"][0]["session_id"].as_str().unwrap().to_owned();
    story.act(&first_session, "cancel", json!({"scope": "this_and_following"})).await;
    story.agrees("all cancelled").await;
    assert_eq!(story.shown().await, []);
}

#[tokio::test]
async fn the_calendar_follows_over_a_change_of_clocks() {
    let mut story = Story::begin(json!({"rule": "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630"})).await;
    story.agrees("booked").await;
    let fourth = story.nth(4).await;
    story.act(&fourth, "reschedule", json!({"local_start": "2027-01-14T05:00", "scope": "this_and_following"})).await;
    story.agrees("on Thursdays from the fourth on").await;
}

#[tokio::test]
async fn this_and_following_on_the_first_changes_the_series_itself() {
    let mut story = Story::begin(json!({"rule": "FREQ=WEEKLY;COUNT=5"})).await;
    let second = story.nth(2).await;
    story.act(&second, "reschedule", json!({"local_start": "2026-12-10T05:10"})).await;
    let first = story.nth(1).await;
    let changed = json!({"local_start": "2026-12-02T05:20", "scope": "this_and_following"});
    let series = story.act(&first, "reschedule", changed).await;
    assert_eq!((series["id"].as_str().unwrap(), &series["continues"]), (story.series[0].as_str(), &Value::Null));
    assert_eq!(series["sessions"][1]["local_start"], "2026-12-10T05:10", "what was moved by hand stays");
    story.agrees("on Wednesdays").await;
}

/// What was left out or cancelled after the new end is none of the series any more, and is not named.
#[tokio::test]
async fn a_series_that_ends_earlier_names_nothing_after_its_end() {
    let mut story = Story::begin(json!({"rule": "FREQ=WEEKLY;COUNT=8"})).await;
    let (second, fourth, seventh) = (story.nth(2).await, story.nth(4).await, story.nth(7).await);
    story.act(&second, "cancel", json!({})).await;
    story.act(&seventh, "cancel", json!({})).await;
    story.act(&fourth, "cancel", json!({"scope": "this_and_following"})).await;
    story.agrees("cancelled from the fourth on").await;
    let listed = story.house.mails_to("gil@family.test").await;
    let calendar = listed.last().unwrap()["calendar"].as_str().unwrap();
    let excluded: Vec<&str> = calendar.lines().filter(|line| line.starts_with("EXDATE")).collect();
    assert_eq!(excluded, ["EXDATE;TZID=America/Vancouver:20261208T060000"]);
}
