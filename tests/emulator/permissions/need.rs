//! Which permissions a call to one of Amazon's services takes.

use std::collections::BTreeMap;

use hourkeep_tests::Call;
use serde_json::Value;

use super::policy::Need;
use crate::stage::{ACCOUNT, CONFIGURATION_SET};

pub(crate) const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

fn need(action: &str, resource: String, key: &str, values: Vec<String>) -> Need {
    Need { action: action.to_owned(), resource, context: BTreeMap::from([(key.to_owned(), values)]) }
}

pub(crate) fn arn(service: &str, what: &str) -> String {
    format!("arn:aws:{service}:us-east-1:{ACCOUNT}:{what}")
}

/// All that a call takes.
pub(crate) fn of(call: &Call) -> Vec<Need> {
    let text = |pointer: &str| call.request.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    match (call.service.as_str(), call.operation.as_str()) {
        ("dynamodb", _) => of_dynamodb(&call.operation, &call.request),
        ("sqs", "SendMessage") => {
            let queue = text("/QueueUrl").rsplit('/').next().unwrap().to_owned();
            vec![need("sqs:SendMessage", arn("sqs", &queue), "none", vec![])]
        }
        ("scheduler", "CreateSchedule") => {
            let name = call.path.rsplit('/').next().unwrap();
            let schedule = arn("scheduler", &format!("schedule/{}/{name}", text("/GroupName")));
            let service = vec!["scheduler.amazonaws.com".to_owned()];
            vec![
                need("scheduler:CreateSchedule", schedule, "none", vec![]),
                need("iam:PassRole", text("/Target/RoleArn").to_owned(), "iam:PassedToService", service),
            ]
        }
        ("ses", "SendEmail") => {
            assert_eq!(text("/ConfigurationSetName"), CONFIGURATION_SET);
            let domain = text("/FromEmailAddress").rsplit('@').next().unwrap().trim_end_matches('>');
            let identity = arn("ses", &format!("identity/{domain}"));
            let set = arn("ses", &format!("configuration-set/{CONFIGURATION_SET}"));
            [identity, set].map(|resource| need("ses:SendEmail", resource, "none", vec![])).to_vec()
        }
        (service, operation) => panic!("nobody said what {service}'s {operation} takes"),
    }
}

/// A transaction takes the permissions of its actions
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>).
fn of_dynamodb(operation: &str, request: &Value) -> Vec<Need> {
    let table = |part: &Value| arn("dynamodb", &format!("table/{}", part["TableName"].as_str().unwrap()));
    let pk = |key: &Value| key["pk"]["S"].as_str().unwrap_or_else(|| panic!("no key in {request}")).to_owned();
    match operation {
        "GetItem" | "UpdateItem" | "DeleteItem" => {
            vec![need(&format!("dynamodb:{operation}"), table(request), LEADING_KEYS, vec![pk(&request["Key"])])]
        }
        "PutItem" => vec![need("dynamodb:PutItem", table(request), LEADING_KEYS, vec![pk(&request["Item"])])],
        "BatchGetItem" => {
            let tables = request["RequestItems"].as_object().unwrap().iter();
            let keys = |part: &Value| part["Keys"].as_array().unwrap().iter().map(pk).collect();
            let one = |(name, part): (&String, &Value)| {
                need("dynamodb:BatchGetItem", arn("dynamodb", &format!("table/{name}")), LEADING_KEYS, keys(part))
            };
            tables.map(one).collect()
        }
        "Query" => {
            let index = request["IndexName"].as_str().map(|index| format!("/index/{index}")).unwrap_or_default();
            vec![need("dynamodb:Query", table(request) + &index, LEADING_KEYS, vec![queried(request)])]
        }
        "TransactWriteItems" => {
            let actions = request["TransactItems"].as_array().unwrap().iter().flat_map(|item| item.as_object().unwrap());
            let one = |(action, part): (&String, &Value)| {
                let (action, key) = match action.as_str() {
                    "Put" => ("dynamodb:PutItem", &part["Item"]),
                    "Update" => ("dynamodb:UpdateItem", &part["Key"]),
                    "Delete" => ("dynamodb:DeleteItem", &part["Key"]),
                    "ConditionCheck" => ("dynamodb:ConditionCheckItem", &part["Key"]),
                    other => panic!("{other} is no action of a transaction"),
                };
                need(action, table(part), LEADING_KEYS, vec![pk(key)])
            };
            actions.map(one).collect()
        }
        other => panic!("nobody said what DynamoDB's {other} takes"),
    }
}

/// The key of the partition that is queried: what the condition compares first.
fn queried(request: &Value) -> String {
    let condition = request["KeyConditionExpression"].as_str().unwrap();
    let value = condition.split_whitespace().nth(2).unwrap();
    request["ExpressionAttributeValues"][value]["S"].as_str().unwrap_or_else(|| panic!("{condition}")).to_owned()
}
