//! The authorization server that a laptop has: code flow with PKCE (RFC 6749 §4.1, RFC 7636), as the web app uses it with
//! Cognito or any other issuer. Whoever is at the keyboard picks who they are.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Form, Json,
    body::Bytes,
    extract::{Query, State, rejection::FormRejection},
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use data_encoding::BASE64URL_NOPAD;
use hourkeep_http::problem::{Kind, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::routes::{Local, failed, practice_of, read};

/// The one client there is here: the web app.
pub(crate) const CLIENT: &str = "hourkeep";
/// How long a code can be exchanged.
const VALID: Duration = Duration::from_mins(5);

/// Codes that were not exchanged yet. They end with the server.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<HashMap<String, Grant>>);

#[derive(Debug)]
struct Grant {
    until: Instant,
    subject: String,
    redirect_uri: String,
    code_challenge: String,
    nonce: Option<String>,
}

impl Codes {
    fn issue(&self, grant: Grant) -> String {
        let code = format!("{:032x}", rand::random::<u128>());
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, grant| Instant::now() < grant.until);
        codes.insert(code.clone(), grant);
        code
    }

    /// A code is good for one try, whatever comes of it.
    fn take(&self, code: &str) -> Option<Grant> {
        let grant = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(code)?;
        (Instant::now() < grant.until).then_some(grant)
    }
}

/// What the app asks with.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    code_challenge: String,
    code_challenge_method: String,
    state: String,
    nonce: Option<String>,
}

impl Asked {
    /// Why it is refused. Nothing is sent back to an address that is not this machine's.
    fn refusal(&self) -> Option<&'static str> {
        if self.client_id != CLIENT {
            Some("client_id must be hourkeep.")
        } else if !is_this_machine(&self.redirect_uri) {
            Some("redirect_uri must be a page of this machine such as http://127.0.0.1:3000/app/signed-in.")
        } else if self.response_type != "code" {
            Some("response_type must be code.")
        } else if self.code_challenge_method != "S256"
            || BASE64URL_NOPAD.decode(self.code_challenge.as_bytes()).map_or(0, |d| d.len()) != 32
        {
            Some("A code_challenge of method S256 is needed.")
        } else {
            None
        }
    }
}

fn is_this_machine(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    uri.scheme_str() == Some("http") && matches!(uri.host(), Some("127.0.0.1" | "localhost"))
}

/// The page on which one picks who one is.
pub(crate) async fn authorize(Query(asked): Query<Asked>) -> Result<Html<&'static str>, Problem> {
    match asked.refusal() {
        Some(why) => Err(Problem::new(Kind::INVALID, why)),
        None => Ok(Html(include_str!("../pages/authorize.html"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Picked {
    #[serde(rename = "as")]
    subject: String,
    asked: Asked,
}

/// Someone was picked: where to go on.
pub(crate) async fn pick(State(local): State<Local>, body: Bytes) -> Result<Json<Value>, Problem> {
    let Picked { subject, asked } = read(&body, r#"{"as": "ada@demo.test", "asked": {…}}"#)?;
    if let Some(why) = asked.refusal() {
        return Err(Problem::new(Kind::INVALID, why));
    }
    let subject = subject.trim().to_lowercase();
    practice_of(&local, &subject).await?;
    let Asked { redirect_uri, code_challenge, nonce, state, .. } = asked;
    let grant = Grant { until: Instant::now() + VALID, subject, redirect_uri: redirect_uri.clone(), code_challenge, nonce };
    let code = local.codes.issue(grant);
    let more = if redirect_uri.contains('?') { '&' } else { '?' };
    let pairs = serde_urlencoded::to_string([("code", code), ("state", state)]).map_err(failed)?;
    Ok(Json(json!({"location": format!("{redirect_uri}{more}{pairs}")})))
}

#[derive(Deserialize)]
pub(crate) struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    code_verifier: String,
}

/// A code for tokens (RFC 6749 §4.1.3).
pub(crate) async fn exchange(State(local): State<Local>, form: Result<Form<Exchange>, FormRejection>) -> Result<Response, Problem> {
    let wish = match form {
        Ok(Form(wish)) => wish,
        Err(rejection) => return Ok(refused("invalid_request", &rejection.body_text())),
    };
    if wish.grant_type != "authorization_code" {
        return Ok(refused("unsupported_grant_type", "grant_type must be authorization_code."));
    }
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(&wish.code_verifier));
    let proven =
        |grant: &Grant| grant.redirect_uri == wish.redirect_uri && grant.code_challenge == challenge && wish.client_id == CLIENT;
    let Some(grant) = local.codes.take(&wish.code).filter(proven) else {
        return Ok(refused("invalid_grant", "The code was used, has expired, or is another's."));
    };
    let practice = practice_of(&local, &grant.subject).await?;
    let access_token = local.issuer.sign(&grant.subject, practice).map_err(failed)?;
    let id_token = local.issuer.identify(&grant.subject, CLIENT, grant.nonce.as_deref()).map_err(failed)?;
    let expires_in = crate::issuer::VALID_SECONDS;
    let tokens = json!({"access_token": access_token, "token_type": "Bearer", "expires_in": expires_in, "id_token": id_token});
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response())
}

/// RFC 6749 §5.2.
fn refused(error: &str, description: &str) -> Response {
    let body = Json(json!({"error": error, "error_description": description}));
    (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

#[derive(Deserialize)]
pub(crate) struct SignOut {
    post_logout_redirect_uri: Option<String>,
}

/// There is no session here to end: the app forgets its token, and one is back where one came from.
pub(crate) async fn sign_out(Query(wish): Query<SignOut>) -> Redirect {
    let back = wish.post_logout_redirect_uri.filter(|address| is_this_machine(address));
    Redirect::to(back.as_deref().unwrap_or("/local"))
}
