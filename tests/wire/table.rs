//! The store's reads, conditions and transactions.

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Put, TransactWriteItem},
};
use hourkeep_domain::ids::AttemptId;
use hourkeep_store::{CommitError, Item, Key, Range, Table, Transaction, create_table};

use crate::account::Account;

fn key(sk: &str) -> Key {
    Key { pk: "P#1".to_owned(), sk: sk.to_owned() }
}

fn item(sk: &str, body: &str) -> Item {
    Item::new(key(sk), &body).unwrap()
}

async fn body(table: &Table, sk: &str) -> Option<(u32, String)> {
    table.get::<String>(&key(sk)).await.unwrap().map(|stored| (stored.revision, stored.body))
}

#[tokio::test]
async fn what_was_written_is_read_by_its_key_by_many_keys_and_in_order() {
    let account = Account::open();
    let table = account.table().await;
    create_table(table.client(), table.name()).await.expect("a table that is there is fine");

    let mut transaction = Transaction::default();
    for (sk, text) in [("DAY#1", "one"), ("DAY#2", "two"), ("DAY#3", "three"), ("ROOM", "blue")] {
        transaction.create(item(sk, text).revision(1));
    }
    table.commit(&transaction).await.unwrap();

    assert_eq!(body(&table, "DAY#2").await, Some((1, "two".to_owned())));
    assert_eq!(body(&table, "DAY#4").await, None);

    let batch = table.get_many([key("ROOM"), key("DAY#4"), key("DAY#1"), key("ROOM")]).await.unwrap();
    assert_eq!(batch.body::<String>(&key("ROOM")).unwrap().unwrap(), "blue");
    assert_eq!(batch.body::<String>(&key("DAY#1")).unwrap().unwrap(), "one");
    assert_eq!(batch.body::<String>(&key("DAY#4")).unwrap(), None);

    let texts = async |range: Range, limit: Option<usize>, after: Option<&str>| {
        let page = table.query::<String>("P#1", &range, limit, after).await.unwrap();
        (page.items.into_iter().map(|(_, stored)| stored.body).collect::<Vec<_>>(), page.next)
    };
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let days = Range::Prefix("DAY#".to_owned());
    assert_eq!(texts(days.clone(), None, None).await, (owned(&["one", "two", "three"]), None));
    assert_eq!(texts(Range::Between("DAY#2".to_owned(), "DAY#9".to_owned()), None, None).await.0, ["two", "three"]);
    assert_eq!(texts(days.clone(), Some(2), None).await, (owned(&["one", "two"]), Some("DAY#2".to_owned())));
    assert_eq!(texts(days, Some(2), Some("DAY#2")).await.0, ["three"]);
    assert_eq!(texts(Range::All, None, None).await.0.len(), 4);
}

#[tokio::test]
async fn a_transaction_holds_in_all_its_parts_or_in_none() {
    let account = Account::open();
    let table = account.table().await;
    let commit = async |fill: &dyn Fn(&mut Transaction)| {
        let mut transaction = Transaction::default();
        fill(&mut transaction);
        table.commit(&transaction).await
    };
    let stale = |outcome: Result<(), CommitError>| matches!(outcome, Err(CommitError::Stale));

    // What must not exist.
    commit(&|t| t.create(item("a", "first").revision(1))).await.unwrap();
    let other = commit(&|t| {
        t.create(item("b", "with it").revision(1));
        t.create(item("a", "second").revision(1));
    });
    assert!(stale(other.await));
    assert_eq!((body(&table, "a").await, body(&table, "b").await), (Some((1, "first".to_owned())), None));

    // What must be as it was read.
    commit(&|t| t.replace(item("a", "second").revision(2), 1)).await.unwrap();
    assert!(stale(commit(&|t| t.replace(item("a", "third").revision(2), 1)).await));
    assert!(stale(commit(&|t| t.replace(item("a", "third").revision(1), 0)).await));
    assert!(stale(commit(&|t| t.replace(item("c", "of nothing").revision(2), 1)).await));
    assert_eq!(body(&table, "a").await, Some((2, "second".to_owned())));
    assert!(table.swap(item("a", "third").revision(3), 2).await.unwrap());
    assert!(!table.swap(item("a", "fourth").revision(3), 2).await.unwrap());

    // What must have expired.
    let at = "2026-11-30T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let kept = || item("answer", "kept").expires_at(at);
    commit(&|t| t.create_or_renew(kept(), 0)).await.unwrap();
    assert!(stale(commit(&|t| t.create_or_renew(kept(), at.timestamp() - 1)).await));
    commit(&|t| t.create_or_renew(kept(), at.timestamp())).await.unwrap();

    // What is kept if it is there does not stand in the way.
    commit(&|t| t.create_or_keep(item("found", "first").revision(1).expires_at(at))).await.unwrap();
    commit(&|t| t.replace(item("found", "changed").revision(2).expires_at(at), 1)).await.unwrap();
    commit(&|t| {
        t.create_or_keep(item("found", "second").revision(1).expires_at(at));
        t.create(item("beside", "it").revision(1));
    })
    .await
    .unwrap();
    assert_eq!(body(&table, "found").await, Some((2, "changed".to_owned())));
    assert_eq!(body(&table, "beside").await, Some((1, "it".to_owned())));

    // Counters count with what holds, and only then.
    let sums = async || table.counters("P#1", &Range::Prefix("2026".to_owned())).await.unwrap();
    commit(&|t| t.count(key("2026-11"), [("mails", 2), ("sessions", 1)])).await.unwrap();
    let lost = commit(&|t| {
        t.count(key("2026-11"), [("mails", 40)]);
        t.create(item("a", "again"));
    });
    assert!(stale(lost.await));
    commit(&|t| t.count(key("2026-11"), [("mails", 1)])).await.unwrap();
    let expected = [("mails".to_owned(), 3), ("sessions".to_owned(), 1)];
    assert_eq!(sums().await, [("2026-11".to_owned(), expected.into_iter().collect())]);

    // An attempt is recognised by its witness.
    let (mine, yours) = (AttemptId::from_bits(1), AttemptId::from_bits(2));
    let by = |attempt: AttemptId| {
        let mut transaction = Transaction::default();
        transaction.create(item("w", "won").revision(1).attempt(attempt));
        transaction.witness(key("w"), attempt);
        transaction
    };
    assert!(!table.holds(&by(mine)).await.unwrap());
    table.commit(&by(mine)).await.unwrap();
    assert!(stale(table.commit(&by(yours)).await));
    assert_eq!((table.holds(&by(mine)).await.unwrap(), table.holds(&by(yours)).await.unwrap()), (true, false));

    // Deleting what is not there is fine.
    commit(&|t| {
        t.delete(key("w"));
        t.delete(key("nowhere"));
    })
    .await
    .unwrap();
    assert_eq!(body(&table, "w").await, None);

    reasons_stand_in_the_order_of_the_writes(&table).await;
}

/// The store reads them by their codes; which of several records changed is told by the place.
async fn reasons_stand_in_the_order_of_the_writes(table: &Table) {
    let put = |sk: &str| {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = Put::builder().table_name(table.name()).item("pk", text("P#1")).item("sk", text(sk));
        TransactWriteItem::builder().put(put.condition_expression("attribute_not_exists(pk)").build().unwrap()).build()
    };
    let sent =
        table.client().transact_write_items().transact_items(put("new 1")).transact_items(put("a")).transact_items(put("new 2"));
    let TransactWriteItemsError::TransactionCanceledException(why) = sent.send().await.unwrap_err().into_service_error() else {
        panic!("another error")
    };
    let codes: Vec<_> = why.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or_default()).collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed", "None"]);
}
