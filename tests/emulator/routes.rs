//! One list of routes, the code's; held against it are the template, the description and the local server.

use std::collections::{BTreeMap, BTreeSet};

use hourkeep_http::router::{DESCRIPTION, Function, Route};
use hourkeep_tests::{House, Person};
use reqwest::Method;
use serde_json::Value;

use crate::permissions::template::Template;

/// What API Gateway does with requests, by the translated template.
struct Gateway {
    routes: Vec<Gate>,
    /// The binary behind the address that streams.
    streams: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Gate {
    method: String,
    path: String,
    binary: String,
    takes_token: bool,
}

impl Gateway {
    fn read() -> Self {
        let template = Template::read();
        let resources = template.resources();
        let binary = |function: &str| {
            let name = resources[function].pointer("/Metadata/BuildProperties/Binary").and_then(Value::as_str);
            name.unwrap_or_else(|| panic!("{function} is a function of the template")).to_owned()
        };
        let mut routes = Vec::new();
        for (path, methods) in resources["Api"]["Properties"]["Body"]["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let uri = operation.pointer("/x-amazon-apigateway-integration/uri/Fn::Sub").and_then(Value::as_str).unwrap();
                let function = uri.split("functions/${").nth(1).and_then(|rest| rest.split(".Arn").next()).unwrap();
                let takes_token = operation["security"].as_array().is_some_and(|security| !security.is_empty());
                let (method, path) = (method.to_uppercase(), path.clone());
                routes.push(Gate { method, path, binary: binary(function), takes_token });
            }
        }
        let url = resources.values().find(|resource| resource["Type"] == "AWS::Lambda::Url").unwrap();
        assert_eq!(url["Properties"]["InvokeMode"], "RESPONSE_STREAM");
        Self { routes, streams: binary(url.pointer("/Properties/TargetFunctionArn/Ref").and_then(Value::as_str).unwrap()) }
    }

    /// Which gate a request goes through: of those that match, the most specific one.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
    fn of(&self, method: &str, path: &str) -> Option<&Gate> {
        let fits = |gate: &&Gate| gate.method == method && matches(&gate.path, path);
        self.routes.iter().filter(fits).max_by_key(|gate| specificity(&gate.path))
    }
}

/// Whether a route's path takes a path.
fn matches(route: &str, path: &str) -> bool {
    let (mut parts, mut wanted) = (path.split('/'), route.split('/'));
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some(wanted), Some(part)) if is_greedy(wanted) => return !part.is_empty(),
            (Some(wanted), Some(part)) if wanted.starts_with('{') && !part.is_empty() => {}
            (Some(wanted), Some(part)) if wanted == part => {}
            _ => return false,
        }
    }
}

fn is_greedy(part: &str) -> bool {
    part.starts_with('{') && part.ends_with("+}")
}

/// Full matches come first, then those with a greedy part, the longer the better.
fn specificity(route: &str) -> (bool, usize, usize) {
    let parts: Vec<&str> = route.split('/').collect();
    let literal = parts.iter().filter(|part| !part.starts_with('{')).count();
    (!parts.iter().any(|part| is_greedy(part)), parts.len(), literal)
}

/// A path as someone would send it.
fn sent(route: &Route) -> String {
    let part = |part: &str| match part {
        "{code}" => "ABCD-EFGH-JKMN".to_owned(),
        part if part.starts_with('{') => "x1".to_owned(),
        part => part.to_owned(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn all() -> impl Iterator<Item = (Function, Route)> {
    Function::ALL.into_iter().flat_map(|function| function.routes().into_iter().map(move |route| (function, route)))
}

#[test]
fn each_route_of_the_code_is_led_to_its_function_with_a_token_where_it_takes_one() {
    let gateway = Gateway::read();
    for (function, route) in all() {
        if function == Function::Export {
            assert_eq!(gateway.streams, function.binary(), "{route:?}");
            continue;
        }
        let gate = gateway.of(route.method, &sent(&route)).unwrap_or_else(|| panic!("nothing leads to {route:?}"));
        assert_eq!((gate.binary.as_str(), gate.takes_token), (function.binary(), route.takes_token), "{route:?} by {gate:?}");
    }
}

#[test]
fn each_route_of_the_template_leads_to_one_of_the_code() {
    let gateway = Gateway::read();
    let mut used: BTreeMap<Gate, usize> = gateway.routes.iter().map(|gate| (gate.clone(), 0)).collect();
    for (_, route) in all() {
        if let Some(gate) = gateway.of(route.method, &sent(&route)) {
            *used.get_mut(gate).unwrap() += 1;
        }
    }
    let idle: Vec<&Gate> = used.iter().filter(|(_, count)| **count == 0).map(|(gate, _)| gate).collect();
    assert!(idle.is_empty(), "nothing in the code answers {idle:#?}");
}

#[test]
fn the_most_specific_route_is_taken() {
    let gate = |path: &str| Gate { method: "GET".into(), path: path.into(), binary: path.into(), takes_token: true };
    let routes = ["/v1/{proxy+}", "/v1/public/{proxy+}", "/v1/sessions", "/v1/sessions/{id}", "/s/{code}"].map(gate).to_vec();
    let gateway = Gateway { routes, streams: String::new() };
    let taken = |path: &str| gateway.of("GET", path).map(|gate| gate.path.clone());
    assert_eq!(taken("/v1/sessions").as_deref(), Some("/v1/sessions"));
    assert_eq!(taken("/v1/sessions/x").as_deref(), Some("/v1/sessions/{id}"));
    assert_eq!(taken("/v1/sessions/x/y").as_deref(), Some("/v1/{proxy+}"));
    assert_eq!(taken("/v1/public/sessions/x").as_deref(), Some("/v1/public/{proxy+}"));
    assert_eq!(taken("/s/x/y"), None);
    assert_eq!(gateway.of("POST", "/v1/sessions"), None);
}

#[tokio::test]
async fn the_description_has_every_route_but_pages_and_itself() {
    let house = House::new().await;
    let description = Person::stranger(&house.server.url()).get(DESCRIPTION).await.expect(200).body;
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let pages = hourkeep_http::pages::ALL;
    let hidden = |route: &Route| route.path == DESCRIPTION || pages.contains(&route.path.as_str());
    let routes: BTreeSet<_> =
        all().filter(|(_, route)| !hidden(route)).map(|(_, route)| (route.method.to_owned(), route.path)).collect();
    assert_eq!(described, routes);
}

#[tokio::test]
async fn the_local_server_answers_every_route() {
    let house = House::new().await;
    let stranger = Person::stranger(&house.server.url());
    let nothing = stranger.get("/v1/nothing-of-the-kind").await.refused(404, "not-found").text_of("/detail");
    for (_, route) in all() {
        let answer = stranger.send(route.method.parse::<Method>().unwrap(), &sent(&route), &[], None).await;
        if route.takes_token {
            answer.refused(401, "unauthenticated");
        } else {
            assert_ne!(answer.status, 405, "{route:?}");
            assert!(!answer.text.contains(&nothing), "{route:?}: {}", answer.text);
        }
    }
}
