//! What words must not hold where a line break or a quote has meaning: headers and calendar properties.
//!
//! The domain's newtypes clean what people type; this is the second lock, for icalendar and mail-builder write much
//! of what they are given as it is.

/// True for characters that no value may hold: control characters, which could end a line; line and paragraph
/// separators; those that reorder what stands around them; the byte order mark.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// One line: hostile characters and white space collapse to single spaces.
pub(crate) fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_hostile(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// One line for a mail header. What looks like an encoded word (RFC 2047) is broken up: mail-builder writes it as it is,
/// and readers would decode it.
pub(crate) fn header(text: &str) -> String {
    line(text).replace("=?", "= ?")
}

/// Several lines, ended by `\n` alone.
pub(crate) fn lines(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified.chars().filter(|&c| c == '\n' || !is_hostile(c)).collect()
}

/// The value of a calendar parameter such as CN, which RFC 5545 §3.2 gives no way to quote a quote in.
///
/// A double quote becomes an apostrophe. What some readers take for an escape becomes a look-alike: a backslash a slash,
/// for they read the semicolon after it as part of the value; a caret, which RFC 6868 decodes and others don't, a
/// modifier letter.
pub(crate) fn parameter(text: &str) -> String {
    line(text).replace('"', "'").replace('\\', "/").replace('^', "ˆ")
}

/// A URI: visible ASCII, nothing that ends a line or a quoted string.
pub(crate) fn uri(text: &str) -> String {
    text.chars().filter(|&c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c)).collect()
}

/// An address as a `mailto:` URI, with the characters that RFC 6068 §2 wants encoded.
pub(crate) fn mailto(address: &str) -> String {
    use std::fmt::Write as _;

    let mut out = String::from("mailto:");
    for c in address.chars().filter(char::is_ascii_graphic) {
        if "%/?#[]&;=\"<>\\^`{|}".contains(c) {
            let _ = write!(out, "%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_becomes_a_space() {
        assert_eq!(line("Eve\r\nATTENDEE:mailto:all@example.com\u{2028}\0x"), "Eve ATTENDEE:mailto:all@example.com x");
        assert_eq!(lines("one\rtwo\r\nthree\n\u{202E}four"), "one\ntwo\nthree\nfour");
    }

    #[test]
    fn a_header_holds_no_encoded_word() {
        assert_eq!(header("=?utf-8?Q?=0D=0ABcc:?= ==??"), "= ?utf-8?Q?=0D=0ABcc:?= == ??");
    }

    #[test]
    fn a_parameter_holds_no_quote() {
        assert_eq!(parameter("Ada \"Countess\" ^n\r\nX:\\"), "Ada 'Countess' ˆn X:/");
    }

    #[test]
    fn an_address_with_a_question_mark_has_no_query() {
        assert_eq!(mailto("a?b=c%d+e@x.test"), "mailto:a%3Fb%3Dc%25d+e@x.test");
    }
}
