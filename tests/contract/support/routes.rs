//! The routes, as the API describes itself.

use hourkeep_tests::{House, Person};
use reqwest::Method;
use serde_json::Value;

/// What changes nothing although it is no GET.
const HARMLESS: [&str; 2] = ["POST /v1/practice/exports", "POST /v1/series/preview"];

/// One method of one path.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// Such as `POST`.
    pub(crate) method: Method,
    /// Such as `/v1/clients/{id}`.
    pub(crate) path: String,
    /// What the description says of it.
    pub(crate) operation: Value,
}

impl Route {
    /// Such as `POST /v1/clients`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it changes anything.
    pub(crate) fn changes(&self) -> bool {
        self.method != Method::GET && !HARMLESS.contains(&self.name().as_str())
    }

    /// Whether it takes a token.
    pub(crate) fn takes_a_token(&self) -> bool {
        self.operation["security"] != serde_json::json!([{}])
    }

    /// The name of what stands in its path.
    pub(crate) fn placeholder(&self) -> Option<&str> {
        let start = self.path.find('{')?;
        let end = start + self.path[start..].find('}')?;
        Some(&self.path[start..=end])
    }
}

/// All of them, and the whole description.
pub(crate) async fn routes(house: &House) -> (Vec<Route>, Value) {
    let description = Person::stranger(&house.server.url()).get("/v1/openapi.json").await.expect(200).body;
    let mut routes = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            routes.push(Route { method, path: path.clone(), operation: operation.clone() });
        }
    }
    (routes, description)
}
