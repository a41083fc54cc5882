//! The pages of the local server, and those behind the links in mails.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use hourkeep_app::{desk::Desk, sessions::PublicSession};
use hourkeep_domain::session::Status;
use hourkeep_http::problem::Kind;

macro_rules! files {
    ($($name:literal $kind:literal;)*) => {
        /// Every file beside the pages, with its media type.
        const FILES: &[(&str, &str, &str)] = &[$(($name, $kind, include_str!(concat!("../pages/", $name)))),*];
    };
}

files! {
    "style.css" "text/css";
    "icon.svg" "image/svg+xml";
    "common.js" "text/javascript";
    "home.js" "text/javascript";
    "mailbox.js" "text/javascript";
    "reference.js" "text/javascript";
    "schema.js" "text/javascript";
    "sign-in.js" "text/javascript";
}

pub(crate) fn routes(desk: Desk) -> Router {
    let page = |html: &'static str| get(move || std::future::ready(Html(html)));
    Router::new()
        .route("/", get(|| std::future::ready(Redirect::temporary("/local"))))
        .route("/local", page(include_str!("../pages/index.html")))
        .route("/local/mailbox", page(include_str!("../pages/mailbox.html")))
        .route("/local/reference", page(include_str!("../pages/reference.html")))
        .route("/local/sign-in", page(include_str!("../pages/sign-in.html")))
        .route("/local/pages/{file}", get(file))
        .route("/problems/{name}", get(problem))
        .route("/s/{code}", get(session))
        .route("/m/{code}/{recipient}/{token}", get(manage))
        .with_state(desk)
}

async fn file(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = FILES.iter().find(|(file, _, _)| *file == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, *text).into_response()
}

async fn problem(Path(name): Path<String>) -> Response {
    let Some(kind) = Kind::ALL.iter().find(|kind| kind.name == name) else { return missing() };
    let lines =
        [format!("Answered with status {}.", kind.status), "The answer's detail says what is wrong and what to do.".to_owned()];
    document(StatusCode::OK, kind.title, &lines, None)
}

/// GET shows; nothing here changes anything, whoever follows the link.
async fn session(State(desk): State<Desk>, Path(code): Path<String>) -> Response {
    let Ok(code) = code.parse() else { return missing() };
    match desk.session_of_code(code).await {
        Ok(session) => {
            document(StatusCode::OK, &format!("Session with {}", session.practice), &lines(&session), session.join_url.as_deref())
        }
        Err(_) => missing(),
    }
}

async fn manage(State(desk): State<Desk>, Path((code, recipient, token)): Path<(String, String, String)>) -> Response {
    let (Ok(code), Ok(recipient)) = (code.parse(), recipient.parse()) else { return missing() };
    match desk.session_of_manage_token(code, recipient, &token).await {
        Ok(session) => {
            let mut lines = lines(&session);
            if let Status::Scheduled | Status::Due | Status::Underway = session.status {
                lines.push("To move or cancel this session, reply to the email that brought you here.".to_owned());
            }
            let title = format!("Your session with {}", session.practice);
            document(StatusCode::OK, &title, &lines, session.join_url.as_deref())
        }
        Err(_) => missing(),
    }
}

fn lines(session: &PublicSession) -> Vec<String> {
    let start = session.local_start.replace('T', " at ");
    vec![format!("{start}, {} time.", session.time_zone), format!("This session is {}.", session.status)]
}

fn missing() -> Response {
    let lines = ["The link or code is not right, or the session was more than a day ago.".to_owned()];
    document(StatusCode::NOT_FOUND, "There is nothing here", &lines, None)
}

fn document(status: StatusCode, title: &str, lines: &[String], join: Option<&str>) -> Response {
    let title = escape(title);
    let button = |url| format!("<p><a class=\"button primary\" href=\"{}\">Join the session</a></p>", escape(url));
    let paragraphs = lines.iter().map(|line| format!("<p>{}</p>", escape(line))).chain(join.map(button));
    let paragraphs = paragraphs.collect::<Vec<_>>().join("\n");
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/local/pages/style.css\">\n</head>\n<body>\n<main class=\"page\">\n<h1>{title}</h1>\n{paragraphs}\n</main>\n</body>\n</html>\n"
    );
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
