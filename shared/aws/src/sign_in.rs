//! The practice in tokens: what Cognito asks before it makes someone's tokens (pre token generation, event version 2).
//!
//! Cognito waits five seconds for the answer, and makes no tokens where there is none
//! (<https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>).
//! The claim only saves a round of reads, so nothing that fails here may keep anyone from signing in. Machines' tokens
//! are asked about only with events of version 3, and name nobody who signs in.

use std::{convert::Infallible, sync::Arc, time::Duration};

use hourkeep_app::platform::Platform;
use hourkeep_domain::people::Membership;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tracing::Instrument as _;

use crate::{
    claims::PRACTICE,
    clients::RoundTrips,
    clock::SystemClock,
    journal::{JOURNAL, Watch, milliseconds},
    parts::Parts,
    serve::invocation,
};

/// How long a sign-in waits for the claim.
const PATIENCE: Duration = Duration::from_secs(3);

/// The tokens that the claim goes into.
const TOKENS: [&str; 2] = ["accessTokenGeneration", "idTokenGeneration"];

/// Answers Cognito.
pub async fn run(parts: &Parts) -> Result<(), lambda_runtime::Error> {
    let platform = &Platform { table: parts.table()?, clock: Arc::new(SystemClock) };
    let round_trips = &parts.round_trips();
    let handle = |call: LambdaEvent<Value>| {
        let span = invocation(&call.context);
        async move { Ok::<_, Infallible>(Box::pin(name_practice(platform, round_trips, call.payload)).await) }.instrument(span)
    };
    lambda_runtime::run(service_fn(handle)).await
}

/// The event, with the claim [`PRACTICE`] for both tokens where its user works in exactly one practice: one query.
/// Otherwise as it came, also where the table cannot be reached. Writes a line of the journal.
pub async fn name_practice(platform: &Platform, round_trips: &RoundTrips, mut event: Value) -> Value {
    let watch = Watch::start(round_trips);
    let works = works(platform, &event).await;
    let (duration_ms, round_trips) = (milliseconds(watch.started), watch.round_trips());
    macro_rules! line {
        ($level:ident, $outcome:literal, $message:literal $(, $field:ident = $value:expr)*) => {
            tracing::$level!(
                target: JOURNAL,
                operation = "name_practice",
                outcome = $outcome,
                duration_ms,
                round_trips,
                $($field = $value,)*
                $message
            )
        };
    }
    match works {
        Ok(members) => match &members[..] {
            [only] => {
                claim(&mut event, &only.practice.to_string());
                line!(info, "named", "sign-in", practice = tracing::field::display(only.practice));
            }
            [] => line!(info, "nothing", "sign-in"),
            [_, _, ..] => line!(info, "several", "sign-in"),
        },
        Err(error) => {
            let error = &*error;
            line!(warn, "failed", "a sign-in goes without the practice", error = error);
        }
    }
    event
}

/// Where the event's user works; nowhere, if it names none.
async fn works(platform: &Platform, event: &Value) -> Result<Vec<Membership>, Box<dyn std::error::Error>> {
    let Some((issuer, subject)) = signs_in(event) else { return Ok(Vec::new()) };
    let memberships = tokio::time::timeout(PATIENCE, platform.memberships(&issuer, subject)).await;
    Ok(memberships??)
}

/// Issuer and subject of the tokens to come, as they will stand in them.
fn signs_in(event: &Value) -> Option<(String, &str)> {
    let text = |pointer: &str| event.pointer(pointer)?.as_str();
    let subject = text("/request/userAttributes/sub")?;
    let (region, pool) = (text("/region")?, text("/userPoolId")?);
    Some((format!("https://cognito-idp.{region}.amazonaws.com/{pool}"), subject))
}

fn claim(event: &mut Value, practice: &str) {
    let details = member(member(event, "response"), "claimsAndScopeOverrideDetails");
    for token in TOKENS {
        member(member(details, token), "claimsToAddOrOverride")[PRACTICE] = practice.into();
    }
}

/// The object that is this member of an object; an empty one, if it was something else.
fn member<'a>(object: &'a mut Value, name: &str) -> &'a mut Value {
    let value = &mut object[name];
    if !value.is_object() {
        *value = json!({});
    }
    value
}
