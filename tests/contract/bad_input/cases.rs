//! What can be wrong with a body, by its schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// What must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// A refusal that names this place or one below it.
    RefusedAt(String),
    /// Success, or any refusal.
    Sane,
}

/// A body with one thing changed.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// What was changed.
    pub(super) what: String,
    /// The body.
    pub(super) body: Value,
    /// What must come of it.
    pub(super) expect: Expect,
}

/// Texts that have broken others.
pub(super) const HOSTILE: &[&str] = &[
    "",
    " ",
    "\u{0}",
    "\u{202E}evil\u{2066}",
    "a\r\nBcc: all@example.com",
    "'; DROP TABLE sessions; --",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "../../etc/passwd",
    "%00%0d%0a",
    "P#prc_00000000000000000000000000#CLIENT",
    "\u{FDFA}\u{FDFA}\u{FDFA}",
    "👩‍👩‍👧‍👦 Ω é \u{301}",
    "NaN",
    "-1",
    "Mars/Olympus",
    "0000-00-00T00:00",
    "9999-12-31T23:59",
];

/// Makes the cases of a body.
pub(super) struct Maker<'a> {
    description: &'a Value,
    root: &'a Value,
    cases: Vec<Case>,
    /// The properties that the body has, as `schema pointer without places/property`.
    seen: BTreeSet<String>,
    all: BTreeSet<String>,
}

impl<'a> Maker<'a> {
    /// The cases of a body of this schema, and the properties that are in the schema but not in the body.
    pub(super) fn cases(
        description: &'a Value,
        schema: &Value,
        root: &'a Value,
    ) -> (Vec<Case>, BTreeSet<String>, BTreeSet<String>) {
        let mut maker = Self { description, root, cases: Vec::new(), seen: BTreeSet::new(), all: BTreeSet::new() };
        maker.value(schema, root, "");
        (maker.cases, maker.seen, maker.all)
    }

    fn case(&mut self, pointer: &str, what: &str, value: Value, expect: Expect) {
        let mut body = self.root.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        self.cases.push(Case { what: format!("{} {what}", if pointer.is_empty() { "the body" } else { pointer }), body, expect });
    }

    /// The schema itself, and whether it takes null.
    fn resolve(&self, schema: &Value) -> (Value, bool) {
        if let Some(name) = schema["$ref"].as_str() {
            let pointer = name.strip_prefix('#').unwrap();
            return self.resolve(&self.description.pointer(pointer).unwrap().clone());
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let nullable = choices.iter().any(|choice| choice["type"] == "null");
            let other = choices.iter().find(|choice| choice["type"] != "null").unwrap();
            return (self.resolve(other).0, nullable);
        }
        let nullable = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
        (schema.clone(), nullable)
    }

    fn value(&mut self, schema: &Value, value: &Value, pointer: &str) {
        let (schema, nullable) = self.resolve(schema);
        let is = |name: &str| schema["type"] == name || schema["type"].as_array().is_some_and(|types| types.contains(&json!(name)));
        let refused = || Expect::RefusedAt(pointer.to_owned());
        let others = [
            ("boolean", json!(true)),
            ("integer", json!(7)),
            ("string", json!("seven")),
            ("array", json!([])),
            ("array", json!([null, null, null])),
            ("object", json!({})),
        ];
        for (name, other) in others.into_iter().filter(|(name, _)| !is(name)) {
            self.case(pointer, &format!("as {name} {other}"), other, refused());
        }
        self.case(pointer, "as null", Value::Null, if nullable { Expect::Sane } else { refused() });
        if is("string") {
            self.case(pointer, "of 100,000 characters", json!("x".repeat(100_000)), refused());
            for text in HOSTILE {
                self.case(pointer, &format!("as {text:?}"), json!(text), Expect::Sane);
            }
        } else if is("integer") {
            let numbers = [json!(-1), json!(i64::MIN), json!(i64::MAX), json!(u64::MAX), json!(1e300), json!(0.5), json!("7")];
            for number in numbers {
                self.case(pointer, &format!("as {number}"), number, refused());
            }
            self.case(pointer, "as 0", json!(0), Expect::Sane);
        } else if is("array") {
            let Some((items, first)) = value.as_array().and_then(|items| Some((items, items.first()?))) else { return };
            self.case(pointer, "a thousand times", json!(vec![first.clone(); 1_000]), Expect::Sane);
            self.case(pointer, "without items", json!([]), Expect::Sane);
            for (place, item) in items.iter().enumerate() {
                self.value(&schema["items"], item, &format!("{pointer}/{place}"));
            }
        } else if is("object") {
            self.object(&schema, value, pointer);
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, pointer: &str) {
        let members = value.as_object().unwrap();
        let generic: String =
            pointer.split('/').map(|part| if part.parse::<u32>().is_ok() { "*" } else { part }).collect::<Vec<_>>().join("/");
        let mut surprised = members.clone();
        surprised.insert("surprise".to_owned(), json!(1));
        self.case(pointer, "with an unknown field", json!(surprised), Expect::RefusedAt(format!("{pointer}/surprise")));
        // A list of its values is no object, though some readers take it for one.
        self.case(pointer, "as a list of its values", members.values().cloned().collect(), Expect::RefusedAt(pointer.to_owned()));
        for (name, property) in schema["properties"].as_object().unwrap() {
            self.all.insert(format!("{generic}/{name}"));
            let Some(member) = members.get(name) else { continue };
            self.seen.insert(format!("{generic}/{name}"));
            let place = format!("{pointer}/{name}");
            if schema["required"].as_array().is_some_and(|required| required.contains(&json!(name))) {
                let mut without = members.clone();
                without.remove(name);
                self.case(pointer, &format!("without {name}"), json!(without), Expect::RefusedAt(place.clone()));
            }
            self.value(property, member, &place);
        }
    }
}
