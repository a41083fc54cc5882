//! Headers that say nothing useful.

use super::{hold, pointer};
use crate::support::{Scene, Whose, routes, watched};

#[tokio::test]
async fn a_header_that_cannot_be_read_is_named() {
    let (house, log) = watched().await;
    let scene = Scene::of(house).await;
    let lengthy = "k".repeat(201);
    let changes = [
        ("Idempotency-Key", vec!["", " ", "é", &lengthy]),
        (
            "If-Match",
            vec!["", "1", "x", "\"\"", "\"x\"", "\"-1\"", "\"+1\"", "\"01\"", "\"99999999999\"", "\"1\", \"2\"", "\"1", "é"],
        ),
        ("Hourkeep-Practice", vec!["", "x", "é", "prc_", "cli_00000000000000000000000000"]),
    ];
    for route in routes(&scene.house).await.0 {
        let target = scene.request(&route.method, &route.path, Whose::Adas).await;
        for (header, values) in &changes {
            let is_read = match *header {
                "Hourkeep-Practice" => route.takes_a_token(),
                _ => target.body.is_some(),
            };
            for value in values.iter().filter(|_| is_read) {
                drop(log.take());
                let what = format!("{}: {header}: {value}", route.name());
                let answer = target.send(&scene.house.ada, &[(header, value)]).await;
                hold(&what, &answer, &log);
                assert_eq!((answer.problem(), pointer(&answer)), ("invalid-request", &*format!("header:{header}")), "{what}");
            }
        }
    }
}
