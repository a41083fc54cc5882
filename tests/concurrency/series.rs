//! Series under failures: whatever is cut off is finished, or nothing was begun.

mod crash;
mod extend;
mod races;
mod redelivery;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use hourkeep_app::{
    answer::Conditions,
    caller::Principal,
    series::{FollowingRequest, SeriesRequest},
    sessions::{CancelRequest, RescheduleRequest, ScheduleRequest},
};
use hourkeep_domain::{
    series::{Exceptions, IfTaken},
    session::{InviteChoice, Presence},
};
use hourkeep_tests::Answer;
use serde_json::{Value, json};

use crate::{
    calendars::show_what_stands,
    mails::{nothing_is_overtaken, repeats_are_identical},
    rig::Rig,
    team::{Request, Team, wall},
    truth::Truth,
};

/// Both contacts of a team's client, who are invited to everything.
const INVITED: [&str; 2] = ["gil@reis.test", "ida@reis.test"];

/// Series of a team with one practitioner, all in one room, and each at a quarter of an hour of its own.
struct Course {
    team: Team,
    room: String,
    asked: usize,
}

impl Course {
    async fn new(rig: &Rig) -> Self {
        let team = Team::of(1, rig, Duration::hours(81)).await;
        Self { team, room: rig.house.room_id.clone(), asked: 0 }
    }

    /// The wish for a series at the next free quarter of an hour, with a reminder of each session.
    fn series(&mut self, rule: &str, on_conflict: &str) -> Request {
        self.asked += 1;
        let Request { mut body, .. } = self.team.session(&[1]);
        body["room_id"] = json!(self.room);
        body["recurrence"] = json!({"rule": rule, "on_conflict": on_conflict});
        Request { path: "/v1/series".to_owned(), body, key: format!("series {}", self.asked) }
    }

    /// The wish for one session without invitations, so many days after a series begins.
    fn at_its_time(&mut self, series: &Request, days: i64) -> Request {
        self.asked += 1;
        let mut body = series.body.clone();
        body.as_object_mut().unwrap().remove("recurrence");
        body["local_start"] = json!(wall(begins(series) + Duration::days(days)));
        body["invite"] = json!({"send": false});
        body["reminders"] = json!([]);
        Request { path: "/v1/sessions".to_owned(), body, key: format!("in its way {}", self.asked) }
    }

    /// A series that stands, of which everything was handed on.
    async fn standing(&mut self, rig: &Rig, rule: &str) -> Answer {
        let booked = self.series(rule, "stop").send(&rig.house).await.expect(201);
        rig.house.drain().await;
        booked
    }
}

/// When the first session of a series is wished for.
fn begins(series: &Request) -> DateTime<Utc> {
    local(series.body["local_start"].as_str().unwrap()).and_utc()
}

/// The id of the nth session that a series was answered with, from 0, and its start.
fn nth(series: &Answer, n: usize) -> (String, DateTime<Utc>) {
    let text = |field: &str| series.text_of(&format!("/sessions/{n}/{field}"));
    (text("session_id"), text("starts_at").parse().unwrap())
}

fn sessions(series: &Answer) -> usize {
    series.body["sessions"].as_array().unwrap().len()
}

/// The wish that a session and all that follow it begin that much later.
fn following_later(series: &Answer, n: usize, later: Duration) -> Request {
    let (id, starts_at) = nth(series, n);
    let body = json!({"local_start": wall(starts_at + later), "scope": "this_and_following", "on_conflict": "stop"});
    of_all(format!("/v1/sessions/{id}/reschedule"), body)
}

/// The wish that a session and all that follow it be cancelled or deleted.
fn following(series: &Answer, n: usize, verb: &str) -> Request {
    let (id, _) = nth(series, n);
    of_all(format!("/v1/sessions/{id}/{verb}"), json!({"scope": "this_and_following"}))
}

/// The same path may be sent for one session meanwhile: that is another request.
fn of_all(path: String, body: Value) -> Request {
    Request { key: format!("{path}#all"), path, body }
}

/// Once time has passed, all is whole, nothing is left to do, everything was counted once, every session that is to come
/// is reminded of, and mails are in order.
async fn is_in_order(rig: &Rig) -> Truth {
    rig.heal().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
    truth.is_made_ahead(rig.now());
    let mails = rig.out.mails();
    truth.is_counted(mails.len() - repeats_are_identical(&mails));
    nothing_is_overtaken(&mails);
    let armed = rig.out.timers();
    for session in truth.series.keys().flat_map(|series| truth.standing_of(series)) {
        let details = session.details();
        let mut wanted: Vec<_> = armed
            .iter()
            .filter(|(_, job)| job.session == details.id && job.due_at == job.reminder.due_at(&details.slot))
            .map(|(name, _)| name)
            .collect();
        wanted.sort();
        wanted.dedup();
        assert_eq!(wanted.len(), 1, "{}: one reminder is wanted", details.id);
    }
    truth
}

/// And the calendars of those who are invited show what stands.
async fn is_in_order_and_shown(rig: &Rig) -> Truth {
    let truth = is_in_order(rig).await;
    truth.has_no_overlap();
    show_what_stands(&rig.out.mails(), &truth, &INVITED);
    truth
}

fn ada() -> Principal {
    Principal { issuer: "https://local.hourkeep.test".to_owned(), subject: "ada@demo.test".to_owned(), hint: None }
}

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

fn request(rig: &Rig, rule: &str, on_conflict: IfTaken) -> SeriesRequest {
    SeriesRequest {
        session: ScheduleRequest {
            clients: vec![rig.house.client_id().parse().unwrap()],
            practitioner: None,
            title: None,
            event_type: None,
            presence: Some(Presence::Direct),
            services: None,
            room: Some(rig.house.room_id.parse().unwrap()),
            location: None,
            local_start: local("2026-12-01T06:00"),
            offset: None,
            zone: None,
            length: None,
            invite: InviteChoice::OnRecord,
            reminders: None,
            url: None,
            instructions: None,
            allow_overlap: false,
        },
        rule: rule.to_owned(),
        on_conflict,
        at: std::collections::BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_year_of_tuesdays() {
    let rig = Rig::new().await;
    let answer = rig
        .house
        .server
        .desk()
        .schedule_series(&ada(), &Conditions::default(), &request(&rig, "FREQ=WEEKLY;COUNT=52", IfTaken::Stop))
        .await
        .unwrap();
    let series: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(series["sessions"].as_array().unwrap().len(), 52, "{series}");
    rig.house.drain().await;
    let mails = rig.out.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.has_no_overlap();
    let sixth = series["sessions"][5]["session_id"].as_str().unwrap().parse().unwrap();
    let wish = RescheduleRequest {
        local_start: local("2027-01-06T05:30"),
        offset: None,
        zone: None,
        length: None,
        practitioner: None,
        room: None,
        send_updates: None,
        reason: None,
        allow_overlap: false,
    };
    let following = FollowingRequest { rule: None, on_conflict: IfTaken::Stop, exceptions: Exceptions::Keep };
    let answer =
        rig.house.server.desk().reschedule_following(&ada(), &Conditions::default(), sixth, &wish, &following).await.unwrap();
    let parted: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(parted["sessions"].as_array().unwrap().len(), 47, "{parted}");
    rig.house.drain().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.has_no_overlap();
    let wish = CancelRequest { reason: None, notify: None, fee: None };
    let answer = rig.house.server.desk().cancel_following(&ada(), &Conditions::default(), sixth, &wish).await.unwrap();
    let ended: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(ended["status"], "cancelled", "{ended}");
    rig.heal().await;
    let truth = Truth::of(&rig.house.server).await;
    truth.is_whole();
    truth.is_settled();
    truth.has_no_overlap();
}
