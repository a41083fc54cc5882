//! Least privilege: what functions called, held against what the roles of the template allow, both ways.

mod need;
mod policy;
pub(crate) mod template;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    need::LEADING_KEYS,
    policy::{Need, Statement, allows, is_like},
    template::Template,
};
use crate::{rare, stage::Stage, tour};

/// What no function calls itself, and why it is allowed.
const NOT_CALLED: [(&str, &str, &str); 10] = [
    ("logs:CreateLogStream", "*", "Lambda writes logs by the function's role"),
    ("logs:PutLogEvents", "*", "Lambda writes logs by the function's role"),
    ("sqs:ReceiveMessage", "*", "Lambda polls queues by the function's role"),
    ("sqs:DeleteMessage", "*", "Lambda polls queues by the function's role"),
    ("sqs:GetQueueAttributes", "*", "Lambda polls queues by the function's role"),
    ("dynamodb:*Stream*", "*", "Lambda reads the stream by the function's role"),
    ("dynamodb:GetRecords", "*", "Lambda reads the stream by the function's role"),
    ("dynamodb:GetShardIterator", "*", "Lambda reads the stream by the function's role"),
    ("sqs:SendMessage", "*:RelayDead", "Lambda puts what the relay gave up on there, by its role"),
    ("ses:SendRawEmail", "*", "SES asks for it beside ses:SendEmail where the content is raw"),
];

/// Key prefixes that no function touched, and why it may.
const NOT_TOUCHED: [(&str, &str); 1] =
    [("P#*#INBOX", "whoever finds that a series is being carried on finishes that, and says there what could not be booked")];

#[tokio::test(flavor = "multi_thread")]
async fn roles_allow_what_functions_call_and_nothing_more() {
    let functions = Template::read().functions();
    let mut stage = Stage::new().await;
    tour::every_sample(&mut stage).await;
    rare::branches(&mut stage).await;
    let mut needs: BTreeMap<&str, BTreeSet<Need>> = BTreeMap::new();
    let (mut refused, mut unused) = (BTreeSet::new(), Vec::new());
    for (function, call) in &stage.calls {
        let (_, statements) = functions.iter().find(|(binary, _)| binary == function).expect("each function is in the template");
        let wanted = need::of(call);
        for need in together(&wanted) {
            if !allows(statements, &need) {
                refused.insert(format!("{function} may not {need:?}"));
            }
        }
        needs.entry(function).or_default().extend(wanted);
    }
    for (binary, statements) in &functions {
        for statement in statements {
            let called = callers(&functions, binary, statement).filter_map(|caller| needs.get(caller)).flatten().cloned().collect();
            unused.extend(excess(statement, &called).into_iter().map(|what| format!("{binary}: {what}")));
        }
    }
    assert!(refused.is_empty() && unused.is_empty(), "refused: {refused:#?}\nallowed and never called: {unused:#?}");
}

#[test]
fn each_exception_is_one() {
    let functions = Template::read().functions();
    for (actions, resources, why) in NOT_CALLED {
        let mut statements = functions.iter().flat_map(|(_, statements)| statements);
        let stands = |statement: &Statement| {
            statement.actions.iter().any(|action| is_like(actions, action))
                && statement.resources.iter().any(|resource| is_like(resources, resource))
        };
        assert!(statements.any(stands), "no role has {actions} on {resources}: {why}");
    }
    for (prefix, why) in NOT_TOUCHED {
        let mut statements = functions.iter().flat_map(|(_, statements)| statements);
        assert!(statements.any(|statement| statement.patterns(LEADING_KEYS).any(|of| of == prefix)), "no role has {prefix}: {why}");
    }
}

/// The functions one of which must need what a statement allows: the one that has it; or whoever has it, where a plan of a
/// series is worked off by whoever finds it.
fn callers<'a>(
    functions: &'a [(String, Vec<Statement>)],
    binary: &'a str,
    statement: &'a Statement,
) -> impl Iterator<Item = &'a str> {
    let works_off_plans = statement.patterns(LEADING_KEYS).any(|pattern| pattern == "P#*#SERIES#*");
    let has_it = move |(other, statements): &&(String, Vec<Statement>)| {
        other == binary || (works_off_plans && statements.contains(statement))
    };
    functions.iter().filter(has_it).map(|(binary, _)| binary.as_str())
}

/// A transaction's needs as they are if each write is compared with the keys of all.
fn together(wanted: &[Need]) -> Vec<Need> {
    let keys: Vec<String> = wanted.iter().filter_map(|need| need.context.get(LEADING_KEYS)).flatten().cloned().collect();
    let mut together = wanted.to_vec();
    for keys_of in together.iter_mut().filter_map(|need| need.context.get_mut(LEADING_KEYS)) {
        keys_of.clone_from(&keys);
    }
    together
}

/// What a statement allows without any call that needs it: each of its actions, resources and key prefixes counts.
fn excess(statement: &Statement, called: &BTreeSet<Need>) -> Vec<String> {
    let excepted = |action: &str, resource: &str| {
        NOT_CALLED.iter().any(|(actions, resources, _)| is_like(actions, action) && is_like(resources, resource))
    };
    let matching: Vec<&Need> = called.iter().filter(|need| statement.matches(need)).collect();
    let mut excess = Vec::new();
    for action in &statement.actions {
        let unexcepted = statement.resources.iter().any(|resource| !excepted(action, resource));
        if unexcepted && !matching.iter().any(|need| is_like(action, &need.action)) {
            excess.push(format!("{action} on {:?}", statement.resources));
        }
    }
    for resource in &statement.resources {
        let unexcepted = statement.actions.iter().any(|action| !excepted(action, resource));
        if unexcepted && !matching.iter().any(|need| is_like(resource, &need.resource)) {
            excess.push(format!("{:?} on {resource}", statement.actions));
        }
    }
    for pattern in statement.patterns(LEADING_KEYS) {
        let touched =
            |need: &&Need| need.context.get(LEADING_KEYS).is_some_and(|keys| keys.iter().any(|key| is_like(pattern, key)));
        let excepted = NOT_TOUCHED.iter().any(|(prefix, _)| pattern == prefix);
        if !excepted && !matching.iter().any(touched) {
            excess.push(format!("{:?} on {pattern}", statement.actions));
        }
    }
    excess
}
