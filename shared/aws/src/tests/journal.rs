//! The journal's line of each kind of work.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_lambda_events::{dynamodb::Event as StreamBatch, sqs::SqsEvent};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hourkeep_app::{
    platform::{Founding, Platform},
    port::PortError,
    work::{Done, HandedOn, Swept, WorkError},
};
use hourkeep_domain::{
    hours::WeeklyHours,
    ids::PracticeId,
    money::Currency,
    practice::Policies,
    text::{Email, Name, Slug},
    zone::Zone,
};
use hourkeep_store::create_table;
use hourkeep_testkit::{Dynamo, Fault, Log, Script, Wire};
use http::Response;
use http_body::{Body, Frame};
use lambda_http::{Adapter, request::LambdaRequest};
use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};
use tower::{Layer as _, Service as _, ServiceExt as _, service_fn};
use tracing::Span;

use super::{
    events::{HTTP, INVITE, REMINDER, STREAM, sample},
    lines::{Lines, metrics_of},
};
use crate::{
    claims::Claims,
    clients::{Amazon, RoundTrips},
    clock::SystemClock,
    journal::{answering, counted},
    parts::Parts,
    queue::each_job,
    stream::each_event,
    sweep,
};

/// Names and words that no log may repeat.
const HOSTILE: [&str; 6] =
    ["Zebedee", "O'Quux\"; \n{\"level\": \"ERROR\"}", "zeb@quux.test", "xylophobia", "+1 604 555 0199", "4 Plover Lane"];

/// The functions' own routers, parts and clients over an embedded table.
struct House {
    parts: Parts,
    practice: PracticeId,
    script: Script,
    log: Log,
    _dynamo: Dynamo,
}

impl House {
    async fn new() -> Self {
        let dynamo = Dynamo::start().await;
        create_table(&dynamo.quiet_client(), "hourkeep").await.unwrap();
        let (script, log) = (Script::new(), Log::default());
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(dynamo.endpoint())
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test")))
            .retry_config(RetryConfig::standard().with_initial_backoff(std::time::Duration::from_millis(1)))
            .http_client(SharedHttpClient::new(Wire::on_loopback(script.clone(), log.clone())))
            .build();
        let parts = Parts::new(environment().into_iter().collect(), Amazon::of(config));
        let platform = Platform { table: parts.table().unwrap(), clock: Arc::new(SystemClock) };
        let claims = &sample(HTTP)["requestContext"]["authorizer"]["jwt"]["claims"];
        let founding = Founding {
            name: Name::parse("Plover Lane Clinic").unwrap(),
            slug: Slug::parse("plover-lane").unwrap(),
            zone: "America/Vancouver".parse::<Zone>().unwrap(),
            currency: Currency::parse("CAD").unwrap(),
            policies: Policies::default(),
            director: Name::parse("Zebedee Quux").unwrap(),
            email: Email::parse("zeb@quux.test").unwrap(),
            weekly_hours: WeeklyHours::default(),
            issuer: claims["iss"].as_str().unwrap().to_owned(),
            subject: claims["sub"].as_str().unwrap().to_owned(),
        };
        let practice = platform.found(&founding).await.unwrap();
        let _ = log.take();
        Self { parts, practice, script, log, _dynamo: dynamo }
    }

    /// The request as API Gateway would send it.
    fn event(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut event = sample(HTTP);
        event["headers"].as_object_mut().unwrap().remove("idempotency-key");
        event["rawPath"] = path.into();
        event["body"] = body.to_string().into();
        event["requestContext"]["http"]["method"] = method.into();
        event["requestContext"]["http"]["path"] = path.into();
        event["requestContext"]["authorizer"]["jwt"]["claims"]["hourkeep:practice"] = self.practice.to_string().into();
        event
    }

    /// Hands an event to the function of reads and settings, as the runtime does. Answers the status.
    async fn answer(&self, event: &Value) -> i64 {
        let router = hourkeep_http::router::Function::Api.router(self.parts.desk().unwrap());
        let mut function = Adapter::from(answering(Claims.layer(router), self.parts.round_trips()));
        let payload: LambdaRequest = serde_json::from_value(event.clone()).unwrap();
        let mut context = lambda_runtime::Context::default();
        "invocation-1".clone_into(&mut context.request_id);
        let response = function.ready().await.unwrap().call(LambdaEvent::new(payload, context)).await.unwrap();
        serde_json::to_value(response).unwrap()["statusCode"].as_i64().unwrap()
    }

    /// How many requests went over the wire since the last time.
    fn sent(&self) -> usize {
        self.log.take().requests()
    }
}

fn environment() -> [(&'static str, &'static str); 12] {
    [
        ("HOURKEEP_TABLE", "hourkeep"),
        ("HOURKEEP_QUEUE_INVITES", "https://sqs.test/1/invites"),
        ("HOURKEEP_QUEUE_CANCELLATIONS", "https://sqs.test/1/cancellations"),
        ("HOURKEEP_QUEUE_REMINDERS", "https://sqs.test/1/reminders"),
        ("HOURKEEP_QUEUE_SERIES", "https://sqs.test/1/series"),
        ("HOURKEEP_SCHEDULE_GROUP", "hourkeep"),
        ("HOURKEEP_SCHEDULER_ROLE_ARN", "arn:aws:iam::1:role/scheduler"),
        ("HOURKEEP_REMINDERS_QUEUE_ARN", "arn:aws:sqs:us-east-1:1:reminders"),
        ("HOURKEEP_REMINDERS_DEAD_LETTER_ARN", "arn:aws:sqs:us-east-1:1:dead"),
        ("HOURKEEP_BASE_URL", "https://app.hourkeep.test"),
        ("HOURKEEP_MAIL_DOMAIN", "mail.hourkeep.test"),
        ("HOURKEEP_MANAGE_KEY", "0123456789abcdef0123456789abcdef"),
    ]
}

#[tokio::test]
async fn a_request_that_is_done_says_what_it_was_for_whom_and_what_it_cost() {
    let house = House::new().await;
    let lines = Lines::of("api");
    assert_eq!(house.answer(&house.event("GET", "/v1/practice", &Value::Null)).await, 200);
    let line = lines.only();
    assert_eq!((&line["level"], &line["message"], &line["target"]), (&"INFO".into(), &"request".into(), &"journal".into()));
    assert_eq!(line["operation"], "GET /v1/practice");
    assert_eq!(line["practice"], house.practice.to_string());
    assert_eq!((&line["status"], &line["outcome"], line.get("problem")), (&200.into(), &"done".into(), None));
    assert_eq!(line["request_id"], "invocation-1");
    assert_eq!(line["correlation"], sample(HTTP)["requestContext"]["requestId"]);
    assert!(line["duration_ms"].is_u64());
    let sent = house.sent();
    assert_eq!(line["round_trips"], sent);
    assert!(sent > 0);
    assert_eq!(line.get("_aws"), None, "what goes well is no metric");
}

#[tokio::test]
async fn a_request_that_is_refused_says_why() {
    let house = House::new().await;
    let lines = Lines::of("api");
    let mut event = house.event("PATCH", "/v1/clients/cli_01m7t296zp1wgpsbaa4t6h2vpe", &json!({"first_name": "Zebedee"}));
    assert_eq!(house.answer(&event).await, 404);
    let line = lines.only();
    assert_eq!(line["operation"], "PATCH /v1/clients/{id}");
    assert_eq!((&line["level"], &line["outcome"], &line["problem"]), (&"INFO".into(), &"refused".into(), &"not-found".into()));
    assert_eq!((metrics_of(&line), &line["Refused"]), (vec!["Refused"], &1.into()));
    assert_eq!((&line["_aws"]["CloudWatchMetrics"][0]["Namespace"], &line["Function"]), (&"Hourkeep/test".into(), &"api".into()));
    assert_eq!(line["practice"], house.practice.to_string());

    event["requestContext"]["authorizer"] = Value::Null;
    assert_eq!(house.answer(&event).await, 401);
    let line = lines.only();
    assert_eq!((&line["problem"], line.get("practice"), &line["round_trips"]), (&"unauthenticated".into(), None, &0.into()));
}

#[tokio::test]
async fn of_an_address_that_is_not_ours_the_log_repeats_nothing() {
    let house = House::new().await;
    let lines = Lines::of("api");
    assert_eq!(house.answer(&house.event("GET", "/v1/Zebedee", &Value::Null)).await, 404);
    let line = lines.only();
    assert_eq!((&line["outcome"], line.get("operation"), &line["problem"]), (&"refused".into(), None, &"not-found".into()));
    assert_eq!(house.answer(&house.event("ZEBEDEE", "/v1/practice", &Value::Null)).await, 405);
    assert_eq!(lines.only()["operation"], "OTHER /v1/practice");
}

#[tokio::test]
async fn a_request_that_fails_counts_every_attempt() {
    let house = House::new().await;
    let lines = Lines::of("api");
    house.script.add(Fault::Throttled.at(0).forever());
    assert_eq!(house.answer(&house.event("GET", "/v1/practice", &Value::Null)).await, 503);
    let both = lines.take();
    let [cause, line] = &both[..] else { panic!("{both:#?}") };
    assert_eq!((&cause["message"], &cause["correlation"]), (&"the store failed".into(), &line["correlation"]));
    assert_eq!((&line["level"], &line["outcome"], &line["problem"]), (&"ERROR".into(), &"failed".into(), &"unavailable".into()));
    assert_eq!((metrics_of(line), &line["Failed"]), (vec!["Failed"], &1.into()));
    let sent = house.sent();
    assert!(sent > 1, "the SDK repeats");
    assert_eq!(line["round_trips"], sent);

    house.script.clear();
    house.answer(&house.event("GET", "/v1/practice", &Value::Null)).await;
    assert_eq!(lines.only()["round_trips"], house.sent(), "each request has a count of its own");
}

#[tokio::test]
async fn nothing_that_people_are_called_or_write_is_logged() {
    let house = House::new().await;
    // The embedded server is no part of a function.
    let lines = Lines::with("trace,dynoxide=off", None);
    let [first, last, email, words, phone, street] = HOSTILE;
    let client = json!({
        "first_name": first, "last_name": last.replace('\n', " "),
        "contacts": [{"name": first, "kind": "guardian", "email": email}],
    });
    let location = json!({"name": street, "address": {"line1": street}});
    let mut statuses = Vec::new();
    for (method, path, body) in [
        ("POST", "/v1/clients", &client),
        ("POST", "/v1/clients", &json!({"first_name": last, "last_name": first, "notes": words, "phone": phone})),
        ("GET", &format!("/v1/clients/{words}"), &Value::Null),
        ("POST", "/v1/locations", &location),
        ("GET", "/s/ABCD-EFGH-JKMN", &Value::Null),
        ("PATCH", "/v1/practice", &json!({"name": words, "slug": words})),
    ] {
        statuses.push(house.answer(&house.event(method, path, body)).await);
    }
    house.script.add(Fault::NotSent.at(0).on("TransactWriteItems").forever());
    statuses.push(house.answer(&house.event("POST", "/v1/clients", &client)).await);
    assert!(statuses.contains(&201) && statuses.iter().any(|status| *status >= 500), "{statuses:?}");

    let text = lines.text();
    assert!(text.lines().count() > statuses.len(), "a line for each, and what failed");
    let claims = &sample(HTTP)["requestContext"]["authorizer"]["jwt"]["claims"];
    let secrets = [claims["sub"].as_str().unwrap(), "192.0.2.1", "ABCD-EFGH", "Bearer", "Quux"];
    for word in HOSTILE.iter().flat_map(|text| text.split(['\n', '"'])).chain(secrets).filter(|word| word.len() > 3) {
        assert!(word == "level" || word == "ERROR" || !text.contains(word), "{word:?} is in {text}");
    }
}

#[tokio::test]
async fn a_request_that_ends_without_an_answer_has_failed() {
    let lines = Lines::of("api");
    let request = lambda_http::request::from_str(&sample(HTTP).to_string()).unwrap();
    let router = service_fn(async |_| Ok::<Response<Broken>, Infallible>(Response::new(Broken)));
    drop(answering(router, RoundTrips::default()).call(request));
    let line = lines.only();
    assert_eq!((&line["outcome"], line.get("status")), (&"failed".into(), None));

    let request = lambda_http::request::from_str(&sample(HTTP).to_string()).unwrap();
    let mut body = answering(router, RoundTrips::default()).call(request).await.unwrap().into_body();
    assert_eq!(lines.take(), [] as [Value; 0], "it ends with its body");
    let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
    assert!(matches!(frame, Some(Err("broken"))));
    drop(body);
    let [within, line] = &lines.take()[..] else { panic!("two lines") };
    assert_eq!((&within["message"], &within["correlation"]), (&"reading".into(), &line["correlation"]));
    assert_eq!((&line["outcome"], line.get("status")), (&"failed".into(), None));
}

/// A body that cannot be read.
#[derive(Debug)]
struct Broken;

impl Body for Broken {
    type Data = &'static [u8];
    type Error = &'static str;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        tracing::info!("reading");
        Poll::Ready(Some(Err("broken")))
    }
}

fn failure(text: &str) -> WorkError {
    PortError { port: "SQS", source: text.into() }.into()
}

/// Hands a queue's messages to a worker that comes to this.
async fn work(bodies: &[&str], come_to: impl Fn() -> Result<Done, WorkError>) -> Value {
    let record = |(n, body): (usize, &&str)| json!({ "messageId": n.to_string(), "body": body });
    let records: Vec<Value> = bodies.iter().enumerate().map(record).collect();
    let batch: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
    let answer = each_job(batch, |_| async { come_to() }).await;
    serde_json::to_value(answer).unwrap()["batchItemFailures"].clone()
}

fn body(text: &str) -> String {
    sample(text)["Records"][0]["body"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_job_says_what_it_was_and_what_it_follows_from() {
    let lines = Lines::of("send-invite");
    let mut job: Value = serde_json::from_str(&body(INVITE)).unwrap();
    job["correlation"] = "JKJaXmPLvHcESHA=".into();
    work(&[&job.to_string()], || Ok(Done::Sent)).await;
    let line = lines.only();
    assert_eq!((&line["level"], &line["message"], &line["operation"]), (&"INFO".into(), &"job".into(), &"invite".into()));
    assert_eq!((&line["practice"], &line["session"]), (&job["practice"], &job["session"]));
    assert_eq!((&line["outcome"], &line["correlation"]), (&"sent".into(), &job["correlation"]));
    assert!(line["duration_ms"].is_u64());
    assert_eq!((metrics_of(&line), &line["MailsSent"], &line["Function"]), (vec!["MailsSent"], &1.into(), &"send-invite".into()));
}

#[tokio::test]
async fn a_job_says_what_became_of_it() {
    let lines = Lines::of("send-reminder");
    let mut old: Value = serde_json::from_str(&body(REMINDER)).unwrap();
    old.as_object_mut().unwrap().remove("correlation");
    let old = old.to_string();
    for (done, outcome, metrics) in [
        (Done::Nothing, "nothing", vec![]),
        (Done::Held, "held", vec![]),
        (Done::Changed, "changed", vec![]),
        (Done::Refused, "refused", vec!["MailsRefused"]),
        (Done::Sent, "sent", vec!["MailsSent"]),
    ] {
        work(&[&old], || Ok(done)).await;
        let line = lines.only();
        assert_eq!((&line["operation"], &line["outcome"]), (&"reminder".into(), &outcome.into()));
        assert_eq!((metrics_of(&line), line.get("correlation")), (metrics, None), "a job of an older release has no correlation");
    }
}

#[tokio::test]
async fn a_job_that_fails_has_one_line_with_its_causes() {
    let lines = Lines::of("send-invite");
    let answer = work(&[&body(INVITE), r#"{"job":"invite","practice":"prc_x"}"#], || Err(failure("away"))).await;
    assert_eq!(answer, json!([{ "itemIdentifier": "0" }, { "itemIdentifier": "1" }]));
    let [failed, unreadable] = &lines.take()[..] else { panic!("a line each") };
    assert_eq!((&failed["level"], &failed["outcome"], &failed["operation"]), (&"ERROR".into(), &"failed".into(), &"invite".into()));
    assert_eq!((&failed["error"], &failed["message_id"]), (&"SQS failed: away".into(), &"0".into()));
    assert!(failed["practice"].is_string() && failed["session"].is_string());
    assert_eq!(
        (&unreadable["outcome"], &unreadable["message_id"], unreadable.get("practice")),
        (&"failed".into(), &"1".into(), None)
    );
}

#[tokio::test]
async fn a_worker_says_how_many_requests_a_job_took_and_how_late_its_mail_was() {
    let lines = Lines::of("send-reminder");
    let house = House::new().await;
    let _ = lines.text();
    let (table, round_trips) = (house.parts.table().unwrap(), house.parts.round_trips());
    let (table, round_trips) = (&table, &round_trips);
    let batch: SqsEvent = serde_json::from_value(sample(REMINDER)).unwrap();
    let work = |_| async move {
        for _ in 0..2 {
            table.get::<Value>(&hourkeep_store::key::practice(house.practice)).await.unwrap();
        }
        Span::current().record("MailDelay", 1234);
        Ok::<_, WorkError>(Done::Sent)
    };
    each_job(batch, |dispatch| counted(round_trips, work(dispatch))).await;
    let line = lines.only();
    assert_eq!((&line["round_trips"], &line["MailDelay"]), (&2.into(), &1234.into()));
    assert_eq!(metrics_of(&line), ["MailsSent", "MailDelay"]);
    assert_eq!(house.sent(), 2);
}

/// Hands a record of the stream to a relay that comes to this.
async fn relay(batch: Value, come_to: impl Fn() -> Result<HandedOn, WorkError>) {
    let batch: StreamBatch = serde_json::from_value(batch).unwrap();
    each_event(batch, |_| async { come_to() }).await;
}

#[tokio::test]
async fn an_event_of_the_stream_says_what_it_follows_from() {
    let lines = Lines::of("relay");
    let mut batch = sample(STREAM);
    batch["Records"].as_array_mut().unwrap().truncate(1);
    batch["Records"][0]["dynamodb"]["NewImage"]["correlation"] = json!({ "S": "JKJaXmPLvHcESHA=" });
    let event = &batch["Records"][0]["dynamodb"]["NewImage"]["body"]["M"];
    let (practice, session) = (event["practice"]["S"].clone(), event["session"]["S"].clone());
    for (done, outcome) in [(HandedOn::All, "done"), (HandedOn::Held, "held")] {
        relay(batch.clone(), || Ok(done)).await;
        let line = lines.only();
        assert_eq!((&line["message"], &line["operation"], &line["outcome"]), (&"event".into(), &"relay".into(), &outcome.into()));
        assert_eq!((&line["practice"], &line["session"]), (&practice, &session));
        assert_eq!((&line["correlation"], metrics_of(&line)), (&"JKJaXmPLvHcESHA=".into(), vec![]));
    }
    relay(batch.clone(), || Err(failure("away"))).await;
    let line = lines.only();
    assert_eq!((&line["level"], &line["outcome"], &line["error"]), (&"ERROR".into(), &"failed".into(), &"SQS failed: away".into()));
    assert_eq!((&line["correlation"], &line["practice"]), (&"JKJaXmPLvHcESHA=".into(), &practice));
    assert!(line["sequence_number"].is_string());
}

/// The alarm on events that waited: namespace, name and dimension are those of `infra/template.yaml`.
#[tokio::test]
async fn the_sweep_says_what_the_alarm_on_pending_events_listens_to() {
    let lines = Lines::of("sweep");
    for handed_on in [0, 3] {
        sweep::told(&RoundTrips::default(), async move { Ok(Swept { handed_on, held: 2, reanchoring: 3, series: 4 }) })
            .await
            .unwrap();
        let line = lines.only();
        assert_eq!((&line["operation"], &line["outcome"]), (&"sweep".into(), &"done".into()));
        assert_eq!((&line["handed_on"], &line["held_back"], &line["round_trips"]), (&handed_on.into(), &2.into(), &0.into()));
        assert_eq!(line["reanchoring"], 3);
        assert_eq!(line["series"], 4);
        assert_eq!((&line["PendingEvents"], &line["Function"]), (&handed_on.into(), &"sweep".into()));
        let [directive] = &line["_aws"]["CloudWatchMetrics"].as_array().unwrap()[..] else { panic!("one") };
        let metric = json!({ "Name": "PendingEvents", "Unit": "Count" });
        let expected = json!({ "Namespace": "Hourkeep/test", "Dimensions": [["Function"]], "Metrics": [metric] });
        assert_eq!(*directive, expected);
    }
    let template = include_str!("../../../../infra/template.yaml");
    let alarm = template.split_once("MetricName: PendingEvents").unwrap();
    assert!(alarm.0.trim_end().ends_with("Namespace: !Sub Hourkeep/${AWS::StackName}"));
    assert!(alarm.1.trim_start().starts_with("Dimensions: [{Name: Function, Value: sweep}]"));
    assert!(template.contains("HOURKEEP_METRICS: !Sub Hourkeep/${AWS::StackName}"));
    assert!(include_str!("../../../../functions/Cargo.toml").contains("name = \"sweep\""), "the function's name is its binary's");
}

#[tokio::test]
async fn a_sweep_that_left_something_behind_says_so_and_fails() {
    let lines = Lines::of("sweep");
    let failed = sweep::told(&RoundTrips::default(), async { Err(failure("away")) }).await.unwrap_err();
    assert_eq!((&failed.error_type[..], &failed.error_message[..]), ("SweepFailed", "SQS failed: away"));
    let line = lines.only();
    assert_eq!((&line["level"], &line["outcome"], &line["error"]), (&"ERROR".into(), &"failed".into(), &"SQS failed: away".into()));
    assert_eq!(metrics_of(&line), [] as [&str; 0], "how many is not known");
}
