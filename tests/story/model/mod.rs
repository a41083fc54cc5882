//! Random lives of sessions against a small reference model: a plain list of sessions with intervals, statuses,
//! recipients and what their calendars should hold.
//!
//! A cohort is many sequences of steps side by side on one server, each with a practitioner, a client and addresses of
//! its own. They share the clock, which moves between their steps, and the faults.

mod book;
mod holder;
mod outbox;
mod step;
mod world;

use std::ops::Range;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use self::{step::cohorts, world::World};

/// Sequences of a cohort.
const SEQUENCES: usize = 50;
/// Steps of a sequence, at least.
const STEPS: usize = 20;

/// Runs the cohort of each seed. A failure names the seed and tells the life of the sequence that failed: sequences
/// know nothing of each other, so there is little to shrink.
fn follow(seeds: Range<u8>) {
    for seed in seeds {
        let config = Config { cases: 1, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
        let ran = runner.run(&cohorts(), |cohort| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(World::live(&cohort)).map_err(TestCaseError::fail)
        });
        match ran {
            Ok(()) => {}
            Err(TestError::Fail(reason, _) | TestError::Abort(reason)) => panic!("seed {seed}: {reason}"),
        }
    }
}

/// On two threads, as the cohorts know nothing of each other.
fn follow_on_two_threads(seeds: Range<u8>) {
    let middle = seeds.start.midpoint(seeds.end);
    let halves = [seeds.start..middle, middle..seeds.end];
    std::thread::scope(|scope| {
        let running: Vec<_> = halves.into_iter().map(|half| scope.spawn(|| follow(half))).collect();
        for half in running {
            if let Err(failed) = half.join() {
                std::panic::resume_unwind(failed);
            }
        }
    });
}

#[test]
fn three_hundred_random_lives_follow_the_model() {
    follow_on_two_threads(0..6);
}

#[test]
#[ignore = "long: `make soak` runs it"]
fn two_thousand_random_lives_follow_the_model() {
    follow_on_two_threads(6..46);
}
