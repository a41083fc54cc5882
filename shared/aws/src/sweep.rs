//! What the hourly sweep says of itself.

use hourkeep_app::work::{Swept, WorkError};

use crate::{
    clients::RoundTrips,
    journal::{JOURNAL, Watch, milliseconds},
};

/// Waits for a sweep and writes its line of the journal. The metric counts the events that the relay should have handed
/// on; those of practices that may not send wait rightly.
pub(crate) async fn told(
    round_trips: &RoundTrips,
    sweep: impl Future<Output = Result<Swept, WorkError>>,
) -> Result<(), lambda_runtime::Error> {
    let watch = Watch::start(round_trips);
    let swept = sweep.await;
    let (duration_ms, round_trips) = (milliseconds(watch.started), watch.round_trips());
    match swept {
        Ok(Swept { handed_on, held }) => {
            tracing::info!(
                target: JOURNAL,
                operation = "sweep",
                outcome = "done",
                duration_ms,
                round_trips,
                handed_on,
                held_back = held,
                PendingEvents = handed_on,
                "sweep"
            );
            Ok(())
        }
        Err(error) => {
            tracing::error!(
                target: JOURNAL,
                operation = "sweep",
                outcome = "failed",
                duration_ms,
                round_trips,
                error = &error as &dyn std::error::Error,
                "the sweep left something behind"
            );
            Err(error.into())
        }
    }
}
