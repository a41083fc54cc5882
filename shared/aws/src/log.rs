//! Logs: one JSON object a line, as Lambda and `CloudWatch` read them.
//!
//! tracing-subscriber's own JSON writes of an error only its first sentence. Here the whole chain of causes is written,
//! since this is the one place that ever sees it.

use std::{
    error::Error,
    fmt::{self, Debug, Write as _},
};

use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter,
    fmt::{
        FmtContext, FormatEvent, FormattedFields,
        format::{JsonFields, Writer},
        time::{FormatTime as _, SystemTime},
    },
    registry::LookupSpan,
};

/// Writes to standard output what `filter` lets through. To be called once.
pub fn start(filter: &str) {
    let _ = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .fmt_fields(JsonFields::new())
        .event_format(Lines)
        .with_writer(std::io::stdout)
        .try_init();
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

struct Lines;

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, JsonFields> for Lines {
    fn format_event(&self, context: &FmtContext<'_, S, JsonFields>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let metadata = event.metadata();
        let mut fields = Fields(Map::from_iter([
            ("timestamp".to_owned(), time.into()),
            ("level".to_owned(), metadata.level().as_str().into()),
            ("target".to_owned(), metadata.target().into()),
        ]));
        for span in context.event_scope().into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
            // The runtime's span carries the request id.
            let written = span.extensions().get::<FormattedFields<JsonFields>>().map(|fields| serde_json::from_str(&fields.fields));
            if let Some(Ok(Value::Object(span))) = written {
                fields.0.extend(span);
            }
        }
        event.record(&mut fields);
        writeln!(writer, "{}", Value::Object(fields.0))
    }
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

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use hourkeep_app::port::PortError;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

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

    #[test]
    fn a_line_holds_the_causes_of_an_error_and_the_request_it_belongs_to() {
        let memory = Memory::default();
        let subscriber =
            tracing_subscriber::fmt().fmt_fields(JsonFields::new()).event_format(Lines).with_writer(memory.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::info_span!("invoke", requestId = "r-1").entered();
            let error = PortError { port: "SQS", source: Box::new(io::Error::other("the queue\n\"is\" away")) };
            tracing::warn!(attempt = 2, error = &error as &dyn Error, "not queued");
        });
        let written = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written.lines().count(), 1);
        let line: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "not queued");
        assert_eq!(line["attempt"], 2);
        assert_eq!(line["requestId"], "r-1");
        assert_eq!(line["error"], "SQS failed: the queue\n\"is\" away");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }
}
