//! What Hourkeep costs on AWS: counted from a session's life, priced by list prices, held to the budget of the design, and
//! told in `docs/cost.md`.

mod bill;
mod figures;
mod life;
mod money;
mod page;
mod scale;
mod tally;
mod template;

use self::{bill::Bill, life::Life, money::Money, template::Idle};
use crate::support::hold;

/// What the design allows for a thousand sessions, besides SES's price of a mail.
const BUDGET: &str = "0.10";
/// What is held while the budget is not: it is passed mostly by what API Gateway, writes and logs cost at the least.
const CEILING: &str = "0.15";

#[tokio::test]
async fn what_a_thousand_sessions_cost_is_told_and_held() {
    let life = Life::live().await;
    let (list, measured) = (figures::json("prices.json"), figures::json("measured.json"));
    let bill = Bill { life: &life, list: &list, measured: &measured };
    let template = Idle::of(&figures::file("template.yaml"));
    let besides = bill.besides_mail();
    hold("cost.md", &page::write(&bill, &template));
    assert!(besides <= Money::parse(CEILING), "{}", besides.text(4));
}

#[test]
fn every_price_and_quota_says_where_it_is_from() {
    let list: figures::List = figures::json("prices.json");
    let is_day = |text: &str| text.parse::<chrono::NaiveDate>().is_ok();
    for (name, price) in &list.prices {
        assert!(price.source.starts_with("https://aws.amazon.com/") && price.seen_in.starts_with("https://"), "{name}");
        assert!(is_day(&price.looked_up) && price.per > 0, "{name}");
        assert!(price.confirmed || price.note.is_some(), "{name} says why it is not confirmed");
        assert!(Money::parse(&price.usd) >= Money::default(), "{name}");
    }
    for (name, quota) in &list.quotas {
        assert!(is_day(&quota.looked_up) && !quota.source.is_empty() && !quota.seen_in.is_empty() && quota.adjustable, "{name}");
        assert!(quota.confirmed || quota.note.is_some(), "{name} says why it is not confirmed");
    }
}
