//! The clock of the local server: forward only, through every due moment in order.

use hourkeep_tests::House;
use serde_json::{Value, json};

use crate::home::Home as _;

#[tokio::test]
async fn the_clock_never_goes_back() {
    let house = House::new().await;
    let refused = house.ask_clock(json!({"to": "2026-11-30T14:59:59Z"})).await.refused(422, "invalid-field");
    assert_eq!((&refused.body["pointer"], &refused.body["detail"]), (&json!("/to"), &json!("The clock never goes back.")));
    house.ask_clock(json!({"advance": "-PT1H"})).await.refused(422, "invalid-field");
    assert_eq!(house.anyone().get("/local/clock").await.expect(200).body, json!({"now": House::NOW}));
}

#[tokio::test]
async fn the_clock_says_what_it_cannot_read() {
    let house = House::new().await;
    for advance in ["P1M", "P1Y", "two days", "", "P", "PT", "1"] {
        let refused = house.ask_clock(json!({"advance": advance})).await.refused(422, "invalid-field");
        assert_eq!(refused.body["pointer"], "/advance", "{advance}");
        assert!(refused.text_of("/detail").contains("such as P2DT3H"), "{advance}");
    }
    for far in [json!({"advance": "P401D"}), json!({"advance": "P7000000D"}), json!({"to": "2999-01-01T00:00:00Z"})] {
        let refused = house.ask_clock(far).await.refused(422, "invalid-field");
        assert!(refused.text_of("/detail").contains("400 days"));
    }
    for neither in [json!({}), json!({"advance": "PT1H", "to": "2026-12-01T00:00:00Z"})] {
        house.ask_clock(neither).await.refused(422, "invalid-field");
    }
    for unreadable in [json!({"to": "tomorrow"}), json!({"advance": 5}), json!({"forward": "PT1H"}), json!([])] {
        let refused = house.ask_clock(unreadable).await.refused(400, "invalid-request");
        assert!(refused.text_of("/detail").contains("P2DT3H"));
    }
    assert_eq!(house.anyone().get("/local/clock").await.expect(200).body, json!({"now": House::NOW}));
}

#[tokio::test]
async fn the_clock_answers_what_it_shows_then() {
    let house = House::new().await;
    assert_eq!(house.ask_clock(json!({"advance": "P1DT2H3M4S"})).await.expect(200).body, json!({"now": "2026-12-01T17:03:04Z"}));
    assert_eq!(
        house.ask_clock(json!({"to": "2026-12-01T17:03:04Z"})).await.expect(200).body,
        json!({"now": "2026-12-01T17:03:04Z"})
    );
    assert_eq!(house.ask_clock(json!({"advance": "PT0S"})).await.expect(200).body, json!({"now": "2026-12-01T17:03:04Z"}));
}

#[tokio::test]
async fn a_move_by_nothing_does_what_is_due() {
    let house = House::new().await;
    house.schedule("2026-12-10T09:00", json!({"invite": {"send": true}})).await;
    assert!(house.mails().await.is_empty());
    house.settle().await;
    let mails = house.mails().await;
    assert_eq!(mails.iter().map(|mail| &mail["sent_at"]).collect::<Vec<_>>(), [House::NOW]);
}

#[tokio::test]
async fn one_move_steps_through_every_due_moment_in_order() {
    let house = House::new().await;
    let both = json!([{"days_before": 2, "channel": "email"}, {"days_before": 1, "channel": "email"}]);
    for local_start in ["2026-12-05T12:07", "2026-12-06T09:00", "2026-12-05T09:31", "2026-12-04T20:45"] {
        house.schedule(local_start, json!({"reminders": both})).await;
    }
    house.schedule("2026-12-10T09:00", json!({"invite": {"send": true}})).await;
    house.until("2026-12-07T00:00:00Z").await;
    let sent: Vec<Value> = house.mails().await.iter().map(|mail| mail["sent_at"].clone()).collect();
    let due = [
        House::NOW,
        "2026-12-03T03:45:00Z",
        "2026-12-03T16:31:00Z",
        "2026-12-03T19:07:00Z",
        "2026-12-04T03:45:00Z",
        "2026-12-04T16:00:00Z",
        "2026-12-04T16:31:00Z",
        "2026-12-04T19:07:00Z",
        "2026-12-05T16:00:00Z",
    ];
    assert_eq!(sent, due);
}
