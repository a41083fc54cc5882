//! For each route that takes a body, one with everything in it.

use serde_json::{Value, json};

use crate::support::{Scene, Whose};

/// The body, and what it is answered with.
pub(super) fn full(scene: &Scene, route: &str) -> Vec<(Value, u16)> {
    let house = &scene.house;
    let (client, ada) = (house.client_id(), &house.ada_id);
    let name = format!("Name {}", scene.next());
    let recipients =
        json!([{"contact_id": house.contact_id(1)}, {"name": "Someone", "email": format!("{}@family.test", scene.next())}]);
    let services = json!([{"service_id": house.service_id, "price_minor": 12_000}]);
    let reminders = json!([{"days_before": 2, "channel": "email"}]);
    let mut session = json!({
        "clients": [{"client_id": client}], "practitioner_id": ada, "event_type_id": scene.event_type_id(), "direct": true, "services": services,
        "room_id": house.room_id, "location_id": scene.location_id, "local_start": "2026-12-09T09:00",
        "time_zone": "America/Vancouver", "length_minutes": 45, "invite": {"send": true, "recipients": recipients},
        "reminders": reminders, "url": "https://meet.example/room-1", "instructions": "Ring twice.", "allow_overlap": true,
    });
    let mut event = json!({
        "clients": [], "title": name, "event_type_id": scene.event_type_without_clients(), "local_start": "2026-12-09T06:00",
    });
    let body = match route {
        "POST /v1/sessions" => {
            session["utc_offset"] = "-07:00".into();
            return vec![(session, 201), (event, 201)];
        }
        "POST /v1/series" | "POST /v1/series/preview" => {
            session["recurrence"] = json!({
                "rule": "FREQ=WEEKLY;COUNT=3", "on_conflict": "keep",
                "decisions": [{"local_start": "2026-12-16T09:00", "on_conflict": "skip"}],
            });
            event["recurrence"] = json!({"rule": "FREQ=WEEKLY;COUNT=3"});
            let status = if route == "POST /v1/series" { 201 } else { 200 };
            return vec![(session, status), (event, status)];
        }
        "PATCH /v1/sessions/{id}" => {
            let body = json!({
                "event_type_id": scene.event_type_id(), "services": services, "location_id": scene.location_id, "direct": true,
                "url": "https://meet.example/room-2", "instructions": name, "reminders": reminders, "send_updates": false,
                "reason": "It was wrong.", "scope": "this",
            });
            // What has clients has no title.
            return [(body.clone(), 200), (json!({"title": name}), 422)]
                .into_iter()
                .chain(following(route, body).map(|body| (body, 200)))
                .collect();
        }
        "POST /v1/sessions/{id}/reschedule" => json!({
            "local_start": "2026-12-10T09:00", "utc_offset": "-07:00", "time_zone": "America/Vancouver", "length_minutes": 45,
            "practitioner_id": ada, "room_id": house.room_id, "send_updates": false, "reason": "Illness.", "allow_overlap": true,
            "scope": "this",
        }),
        "POST /v1/sessions/{id}/cancel" => json!({"reason": "Illness.", "notify": false, "fee_minor": 500, "scope": "this"}),
        "POST /v1/sessions/{id}/delete" => json!({"reason": "Entered twice.", "scope": "this"}),
        "POST /v1/sessions/{id}/invites" => json!({"recipients": recipients, "scope": "this"}),
        "POST /v1/sessions/{id}/outcome" => {
            let marks = json!([{"client_id": client, "value": "no_show", "fee_minor": 500}]);
            let of_a_direct_session = json!({"attendance": marks, "reason": "It was wrong."});
            return vec![(of_a_direct_session, 200), (json!({"progress": "completed"}), 422)];
        }
        _ => of_settings(scene, route, &name),
    };
    let status = if route.starts_with("POST /v1/sessions/") || route.starts_with("PATCH") { 200 } else { 201 };
    [(body.clone(), status)].into_iter().chain(following(route, body).map(|body| (body, status))).collect()
}

/// The same of practice data.
fn of_settings(scene: &Scene, route: &str, name: &str) -> Value {
    let (house, ada) = (&scene.house, &scene.house.ada_id);
    let reminders = json!([{"days_before": 2, "channel": "email"}]);
    let hours = json!([{"weekday": "mon", "from": "09:00", "until": "17:00"}]);
    let exceptions = json!([{"first_day": "2026-12-24", "last_day": "2026-12-26", "hours": [{"from": "09:00", "until": "12:00"}], "name": name}]);
    match route {
        "POST /v1/clients" => json!({
            "first_name": name, "last_name": "Lane", "practitioner_ids": [ada], "reminder_channels": ["email"],
            "time_zone": "Asia/Tokyo",
            "contacts": [{"name": "Gil Lane", "kind": "guardian", "email": "gil@lane.test", "phone": "+1 604 555 0100"}],
        }),
        "PATCH /v1/clients/{id}" => json!({
            "first_name": name, "last_name": "Moreau", "practitioner_ids": [ada], "reminder_channels": ["email"],
            "time_zone": "Asia/Tokyo", "active": true,
            "contacts": [
                {"id": house.contact_id(0), "name": "Gil Moreau", "kind": "guardian", "email": "gil@family.test", "phone": "+1 604 555 0100"},
                {"id": house.contact_id(1), "name": "Aunt Ida", "kind": "other", "email": "ida@family.test", "phone": null},
            ],
        }),
        "PATCH /v1/practice" => json!({
            "name": name, "time_zone": "America/Vancouver", "currency": "CAD",
            "policies": {
                "self_service_notice_hours": 24, "late_cancellation_hours": 24, "due_window_minutes": 10,
                "default_length_minutes": 60, "slot_step_minutes": 15, "no_show_fee_minor": 7_500, "reminders": reminders,
                "sender_name": name, "buffer_before_minutes": 0, "buffer_after_minutes": 0,
            },
            "exceptions": exceptions,
        }),
        "POST /v1/practitioners" => {
            json!({"name": name, "email": "cleo@demo.test", "time_zone": "Asia/Tokyo", "weekly_hours": hours, "exceptions": exceptions})
        }
        "PATCH /v1/practitioners/{id}" => json!({
            "name": name, "email": "ada@demo.test", "time_zone": "America/Vancouver", "weekly_hours": hours, "exceptions": exceptions, "active": true,
        }),
        "POST /v1/members" => json!({
            "issuer": "https://sign-in.example", "subject": name, "name": name, "role": "practitioner", "kind": "person",
            "practitioner_id": scene.practitioner_id(Whose::Bens),
        }),
        "PATCH /v1/members/{id}" => json!({"name": name, "role": "director", "practitioner_id": house.ben_id, "active": true}),
        "POST /v1/services" => json!({"code": "90834", "name": name, "price_minor": 12_000, "length_minutes": 45}),
        "PATCH /v1/services/{id}" => {
            json!({"code": "90837", "name": name, "price_minor": 15_000, "length_minutes": 60, "active": true})
        }
        "POST /v1/event-types" => json!({
            "name": name, "category": "client", "colour": "teal", "icon": "book", "direct": false, "busy": true,
            "length_minutes": 90, "service_id": house.service_id,
        }),
        "PATCH /v1/event-types/{id}" => json!({
            "name": name, "colour": "teal", "icon": "book", "direct": false, "busy": true, "length_minutes": 90,
            "service_id": house.service_id, "active": true,
        }),
        "POST /v1/rooms" => json!({"name": name, "kind": "in_person"}),
        "PATCH /v1/rooms/{id}" => json!({"name": name, "active": true}),
        "POST /v1/locations" => json!({"name": name, "place_of_service": "11"}),
        "PATCH /v1/locations/{id}" => json!({"name": name, "place_of_service": "11", "active": true}),
        _ => panic!("what is in the body of {route}?"),
    }
}

/// The same of a session and those that follow it in its series, with what is said of those alone.
fn following(route: &str, mut body: Value) -> Option<Value> {
    *body.get_mut("scope")? = "this_and_following".into();
    if route == "POST /v1/sessions/{id}/reschedule" {
        body.as_object_mut()?.remove("utc_offset");
        let more = json!({"rule": "FREQ=WEEKLY;BYDAY=TH;COUNT=3", "on_conflict": "keep", "exceptions": "reset"});
        body.as_object_mut()?.extend(more.as_object()?.clone());
    }
    Some(body)
}
