//! Valid bodies, mutated at random.

use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{bodies::full, cases::HOSTILE, hold};
use crate::support::{Route, Scene, Whose, records, restore, routes, watched};

/// One change of a body.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Index, Value),
    Remove(Index),
    Rename(Index, String),
    Swap(Index, Index),
    Wrap(Index),
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|b| json!(b)),
        any::<i64>().prop_map(|n| json!(n)),
        (-2_i64..2_000).prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        any::<String>().prop_map(|text| json!(text)),
        select(HOSTILE).prop_map(|text| json!(text)),
        "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]".prop_map(|text| json!(text)),
        "(ses|cli|prt|rom|srv|con|loc)_[0-9a-hjkmnp-tv-z]{26}".prop_map(|text| json!(text)),
        select(vec!["America/Santiago", "Africa/Cairo", "Asia/Kathmandu", "Etc/GMT+12", "UTC", "Etc/Unknown"])
            .prop_map(|zone| json!(zone)),
        Just(json!([])),
        Just(json!({})),
    ]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        6 => (any::<Index>(), leaf()).prop_map(|(at, value)| Mutation::Replace(at, value)),
        2 => any::<Index>().prop_map(Mutation::Remove),
        1 => (any::<Index>(), "[a-z_]{0,12}").prop_map(|(at, name)| Mutation::Rename(at, name)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Mutation::Swap(one, other)),
        1 => any::<Index>().prop_map(Mutation::Wrap),
    ]
}

/// The places of everything in a body, the body itself left out.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut below = |name: String, value: &Value| {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| below(name.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, value)| below(place.to_string(), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn take(body: &mut Value, place: &str) -> Option<(String, Value)> {
    let (parent, name) = place.rsplit_once('/')?;
    match body.pointer_mut(parent)? {
        Value::Object(members) => members.remove(name).map(|value| (parent.to_owned(), value)),
        Value::Array(items) => {
            let place: usize = name.parse().ok()?;
            (place < items.len()).then(|| (parent.to_owned(), items.remove(place)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn one_of(found: &[String], index: Index) -> &str {
    index.get::<String>(found)
}

fn apply(body: &mut Value, mutation: &Mutation) {
    let mut found: Vec<String> = Vec::new();
    places(body, "", &mut found);
    if found.is_empty() {
        return;
    }
    match mutation {
        Mutation::Replace(at, value) => *body.pointer_mut(one_of(&found, *at)).unwrap() = value.clone(),
        Mutation::Remove(at) => drop(take(body, one_of(&found, *at))),
        Mutation::Rename(at, name) => {
            if let Some((parent, value)) = take(body, one_of(&found, *at))
                && let Some(Value::Object(members)) = body.pointer_mut(&parent)
            {
                members.insert(name.clone(), value);
            }
        }
        Mutation::Swap(one, other) => {
            let value = body.pointer(one_of(&found, *other)).unwrap().clone();
            *body.pointer_mut(one_of(&found, *one)).unwrap() = value;
        }
        Mutation::Wrap(at) => {
            let there = body.pointer_mut(one_of(&found, *at)).unwrap();
            *there = json!([there.clone()]);
        }
    }
}

#[test]
fn no_mutation_of_a_valid_body_breaks_anything() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (scene, log, routes, base) = runtime.block_on(async {
        let (house, log) = watched().await;
        let scene = Scene::of(house).await;
        let routes: Vec<Route> = routes(&scene.house).await.0;
        let routes: Vec<Route> = routes.into_iter().filter(|route| !route.operation["requestBody"].is_null()).collect();
        let base = records(&scene.house).await;
        (scene, log, routes, base)
    });
    let strategy = (any::<Index>(), prop::collection::vec(mutation(), 1..4));
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&strategy, |(which, mutations)| {
        runtime.block_on(async {
            let route = which.get(&routes);
            let mut target = scene.request(&route.method, &route.path, Whose::Adas).await;
            let mut body = full(&scene, &route.name()).remove(0).0;
            for mutation in &mutations {
                apply(&mut body, mutation);
            }
            let what = format!("{} {body}", route.name());
            target.body = Some(body);
            drop(log.take());
            let answer = target.send(&scene.house.ada, &[]).await;
            hold(&what, &answer, &log);
            // What was refused has written nothing: that is held on the wire.
            if answer.status < 400 {
                restore(&scene.house, &base).await;
            }
        });
        Ok(())
    });
    outcome.unwrap();
    runtime.block_on(scene.house.server.stop());
}
