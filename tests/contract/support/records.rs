//! All records of the server's table, to see what a request changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use hourkeep_tests::House;

/// Every record by its place.
pub(crate) type Records = BTreeMap<(String, String), HashMap<String, AttributeValue>>;

/// Reads them all.
pub(crate) async fn records(house: &House) -> Records {
    let table = &house.server.desk().table;
    let mut found = Records::new();
    let mut start = None;
    loop {
        let scan = table.client().scan().table_name(table.name()).consistent_read(true).set_exclusive_start_key(start);
        let page = scan.send().await.unwrap();
        for item in page.items.unwrap_or_default() {
            let part = |name: &str| item[name].as_s().unwrap().clone();
            found.insert((part("pk"), part("sk")), item);
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return found;
        }
    }
}

/// The places of records that were added, changed or taken away.
pub(crate) fn differences(before: &Records, after: &Records) -> Vec<String> {
    let places: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = places.into_iter().filter(|place| before.get(place) != after.get(place));
    changed.map(|(pk, sk)| format!("{pk} / {sk}")).collect()
}

/// Puts back what was there before.
pub(crate) async fn restore(house: &House, before: &Records) {
    let table = &house.server.desk().table;
    let now = records(house).await;
    for (place, item) in before.iter().filter(|(place, item)| now.get(*place) != Some(*item)) {
        let put = table.client().put_item().table_name(table.name()).set_item(Some(item.clone()));
        put.send().await.unwrap_or_else(|error| panic!("{place:?}: {error}"));
    }
    for (pk, sk) in now.keys().filter(|place| !before.contains_key(*place)) {
        let text = |text: &String| AttributeValue::S(text.clone());
        let delete = table.client().delete_item().table_name(table.name()).key("pk", text(pk)).key("sk", text(sk));
        delete.send().await.unwrap();
    }
}
