//! A client's sessions, coming and past.

use hourkeep_tests::House;
use serde_json::json;

/// When the sessions of all pages begin, and how many pages there were.
async fn read(house: &House, which: &str, limit: usize) -> (Vec<String>, usize) {
    let path = format!("/v1/clients/{}/sessions?limit={limit}{which}", house.client_id());
    let (mut starts, mut pages, mut next) = (Vec::new(), 0, Some(String::new()));
    while let Some(cursor) = next {
        let page = house.ada.get(&format!("{path}{cursor}")).await.expect(200).body;
        starts.extend(page["items"].as_array().unwrap().iter().map(|item| item["starts_at"].as_str().unwrap()[..16].to_owned()));
        next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        pages += 1;
    }
    (starts, pages)
}

#[tokio::test]
async fn a_client_s_sessions_that_come_are_read_forward_and_those_that_are_over_back() {
    let house = House::new().await;
    // Ada's clocks show eight in the morning; they are at UTC−07:00.
    for start in ["2026-11-30T09:00", "2026-11-30T14:00", "2026-12-07T09:00", "2026-12-14T09:00", "2026-12-21T09:00"] {
        house.schedule(start, json!({"length_minutes": 90})).await;
    }
    let all = ["2026-11-30T16:00", "2026-11-30T21:00", "2026-12-07T16:00", "2026-12-14T16:00", "2026-12-21T16:00"];
    assert_eq!(read(&house, "&which=coming", 50).await.0, all);
    assert!(read(&house, "&which=past", 50).await.0.is_empty());

    house.advance_to("2026-12-14T17:00:00Z").await;
    let (coming, pages) = read(&house, "&which=coming", 1).await;
    assert_eq!(coming, all[3..], "one is under way");
    assert!(pages <= 3, "what is long over is not read: {pages}");
    let (past, _) = read(&house, "&which=past", 2).await;
    assert_eq!(past, ["2026-12-07T16:00", "2026-11-30T21:00", "2026-11-30T16:00"]);
    assert_eq!(read(&house, "", 2).await.0, all);

    house.advance_to("2026-12-14T17:30:00Z").await;
    assert_eq!(read(&house, "&which=coming", 50).await.0, all[4..], "it ends this very moment");
    assert_eq!(read(&house, "&which=past", 50).await.0[0], all[3]);
}

#[tokio::test]
async fn a_place_in_one_list_is_none_in_another() {
    let house = House::new().await;
    for start in ["2026-11-30T09:00", "2026-11-30T14:00", "2026-12-07T09:00"] {
        house.schedule(start, json!({})).await;
    }
    let path = format!("/v1/clients/{}/sessions?limit=2", house.client_id());
    let cursor = house.ada.get(&format!("{path}&which=coming")).await.expect(200).text_of("/next_cursor");
    house.ada.get(&format!("{path}&which=past&cursor={cursor}")).await.refused(400, "invalid-request");
}
