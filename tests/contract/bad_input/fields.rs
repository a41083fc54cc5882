//! Every field of every body: missing, null, of the wrong type, too long, too large, hostile, unknown.

use std::collections::BTreeSet;

use super::{
    bodies::full,
    cases::{Case, Expect, Maker},
    hold, pointer,
};
use crate::support::{Request, Route, Scene, Whose, differences, records, restore, routes, watched};

#[tokio::test]
async fn every_fault_of_every_field_is_refused_at_its_place() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let (routes, description) = routes(&scene.house).await;
    let mut count = 0;
    for route in routes.iter().filter(|route| !route.operation["requestBody"].is_null()) {
        let schema = &route.operation["requestBody"]["content"]["application/json"]["schema"];
        let (mut seen, mut all) = (BTreeSet::new(), BTreeSet::new());
        for (body, status) in full(&scene, &route.name()) {
            let mut target = match body["scope"].as_str() {
                Some("this_and_following") => scene.request_of_series(&route.method, &route.path, Whose::Adas).await,
                Some(_) | None => scene.request(&route.method, &route.path, Whose::Adas).await,
            };
            let before = records(&scene.house).await;
            target.body = Some(body.clone());
            target.send(&scene.house.ada, &[]).await.expect(status);
            restore(&scene.house, &before).await;
            let (cases, has, of) = Maker::cases(&description, schema, &body);
            seen.extend(has);
            all.extend(of);
            count += cases.len();
            run(&scene, &log, route, target, cases).await;
        }
        let missing: Vec<_> = all.difference(&seen).collect();
        assert!(missing.is_empty(), "the full body of {} lacks {missing:?}", route.name());
    }
    assert!(count > 3_000, "only {count} cases");
}

async fn run(scene: &Scene, log: &hourkeep_testkit::Log, route: &Route, mut target: Request, cases: Vec<Case>) {
    let before = records(&scene.house).await;
    for case in cases {
        drop(log.take());
        target.body = Some(case.body);
        let answer = target.send(&scene.house.ada, &[]).await;
        let what = format!("{}: {}", route.name(), case.what);
        hold(&what, &answer, log);
        if let Expect::RefusedAt(place) = case.expect {
            let named = pointer(&answer);
            assert!(answer.status >= 400, "{what} was taken: {}", answer.text);
            assert!(named == place || named.starts_with(&format!("{place}/")), "{what} names {named:?}: {}", answer.text);
        }
        if answer.status < 400 {
            restore(&scene.house, &before).await;
        }
    }
    assert_eq!(differences(&before, &records(&scene.house).await), [""; 0], "{}", route.name());
}
