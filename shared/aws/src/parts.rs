//! What a function works with, built from the environment once at its start. Nothing here reaches out: clients connect
//! at their first request.

use std::sync::Arc;

use hourkeep_app::{
    desk::Desk,
    links::Links,
    port::{Clock, Queue, Timers},
    work::{Horizon, Post, Relay},
};
use hourkeep_store::Table;

use crate::{
    clients::{Amazon, RoundTrips},
    clock::SystemClock,
    config::{BadConfig, Environment},
    late::Late,
    scheduler::Schedules,
    ses::SesMailer,
    sqs::SqsQueues,
};

/// Builds what functions ask for. A variable is needed only by those who ask for what it configures.
#[derive(Clone, Debug)]
pub struct Parts {
    environment: Environment,
    amazon: Amazon,
}

impl Parts {
    /// Parts of this environment and these clients.
    pub fn new(environment: Environment, amazon: Amazon) -> Self {
        Self { environment, amazon }
    }

    /// The count of what the clients of these parts send.
    pub fn round_trips(&self) -> RoundTrips {
        self.amazon.round_trips()
    }

    /// The table.
    pub fn table(&self) -> Result<Table, BadConfig> {
        Ok(Table::new(self.amazon.dynamodb(), self.environment.table()?))
    }

    /// Addresses.
    pub fn links(&self) -> Result<Links, BadConfig> {
        self.environment.links()
    }

    /// What operations of staff work with.
    pub fn desk(&self) -> Result<Desk, BadConfig> {
        Ok(Desk { table: self.table()?, clock: clock(), timers: self.timers()?, queue: self.queue()?, links: self.links()? })
    }

    /// What `relay` and `sweep` work with.
    pub fn relay(&self) -> Result<Relay, BadConfig> {
        Ok(Relay { table: self.table()?, queue: self.queue()?, timers: self.timers()?, clock: clock() })
    }

    /// What the workers that send mail work with.
    pub fn post(&self) -> Result<Post, BadConfig> {
        let (amazon, set) = (self.amazon.clone(), self.environment.configuration_set()?.to_owned());
        let mailer = Late::new(move || SesMailer::new(amazon.ses(), &set));
        Ok(Post { table: self.table()?, clock: clock(), mailer: Arc::new(mailer), links: self.links()? })
    }

    /// What the worker of what lies ahead works with.
    pub fn horizon(&self) -> Result<Horizon, BadConfig> {
        Ok(Horizon { table: self.table()?, clock: clock(), timers: self.timers()?, queue: self.queue()? })
    }

    fn queue(&self) -> Result<Arc<dyn Queue>, BadConfig> {
        let (amazon, urls) = (self.amazon.clone(), self.environment.queues()?);
        Ok(Arc::new(Late::new(move || SqsQueues::new(amazon.sqs(), urls))))
    }

    fn timers(&self) -> Result<Arc<dyn Timers>, BadConfig> {
        let (amazon, target) = (self.amazon.clone(), self.environment.timers()?);
        Ok(Arc::new(Late::new(move || Schedules::new(amazon.scheduler(), target))))
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, SdkConfig};

    use super::*;

    const RELAY: [(&str, &str); 9] = [
        ("HOURKEEP_TABLE", "hourkeep"),
        ("HOURKEEP_QUEUE_INVITES", "https://sqs.test/1/invites"),
        ("HOURKEEP_QUEUE_CANCELLATIONS", "https://sqs.test/1/cancellations"),
        ("HOURKEEP_QUEUE_REMINDERS", "https://sqs.test/1/reminders"),
        ("HOURKEEP_QUEUE_SERIES", "https://sqs.test/1/series"),
        ("HOURKEEP_SCHEDULE_GROUP", "hourkeep"),
        ("HOURKEEP_SCHEDULER_ROLE_ARN", "arn:aws:iam::1:role/scheduler"),
        ("HOURKEEP_REMINDERS_QUEUE_ARN", "arn:aws:sqs:us-east-1:1:reminders"),
        ("HOURKEEP_REMINDERS_DEAD_LETTER_ARN", "arn:aws:sqs:us-east-1:1:dead"),
    ];
    const LINKS: [(&str, &str); 3] = [
        ("HOURKEEP_BASE_URL", "https://app.hourkeep.test"),
        ("HOURKEEP_MAIL_DOMAIN", "mail.hourkeep.test"),
        ("HOURKEEP_MANAGE_KEY", "0123456789abcdef0123456789abcdef"),
    ];

    fn parts(variables: &[(&str, &str)]) -> Parts {
        let amazon = Amazon::of(SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build());
        Parts::new(variables.iter().copied().collect(), amazon)
    }

    #[test]
    fn a_function_needs_the_variables_of_its_own_parts_alone() {
        assert!(parts(&RELAY).relay().is_ok());
        assert!(parts(&RELAY).horizon().is_ok());
        assert!(parts(&[&RELAY[..], &LINKS[..]].concat()).desk().is_ok());
        let mail = [&RELAY[..1], &LINKS[..], &[("HOURKEEP_SES_CONFIGURATION_SET", "mail")]].concat();
        assert!(parts(&mail).post().is_ok());
    }

    #[test]
    fn each_missing_variable_keeps_a_function_from_starting() {
        for missing in 0..RELAY.len() {
            let mut some = RELAY.to_vec();
            let (name, _) = some.remove(missing);
            assert_eq!(parts(&some).relay().err(), Some(BadConfig::Missing(name)));
        }
    }
}
