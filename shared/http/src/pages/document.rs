//! A page on one sheet: it loads nothing, runs nothing, and is shown inside no other page.

use std::sync::LazyLock;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("style.css");

/// Allows the one style that stands in the page, by its digest, and nothing else (CSP level 3).
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let digest = data_encoding::BASE64.encode(&Sha256::digest(STYLE));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// What a page says.
pub(super) struct Document {
    pub(super) title: String,
    /// A paragraph each.
    pub(super) lines: Vec<String>,
    /// Where to join the session.
    pub(super) join: Option<String>,
}

impl Document {
    /// The page, with the headers that keep it to itself: its address is a secret to whoever was mailed it.
    pub(super) fn answer(&self, status: StatusCode) -> Response {
        let headers: [(HeaderName, HeaderValue); 6] = [
            (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
        ];
        (status, headers, Html(self.html())).into_response()
    }

    fn html(&self) -> String {
        let title = escape(&self.title);
        let button = |url: &String| format!("<p><a class=\"button\" href=\"{}\">Join the session</a></p>", escape(url));
        let paragraphs = self.lines.iter().map(|line| format!("<p>{}</p>", escape(line)));
        let paragraphs = paragraphs.chain(self.join.as_ref().map(button)).collect::<Vec<_>>().join("\n");
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{paragraphs}\n</main>\n\
             </body>\n</html>\n"
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_the_style_of_the_page_and_no_other() {
        let html = Document { title: "x".to_owned(), lines: Vec::new(), join: None }.html();
        let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let digest = data_encoding::BASE64.encode(&Sha256::digest(style));
        assert!(POLICY.to_str().unwrap().contains(&format!("; style-src 'sha256-{digest}';")), "{:?}", *POLICY);
        assert!(!html.contains("style=") && !html.contains("src=") && !html.contains("<link"), "{html}");
    }

    #[test]
    fn what_people_wrote_is_text_and_never_markup() {
        let hostile = "</title></style><script>\"'&".to_owned();
        let html = Document { title: hostile.clone(), lines: vec![hostile.clone()], join: Some(hostile) }.html();
        let escaped = "&lt;/title&gt;&lt;/style&gt;&lt;script&gt;&quot;&#39;&amp;";
        assert_eq!(html.matches(escaped).count(), 4);
        assert!(!html.contains("<script"));
    }
}
