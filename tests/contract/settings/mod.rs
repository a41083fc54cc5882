//! Practice data: made, read, listed, searched, changed and deactivated.

mod catalogue;
mod clients;
mod directors;
mod event_types;
mod exceptions;
mod machines;
mod search;

use hourkeep_tests::Person;
use serde_json::Value;

/// The items of every page of a list, with how many pages there were.
async fn pages(person: &Person, path: &str) -> (Vec<Value>, usize) {
    let (mut items, mut count, mut cursor) = (Vec::new(), 0, None::<String>);
    loop {
        let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = person.get(&format!("{path}{after}")).await.expect(200);
        items.extend(page.body["items"].as_array().unwrap().clone());
        count += 1;
        cursor = page.body["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return (items, count);
        }
        assert!(count < 200, "the pages of {path} never end");
    }
}

fn names(items: &[Value]) -> Vec<String> {
    let part = |item: &Value, field: &str| item[field].as_str().map(str::to_owned);
    let name =
        |item: &Value| [part(item, "first_name"), part(item, "last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    items.iter().map(name).collect()
}
