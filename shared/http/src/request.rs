//! What comes with a request: who calls, under which conditions, and a body whose faults are named by place.

use axum::{
    Json,
    body::{Bytes, HttpBody as _},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use hourkeep_app::{
    answer::{Answer, Conditions, RequestKey},
    caller::{Correlation, Principal},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use crate::{
    json::Sent,
    problem::{Kind, Problem},
};

/// The most bytes that a body may have.
const BODY_LIMIT: usize = 256 * 1024;

/// Whom the verified token names, with the practice that the request means.
#[derive(Clone, Debug)]
pub struct Caller(pub Principal);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let signed_in = parts.extensions.get::<Principal>();
        let missing = "This request needs a bearer token in the Authorization header.";
        let mut principal = signed_in.cloned().ok_or_else(|| Problem::new(Kind::UNAUTHENTICATED, missing))?;
        if let Some(named) = parts.headers.get("hourkeep-practice") {
            let wrong = || Problem::new(Kind::INVALID, "must be a practice's id").at("header:Hourkeep-Practice");
            let practice = named.to_str().ok().and_then(|text| text.parse().ok());
            principal.hint = Some(practice.ok_or_else(wrong)?);
        }
        Ok(Self(principal))
    }
}

/// A request to change something: its conditions and its body.
#[derive(Debug)]
pub struct Command<T> {
    /// `Idempotency-Key` and `If-Match`.
    pub conditions: Conditions,
    /// The body; an empty one reads as `{}`.
    pub body: T,
}

/// The body of a command that needs none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let too_large = || Problem::new(Kind::TOO_LARGE, format!("The body may have at most {BODY_LIMIT} bytes."));
        if body.size_hint().lower() > BODY_LIMIT as u64 {
            return Err(too_large());
        }
        let bytes = axum::body::to_bytes(body, BODY_LIMIT).await.map_err(|_| too_large())?;
        let conditions = conditions(&parts, &bytes)?;
        let text: &[u8] = if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes };
        Ok(Self { conditions, body: parse(text)? })
    }
}

fn conditions(parts: &Parts, body: &Bytes) -> Result<Conditions, Problem> {
    let request = match parts.headers.get("idempotency-key") {
        None => None,
        Some(key) => {
            let wrong = || Problem::new(Kind::INVALID, "must be 1 to 200 visible characters").at("header:Idempotency-Key");
            let key = key.to_str().map_err(|_| wrong())?.trim();
            if key.is_empty() || key.len() > 200 {
                return Err(wrong());
            }
            Some(RequestKey::new(key, parts.method.as_str(), parts.uri.path(), body))
        }
    };
    Ok(Conditions { request, if_match: if_match(&parts.headers)?, correlation: parts.extensions.get::<Correlation>().cloned() })
}

fn if_match(headers: &HeaderMap) -> Result<Option<u32>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let wrong = || Problem::new(Kind::INVALID, "must be the ETag of an answer, such as \"3\"").at("header:If-Match");
    let text = value.to_str().map_err(|_| wrong())?.trim();
    if text == "*" {
        return Ok(None);
    }
    let revision = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(wrong)?;
    let as_given = |number: &u32| number.to_string() == revision;
    revision.parse().ok().filter(as_given).map(Some).ok_or_else(wrong)
}

/// Reads JSON; a fault is a problem that names its place.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let sent: Sent =
        serde_json::from_slice(bytes).map_err(|error| Problem::new(Kind::INVALID, format!("The body is not JSON: {error}.")))?;
    serde_path_to_error::deserialize(sent).map_err(|error| {
        let message = error.inner().to_string();
        let pointer = match named_field(&message) {
            Some(field) => format!("{}/{field}", pointer(error.path())),
            None => pointer(error.path()),
        };
        Problem::new(Kind::INVALID_FIELD, sentence(&pointer, &message)).at(pointer)
    })
}

/// The field of a fault that lies in no value: it is missing, or there twice.
fn named_field(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("missing field `").or_else(|| message.strip_prefix("duplicate field `"))?;
    rest.strip_suffix('`')
}

fn sentence(pointer: &str, message: &str) -> String {
    let field = pointer.rsplit('/').next().filter(|field| !field.is_empty()).unwrap_or("body");
    if message.starts_with("missing field") {
        format!("{field} is required.")
    } else if message.starts_with("duplicate field") {
        format!("{field} is there twice.")
    } else if message.starts_with("must ") {
        format!("{field} {message}.")
    } else {
        format!("{field}: {message}.")
    }
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// The id in a path. What is no id names nothing, so it is not found.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: std::str::FromStr + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let missing = || Problem::new(Kind::NOT_FOUND, "There is nothing at this address.");
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| missing())?;
        text.parse().map(Self).map_err(|_| missing())
    }
}

/// The query of a request; a fault is a problem that names its parameter.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await.map_err(|rejection| {
            let text = rejection.body_text();
            let fault = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text).to_owned();
            let field = fault.split(':').next().filter(|field| field.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            let pointer = named_field(&fault).or(field).map_or("query:".to_owned(), |field| format!("query:{field}"));
            Problem::new(Kind::INVALID, format!("{fault}.")).at(pointer)
        })?;
        Ok(Self(query.0))
    }
}

/// An answer to a change, as it was stored.
pub struct Stored(pub Answer);

impl IntoResponse for Stored {
    fn into_response(self) -> Response {
        let Answer { status, revision, body } = self.0;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        tagged(revision, (status, json, body).into_response())
    }
}

/// A record that was read, with its revision.
pub struct Tagged<T>(pub u32, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        tagged(self.0, Json(self.1).into_response())
    }
}

/// What a page asks for again and again: unless it has changed, the answer says only that (RFC 9110 §13.1.2).
pub(crate) fn unless_seen(headers: &HeaderMap, view: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(view).map_err(|error| Problem::new(Kind::INTERNAL, error.to_string()))?;
    let digest = data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(&body)[..12]);
    let tag = format!("W/\"{digest}\"");
    let seen = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_seen = seen.is_some_and(|seen| seen.split(',').any(|one| one.trim().trim_start_matches("W/") == &tag[2..]));
    let tag = [(header::ETAG, tag.clone())];
    if is_seen {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok((tag, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn tagged(revision: u32, mut response: Response) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{revision}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
