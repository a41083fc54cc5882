//! What each function is asked to do: the samples of `events/`, with work that is there to be done and was not done before.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use aws_lambda_events::dynamodb::StreamRecord;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Days, Duration, Utc};
use hourkeep_app::port::Clock as _;
use hourkeep_aws::clock::SystemClock;
use hourkeep_local::{Begin, Options};
use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::{Outcome, runtime::Process};

/// The bare function that the others are measured against.
pub(crate) const HELLO: &str = "hello";

/// The functions, as the table lists them.
pub(crate) const FUNCTIONS: [&str; 15] = [
    "schedule",
    "reschedule",
    "cancel",
    "mark-outcome",
    "send-invites",
    "api",
    "export",
    "name-practice",
    "relay",
    "sweep",
    "send-invite",
    "send-cancellation",
    "send-reminder",
    "extend-series",
    "note-delivery",
];

/// What the samples name.
const PRACTICE: &str = "prc_01m81h02recm9jd7gd6zsaekf4";
const PRACTITIONER: &str = "prt_01m82vvm3yx3h0xp84epak362x";
const SESSION: &str = "ses_01m87bqd8s2a5grq3zt2ka792g";
const RECIPIENT: &str = "rcp_01m87d0cdx2r00k6agv0vfcxec";
const DUE: &str = "2026-11-29T17:00:00Z";

/// A practice in a table of its own, where one function works. Its clock stands three hours ago; functions have the machine's.
pub(crate) struct Scene {
    function: &'static str,
    house: House,
    practice: String,
    now: DateTime<Utc>,
    /// Variables of the environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// How many events were made.
    count: u32,
    /// The session of functions that work on one alone.
    session: Option<Value>,
    /// `export` is asked for at `api`.
    api: Option<Process>,
}

impl Scene {
    /// A scene for a function; `variables` say where everything but the table is.
    pub(crate) async fn new(function: &'static str, variables: &BTreeMap<String, String>, folder: &Path) -> Outcome<Self> {
        let now = SystemClock.now();
        let house = House::with(Options { clock: Begin::Standing(now - Duration::hours(3)), ..Options::default() }).await;
        let practice = house.ada.get("/v1/practice").await.expect(200).text_of("/id");
        // Whom the samples' tokens name.
        let claims = &sample("http-schedule")?["requestContext"]["authorizer"]["jwt"]["claims"];
        let director = json!({
            "issuer": claims["iss"], "subject": claims["sub"], "name": "Dee Director", "role": "director",
            "practitioner_id": house.ada_id,
        });
        house.ada.post("/v1/members", director).await.expect(201);
        let mut environment = variables.clone();
        environment.insert("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), house.server.database_url());
        let mut scene = Self { function, house, practice, now, environment, count: 0, session: None, api: None };
        match function {
            "reschedule" => scene.session = Some(scene.book(json!({"invite": {"send": true}})).await),
            "mark-outcome" => {
                scene.session = Some(scene.house.schedule(&wall(now - Duration::minutes(150)), session_in_utc()).await);
            }
            // A week of calendar, and an export of a small practice.
            "api" | "export" => {
                for _ in 0..35 {
                    scene.book(json!({})).await;
                }
            }
            _ => {}
        }
        if function == "export" {
            scene.api = Some(Process::start(&binary(folder, "api"), &scene.environment).await?);
        }
        // The sweep finds nothing waiting, as nearly always.
        scene.house.drain().await;
        Ok(scene)
    }

    /// The next event for the function.
    pub(crate) async fn event(&mut self) -> Outcome<Value> {
        self.count += 1;
        match self.function {
            HELLO => Ok(json!({"hello": self.count})),
            "schedule" => {
                let body = self.house.session(
                    &self.next_start(),
                    json!({
                        "practitioner_id": self.house.ada_id, "time_zone": "UTC", "length_minutes": 60, "invite": {"send": true},
                        "reminders": [{"days_before": 2, "channel": "email"}],
                    }),
                );
                self.request("http-schedule", "/v1/sessions", &body)
            }
            "reschedule" => {
                let body = json!({"local_start": self.next_start(), "time_zone": "UTC", "send_updates": true});
                self.request("http-reschedule", &self.of_session("reschedule"), &body)
            }
            "cancel" => {
                self.session = Some(self.book(json!({"invite": {"send": true}})).await);
                let body = json!({"reason": "The family is ill", "notify": true});
                self.request("http-cancel", &self.of_session("cancel"), &body)
            }
            "mark-outcome" => {
                let value = if self.count.is_multiple_of(2) { "no_show" } else { "attended" };
                let body = json!({"attendance": [{"client_id": self.house.client_id(), "value": value}], "reason": "Again"});
                self.request("http-mark-outcome", &self.of_session("outcome"), &body)
            }
            "send-invites" => {
                self.session = Some(self.book(json!({})).await);
                let body = json!({"recipients": [{"contact_id": self.house.contact_id(0)}]});
                self.request("http-send-invites", &self.of_session("invites"), &body)
            }
            "api" => {
                let from = self.now.date_naive() + Days::new(30);
                let (first, last) = (from.to_string(), (from + Days::new(7)).to_string());
                let week = [("2026-11-30", first.as_str()), ("2026-12-07", last.as_str())];
                self.filled("http-calendar", &week)
            }
            "export" => {
                let ask = self.filled("http-ask-for-export", &[])?.to_string();
                let api = self.api.as_mut().ok_or("no api was started")?;
                let answer: Value = serde_json::from_slice(&api.call(ask).await?.0)?;
                let link: Value = serde_json::from_str(answer["body"].as_str().unwrap_or_default())?;
                let url = link["url"].as_str().ok_or("no export was granted")?;
                let path = url.split_at(url.find("/v1/").ok_or("no address of an export")?).1;
                Self::at(self.filled("url-export", &[])?, path)
            }
            "name-practice" => sample("cognito-pre-token-generation"),
            "relay" => {
                let more = json!({"invite": {"send": true}, "reminders": [{"days_before": 2, "channel": "email"}]});
                let session = self.book(more).await;
                self.stream_record(&session).await
            }
            "sweep" => sample("scheduler-sweep"),
            "send-invite" => {
                let session = self.book(json!({"invite": {"send": true}})).await;
                self.about("sqs-invite", &session, &[])
            }
            "send-cancellation" => {
                let session = self.told().await;
                let path = format!("/v1/sessions/{}/cancel", session["id"].as_str().unwrap_or_default());
                self.house.ada.post(&path, json!({"notify": true})).await.expect(200);
                self.about("sqs-cancellation", &session, &[])
            }
            "send-reminder" => {
                let session = self.book(json!({"reminders": [{"days_before": 2, "channel": "email"}]})).await;
                let starts_at: DateTime<Utc> = session["starts_at"].as_str().unwrap_or_default().parse()?;
                let due = (starts_at - Duration::days(2)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
                self.about("sqs-reminder-from-scheduler", &session, &[(DUE, &due)])
            }
            "extend-series" => self.filled("sqs-reanchor", &[]),
            "note-delivery" => {
                let session = self.told().await;
                self.about("sqs-bounce", &session, &[])
            }
            other => Err(format!("nobody knows what to ask {other}: add it to tests/prove/scene.rs").into()),
        }
    }

    /// Whether the function did what it was asked.
    pub(crate) fn is_done(&self, answer: &[u8]) -> bool {
        let json: Value = serde_json::from_slice(answer).unwrap_or_default();
        match self.function {
            HELLO => json == json!({"hello": self.count}),
            "schedule" => json["statusCode"] == 201,
            "reschedule" | "cancel" | "mark-outcome" | "send-invites" | "api" => json["statusCode"] == 200,
            "export" => String::from_utf8_lossy(answer).contains("\"statusCode\":200"),
            "name-practice" => json["response"].to_string().contains(&self.practice),
            "sweep" => answer == b"null",
            _ => json == json!({"batchItemFailures": []}),
        }
    }

    /// Ten sessions a day, from a month ahead.
    fn next_start(&self) -> String {
        let day = self.now.date_naive() + Days::new(30 + u64::from(self.count / 10));
        format!("{day}T{:02}:00", 8 + self.count % 10)
    }

    async fn book(&mut self, more: Value) -> Value {
        self.count += 1;
        let mut body = session_in_utc();
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        self.house.schedule(&self.next_start(), body).await
    }

    /// A session whose guardian holds an invite.
    async fn told(&mut self) -> Value {
        let session = self.book(json!({"invite": {"send": true}})).await;
        self.house.drain().await;
        session
    }

    fn of_session(&self, verb: &str) -> String {
        let id = self.session.as_ref().and_then(|session| session["id"].as_str()).unwrap_or_default();
        format!("/v1/sessions/{id}/{verb}")
    }

    /// The sample with another path and body, as a request that was not made before.
    fn request(&self, name: &str, path: &str, body: &Value) -> Outcome<Value> {
        let mut event = self.filled(name, &[])?;
        let headers = event["headers"].as_object_mut().ok_or("a request without headers")?;
        headers.remove("if-match");
        headers.remove("content-length");
        headers.insert("idempotency-key".to_owned(), format!("prove-{}", self.count).into());
        event["body"] = body.to_string().into();
        Self::at(event, path)
    }

    /// The same request of another path.
    fn at(mut event: Value, path: &str) -> Outcome<Value> {
        event["rawPath"] = path.into();
        *event.pointer_mut("/requestContext/http/path").ok_or("a request without a path")? = path.into();
        Ok(event)
    }

    /// The sample about this session and its first recipient.
    fn about(&self, name: &str, session: &Value, more: &[(&str, &str)]) -> Outcome<Value> {
        let text = |pointer: &str| session.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let own = [(SESSION, text("/id")), (RECIPIENT, text("/recipients/0/id"))];
        self.filled(name, &[&own[..], more].concat())
    }

    /// The sample with these texts replaced, and the practice's ids.
    fn filled(&self, name: &str, replacements: &[(&str, &str)]) -> Outcome<Value> {
        let own = [(PRACTICE, self.practice.as_str()), (PRACTITIONER, self.house.ada_id.as_str())];
        let text = std::fs::read_to_string(file(name))?;
        let text = replacements.iter().chain(&own).fold(text, |text, (from, to)| text.replace(from, to));
        Ok(serde_json::from_str(&text)?)
    }

    /// The session's first event as the table's stream brings it.
    async fn stream_record(&self, session: &Value) -> Outcome<Value> {
        let keys = [
            ("pk", format!("P#{}#SESSION#{}", self.practice, session["id"].as_str().unwrap_or_default())),
            ("sk", "EVENT#00000001".to_owned()),
        ];
        let mut wanted = self.house.server.database().get_item().table_name("hourkeep");
        for (name, value) in &keys {
            wanted = wanted.key(*name, AttributeValue::S(value.clone()));
        }
        let item = wanted.send().await?.item.ok_or("the session has no event")?;
        let mut change = StreamRecord::default();
        change.new_image = item.into();
        let mut event = sample("stream-scheduled")?;
        let records = event["Records"].as_array_mut().ok_or("a stream without records")?;
        records.truncate(1);
        let record = records.first_mut().ok_or("a stream without records")?;
        record["dynamodb"]["NewImage"] = serde_json::to_value(&change.new_image)?;
        for (name, value) in keys {
            record["dynamodb"]["Keys"][name] = json!({"S": value});
        }
        Ok(event)
    }
}

/// Where cargo-lambda puts a function.
pub(crate) fn binary(folder: &Path, function: &str) -> PathBuf {
    folder.join(function).join("bootstrap")
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(format!("{name}.json"))
}

fn sample(name: &str) -> Outcome<Value> {
    Ok(serde_json::from_str(&std::fs::read_to_string(file(name))?)?)
}

fn session_in_utc() -> Value {
    json!({"time_zone": "UTC", "length_minutes": 60})
}

fn wall(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}
