//! Everything that a function works with: the table of a practice, and moto's queues, schedules and mail, behind one
//! address that writes down each call.

use std::{collections::BTreeMap, io::Read as _};

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64;
use flate2::read::GzDecoder;
use hourkeep_app::port::Clock as _;
use hourkeep_aws::clock::SystemClock;
use hourkeep_local::{Begin, Options};
use hourkeep_tests::{Call, Function, House, Moto, Recorder, Reply, binary};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::samples::Samples;

/// The account that moto plays.
pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const TABLE: &str = "hourkeep";
pub(crate) const GROUP: &str = "hourkeep-timers";
pub(crate) const MAIL_DOMAIN: &str = "mail.hourkeep.example";
pub(crate) const CONFIGURATION_SET: &str = "hourkeep";
pub(crate) const TIMERS_ROLE: &str = "arn:aws:iam::123456789012:role/hourkeep-timers";
const MANAGE_KEY: &str = "a-key-of-manage-links-that-nobody-knows";
const SECRET: &str = "a-secret-access-key-that-nobody-knows";

/// Who signs in by the samples: their names stand in records and must not stand in logs.
const DIRECTOR: &str = "Zebedee Quux";

/// Names, addresses, notes and secrets that are in use, as the table or a request has them.
const UNSPEAKABLE: [&str; 18] = [
    DIRECTOR,
    "Ada Adair",
    "Ben Bellamy",
    "Mia",
    "Moreau",
    "Aunt Ida",
    "Nilsson",
    "Erin Ennis",
    "@family.test",
    "@demo.test",
    "555 0142",
    "The school play",
    "The family is ill",
    "Ring twice",
    "Harbour Clinic",
    MANAGE_KEY,
    SECRET,
    "BEGIN:VCALENDAR",
];

/// A practice, and whatever its functions reach.
pub(crate) struct Stage {
    /// The practice, whose own clock stands three hours ago: functions have the machine's.
    pub(crate) house: House,
    /// The practice's id.
    pub(crate) practice: String,
    /// When it all began.
    pub(crate) now: DateTime<Utc>,
    /// What Lambda would hand to the functions.
    pub(crate) samples: Samples,
    /// In between.
    pub(crate) recorder: Recorder,
    /// What nobody may read in a log, beside what is known from the start.
    pub(crate) secrets: Vec<String>,
    /// The calls so far, with the function that made them.
    pub(crate) calls: Vec<(&'static str, Call)>,
    moto: Moto,
    http: Client,
    functions: BTreeMap<&'static str, Function>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let now = SystemClock.now();
        let house = House::with(Options { clock: Begin::Standing(now - Duration::hours(3)), ..Options::default() }).await;
        let practice = house.ada.get("/v1/practice").await.expect(200).text_of("/id");
        let samples = Samples::of(&house, &practice, now);
        // Whom the samples' tokens name.
        let claims = Samples::claims();
        let director = json!({
            "issuer": claims["iss"], "subject": claims["sub"], "name": DIRECTOR, "role": "director", "practitioner_id": house.ada_id,
        });
        house.ada.post("/v1/members", director).await.expect(201);
        let moto = Moto::start();
        let recorder = Recorder::start(&house.server.database_url(), moto.url()).await;
        let stage = Self {
            house,
            practice,
            now,
            samples,
            recorder,
            secrets: Vec::new(),
            calls: Vec::new(),
            moto,
            http: Client::new(),
            functions: BTreeMap::new(),
        };
        for queue in ["invites", "cancellations", "reminders", "reminders-dead", "series"] {
            stage.sqs("CreateQueue", &json!({ "QueueName": queue })).await;
        }
        stage.amazon("scheduler", Method::POST, &format!("/schedule-groups/{GROUP}"), None, &json!({})).await;
        stage.amazon("ses", Method::POST, "/v2/email/identities", None, &json!({ "EmailIdentity": MAIL_DOMAIN })).await;
        stage
    }

    /// The environment of a function, as the template and Lambda set it.
    fn environment(&self) -> BTreeMap<&'static str, String> {
        Self::environment_beside(self.recorder.url(), self.moto.url())
    }

    /// The environment of a function that reaches Amazon at one address and knows queues by another one.
    pub(crate) fn environment_beside(amazon: &str, queues: &str) -> BTreeMap<&'static str, String> {
        let queue = |name: &str| format!("{queues}/{ACCOUNT}/{name}");
        let arn = |name: &str| format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}");
        BTreeMap::from([
            ("AWS_ENDPOINT_URL", amazon.to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_LAMBDA_FUNCTION_NAME", "hourkeep".to_owned()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
            ("HOURKEEP_TABLE", TABLE.to_owned()),
            ("HOURKEEP_QUEUE_INVITES", queue("invites")),
            ("HOURKEEP_QUEUE_CANCELLATIONS", queue("cancellations")),
            ("HOURKEEP_QUEUE_REMINDERS", queue("reminders")),
            ("HOURKEEP_QUEUE_SERIES", queue("series")),
            ("HOURKEEP_SCHEDULE_GROUP", GROUP.to_owned()),
            ("HOURKEEP_SCHEDULER_ROLE_ARN", TIMERS_ROLE.to_owned()),
            ("HOURKEEP_REMINDERS_QUEUE_ARN", arn("reminders")),
            ("HOURKEEP_REMINDERS_DEAD_LETTER_ARN", arn("reminders-dead")),
            ("HOURKEEP_SES_CONFIGURATION_SET", CONFIGURATION_SET.to_owned()),
            ("HOURKEEP_MAIL_DOMAIN", MAIL_DOMAIN.to_owned()),
            ("HOURKEEP_BASE_URL", "https://app.hourkeep.example".to_owned()),
            ("HOURKEEP_EXPORT_URL", "https://export.hourkeep.example".to_owned()),
            ("HOURKEEP_MANAGE_KEY", MANAGE_KEY.to_owned()),
            ("HOURKEEP_METRICS", "Hourkeep/test".to_owned()),
            ("HOURKEEP_LOG", "info".to_owned()),
        ])
    }

    /// Hands an event to a function, which is started if it does not run. What it logged is held against what no log may say.
    pub(crate) async fn call(&mut self, function: &'static str, event: &Value) -> Reply {
        if !self.functions.contains_key(function) {
            let started = Function::start(&binary(function), self.environment()).await;
            self.functions.insert(function, started);
        }
        let running = &self.functions[function];
        let before = running.lines().len();
        self.recorder.take();
        let reply = running.call(event.to_string()).await;
        assert_eq!(reply.status, 200, "{function}: {:?}", running.lines());
        let calls = self.recorder.take();
        let lines = &running.lines()[before..];
        for line in lines {
            let told = UNSPEAKABLE.into_iter().chain(self.secrets.iter().map(String::as_str)).find(|word| line.contains(word));
            assert!(told.is_none(), "{function} wrote {told:?} into its log: {line}");
            assert!(serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()), "{function} wrote no JSON: {line}");
        }
        let counted = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()?["round_trips"].as_u64());
        assert_eq!(counted.sum::<u64>(), calls.len() as u64, "{function} counts its requests: {lines:#?}");
        self.calls.extend(calls.into_iter().map(|call| (function, call)));
        reply
    }

    /// Hands an event to a function; answers with its answer.
    pub(crate) async fn invoke(&mut self, function: &'static str, event: &Value) -> Value {
        self.call(function, event).await.json()
    }

    /// Hands a request to a function, which must answer with this status; answers with the answer's body.
    pub(crate) async fn request(&mut self, function: &'static str, event: &Value, status: u16) -> Value {
        let answer = self.invoke(function, event).await;
        assert_eq!(answer["statusCode"], status, "{function}: {answer}");
        serde_json::from_str(&text_of(&answer)).unwrap()
    }

    /// The lines of a function's log.
    pub(crate) fn log(&self, function: &str) -> Vec<Value> {
        self.functions[function].log()
    }

    /// The jobs on a queue, which are gone from it then.
    pub(crate) async fn jobs(&self, queue: &str) -> Vec<Value> {
        let url = format!("{}/{ACCOUNT}/{queue}", self.moto.url());
        let mut jobs = Vec::new();
        loop {
            let received = self.sqs("ReceiveMessage", &json!({ "QueueUrl": url, "MaxNumberOfMessages": 10 })).await;
            let Some(messages) = received["Messages"].as_array().filter(|messages| !messages.is_empty()) else { return jobs };
            for message in messages {
                jobs.push(serde_json::from_str(message["Body"].as_str().unwrap()).unwrap());
                self.sqs("DeleteMessage", &json!({ "QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] })).await;
            }
        }
    }

    /// How many messages a queue holds back.
    pub(crate) async fn held_back(&self, queue: &str) -> u64 {
        let url = format!("{}/{ACCOUNT}/{queue}", self.moto.url());
        let wanted = json!({ "QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessagesDelayed"] });
        let answer = self.sqs("GetQueueAttributes", &wanted).await;
        answer["Attributes"]["ApproximateNumberOfMessagesDelayed"].as_str().unwrap().parse().unwrap()
    }

    /// A schedule of the group.
    pub(crate) async fn schedule(&self, name: &str) -> Value {
        self.amazon("scheduler", Method::GET, &format!("/schedules/{name}?groupName={GROUP}"), None, &Value::Null).await
    }

    /// The mails that were accepted for somebody, oldest first: their source.
    pub(crate) async fn mails_to(&self, address: &str) -> Vec<String> {
        let all = self.http.get(format!("{}/moto-api/data.json", self.moto.url())).send().await.unwrap();
        let all: Value = all.json().await.unwrap();
        let mails = all["ses"]["RawMessage"].as_array().cloned().unwrap_or_default();
        let theirs = mails.iter().filter(|mail| mail["destinations"][0] == address);
        theirs.map(|mail| mail["raw_data"].as_str().unwrap().to_owned()).collect()
    }

    async fn sqs(&self, operation: &str, body: &Value) -> Value {
        self.amazon("sqs", Method::POST, "/", Some(&format!("AmazonSQS.{operation}")), body).await
    }

    /// Asks moto itself, which looks at a signature only for the service.
    async fn amazon(&self, service: &str, method: Method, path: &str, target: Option<&str>, body: &Value) -> Value {
        let signature =
            format!("AWS4-HMAC-SHA256 Credential=id/20261124/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        let mut request = self.http.request(method, format!("{}{path}", self.moto.url())).header("authorization", signature);
        if let Some(target) = target {
            request = request.header("x-amz-target", target).header("content-type", "application/x-amz-json-1.0");
        }
        let answer = request.body(body.to_string()).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "moto answered {status} to {path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// The text of an answer as a browser would read it.
pub(crate) fn text_of(answer: &Value) -> String {
    let body = answer["body"].as_str().unwrap_or_default();
    let bytes = if answer["isBase64Encoded"] == true { BASE64.decode(body.as_bytes()).unwrap() } else { body.into() };
    let is_zipped = answer["headers"]["content-encoding"] == "gzip";
    if is_zipped { unzipped(&bytes) } else { String::from_utf8(bytes).unwrap() }
}

/// Undoes gzip.
pub(crate) fn unzipped(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}
