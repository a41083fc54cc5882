//! A port in a script fails on the side of its effect that the fault says, and is counted with everything else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::Duration;
use hourkeep_app::job::{Dispatch, Job, NoticeJob};
use hourkeep_app::port::{PortError, Queue};
use hourkeep_domain::ids::{PracticeId, PractitionerId, SessionId};

use crate::ports::{QUEUE, Scripted};
use crate::{Fault, Moment, Script};

#[derive(Default)]
struct Counting(AtomicUsize);

#[async_trait]
impl Queue for Counting {
    async fn send(&self, _: &Dispatch, _: Duration) -> Result<(), PortError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn job() -> Dispatch {
    let (practice, session, practitioner) = (PracticeId::from_bits(1), SessionId::from_bits(2), PractitionerId::from_bits(3));
    let job =
        Job::Notice(NoticeJob { practice, subject: session.into(), practitioner, sequence: 0, revision: 1, moved_from: None });
    Dispatch { correlation: None, job }
}

#[tokio::test]
async fn a_port_fails_on_the_side_of_its_effect_that_the_fault_says() {
    for fault in Fault::ALL {
        let (script, queue) = (Script::new(), Arc::new(Counting::default()));
        let port = Scripted::over(queue.clone() as Arc<dyn Queue>, script.clone());
        script.at(1, fault);
        for _ in 0..3 {
            let failed = port.send(&job(), Duration::zero()).await.is_err();
            assert_eq!(failed, script.calls() == 2, "{fault:?}");
        }
        let happened = if fault.moment() == Moment::AfterEffect { 3 } else { 2 };
        assert_eq!(queue.0.load(Ordering::Relaxed), happened, "{fault:?}");
        assert_eq!(script.labels(), [QUEUE; 3]);
    }
}
