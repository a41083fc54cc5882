//! The HTML of a letter: inlined style, no table, no picture, nothing loaded from elsewhere.
//!
//! Light colours are inlined, for clients that drop style sheets; dark ones stand in the one sheet that
//! `prefers-color-scheme` switches on.

use std::fmt::Write as _;

use crate::content::{Action, Content, Value};

const SHEET: &str = "@media (prefers-color-scheme: dark) {\n\
body, .page { background-color: #14191c !important; color: #eceff1 !important; }\n\
.quiet { color: #b0bec5 !important; }\n\
.panel { background-color: #1f272b !important; color: #eceff1 !important; }\n\
.link { color: #80cbc4 !important; }\n\
.button { background-color: #80cbc4 !important; color: #10211f !important; }\n\
}\n";
const PAGE: &str = "margin:0;padding:24px 16px;background-color:#ffffff;color:#1c2529;\
font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5";
const COLUMN: &str = "max-width:560px;margin:0 auto";
const HEADING: &str = "margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600";
const PARAGRAPH: &str = "margin:0 0 16px";
const LABEL: &str = "margin:0;font-size:14px;color:#4a5a61";
const VALUE: &str = "margin:0 0 12px;overflow-wrap:anywhere";
const PANEL: &str =
    "margin:0 0 16px;padding:12px 16px;border-radius:8px;background-color:#eef3f2;color:#1c2529;overflow-wrap:anywhere";
const LINK: &str = "color:#00695c";
const BUTTON: &str = "display:inline-block;padding:12px 20px;border-radius:8px;background-color:#00695c;color:#ffffff;\
font-weight:600;text-decoration:none";
const QUIET: &str = "margin:0 0 16px;font-size:14px;color:#4a5a61";

/// The page, complete and self-contained.
pub(crate) fn render(content: &Content) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{}</title>\n<style>\n:root {{ color-scheme: light dark; }}\n{SHEET}</style>\n</head>\n\
         <body class=\"page\" style=\"{PAGE}\">\n<div style=\"{COLUMN}\">\n<h1 style=\"{HEADING}\">{}</h1>\n",
        escape(&content.subject),
        escape(content.heading)
    );
    for sentence in content.greeting.iter().chain([&content.opening]) {
        paragraph(&mut page, sentence);
    }
    page.push_str("<dl style=\"margin:0\">\n");
    for fact in &content.facts {
        let _ = writeln!(page, "<dt class=\"quiet\" style=\"{LABEL}\">{}</dt>", escape(fact.label));
        let _ = writeln!(page, "<dd dir=\"auto\" style=\"{VALUE}\">{}</dd>", value(&fact.value));
    }
    page.push_str("</dl>\n");
    if let Some(text) = &content.instructions {
        let lines = text.split('\n').map(escape).collect::<Vec<_>>().join("<br>\n");
        let _ = writeln!(page, "<p class=\"quiet\" style=\"{LABEL}\">Instructions</p>");
        let _ = writeln!(page, "<div class=\"panel\" dir=\"auto\" style=\"{PANEL}\">{lines}</div>");
    }
    if let Some(action) = &content.action {
        button(&mut page, action);
    }
    for sentence in &content.closing {
        paragraph(&mut page, sentence);
    }
    let _ = writeln!(page, "<p class=\"quiet\" style=\"{QUIET}\">{}</p>\n</div>\n</body>\n</html>", escape(&content.footer));
    page
}

fn paragraph(page: &mut String, sentence: &str) {
    let _ = writeln!(page, "<p style=\"{PARAGRAPH}\">{}</p>", escape(sentence));
}

fn value(value: &Value) -> String {
    let joined = |sentences: &[String]| sentences.iter().map(|s| escape(s)).collect::<Vec<_>>().join("<br>\n");
    match value {
        Value::Words(sentences) => joined(sentences),
        Value::Former(sentences) => format!("<s>{}</s>", joined(sentences)),
        Value::Link(url) => format!("<a class=\"link\" href=\"{0}\" style=\"{LINK}\">{0}</a>", escape(url)),
    }
}

fn button(page: &mut String, action: &Action) {
    let _ = writeln!(
        page,
        "<p style=\"{PARAGRAPH}\"><a class=\"button\" href=\"{}\" style=\"{BUTTON}\">{}</a></p>",
        escape(&action.url),
        escape(action.label)
    );
    if let Some(note) = action.note {
        let _ = writeln!(page, "<p class=\"quiet\" style=\"{QUIET}\">{}</p>", escape(note));
    }
}

/// Text as HTML, safe between tags and within double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
