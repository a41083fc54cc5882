//! A second reader of the calendar mails: a person's calendar program in Python, which applies iTIP (RFC 5546) message by message.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::json;

use crate::Tools;

/// One person's calendar program, which knows nothing but the mails that it is given.
#[derive(Clone, Copy, Debug)]
pub struct CalendarProgram;

/// What stands in the calendar after a mail, and what is wrong with that mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// In order of their start.
    pub entries: Vec<Entry>,
    /// Sentences; a good mail has none. What they may say stands in `itip/event.py`, `itip/message.py` and `itip/series.py`.
    pub problems: Vec<String>,
}

/// An entry in a calendar: a single event, or one instance of a series.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// UID.
    pub uid: String,
    /// By the VTIMEZONE of the mail alone.
    pub starts_at: DateTime<Utc>,
    /// Likewise.
    pub ends_at: DateTime<Utc>,
    /// Of an instance of a series: when it was to start by the rule, which is what RECURRENCE-ID names.
    pub instance: Option<DateTime<Utc>>,
    /// SUMMARY.
    pub summary: Option<String>,
    /// LOCATION.
    pub location: Option<String>,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// URL.
    pub url: Option<String>,
}

impl CalendarProgram {
    /// Gives it mails to one person, as they were delivered, in order. Answers what its calendar shows after each, of what starts
    /// from one instant on and before another.
    ///
    /// # Panics
    ///
    /// Where the tools are missing or the program fails; what is wrong with a mail is among the problems instead.
    pub fn read<M: AsRef<[u8]>>(mails: &[M], from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Snapshot> {
        let [from, to] = [from, to].map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true));
        let window = json!({"from": from, "to": to}).to_string();
        let mails = mails.iter().map(|mail| json!({"mail": BASE64.encode(mail.as_ref())}).to_string());
        let input: Vec<String> = std::iter::once(window).chain(mails).collect();

        let mut python = Command::new(Tools::find().python());
        // Nothing of it is compiled into the source tree.
        let python = python.arg("-B").arg(program()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = python.spawn().unwrap();
        // It reads everything before it answers.
        process.stdin.take().unwrap().write_all(input.join("\n").as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "the calendar program ended with {}", output.status);
        let lines = String::from_utf8(output.stdout).unwrap();
        let snapshots: Vec<Snapshot> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(snapshots.len(), input.len() - 1);
        snapshots
    }
}

impl Snapshot {
    /// When its entries start and end, in order.
    ///
    /// # Panics
    ///
    /// Where there are problems.
    pub fn times(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        assert_eq!(self.problems, [""; 0]);
        self.entries.iter().map(|entry| (entry.starts_at, entry.ends_at)).collect()
    }
}

/// The folder of the Python program.
fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/itip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_reads_as_the_rfcs_say_and_finds_what_is_wrong() {
        let python = Tools::find().python();
        let tests = Command::new(python).args(["-B", "-m", "unittest", "discover", "-s"]).arg(program()).output().unwrap();
        let said = String::from_utf8(tests.stderr).unwrap();
        assert!(tests.status.success(), "{said}");
        assert!(!said.contains("\nRan 0 tests"), "{said}");
    }
}
