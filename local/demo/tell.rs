//! How the story reads in a terminal: numbered steps, and what happened in each.

use std::io::{Result, Write as _, stdout};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    api::{Answer, text},
    mail::Mail,
};

/// Lines are no longer than this.
const WIDTH: usize = 100;

/// The story's voice.
pub(crate) struct Teller {
    step: u8,
}

impl Teller {
    /// Begins.
    pub(crate) fn begin(title: &str) -> Result<Self> {
        writeln!(stdout(), "{title}")?;
        Ok(Self { step: 0 })
    }

    /// The next step.
    pub(crate) fn step(&mut self, title: &str) -> Result<()> {
        self.step += 1;
        writeln!(stdout(), "\n{:>2}  {title}", self.step)
    }
}

/// A sentence.
pub(crate) fn say(sentence: &str) -> Result<()> {
    wrapped("", sentence, "    ")
}

/// A fact with its label.
pub(crate) fn fact(label: &str, fact: &str) -> Result<()> {
    wrapped(label, fact, "              ")
}

/// A refusal: what, why, and what now.
pub(crate) fn refusal(refused: &Answer) -> Result<()> {
    fact("refused", &format!("{} {}", refused.status.as_u16(), text(&refused.body, "type")))?;
    fact("", text(&refused.body, "detail"))
}

/// A mail that arrived.
pub(crate) fn mail(mail: &Mail) -> Result<()> {
    fact("mail", &mail.subject)?;
    fact("", &format!("sent {}", instant(&mail.sent_at)))?;
    for time in &mail.times {
        fact("", time.trim())?;
    }
    match &mail.entry {
        Some(entry) => {
            let what = format!("METHOD {}, SEQUENCE {}, starts {}", entry.method, entry.sequence, entry.starts);
            fact("calendar", &what)?;
            if let Some(rule) = &entry.rule {
                let exceptions = match entry.exceptions {
                    0 => String::new(),
                    count => format!(", {count} left out (EXDATE)"),
                };
                fact("", &format!("RRULE {rule}{exceptions}"))?;
            }
            if let Some(original) = &entry.instead_of {
                fact("", &format!("RECURRENCE-ID {original}: this one alone"))?;
            }
            fact("", &format!("UID {}", entry.uid))
        }
        None => fact("calendar", "no part: the entry stands already"),
    }
}

/// A session as it is answered.
pub(crate) fn session(session: &Value) -> Result<()> {
    let (start, zone) = (text(session, "local_start").replace('T', " at "), text(session, "time_zone"));
    fact("session", &format!("{start} in {zone}, which is {}", instant(text(session, "starts_at"))))?;
    fact(
        "",
        &format!("{}, revision {}, code {}", text(session, "status"), session["revision"], text(&session["clients"][0], "code")),
    )
}

/// Words after a label, broken between words, the further lines below the first.
fn wrapped(label: &str, words: &str, margin: &str) -> Result<()> {
    let mut out = stdout();
    let mut line = if label.trim().is_empty() { margin.to_owned() } else { format!("    {label:<10}") };
    let mut used = line.chars().count();
    for (place, word) in words.split_whitespace().enumerate() {
        let length = word.chars().count();
        if place > 0 && used + 1 + length > WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            margin.clone_into(&mut line);
            used = margin.len();
        } else if place > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    writeln!(out, "{}", line.trim_end())
}

/// An instant as people write it; what is none stays as it is.
pub(crate) fn instant(text: &str) -> String {
    let read = text.parse::<DateTime<Utc>>();
    read.map_or_else(|_| text.to_owned(), |at| at.format("%a %-d %b %Y, %H:%M UTC").to_string())
}
