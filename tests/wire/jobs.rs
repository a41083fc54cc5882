//! Queues.

use aws_sdk_sqs::types::QueueAttributeName;
use chrono::Duration;
use hourkeep_app::{
    job::{Dispatch, Job, LaneJob, NoticeJob, QueueName, ReanchorJob, SeriesJob},
    port::Queue as _,
    work::Done,
};
use hourkeep_aws::{config::QueueUrls, queue::each_job, sqs::SqsQueues};
use hourkeep_domain::{
    correlation::Correlation,
    ids::{PracticeId, PractitionerId, RecipientId, SeriesId, SessionId},
};
use serde_json::json;

use crate::{account::Account, timers::reminder};

fn invite() -> LaneJob {
    LaneJob {
        practice: PracticeId::from_bits(1),
        subject: SessionId::from_bits(2).into(),
        recipient: RecipientId::from_bits(3),
        sequence: 4,
        place: None,
        revision: 5,
    }
}

/// What a worker is handed of a queue: the batch as Lambda makes it, read as the worker reads it.
pub(crate) async fn jobs(account: &Account, url: &str) -> Vec<Dispatch> {
    let received = account.amazon().sqs().receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
    let records: Vec<_> = received.messages().iter().map(|m| json!({ "messageId": m.message_id(), "body": m.body() })).collect();
    let batch = serde_json::from_value(json!({ "Records": records })).unwrap();
    let read = std::sync::Mutex::new(Vec::new());
    let answer = each_job(batch, |dispatch| {
        read.lock().unwrap().push(dispatch);
        std::future::ready(Ok::<_, std::io::Error>(Done::Nothing))
    })
    .await;
    assert!(answer.batch_item_failures.is_empty(), "{answer:?}");
    read.into_inner().unwrap()
}

#[tokio::test]
async fn a_job_arrives_on_its_queue_as_it_was_sent_and_not_before_its_delay() {
    let account = Account::open();
    let urls = QueueUrls {
        invites: account.queue("invites").await,
        cancellations: account.queue("cancellations").await,
        reminders: account.queue("reminders").await,
        series: account.queue("series").await,
    };
    let queues = SqsQueues::new(account.amazon().sqs(), urls.clone());
    let notice = NoticeJob {
        practice: PracticeId::from_bits(1),
        subject: SessionId::from_bits(2).into(),
        practitioner: PractitionerId::from_bits(6),
        sequence: 1,
        revision: 2,
        moved_from: None,
    };
    let series = Job::Series(SeriesJob { practice: PracticeId::from_bits(1), series: SeriesId::from_bits(4) });
    let reanchor = ReanchorJob { practice: PracticeId::from_bits(1) };
    let mails = [Job::Invite(invite()), Job::Notice(notice), Job::Cancellation(invite()), Job::Reminder(reminder())];
    let sent: Vec<Dispatch> = mails
        .into_iter()
        .chain([Job::Reanchor(reanchor), series])
        .map(|job| Dispatch { correlation: Some(Correlation::new("JKJaXmPLvHcESHA=")), job })
        .collect();
    for dispatch in &sent {
        queues.send(dispatch, Duration::zero()).await.unwrap();
    }
    for queue in QueueName::ALL {
        let expected: Vec<_> = sent.iter().filter(|dispatch| dispatch.job.queue() == queue).cloned().collect();
        assert_eq!(jobs(&account, urls.of(queue)).await, expected);
    }

    // What must wait is there, and nobody sees it: half a second is a whole one, and an hour is as long as SQS can.
    let _those_before = account.log.take();
    for delay in [Duration::milliseconds(60_500), Duration::hours(1)] {
        queues.send(&sent[3], delay).await.unwrap();
    }
    let delays: Vec<_> = account.log.take().0.iter().map(|exchange| exchange.request["DelaySeconds"].clone()).collect();
    assert_eq!(delays, [61, 900]);
    assert_eq!(jobs(&account, &urls.reminders).await, []);
    let delayed = QueueAttributeName::ApproximateNumberOfMessagesDelayed;
    let asked = account.amazon().sqs().get_queue_attributes().queue_url(&urls.reminders).attribute_names(delayed.clone());
    assert_eq!(asked.send().await.unwrap().attributes().unwrap()[&delayed], "2");
}
