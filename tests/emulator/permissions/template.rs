//! The roles of functions, as the deployment template has them once SAM has translated it.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{need::arn, policy::Statement};
use crate::stage::{ACCOUNT, CONFIGURATION_SET, GROUP, MAIL_DOMAIN, TABLE, TIMERS_ROLE};

/// The translated template.
pub(crate) struct Template(Map<String, Value>);

impl Template {
    /// What `make template` left in cargo's target folder, which must be newer than what it is made from.
    pub(crate) fn read() -> Self {
        let test = std::env::current_exe().unwrap();
        let made = test.ancestors().map(|folder| folder.join("tools/template.json")).find(|path| path.is_file());
        let made = made.expect("the translated template is missing: run `make template` first");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
        let written = |path: &PathBuf| path.metadata().unwrap().modified().unwrap();
        assert!(written(&made) >= written(&source), "the translated template is older than its source: run `make template` first");
        let template: Value = serde_json::from_slice(&std::fs::read(made).unwrap()).unwrap();
        Self(template["Resources"].as_object().unwrap().clone())
    }

    /// Everything that the stack is made of, by name.
    pub(crate) fn resources(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Functions, by the names of their binaries, with the statements of their roles.
    pub(crate) fn functions(&self) -> Vec<(String, Vec<Statement>)> {
        let functions = self.0.values().filter(|resource| resource["Type"] == "AWS::Lambda::Function");
        let one = |function: &Value| {
            let binary = function["Metadata"]["BuildProperties"]["Binary"].as_str().expect("a function's binary").to_owned();
            let role = function["Properties"]["Role"]["Fn::GetAtt"][0].as_str().expect("a role of the template");
            (binary, self.statements(role))
        };
        functions.map(one).collect()
    }

    fn statements(&self, role: &str) -> Vec<Statement> {
        let role = &self.0[role]["Properties"];
        let managed = role["ManagedPolicyArns"].as_array().into_iter().flatten().map(|policy| {
            let name = policy["Ref"].as_str().unwrap_or_else(|| panic!("{policy} is no policy of the template"));
            &self.0[name]["Properties"]["PolicyDocument"]
        });
        let own = role["Policies"].as_array().into_iter().flatten().map(|policy| &policy["PolicyDocument"]);
        let statements = managed.chain(own).flat_map(|document| document["Statement"].as_array().unwrap());
        statements.map(|statement| Statement::read(&resolved(statement))).collect()
    }
}

/// The value with all that refers to resources replaced by what they are called on the stage.
fn resolved(value: &Value) -> Value {
    match value {
        Value::Object(object) => match object.iter().next().map(|(name, value)| (name.as_str(), value)) {
            Some(("Ref", name)) => reference(name.as_str().unwrap()).into(),
            Some(("Fn::GetAtt", of)) => attribute(of[0].as_str().unwrap(), of[1].as_str().unwrap()).into(),
            Some(("Fn::Sub", text)) => substituted(text.as_str().expect("a text without variables of its own")).into(),
            _ => object.iter().map(|(name, value)| (name.clone(), resolved(value))).collect(),
        },
        Value::Array(values) => values.iter().map(resolved).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn reference(name: &str) -> String {
    match name {
        "AWS::Partition" => "aws".to_owned(),
        "AWS::Region" => "us-east-1".to_owned(),
        "AWS::AccountId" => ACCOUNT.to_owned(),
        "MailDomain" => MAIL_DOMAIN.to_owned(),
        "Mail" => CONFIGURATION_SET.to_owned(),
        "Timers" => GROUP.to_owned(),
        other => panic!("nobody said what {other} is called"),
    }
}

fn attribute(of: &str, attribute: &str) -> String {
    match (of, attribute) {
        ("Table", "Arn") => arn("dynamodb", &format!("table/{TABLE}")),
        ("Table", "StreamArn") => arn("dynamodb", &format!("table/{TABLE}/stream/2026")),
        ("TimersRole", "Arn") => TIMERS_ROLE.to_owned(),
        ("Invites", "Arn") => arn("sqs", "invites"),
        ("Cancellations", "Arn") => arn("sqs", "cancellations"),
        ("Reminders", "Arn") => arn("sqs", "reminders"),
        ("Series", "Arn") => arn("sqs", "series"),
        (other, "Arn") => arn("other", other),
        (of, attribute) => panic!("nobody said what {of}.{attribute} is"),
    }
}

/// `${name}` and `${name.attribute}`.
fn substituted(text: &str) -> String {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap();
        whole += &name.split_once('.').map_or_else(|| reference(name), |(of, attribute_of)| attribute(of, attribute_of));
        whole += rest;
    }
    whole
}
