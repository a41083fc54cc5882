//! What comes twice, late, out of order or not at all.

use aws_lambda_events::{
    dynamodb::{Event as Batch, EventRecord},
    sqs::{SqsEvent, SqsMessage},
};
use chrono::Duration;
use hourkeep_app::{
    job::Job,
    work::{Done, Post, Relay, WorkError},
};
use hourkeep_aws::{queue::each_job, stream::each_event};
use hourkeep_domain::ids::{PracticeId, SessionId};
use hourkeep_store::{Item, key};
use hourkeep_testkit::{
    Fault,
    ports::{ARM, QUEUE},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    mails::{about, nothing_is_overtaken, repeats_are_identical},
    rig::Rig,
    team::{Request, Standing, Team, wall},
    truth::Truth,
};

const SOON: Duration = Duration::hours(73);

pub(crate) fn relay(rig: &Rig) -> Relay {
    let (desk, ports) = (rig.house.server.desk(), rig.house.server.ports());
    Relay { table: desk.table.clone(), queue: ports.queue.clone(), timers: ports.timers.clone(), clock: desk.clock.clone() }
}

pub(crate) fn post(rig: &Rig) -> Post {
    let (desk, ports) = (rig.house.server.desk(), rig.house.server.ports());
    Post { table: desk.table.clone(), clock: desk.clock.clone(), mailer: ports.mailer.clone(), links: desk.links.clone() }
}

/// The events that wait to be handed on, as the stream would bring them.
pub(crate) async fn records(rig: &Rig) -> Vec<EventRecord> {
    let pending = Truth::of(&rig.house.server).await.pending;
    let record = |(n, image): (usize, _)| {
        let mut record = EventRecord::default();
        "INSERT".clone_into(&mut record.event_name);
        record.change.sequence_number = Some(n.to_string());
        record.change.new_image = image;
        record
    };
    pending.into_iter().map(Into::into).enumerate().map(record).collect()
}

/// The stream brings these. Answers how many were not handed on.
pub(crate) async fn bring(rig: &Rig, records: Vec<EventRecord>) -> usize {
    let (mut batch, relay) = (Batch::default(), relay(rig));
    batch.records = records;
    each_event(batch, async |event| relay.hand_on(&event).await).await.batch_item_failures.len()
}

/// A queue brings these. Answers how many go back.
pub(crate) async fn hand_out(rig: &Rig, jobs: &[Job]) -> usize {
    let message = |(n, job): (usize, &Job)| {
        let mut message = SqsMessage::default();
        message.message_id = Some(n.to_string());
        message.body = Some(serde_json::to_string(job).unwrap());
        message
    };
    let (mut batch, post) = (SqsEvent::default(), post(rig));
    batch.records = jobs.iter().enumerate().map(message).collect();
    each_job(batch, async |dispatch| post.deliver(&dispatch.job).await).await.batch_item_failures.len()
}

async fn change(rig: &Rig, id: &str, what: &str, body: Value) {
    rig.house.fay.post(&format!("/v1/sessions/{id}/{what}"), body).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn stream_records_may_come_twice_and_out_of_order() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, SOON).await;
    let (stays, goes) = (team.session(&[1]).send(&rig.house).await, team.session(&[1]).send(&rig.house).await);
    let (stays, goes) = (stays.expect(201).text_of("/id"), goes.expect(201).text_of("/id"));
    for (days, send_updates) in [(1, true), (2, false), (3, true)] {
        let to = wall(team.ends() + Duration::days(days));
        change(&rig, &stays, "reschedule", json!({"local_start": to, "send_updates": send_updates})).await;
    }
    change(&rig, &goes, "cancel", json!({})).await;

    let mut twice_and_backwards = records(&rig).await;
    assert_eq!(twice_and_backwards.len(), 6);
    twice_and_backwards.reverse();
    twice_and_backwards.extend(twice_and_backwards.clone());
    assert_eq!(bring(&rig, twice_and_backwards.clone()).await, 0);
    rig.heal().await;
    let mails = rig.out.mails();
    assert_eq!(about(&mails, &stays), ["cleo: notice", "gil: REQUEST 3", "ida: REQUEST 3"]);
    assert_eq!(about(&mails, &goes), ["cleo: notice", "gil: cancellation", "ida: cancellation"]);
    assert_eq!(mails.len(), 6, "nothing failed, so nothing was sent twice");

    assert_eq!(bring(&rig, twice_and_backwards).await, 0);
    rig.heal().await;
    assert_eq!(rig.out.mails().len(), 6, "what comes again long after does nothing");
    rig.advance_to(team.ends() + Duration::days(3)).await;
    assert_eq!(about(&rig.out.mails(), &stays), ["cleo: notice", "gil: REQUEST 3", "gil: reminder", "ida: REQUEST 3"]);
    assert_eq!(rig.out.mails().len(), 7, "one reminder, of the last time");
    Truth::of(&rig.house.server).await.is_settled();
}

#[tokio::test(flavor = "multi_thread")]
async fn queue_messages_may_come_twice_at_once_and_long_after() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, SOON).await;
    let id = team.session(&[1]).send(&rig.house).await.expect(201).text_of("/id");
    assert_eq!(bring(&rig, records(&rig).await).await, 0);
    let jobs = rig.out.jobs();
    assert_eq!(jobs.len(), 2);

    let mut workers = JoinSet::new();
    for job in jobs.clone().into_iter().cycle().take(16) {
        let post = post(&rig);
        workers.spawn(async move { post.deliver(&job).await });
    }
    let sent = workers.join_all().await.into_iter().filter(|done| matches!(done, Ok(Done::Sent))).count();
    assert_eq!(sent, 2, "one worker for each recipient");
    rig.heal().await;
    rig.advance_to(team.ends()).await;
    assert_eq!(about(&rig.out.mails(), &id), ["gil: REQUEST 0", "gil: reminder", "ida: REQUEST 0"]);

    let (_, timer) = rig.out.timers().pop().unwrap();
    let all: Vec<Job> = jobs.into_iter().chain([Job::Reminder(timer)]).collect();
    assert_eq!(hand_out(&rig, &[all.clone(), all].concat()).await, 0);
    assert_eq!(rig.out.mails().len(), 3, "nothing failed, so nothing was sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_several_changes_may_come_in_any_order() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, SOON).await;
    let Standing { id, starts_at } = team.standing(&rig.house, &[]).await;
    change(&rig, &id, "reschedule", json!({"local_start": wall(starts_at + Duration::days(2))})).await;
    bring(&rig, records(&rig).await).await;
    change(&rig, &id, "cancel", json!({})).await;
    bring(&rig, records(&rig).await).await;
    let mut jobs: Vec<Job> = rig.out.jobs();
    jobs.reverse();
    hand_out(&rig, &jobs).await;
    hand_out(&rig, &jobs).await;
    rig.heal().await;
    let mails = rig.out.mails();
    nothing_is_overtaken(&mails);
    let wanted = ["cleo: notice", "gil: CANCEL 2", "gil: REQUEST 0", "ida: CANCEL 2", "ida: REQUEST 0"];
    assert_eq!(about(&mails, &id), wanted);
    assert_eq!(mails.iter().filter(|mail| mail.session == id).count(), 5, "nothing failed, so nothing was sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_was_down_for_three_days_hands_everything_on_at_the_next_sweep() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, Duration::hours(95)).await;
    for port in [QUEUE, ARM] {
        rig.script.add(Fault::NotSent.at(0).on(port).forever());
    }
    let made = [team.session(&[1, 2]).send(&rig.house).await, team.session(&[1, 2]).send(&rig.house).await];
    let [stays, goes] = made.map(|answer| answer.expect(201).text_of("/id"));
    change(&rig, &goes, "cancel", json!({})).await;
    rig.advance_to(rig.now() + Duration::days(3)).await;
    assert_eq!(rig.out.mails().len(), 0);
    assert_eq!(Truth::of(&rig.house.server).await.pending.len(), 3);

    rig.script.clear();
    rig.advance_to(rig.now() + Duration::hours(1)).await;
    Truth::of(&rig.house.server).await.is_settled();
    let mails = rig.out.mails();
    let wanted = ["gil: REQUEST 0", "gil: reminder", "gil: reminder", "ida: REQUEST 0"];
    assert_eq!(about(&mails, &stays), wanted, "what came due meanwhile is caught up with");
    assert_eq!(about(&mails, &goes), ["cleo: notice", "gil: cancellation", "ida: cancellation"]);
    rig.advance_to(team.ends()).await;
    assert_eq!(rig.out.mails().len(), mails.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_read_holds_up_no_other() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, SOON).await;
    let practice: PracticeId = {
        let truth = Truth::of(&rig.house.server).await;
        truth.sessions.values().next().unwrap().details().practice
    };
    for shard in 0..hourkeep_store::PENDING_SHARDS {
        let place = key::event(practice, SessionId::new(rig.now(), u128::from(shard)), 1);
        let poison = Item::new(place, &json!({"no": "event"})).unwrap().pending(shard, rig.now());
        rig.house.server.desk().table.put(poison).await.unwrap();
    }
    let streamed = team.session(&[1]).send(&rig.house).await.expect(201).text_of("/id");
    rig.house.drain().await;
    assert_eq!(about(&rig.out.mails(), &streamed), ["gil: REQUEST 0", "ida: REQUEST 0"], "by the stream");

    rig.script.add(Fault::NotSent.at(0).on(QUEUE).forever());
    let swept = team.session(&[1]).send(&rig.house).await.expect(201).text_of("/id");
    rig.house.drain().await;
    rig.script.clear();
    rig.advance_to(rig.now() + Duration::hours(2)).await;
    assert_eq!(about(&rig.out.mails(), &swept), ["gil: REQUEST 0", "ida: REQUEST 0"], "by the sweep");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_a_change_overtakes_sends_nothing_stale() {
    let rig = Rig::new().await;
    let mut team = Team::of(1, &rig, SOON).await;
    let id = team.session(&[]).send(&rig.house).await.expect(201).text_of("/id");
    bring(&rig, records(&rig).await).await;
    let job = rig.out.jobs().swap_remove(0);

    // The worker has read the session; as it takes the lane, someone cancels and tells nobody.
    let fay = rig.house.fay.clone();
    let cancel = Request::new(format!("/v1/sessions/{id}/cancel"), json!({"notify": false}));
    let overtaken = std::sync::Once::new();
    rig.script.decide(move |call| {
        if call.label == "PutItem" {
            overtaken.call_once(|| {
                let runtime = tokio::runtime::Handle::current();
                tokio::task::block_in_place(|| runtime.block_on(cancel.by(&fay))).expect(200);
            });
        }
        None
    });
    let post = post(&rig);
    let done = tokio::spawn(async move { post.deliver(&job).await }).await.unwrap();
    assert!(matches!(done, Err(WorkError::LaneBusy)), "{done:?}");
    rig.heal().await;
    assert_eq!(about(&rig.out.mails(), &id), Vec::<String>::new());
    repeats_are_identical(&rig.out.mails());
}
