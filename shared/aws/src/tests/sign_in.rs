//! Cognito's question before it makes tokens, answered over a table that is there, or is not.

use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::config::{Credentials, Region, SharedCredentialsProvider, retry::RetryConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hourkeep_app::platform::{Founding, Platform};
use hourkeep_domain::{
    hours::WeeklyHours,
    ids::PracticeId,
    money::Currency,
    people::Membership,
    practice::Policies,
    text::{Email, Name, Slug},
    zone::Zone,
};
use hourkeep_store::{Item, create_table, key};
use hourkeep_testkit::{Dynamo, Fault, Log, Script, Wire};
use serde_json::{Value, json};

use super::{events::sample, lines::Lines};
use crate::{clients::Amazon, parts::Parts, sign_in::name_practice};

const EVENT: &str = include_str!("../../../../events/cognito-pre-token-generation.json");
const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example";

/// A table, and what Cognito asks.
struct Pool {
    parts: Parts,
    platform: Platform,
    script: Script,
    log: Log,
    _dynamo: Dynamo,
}

impl Pool {
    async fn new() -> Self {
        let dynamo = Dynamo::start().await;
        create_table(&dynamo.quiet_client(), "hourkeep").await.unwrap();
        let (script, log) = (Script::new(), Log::default());
        let config = aws_config::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(dynamo.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test")))
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .http_client(SharedHttpClient::new(Wire::on_loopback(script.clone(), log.clone())))
            .build();
        // It is given the table's name and nothing else.
        let parts = Parts::new([("HOURKEEP_TABLE", "hourkeep")].into_iter().collect(), Amazon::of(config));
        let platform = Platform { table: parts.table().unwrap(), clock: Arc::new(crate::clock::SystemClock) };
        Self { parts, platform, script, log, _dynamo: dynamo }
    }

    /// Founds a practice whose director is the user of the sample.
    async fn found(&self, slug: &str) -> PracticeId {
        let founding = Founding {
            name: Name::parse(slug).unwrap(),
            slug: Slug::parse(slug).unwrap(),
            zone: Zone::parse("America/Vancouver").unwrap(),
            currency: Currency::parse("CAD").unwrap(),
            policies: Policies::default(),
            director: Name::parse("Ada").unwrap(),
            email: Email::parse("ada@demo.test").unwrap(),
            weekly_hours: WeeklyHours::default(),
            issuer: ISSUER.to_owned(),
            subject: subject(),
        };
        let practice = self.platform.found(&founding).await.unwrap();
        drop(self.log.take());
        practice
    }

    async fn leave(&self, practice: PracticeId) {
        let place = key::membership(ISSUER, &subject(), practice);
        let member = self.platform.table.get::<Membership>(&place).await.unwrap().unwrap();
        let gone = Membership { active: false, ..member.body };
        self.platform.table.put(Item::new(place, &gone).unwrap().revision(member.revision + 1)).await.unwrap();
        drop(self.log.take());
    }

    async fn ask(&self, event: Value) -> Value {
        name_practice(&self.platform, &self.parts.round_trips(), event).await
    }

    fn requests(&self) -> usize {
        self.log.take().0.len()
    }
}

fn subject() -> String {
    sample(EVENT)["request"]["userAttributes"]["sub"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn who_works_in_one_practice_bears_it_in_both_tokens() {
    let pool = Pool::new().await;
    let practice = pool.found("harbour-clinic").await;
    let named = json!({"claimsToAddOrOverride": {"hourkeep:practice": practice.to_string()}});
    let mut expected = sample(EVENT);
    expected["response"] = json!({"claimsAndScopeOverrideDetails": {"accessTokenGeneration": named, "idTokenGeneration": named}});
    assert_eq!(pool.ask(sample(EVENT)).await, expected);
    assert_eq!(pool.requests(), 1, "one query");
}

#[tokio::test]
async fn what_others_wrote_into_the_answer_stays() {
    let pool = Pool::new().await;
    pool.found("harbour-clinic").await;
    let mut event = sample(EVENT);
    event["response"] = json!({"claimsAndScopeOverrideDetails": {
        "accessTokenGeneration": {"claimsToAddOrOverride": {"other": "1"}, "scopesToAdd": ["x"]},
        "groupOverrideDetails": {"groupsToOverride": ["g"]},
    }});
    let details = pool.ask(event).await["response"]["claimsAndScopeOverrideDetails"].take();
    assert_eq!(details["accessTokenGeneration"]["claimsToAddOrOverride"]["other"], "1");
    assert!(details["accessTokenGeneration"]["claimsToAddOrOverride"]["hourkeep:practice"].is_string());
    assert_eq!(details["accessTokenGeneration"]["scopesToAdd"], json!(["x"]));
    assert_eq!(details["groupOverrideDetails"], json!({"groupsToOverride": ["g"]}));
}

#[tokio::test]
async fn who_works_nowhere_or_in_several_practices_bears_none() {
    let pool = Pool::new().await;
    assert_eq!(pool.ask(sample(EVENT)).await, sample(EVENT));
    pool.found("harbour-clinic").await;
    let left = pool.found("other-clinic").await;
    assert_eq!(pool.ask(sample(EVENT)).await, sample(EVENT));
    pool.leave(left).await;
    assert_ne!(pool.ask(sample(EVENT)).await, sample(EVENT), "where someone is no member any more does not count");
}

#[tokio::test]
async fn whom_another_pool_vouches_for_is_someone_else() {
    let pool = Pool::new().await;
    pool.found("harbour-clinic").await;
    for (field, other) in [("userPoolId", "us-east-1_OTHER"), ("region", "eu-west-1")] {
        let mut event = sample(EVENT);
        event[field] = other.into();
        assert_eq!(pool.ask(event.clone()).await, event);
    }
}

/// Events of version 3 come for machines too, and have no user in them.
#[tokio::test]
async fn a_machines_tokens_stay_as_they_are() {
    let pool = Pool::new().await;
    pool.found("harbour-clinic").await;
    let mut machine = sample(EVENT);
    machine["version"] = "3".into();
    machine["triggerSource"] = "TokenGeneration_ClientCredentials".into();
    machine["request"] = json!({"scopes": ["hourkeep/act"]});
    for event in [machine, json!({}), json!(null), json!({"request": {"userAttributes": {"sub": 7}}})] {
        assert_eq!(pool.ask(event.clone()).await, event);
    }
    assert_eq!(pool.requests(), 0);
}

#[tokio::test]
async fn a_table_that_cannot_be_reached_keeps_nobody_from_signing_in() {
    for fault in Fault::ALL {
        let pool = Pool::new().await;
        pool.found("harbour-clinic").await;
        pool.script.add(fault.at(0).forever());
        let lines = Lines::of("name-practice");
        assert_eq!(pool.ask(sample(EVENT)).await, sample(EVENT), "{fault:?}");
        let text = lines.text();
        assert!(text.contains("WARN") && text.contains("a sign-in goes without the practice"), "{text}");
        assert!(!text.contains("ada@practice.test") && !text.contains(&subject()), "{text}");
        pool.script.clear();
        assert_ne!(pool.ask(sample(EVENT)).await, sample(EVENT));
    }
}

/// Cognito gives up after five seconds; a table that never answers must not take them all.
#[tokio::test]
async fn a_table_that_is_silent_keeps_nobody_from_signing_in() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let pool = Pool::new().await;
    let config = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(address)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test")))
        .http_client(SharedHttpClient::new(Wire::on_loopback(Script::new(), Log::default())))
        .build();
    let parts = Parts::new([("HOURKEEP_TABLE", "hourkeep")].into_iter().collect(), Amazon::of(config));
    let platform = Platform { table: parts.table().unwrap(), ..pool.platform };
    // The listener takes the connection and never says a word.
    assert_eq!(name_practice(&platform, &parts.round_trips(), sample(EVENT)).await, sample(EVENT));
    drop(silent);
}

#[tokio::test]
async fn a_line_of_the_journal_says_what_it_came_to() {
    let pool = Pool::new().await;
    let practice = pool.found("harbour-clinic").await.to_string();
    let lines = Lines::of("name-practice");
    pool.ask(sample(EVENT)).await;
    let [line] = &lines.take()[..] else { panic!("one line") };
    assert_eq!((&line["operation"], &line["outcome"], &line["round_trips"]), (&json!("name_practice"), &json!("named"), &json!(1)));
    assert_eq!(line["practice"], practice);
}
