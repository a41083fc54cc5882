//! Every route, asked by everyone.

use std::collections::BTreeSet;

use hourkeep_http::pages;

use super::{
    Column, secrets,
    table::{Cell, NAME_IN_THE_BODY, ROWS, Row, document},
};
use crate::support::{Scene, differences, hold, records, routes};

#[tokio::test]
async fn every_route_has_its_row() {
    let scene = Scene::new().await;
    let described = routes(&scene.house).await.0.into_iter().map(|route| route.name());
    let served: BTreeSet<String> = described.chain(pages::ALL.iter().map(|path| format!("GET {path}"))).collect();
    let rows: BTreeSet<String> = ROWS.iter().map(|row| row.route.to_owned()).collect();
    assert_eq!(served, rows);
    assert_eq!(rows.len(), ROWS.len(), "a route has two rows");
}

#[test]
fn the_document_is_the_table() {
    hold("access.md", &document());
}

#[tokio::test]
async fn everyone_is_let_in_or_refused_as_the_table_says() {
    let scene = Scene::new().await;
    let secrets = secrets(&scene);
    for row in ROWS {
        for column in Column::ALL {
            ask(&scene, row, column, &secrets).await;
        }
    }
}

async fn ask(scene: &Scene, row: &Row, column: Column, secrets: &[String]) {
    let what = format!("{} by {}", row.route, column.title());
    let (method, path) = row.route.split_once(' ').unwrap();
    let mut request = scene.request(&method.parse().unwrap(), path, column.whose()).await;
    // Practitioners schedule for themselves: it is the client whom they may not have.
    if let (Column::Unassigned, true, Some(body)) = (column, NAME_IN_THE_BODY.contains(&row.route), &mut request.body) {
        body["practitioner_id"] = scene.house.ben_id.as_str().into();
    }
    let headers: &[(&str, &str)] = if column == Column::Intruder { &[("hourkeep-practice", &scene.practice)] } else { &[] };
    let before = records(&scene.house).await;
    let answer = request.send(&column.person(scene), headers).await;
    let after = records(&scene.house).await;
    let changed = differences(&before, &after);
    let told = |text: &str| secrets.iter().find(|secret| text.contains(secret.as_str())).cloned();
    match row.cell(column) {
        Cell::Yes => assert!((200..300).contains(&answer.status), "{what}: {}", answer.text),
        Cell::Own => {
            assert!((200..300).contains(&answer.status), "{what}: {}", answer.text);
            assert_eq!(told(&answer.text), None, "{what}: {}", answer.text);
            let touched: Vec<_> = changed.iter().filter(|place| place.contains(&scene.practice)).collect();
            assert!(touched.is_empty(), "{what} changed {touched:?}");
        }
        Cell::Refused(status) => {
            assert_eq!(answer.status, status, "{what}: {}", answer.text);
            assert_eq!(answer.content_type.as_deref(), Some("application/problem+json"), "{what}");
            let echoed = answer.text.replace(&request_words(&request), "");
            if matches!(column, Column::Stranger | Column::Outsider | Column::Intruder | Column::Former) {
                assert_eq!(told(&echoed), None, "{what}: {}", answer.text);
            }
            assert!(changed.is_empty(), "{what} changed {changed:?}");
        }
    }
}

/// The client's id, which a refusal may say again to whoever sent it.
fn request_words(request: &crate::support::Request) -> String {
    let client = request.body.as_ref().and_then(|body| body.pointer("/clients/0/client_id"));
    client.and_then(|id| id.as_str()).unwrap_or("\u{0}").to_owned()
}
