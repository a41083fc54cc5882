//! The pages that people reach by a link: a session by its code, a recipient's own by the link in their mail, and what a
//! problem is. They show and never act, whoever follows the link.

mod document;

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
    routing::get,
};
use hourkeep_app::{desk::Desk, error::Error, sessions::PublicSession};
use hourkeep_domain::session::Status;

use self::document::Document;
use crate::problem::{Kind, Problem};

/// A session, for whoever has its code.
pub const SESSION: &str = "/s/{code}";
/// A session, for the recipient whose mail the link stands in.
pub const MANAGE: &str = "/m/{code}/{recipient}/{token}";
/// What a kind of problem is: where the `type` of a problem leads.
pub const PROBLEM: &str = "/problems/{name}";

/// The addresses of all pages. They are no part of the API's description, since no program reads them.
pub const ALL: [&str; 3] = [SESSION, MANAGE, PROBLEM];

pub(crate) fn routes() -> Router<Desk> {
    Router::new().route(SESSION, get(session)).route(MANAGE, get(manage)).route(PROBLEM, get(problem))
}

/// The parts of an address. What cannot be read leads nowhere, as what is wrong does.
type Parts<T> = Result<Path<T>, PathRejection>;

async fn session(State(desk): State<Desk>, parts: Parts<String>) -> Response {
    let Some(code) = parts.ok().and_then(|Path(code)| code.parse().ok()) else { return missing() };
    match desk.session_of_code(code).await {
        Ok(session) => shown(&session, format!("Session with {}", session.practice), None),
        Err(error) => failed(error),
    }
}

async fn manage(State(desk): State<Desk>, parts: Parts<(String, String, String)>) -> Response {
    let Ok(Path((code, recipient, token))) = parts else { return missing() };
    let (Ok(code), Ok(recipient)) = (code.parse(), recipient.parse()) else { return missing() };
    match desk.session_of_manage_token(code, recipient, &token).await {
        Ok(session) => {
            let hint = match session.status {
                Status::Scheduled | Status::Due | Status::Underway => {
                    Some("To move or cancel this session, reply to the email that brought you here.")
                }
                Status::AwaitingOutcome | Status::Closed | Status::Cancelled | Status::Deleted => None,
            };
            shown(&session, format!("Your session with {}", session.practice), hint)
        }
        Err(error) => failed(error),
    }
}

async fn problem(parts: Parts<String>) -> Response {
    let name = parts.map(|Path(name)| name).unwrap_or_default();
    let Some(kind) = Kind::ALL.iter().find(|kind| kind.name == name) else {
        return page(StatusCode::NOT_FOUND, "There is nothing here", vec!["There is no problem of this name.".to_owned()]);
    };
    let status = format!("Answered with status {}.", kind.status);
    page(StatusCode::OK, kind.title, vec![status, "The answer's detail says what is wrong and what to do.".to_owned()])
}

fn shown(session: &PublicSession, title: String, hint: Option<&str>) -> Response {
    let start = session.local_start.replace('T', " at ");
    let lines = [format!("{start}, {} time.", session.time_zone), format!("This session is {}.", session.status)];
    let lines = lines.into_iter().chain(hint.map(str::to_owned)).collect();
    Document { title, lines, join: session.join_url.clone() }.answer(StatusCode::OK)
}

/// One page for every flaw of a link, so that nothing is learnt from it.
fn missing() -> Response {
    let line = "The link or code is not right, or the session was more than a day ago.";
    page(StatusCode::NOT_FOUND, "There is nothing here", vec![line.to_owned()])
}

/// A link is not called wrong because the data could not be reached.
fn failed(error: Error) -> Response {
    if let Error::NotFound(_) = error {
        return missing();
    }
    let status = StatusCode::from_u16(Problem::from(error).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page(status, "This cannot be shown at the moment", vec!["Open the link again in a moment.".to_owned()])
}

fn page(status: StatusCode, title: &str, lines: Vec<String>) -> Response {
    Document { title: title.to_owned(), lines, join: None }.answer(status)
}
