//! `make demo`: drives the running server through the whole story, as a practice's day would, and says what happened.

mod api;
mod bookings;
mod mail;
mod series;
mod story;
mod tell;

use std::{io::Write as _, process::ExitCode};

use api::Api;
use story::Story;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(stopped) => {
            let _ = writeln!(std::io::stderr(), "\ndemo: {stopped}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Stopped> {
    let api = Api::sign_in(&format!("http://127.0.0.1:{}", port()?), "ada@demo.test").await?;
    Story::begin(&api).await?.tell().await
}

#[expect(clippy::disallowed_methods, reason = "this is where the demo is configured")]
fn port() -> Result<u16, Stopped> {
    match std::env::var("PORT") {
        Ok(text) => text.parse().map_err(|_| Stopped(format!("PORT must be a number from 1 to 65535, not {text:?}."))),
        Err(_) => Ok(3000),
    }
}

/// Why the story ends early, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Stopped(pub(crate) String);

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self(format!("nothing can be printed: {error}."))
    }
}
