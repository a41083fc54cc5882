//! The API's description of itself: complete, consistent, and changed only on purpose.

use std::collections::BTreeSet;

use hourkeep_tests::House;
use serde_json::Value;

use crate::support::routes;

/// Every object within a value, with its place.
fn walk<'a>(value: &'a Value, place: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(place, value);
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| walk(value, &format!("{place}/{name}"), visit)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| walk(value, &format!("{place}/{at}"), visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_description_changes_only_on_purpose() {
    let (_, description) = routes(&House::new().await).await;
    assert_eq!(description["openapi"], "3.1.0");
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&description).unwrap());
}

#[tokio::test]
async fn every_route_says_what_it_is_what_it_answers_and_how_it_refuses() {
    let (routes, description) = routes(&House::new().await).await;
    let tags: BTreeSet<&str> = description["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for route in &routes {
        let (name, operation) = (route.name(), &route.operation);
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name} has the operationId of another route");
        let tagged: Vec<&str> = operation["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(tagged.len() == 1 && tags.contains(tagged[0]), "{name} is tagged {tagged:?}");
        assert!(operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{name} has no summary");
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{name} does not describe its {status}");
        }
        let success: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with('2')).collect();
        assert_eq!(success.len(), 1, "{name}");
        let kind = if name == "GET /v1/exports/{ticket}" { "application/x-ndjson" } else { "application/json" };
        assert!(success[0].1["content"][kind]["schema"].is_object(), "{name} has no schema of success");
        // Nothing is new: no success with a body, and no refusal.
        let unchanged = responses.contains_key("304");
        assert_eq!(unchanged, operation.to_string().contains("If-None-Match"), "{name}");
        let refusals: Vec<_> = responses.iter().filter(|(status, _)| !status.starts_with(['2', '3'])).collect();
        assert_eq!(refusals.len(), 2, "{name} does not say how it is refused and how it fails");
        for (status, refusal) in refusals {
            let schema = &refusal["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{name} {status}");
        }
    }
}

#[tokio::test]
async fn every_change_takes_a_key_and_every_change_of_a_record_a_revision() {
    let (routes, _) = routes(&House::new().await).await;
    for route in routes {
        let parameters = route.operation["parameters"].as_array().cloned().unwrap_or_default();
        let takes = |name: &str| parameters.iter().any(|parameter| parameter["in"] == "header" && parameter["name"] == name);
        let changes = route.changes();
        let of_a_record = changes && (route.path.contains("{id}") || route.path == "/v1/practice");
        assert_eq!(takes("Idempotency-Key"), changes, "{}", route.name());
        assert_eq!(takes("If-Match"), of_a_record, "{}", route.name());
        assert_eq!(takes("Hourkeep-Practice"), route.takes_a_token(), "{}", route.name());
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let (_, description) = routes(&House::new().await).await;
    let mut count = 0;
    walk(&description, "", &mut |place, value| {
        if let Some(reference) = value["$ref"].as_str() {
            assert!(description.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{place} refers to {reference}");
            count += 1;
        }
    });
    assert!(count > 50, "only {count} references");
}

#[tokio::test]
async fn every_example_is_of_its_type() {
    let (_, description) = routes(&House::new().await).await;
    let mut count = 0;
    walk(&description, "", &mut |place, schema| {
        let (Some(example), false) = (schema.get("example"), schema["type"].is_null()) else { return };
        let kind = match example {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let fits = schema["type"] == kind || schema["type"].as_array().is_some_and(|types| types.iter().any(|t| t == kind));
        assert!(fits, "{place}: {example} is no {}", schema["type"]);
        count += 1;
    });
    assert!(count > 30, "only {count} examples");
}

#[tokio::test]
async fn every_field_that_a_caller_reads_or_writes_is_explained() {
    let (_, description) = routes(&House::new().await).await;
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let inner = property["oneOf"].as_array().into_iter().flatten().any(|choice| choice["description"].is_string());
            assert!(inner || property["description"].is_string(), "{name}.{field} is not explained");
        }
    }
}
