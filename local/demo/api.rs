//! The API, as any program would call it: JSON over HTTP.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::{Stopped, mail::Mail};

/// The running server, and who is signed in.
pub(crate) struct Api {
    pub(crate) url: String,
    http: Client,
    token: String,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Api {
    /// Signs in as one of the demo practice.
    pub(crate) async fn sign_in(url: &str, email: &str) -> Result<Self, Stopped> {
        let mut api = Self { url: url.to_owned(), http: Client::new(), token: String::new() };
        let answer = api.post("/local/token", &json!({"as": email})).await?.answered(StatusCode::OK)?;
        text(&answer, "access_token").clone_into(&mut api.token);
        Ok(api)
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Stopped> {
        self.call(Method::GET, path, None).await?.answered(StatusCode::OK)
    }

    /// Asks for a change, which may be refused.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer, Stopped> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Changes a record.
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Result<Value, Stopped> {
        self.call(Method::PATCH, path, Some(body)).await?.answered(StatusCode::OK)
    }

    /// All mail that was ever sent to one address, oldest first.
    pub(crate) async fn mail_to(&self, address: &str) -> Result<Vec<Mail>, Stopped> {
        // Asking the clock to stand where it is finishes everything that is due.
        self.post("/local/clock", &json!({"advance": "PT0S"})).await?.answered(StatusCode::OK)?;
        let all = self.get("/local/mail").await?;
        let mails = all.as_array().into_iter().flatten();
        Ok(mails.filter(|mail| text(mail, "to") == address).map(Mail::read).collect())
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Stopped> {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        if let Some(body) = body {
            // A request that is sent again with the same key is done once.
            request = request.header("idempotency-key", format!("demo-{:032x}", rand::random::<u128>())).json(body);
        }
        let answer = request.send().await.map_err(|error| self.unreachable(path, &error))?;
        let status = answer.status();
        let body = answer.json().await.map_err(|error| self.unreachable(path, &error))?;
        Ok(Answer { status, body })
    }

    fn unreachable(&self, path: &str, error: &reqwest::Error) -> Stopped {
        if error.is_connect() {
            let start = "Start it with \"make run\" in another terminal, with the same PORT, then run this again.";
            Stopped(format!("no server answers at {}. {start}", self.url))
        } else if error.is_decode() {
            Stopped(format!("what answers at {}{path} is not Hourkeep. Set PORT to the one that \"make run\" printed.", self.url))
        } else {
            Stopped(format!("the server at {} stopped answering: {error}.", self.url))
        }
    }
}

impl Answer {
    /// The body, if it was answered as the story needs it.
    pub(crate) fn answered(self, status: StatusCode) -> Result<Value, Stopped> {
        if self.status == status {
            return Ok(self.body);
        }
        Err(Stopped(format!("the server answered {}: {}", self.status, text(&self.body, "detail"))))
    }
}

/// A field's text; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
