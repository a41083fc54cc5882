//! Pages: those of the laptop, and those behind the links in mails, which show and never act.

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hourkeep_local::Options;
use hourkeep_testkit::{Fault, Log, Script, Wire};
use hourkeep_tests::House;
use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::{Value, json};

use crate::home::Home as _;

async fn open(house: &House, path: &str) -> Response {
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    http.get(format!("{}{path}", house.server.url())).send().await.unwrap()
}

fn media_type(response: &Response) -> String {
    response.headers()[header::CONTENT_TYPE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// A page's text; its status must be this one.
async fn page(house: &House, path: &str, status: u16) -> String {
    let response = open(house, path).await;
    assert_eq!((response.status().as_u16(), media_type(&response).as_str()), (status, "text/html"), "{path}");
    response.text().await.unwrap()
}

fn code(session: &Value) -> String {
    session["clients"][0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_page_and_every_file_that_it_names_is_served_as_what_it_is() {
    let house = House::new().await;
    assert_eq!(open(&house, "/").await.headers()[header::LOCATION], "/local");
    let mut files = Vec::new();
    for path in ["/local", "/local/mailbox", "/local/reference", "/local/sign-in"] {
        let html = page(&house, path, 200).await;
        files.extend(html.split('"').filter(|piece| piece.starts_with("/local/pages/")).map(str::to_owned));
    }
    assert!(files.len() > 4, "{files:?}");
    for file in files {
        let response = open(&house, &file).await;
        let expected = match file.rsplit_once('.').unwrap().1 {
            "css" => "text/css",
            "js" => "text/javascript",
            "svg" => "image/svg+xml",
            other => panic!("{other}"),
        };
        assert_eq!((response.status().as_u16(), media_type(&response).as_str()), (200, expected), "{file}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    for path in ["/local/pages/none.js", "/local/pages/..%2fCargo.toml", "/local/mail/none/raw", "/nothing"] {
        assert_eq!(open(&house, path).await.status(), 404, "{path}");
    }
    assert!(page(&house, "/problems/overlap", 200).await.contains("409"));
    page(&house, "/problems/none", 404).await;
    assert_eq!(media_type(&open(&house, "/v1/openapi.json").await), "application/json");
}

#[tokio::test]
async fn a_code_shows_practice_and_time_to_anyone_and_no_name_until_a_day_after_the_end() {
    let house = House::new().await;
    let more = json!({"url": "https://meet.example/room-1", "instructions": "Bring Mia's diary", "services": [{"service_id": house.service_id}]});
    let session = house.schedule("2026-12-01T12:00", more).await;
    let path = format!("/s/{}", code(&session));
    let typed = format!("/s/{}", code(&session).to_lowercase().replace('-', ""));
    for path in [&path, &typed] {
        let html = page(&house, path, 200).await;
        assert!(html.contains("Harbour Clinic") && html.contains("2026-12-01 at 12:00") && html.contains("America/Vancouver"));
        for private in ["Mia", "Moreau", "Gil", "diary", "Psychotherapy", "meet.example", "Ada"] {
            assert!(!html.contains(private), "{private}");
        }
    }
    for (instant, status, joins) in [
        ("2026-12-01T18:49:59Z", "scheduled", false),
        ("2026-12-01T18:50:00Z", "due to start", true),
        ("2026-12-01T19:00:00Z", "under way", true),
        ("2026-12-01T20:00:00Z", "over and awaiting its outcome", false),
        ("2026-12-02T20:00:00Z", "over and awaiting its outcome", false),
    ] {
        house.until(instant).await;
        let html = page(&house, &path, 200).await;
        assert!(html.contains(&format!("This session is {status}.")), "{instant}");
        assert_eq!(html.contains("https://meet.example/room-1"), joins, "{instant}");
        house.anyone().get(&format!("/v1/public/sessions/{}", code(&session))).await.expect(200);
    }
    house.until("2026-12-02T20:00:01Z").await;
    page(&house, &path, 404).await;
    house.anyone().get(&format!("/v1/public/sessions/{}", code(&session))).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_wrong_code_shows_what_a_right_one_of_long_ago_shows() {
    let house = House::new().await;
    let html = page(&house, "/s/0000-0000-0000", 404).await;
    for wrong in ["/s/x", "/s/0000-0000-000U", "/s/%3Cscript%3E", "/m/0000-0000-0000/x/y"] {
        assert_eq!(page(&house, wrong, 404).await, html, "{wrong}");
    }
}

#[tokio::test]
async fn the_manage_link_of_a_mail_opens_and_nothing_else_does() {
    let house = House::new().await;
    let recipients = json!([{"contact_id": house.contact_id(0)}, {"contact_id": house.contact_id(1)}]);
    let session = house.schedule("2026-12-10T09:00", json!({"invite": {"send": true, "recipients": recipients}})).await;
    house.settle().await;
    let url = house.server.url();
    let letters = house.letters().await;
    let [gil, ida] = [&letters[0], &letters[1]].map(|letter| letter.manage_link().strip_prefix(&url).unwrap().to_owned());
    for letter in &letters {
        assert!(letter.html.contains(letter.manage_link()), "the button leads there");
        assert!(!letter.ics.as_ref().unwrap().replace("\r\n ", "").contains("/m/"), "calendars are shared");
    }
    for link in [&gil, &ida] {
        assert!(page(&house, link, 200).await.contains("Your session with Harbour Clinic"));
    }
    let (to_gil, token_of_gil) = gil.rsplit_once('/').unwrap();
    let (_, token_of_ida) = ida.rsplit_once('/').unwrap();
    let other = house.schedule("2026-12-11T09:00", json!({})).await;
    for wrong in [
        format!("{to_gil}/{token_of_ida}"),
        format!("{to_gil}/"),
        format!("{to_gil}/{}", &token_of_gil[..21]),
        format!("{to_gil}/{token_of_gil}A"),
        format!("{to_gil}/AAAAAAAAAAAAAAAAAAAAAA"),
        gil.replace(&code(&session), &code(&other)),
    ] {
        assert_eq!(open(&house, &wrong).await.status(), 404, "{wrong}");
    }
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(house.ada.get(&path).await.expect(200).body["revision"], 1, "opening a link changes nothing");
}

#[tokio::test]
async fn a_page_behind_a_link_keeps_its_address_to_itself_and_loads_nothing() {
    let house = House::new().await;
    let session = house.schedule_invited("2026-12-10T09:00").await;
    let manage = house.letters().await[0].manage_link().to_owned();
    let manage = manage.strip_prefix(&house.server.url()).unwrap();
    for path in [&format!("/s/{}", code(&session)), manage, "/problems/overlap", "/s/x", "/s/%FF", "/problems/none"] {
        let response = open(&house, path).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let expected = [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-robots-tag", "noindex"),
        ];
        for (name, value) in expected {
            assert_eq!(header(name), value, "{path}");
        }
        let policy = header("content-security-policy");
        for rule in ["default-src 'none'", "style-src 'sha256-", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        let html = response.text().await.unwrap();
        for foreign in ["<script", "<link", "<img", "src=", "url(", "@import", "/local"] {
            assert!(!html.contains(foreign), "{path}: {foreign}");
        }
        assert!(html.contains("name=\"viewport\"") && html.contains("prefers-color-scheme: dark"), "{path}");
    }
}

#[tokio::test]
async fn a_link_is_not_called_wrong_because_the_data_could_not_be_reached() {
    let script = Script::new();
    let wire = Wire::on_loopback(script.clone(), Log::default());
    let house = House::with(Options { http: Some(SharedHttpClient::new(wire)), ..Options::default() }).await;
    let session = house.schedule("2026-12-10T09:00", json!({})).await;
    let path = format!("/s/{}", code(&session));
    script.add(Fault::NotSent.at(0).forever());
    assert!(page(&house, &path, 503).await.contains("Open the link again in a moment."));
    script.clear();
    page(&house, &path, 200).await;
}

#[tokio::test]
async fn a_raw_mail_is_served_as_a_message_to_download() {
    let house = House::new().await;
    house.schedule_invited("2026-12-10T09:00").await;
    let raw_url = house.mails().await[0]["raw_url"].as_str().unwrap().to_owned();
    let response = open(&house, &raw_url).await;
    assert_eq!(media_type(&response), "message/rfc822");
    assert!(response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().contains("mail.eml"));
}
