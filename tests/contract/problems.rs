//! Every kind of problem, made to happen.

use std::collections::BTreeSet;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hourkeep_http::problem::Kind;
use hourkeep_local::Options;
use hourkeep_testkit::{Fault, Log, Script, Wire};
use hourkeep_tests::{Answer, House, Person};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Scene, Whose};

/// Kinds that no request is known to cause.
const NEVER: &[(Kind, &str)] =
    &[(Kind::INTERNAL, "stands for what cannot be: a rule that is not fed what it needs, an answer that is no JSON")];

/// The problems that answers were, and the status of each held to its kind.
#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Seen {
    #[track_caller]
    fn see(&mut self, answer: &Answer) {
        let kind = Kind::ALL.iter().find(|kind| kind.name == answer.problem());
        let kind = kind.unwrap_or_else(|| panic!("no problem: {}", answer.text));
        assert_eq!(answer.status, kind.status);
        self.0.insert(kind.name.to_owned());
    }
}

async fn of_requests(scene: &Scene, seen: &mut Seen) {
    let house = &scene.house;
    let (ada, fay) = (&house.ada, &house.fay);
    seen.see(&Person::stranger(&house.server.url()).get("/v1/practice").await);
    seen.see(&scene.former.get("/v1/practice").await);
    seen.see(&fay.get("/v1/members").await);
    seen.see(&ada.get("/v1/clients/nobody").await);
    seen.see(&ada.send(Method::DELETE, "/v1/practice", &[], None).await);
    seen.see(&ada.get("/v1/clients?limit=0").await);
    seen.see(&ada.patch("/v1/practice", json!({})).await);
    seen.see(&ada.patch("/v1/practice", json!({"name": ""})).await);
    seen.see(&ada.send_bytes(Method::PATCH, "/v1/practice", &[], Some(vec![b' '; 1 << 20])).await);
    seen.see(&ada.send(Method::PATCH, "/v1/practice", &[("if-match", "\"99\"")], Some(&json!({"name": "X"}))).await);
    let room = |name: &str| json!({"name": name, "kind": "virtual"});
    fay.send(Method::POST, "/v1/rooms", &[("idempotency-key", "k")], Some(&room("One"))).await.expect(201);
    seen.see(&fay.send(Method::POST, "/v1/rooms", &[("idempotency-key", "k")], Some(&room("Two"))).await);
    house.found("Third Clinic", "third-clinic", "olga@other.test").await;
    seen.see(&house.sign_in("olga@other.test").await.get("/v1/practice").await);
}

async fn of_settings(scene: &Scene, seen: &mut Seen) {
    let ada = &scene.house.ada;
    let members = ada.get("/v1/members").await.expect(200).body;
    let own = members["items"].as_array().unwrap().iter().find(|member| member["subject"] == "ada@demo.test").unwrap();
    let own = format!("/v1/members/{}", own["id"].as_str().unwrap());
    seen.see(&ada.patch(&own, json!({"role": "front_desk"})).await);
    seen.see(&ada.post("/v1/members", json!({"subject": "fay@demo.test", "name": "Fay", "role": "front_desk"})).await);
    let machine = json!({"subject": "billing", "kind": "machine", "name": "Billing", "role": "director"});
    seen.see(&ada.post("/v1/members", machine).await);
    let contacts = vec![json!({"name": "X", "kind": "other"}); 21];
    seen.see(&ada.post("/v1/clients", json!({"first_name": "X", "contacts": contacts})).await);
}

async fn of_scheduling(scene: &Scene, seen: &mut Seen) {
    let house = &scene.house;
    let nobody = json!({"first_name": "Lone", "practitioner_ids": [house.ada_id]});
    let nobody = house.ada.post("/v1/clients", nobody).await.expect(201).text_of("/id");
    let silent = json!({
        "first_name": "Silent", "practitioner_ids": [house.ada_id], "contacts": [{"name": "Sil", "kind": "guardian"}],
    });
    let silent = house.ada.post("/v1/clients", silent).await.expect(201);
    let gone = json!({"first_name": "Gone", "practitioner_ids": [house.ada_id]});
    let gone = house.ada.post("/v1/clients", gone).await.expect(201).text_of("/id");
    house.ada.patch(&format!("/v1/clients/{gone}"), json!({"active": false})).await.expect(200);
    let only = |client: &str| json!([{"client_id": client}]);
    let none = |prefix: &str| format!("{prefix}_00000000000000000000000000");
    let invite = |recipients: Value| json!({"send": true, "recipients": recipients});
    let reminder = json!([{"days_before": 1, "channel": "email"}]);
    let types = house.ada.get("/v1/event-types").await.expect(200).body["items"].take();
    let for_notes = types.as_array().unwrap().iter().find(|of| of["category"] == "non_client").unwrap()["id"].clone();
    house.schedule("2026-12-08T09:00", json!({})).await;
    let at = |local_start: &str, more: Value| house.session(local_start, more);
    let later = "2026-12-08T13:00";
    for body in [
        at("2026-12-08T09:30", json!({})),
        at(later, json!({"practitioner_id": house.ben_id})),
        at(later, json!({"clients": only(&gone)})),
        at(later, json!({"clients": only(&nobody), "invite": {"send": true}})),
        at("2027-03-28T02:30", json!({"time_zone": "Europe/Paris"})),
        at(later, json!({"utc_offset": "+05:45"})),
        at("2026-11-29T09:00", json!({})),
        at("2090-11-29T09:00", json!({})),
        at(later, json!({"clients": []})),
        at(later, json!({"clients": only(&none("cli"))})),
        at(later, json!({"practitioner_id": none("prt")})),
        at(later, json!({"services": [{"service_id": none("srv")}]})),
        at(later, json!({"event_type_id": none("typ")})),
        at(later, json!({"event_type_id": for_notes})),
        at(later, json!({"clients": [], "event_type_id": for_notes, "invite": {"send": true}})),
        at(later, json!({"room_id": none("rom")})),
        at(later, json!({"location_id": none("loc")})),
        at(later, json!({"invite": invite(json!([{"contact_id": none("con")}]))})),
        at(
            later,
            json!({
                "clients": only(&silent.text_of("/id")), "invite": invite(json!([{"contact_id": silent.text_of("/contacts/0/id")}])),
            }),
        ),
        at(later, json!({"clients": only(&nobody), "reminders": reminder})),
    ] {
        seen.see(&house.ada.post("/v1/sessions", body).await);
    }
    let lonely = house.schedule(later, json!({"clients": only(&nobody)})).await;
    let lonely = format!("/v1/sessions/{}", lonely["id"].as_str().unwrap());
    seen.see(&house.ada.post(&format!("{lonely}/cancel"), json!({"notify": true})).await);
    seen.see(
        &house.ada.post(&format!("{lonely}/reschedule"), json!({"local_start": "2026-12-08T14:00", "send_updates": true})).await,
    );
    seen.see(&house.ada.post(&format!("{lonely}/outcome"), json!({"progress": "completed"})).await);
    let begun = scene.session(Whose::Adas, "2026-11-30T08:00").await;
    let begun = format!("/v1/sessions/{}/outcome", begun["id"].as_str().unwrap());
    seen.see(&house.ada.post(&begun, json!({"progress": "completed"})).await);
    seen.see(&house.ada.post(&begun, json!({"attendance": [{"client_id": nobody, "value": "attended"}]})).await);
}

async fn of_series(scene: &Scene, seen: &mut Seen) {
    let house = &scene.house;
    let recurring = |local_start: &str, recurrence: Value| house.session(local_start, json!({"recurrence": recurrence}));
    house.schedule("2026-12-23T15:00", json!({})).await;
    for body in [
        recurring("2026-12-16T15:00", json!({"rule": "FREQ=WEEKLY;COUNT=3"})),
        recurring("2026-12-16T16:00", json!({"rule": "FREQ=YEARLY"})),
        recurring("2026-12-16T16:00", json!({"rule": "FREQ=WEEKLY;BYDAY=FR"})),
        recurring(
            "2026-12-16T16:00",
            json!({"rule": "FREQ=WEEKLY;COUNT=3", "decisions": [{"local_start": "2026-12-17T16:00", "on_conflict": "skip"}]}),
        ),
    ] {
        seen.see(&house.ada.post("/v1/series", body).await);
    }
    let alone = scene.session(Whose::Adas, "2026-12-08T16:00").await;
    let alone = format!("/v1/sessions/{}/cancel", alone["id"].as_str().unwrap());
    seen.see(&house.ada.post(&alone, json!({"scope": "this_and_following"})).await);
}

async fn of_the_operator(scene: &Scene, seen: &mut Seen) {
    let (house, practice) = (&scene.house, scene.practice.parse().unwrap());
    let platform = house.server.platform();
    platform.limit(practice, |limits| limits.sessions_per_month = Some(0)).await.unwrap();
    seen.see(&house.ada.post("/v1/sessions", house.session("2026-12-22T09:00", json!({}))).await);
    platform.suspend(practice, "Unpaid.").await.unwrap();
    seen.see(&house.ada.post("/v1/rooms", json!({"name": "Late", "kind": "virtual"})).await);
}

async fn of_faults(seen: &mut Seen) {
    let script = Script::new();
    let wire = Wire::on_loopback(script.clone(), Log::default());
    let house = House::with(Options { http: Some(SharedHttpClient::new(wire)), ..Options::default() }).await;
    let room = json!({"name": "Red", "kind": "virtual"});
    script.add(Fault::TransactionConflict.at(0).on("TransactWriteItems").forever());
    seen.see(&house.ada.post("/v1/rooms", room.clone()).await);
    script.clear();
    script.add(Fault::NotSent.at(0).forever());
    seen.see(&house.ada.post("/v1/rooms", room).await);
    script.clear();
}

#[tokio::test]
async fn every_kind_of_problem_can_be_met() {
    let mut seen = Seen::default();
    let scene = Scene::new().await;
    of_requests(&scene, &mut seen).await;
    of_settings(&scene, &mut seen).await;
    of_scheduling(&scene, &mut seen).await;
    of_series(&scene, &mut seen).await;
    of_the_operator(&scene, &mut seen).await;
    of_faults(&mut seen).await;
    let never: BTreeSet<&str> = NEVER.iter().map(|(kind, _)| kind.name).collect();
    let missed: Vec<&str> =
        Kind::ALL.iter().map(|kind| kind.name).filter(|name| !seen.0.contains(*name) && !never.contains(name)).collect();
    assert_eq!(missed, [""; 0]);
    assert!(never.iter().all(|name| !seen.0.contains(*name)), "{:?}", seen.0);
    assert!(NEVER.iter().all(|(_, reason)| !reason.is_empty()));
}
