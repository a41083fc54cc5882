//! Series under failures: whatever is cut off is finished, or nothing was begun.

use chrono::{DateTime, NaiveDateTime, Utc};
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
use serde_json::Value;

use crate::{rig::Rig, truth::Truth};

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
            presence: Presence::Direct,
            services: Vec::new(),
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
    let _: DateTime<Utc> = rig.now();
}
