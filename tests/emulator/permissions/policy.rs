//! What a role allows: IAM's rules, as far as the template uses them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>: an explicit denial wins, and what
//! nothing allows is denied.

use std::collections::BTreeMap;

use serde_json::Value;

/// Something that a function asks to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    /// Such as `dynamodb:PutItem`.
    pub(crate) action: String,
    /// The ARN of what it is done to.
    pub(crate) resource: String,
    /// The values of condition keys, such as `dynamodb:LeadingKeys`.
    pub(crate) context: BTreeMap<String, Vec<String>>,
}

/// One statement, with its names resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) allows: bool,
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) conditions: Vec<Condition>,
}

/// One key of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    operator: Operator,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// Holds if the key is there and has one of the values.
    StringEquals,
    /// Holds if each of the key's values is like one of these; so also if it has none.
    EachStringLike,
}

impl Statement {
    /// Reads a statement whose values are texts.
    pub(crate) fn read(statement: &Value) -> Self {
        for unknown in ["NotAction", "NotResource", "Principal", "NotPrincipal"] {
            assert!(statement.get(unknown).is_none(), "{unknown} is not evaluated here: {statement}");
        }
        let allows = match statement["Effect"].as_str() {
            Some("Allow") => true,
            Some("Deny") => false,
            other => panic!("{other:?} is no effect"),
        };
        let conditions = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
        let conditions = conditions.flat_map(|(operator, keys)| {
            let operator = match operator.as_str() {
                "StringEquals" => Operator::StringEquals,
                "ForAllValues:StringLike" => Operator::EachStringLike,
                other => panic!("{other} is not evaluated here"),
            };
            let keys = keys.as_object().unwrap().iter();
            keys.map(move |(key, values)| Condition { operator, key: key.clone(), values: texts(values) })
        });
        let conditions = conditions.collect();
        Self { allows, actions: texts(&statement["Action"]), resources: texts(&statement["Resource"]), conditions }
    }

    /// Whether it speaks of this.
    pub(crate) fn matches(&self, need: &Need) -> bool {
        let action = need.action.to_lowercase();
        self.actions.iter().any(|pattern| is_like(&pattern.to_lowercase(), &action))
            && self.resources.iter().any(|pattern| is_like(pattern, &need.resource))
            && self.conditions.iter().all(|condition| condition.holds(need))
    }

    /// The patterns of a condition key.
    pub(crate) fn patterns(&self, key: &str) -> impl Iterator<Item = &String> {
        self.conditions.iter().filter(move |condition| condition.key == key).flat_map(|condition| &condition.values)
    }
}

impl Condition {
    fn holds(&self, need: &Need) -> bool {
        let given = need.context.get(&self.key).map_or(&[][..], Vec::as_slice);
        match self.operator {
            Operator::StringEquals => given.iter().any(|value| self.values.contains(value)),
            Operator::EachStringLike => given.iter().all(|value| self.values.iter().any(|pattern| is_like(pattern, value))),
        }
    }
}

/// Whether these statements together allow it.
pub(crate) fn allows(statements: &[Statement], need: &Need) -> bool {
    let mut matching = statements.iter().filter(|statement| statement.matches(need)).peekable();
    matching.peek().is_some() && matching.all(|statement| statement.allows)
}

/// Whether a text is like a pattern, in which `*` is any text and `?` any character.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // For each length of the text's beginning: whether the pattern so far is like it.
    let mut like = vec![false; text.len() + 1];
    like[0] = true;
    for symbol in pattern {
        let mut next = vec![false; text.len() + 1];
        for end in 0..=text.len() {
            next[end] = match symbol {
                '*' => like[..=end].contains(&true),
                '?' => end > 0 && like[end - 1],
                exact => end > 0 && like[end - 1] && text[end - 1] == exact,
            };
        }
        like = next;
    }
    like[text.len()]
}

fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned();
    value.as_array().map_or_else(|| vec![text(value)], |values| values.iter().map(text).collect())
}

mod tests {
    use serde_json::json;

    use super::*;

    fn need(action: &str, resource: &str, keys: &[&str]) -> Need {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        let context = BTreeMap::from([("dynamodb:LeadingKeys".to_owned(), keys)]);
        Need { action: action.to_owned(), resource: resource.to_owned(), context }
    }

    fn writes_sessions() -> Statement {
        Statement::read(&json!({
            "Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:UpdateItem"], "Resource": "arn:table",
            "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["P#*#SESSION#*", "CODE#*"]}},
        }))
    }

    #[test]
    fn what_a_statement_names_is_allowed_and_nothing_else() {
        let role = [writes_sessions()];
        assert!(allows(&role, &need("dynamodb:PutItem", "arn:table", &["P#a#SESSION#b", "CODE#c"])));
        assert!(!allows(&role, &need("dynamodb:DeleteItem", "arn:table", &["P#a#SESSION#b"])), "another action");
        assert!(!allows(&role, &need("dynamodb:PutItem", "arn:table/index/pending", &["P#a#SESSION#b"])), "another resource");
        assert!(!allows(&role, &need("dynamodb:PutItem", "arn:table", &["P#a#SESSION#b", "P#a"])), "one key too many");
        assert!(!allows(&[], &need("dynamodb:PutItem", "arn:table", &[])), "no statement at all");
    }

    #[test]
    fn a_denial_wins() {
        let denial = Statement::read(&json!({"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}));
        let wish = need("dynamodb:PutItem", "arn:table", &["CODE#c"]);
        assert!(allows(&[writes_sessions()], &wish));
        assert!(!allows(&[writes_sessions(), denial.clone()], &wish));
        assert!(!allows(&[denial], &wish));
    }

    #[test]
    fn an_absent_key_holds_for_all_values_and_equals_nothing() {
        assert!(allows(&[writes_sessions()], &need("dynamodb:PutItem", "arn:table", &[])));
        let passes = [Statement::read(&json!({
            "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:role",
            "Condition": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
        }))];
        let mut wish = Need { action: "iam:PassRole".to_owned(), resource: "arn:role".to_owned(), context: BTreeMap::new() };
        assert!(!allows(&passes, &wish));
        for (service, allowed) in [("scheduler.amazonaws.com", true), ("lambda.amazonaws.com", false)] {
            wish.context.insert("iam:PassedToService".to_owned(), vec![service.to_owned()]);
            assert_eq!(allows(&passes, &wish), allowed);
        }
    }

    #[test]
    fn patterns_have_wildcards_and_are_anchored() {
        for (pattern, text) in
            [("P#*", "P#a#SESSION#b"), ("*", ""), ("a?c", "abc"), ("a*b*c", "a--b--b--c"), ("P#*#USAGE", "P#a#USAGE")]
        {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("P#*", "XP#a"), ("P#*#USAGE", "P#a#USAGES"), ("a?c", "ac"), ("A", "a"), ("", "a"), ("P#*#DAYS#*", "P#a")]
        {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
    }
}
