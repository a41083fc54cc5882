//! The routes, as the API describes itself.

use hourkeep_tests::{House, Person};
use reqwest::Method;
use serde_json::Value;

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
