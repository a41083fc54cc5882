//! A session's life from its booking to its mail: everything that a deployment runs, built as functions build it, with the
//! services in between.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_dynamodbstreams::types::{AttributeValue, ShardIteratorType};
use axum::{Extension, Router, body::Body, http::Request};
use chrono::{DateTime, Utc};
use hourkeep_app::{
    caller::{Correlation, Principal},
    desk::Desk,
    job::Job,
    platform::{Founding, Platform},
    port::Clock,
    work::{Done, Post, Relay},
};
use hourkeep_aws::{config::Environment, parts::Parts, stream::each_event};
use hourkeep_domain::{
    event::Event,
    money::Currency,
    text::{Email, Name, Slug},
    zone::Zone,
};
use hourkeep_http::router;
use hourkeep_store::{PENDING_SHARDS, Stored, Table};
use mail_parser::{MessageParser, MimeHeaders as _};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{account::Account, jobs::jobs};

const NOW: &str = "2026-11-30T15:00:00Z";
const ISSUER: &str = "https://id.hourkeep.test";
const CORRELATION: &str = "JKJaXmPLvHcESHA=";

struct Standing(DateTime<Utc>);

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// What functions are told, of things that are in the account.
async fn environment(account: &Account) -> Environment {
    account.verify("mail.hourkeep.test").await;
    account.amazon().scheduler().create_schedule_group().name("hourkeep").send().await.unwrap();
    let variables = [
        ("HOURKEEP_TABLE", account.table().await.name().to_owned()),
        ("HOURKEEP_QUEUE_INVITES", account.queue("invites").await),
        ("HOURKEEP_QUEUE_CANCELLATIONS", account.queue("cancellations").await),
        ("HOURKEEP_QUEUE_REMINDERS", account.queue("reminders").await),
        ("HOURKEEP_QUEUE_SERIES", account.queue("series").await),
        ("HOURKEEP_SCHEDULE_GROUP", "hourkeep".to_owned()),
        ("HOURKEEP_SCHEDULER_ROLE_ARN", "arn:aws:iam::123456789012:role/scheduler".to_owned()),
        ("HOURKEEP_REMINDERS_QUEUE_ARN", "arn:aws:sqs:us-east-1:123456789012:reminders".to_owned()),
        ("HOURKEEP_REMINDERS_DEAD_LETTER_ARN", "arn:aws:sqs:us-east-1:123456789012:reminders-dead".to_owned()),
        ("HOURKEEP_SES_CONFIGURATION_SET", "hourkeep-mail".to_owned()),
        ("HOURKEEP_MAIL_DOMAIN", "mail.hourkeep.test".to_owned()),
        ("HOURKEEP_BASE_URL", "https://app.hourkeep.test".to_owned()),
        ("HOURKEEP_MANAGE_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
    ];
    variables.into_iter().collect()
}

/// The API as Ada calls it.
struct Ada(Router);

impl Ada {
    async fn get(&self, path: &str) -> Value {
        self.send(Request::get(path).body(Body::empty()).unwrap(), 200).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap(), 201).await
    }

    async fn send(&self, request: Request<Body>, status: u16) -> Value {
        let answer = self.0.clone().oneshot(request).await.unwrap();
        let (answered, body) = (answer.status(), answer.into_body());
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(answered, status, "{}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap()
    }
}

async fn found(platform: &Platform) {
    let founding = Founding {
        name: Name::parse("Harbour Clinic").unwrap(),
        slug: Slug::parse("harbour-clinic").unwrap(),
        zone: Zone::parse("America/Vancouver").unwrap(),
        currency: Currency::parse("CAD").unwrap(),
        policies: serde_json::from_value(json!({})).unwrap(),
        director: Name::parse("Ada Adair").unwrap(),
        email: Email::parse("ada@hourkeep.test").unwrap(),
        weekly_hours: serde_json::from_value(json!([])).unwrap(),
        issuer: ISSUER.to_owned(),
        subject: "ada".to_owned(),
    };
    platform.found(&founding).await.unwrap();
}

/// All that the table's stream holds, as Lambda hands it over.
async fn stream(account: &Account, table: &Table) -> Value {
    let streams = aws_sdk_dynamodbstreams::Client::new(&account.config);
    let arn = streams.list_streams().table_name(table.name()).send().await.unwrap().streams()[0].stream_arn().unwrap().to_owned();
    let described = streams.describe_stream().stream_arn(&arn).send().await.unwrap().stream_description.unwrap();
    let mut records = Vec::new();
    for shard in described.shards() {
        let iterator = streams.get_shard_iterator().stream_arn(&arn).shard_id(shard.shard_id().unwrap());
        let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap().shard_iterator;
        let got = streams.get_records().set_shard_iterator(iterator).send().await.unwrap();
        records.extend(got.records().iter().map(|record| {
            let change = record.dynamodb().unwrap();
            json!({
                "eventID": record.event_id(),
                "eventName": record.event_name().unwrap().as_str(),
                "eventVersion": record.event_version(),
                "eventSource": "aws:dynamodb",
                "awsRegion": record.aws_region(),
                "dynamodb": {
                    "ApproximateCreationDateTime": 0,
                    "Keys": item(change.keys().unwrap()),
                    "NewImage": change.new_image().map(item).unwrap_or_default(),
                    "SequenceNumber": change.sequence_number(),
                    "SizeBytes": 0,
                    "StreamViewType": change.stream_view_type().unwrap().as_str(),
                },
            })
        }));
    }
    json!({ "Records": records })
}

fn item(attributes: &HashMap<String, AttributeValue>) -> Value {
    attributes.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the kinds that are never written, and what Amazon may add")]
fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(yes) => json!({ "BOOL": yes }),
        AttributeValue::Null(yes) => json!({ "NULL": yes }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(attribute).collect::<Vec<_>>() }),
        AttributeValue::M(values) => json!({ "M": item(values) }),
        other => panic!("nothing of ours is written like this: {other:?}"),
    }
}

async fn pending(table: &Table) -> Vec<Stored<Event>> {
    let mut all = Vec::new();
    for shard in 0..PENDING_SHARDS {
        all.extend(table.pending::<Event>(shard, "2027").await.unwrap());
    }
    all
}

#[tokio::test]
async fn a_booking_becomes_an_invitation_at_ses_and_a_timer_at_scheduler() {
    let account = Account::open();
    let environment = environment(&account).await;
    let invites = environment.queues().unwrap().invites;
    let parts = Parts::new(environment, account.amazon());
    let clock: Arc<dyn Clock> = Arc::new(Standing(NOW.parse().unwrap()));
    let table = parts.table().unwrap();
    found(&Platform { table: table.clone(), clock: clock.clone() }).await;

    // Functions that answer requests.
    let desk = Desk { clock: clock.clone(), ..parts.desk().unwrap() };
    let principal = Principal { issuer: ISSUER.to_owned(), subject: "ada".to_owned(), hint: None };
    let ada = Ada(router::all(desk).layer(Extension(principal)).layer(Extension(Correlation::new(CORRELATION))));
    let practitioners = ada.get("/v1/practitioners").await;
    let client = json!({
        "first_name": "Mia", "practitioner_ids": [practitioners["items"][0]["id"]], "reminder_channels": ["email"],
        "contacts": [{ "name": "Gil Moreau", "kind": "guardian", "email": "gil@family.test" }],
    });
    let client = ada.post("/v1/clients", client).await;
    let wish = json!({
        "clients": [{ "client_id": client["id"] }], "local_start": "2026-12-10T09:00", "length_minutes": 50,
        "invite": { "send": true }, "reminders": [{ "days_before": 2, "channel": "email" }],
    });
    let session = ada.post("/v1/sessions", wish).await;
    let [waiting] = &pending(&table).await[..] else { panic!("one event waits") };
    assert_eq!(waiting.correlation, Some(Correlation::new(CORRELATION)));

    // The relay.
    let relay = Relay { clock: clock.clone(), ..parts.relay().unwrap() };
    let batch = serde_json::from_value(stream(&account, &table).await).unwrap();
    let answer = each_event(batch, async |event: Stored<Event>| relay.hand_on(&event).await).await;
    assert!(answer.batch_item_failures.is_empty(), "{answer:?}");
    assert_eq!(pending(&table).await, []);
    let timers = account.amazon().scheduler().list_schedules().group_name("hourkeep").send().await.unwrap();
    let [timer] = timers.schedules() else { panic!("{timers:?}") };
    assert!(timer.name().unwrap().starts_with(session["id"].as_str().unwrap()), "{timer:?}");

    // The worker.
    let post = Post { clock, ..parts.post().unwrap() };
    let [dispatch] = &jobs(&account, &invites).await[..] else { panic!("one job") };
    assert!(matches!(dispatch.job, Job::Invite(_)));
    assert_eq!(dispatch.correlation, Some(Correlation::new(CORRELATION)));
    assert_eq!(post.deliver(&dispatch.job).await.unwrap(), Done::Sent);
    assert_eq!(post.deliver(&dispatch.job).await.unwrap(), Done::Nothing);

    let [taken] = &account.mails().await[..] else { panic!("one mail") };
    assert_eq!(taken["source"], "harbour-clinic@mail.hourkeep.test");
    assert_eq!(taken["destinations"][0], "gil@family.test");
    let mail = MessageParser::new().parse(taken["raw_data"].as_str().unwrap()).unwrap();
    let calendar = mail.parts.iter().find(|part| part.is_content_type("text", "calendar")).unwrap();
    assert_eq!(calendar.content_type().unwrap().attribute("method").unwrap(), "REQUEST");
    let text = calendar.text_contents().unwrap();
    assert!(text.contains("DTSTART:20261210T160000Z"), "nine o'clock in Vancouver is at UTC-7 since 2026: {text}");
}
