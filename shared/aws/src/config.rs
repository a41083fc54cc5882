//! The environment: the only place that reads it. Each part of a function asks for what it needs, so that none has to
//! be given more.

use std::{collections::HashMap, fmt};

use hourkeep_app::{job::QueueName, links::Links};
use hourkeep_domain::text::{Email, Url};

/// Fewer bytes could be guessed.
const SHORTEST_KEY: usize = 32;

/// What is wrong with the environment. Values are not repeated: some are secret.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadConfig {
    /// Not there, or empty.
    #[error("the environment variable {0} is missing")]
    Missing(&'static str),
    /// Not of the form.
    #[error("the environment variable {name} must be {expected}")]
    Form {
        /// Which.
        name: &'static str,
        /// What was expected.
        expected: &'static str,
    },
}

impl fmt::Debug for BadConfig {
    /// The sentence: this is what `main` prints when it ends with an error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The product's variables, as they were at the start.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, String>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Where jobs go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueUrls {
    /// Invites and updates.
    pub invites: String,
    /// Cancellations.
    pub cancellations: String,
    /// Reminders.
    pub reminders: String,
    /// What lies ahead.
    pub series: String,
}

impl QueueUrls {
    /// The queue of this name.
    pub fn of(&self, queue: QueueName) -> &str {
        match queue {
            QueueName::Invites => &self.invites,
            QueueName::Cancellations => &self.cancellations,
            QueueName::Reminders => &self.reminders,
            QueueName::Series => &self.series,
        }
    }
}

/// What Scheduler is told about every timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimerTarget {
    /// The schedule group.
    pub group: String,
    /// The role by which Scheduler sends.
    pub role_arn: String,
    /// The reminder queue.
    pub queue_arn: String,
    /// Where what could not be delivered goes.
    pub dead_letter_arn: String,
}

impl Environment {
    /// The variables of this process that are the product's, and where the SDK is to find services.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn of_process() -> Self {
        let text =
            |(name, value): (std::ffi::OsString, std::ffi::OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        std::env::vars_os()
            .filter_map(text)
            .filter(|(name, _)| name.starts_with("HOURKEEP_") || name.starts_with("AWS_ENDPOINT_URL"))
            .collect()
    }

    /// The address of all services, where they are not Amazon's (`AWS_ENDPOINT_URL`, as all SDKs have it).
    pub fn endpoint(&self) -> Option<&str> {
        self.optional("AWS_ENDPOINT_URL")
    }

    /// The address of the table's service, where it is another one (`AWS_ENDPOINT_URL_DYNAMODB`).
    pub fn table_endpoint(&self) -> Option<&str> {
        self.optional("AWS_ENDPOINT_URL_DYNAMODB")
    }

    /// The table's name.
    pub fn table(&self) -> Result<&str, BadConfig> {
        self.required("HOURKEEP_TABLE")
    }

    /// The queues.
    pub fn queues(&self) -> Result<QueueUrls, BadConfig> {
        let url = |name| {
            self.of_form(name, "the https address of a queue", |text| text.starts_with("https://") || text.starts_with("http://"))
        };
        Ok(QueueUrls {
            invites: url("HOURKEEP_QUEUE_INVITES")?,
            cancellations: url("HOURKEEP_QUEUE_CANCELLATIONS")?,
            reminders: url("HOURKEEP_QUEUE_REMINDERS")?,
            series: url("HOURKEEP_QUEUE_SERIES")?,
        })
    }

    /// The target of timers.
    pub fn timers(&self) -> Result<TimerTarget, BadConfig> {
        let arn = |name| self.of_form(name, "an ARN", |text| text.starts_with("arn:"));
        Ok(TimerTarget {
            group: self.required("HOURKEEP_SCHEDULE_GROUP")?.to_owned(),
            role_arn: arn("HOURKEEP_SCHEDULER_ROLE_ARN")?,
            queue_arn: arn("HOURKEEP_REMINDERS_QUEUE_ARN")?,
            dead_letter_arn: arn("HOURKEEP_REMINDERS_DEAD_LETTER_ARN")?,
        })
    }

    /// SES's configuration set, by which bounces and complaints are seen.
    pub fn configuration_set(&self) -> Result<&str, BadConfig> {
        self.required("HOURKEEP_SES_CONFIGURATION_SET")
    }

    /// Addresses: the pages', the exports' (the pages' if none is set), the senders', and the key of manage links and export
    /// tickets (any text of 32 bytes and more).
    pub fn links(&self) -> Result<Links, BadConfig> {
        const BASE: &str = "HOURKEEP_BASE_URL";
        const DOMAIN: &str = "HOURKEEP_MAIL_DOMAIN";
        const KEY: &str = "HOURKEEP_MANAGE_KEY";
        const EXPORTS: &str = "HOURKEEP_EXPORT_URL";
        let address = |name, text: &str| {
            let expected = "a web address such as https://app.hourkeep.example";
            Url::parse(text.trim_end_matches('/')).map_err(|_| BadConfig::Form { name, expected })
        };
        let base = address(BASE, self.required(BASE)?)?;
        let domain =
            self.of_form(DOMAIN, "a domain such as mail.hourkeep.example", |text| Email::parse(&format!("a@{text}")).is_ok())?;
        let key = self.of_form(KEY, "a secret of at least 32 bytes", |text| text.len() >= SHORTEST_KEY)?;
        let links = Links::new(&base, &domain, key.as_bytes());
        match self.0.get(EXPORTS).filter(|value| !value.is_empty()) {
            Some(origin) => Ok(links.with_exports_at(&address(EXPORTS, origin)?)),
            None => Ok(links),
        }
    }

    /// What is logged, such as `info` or `warn,hourkeep_app=debug`.
    pub fn log_filter(&self) -> &str {
        self.0.get("HOURKEEP_LOG").map_or("info", String::as_str)
    }

    /// The namespace of the metrics, such as `Hourkeep/prod`. Without it there are none.
    pub fn metrics_namespace(&self) -> Option<&str> {
        self.optional("HOURKEEP_METRICS")
    }

    fn required(&self, name: &'static str) -> Result<&str, BadConfig> {
        self.optional(name).ok_or(BadConfig::Missing(name))
    }

    fn optional(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn of_form(&self, name: &'static str, expected: &'static str, fits: impl Fn(&str) -> bool) -> Result<String, BadConfig> {
        let value = self.required(name)?;
        if fits(value) { Ok(value.to_owned()) } else { Err(BadConfig::Form { name, expected }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_empty_variable_is_named() {
        let none = Environment::default();
        assert_eq!(none.table().unwrap_err().to_string(), "the environment variable HOURKEEP_TABLE is missing");
        let empty: Environment = [("HOURKEEP_SCHEDULE_GROUP", "")].into_iter().collect();
        assert_eq!(empty.timers(), Err(BadConfig::Missing("HOURKEEP_SCHEDULE_GROUP")));
    }

    #[test]
    fn a_value_of_the_wrong_form_is_named_and_not_repeated() {
        let environment: Environment = [
            ("HOURKEEP_BASE_URL", "https://app.hourkeep.test/"),
            ("HOURKEEP_MAIL_DOMAIN", "mail.hourkeep.test"),
            ("HOURKEEP_MANAGE_KEY", "too-short-a-secret"),
        ]
        .into_iter()
        .collect();
        let error = environment.links().unwrap_err().to_string();
        assert_eq!(error, "the environment variable HOURKEEP_MANAGE_KEY must be a secret of at least 32 bytes");
        assert!(!format!("{environment:?}").contains("secret"));
    }

    #[test]
    fn the_address_of_pages_loses_its_last_slash() {
        let environment: Environment = [
            ("HOURKEEP_BASE_URL", "https://app.hourkeep.test/"),
            ("HOURKEEP_MAIL_DOMAIN", "mail.hourkeep.test"),
            ("HOURKEEP_MANAGE_KEY", "0123456789abcdef0123456789abcdef"),
        ]
        .into_iter()
        .collect();
        let links = environment.links().unwrap();
        let code = hourkeep_domain::code::SessionCode::new(7);
        assert_eq!(links.session(code).to_string(), format!("https://app.hourkeep.test/s/{code}"));
    }

    #[test]
    fn queues_and_the_target_of_timers_are_read() {
        let environment: Environment = [
            ("HOURKEEP_QUEUE_INVITES", "https://sqs.test/1/invites"),
            ("HOURKEEP_QUEUE_CANCELLATIONS", "https://sqs.test/1/cancellations"),
            ("HOURKEEP_QUEUE_REMINDERS", "reminders"),
            ("HOURKEEP_SCHEDULE_GROUP", "hourkeep"),
            ("HOURKEEP_SCHEDULER_ROLE_ARN", "arn:aws:iam::1:role/scheduler"),
            ("HOURKEEP_REMINDERS_QUEUE_ARN", "arn:aws:sqs:us-east-1:1:reminders"),
            ("HOURKEEP_REMINDERS_DEAD_LETTER_ARN", "arn:aws:sqs:us-east-1:1:dead"),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            environment.queues(),
            Err(BadConfig::Form { name: "HOURKEEP_QUEUE_REMINDERS", expected: "the https address of a queue" })
        );
        assert_eq!(environment.timers().unwrap().dead_letter_arn, "arn:aws:sqs:us-east-1:1:dead");
    }
}
