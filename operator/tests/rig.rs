//! A house whose wire and ports follow a script.

use std::sync::Arc;

use aws_sdk_dynamodb::{config::SharedHttpClient, types::AttributeValue};
use chrono::{DateTime, Duration, Utc};
use hourkeep_local::{Options, Ports};
use hourkeep_testkit::{Log, Script, Wire, ports::Scripted};
use hourkeep_tests::House;

pub(crate) struct Rig {
    pub(crate) house: House,
    pub(crate) script: Script,
    log: Log,
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// A house with other options; what they put around the ports is nearer to them than the script.
    pub(crate) async fn with(options: Options) -> Self {
        let (script, log) = (Script::new(), Log::default());
        let http = SharedHttpClient::new(Wire::on_loopback(script.clone(), log.clone()));
        let follows = script.clone();
        let inner = options.around;
        let around = move |ports: Ports| {
            let ports = match inner {
                Some(inner) => inner(ports),
                None => ports,
            };
            Ports {
                timers: Arc::new(Scripted::over(ports.timers, follows.clone())),
                queue: Arc::new(Scripted::over(ports.queue, follows.clone())),
                mailer: Arc::new(Scripted::over(ports.mailer, follows)),
            }
        };
        let options = Options { http: Some(http), around: Some(Box::new(around)), ..options };
        Self { house: House::with(options).await, script, log }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.house.server.desk().clock.now()
    }

    /// Lets time pass, through every due moment.
    pub(crate) async fn pass(&self, time: Duration) {
        self.house.server.advance(self.now() + time).await.unwrap();
        drop(self.log.take());
    }

    /// Takes all faults away, and lets so much time pass that leases end, queues hand out again and the sweep runs.
    pub(crate) async fn heal(&self) {
        self.script.clear();
        self.house.drain().await;
        self.pass(Duration::hours(2)).await;
    }

    /// Every record of the table, by its place.
    pub(crate) async fn records(&self) -> Vec<Record> {
        let database = self.house.server.database();
        let (mut records, mut start) = (Vec::new(), None);
        loop {
            let page = database.scan().table_name("hourkeep").set_exclusive_start_key(start).send().await.unwrap();
            records.extend(page.items.into_iter().flatten().map(Record));
            start = page.last_evaluated_key;
            if start.is_none() {
                return records;
            }
        }
    }

    /// No event is left to be handed on.
    pub(crate) async fn is_settled(&self) {
        let records = self.records().await;
        let pending: Vec<_> = records.iter().filter(|record| record.0.contains_key("pending")).map(Record::place).collect();
        assert!(pending.is_empty(), "{pending:?}");
    }
}

/// A record as it stands in the table.
pub(crate) struct Record(pub(crate) std::collections::HashMap<String, AttributeValue>);

impl Record {
    /// Partition and place.
    pub(crate) fn place(&self) -> (String, String) {
        let text = |name: &str| self.0[name].as_s().unwrap().clone();
        (text("pk"), text("sk"))
    }
}
