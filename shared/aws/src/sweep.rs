//! What the hourly sweep says of itself.

use hourkeep_app::work::{Swept, WorkError};
use lambda_runtime::Diagnostic;

use crate::{
    clients::RoundTrips,
    journal::{JOURNAL, Watch, milliseconds},
    log::chain,
};

/// Waits for a sweep and writes its line of the journal. The metric counts the events that the relay should have handed
/// on; those of practices that may not send wait rightly.
pub(crate) async fn told(
    round_trips: &RoundTrips,
    sweep: impl Future<Output = Result<Swept, WorkError>>,
) -> Result<(), Diagnostic> {
    let watch = Watch::start(round_trips);
    let swept = sweep.await;
    let (duration_ms, round_trips) = (milliseconds(watch.started), watch.round_trips());
    match swept {
        Ok(Swept { handed_on, held, reanchoring, series }) => {
            tracing::info!(
                target: JOURNAL,
                operation = "sweep",
                outcome = "done",
                duration_ms,
                round_trips,
                handed_on,
                held_back = held,
                reanchoring,
                series,
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
            Err(Diagnostic { error_type: "SweepFailed".to_owned(), error_message: chain(&error) })
        }
    }
}
