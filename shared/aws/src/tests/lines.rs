//! The log as it is written, kept in memory.

use std::{
    io,
    sync::{Arc, Mutex},
};

use hourkeep_app::port::PortError;
use serde_json::Value;
use tracing::{error, info, info_span, subscriber::DefaultGuard, warn};
use tracing_subscriber::fmt::MakeWriter;

use crate::{journal::JOURNAL, log::subscriber, metric::Metrics};

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl io::Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Memory {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What this thread logs, until it is dropped.
pub(super) struct Lines {
    memory: Memory,
    _here: DefaultGuard,
}

impl Lines {
    /// As a deployed function logs.
    pub(super) fn of(function: &'static str) -> Self {
        Self::with("info", Some(Metrics { namespace: "Hourkeep/test".to_owned(), function }))
    }

    pub(super) fn with(filter: &str, metrics: Option<Metrics>) -> Self {
        let memory = Memory::default();
        let here = tracing::subscriber::set_default(subscriber(filter, metrics, memory.clone()));
        Self { memory, _here: here }
    }

    /// All that was written since the last time.
    pub(super) fn text(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.memory.0.lock().unwrap())).unwrap()
    }

    /// The same, a value for each line; those that are metrics are good ones.
    pub(super) fn take(&self) -> Vec<Value> {
        let lines: Vec<Value> = self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.iter().filter(|line| line.get("_aws").is_some()).for_each(is_embedded_metric_format);
        lines
    }

    /// The same, where there is exactly one.
    pub(super) fn only(&self) -> Value {
        let mut lines = self.take();
        assert_eq!(lines.len(), 1, "{lines:#?}");
        lines.remove(0)
    }
}

/// The names of a line's metrics.
pub(super) fn metrics_of(line: &Value) -> Vec<&str> {
    let metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array();
    metrics.into_iter().flatten().map(|metric| metric["Name"].as_str().unwrap()).collect()
}

/// What the format asks of a document.
fn is_embedded_metric_format(line: &Value) {
    let only = |value: &Value, allowed: &[&str]| {
        let members = value.as_object().unwrap();
        assert!(members.keys().all(|name| allowed.contains(&name.as_str())), "{value}");
    };
    let meta = &line["_aws"];
    only(meta, &["Timestamp", "CloudWatchMetrics"]);
    // Milliseconds: in seconds it would be a date in 1970, and in microseconds none that anyone lives to see.
    assert!((1_600_000_000_000..10_000_000_000_000).contains(&meta["Timestamp"].as_i64().unwrap()), "{meta}");
    let directives = meta["CloudWatchMetrics"].as_array().unwrap();
    assert!(!directives.is_empty());
    for directive in directives {
        only(directive, &["Namespace", "Dimensions", "Metrics"]);
        let namespace = directive["Namespace"].as_str().unwrap();
        assert!((1..=1024).contains(&namespace.len()) && !namespace.starts_with("AWS/"), "{namespace}");
        for set in directive["Dimensions"].as_array().unwrap() {
            let set = set.as_array().unwrap();
            assert!(set.len() <= 30);
            for dimension in set {
                let value = line[dimension.as_str().unwrap()].as_str().expect("a dimension's value is a text beside it");
                assert!((1..=1024).contains(&value.len()) && value.is_ascii(), "{value}");
            }
        }
        let metrics = directive["Metrics"].as_array().unwrap();
        assert!((1..=100).contains(&metrics.len()));
        for metric in metrics {
            only(metric, &["Name", "Unit"]);
            assert!(["Count", "Milliseconds"].contains(&metric["Unit"].as_str().unwrap()), "{metric}");
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{metric} has no value");
        }
    }
}

fn port_error(text: &str) -> PortError {
    PortError { port: "SQS", source: Box::new(io::Error::other(text.to_owned())) }
}

fn as_error(error: &PortError) -> &(dyn std::error::Error + 'static) {
    error
}

#[test]
fn a_line_holds_the_causes_of_an_error_and_the_request_it_belongs_to() {
    let lines = Lines::of("relay");
    let _span = info_span!("Lambda runtime invoke", requestId = "r-1", xrayTraceId = "Root=1-5759e988").entered();
    warn!(attempt = 2, error = as_error(&port_error("the queue\n\"is\" away")), "not queued");
    let line = lines.only();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["message"], "not queued");
    assert_eq!(line["attempt"], 2);
    assert_eq!(line["request_id"], "r-1");
    assert_eq!(line["error"], "SQS failed: the queue\n\"is\" away");
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    assert_eq!((line.get("requestId"), line.get("xrayTraceId"), line.get("_aws")), (None, None, None));
}

#[test]
fn mail_addresses_are_left_out_wherever_they_come_from() {
    let lines = Lines::of("relay");
    let _span = info_span!("invocation", whose = "mia@family.test").entered();
    let quoting = port_error("not verified: <gil@family.test>, \"Ida\" ida@family.test; mailto:x@y.z?subject=a 1@2 @ end");
    error!(error = as_error(&quoting), to = ?["a@b.test"], "to you@home.test");
    let line = lines.only();
    assert_eq!(line["whose"], "[address]");
    assert_eq!(line["message"], "to [address]");
    assert_eq!(line["to"], "[\"[address]\"]");
    let left = "SQS failed: not verified: <[address]>, \"Ida\" [address]; mailto:[address] [address] [address] end";
    assert_eq!(line["error"], left);
}

#[test]
fn the_journal_is_written_whatever_the_filter_says() {
    for filter in ["off", "error", "hourkeep_aws=off", "journal_of_others=debug"] {
        let lines = Lines::with(filter, None);
        info!("not this");
        info!(target: "journal_of_others", "perhaps this");
        let _span = info_span!(target: JOURNAL, "job", practice = "p-1").entered();
        info!(target: JOURNAL, PendingEvents = 1, "but this");
        let line = lines.take().pop().unwrap();
        assert_eq!((&line["message"], &line["practice"], &line["PendingEvents"]), (&"but this".into(), &"p-1".into(), &1.into()));
        assert_eq!(line.get("_aws"), None, "without a namespace there are no metrics");
    }
}

#[test]
fn only_numbers_of_the_journal_become_metrics() {
    let lines = Lines::of("sweep");
    info!(PendingEvents = 1, "of another target");
    info!(target: JOURNAL, PendingEvents = "many", Stray = 1, "no number, and no metric of ours");
    info!(target: JOURNAL, PendingEvents = 1, MailsSent = 2, Stray = 3, "two");
    let [other, none, two] = &lines.take()[..] else { panic!("three lines") };
    assert_eq!((other.get("_aws"), none.get("_aws")), (None, None));
    assert_eq!(metrics_of(two), ["MailsSent", "PendingEvents"]);
}
