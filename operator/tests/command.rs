//! The real binary, in a process of its own.

use std::process::{Command, Output, Stdio};

use hourkeep_tests::House;
use serde_json::Value;

/// What it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// What it said, having done what it was asked.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// Why it did not.
    #[track_caller]
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.starts_with("hourkeep-operator: ") || code == 2, "{self:?}");
        self.err
    }

    /// What it said, as programs read it.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }
}

/// Runs it with these words, and nothing in its environment but credentials.
pub(crate) async fn run(words: Vec<String>) -> Said {
    let output = tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_hourkeep-operator"))
            .args(words)
            .env_clear()
            .envs([("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local"), ("AWS_EC2_METADATA_DISABLED", "true")])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    });
    let Output { status, stdout, stderr } = output.await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

/// Runs it against a house's database, as an operator does who knows where that is.
pub(crate) async fn operate(house: &House, words: &[&str]) -> Said {
    let url = house.server.database_url();
    let at = ["--endpoint", &url, "--region", "us-east-1", "--table", "hourkeep"];
    run(words.iter().chain(&at).map(|word| (*word).to_owned()).collect()).await
}

/// The id of the house's practice.
pub(crate) async fn own(house: &House) -> String {
    house.ada.get("/v1/practice").await.expect(200).text_of("/id")
}
