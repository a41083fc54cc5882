//! What a request was answered with.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::{Response, StatusCode};
use serde_json::Value;

/// Status, headers of interest, and body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// JSON; null if there was none.
    pub body: Value,
    /// The body as text.
    pub text: String,
    /// How many bytes came: fewer than the text has, if the request said that it takes `gzip`.
    pub bytes: usize,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let status: StatusCode = response.status();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (etag, content_type) = (header("etag"), header("content-type"));
        let compressed = header("content-encoding").is_some_and(|encoding| encoding == "gzip");
        let sent = response.bytes().await.unwrap();
        let mut text = String::new();
        if compressed {
            GzDecoder::new(&sent[..]).read_to_string(&mut text).unwrap();
        } else {
            text.push_str(&String::from_utf8_lossy(&sent));
        }
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status: status.as_u16(), etag, content_type, body, text, bytes: sent.len() }
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The last part of the problem's type.
    pub fn problem(&self) -> &str {
        self.body["type"].as_str().and_then(|kind| kind.strip_prefix("/problems/")).unwrap_or("none")
    }

    /// The answer, which must be this problem with this status.
    #[track_caller]
    pub fn refused(self, status: u16, problem: &str) -> Self {
        assert_eq!((self.status, self.problem()), (status, problem), "{}", self.text);
        self
    }

    /// A field of the body as text.
    #[track_caller]
    pub fn text_of(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("{pointer} in {}", self.text)).to_owned()
    }
}
