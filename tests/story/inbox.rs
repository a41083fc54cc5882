//! The inbox: what workers found, shown to whom it concerns until somebody has seen to it.

use hourkeep_app::inbox::flag;
use hourkeep_domain::{
    ids::{SeriesId, SessionId},
    inbox::{About, InboxItem},
    zone::Zone,
};
use hourkeep_store::{Item, Key, Transaction, key};
use hourkeep_tests::{Answer, House, Person};
use reqwest::Method;
use serde_json::{Value, json};

fn vancouver() -> Zone {
    Zone::parse("America/Vancouver").unwrap()
}

fn taken(series: u128, local_start: &str) -> About {
    About::PlaceTaken { series: SeriesId::from_bits(series), local_start: local_start.parse().unwrap(), zone: vancouver() }
}

fn ends(series: u128, last: &str) -> About {
    About::SeriesEnds { series: SeriesId::from_bits(series), last: last.parse().unwrap(), zone: vancouver() }
}

/// A house and the practice in it.
struct Story {
    house: House,
    practice: String,
}

impl Story {
    async fn new() -> Self {
        let house = House::new().await;
        let practice = house.ada.get("/v1/practice").await.expect(200).text_of("/id");
        Self { house, practice }
    }

    /// About Ada's calendar and her client.
    async fn adas(&self, about: About) -> InboxItem {
        self.house.flag(&self.practice, &self.house.ada_id, &[self.house.client_id()], about).await
    }

    /// About Ben's calendar, for a client of nobody's.
    async fn bens(&self, about: About) -> InboxItem {
        self.house.flag(&self.practice, &self.house.ben_id, &[], about).await
    }
}

async fn ids(person: &Person, query: &str) -> Vec<String> {
    let list = person.get(&format!("/v1/inbox{query}")).await.expect(200).body;
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn named(items: &[&InboxItem]) -> Vec<String> {
    items.iter().map(|item| item.id.to_string()).collect()
}

async fn finish(person: &Person, item: &InboxItem) -> Answer {
    person.post(&format!("/v1/inbox/{}/done", item.id), json!({})).await
}

#[tokio::test]
async fn what_was_found_awaits_those_whom_it_concerns_soonest_first() {
    let story = Story::new().await;
    let house = &story.house;
    let a_year_ahead = story.adas(taken(1, "2027-12-07T09:00:00")).await;
    let soon = story.bens(ends(2, "2026-12-28T09:00:00")).await;
    let session = SessionId::from_bits(3);
    let (was, is) = ("2027-03-14T02:30:00".parse().unwrap(), "2027-03-14T03:00:00".parse().unwrap());
    let moved = story.adas(About::Reanchored { session, was, is, zone: vancouver(), overlapping: true }).await;

    let everything = named(&[&soon, &moved, &a_year_ahead]);
    assert_eq!(ids(&house.ada, "").await, everything);
    assert_eq!(ids(&house.fay, "").await, everything);
    assert_eq!(ids(&house.ben, "").await, named(&[&soon]));
    for query in ["", "?done=true"] {
        Person::stranger(&house.server.url()).get(&format!("/v1/inbox{query}")).await.refused(401, "unauthenticated");
    }

    let shown = house.fay.get(&format!("/v1/inbox/{}", moved.id)).await.expect(200);
    assert_eq!(shown.etag.as_deref(), Some("\"1\""));
    assert_eq!(
        shown.body,
        json!({
            "id": moved.id.to_string(), "revision": 1, "kind": "reanchored",
            "title": "New time-zone rules made a session overlap",
            "text": "By new rules, Sunday, 14 March 2027, 2:30 does not exist in America/Vancouver, so the session is on Sunday, 14 March 2027, 3:00. It overlaps something else now: move one of the two.",
            "practitioner_id": house.ada_id, "client_ids": [house.client_id()], "series_id": null,
            "session_id": session.to_string(), "local_start": "2027-03-14T03:00", "time_zone": "America/Vancouver",
            "found_at": House::NOW, "done": null,
        })
    );
    let listed = house.fay.get("/v1/inbox").await.expect(200).body;
    assert_eq!((&listed["items"][1], &listed["items"][0]["series_id"]), (&shown.body, &json!(SeriesId::from_bits(2).to_string())));
}

#[tokio::test]
async fn an_item_of_another_is_not_there_unless_the_client_is_ones_own() {
    let story = Story::new().await;
    let house = &story.house;
    let item = story.adas(taken(1, "2026-12-08T09:00:00")).await;
    house.found("Other Clinic", "other-clinic", "olga@other.test").await;
    let olga = house.sign_in("olga@other.test").await;
    let path = format!("/v1/inbox/{}", item.id);
    for person in [&house.ben, &olga] {
        assert_eq!(ids(person, "").await, [""; 0]);
        person.get(&path).await.refused(404, "not-found");
        finish(person, &item).await.refused(404, "not-found");
    }
    // The same thing of another practice is another item.
    let practice = olga.get("/v1/practice").await.expect(200).text_of("/id");
    let practitioner = olga.get("/v1/practitioners").await.expect(200).text_of("/items/0/id");
    let twin = house.flag(&practice, &practitioner, &[], item.about.clone()).await;
    assert_eq!(twin.id, item.id);
    finish(&olga, &twin).await.expect(200);
    assert_eq!(ids(&house.ada, "").await, named(&[&item]));

    let both = json!({"practitioner_ids": [house.ada_id, house.ben_id]});
    house.ada.patch(&format!("/v1/clients/{}", house.client_id()), both).await.expect(200);
    assert_eq!(ids(&house.ben, "").await, named(&[&item]));
    house.ben.get(&path).await.expect(200);
    finish(&house.ben, &item).await.expect(200);
    assert_eq!(house.ada.get(&path).await.expect(200).text_of("/done/by"), "Ben Bellamy");
}

#[tokio::test]
async fn whoever_sees_to_an_item_takes_it_off_the_list_once_and_for_all() {
    let story = Story::new().await;
    let house = &story.house;
    let (item, other) = (story.adas(taken(1, "2026-12-08T09:00:00")).await, story.adas(ends(1, "2026-12-28T09:00:00")).await);
    house.advance_to("2026-11-30T15:30:00Z").await;
    let done = finish(&house.fay, &item).await.expect(200);
    assert_eq!((done.etag.as_deref(), &done.body["revision"]), (Some("\"2\""), &json!(2)));
    assert_eq!(done.body["done"], json!({"at": "2026-11-30T15:30:00Z", "by": "Fay Fournier"}));
    assert_eq!(ids(&house.ada, "").await, named(&[&other]));
    assert_eq!(ids(&house.ada, "?done=true").await, named(&[&item]));

    // Again, by someone else and later, it is the same answer.
    house.advance_to("2026-11-30T16:00:00Z").await;
    let again = finish(&house.ada, &item).await.expect(200);
    assert_eq!((&again.etag, &again.text), (&done.etag, &done.text));

    // What is found once more is neither there twice nor open again, and nothing else is kept from being written.
    let place = Key { pk: format!("P#{}#INBOX", story.practice), sk: "beside".to_owned() };
    let mut transaction = Transaction::default();
    for known in [&item, &other] {
        let found = InboxItem { at: house.server.desk().clock.now(), ..known.clone() };
        flag(&mut transaction, &found).unwrap();
    }
    transaction.create(Item::new(place.clone(), &other).unwrap().revision(1));
    house.server.desk().table.commit(&transaction).await.unwrap();
    assert!(house.server.desk().table.get::<InboxItem>(&place).await.unwrap().is_some());
    house.server.desk().table.delete(&place).await.unwrap();
    assert_eq!(ids(&house.ada, "").await, named(&[&other]));
    assert_eq!(house.ada.get(&format!("/v1/inbox/{}", item.id)).await.expect(200).text, done.text);
    assert_eq!(house.ada.get(&format!("/v1/inbox/{}", other.id)).await.expect(200).text_of("/found_at"), House::NOW);
}

#[tokio::test]
async fn of_many_who_see_to_an_item_at_once_one_is_named_to_all() {
    let story = Story::new().await;
    let item = story.adas(taken(1, "2026-12-08T09:00:00")).await;
    let (ada, fay) = (&story.house.ada, &story.house.fay);
    let (a, b, c, d) = tokio::join!(finish(ada, &item), finish(fay, &item), finish(ada, &item), finish(fay, &item));
    let answers = [a, b, c, d].map(|answer| answer.expect(200));
    assert!(answers.iter().all(|answer| answer.text == answers[0].text), "{answers:?}");
    assert_eq!(answers[0].body["revision"], 2);
}

#[tokio::test]
async fn a_revision_that_was_seen_before_someone_else_saw_to_it_is_outdated() {
    let story = Story::new().await;
    let item = story.adas(taken(1, "2026-12-08T09:00:00")).await;
    let path = format!("/v1/inbox/{}/done", item.id);
    let send = |headers: [(&'static str, &'static str); 1]| {
        let (ada, path) = (story.house.ada.clone(), path.clone());
        async move { ada.send(Method::POST, &path, &headers, None).await }
    };
    send([("if-match", "\"2\"")]).await.refused(412, "outdated");
    send([("if-match", "\"1\"")]).await.expect(200);
    send([("if-match", "\"1\"")]).await.refused(412, "outdated");
    send([("if-match", "\"2\"")]).await.expect(200);
}

#[tokio::test]
async fn a_page_ends_early_where_little_is_found_and_the_pages_together_hold_all() {
    let story = Story::new().await;
    let house = &story.house;
    // More of Ada's than one page reads, before the first of Ben's.
    let mut transactions = vec![Transaction::default(); 6];
    for n in 0..600_u32 {
        let about = taken(n.into(), "2026-12-01T09:00:00");
        let (practice, ada) = (story.practice.parse().unwrap(), house.ada_id.parse().unwrap());
        let item = InboxItem::new(practice, ada, vec![house.client_id().parse().unwrap()], about, house.server.desk().clock.now());
        flag(&mut transactions[n as usize % 6], &item).unwrap();
    }
    for transaction in &transactions {
        house.server.desk().table.commit(transaction).await.unwrap();
    }
    let bens = [story.bens(ends(1, "2026-12-28T09:00:00")).await, story.bens(ends(2, "2026-12-29T09:00:00")).await];

    let pages = async |person: &Person, limit: usize| {
        let (mut found, mut sizes, mut cursor) = (Vec::new(), Vec::new(), String::new());
        loop {
            let page = person.get(&format!("/v1/inbox?limit={limit}{cursor}")).await.expect(200).body;
            let items = page["items"].as_array().unwrap();
            sizes.push(items.len());
            found.extend(items.iter().map(|item: &Value| item["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return (found, sizes),
            }
        }
    };
    let (found, sizes) = pages(&house.ben, 1).await;
    assert_eq!(found, named(&[&bens[0], &bens[1]]));
    assert_eq!(sizes, [0, 1, 1]);
    let (found, sizes) = pages(&house.fay, 100).await;
    assert_eq!(sizes, [100, 100, 100, 100, 100, 100, 2]);
    let mut once = found.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 602);
}

#[tokio::test]
async fn an_item_is_there_until_ninety_days_after_its_time_whoever_saw_to_it() {
    let story = Story::new().await;
    let house = &story.house;
    let last = story.adas(ends(1, "2026-09-01T15:00:01")).await;
    let over = story.adas(ends(2, "2026-09-01T15:00:00")).await;
    // Both are in the table, whose deletions may take days.
    for item in [&last, &over] {
        let place = key::inbox(item.practice, item.id);
        assert!(house.server.desk().table.get::<InboxItem>(&place).await.unwrap().is_some());
    }
    assert_eq!(ids(&house.ada, "").await, named(&[&last]));
    finish(&house.ada, &over).await.refused(404, "not-found");
    finish(&house.ada, &last).await.expect(200);
    assert_eq!(ids(&house.ada, "?done=true").await, named(&[&last]));
    house.advance_to("2026-11-30T15:00:01Z").await;
    assert_eq!(ids(&house.ada, "?done=true").await, [""; 0]);
    house.ada.get(&format!("/v1/inbox/{}", last.id)).await.refused(404, "not-found");
}
