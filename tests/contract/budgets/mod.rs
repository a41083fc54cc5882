//! What each operation costs at the table: counted beneath the SDK, held to the budgets of the design, and listed in
//! `docs/budgets.md`.

mod growth;
mod operations;

use hourkeep_testkit::{Log, Traffic};

use crate::support::writes;

/// What one request cost at the table.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cost {
    requests: usize,
    rounds: usize,
    transactions: usize,
    read_units: f64,
    write_units: f64,
}

impl Cost {
    /// Of everything since the log was last looked at.
    fn taken(log: &Log) -> Self {
        let traffic = log.take();
        let transactions = traffic.of("TransactWriteItems").requests();
        assert_eq!(writes(&traffic).len(), transactions, "{:?}", traffic.operations());
        let reads = Traffic(traffic.0.iter().filter(|exchange| exchange.operation != "TransactWriteItems").cloned().collect());
        let units = traffic.units();
        Self {
            requests: traffic.requests(),
            rounds: reads.rounds(),
            transactions,
            read_units: units.read,
            write_units: units.write,
        }
    }
}
