//! What only the local server serves: sign-in, mailbox, clock and pages; and the product's own routes behind them.

use std::{path::Path, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path as InPath, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, SecondsFormat, Utc};
use hourkeep_app::{caller::Correlation, desk::Desk, platform::Platform};
use hourkeep_domain::{ids::PracticeId, people::MemberKind, text::Slug};
use hourkeep_http::problem::{Kind, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    app,
    demo::Demo,
    drain::MachineRoom,
    issuer::{ISSUER, Issuer},
    mailbox::Mailbox,
    pages,
    sign_in::{self, Codes},
};

/// What these routes work with.
#[derive(Clone)]
pub(crate) struct Local {
    pub(crate) desk: Desk,
    pub(crate) platform: Platform,
    pub(crate) room: Arc<MachineRoom>,
    pub(crate) mailbox: Mailbox,
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) wake: Arc<Notify>,
    pub(crate) codes: Arc<Codes>,
}

pub(crate) fn all(local: Local, app: Option<&Path>) -> Router {
    let here = Router::new()
        .route("/health", get(|| std::future::ready(Json(json!({"status": "ok"})))))
        .route("/local/token", post(token))
        .route("/local/authorize", get(sign_in::authorize).post(sign_in::pick))
        .route("/local/oauth/token", post(sign_in::exchange))
        .route("/local/oauth/logout", get(sign_in::sign_out))
        .route("/local/people", get(people))
        .route("/local/jwks.json", get(key_set))
        .route("/local/mail", get(mail))
        .route("/local/mail/{id}/raw", get(raw_mail))
        .route("/local/clock", get(clock).post(move_clock))
        .with_state(local.clone())
        .merge(pages::routes())
        .merge(app.map(app::routes).unwrap_or_default());
    hourkeep_http::router::all(local.desk.clone())
        .merge(here)
        .layer(from_fn_with_state(local.clone(), signed_in))
        .layer(from_fn_with_state(local, then_work))
}

/// Does what API Gateway does: a request has an id, and a token that does not hold is no sign-in.
async fn signed_in(State(local): State<Local>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Correlation::new(&format!("{:032x}", rand::random::<u128>())));
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")));
    if let Some(principal) = token.and_then(|token| local.issuer.check(token.trim())) {
        request.extensions_mut().insert(principal);
    } else if token.is_some() && request.uri().path().starts_with("/v1/") {
        return Problem::new(Kind::UNAUTHENTICATED, "The token has expired or is not one of ours. Sign in again.").into_response();
    }
    next.run(request).await
}

/// What a request left to be done is begun as soon as it is answered.
async fn then_work(State(local): State<Local>, request: Request, next: Next) -> Response {
    let changes = !request.method().is_safe();
    let response = next.run(request).await;
    if changes {
        local.wake.notify_one();
    }
    response
}

pub(crate) fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::new(Kind::INTERNAL, format!("The local server failed: {error}."))
}

pub(crate) fn read<T: for<'de> Deserialize<'de>>(body: &Bytes, example: &str) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::new(Kind::INVALID, format!("The body must be like {example}: {error}.")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    #[serde(rename = "as")]
    subject: String,
}

async fn token(State(local): State<Local>, body: Bytes) -> Result<Json<Value>, Problem> {
    let body: TokenBody = read(&body, r#"{"as": "ada@demo.test"}"#)?;
    let subject = body.subject.trim().to_lowercase();
    let practice = practice_of(&local, &subject).await?;
    let token = local.issuer.sign(&subject, practice).map_err(failed)?;
    Ok(Json(json!({"access_token": token, "token_type": "Bearer"})))
}

/// What a token says of the practice of someone who can sign in: the only one they are in, if they are a person.
pub(crate) async fn practice_of(local: &Local, subject: &str) -> Result<Option<String>, Problem> {
    match &local.platform.memberships(ISSUER, subject).await?[..] {
        [] => {
            let detail = "Nobody of that name can sign in. GET /local/people lists who can.";
            Err(Problem::new(Kind::NOT_FOUND, detail).at("/as"))
        }
        [one] => Ok(match one.kind {
            MemberKind::Person => Some(one.practice.to_string()),
            // As with Cognito, nobody writes a practice into a machine's tokens.
            MemberKind::Machine => None,
        }),
        _ => Ok(None),
    }
}

async fn people(State(local): State<Local>) -> Result<Json<Value>, Problem> {
    let practice: Option<PracticeId> = match Slug::parse(Demo::SLUG) {
        Ok(slug) => local.platform.of_slug(&slug).await?,
        Err(_) => None,
    };
    let Some(practice) = practice else { return Ok(Json(json!([]))) };
    let everyone = local.platform.everyone(practice).await?;
    let person = |(member, practitioner): &(hourkeep_domain::people::Membership, Option<hourkeep_domain::people::Practitioner>)| {
        json!({
            "email": member.subject,
            "name": member.name,
            "role": member.role,
            "time_zone": practitioner.as_ref().map(|p| p.zone.name().to_owned()),
        })
    };
    let active = everyone.iter().filter(|(member, _)| member.active && member.issuer == ISSUER);
    Ok(Json(active.map(person).collect()))
}

async fn key_set(State(local): State<Local>) -> Json<Value> {
    Json(local.issuer.key_set())
}

/// The whole list; a page that asks again with the tag it has is told in a word that nothing is new.
async fn mail(State(local): State<Local>, headers: HeaderMap) -> Result<Response, Problem> {
    let list = local.mailbox.list().await.map_err(failed)?;
    let tag = format!("\"{}\"", list.len());
    if headers.get(header::IF_NONE_MATCH).and_then(|seen| seen.to_str().ok()) == Some(tag.as_str()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut response = Json(list).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

async fn raw_mail(State(local): State<Local>, InPath(id): InPath<String>) -> Result<Response, Problem> {
    let raw = local.mailbox.raw(&id).await.map_err(failed)?;
    let raw = raw.ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is no such mail."))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("message/rfc822")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"mail.eml\"")),
    ];
    Ok((headers, raw).into_response())
}

fn now_is(local: &Local) -> Json<Value> {
    Json(json!({"now": local.desk.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true)}))
}

async fn clock(State(local): State<Local>) -> Json<Value> {
    now_is(&local)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    advance: Option<String>,
    to: Option<DateTime<Utc>>,
}

async fn move_clock(State(local): State<Local>, body: Bytes) -> Result<Json<Value>, Problem> {
    let body: ClockBody = read(&body, r#"{"advance": "P2DT3H"} or {"to": "2026-12-01T17:00:00Z"}"#)?;
    let now = local.desk.clock.now();
    let wrong = |detail: &str, pointer: &str| Problem::new(Kind::INVALID_FIELD, detail).at(pointer);
    let target = match (body.advance, body.to) {
        (Some(text), None) => {
            let duration = iso_duration(&text);
            let detail = "advance must be a duration of days, hours, minutes and seconds such as P2DT3H.";
            now + duration.ok_or_else(|| wrong(detail, "/advance"))?
        }
        (None, Some(to)) => to,
        (None, None) | (Some(_), Some(_)) => return Err(wrong("Give either advance or to.", "/advance")),
    };
    if target < now {
        return Err(wrong("The clock never goes back.", "/to"));
    }
    if target > now + chrono::Duration::days(400) {
        return Err(wrong("The clock moves at most 400 days at once.", "/to"));
    }
    local.room.advance(target).await.map_err(failed)?;
    Ok(now_is(&local))
}

/// Days are 24 hours here; months and years have no fixed length and are refused.
fn iso_duration(text: &str) -> Option<chrono::Duration> {
    let span: jiff::Span = text.parse().ok()?;
    let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    chrono::Duration::new(duration.as_secs(), 0)
}
