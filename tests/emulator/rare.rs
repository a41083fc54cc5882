//! Branches that a quiet day does not take, for the calls that they make.

use chrono::{DateTime, Duration, DurationRound as _, Utc};
use hourkeep_app::port::Clock as _;
use hourkeep_aws::clock::SystemClock;
use hourkeep_testkit::Fault;
use serde_json::{Value, json};

use crate::{
    requests::{Told, anew, of_the_house, wall},
    samples::{RECIPIENT, SESSION},
    stage::Stage,
};

/// How often a function tries one request.
const ATTEMPTS: usize = 4;
/// The functions that write sessions.
const COMMANDS: [&str; 7] = ["schedule", "schedule-series", "reschedule", "cancel", "mark-outcome", "send-invites", "api"];

pub(crate) async fn branches(stage: &mut Stage) {
    let mut desk = Desk { stage, requests: 0 };
    desk.lost_answers().await;
    desk.tokens_without_a_practice().await;
    desk.clashes().await;
    desk.reminders_due_at_once().await;
    desk.other_effects().await;
    desk.settings().await;
    desk.mail().await;
    desk.a_practice_that_may_not_send().await;
}

/// Where requests are made, each of them another one.
struct Desk<'a> {
    stage: &'a mut Stage,
    requests: i64,
}

impl Desk<'_> {
    /// A request for a function that writes sessions, and a time that nobody has yet.
    async fn command(&mut self, function: &str) -> Value {
        self.requests += 1;
        let n = Duration::hours(2 * self.requests);
        let (house, wish) = (wall(self.stage.now + Duration::days(60) + n), wall(self.stage.now + Duration::days(200) + n));
        let session = async |more| of_the_house(self.stage, &house, more).await.session;
        let session = match function {
            "schedule" | "schedule-series" => String::new(),
            "mark-outcome" => {
                // Over by the machine's clock, and not begun by the house's.
                let minutes = Duration::minutes(179 - 2 * self.requests);
                of_the_house(self.stage, &wall(self.stage.now - minutes), json!({"length_minutes": 1, "allow_overlap": true}))
                    .await
                    .session
            }
            "send-invites" => session(json!({})).await,
            _ => session(json!({"invite": {"send": true}})).await,
        };
        let sample = match function {
            "schedule" => "http-schedule",
            "schedule-series" => "http-schedule-series",
            "reschedule" => "http-reschedule",
            "cancel" => "http-cancel",
            "mark-outcome" => "http-mark-outcome",
            "send-invites" => "http-send-invites",
            _ => "http-edit-session",
        };
        let times = [
            ("2026-12-01T09:00", wish.as_str()),
            ("2026-12-01T13:00", wish.as_str()),
            ("2026-12-02T10:30", wish.as_str()),
            ("America/Vancouver", "UTC"),
        ];
        let mut event = self.stage.samples.get(sample, &[&times[..], &[(SESSION, session.as_str())]].concat());
        anew(&mut event, &self.requests.to_string());
        event
    }

    async fn done(&mut self, function: &'static str, event: &Value) -> Value {
        let status = if function.starts_with("schedule") { 201 } else { 200 };
        self.stage.request(function, event, status).await
    }

    /// A commit whose answer never comes is looked for, and recognised.
    async fn lost_answers(&mut self) {
        for function in COMMANDS {
            let event = self.command(function).await;
            self.stage.recorder.script().add(Fault::AnswerLost.at(0).on("TransactWriteItems").times(ATTEMPTS));
            self.done(function, &event).await;
            // And another transaction in between is one more attempt.
            let event = self.command(function).await;
            self.stage.recorder.script().add(Fault::TransactionConflict.at(0).on("TransactWriteItems"));
            self.done(function, &event).await;
        }
    }

    /// Then it is looked up where the caller works.
    async fn tokens_without_a_practice(&mut self) {
        for function in COMMANDS {
            let mut event = self.command(function).await;
            event["requestContext"]["authorizer"]["jwt"]["claims"].as_object_mut().unwrap().remove("hourkeep:practice");
            self.done(function, &event).await;
        }
    }

    /// A taken time costs a look at what is free.
    async fn clashes(&mut self) {
        let taken = self.command("schedule").await;
        self.done("schedule", &taken).await;
        let body: Value = serde_json::from_str(taken["body"].as_str().unwrap()).unwrap();
        let mut again = taken.clone();
        anew(&mut again, "clash");
        assert_eq!(self.stage.request("schedule", &again, 409).await["type"], "/problems/overlap");
        let mut moved = self.command("reschedule").await;
        moved["body"] = json!({"local_start": body["local_start"], "time_zone": "UTC"}).to_string().into();
        assert_eq!(self.stage.request("reschedule", &moved, 409).await["type"], "/problems/overlap");
    }

    /// What is due within two minutes goes onto its queue.
    async fn reminders_due_at_once(&mut self) {
        let due = || SystemClock.now().duration_trunc(Duration::minutes(1)).unwrap() + Duration::minutes(2);
        // A session of the day after tomorrow is moved to tomorrow, and its reminder with it.
        let reminded = json!({"reminders": [{"days_before": 1, "channel": "email"}], "allow_overlap": true});
        let start = wall(self.stage.now + Duration::days(2));
        let session = of_the_house(self.stage, &start, reminded).await.session;
        let mut event = self.stage.samples.get("http-reschedule", &[(SESSION, &session)]);
        let tomorrow = wall(due() + Duration::days(1));
        event["body"] = json!({"local_start": tomorrow, "time_zone": "UTC", "allow_overlap": true}).to_string().into();
        anew(&mut event, "moved-to-tomorrow");
        self.stage.request("reschedule", &event, 200).await;
        // And one gets another reminder.
        let start = wall(due() + Duration::days(1));
        let session = of_the_house(self.stage, &start, json!({"invite": {"send": true}, "allow_overlap": true})).await.session;
        let mut event = self.stage.samples.get("http-edit-session", &[(SESSION, &session)]);
        anew(&mut event, "at-once");
        self.stage.request("api", &event, 200).await;
        // The relay and the sweep arm whatever an event asks for.
        let due = due().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let event = self.stage.samples.get("stream-scheduled", &[(SESSION, &session), ("2026-11-29T17:00:00Z", &due)]);
        self.stage.invoke("relay", &event).await;
        let start = wall(SystemClock.now().duration_trunc(Duration::minutes(1)).unwrap() + Duration::minutes(1442));
        let more = json!({"reminders": [{"days_before": 1, "channel": "email"}], "allow_overlap": true});
        of_the_house(self.stage, &start, more).await;
        let event = self.stage.samples.get("scheduler-sweep", &[]);
        assert_eq!(self.stage.invoke("sweep", &event).await, Value::Null);
    }

    /// What events ask for beside what the samples do: a cancellation, and a reminder of a session that is moved.
    async fn other_effects(&mut self) {
        let (start, wish) = (self.stage.now + Duration::days(90), self.stage.now + Duration::days(91));
        let more = json!({"invite": {"send": true}, "reminders": [{"days_before": 2, "channel": "email"}]});
        let told = of_the_house(self.stage, &wall(start), more).await;
        let mut event = self.stage.samples.get("http-reschedule", &[(SESSION, &told.session)]);
        event["body"] = json!({"local_start": wall(wish), "time_zone": "UTC"}).to_string().into();
        anew(&mut event, "reminded");
        self.stage.request("reschedule", &event, 200).await;
        let mut event = self.stage.samples.get("stream-scheduled", &[(SESSION, &told.session), (RECIPIENT, &told.recipient)]);
        let effects = &mut event["Records"][0]["dynamodb"]["NewImage"]["body"]["M"]["effects"]["L"];
        effects[0]["M"]["effect"] = json!({ "S": "cancel" });
        assert_eq!(self.stage.invoke("relay", &event).await, json!({ "batchItemFailures": [] }));
        self.stage.house.ada.post(&format!("/v1/sessions/{}/cancel", told.session), json!({"notify": true})).await.expect(200);
        let event = self.stage.samples.get("scheduler-sweep", &[]);
        assert_eq!(self.stage.invoke("sweep", &event).await, Value::Null);
        let jobs = self.stage.jobs("cancellations").await;
        assert_eq!(jobs.iter().filter(|job| job["session"] == told.session).count(), 2, "{jobs:?}");
    }

    /// Members and a client who changes hands: rows of lists are written and deleted.
    async fn settings(&mut self) {
        let mut event = self.stage.samples.get("http-add-client", &[]);
        anew(&mut event, "settings");
        let client = self.stage.request("api", &event, 201).await["id"].as_str().unwrap().to_owned();
        for (key, method, path, body, status) in [
            ("a", "PATCH", format!("/v1/clients/{client}"), json!({"last_name": "Norberg", "practitioner_ids": []}), 200),
            ("b", "POST", "/v1/members".to_owned(), json!({"subject": "somebody", "name": "Some Body", "role": "front_desk"}), 201),
            ("c", "GET", "/v1/clients".to_owned(), Value::Null, 200),
        ] {
            anew(&mut event, key);
            event["requestContext"]["http"]["method"] = method.into();
            event["requestContext"]["http"]["path"] = path.clone().into();
            event["rawPath"] = path.into();
            event["body"] = if body.is_null() { Value::Null } else { body.to_string().into() };
            self.stage.request("api", &event, status).await;
        }
    }

    /// Mails whose acceptance, or what is said of it, is in doubt.
    async fn mail(&mut self) {
        for (function, operation, fault) in [
            ("send-invite", "SendEmail", Fault::Throttled),
            ("send-invite", "TransactWriteItems", Fault::AnswerLost),
            ("send-cancellation", "TransactWriteItems", Fault::AnswerLost),
            ("send-reminder", "TransactWriteItems", Fault::AnswerLost),
        ] {
            let event = self.job(function).await;
            let times = if fault == Fault::Throttled { 1 } else { ATTEMPTS };
            self.stage.recorder.script().add(fault.at(0).on(operation).times(times));
            assert_eq!(self.stage.invoke(function, &event).await, json!({ "batchItemFailures": [] }), "{function}");
        }
    }

    /// A job for a worker that sends something.
    async fn job(&mut self, function: &str) -> Value {
        self.requests += 1;
        let n = Duration::hours(2 * self.requests);
        let start: DateTime<Utc> = (self.stage.now + Duration::days(60) + n).duration_trunc(Duration::minutes(1)).unwrap();
        let reminders = json!([{"days_before": 2, "channel": "email"}]);
        let told = of_the_house(self.stage, &wall(start), json!({"invite": {"send": true}, "reminders": reminders})).await;
        let Told { session, recipient, .. } = &told;
        let due = (start - Duration::days(2)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let sample = match function {
            "send-invite" => "sqs-invite",
            "send-cancellation" => {
                self.stage.house.ada.post(&format!("/v1/sessions/{session}/cancel"), json!({"notify": true})).await.expect(200);
                "sqs-cancellation"
            }
            _ => "sqs-reminder-from-scheduler",
        };
        self.stage.samples.get(sample, &[(SESSION, session), (RECIPIENT, recipient), ("2026-11-29T17:00:00Z", &due)])
    }

    /// With a limit it is counted what was sent; beyond it, and while the practice is suspended, events wait.
    async fn a_practice_that_may_not_send(&mut self) {
        let practice = self.stage.practice.parse().unwrap();
        let platform = self.stage.house.server.platform();
        platform.limit(practice, |limits| limits.mails_per_month = Some(0)).await.unwrap();
        for function in ["send-invite", "send-cancellation", "send-reminder"] {
            let before = self.stage.mails_to("gil@family.test").await.len();
            let event = self.job(function).await;
            assert_eq!(self.stage.invoke(function, &event).await, json!({ "batchItemFailures": [] }), "{function}");
            assert_eq!(self.stage.mails_to("gil@family.test").await.len(), before, "{function}");
        }
    }
}
