//! Logs: one JSON object a line, as Lambda and `CloudWatch` read them.
//!
//! tracing-subscriber's own JSON writes of an error only its first sentence. Here the whole chain of causes is written,
//! since this is the one place that ever sees it. For the same reason it is here that what people are called and write is
//! kept out: mail addresses, and the finer lines of libraries, which hold whatever they carry.

use std::{
    error::Error,
    fmt::{self, Debug, Write as _},
};

use chrono::SecondsFormat;
use hourkeep_app::port::Clock as _;
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    EnvFilter,
    filter::Directive,
    fmt::{
        FmtContext, FormatEvent, FormattedFields, MakeWriter,
        format::{JsonFields, Writer},
    },
    registry::LookupSpan,
};

use crate::{clock::SystemClock, journal::JOURNAL, metric::Metrics};

/// Whose lines of debugging and tracing are never written: requests, answers and events stand in them.
const CARRIERS: [&str; 7] = ["aws_", "axum", "h2", "hyper", "lambda_", "rustls", "tower"];

/// Writes to standard output what `filter` lets through, and the journal in any case: its lines are the metrics too. To
/// be called once.
pub fn start(filter: &str, metrics: Option<Metrics>) {
    let _ = tracing::subscriber::set_global_default(subscriber(filter, metrics, std::io::stdout));
}

/// What writes the lines, to wherever.
pub(crate) fn subscriber<W>(filter: &str, metrics: Option<Metrics>, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let journal = format!("{JOURNAL}=info").parse::<Directive>().unwrap_or_else(|_| LevelFilter::INFO.into());
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter).add_directive(journal))
        .fmt_fields(JsonFields::new())
        .event_format(Lines { metrics })
        .with_writer(writer)
        .finish()
}

/// The sentences of an error and its causes.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Errors that quote their cause would say it twice.
        let sentence = error.to_string();
        if !text.ends_with(&sentence) {
            let _ = write!(text, ": {sentence}");
        }
        cause = error.source();
    }
    text
}

struct Lines {
    metrics: Option<Metrics>,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, JsonFields> for Lines {
    fn format_event(&self, context: &FmtContext<'_, S, JsonFields>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let (now, metadata) = (SystemClock.now(), event.metadata());
        if *metadata.level() > Level::INFO && CARRIERS.iter().any(|name| metadata.target().starts_with(name)) {
            return Ok(());
        }
        let mut fields = Fields(Map::from_iter([
            ("timestamp".to_owned(), now.to_rfc3339_opts(SecondsFormat::Millis, true).into()),
            ("level".to_owned(), metadata.level().as_str().into()),
            ("target".to_owned(), metadata.target().into()),
        ]));
        for span in context.event_scope().into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
            let written = span.extensions().get::<FormattedFields<JsonFields>>().map(|fields| serde_json::from_str(&fields.fields));
            if let Some(Ok(Value::Object(span))) = written {
                fields.0.extend(span);
            }
        }
        event.record(&mut fields);
        let Fields(mut line) = fields;
        // The runtime's span says these in its own way.
        line.remove("xrayTraceId");
        if let Some(id) = line.remove("requestId") {
            line.entry("request_id").or_insert(id);
        }
        line.values_mut().for_each(leave_addresses_out);
        if let Some(metrics) = self.metrics.as_ref().filter(|_| metadata.target() == JOURNAL) {
            metrics.embed(&mut line, now.timestamp_millis());
        }
        writeln!(writer, "{}", Value::Object(line))
    }
}

/// Of a text, everything that could be a mail address.
fn leave_addresses_out(value: &mut Value) {
    let Value::String(text) = value else { return };
    if !text.contains('@') {
        return;
    }
    let around = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | '`' | ',' | ';' | ':');
    *text = text.split_inclusive(around).fold(String::with_capacity(text.len()), |kept, word| {
        let rest = word.trim_end_matches(around);
        if rest.contains('@') { kept + "[address]" + &word[rest.len()..] } else { kept + word }
    });
}

struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, chain(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}"));
    }
}
