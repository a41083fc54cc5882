//! What the template makes that costs money while nobody uses it.

/// Counts of one stack.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Idle {
    /// Metrics in alarms.
    pub(super) alarm_metrics: u128,
    pub(super) dashboards: u128,
    pub(super) secrets: u128,
    /// Functions that answer requests.
    pub(super) answering: u128,
    /// Queues that Lambda asks for messages all day.
    pub(super) polled_queues: u128,
}

impl Idle {
    /// Reads them off the template, resource by resource.
    pub(super) fn of(template: &str) -> Self {
        let (_, resources) = template.split_once("\nResources:\n").unwrap();
        let (resources, _) = resources.split_once("\nOutputs:\n").unwrap();
        let mut idle = Self { alarm_metrics: 0, dashboards: 0, secrets: 0, answering: 0, polled_queues: 0 };
        for resource in blocks(resources) {
            let has = |text: &str| u128::try_from(resource.matches(text).count()).unwrap();
            match kind(&resource) {
                "AWS::CloudWatch::Alarm" => idle.alarm_metrics += has("MetricName:"),
                "AWS::CloudWatch::Dashboard" => idle.dashboards += 1,
                "AWS::SecretsManager::Secret" => idle.secrets += 1,
                "AWS::Serverless::Function" => {
                    let answers = resource.contains("Type: HttpApi") || resource.contains("FunctionUrlConfig:");
                    idle.answering += u128::from(answers);
                    idle.polled_queues += u128::from(resource.lines().any(|line| line.trim() == "Type: SQS"));
                }
                _ => {}
            }
        }
        idle
    }
}

fn blocks(resources: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in resources.lines() {
        let begins = line.strip_prefix("  ").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        if begins {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut()
            && !line.trim_start().starts_with('#')
        {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

fn kind(resource: &str) -> &str {
    resource.lines().find_map(|line| line.strip_prefix("    Type: ")).unwrap_or_default()
}

#[test]
fn what_costs_while_idle_is_found_in_a_template() {
    let template = "x: 1\nResources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    P: {MetricName: a}\n  # MetricName:\n  B:\n    \
        Type: AWS::Serverless::Function\n    E:\n      J:\n        Type: SQS\n  D:\n    Type: AWS::Serverless::Function\n    E: {J: {Type: HttpApi}, O: {Type: SQS}}\n  C:\n    Type: AWS::SecretsManager::Secret\nOutputs:\n";
    let expected = Idle { alarm_metrics: 1, dashboards: 0, secrets: 1, answering: 1, polled_queues: 1 };
    assert_eq!(Idle::of(template), expected);
}
