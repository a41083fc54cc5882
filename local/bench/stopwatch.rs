//! Times short pieces of work: warmed up, in batches long enough for the clock, the median of many.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// How long one kind of work takes.
pub(crate) struct Time {
    pub(crate) what: &'static str,
    pub(crate) median_ns: u128,
    pub(crate) slowest_tenth_ns: u128,
}

const WARM_UP: Duration = Duration::from_millis(300);
const BATCH: Duration = Duration::from_millis(2);
const SAMPLES: usize = 501;

/// Times a piece of work.
pub(crate) fn time<T>(what: &'static str, mut work: impl FnMut() -> T) -> Time {
    let begun = Instant::now();
    let mut done: u32 = 0;
    while begun.elapsed() < WARM_UP {
        black_box(work());
        done += 1;
    }
    let one = WARM_UP / done.max(1);
    let batch = (BATCH.as_nanos() / one.as_nanos().max(1)).clamp(1, 1_000_000);
    let mut samples: Vec<u128> = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let begun = Instant::now();
        for _ in 0..batch {
            black_box(work());
        }
        samples.push(begun.elapsed().as_nanos() / batch);
    }
    samples.sort_unstable();
    Time { what, median_ns: samples[SAMPLES / 2], slowest_tenth_ns: samples[SAMPLES * 9 / 10] }
}
