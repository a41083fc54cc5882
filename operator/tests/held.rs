//! A queue may hand a job to its worker before the relay that put it there is done with the event.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chrono::Duration;
use hourkeep_app::{
    job::{Dispatch, QueueName},
    port::{PortError, Queue},
    work::Post,
};
use hourkeep_local::{Options, Ports};
use serde_json::json;

use crate::{command::operate, rig::Rig};

/// A queue whose worker is faster than whoever queues.
struct AtOnce {
    queue: Arc<dyn Queue>,
    post: Arc<OnceLock<Post>>,
}

#[async_trait]
impl Queue for AtOnce {
    async fn send(&self, dispatch: &Dispatch, delay: Duration) -> Result<(), PortError> {
        match self.post.get() {
            // Mails alone: what lies ahead is another worker's.
            Some(post) if delay.is_zero() && dispatch.job.queue() != QueueName::Series => {
                post.deliver(&dispatch.job).await.unwrap();
                Ok(())
            }
            Some(_) | None => self.queue.send(dispatch, delay).await,
        }
    }
}

#[tokio::test]
async fn a_mail_that_may_not_be_sent_is_not_forgotten_by_a_relay_that_is_slow() {
    let post = Arc::new(OnceLock::new());
    let quick = post.clone();
    let around = move |ports: Ports| Ports { queue: Arc::new(AtOnce { queue: ports.queue, post: quick }), ..ports };
    let rig = Rig::with(Options { around: Some(Box::new(around)), ..Options::default() }).await;
    let (desk, mailer) = (rig.house.server.desk(), rig.house.server.ports().mailer.clone());
    let worker = Post { table: desk.table.clone(), clock: desk.clock.clone(), mailer, links: desk.links.clone() };
    assert!(post.set(worker).is_ok());

    operate(&rig.house, &["limit", "harbour-clinic", "--mails-per-month", "1"]).await.done();
    let invited = json!({"invite": {"send": true, "recipients": [
        {"contact_id": rig.house.contact_id(0)}, {"contact_id": rig.house.contact_id(1)},
    ]}});
    rig.house.schedule("2026-12-08T09:00", invited).await;
    rig.house.drain().await;
    assert_eq!(rig.house.mails().await.len(), 1, "the other one waits");
    rig.pass(Duration::hours(3)).await;
    assert_eq!(rig.house.mails().await.len(), 1);
    operate(&rig.house, &["limit", "harbour-clinic", "--mails-per-month", "none"]).await.done();
    rig.pass(Duration::hours(1)).await;
    assert_eq!(rig.house.mails().await.len(), 2);
}
