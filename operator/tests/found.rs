use hourkeep_tests::House;
use reqwest::Method;
use serde_json::{Value, json};

use crate::command::{operate, own, run};

const ISSUER: &str = "https://local.hourkeep.test";

fn founding<'a>(slug: &'a str, subject: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = [
        ["found", "--name", "Fjord Clinic"].as_slice(),
        &["--slug", slug, "--zone", "Europe/Oslo", "--currency", "NOK", "--director", "Olga Olsen"],
        &["--email", "olga@other.test", "--issuer", ISSUER, "--subject", subject],
        more,
    ];
    words.concat()
}

/// The id that it says.
fn id_of(said: &str) -> &str {
    said.lines().next().unwrap().rsplit(' ').next().unwrap()
}

async fn slugs(house: &House) -> Vec<String> {
    let list = operate(house, &["list", "--json"]).await.json();
    let slugs = list.as_array().unwrap().iter().map(|practice| practice["slug"].as_str().unwrap().to_owned());
    // The command's clock is the real one and the house's is not, so which is older nobody knows.
    let mut slugs: Vec<String> = slugs.collect();
    slugs.sort_unstable();
    slugs
}

#[tokio::test]
async fn the_director_of_a_founded_practice_signs_in_and_schedules() {
    let house = House::new().await;
    let said = operate(&house, &founding("fjord-clinic", "olga@other.test", &[])).await.done();
    let id = id_of(&said);
    assert!(said.starts_with(&format!("Founded Fjord Clinic (fjord-clinic): {id}\n")), "{said}");
    assert!(said.contains("tenant fjord-clinic"), "says what is left to do: {said}");

    let olga = house.sign_in("olga@other.test").await;
    let practice = olga.get("/v1/practice").await.expect(200).body;
    assert_eq!(
        (&practice["id"], &practice["time_zone"], &practice["currency"]),
        (&json!(id), &json!("Europe/Oslo"), &json!("NOK"))
    );
    let client = olga.post("/v1/clients", json!({"first_name": "Nils"})).await.expect(201).text_of("/id");
    let session = |local_start: &str| json!({"clients": [{"client_id": client}], "local_start": local_start, "reminders": []});
    let me = olga.get("/v1/practitioners").await.expect(200).text_of("/items/0/id");
    let assigned = json!({"practitioner_ids": [me]});
    olga.patch(&format!("/v1/clients/{client}"), assigned).await.expect(200);
    let made = olga.post("/v1/sessions", session("2026-12-08T09:00")).await.expect(201).body;
    assert_eq!((&made["time_zone"], &made["starts_at"]), (&json!("Europe/Oslo"), &json!("2026-12-08T08:00:00Z")));
    // Working hours are nine to five unless something else was said.
    assert_eq!(made["warnings"], json!([]), "{made}");
    let early = olga.post("/v1/sessions", session("2026-12-09T07:00")).await.expect(201).body;
    assert_eq!(early["warnings"][0]["type"], "outside_working_hours", "{early}");

    let list = operate(&house, &["list"]).await.done();
    let line = list.lines().find(|line| line.starts_with(id)).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words, [id, "fjord-clinic", "Fjord", "Clinic", "Europe/Oslo", "none", "active"]);
    assert_eq!(list.lines().count(), 3, "{list}");
    for named in ["fjord-clinic", id] {
        let shown = operate(&house, &["show", named, "--month", "2026-11"]).await.done();
        assert!(shown.starts_with("Fjord Clinic (fjord-clinic)\n") && shown.contains(id), "{shown}");
        assert!(shown.contains("sessions booked  2 (no limit)"), "{shown}");
    }
}

#[tokio::test]
async fn hours_are_those_that_were_said() {
    let house = House::new().await;
    let hours = ["--hours", "mon-tue 08:00-12:00", "--hours", "mon 13:00-15:00"];
    operate(&house, &founding("fjord-clinic", "olga@other.test", &hours)).await.done();
    let olga = house.sign_in("olga@other.test").await;
    let kept = olga.get("/v1/practitioners").await.expect(200).body["items"][0]["weekly_hours"].take();
    let open = |weekday: &str, from: &str, until: &str| json!({"weekday": weekday, "from": from, "until": until});
    assert_eq!(kept, json!([open("mon", "08:00", "12:00"), open("mon", "13:00", "15:00"), open("tue", "08:00", "12:00")]));

    let overlapping = ["--hours", "mon 08:00-12:00", "--hours", "mon 11:00-15:00"];
    let refused = operate(&house, &founding("other-clinic", "olga@other.test", &overlapping)).await.refused(1);
    assert!(refused.contains("nothing was founded"), "{refused}");
    assert_eq!(slugs(&house).await, ["fjord-clinic", "harbour-clinic"]);
}

#[tokio::test]
async fn a_slug_belongs_to_one_practice() {
    let house = House::new().await;
    let refused = operate(&house, &founding("harbour-clinic", "olga@other.test", &[])).await.refused(1);
    assert!(refused.contains("the slug harbour-clinic is taken: nothing was founded"), "{refused}");
    assert_eq!(slugs(&house).await, ["harbour-clinic"]);
    // Nobody was given a key to it, either.
    house.ada.post("/local/token", json!({"as": "olga@other.test"})).await.refused(404, "not-found");
    // Two at once: one of them.
    let wish = founding("fjord-clinic", "olga@other.test", &[]);
    let (one, other) = tokio::join!(operate(&house, &wish), operate(&house, &wish));
    let mut codes = [one.code, other.code];
    codes.sort_unstable();
    assert_eq!(codes, [0, 1], "{one:?} {other:?}");
    assert_eq!(slugs(&house).await, ["fjord-clinic", "harbour-clinic"]);
}

#[tokio::test]
async fn who_directs_two_practices_names_the_one_they_mean() {
    let house = House::new().await;
    operate(&house, &founding("fjord-clinic", "ada@demo.test", &[])).await.done();
    let refused = house.ada_with_no_claim().await.get("/v1/practice").await.refused(422, "several-practices");
    assert_eq!(refused.body["practices"].as_array().unwrap().len(), 2);
    let list = operate(&house, &["list", "--json"]).await.json();
    for practice in list.as_array().unwrap() {
        let headers = [("hourkeep-practice", practice["id"].as_str().unwrap())];
        let shown = house.ada_with_no_claim().await.send(Method::GET, "/v1/practice", &headers, None).await.expect(200);
        assert_eq!((&shown.body["id"], &shown.body["name"]), (&practice["id"], &practice["name"]));
    }
}

/// Whoever signs in once they work in several has no practice in their token.
trait Again {
    async fn ada_with_no_claim(&self) -> hourkeep_tests::Person;
}

impl Again for House {
    async fn ada_with_no_claim(&self) -> hourkeep_tests::Person {
        self.sign_in("ada@demo.test").await
    }
}

/// The practice is there; what makes its tenant is the embedded database, which is no SES.
#[tokio::test]
async fn a_practice_without_its_tenant_is_said_to_be_one_and_repaired_by_running_tenant() {
    let house = House::new().await;
    let arns = ["--identity-arn", "arn:aws:ses:::identity/x", "--configuration-set-arn", "arn:aws:ses:::configuration-set/y"];
    let refused = operate(&house, &founding("fjord-clinic", "olga@other.test", &arns)).await.refused(4);
    assert!(refused.contains("fjord-clinic was founded (prc_"), "{refused}");
    assert!(refused.contains("CreateTenant failed") && refused.contains("hourkeep-operator tenant fjord-clinic"), "{refused}");
    let shown = operate(&house, &["show", "fjord-clinic", "--json"]).await.json();
    assert_eq!((&shown["standing"], &shown["tenant"]), (&json!("active"), &Value::Null));
    house.sign_in("olga@other.test").await.get("/v1/practice").await.expect(200);

    let again = operate(&house, &[["tenant", "fjord-clinic"].as_slice(), &arns].concat()).await.refused(1);
    assert!(again.contains("CreateTenant failed"), "{again}");
    let unsaid = operate(&house, &["tenant", "fjord-clinic"]).await.refused(2);
    assert!(unsaid.contains("--identity-arn"), "{unsaid}");
    let unknown = operate(&house, &[["tenant", "no-clinic"].as_slice(), &arns].concat()).await.refused(1);
    assert!(unknown.contains("there is no practice no-clinic"), "{unknown}");
    let one_alone = operate(&house, &["tenant", "fjord-clinic", "--identity-arn", "arn:aws:ses:::identity/x"]).await;
    assert!(one_alone.refused(2).contains("--configuration-set-arn"));
}

#[tokio::test]
async fn what_is_wrong_is_said_with_what_to_do() {
    let house = House::new().await;
    let id = own(&house).await;
    for (words, code, says) in [
        (["show", "no-clinic"].as_slice(), 1, "there is no practice no-clinic. `list`"),
        (&["show", "prc_00000000000000000000000001"], 1, "there is no practice prc_"),
        (&["resume", "prc_00000000000000000000000001"], 1, "there is no practice prc_"),
        (&["show", "No Clinic"], 2, "must be the slug or the id of a practice"),
        (&["show", &id, "--month", "2026-13"], 2, "must be a month such as 2026-11"),
        (&["limit", &id], 2, "--sessions-per-month"),
        (&["suspend", &id], 2, "--reason"),
        (&["suspend", &id, "--reason", " "], 2, "must not be empty"),
        (&["found", "--name", "X"], 2, "--slug"),
    ] {
        let said = operate(&house, words).await.refused(code);
        assert!(said.contains(says), "{words:?}: {said}");
    }
    let words = |words: &[&str]| run(words.iter().map(|word| (*word).to_owned()).collect());
    assert!(words(&["list"]).await.refused(2).contains("--table, or HOURKEEP_TABLE"));
    assert!(words(&["list", "--table", "hourkeep"]).await.refused(2).contains("AWS_REGION"));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let at = ["--table", "hourkeep", "--region", "us-east-1", "--endpoint", &format!("http://{nobody}")];
    let unreachable = words(&[["list"].as_slice(), &at].concat()).await.refused(3);
    assert!(unreachable.contains("the table could not be reached: DynamoDB: Query failed"), "{unreachable}");
    let url = house.server.database_url();
    let wrong = ["list", "--table", "elsewhere", "--region", "us-east-1", "--endpoint", &url];
    let wrong = words(&wrong).await.refused(3);
    assert!(wrong.contains("ResourceNotFoundException") || wrong.contains("not found"), "{wrong}");
}
