//! Words that people type: parsed once at the edge, limited in length, free of control characters.
//!
//! White space in a line collapses to single spaces, so no value can carry a line break into a header.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// Why a text was not taken; the sentence follows the name of the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More characters than fit.
    #[error("must have at most {limit} characters, but has {found}")]
    TooLong {
        /// The most that fit.
        limit: usize,
        /// How many there were.
        found: usize,
    },
    /// Not of the form.
    #[error("must be {expected}")]
    Form {
        /// What was expected, with an example.
        expected: &'static str,
    },
}

/// True for characters that reorder or hide what stands around them, which no name needs:
/// the controls of C0 and C1, line and paragraph separators, bidirectional overrides and isolates.
fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn single_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || is_hostile(c)).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn many_lines(text: &str) -> String {
    // What parts words or lines goes on parting them: text pasted from elsewhere has tabs and separators of its own.
    let plain = |c: char| match c {
        '\t' => Some(' '),
        '\r' | '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        other => Some(other).filter(|&c| !is_hostile(c)),
    };
    let kept: String = text.replace("\r\n", "\n").chars().filter_map(plain).collect();
    kept.trim().to_owned()
}

fn within(text: String, limit: usize) -> Result<String, BadText> {
    let found = text.chars().count();
    if text.is_empty() {
        Err(BadText::Empty)
    } else if found > limit {
        Err(BadText::TooLong { limit, found })
    } else {
        Ok(text)
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads and cleans what was typed.
            pub fn parse(text: &str) -> Result<Self, BadText> {
                let parse: fn(&str) -> Result<String, BadText> = $parse;
                parse(text).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            /// Says only that there is one: these are people's words, and logs are no place for them.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

text!(
    /// The name of a person, a room, a service: one line of at most 100 characters.
    Name,
    |text| within(single_line(text), 100)
);
impl Name {
    /// Hourkeep's own, for what it does by itself.
    pub(crate) fn of_hourkeep() -> Self {
        Self("Hourkeep".to_owned())
    }
}

text!(
    /// What an event without clients is called: one line of at most 80 characters.
    Title,
    |text| within(single_line(text), 80)
);
text!(
    /// Why something was done: one line of at most 500 characters.
    Reason,
    |text| within(single_line(text), 500)
);
text!(
    /// Instructions for a session: several lines, at most 10,000 characters.
    Instructions,
    |text| within(many_lines(text), 10_000)
);
text!(
    /// A billing code (CPT, place of service, own): at most 20 letters, digits and hyphens.
    Code,
    |text| {
        let text = within(single_line(text), 20)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if text.chars().all(fits) { Ok(text) } else { Err(BadText::Form { expected: "letters, digits, dots and hyphens, such as 90837" }) }
    }
);
text!(
    /// The part of an address that names a practice: 3 to 40 lower-case letters, digits and hyphens.
    Slug,
    |text| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let framed = !text.starts_with('-') && !text.ends_with('-');
        if (3..=40).contains(&text.len()) && framed && text.chars().all(fits) {
            Ok(text.to_owned())
        } else {
            Err(BadText::Form { expected: "3 to 40 lower-case letters, digits and hyphens, such as harbour-clinic" })
        }
    }
);
text!(
    /// A telephone number as people write it: digits, spaces and `+ - ( ) .`, with an optional `x` extension.
    Phone,
    |text| {
        let text = within(single_line(text), 32)?;
        let fits = |c: char| c.is_ascii_digit() || "+-() .x".contains(c);
        if text.chars().filter(char::is_ascii_digit).count() >= 3 && text.chars().all(fits) {
            Ok(text)
        } else {
            Err(BadText::Form { expected: "a telephone number such as +1 604 555 0100" })
        }
    }
);
text!(
    /// A web address, `https` or `http`, without white space or quotes: at most 2,000 characters.
    Url,
    |text| {
        let text = within(text.trim().to_owned(), 2_000)?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let fits = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
        match rest {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') && text.chars().all(fits) => Ok(text),
            _ => Err(BadText::Form { expected: "a web address such as https://meet.example/room-1" }),
        }
    }
);
text!(
    /// An email address of one plain mailbox (RFC 5321 `Mailbox` without quoted local parts, address literals or
    /// comments), at most 254 characters. The domain is lower-cased; whether it receives mail is not known.
    Email,
    |text| {
        const FORM: BadText = BadText::Form { expected: "an email address such as sam@example.com" };
        let text = within(text.trim().to_owned(), 254)?;
        let (local, domain) = text.rsplit_once('@').ok_or(FORM)?;
        let atom = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
        };
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        if local.len() <= 64 && local.split('.').all(atom) && domain.contains('.') && domain.split('.').all(label) {
            Ok(format!("{local}@{}", domain.to_ascii_lowercase()))
        } else {
            Err(FORM)
        }
    }
);

text!(
    /// Who vouches for a sign-in: the `iss` of its tokens. At most 255 characters; an issuer has no fragment (`OpenID`
    /// Connect Core 1.0, section 2), so that it can stand before a `#` in keys.
    Issuer,
    |text| {
        let text = within(text.to_owned(), 255)?;
        if text.chars().all(|c| c.is_ascii_graphic() && c != '#') {
            Ok(text)
        } else {
            Err(BadText::Form { expected: "the address of an identity provider such as https://sign-in.example" })
        }
    }
);
text!(
    /// Whom an issuer vouches for: the `sub` of its tokens, at most 255 ASCII characters (`OpenID` Connect Core 1.0,
    /// section 2).
    Subject,
    |text| {
        let text = within(text.to_owned(), 255)?;
        if text.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
            Ok(text)
        } else {
            Err(BadText::Form { expected: "the subject of the person's tokens, in ASCII characters" })
        }
    }
);

impl Email {
    /// The form by which two spellings of an address are the same recipient: all lower case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// A text as it is searched for: compatibility-decomposed, without marks, lower case ("Łéa" finds "Lea" by "le", not by "ł").
pub fn fold(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

    text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_never_holds_a_control_character(text in any::<String>()) {
            if let Ok(name) = Name::parse(&text) {
                prop_assert!(!name.as_str().chars().any(is_hostile));
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn instructions_keep_their_lines_and_nothing_else_that_is_hostile(text in any::<String>()) {
            if let Ok(kept) = Instructions::parse(&text) {
                prop_assert!(!kept.as_str().chars().any(|c| c != '\n' && is_hostile(c)));
            }
        }
    }

    #[test]
    fn line_breaks_in_a_name_become_spaces() {
        assert_eq!(Name::parse("Eve\r\nBcc: all@example.com").unwrap().as_str(), "Eve Bcc: all@example.com");
    }

    #[test]
    fn what_parts_words_in_instructions_still_parts_them() {
        let pasted = Instructions::parse("Bring:\t the form\tsigned\u{2028}a drink\r\n\u{85}a\rpen").unwrap();
        assert_eq!(pasted.as_str(), "Bring:  the form signed\na drink\n\na\npen");
    }

    #[test]
    fn addresses_that_could_carry_a_header_are_refused() {
        for hostile in [
            "a@b.test\r\nBcc: c@d.test",
            "\"a b\"@c.test",
            "a@b",
            "a b@c.test",
            "<a@b.test>",
            "a@b.test,c@d.test",
            "@b.test",
            "a@-b.test",
            "é@b.test",
        ] {
            assert!(Email::parse(hostile).is_err(), "{hostile:?}");
        }
        assert_eq!(Email::parse(" Sam+x@Example.COM ").unwrap().as_str(), "Sam+x@example.com");
    }

    #[test]
    fn only_web_addresses_are_urls() {
        for hostile in ["javascript:alert(1)", "https://a b", "https://\"x", "ftp://x.test", "https://"] {
            assert!(Url::parse(hostile).is_err(), "{hostile:?}");
        }
        assert!(Url::parse("https://meet.example/room?x=1#y").is_ok());
    }

    #[test]
    fn an_issuer_holds_nothing_that_could_end_it_in_a_key() {
        for wrong in ["", "https://a.test#b", "https://a.test\nb", "https://a b", &"x".repeat(256)] {
            assert!(Issuer::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(Issuer::parse("https://sign-in.example/realm").is_ok());
        assert!(Subject::parse("auth0|5f7c#8 a").is_ok());
        assert!(Subject::parse("a\nb").is_err() && Subject::parse("é").is_err());
    }

    #[test]
    fn words_do_not_reach_the_log() {
        assert_eq!(format!("{:?}", Name::parse("Eve").unwrap()), "Name(3 bytes)");
    }

    #[test]
    fn search_ignores_case_and_accents() {
        assert_eq!(fold("Zoë"), "zoe");
    }
}
