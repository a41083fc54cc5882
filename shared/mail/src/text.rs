//! The plain text of a letter.

use crate::content::{Content, Value};

/// The text, its lines ended by `\n`.
pub(crate) fn render(content: &Content) -> String {
    let mut paragraphs = vec![content.heading.to_owned()];
    paragraphs.extend(content.greeting.clone());
    paragraphs.push(content.opening.clone());
    let facts = content.facts.iter().map(|fact| {
        let value = match &fact.value {
            Value::Words(sentences) | Value::Former(sentences) => sentences.join("\n  "),
            Value::Link(url) => url.clone(),
        };
        format!("{}: {value}", fact.label)
    });
    paragraphs.push(facts.collect::<Vec<_>>().join("\n"));
    // Indented, so that nothing in them can be taken for a line of the letter itself.
    paragraphs.extend(content.instructions.as_ref().map(|text| format!("Instructions:\n{}", indented(text))));
    paragraphs.extend(content.action.as_ref().filter(|action| !action.repeated).map(|action| {
        let note = action.note.map(|note| format!("\n{note}")).unwrap_or_default();
        format!("{}:\n{}{note}", action.label, action.url)
    }));
    paragraphs.extend(content.closing.iter().cloned());
    paragraphs.push(format!("-- \n{}", content.footer));
    paragraphs.join("\n\n") + "\n"
}

fn indented(text: &str) -> String {
    let indent = |line: &str| if line.trim().is_empty() { String::new() } else { format!("  {line}") };
    text.split('\n').map(indent).collect::<Vec<_>>().join("\n")
}
