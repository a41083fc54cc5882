//! Which request something follows from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of the request that began it all: it stands in the log lines of whatever followed, from the request through
/// the event and its jobs to the mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Correlation(String);

impl Correlation {
    /// The id as a log may show it: of what was given, letters, digits, `_`, `=` and `-`, at most 64.
    pub fn new(text: &str) -> Self {
        let harmless = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '=' | '-');
        Self(text.chars().filter(harmless).take(64).collect())
    }
}

impl fmt::Display for Correlation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_through_that_could_break_a_line_or_a_key() {
        assert_eq!(Correlation::new("Ab1_=-\n\"#{ é").to_string(), "Ab1_=-");
        assert_eq!(Correlation::new(&"x".repeat(100)).to_string().len(), 64);
    }
}
