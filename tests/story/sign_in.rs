//! Signing in on a laptop as the web app does: code flow with PKCE (RFC 7636), and the app that is served beside it.

use std::{fs, path::PathBuf};

use data_encoding::BASE64URL_NOPAD;
use hourkeep_local::Options;
use hourkeep_tests::{House, Person};
use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const BACK: &str = "http://127.0.0.1:3000/app/signed-in";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-0123456789";

fn asked() -> Value {
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
    json!({
        "response_type": "code", "client_id": "hourkeep", "redirect_uri": BACK, "code_challenge": challenge,
        "code_challenge_method": "S256", "state": "a state/&=", "nonce": "a nonce",
    })
}

async fn code(house: &House) -> String {
    let picked = json!({"as": "ada@demo.test", "asked": asked()});
    let location = house.anyone_at("/local/authorize", picked).await;
    let (before, code) = location.split_once("?code=").unwrap();
    assert_eq!(before, BACK);
    let (code, state) = code.split_once("&state=").unwrap();
    assert_eq!(state, "a+state%2F%26%3D", "the state comes back as it was sent");
    code.to_owned()
}

trait AtHome {
    async fn anyone_at(&self, path: &str, body: Value) -> String;
    async fn exchange(&self, form: &[(&str, &str)]) -> (u16, Value);
}

impl AtHome for House {
    async fn anyone_at(&self, path: &str, body: Value) -> String {
        Person::stranger(&self.server.url()).post(path, body).await.expect(200).text_of("/location")
    }

    async fn exchange(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let url = format!("{}/local/oauth/token", self.server.url());
        let body = form.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let request = Client::new().post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

fn form<'f>(code: &'f str, verifier: &'f str) -> [(&'static str, &'f str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("client_id", "hourkeep"),
        ("code_verifier", verifier),
    ]
}

#[tokio::test]
async fn a_code_is_exchanged_once_for_a_token_that_opens_the_api() {
    let house = House::new().await;
    let code = code(&house).await;
    let (status, tokens) = house.exchange(&form(&code, VERIFIER)).await;
    assert_eq!((status, &tokens["token_type"]), (200, &json!("Bearer")));
    let access = Person::with_token(&house.server.url(), tokens["access_token"].as_str().unwrap());
    assert_eq!(access.get("/v1/practice").await.expect(200).text_of("/name"), "Harbour Clinic");
    let again = house.exchange(&form(&code, VERIFIER)).await;
    assert_eq!((again.0, &again.1["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn an_id_token_says_who_signed_in_and_opens_nothing() {
    let house = House::new().await;
    let (_, tokens) = house.exchange(&form(&code(&house).await, VERIFIER)).await;
    let id_token = tokens["id_token"].as_str().unwrap();
    let claims = BASE64URL_NOPAD.decode(id_token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(
        (&claims["sub"], &claims["aud"], &claims["nonce"]),
        (&json!("ada@demo.test"), &json!("hourkeep"), &json!("a nonce"))
    );
    Person::with_token(&house.server.url(), id_token).get("/v1/practice").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn whoever_has_the_code_but_not_the_verifier_gets_nothing_and_the_code_is_spent() {
    let house = House::new().await;
    let code = code(&house).await;
    let stolen = house.exchange(&form(&code, "another-verifier-that-is-long-enough-to-be-one-0")).await;
    assert_eq!((stolen.0, &stolen.1["error"]), (400, &json!("invalid_grant")));
    assert_eq!(house.exchange(&form(&code, VERIFIER)).await.0, 400, "a code is good for one try");
    let missing = house.exchange(&[("grant_type", "authorization_code")]).await;
    assert_eq!((missing.0, &missing.1["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn nothing_is_sent_to_another_machine_and_what_is_no_code_flow_with_pkce_is_refused() {
    let house = House::new().await;
    let stranger = Person::stranger(&house.server.url());
    for (field, value) in [
        ("redirect_uri", "https://127.0.0.1:3000/app/signed-in"),
        ("redirect_uri", "http://evil.test/app/signed-in"),
        ("redirect_uri", "http://127.0.0.1.evil.test/"),
        ("redirect_uri", "http://127.0.0.1@evil.test/"),
        ("redirect_uri", "javascript:alert(1)"),
        ("client_id", "another"),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
    ] {
        let mut bad = asked();
        bad[field] = value.into();
        let refused = stranger.post("/local/authorize", json!({"as": "ada@demo.test", "asked": bad})).await;
        assert_eq!(refused.status, 400, "{field}={value}: {}", refused.text);
    }
    stranger.post("/local/authorize", json!({"as": "nobody@demo.test", "asked": asked()})).await.refused(404, "not-found");
}

#[tokio::test]
async fn signing_out_leads_back_and_nowhere_else() {
    let house = House::new().await;
    for (query, expected) in [
        ("?post_logout_redirect_uri=http://127.0.0.1:3000/app/", "http://127.0.0.1:3000/app/"),
        ("?post_logout_redirect_uri=https://evil.test/", "/local"),
        ("", "/local"),
    ] {
        let answer = open(&house, &format!("/local/oauth/logout{query}")).await;
        assert_eq!(answer.headers()[header::LOCATION], expected, "{query}");
    }
}

async fn open(house: &House, path: &str) -> Response {
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    http.get(format!("{}{path}", house.server.url())).send().await.unwrap()
}

/// A folder as the build leaves it.
fn built(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hourkeep-{name}-{}", std::process::id()));
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::write(folder.join("index.html"), "<!doctype html><title>Hourkeep</title>").unwrap();
    fs::write(folder.join("config.json"), "{}").unwrap();
    fs::write(folder.join("assets/app-1a2b.js"), "export {};").unwrap();
    folder
}

#[tokio::test]
async fn the_app_is_served_with_its_one_page_for_each_of_its_addresses() {
    let folder = built("served");
    let house = House::with(Options { app: Some(folder.clone()), ..Options::default() }).await;
    assert_eq!(open(&house, "/app").await.headers()[header::LOCATION], "/app/");
    for (path, kind, kept) in [
        ("/app/", "text/html", "no-cache"),
        ("/app/calendar", "text/html", "no-cache"),
        ("/app/clients/cli_1", "text/html", "no-cache"),
        ("/app/config.json", "application/json", "no-cache"),
        ("/app/assets/app-1a2b.js", "text/javascript", "public, max-age=31536000, immutable"),
    ] {
        let answer = open(&house, path).await;
        let head = |name: header::HeaderName| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), head(header::CACHE_CONTROL).as_str()), (200, kept), "{path}");
        assert!(head(header::CONTENT_TYPE).starts_with(kind), "{path}: {}", head(header::CONTENT_TYPE));
        assert!(head(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"), "{path}");
    }
    for path in ["/app/..%2fCargo.toml", "/app/%2e%2e/Cargo.toml", "/app//etc/passwd"] {
        let text = open(&house, path).await.text().await.unwrap();
        assert!(!text.contains("[package]") && !text.contains("root:"), "{path}");
    }
    fs::remove_dir_all(folder).unwrap();
}
