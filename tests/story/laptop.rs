//! The local server: what survives a restart, who may sign in, and whose tokens hold.

use std::path::{Path, PathBuf};

use hourkeep_local::{Begin, Data, Options, Server};
use hourkeep_tests::{House, Person};
use serde_json::{Value, json};

use crate::home::{Home as _, at};

/// A folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("hourkeep-story-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn options(&self, standing_at: Option<&str>) -> Options {
        let data = Data::Folder(Path::new(&self.0).to_owned());
        Options {
            data,
            clock: standing_at.map_or(Begin::RealTime, |text| Begin::Standing(at(text))),
            background: false,
            ..Options::default()
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn token(url: &str, subject: &str) -> String {
    Person::stranger(url).post("/local/token", json!({"as": subject})).await.expect(200).text_of("/access_token")
}

/// An answer without the server's address, whose port is another one after each start.
fn without_address(body: &Value, url: &str) -> String {
    body.to_string().replace(url, "")
}

#[tokio::test]
async fn data_in_a_folder_survives_a_restart() {
    let folder = Folder::new("restart");
    let house = House::with(folder.options(None)).await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let url = house.server.url();
    let (kept, shown) = (token(&url, "ada@demo.test").await, house.ada.get(&path).await.expect(200).body);
    let (mails, keys) = (house.mails().await, house.anyone().get("/local/jwks.json").await.expect(200).body);
    assert_eq!(mails.len(), 1);
    house.server.stop().await;

    let server = Server::start(folder.options(Some(House::NOW))).await.unwrap();
    let ada = Person::with_token(&server.url(), &kept);
    let again = ada.get(&path).await.expect(200).body;
    assert_eq!(without_address(&again, &server.url()), without_address(&shown, &url), "the old token holds, the session stands");
    assert_eq!(ada.get("/local/mail").await.expect(200).body, Value::from(mails));
    assert_eq!(ada.get("/local/jwks.json").await.expect(200).body, keys);
    let practitioners = ada.get("/v1/practitioners").await.expect(200).body;
    assert_eq!(practitioners["items"].as_array().unwrap().len(), 2, "the demo practice is made once");
    server.stop().await;
}

#[tokio::test]
async fn links_in_mails_still_open_after_a_restart() {
    let folder = Folder::new("links");
    let house = House::with(folder.options(None)).await;
    house.schedule_invited("2026-12-10T09:00").await;
    let (url, letters) = (house.server.url(), house.letters().await);
    let path = letters[0].manage_link().strip_prefix(&url).unwrap().to_owned();
    house.server.stop().await;
    let server = Server::start(folder.options(Some(House::NOW))).await.unwrap();
    Person::stranger(&server.url()).get(&path).await.expect(200);
    server.stop().await;
}

#[tokio::test]
async fn the_clock_goes_on_from_where_it_was_moved_to() {
    let folder = Folder::new("clock");
    let moved = Server::start(folder.options(None)).await.unwrap();
    let anyone = Person::stranger(&moved.url());
    let before = at(&anyone.get("/local/clock").await.expect(200).text_of("/now"));
    let after = at(&anyone.post("/local/clock", json!({"advance": "PT30H"})).await.expect(200).text_of("/now"));
    assert!(after - before >= chrono::Duration::hours(30));
    moved.stop().await;
    let again = Server::start(folder.options(None)).await.unwrap();
    let later = at(&Person::stranger(&again.url()).get("/local/clock").await.expect(200).text_of("/now"));
    assert!(after <= later && later < after + chrono::Duration::minutes(10), "{after} {later}");
    again.stop().await;
}

#[tokio::test]
async fn a_clock_can_begin_at_any_moment_but_begins_once() {
    let folder = Folder::new("begin");
    let running = |text: &str| Options { clock: Begin::Running(at(text)), ..folder.options(None) };
    for wish in ["2026-11-02T09:00:00Z", "2031-01-01T00:00:00Z"] {
        let server = Server::start(running(wish)).await.unwrap();
        let anyone = Person::stranger(&server.url());
        let now = at(&anyone.get("/local/clock").await.expect(200).text_of("/now"));
        let begun = at("2026-11-02T09:00:00Z");
        assert!(begun <= now && now < begun + chrono::Duration::minutes(10), "{now}");
        Person::with_token(&server.url(), &token(&server.url(), "ada@demo.test").await).get("/v1/practitioners").await.expect(200);
        server.stop().await;
    }
}

#[tokio::test]
async fn what_came_due_while_the_server_was_off_is_done_when_it_is_ready() {
    let folder = Folder::new("late");
    let house = House::with(folder.options(None)).await;
    let reminders = json!([{"days_before": 2, "channel": "email"}, {"days_before": 1, "channel": "email"}]);
    house.schedule("2026-12-03T12:00", json!({"reminders": reminders, "invite": {"send": true}})).await;
    house.server.stop().await;

    let late = Options { background: true, ..folder.options(Some("2026-12-02T20:00:00Z")) };
    let server = Server::start(late).await.unwrap();
    let mails = Person::stranger(&server.url()).get("/local/mail").await.expect(200).body;
    let kinds: Vec<&str> = mails.as_array().unwrap().iter().map(|mail| mail["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["invite", "reminder", "reminder"], "neither the invitation nor a reminder is lost");
    server.stop().await;

    let after_its_start = Options { background: true, ..folder.options(Some("2026-12-05T20:00:00Z")) };
    let server = Server::start(after_its_start).await.unwrap();
    let mails = Person::stranger(&server.url()).get("/local/mail").await.expect(200).body;
    assert_eq!(mails.as_array().unwrap().len(), 3, "and none is sent again");
    server.stop().await;
}

#[tokio::test]
async fn a_reminder_that_came_due_while_the_server_was_off_is_not_sent_once_the_session_has_begun() {
    let folder = Folder::new("too-late");
    let house = House::with(folder.options(None)).await;
    house.schedule("2026-12-03T12:00", json!({"reminders": [{"days_before": 1, "channel": "email"}]})).await;
    house.drain().await;
    house.server.stop().await;
    let late = Options { background: true, ..folder.options(Some("2026-12-03T19:00:00Z")) };
    let server = Server::start(late).await.unwrap();
    assert_eq!(Person::stranger(&server.url()).get("/local/mail").await.expect(200).body, json!([]));
    server.stop().await;
}

#[tokio::test]
async fn data_in_memory_is_gone_with_its_server() {
    let [one, other] = [House::new().await, House::new().await];
    let session = one.schedule("2026-12-10T09:00", json!({})).await;
    other.ada.get(&format!("/v1/sessions/{}", session["id"].as_str().unwrap())).await.refused(404, "not-found");
    let token = token(&one.server.url(), "ada@demo.test").await;
    Person::with_token(&other.server.url(), &token).get("/v1/practice").await.refused(401, "unauthenticated");
    one.server.stop().await;
}

#[tokio::test]
async fn only_a_token_of_this_issuer_that_nobody_changed_signs_in() {
    let house = House::new().await;
    let url = house.server.url();
    let [ada, ben] = [token(&url, "ada@demo.test").await, token(&url, "ben@demo.test").await];
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let ([_, claims, _], [header, _, signature]) = (&parts(&ada)[..], &parts(&ben)[..]) else { panic!("{ada}") };
    // {"alg":"none","typ":"JWT"} and {"alg":"HS256","typ":"JWT"}
    let (none, hs256) = ("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
    let forged = [
        String::new(),
        "x".to_owned(),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{hs256}.{claims}.{signature}"),
        format!("{header}.{claims}.{signature}"),
        format!("{header}.{claims}."),
        ada[..ada.len() - 2].to_owned(),
    ];
    for token in forged {
        Person::with_token(&url, &token).get("/v1/practice").await.refused(401, "unauthenticated");
    }
    Person::stranger(&url).get("/v1/practice").await.refused(401, "unauthenticated");
    for good in [ada, ben] {
        Person::with_token(&url, &good).get("/v1/practice").await.expect(200);
    }
}

#[tokio::test]
async fn a_moved_clock_does_not_end_a_sign_in() {
    let house = House::new().await;
    house.until("2026-12-02T15:00:00Z").await;
    house.ada.get("/v1/practice").await.expect(200);
}

#[tokio::test]
async fn people_of_the_practice_can_sign_in_and_nobody_else() {
    let house = House::new().await;
    assert_eq!(house.anyone().get("/health").await.expect(200).body, json!({"status": "ok"}));
    let people = house.anyone().get("/local/people").await.expect(200).body;
    let mut found: Vec<[&str; 2]> =
        people.as_array().unwrap().iter().map(|person| ["email", "role"].map(|field| person[field].as_str().unwrap())).collect();
    found.sort_unstable();
    let expected = [["ada@demo.test", "director"], ["ben@demo.test", "practitioner"], ["fay@demo.test", "front_desk"]];
    assert_eq!(found, expected);
    for [email, _] in expected {
        token(&house.server.url(), &email.to_uppercase()).await;
    }
    let unknown = house.anyone().post("/local/token", json!({"as": "eve@demo.test"})).await.refused(404, "not-found");
    assert_eq!(unknown.body["pointer"], "/as");
    house.anyone().post("/local/token", json!({"for": "ada@demo.test"})).await.refused(400, "invalid-request");
}
