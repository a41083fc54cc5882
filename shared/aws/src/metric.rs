//! Metrics: `CloudWatch` takes them out of the lines of the journal, by its embedded metric format
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//! So nothing is sent, and a line is both log and metric.

use serde_json::{Map, Value, json};

/// All there are, with their units. A line has those that stand among its fields as numbers. Each name costs money for
/// every function that has it, and each line is longer by it: so what every line says anyway is none, and practices are no
/// dimension. Both can be asked for in Logs Insights.
const METRICS: [(&str, &str); 6] = [
    // Of requests.
    ("Refused", "Count"),
    ("Failed", "Count"),
    // Of the workers that send mail. The delay is from the moment when a mail was due to the moment when it was accepted.
    ("MailsSent", "Count"),
    ("MailsRefused", "Count"),
    ("MailDelay", "Milliseconds"),
    // Of the sweep: what it found waiting that should not have waited.
    ("PendingEvents", "Count"),
];

const DIMENSION: &str = "Function";

/// Whose metrics they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// The namespace, one for each deployment.
    pub namespace: String,
    /// The function, by the name of its binary: their only dimension.
    pub function: &'static str,
}

impl Metrics {
    /// Says in a line which of its fields are metrics, at a time in milliseconds since 1970. A line without any stays as
    /// it is.
    pub(crate) fn embed(&self, line: &mut Map<String, Value>, timestamp: i64) {
        let there = METRICS.iter().filter(|(name, _)| line.get(*name).is_some_and(Value::is_number));
        let there: Vec<Value> = there.map(|(name, unit)| json!({ "Name": name, "Unit": unit })).collect();
        if there.is_empty() {
            return;
        }
        line.insert(DIMENSION.to_owned(), self.function.into());
        let directive = json!({ "Namespace": self.namespace, "Dimensions": [[DIMENSION]], "Metrics": there });
        line.insert("_aws".to_owned(), json!({ "Timestamp": timestamp, "CloudWatchMetrics": [directive] }));
    }
}
