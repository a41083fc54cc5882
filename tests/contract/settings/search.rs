//! The directory: found by the beginning of a first or last name, whatever its case and accents, page by page.

use std::collections::BTreeSet;

use hourkeep_tests::House;
use serde_json::json;

use super::{names, pages};

async fn add(house: &House, first: &str, last: &str) -> String {
    let body = json!({"first_name": first, "last_name": last, "practitioner_ids": [house.ada_id]});
    house.ada.post("/v1/clients", body).await.expect(201).text_of("/id")
}

async fn search(house: &House, text: &str) -> Vec<String> {
    names(&pages(&house.ada, &format!("/v1/clients?search={text}")).await.0)
}

#[tokio::test]
async fn a_client_is_found_by_the_beginning_of_either_name() {
    let house = House::new().await;
    add(&house, "Wilhelmine", "Xanthos").await;
    for text in ["w", "wil", "WILHELM", "Wilhelmine", "x", "xan", "XANTHOS", "%20xanthos%20"] {
        assert_eq!(search(&house, text).await, ["Wilhelmine Xanthos"], "{text}");
    }
    for text in ["helm", "anthos", "xanthosx", "wilhelmine%20xanthos", "wilhelmine%23"] {
        assert_eq!(search(&house, text).await, [""; 0], "{text}");
    }
}

#[tokio::test]
async fn case_and_accents_make_no_difference() {
    let house = House::new().await;
    for (first, last) in [("Zoé", "Ångström"), ("ÉMILE", "Übermut"), ("Ñandú", "Çelik")] {
        add(&house, first, last).await;
    }
    let pairs = [("angs", "Zoé Ångström"), ("%C3%85NGS", "Zoé Ångström"), ("%C3%A9mi", "ÉMILE Übermut"), ("UBER", "ÉMILE Übermut")];
    for (text, name) in pairs.into_iter().chain([("nandu", "Ñandú Çelik"), ("celik", "Ñandú Çelik"), ("%C3%87EL", "Ñandú Çelik")])
    {
        assert_eq!(search(&house, text).await, [name], "{text}");
    }
}

#[tokio::test]
async fn one_whose_names_both_begin_so_is_found_once() {
    let house = House::new().await;
    add(&house, "Quentin", "Quill").await;
    add(&house, "Quill", "Quill").await;
    let (items, _) = pages(&house.ada, "/v1/clients?search=qui&limit=1").await;
    let found = names(&items);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{found:?}");
    assert_eq!(search(&house, "que").await, ["Quentin Quill"]);
    assert_eq!(search(&house, "q").await.len(), 2);
}

#[tokio::test]
async fn a_rename_is_found_under_the_new_name_and_no_longer_under_the_old() {
    let house = House::new().await;
    let id = add(&house, "Wilma", "Xanthos").await;
    house.ada.patch(&format!("/v1/clients/{id}"), json!({"last_name": "Yvain"})).await.expect(200);
    assert_eq!(search(&house, "xan").await, [""; 0]);
    assert_eq!(
        (search(&house, "yv").await, search(&house, "wilm").await),
        (vec!["Wilma Yvain".to_owned()], vec!["Wilma Yvain".to_owned()])
    );
    let of_ada = pages(&house.ada, &format!("/v1/clients?practitioner_id={}&search=yv", house.ada_id)).await.0;
    assert_eq!(names(&of_ada), ["Wilma Yvain"]);
}

#[tokio::test]
async fn every_client_is_on_one_page_whatever_the_size_of_pages() {
    let house = House::new().await;
    for n in 0..23 {
        add(&house, &format!("Tessa{n:02}"), &format!("Umber{:02}", 40 - n)).await;
    }
    let (all, _) = pages(&house.ada, "/v1/clients?limit=100").await;
    for size in [1, 2, 3, 7, 24, 100] {
        let (paged, count) = pages(&house.ada, &format!("/v1/clients?limit={size}")).await;
        assert_eq!(paged, all, "pages of {size}");
        // A page may end early where many rows lead to clients that are shown elsewhere.
        assert!(count <= 2 * all.len() / size + 2, "{count} pages of {size}");
        let (found, _) = pages(&house.ada, &format!("/v1/clients?search=umber&limit={size}")).await;
        let names = names(&found);
        assert!(names.len() == 23 && names.is_sorted_by_key(|name| name.split(' ').nth(1).map(str::to_owned)), "{names:?}");
    }
    let ids: BTreeSet<&str> = all.iter().filter_map(|client| client["id"].as_str()).collect();
    assert_eq!(ids.len(), all.len());
}

#[tokio::test]
async fn pages_go_on_over_many_who_are_not_shown() {
    let house = House::new().await;
    for n in 0..30 {
        let id = add(&house, &format!("Vera{n:02}"), "Gone").await;
        house.ada.patch(&format!("/v1/clients/{id}"), json!({"active": false})).await.expect(200);
    }
    add(&house, "Vera99", "Here").await;
    let (items, _) = pages(&house.ada, "/v1/clients?search=vera&limit=2").await;
    assert_eq!(names(&items), ["Vera99 Here"]);
    assert_eq!(pages(&house.ada, "/v1/clients?search=vera&limit=2&include_inactive=true").await.0.len(), 31);
}

#[tokio::test]
async fn names_of_every_script_are_kept_as_typed_and_found() {
    let house = House::new().await;
    for name in ["Σωκράτης", "Дарья", "李小龙", "नमिता", "🙂 Smile", "O'Neil-Smith", "ﷺ", "a#b", "DROP TABLE"]
    {
        let made = house.ada.post("/v1/clients", json!({"last_name": name})).await.expect(201);
        assert_eq!(made.text_of("/last_name"), name);
        let first: String = name.chars().take(2).collect();
        let encoded = first.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
        assert!(search(&house, &encoded).await.contains(&name.to_owned()), "{name} by {first}");
    }
}
