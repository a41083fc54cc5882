//! Each sample goes to its function, in the order of a practice's day.

use crate::{requests, series, stage::Stage, workers};

/// The whole of it. What is answered, written and sent is held against what should be.
pub(crate) async fn every_sample(stage: &mut Stage) {
    let told = requests::schedule(stage).await;
    workers::relay(stage, &told).await;
    workers::invite(stage, &told).await;
    workers::notice(stage, &told).await;
    workers::reminder(stage).await;
    requests::reads(stage, &told).await;
    requests::settings(stage).await;
    requests::cancel(stage, &told).await;
    workers::cancellation(stage, &told).await;
    workers::mail_events(stage, &told).await;
    let moved = requests::reschedule(stage).await;
    requests::edit(stage, &moved).await;
    requests::send_invites(stage).await;
    requests::delete(stage).await;
    requests::series(stage).await;
    requests::mark_outcome(stage).await;
    series::mails(stage).await;
    workers::reanchor(stage).await;
    workers::sweep(stage).await;
    requests::export(stage).await;
    workers::sign_in(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_its_samples() {
    let mut stage = Stage::new().await;
    every_sample(&mut stage).await;
    assert_eq!(stage.samples.unused(), Vec::<String>::new(), "a sample that no test hands to a function");
}
