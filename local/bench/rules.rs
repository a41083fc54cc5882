//! The rules: wall time to instant, deciding a booking with the sheets of a full week, and foreseeing a series in a full year.

use std::{collections::BTreeMap, hint::black_box};

use chrono::{DateTime, Days, Duration, NaiveDateTime, Utc};
use hourkeep_domain::{
    code::SessionCode,
    event_type::Availability,
    hours::WorkingHours,
    ids::{AttemptId, ClientId, ContactId, PracticeId, PractitionerId, RoomId, ServiceId, SessionId},
    people::Membership,
    practice::Policies,
    recurrence::Rule,
    series::{Conflict, Foreseen, Foresight, Timing},
    session::{Deciding, FreeSlots, InviteChoice, Naming, Presence, Schedule, ScheduleFacts, ServiceChoice},
    sheet::{Diary, Entry, Resource, days_around},
    slot::{Minutes, Slot},
    zone::Zone,
};
use serde_json::{from_value, json};

use crate::{
    Outcome,
    stopwatch::{Time, time},
};

/// A Tuesday in Vancouver, some days after `NOW`.
const START: &str = "2026-12-01T09:00:00";
const NOW: &str = "2026-11-21T16:00:00Z";

/// Times the rules.
pub(crate) fn measure() -> Outcome<Vec<Time>> {
    let start: NaiveDateTime = START.parse()?;
    let vancouver = Zone::parse("America/Vancouver")?;
    let casablanca = Zone::parse("Africa/Casablanca")?;
    let resolve = |zone: &Zone| Slot::resolve(black_box(start), zone, Minutes::HOUR, None);

    let clinic = Clinic::full()?;
    let free = clinic.wish(start)?;
    let taken = clinic.wish(start + Duration::minutes(60))?;
    let asked = Slot::resolve(taken.local_start, &vancouver, Minutes::HOUR, None)?;
    // That one is refused and the other is not, is what makes the two times mean something.
    if clinic.decide(&free).is_err() || clinic.decide(&taken).is_ok() {
        return Err("the wishes of the benchmark are not decided as it thinks".into());
    }
    let decade = Decade::begin(&clinic)?;
    let foreseen = decade.foresee(&clinic)?;
    let taken_days = foreseen.iter().filter(|one| one.conflicts.iter().any(|c| matches!(c, Conflict::Taken(_)))).count();
    if i64::try_from(foreseen.len())? != DAYS || taken_days != 365 {
        return Err(format!("of ten years {} days are foreseen and {taken_days} are taken", foreseen.len()).into());
    }
    Ok(vec![
        time("Wall time to instant, Vancouver", || resolve(&vancouver)),
        time("Wall time to instant, Casablanca", || resolve(&casablanca)),
        time("Decide a booking: granted", || clinic.decide(&free)),
        time("Decide a booking: refused, the time is taken", || clinic.decide(&taken)),
        time("Find three free times in 14 days", || clinic.alternatives(&asked)),
        time("Foresee ten years of days against a full year", || decade.foresee(&clinic)),
    ])
}

/// A practitioner and a room with seven sessions a day; nine o'clock is free.
struct Clinic {
    facts: ScheduleFacts,
    member: Membership,
    weeks: Vec<Diary>,
    naming: Naming,
    now: DateTime<Utc>,
}

impl Clinic {
    fn full() -> Outcome<Self> {
        let (ada, room, service) = (PractitionerId::from_bits(1), RoomId::from_bits(2), ServiceId::from_bits(3));
        let hours: Vec<_> =
            ["mon", "tue", "wed", "thu", "fri"].map(|d| json!({"weekday": d, "from": "08:00", "until": "18:00"})).into();
        let resources = [Resource::Practitioner(ada), Resource::Room(room)];
        let practice = PracticeId::from_bits(5);
        let facts = ScheduleFacts {
            practice: from_value(json!({
                "id": practice, "name": "Harbour Clinic", "slug": "harbour", "zone": "America/Vancouver", "currency": "CAD",
                "policies": Policies::default(),
            }))?,
            practitioner: from_value(json!({
                "id": ada, "name": "Ada Adair", "email": "ada@demo.test", "zone": "America/Vancouver",
                "weekly_hours": hours, "active": true,
            }))?,
            clients: vec![from_value(json!({
                "id": ClientId::from_bits(4), "name": {"Full": {"first": "Eve", "last": "Ennis"}}, "practitioners": [ada],
                "contacts": [{"id": ContactId::from_bits(6), "name": "Erin Ennis", "kind": "guardian", "email": "erin@family.test", "phone": null}],
                "reminder_channels": ["email"], "zone": "America/Toronto", "active": true,
            }))?],
            services: vec![from_value(json!({
                "id": service, "code": "90837", "name": "Psychotherapy", "price_minor": 15_000, "length_minutes": 60, "active": true,
            }))?],
            room: from_value(json!({"id": room, "name": "Blue room", "kind": "in_person", "active": true}))?,
            location: None,
            diaries: resources.map(|resource| occupied(resource, 4)).into_iter().collect::<Outcome<_>>()?,
        };
        let member = from_value(json!({
            "practice": practice, "issuer": "https://id.test", "subject": "ada", "name": "Ada Adair", "role": "director",
            "practitioner": ada, "active": true,
        }))?;
        let weeks = resources.map(|resource| occupied(resource, 18)).into_iter().collect::<Outcome<_>>()?;
        let naming = Naming { session: SessionId::from_bits(7), codes: vec![SessionCode::new(8)] };
        Ok(Self { facts, member, weeks, naming, now: NOW.parse()? })
    }

    fn wish(&self, local_start: NaiveDateTime) -> Outcome<Schedule> {
        let reminders = from_value(json!([{"days_before": 2, "channel": "email"}]))?;
        Ok(Schedule {
            clients: self.facts.clients.iter().map(|client| client.id).collect(),
            practitioner: self.facts.practitioner.as_ref().ok_or("no practitioner")?.id,
            title: None,
            event_type: None,
            presence: Some(Presence::Direct),
            services: Some(self.facts.services.iter().map(|s| ServiceChoice { service: s.id, price: None }).collect()),
            room: self.facts.room.as_ref().map(|room| room.id),
            location: None,
            local_start,
            offset: None,
            zone: None,
            length: None,
            invite: InviteChoice::OnRecord,
            reminders: Some(reminders),
            url: None,
            instructions: None,
            allow_overlap: false,
        })
    }

    /// Whether the wish is granted. Copies of the wish and of what was read are part of it, as in the product.
    fn decide(&self, wish: &Schedule) -> Result<(), String> {
        let deciding = Deciding { actor: &self.member, now: self.now, attempt: AttemptId::from_bits(9) };
        let decided = wish.clone().decide(&self.naming, self.facts.clone(), deciding);
        decided.map(|decision| drop(black_box(decision))).map_err(|refused| refused.to_string())
    }

    fn alternatives(&self, asked: &Slot) -> Vec<Slot> {
        let practitioner = self.facts.practitioner.as_ref();
        let seeking = FreeSlots {
            session: self.naming.session,
            diaries: &self.weeks,
            hours: practitioner.map_or_else(|| WorkingHours::any(asked.zone()), |p| p.hours(&self.facts.practice)),
            policies: &self.facts.practice.policies,
            now: self.now,
        };
        seeking.near(asked, 3)
    }
}

/// Ten years, of which three have a day more.
const DAYS: i64 = 10 * 365 + 3;

/// A session each day for ten years, against a year in which each day is full, and a client who is elsewhere each week.
struct Decade {
    timing: Timing,
    horizon: DateTime<Utc>,
    diaries: Vec<Diary>,
    elsewhere: Vec<(SessionId, DateTime<Utc>, DateTime<Utc>)>,
}

impl Decade {
    fn begin(clinic: &Clinic) -> Outcome<Self> {
        let first = START.parse::<NaiveDateTime>()? + Duration::hours(3);
        let zone = Zone::parse("America/Vancouver")?;
        let (rule, length) = (Rule::parse("FREQ=DAILY", first)?, Minutes::HOUR);
        let begins = zone.instant_or_next(first);
        let horizon = begins + Duration::days(DAYS - 1);
        // What is after the full year was read too, and is free.
        let full = |diary: &Diary| -> Outcome<Diary> {
            let resource = diary.resource();
            Ok(occupied(resource, 366)?.and(Diary::new(
                resource,
                first.date(),
                days_around(horizon.date_naive()).1,
                BTreeMap::new(),
            )))
        };
        let diaries = clinic.weeks.iter().map(full).collect::<Outcome<_>>()?;
        let week =
            |n: i64| (SessionId::from_bits(2), begins + Duration::weeks(n), begins + Duration::weeks(n) + Duration::hours(1));
        Ok(Self { timing: Timing { rule, first, zone, length }, horizon, diaries, elsewhere: (0..52).map(week).collect() })
    }

    fn foresee(&self, clinic: &Clinic) -> Outcome<Vec<Foreseen>> {
        let practice = &clinic.facts.practice;
        let foresight = Foresight {
            diaries: &self.diaries,
            hours: clinic.facts.practitioner.as_ref().map(|p| p.hours(practice)),
            elsewhere: &self.elsewhere,
            availability: Availability::Busy,
            policies: &practice.policies,
        };
        Ok(foresight.of(&self.timing, self.horizon)?)
    }
}

/// A resource's sheets around `START`, with sessions from 10 to 17 o'clock in Vancouver each day.
fn occupied(resource: Resource, days: u64) -> Outcome<Diary> {
    let (from, _) = days_around(START.parse::<NaiveDateTime>()?.date());
    let until = from + Days::new(days);
    let mut diary = Diary::new(resource, from, until, BTreeMap::new());
    for (number, day) in from.iter_days().take_while(|day| *day < until).enumerate() {
        for hour in 0..7_u32 {
            let starts_at = day.and_hms_opt(17, 0, 0).ok_or("no such time")?.and_utc() + Duration::hours(i64::from(hour));
            diary.put(&Entry {
                session: SessionId::from_bits(1000 + 10 * number as u128 + u128::from(hour)),
                starts_at,
                ends_at: starts_at + Duration::hours(1),
                buffer_before: 0,
                buffer_after: 0,
                clients: vec![ClientId::from_bits(20)],
                closed: false,
                indirect: false,
                practitioner: None,
                room: None,
                event_type: None,
                title: None,
                free: false,
            });
        }
    }
    // As if they had just been read.
    let sheets = diary.changes().map(|(day, sheet)| (day, sheet.clone())).collect();
    Ok(Diary::new(resource, from, until, sheets))
}
