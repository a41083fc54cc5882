//! What went over the wire.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::fault::Fault;
use crate::units::{Units, estimated_write_units};

/// One HTTP attempt. A call that the SDK retries is several.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The operation from `X-Amz-Target`, such as `GetItem`; method and path for services that send none.
    pub operation: String,
    /// The request's JSON, null if it is none.
    pub request: Value,
    /// Bytes of the request's body.
    pub request_bytes: usize,
    /// Bytes of the answer's body.
    pub response_bytes: usize,
    /// The fault that struck it.
    pub fault: Option<Fault>,
    /// How it ended.
    pub outcome: Outcome,
    /// The units its answer reported.
    pub units: Option<Units>,
    started: u64,
    ended: Option<u64>,
}

/// How an attempt ended for the server and the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Under way, or given up by the caller.
    Unanswered,
    /// A server's answer with this HTTP status (its caller may never have seen it: look at the fault).
    Answered(u16),
    /// An answer with this HTTP status that no server gave.
    Forged(u16),
    /// The connection failed.
    Broken,
}

/// A stretch of exchanges in the order of their start.
#[derive(Clone, Debug, Default)]
pub struct Traffic(pub Vec<Exchange>);

impl Traffic {
    /// How many HTTP attempts there were.
    pub fn requests(&self) -> usize {
        self.0.len()
    }

    /// The operations in the order of their start.
    pub fn operations(&self) -> Vec<&str> {
        self.0.iter().map(|exchange| exchange.operation.as_str()).collect()
    }

    /// Only the exchanges of one operation.
    #[must_use]
    pub fn of(&self, operation: &str) -> Self {
        Self(self.0.iter().filter(|exchange| exchange.operation == operation).cloned().collect())
    }

    /// How many round trips stood one after the other: the length of the longest chain in which each attempt began after the one
    /// before it had ended, which is the fewest sets of overlapping attempts that hold them all.
    pub fn rounds(&self) -> usize {
        let mut spans: Vec<(u64, u64)> = self.0.iter().map(|one| (one.ended.unwrap_or(u64::MAX), one.started)).collect();
        spans.sort_unstable();
        let mut rounds = 0;
        let mut round_ended = None;
        for (ended, started) in spans {
            if round_ended.is_none_or(|last| started > last) {
                rounds += 1;
                round_ended = Some(ended);
            }
        }
        rounds
    }

    /// The sum of the units that the answers reported.
    pub fn units(&self) -> Units {
        self.0
            .iter()
            .filter_map(|exchange| exchange.units)
            .fold(Units::default(), |sum, units| Units { read: sum.read + units.read, write: sum.write + units.write })
    }

    /// The sum of [`estimated_write_units`] over the requests.
    pub fn estimated_write_units(&self) -> f64 {
        self.0.iter().filter_map(|exchange| estimated_write_units(&exchange.operation, &exchange.request)).sum()
    }
}

/// The shared record of a wire: clones are the same record.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// A logical clock: only the order of starts and ends matters.
    tick: u64,
    exchanges: Vec<Exchange>,
}

impl State {
    fn tick(&mut self) -> u64 {
        self.tick += 1;
        self.tick
    }
}

impl Log {
    /// What has been recorded since the last [`Log::take`].
    pub fn so_far(&self) -> Traffic {
        Traffic(self.0.lock().unwrap().exchanges.clone())
    }

    /// What has been recorded since the last time, and starts anew.
    #[must_use]
    pub fn take(&self) -> Traffic {
        Traffic(std::mem::take(&mut self.0.lock().unwrap().exchanges))
    }

    pub(crate) fn begin(&self, operation: String, request: Value, request_bytes: usize, fault: Option<Fault>) -> Open {
        let mut state = self.0.lock().unwrap();
        let started = state.tick();
        state.exchanges.push(Exchange {
            operation,
            request,
            request_bytes,
            response_bytes: 0,
            fault,
            outcome: Outcome::Unanswered,
            units: None,
            started,
            ended: None,
        });
        Open { log: self.clone(), started }
    }
}

/// An exchange under way. It ends when this is dropped, so that a call given up by its caller ends too.
#[derive(Debug)]
pub(crate) struct Open {
    log: Log,
    started: u64,
}

impl Open {
    pub(crate) fn outcome(&self, outcome: Outcome, response_bytes: usize, units: Option<Units>) {
        let mut state = self.log.0.lock().unwrap();
        if let Some(exchange) = state.exchanges.iter_mut().find(|one| one.started == self.started) {
            exchange.outcome = outcome;
            exchange.response_bytes = response_bytes;
            exchange.units = units;
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut state = self.log.0.lock().unwrap();
        let ended = state.tick();
        if let Some(exchange) = state.exchanges.iter_mut().find(|one| one.started == self.started) {
            exchange.ended = Some(ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(log: &Log) -> Open {
        log.begin("GetItem".into(), Value::Null, 0, None)
    }

    #[test]
    fn overlapping_exchanges_are_one_round_and_successive_ones_are_two() {
        let log = Log::default();
        let (a, b) = (begin(&log), begin(&log));
        drop((a, b));
        assert_eq!(log.so_far().rounds(), 1);
        drop(begin(&log));
        assert_eq!(log.take().rounds(), 2);
        assert_eq!(log.take().rounds(), 0);
    }

    #[test]
    fn a_slow_neighbour_does_not_hide_a_chain() {
        let log = Log::default();
        let slow = begin(&log);
        drop(begin(&log));
        drop(begin(&log));
        drop(slow);
        assert_eq!(log.take().rounds(), 2);
    }

    #[test]
    fn an_exchange_that_outlives_its_taking_is_harmless() {
        let log = Log::default();
        let open = begin(&log);
        assert_eq!(log.take().0[0].outcome, Outcome::Unanswered);
        open.outcome(Outcome::Broken, 0, None);
        drop(open);
        assert_eq!(log.take().requests(), 0);
    }
}
