//! A table in memory, and whoever works plans off upon it: in chunks, each of which is one transaction, and any of which
//! may be the last before a crash.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    event::{Change, Effect, Event},
    event_type::Availability,
    ids::{AttemptId, PractitionerId, RoomId, SeriesId, SessionId},
    people::{Client, Membership, Practitioner},
    practice::Practice,
    recipient::{Recipient, Recipients},
    reminder::Reminder,
    series::{
        BookSeries, BookSeriesRefused, Busy, ChangeSeries, ChangeSeriesRefused, Does, EndSeries, EndSeriesRefused, Ending,
        Exceptions, Foresight, Hands, IfTaken, NewTiming, OnConflict, Place, Plan, Seed, Series, SeriesNaming, Stage, Stopped,
        Taken, Timing, Why, Working, fitting,
    },
    session::{
        Cancel, CancelRefused, Deciding, Decision, Delete, DeleteRefused, Edit, EditRefused, Invitation, Naming, Reschedule,
        RescheduleFacts, RescheduleRefused, Schedule, ScheduleFacts, ScheduleRefused, Scheduled, Session, Template, Terms, entry,
        tests::clinic::{self, ADA, BEN, BLUE, LEA, at, email, lea, local, minutes, zone},
    },
    sheet::{Diary, Entry, Resource, Sheet, days_around},
    text::Url,
};

/// Everything that is stored, and the time.
#[derive(Clone)]
pub(super) struct World {
    pub(super) now: DateTime<Utc>,
    pub(super) practice: Practice,
    pub(super) series: BTreeMap<SeriesId, Series>,
    pub(super) plans: BTreeMap<SeriesId, Plan>,
    pub(super) places: BTreeMap<(SeriesId, NaiveDateTime), Place>,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) sheets: BTreeMap<(Resource, NaiveDate), Sheet>,
    pub(super) events: Vec<Event>,
    /// Timers: never taken back.
    pub(super) armed: BTreeSet<(SessionId, Reminder, DateTime<Utc>)>,
    /// Pairs that overlap because staff said so.
    pub(super) allowed: BTreeSet<(SessionId, SessionId)>,
    /// Places that could not be booked while series were carried on.
    pub(super) dropped: Vec<Place>,
    /// How many steps fit one transaction.
    pub(super) chunk: usize,
    made: u128,
}

/// A transaction, before it is written.
#[derive(Default)]
pub(super) struct Transaction {
    /// With the revision that was read.
    series: Vec<(u32, Series)>,
    sessions: Vec<(Option<Session>, Session)>,
    diaries: Vec<Diary>,
    places: Vec<(SeriesId, Place)>,
    forgotten: Vec<(SeriesId, NaiveDateTime)>,
    events: Vec<Event>,
    dropped: Vec<Place>,
    plan_done: Option<SeriesId>,
}

/// Something that was read has changed since.
#[derive(Debug)]
pub(super) struct LostRace;

/// What is stored is read by another process: nothing but its text is left of it.
fn stored<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

pub(super) fn clients() -> Vec<Client> {
    vec![Client { practitioners: vec![ADA, BEN], ..lea() }]
}

fn practitioner(id: PractitionerId) -> Practitioner {
    if id == ADA { clinic::ada() } else { clinic::ben() }
}

pub(super) fn link(path: &str) -> Url {
    Url::parse(&format!("https://meet.example/{path}")).unwrap()
}

/// Weekly on Tuesdays at nine from 1 December 2026 on, for an hour with Ada in the blue room, in Vancouver: as the rule says.
pub(super) fn wish(rule: &str) -> BookSeries {
    wish_at(rule, "2026-12-01T09:00", "America/Vancouver")
}

pub(super) fn wish_at(rule: &str, first: &str, zone_name: &str) -> BookSeries {
    let template = Template {
        practitioner: ADA,
        clients: vec![LEA],
        title: None,
        event_type: None,
        availability: Availability::Busy,
        presence: crate::session::Presence::Direct,
        services: Vec::new(),
        room: Some(BLUE),
        location: None,
        url: Some(link("first")),
        instructions: None,
        reminders: clinic::reminders(&[2, 1]),
    };
    let first = local(first);
    let (length, zone) = (minutes(60), zone(zone_name));
    let timing = Timing { rule: fitting(rule, first).unwrap(), first, zone: zone.clone(), length };
    let terms = Terms { template, invitation: Invitation::Off, length, zone };
    BookSeries { terms, timing, on_conflict: OnConflict::all(IfTaken::Stop) }
}

/// These, as who is mailed about a series that was first booked as this one.
pub(super) fn invited(root: SeriesId, addresses: &[&str]) -> Invitation {
    let recipients = addresses.iter().map(|address| Recipient::new(root.into(), None, email(address), None)).collect();
    Recipients::new(recipients).map_or(Invitation::Off, |recipients| Invitation::Sent { recipients })
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            now: at(clinic::NOW),
            practice: clinic::practice(),
            series: BTreeMap::new(),
            plans: BTreeMap::new(),
            places: BTreeMap::new(),
            sessions: BTreeMap::new(),
            sheets: BTreeMap::new(),
            events: Vec::new(),
            armed: BTreeSet::new(),
            allowed: BTreeSet::new(),
            dropped: Vec::new(),
            chunk: 3,
            made: 0,
        }
    }

    /// With so many steps in a transaction.
    pub(super) fn with_chunk(chunk: usize) -> Self {
        Self { chunk, ..Self::new() }
    }

    fn mint(&mut self) -> u128 {
        self.made += 1;
        5000 + self.made
    }

    /// The id that the next series will have.
    pub(super) fn next_series(&self) -> SeriesId {
        SeriesId::from_bits(5000 + self.made + 1)
    }

    fn naming(&mut self) -> SeriesNaming {
        let made = self.mint();
        SeriesNaming { series: SeriesId::from_bits(made), seed: Seed::new(made) }
    }

    fn decide<T>(&mut self, decide: impl FnOnce(&Self, Deciding<'_>) -> T) -> T {
        let (actor, attempt): (Membership, _) = (clinic::member(), AttemptId::from_bits(self.mint()));
        decide(self, Deciding { actor: &actor, now: self.now, attempt })
    }

    // What is read.

    pub(super) fn series(&self, id: SeriesId) -> &Series {
        &self.series[&id]
    }

    pub(super) fn places(&self, series: SeriesId) -> Vec<Place> {
        self.places.range((series, NaiveDateTime::MIN)..=(series, NaiveDateTime::MAX)).map(|(_, place)| *place).collect()
    }

    fn with_sessions(&self, series: SeriesId) -> Vec<(Place, Option<Session>)> {
        let session = |place: &Place| place.session().map(|id| self.sessions[&id].clone());
        self.places(series).into_iter().map(|place| (place, session(&place))).collect()
    }

    pub(super) fn session(&self, id: SessionId) -> &Session {
        &self.sessions[&id]
    }

    /// The session at a place, such as `2026-12-01`.
    pub(super) fn at(&self, series: SeriesId, date: &str) -> SessionId {
        let date: NaiveDate = date.parse().unwrap();
        let place = self.places(series).into_iter().find(|place| place.original.date() == date);
        place.and_then(|place| place.session()).unwrap_or_else(|| panic!("no session for {date}"))
    }

    fn diary(&self, resource: Resource, around: &[NaiveDate]) -> Diary {
        let read = |date: &NaiveDate| {
            let (from, until) = days_around(*date);
            let sheets = self.sheets.range((resource, from)..=(resource, until));
            Diary::new(resource, from, until, sheets.map(|((_, day), sheet)| (*day, sheet.clone())).collect())
        };
        around.iter().map(read).reduce(Diary::and).unwrap()
    }

    fn diaries(&self, resources: impl IntoIterator<Item = Resource>, around: &[NaiveDate]) -> Vec<Diary> {
        let resources: BTreeSet<Resource> = resources.into_iter().collect();
        resources.into_iter().map(|resource| self.diary(resource, around)).collect()
    }

    /// Every sheet of a resource.
    pub(super) fn whole_diary(&self, resource: Resource) -> Diary {
        let sheets = self.sheets.iter().filter(|((r, _), _)| *r == resource).map(|((_, day), sheet)| (*day, sheet.clone()));
        Diary::new(resource, NaiveDate::MIN, NaiveDate::MAX, sheets.collect())
    }

    // What is written.

    fn commit(&mut self, written: Transaction) -> Result<(), LostRace> {
        let sheets =
            || written.diaries.iter().flat_map(|diary| diary.changes().map(|(day, sheet)| ((diary.resource(), day), sheet)));
        let fresh = sheets().all(|(key, sheet)| self.sheets.get(&key).map_or(0, |stored| stored.version) == sheet.version)
            && written.sessions.iter().all(|(before, after)| self.sessions.get(&after.details().id) == before.as_ref())
            && written.series.iter().all(|(read, series)| self.series.get(&series.id).map_or(0, |s| s.revision) == *read);
        if !fresh {
            return Err(LostRace);
        }
        // A transaction writes each record once.
        let gone = written.forgotten.iter().copied();
        let places: Vec<_> = written.places.iter().map(|(series, place)| (*series, place.original)).chain(gone).collect();
        assert_eq!(places.len(), places.iter().collect::<BTreeSet<_>>().len(), "a place is written twice");
        let sessions: Vec<_> = written.sessions.iter().map(|(_, after)| after.details().id).collect();
        assert_eq!(sessions.len(), sessions.iter().collect::<BTreeSet<_>>().len(), "a session is written twice");
        for (key, sheet) in sheets() {
            self.sheets.insert(key, Sheet { version: sheet.version + 1, entries: sheet.entries.clone() });
        }
        for (_, series) in &written.series {
            self.series.insert(series.id, stored(series));
        }
        for (_, session) in &written.sessions {
            self.sessions.insert(session.details().id, stored(session));
        }
        for (series, place) in written.places {
            self.places.insert((series, place.original), stored(&place));
        }
        for place in written.forgotten {
            self.places.remove(&place);
        }
        for event in &written.events {
            self.note(event);
        }
        self.events.extend(written.events);
        self.dropped.extend(written.dropped);
        if let Some(series) = written.plan_done {
            self.plans.remove(&series);
        }
        Ok(())
    }

    fn note(&mut self, event: &Event) {
        let crate::ids::Subject::Session(session) = event.subject else { return };
        for effect in &event.effects {
            if let Effect::Remind { reminder, due_at } = effect {
                assert!(*due_at > event.at, "armed for a minute that has passed");
                self.armed.insert((session, *reminder, *due_at));
            }
        }
        let overlapping = |change: &Change| {
            matches!(change, Change::Scheduled { overlapping: true, .. } | Change::Rescheduled { overlapping: true, .. })
        };
        if overlapping(&event.change) {
            let pairs: Vec<_> = self.overlaps().into_iter().filter(|(a, b)| *a == session || *b == session).collect();
            self.allowed.extend(pairs);
        }
    }

    /// Every pair on one sheet that overlaps.
    pub(super) fn overlaps(&self) -> BTreeSet<(SessionId, SessionId)> {
        let pairs = |sheet: &Sheet| -> Vec<(SessionId, SessionId)> {
            let entries = &sheet.entries;
            let pairs = entries.iter().enumerate().flat_map(|(index, a)| entries[index + 1..].iter().map(move |b| (a, b)));
            let overlapping = pairs.filter(|(a, b)| a.overlaps(b));
            overlapping.map(|(a, b)| (a.session.min(b.session), a.session.max(b.session))).collect()
        };
        self.sheets.values().flat_map(pairs).collect()
    }

    // Plans.

    /// Stores the series and the plan beside it, as it begins. What fits one transaction needs no holding.
    pub(super) fn begin(&mut self, owner: Series, plan: &Plan) {
        let mut written = Transaction::default();
        let (id, read) = (owner.id, self.series.get(&owner.id).map_or(0, |series| series.revision));
        if plan.may_stop() && plan.steps.len() > self.chunk {
            written.series.push((read, plan.holding(owner)));
        } else {
            let begun = plan.begun(owner, Stage::Doing, self.now);
            written.series.push((read, begun.owner));
            written.series.extend(begun.parted.map(|parted| (0, parted)));
        }
        self.plans.insert(id, stored(plan));
        self.commit(written).unwrap();
    }

    pub(super) fn working(&self, owner: SeriesId) -> Option<Working> {
        match self.series.get(&owner)?.busy? {
            Busy::Here(working) => Some(working),
            Busy::With { series } => self.working(series),
        }
    }

    /// The sheets of where the sessions of these steps are and shall be.
    fn reach(&self, plan: &Plan, series: &Series, steps: &[crate::series::Step]) -> Vec<Diary> {
        let mut resources = BTreeSet::from([Resource::Practitioner(series.template.practitioner)]);
        resources.extend(plan.room.map(Resource::Room));
        let mut dates = BTreeSet::from([series.timing.first.date()]);
        for step in steps {
            dates.extend(step.takes().map(|place| place.date()));
            let session = step.session().and_then(|id| self.sessions.get(&id));
            if let Some(details) = session.map(Session::details) {
                resources.insert(Resource::Practitioner(details.practitioner));
                resources.extend(details.room.map(Resource::Room));
                dates.insert(details.slot.local_start().date());
            }
        }
        self.diaries(resources, &dates.into_iter().collect::<Vec<_>>())
    }

    /// The next transaction of a plan.
    fn try_prepare(&self, id: SeriesId) -> Result<Transaction, Stopped> {
        let mut owner = self.series[&id].clone();
        let read = owner.revision;
        let plan = &self.plans[&id];
        let Some(Busy::Here(Working { stage, done })) = owner.busy else { panic!("nothing to do") };
        let parted = match &plan.does {
            Does::Change { into, .. } if into.id != id => self.series.get(&into.id).cloned(),
            Does::Book | Does::Extend { .. } | Does::Change { .. } | Does::Cancel { .. } | Does::Delete { .. } => None,
        };
        let of = match (&plan.does, stage) {
            (Does::Change { into, .. }, Stage::Holding | Stage::Releasing) => (**into).clone(),
            (_, Stage::Holding | Stage::Releasing | Stage::Doing | Stage::Redeeming) => {
                parted.clone().unwrap_or_else(|| owner.clone())
            }
        };
        let from = usize::try_from(done).unwrap();
        let until = (from + self.chunk).min(plan.steps.len());
        let steps = &plan.steps[from..until];
        let own = plan.own();
        let diaries = self.reach(plan, &of, steps);
        let mut hands = Hands { plan, stage, series: &of, practice: &self.practice, own: &own, diaries, now: self.now };
        let mut written = Transaction::default();
        for step in steps {
            let session = step.session().filter(|_| step.needs_session());
            let session = session.and_then(|id| self.sessions.get(&id).cloned());
            let made = match hands.take(step, session) {
                Ok(made) => made,
                Err(Stopped::Taken { .. }) if stage == Stage::Holding => {
                    owner.touch();
                    owner.busy = Some(Busy::Here(Working { stage: Stage::Releasing, done: 0 }));
                    return Ok(Transaction { series: vec![(read, owner)], ..Transaction::default() });
                }
                Err(taken @ Stopped::Taken { .. }) => {
                    assert!(stage == Stage::Doing && done == 0 && until == plan.steps.len(), "stopped half-way");
                    return Err(taken);
                }
                Err(Stopped::NotRead(day)) => panic!("{day}"),
            };
            for session in made.sessions {
                written.sessions.push((session.before, session.after));
                written.events.push(session.event);
            }
            written.dropped.extend(made.place.filter(|place| plan.drops(place)));
            written.places.extend(made.place.map(|place| (of.id, place)));
            written.forgotten.extend(made.forgotten.map(|place| (id, place)));
        }
        written.diaries = hands.diaries;
        owner.touch();
        let done = u32::try_from(until).unwrap();
        owner.busy = Some(Busy::Here(Working { stage, done }));
        if until < plan.steps.len() {
            written.series.push((read, owner));
            return Ok(written);
        }
        match stage {
            Stage::Holding => {
                let begun = plan.begun(owner, Stage::Redeeming, self.now);
                written.series.push((read, begun.owner));
                written.series.extend(begun.parted.map(|parted| (0, parted)));
            }
            Stage::Releasing => {
                owner.release(plan);
                written.series.push((read, owner));
                written.plan_done = Some(id);
            }
            Stage::Doing | Stage::Redeeming => {
                let mut places: BTreeMap<NaiveDateTime, Place> =
                    self.places(of.id).into_iter().map(|place| (place.original, place)).collect();
                places.extend(written.places.iter().map(|(_, place)| (place.original, *place)));
                let places: Vec<Place> = places.into_values().collect();
                let read_parted = parted.as_ref().map(|parted| parted.revision);
                let finished = plan.finished(owner, parted, &places, self.now);
                written.series.push((read, finished.owner));
                written.series.extend(read_parted.zip(finished.parted));
                written.events.extend(finished.events);
                written.plan_done = Some(id);
            }
        }
        Ok(written)
    }

    /// Begins a plan and does all of it; or none, where it fits one transaction and is stopped.
    pub(super) fn whole(&mut self, owner: Series, plan: &Plan) {
        let (id, before) = (owner.id, self.clone());
        self.begin(owner, plan);
        if let Ok(written) = self.try_prepare(id) {
            self.commit(written).unwrap();
            self.run(id);
        } else {
            *self = before;
        }
    }

    pub(super) fn prepare(&self, id: SeriesId) -> Transaction {
        self.try_prepare(id).unwrap()
    }

    /// One chunk, by whoever comes.
    pub(super) fn work(&mut self, id: SeriesId) {
        let written = self.prepare(id);
        self.commit(written).unwrap();
    }

    /// A chunk whose transaction comes too late, since something else was written meanwhile.
    pub(super) fn race(&mut self, id: SeriesId, meanwhile: impl FnOnce(&mut Self)) {
        let written = self.prepare(id);
        meanwhile(self);
        if self.commit(written).is_err() && self.plans.contains_key(&id) {
            self.work(id);
        }
    }

    /// All that is left of a plan.
    pub(super) fn run(&mut self, id: SeriesId) {
        for _ in 0..10_000 {
            if !self.plans.contains_key(&id) {
                return;
            }
            self.work(id);
        }
        panic!("a plan without end");
    }

    // Wishes.

    pub(super) fn plan_booking(&mut self, wish: BookSeries) -> Result<(Series, Plan), BookSeriesRefused> {
        let naming = self.naming();
        let room = wish.terms.template.room;
        self.decide(|world, deciding| wish.decide(world.practice.id, naming, room, None, deciding))
    }

    pub(super) fn book(&mut self, wish: BookSeries) -> SeriesId {
        let (series, plan) = self.plan_booking(wish).unwrap();
        let id = series.id;
        self.whole(series, &plan);
        id
    }

    /// Nothing but what is named changes, and whatever is taken stops it.
    pub(super) fn like(&self, series: SeriesId, named: SessionId) -> ChangeSeries {
        let place = self.places(series).into_iter().find(|place| place.session() == Some(named)).unwrap();
        let series = self.series(series);
        ChangeSeries {
            named: (named, place.original),
            timing: None,
            template: series.template.clone(),
            room: series.template.room,
            invitation: series.invitation.clone(),
            exceptions: Exceptions::Keep,
            on_conflict: OnConflict::all(IfTaken::Stop),
            send_updates: None,
            reason: None,
        }
    }

    pub(super) fn plan_change(&mut self, series: SeriesId, change: ChangeSeries) -> Result<Plan, ChangeSeriesRefused> {
        let naming = self.naming();
        self.decide(|world, deciding| {
            change.decide(world.series(series), &world.with_sessions(series), &world.practice, naming, deciding)
        })
    }

    /// The series as which those that follow go on.
    pub(super) fn change(&mut self, series: SeriesId, change: ChangeSeries) -> Result<SeriesId, ChangeSeriesRefused> {
        let plan = self.plan_change(series, change)?;
        let Does::Change { into, .. } = &plan.does else { panic!("no change") };
        let into = into.id;
        self.whole(self.series(series).clone(), &plan);
        Ok(if self.series.contains_key(&into) { into } else { series })
    }

    /// This one and those that follow begin at another wall time.
    pub(super) fn shift(&mut self, series: SeriesId, date: &str, to: &str) -> SeriesId {
        let like = self.like(series, self.at(series, date));
        self.change(series, ChangeSeries { timing: Some(starting(to)), ..like }).unwrap()
    }

    pub(super) fn plan_end(&mut self, series: SeriesId, named: SessionId, ending: Ending) -> Result<Plan, EndSeriesRefused> {
        let from = self.places(series).into_iter().find(|place| place.session() == Some(named)).unwrap().original;
        let wish = EndSeries { named, ending, reason: None };
        self.decide(|world, deciding| {
            let places = world.with_sessions(series);
            wish.decide(world.series(series), from, &places, (&world.practice, &clients()), deciding)
        })
    }

    pub(super) fn end(&mut self, series: SeriesId, date: &str, ending: Ending) -> Result<(), EndSeriesRefused> {
        let plan = self.plan_end(series, self.at(series, date), ending)?;
        self.whole(self.series(series).clone(), &plan);
        Ok(())
    }

    pub(super) fn cancel_from(&mut self, series: SeriesId, date: &str) {
        self.end(series, date, Ending::Cancel { notify: None, fee: None }).unwrap();
    }

    pub(super) fn delete_from(&mut self, series: SeriesId, date: &str) {
        self.end(series, date, Ending::Delete).unwrap();
    }

    pub(super) fn plan_extension(&mut self, series: SeriesId) -> Option<Plan> {
        let attempt = AttemptId::from_bits(self.mint());
        let series = self.series(series);
        series.to_extend(series.template.room, &clinic::member(), attempt, self.now)
    }

    /// Whether there was something to be booked.
    pub(super) fn extend(&mut self, series: SeriesId) -> bool {
        let Some(plan) = self.plan_extension(series) else { return false };
        self.whole(self.series(series).clone(), &plan);
        true
    }

    pub(super) fn foresee(&self, wish: &BookSeries, practitioner: Option<&Practitioner>) -> Vec<crate::series::Foreseen> {
        let template = &wish.terms.template;
        let resources = [Some(Resource::Practitioner(template.practitioner)), template.room.map(Resource::Room)];
        let diaries: Vec<Diary> = resources.into_iter().flatten().map(|resource| self.whole_diary(resource)).collect();
        let stands = |session: &&Session| matches!(session, Session::Scheduled(_));
        let times = |session: &Session| {
            let details = session.details();
            (details.id, details.slot.starts_at(), details.slot.ends_at())
        };
        let elsewhere: Vec<_> = self.sessions.values().filter(stands).map(times).collect();
        let foresight = Foresight {
            diaries: &diaries,
            hours: practitioner.map(|p| p.hours(&self.practice)),
            elsewhere: &elsewhere,
            availability: Availability::Busy,
            policies: &self.practice.policies,
        };
        foresight.of(&wish.timing, Series::horizon(&wish.timing, self.now)).unwrap()
    }

    // By hand.

    fn decided(&mut self, decision: Decision) {
        let before = self.sessions.get(&decision.session.details().id).cloned();
        let written = Transaction {
            sessions: vec![(before, decision.session)],
            diaries: decision.diaries,
            events: vec![decision.event],
            ..Transaction::default()
        };
        self.commit(written).unwrap();
    }

    pub(super) fn standing(&self, id: SessionId) -> Option<Scheduled> {
        match self.session(id) {
            Session::Scheduled(scheduled) => Some(scheduled.clone()),
            Session::Closed(_) | Session::Cancelled(_) | Session::Deleted(_) => None,
        }
    }

    fn its_diaries(&self, session: &Session, more: &[Resource], dates: &[NaiveDate]) -> Vec<Diary> {
        let details = session.details();
        let own = [Some(Resource::Practitioner(details.practitioner)), details.room.map(Resource::Room)];
        let dates: Vec<NaiveDate> = dates.iter().copied().chain([details.slot.local_start().date()]).collect();
        self.diaries(own.into_iter().flatten().chain(more.iter().copied()), &dates)
    }

    pub(super) fn reschedule(&mut self, id: SessionId, wish: Reschedule) -> Result<(), RescheduleRefused> {
        let Some(session) = self.standing(id) else {
            return Err(RescheduleRefused::NotScheduled(crate::session::Status::Cancelled));
        };
        let treats = wish.practitioner.unwrap_or(session.details.practitioner);
        let room = wish.room.unwrap_or(session.details.room);
        let more: Vec<Resource> = [Some(Resource::Practitioner(treats)), room.map(Resource::Room)].into_iter().flatten().collect();
        let decision = self.decide(|world, deciding| {
            let facts = RescheduleFacts {
                practice: world.practice.clone(),
                practitioner: Some(practitioner(treats)),
                clients: clients(),
                room: room.map(clinic::room),
                diaries: world.its_diaries(&Session::Scheduled(session.clone()), &more, &[wish.local_start.date()]),
            };
            wish.decide(session.clone(), facts, deciding)
        })?;
        self.decided(decision);
        Ok(())
    }

    pub(super) fn move_one(&mut self, id: SessionId, to: &str) {
        self.reschedule(id, clinic::to(to)).unwrap();
    }

    pub(super) fn cancel_one(&mut self, id: SessionId) -> Result<(), CancelRefused> {
        let Some(session) = self.standing(id) else { return Err(CancelRefused::Over(crate::session::Status::Cancelled)) };
        let decision = self.decide(|world, deciding| {
            let diaries = world.its_diaries(world.session(id), &[], &[]);
            Cancel { reason: None, notify: None, fee: None }.decide(session, &world.practice, &clients(), diaries, deciding)
        })?;
        self.decided(decision);
        Ok(())
    }

    pub(super) fn delete_one(&mut self, id: SessionId) -> Result<(), DeleteRefused> {
        let session = self.session(id).clone();
        let decision = self.decide(|world, deciding| {
            let diaries = world.its_diaries(&session, &[], &[]);
            Delete { reason: None }.decide(session.clone(), &world.practice, diaries, deciding)
        })?;
        self.decided(decision);
        Ok(())
    }

    pub(super) fn link_one(&mut self, id: SessionId, path: &str) -> Result<(), EditRefused> {
        let session = self.session(id).clone();
        let decision = self.decide(|_, deciding| {
            Edit { url: Some(Some(link(path))), ..Edit::default() }.decide(session, &clinic::edit_facts(), deciding)
        })?;
        self.decided(decision);
        Ok(())
    }

    pub(super) fn invite_one(&mut self, id: SessionId, addresses: &[&str]) {
        let session = self.standing(id).unwrap();
        let invite = crate::session::Invite { recipients: Some(clinic::choices(addresses)) };
        let decision = self.decide(|world, deciding| invite.decide(session, &world.practice, &clients(), deciding)).unwrap();
        self.decided(decision);
    }

    /// A session that is of no series.
    pub(super) fn single(
        &mut self,
        (treats, room): (PractitionerId, Option<RoomId>),
        start: NaiveDateTime,
        length: i64,
        allow_overlap: bool,
    ) -> Result<SessionId, ScheduleRefused> {
        let id = SessionId::from_bits(self.mint());
        let wish = Schedule {
            practitioner: treats,
            room,
            local_start: start,
            zone: Some(zone("America/Vancouver")),
            length: Some(minutes(length)),
            allow_overlap,
            ..clinic::wish()
        };
        let decision = self.decide(|world, deciding| {
            let resources = [Some(Resource::Practitioner(treats)), room.map(Resource::Room)];
            let facts = ScheduleFacts {
                practitioner: Some(practitioner(treats)),
                clients: clients(),
                room: room.map(clinic::room),
                diaries: world.diaries(resources.into_iter().flatten(), &[start.date()]),
                practice: world.practice.clone(),
                ..clinic::schedule_facts()
            };
            wish.decide(&Naming { session: id, codes: clinic::naming().codes }, facts, deciding)
        })?;
        self.decided(decision);
        Ok(id)
    }

    pub(super) fn busy_at(&mut self, start: &str) -> SessionId {
        self.single((ADA, None), local(start), 60, false).unwrap()
    }

    // What is seen.

    /// Each place and what became of it: `12-01`, `12-08: 12-10T11:00`, `12-15: cancelled`, `12-22: taken`.
    pub(super) fn shown(&self, id: SeriesId) -> Vec<String> {
        let first = self.series(id).timing.first;
        self.places(id).iter().map(|place| self.shown_place(place, first)).collect()
    }

    fn shown_place(&self, place: &Place, first: NaiveDateTime) -> String {
        let mut shown = place.original.format("%m-%d").to_string();
        if place.original.time() != first.time() {
            shown.push_str(&place.original.format("T%H:%M").to_string());
        }
        let became = match place.taken {
            Taken::LeftOut { why: Why::TimeTaken } => "taken".to_owned(),
            Taken::LeftOut { why: Why::Asked } => "not wanted".to_owned(),
            Taken::LeftOut { why: Why::DoesNotExist } => "does not exist".to_owned(),
            Taken::Session { session } => match self.session(session) {
                Session::Cancelled(_) => "cancelled".to_owned(),
                Session::Deleted(_) => "deleted".to_owned(),
                Session::Scheduled(_) | Session::Closed(_) => {
                    let start = self.session(session).details().slot.local_start();
                    if start == place.original {
                        return shown;
                    }
                    start.format("%m-%dT%H:%M").to_string()
                }
            },
        };
        format!("{shown}: {became}")
    }

    /// What follows from what happened to a series, since so many events.
    pub(super) fn effects_of(&self, id: SeriesId, since: usize) -> Vec<Effect> {
        let of = self.events[since..].iter().filter(|event| event.subject == id.into());
        of.flat_map(|event| event.effects.clone()).collect()
    }

    // What must hold whenever no plan is under way.

    /// Sheets, places and reminders agree with the sessions, and nothing overlaps that staff did not allow.
    pub(super) fn check(&mut self) {
        assert!(self.plans.is_empty());
        self.check_sheets();
        self.check_places();
        self.check_reminders();
        let overlaps = self.overlaps();
        self.allowed.retain(|pair| overlaps.contains(pair));
        let unwanted: Vec<_> = overlaps.difference(&self.allowed).map(|(a, b)| (self.session(*a), self.session(*b))).collect();
        assert!(unwanted.is_empty(), "nobody allowed {unwanted:#?}");
    }

    fn check_sheets(&self) {
        let mut expected: BTreeMap<(Resource, NaiveDate), Vec<Entry>> = BTreeMap::new();
        for session in self.sessions.values() {
            let Session::Scheduled(Scheduled { details, .. }) = session else { continue };
            let resources = [Some(Resource::Practitioner(details.practitioner)), details.room.map(Resource::Room)];
            let entry = entry(details, &self.practice.policies);
            for resource in resources.into_iter().flatten() {
                for day in entry.days() {
                    expected.entry((resource, day)).or_default().push(entry.clone().on(resource));
                }
            }
        }
        for entries in expected.values_mut() {
            entries.sort_by_key(|entry| (entry.starts_at, entry.session));
        }
        let filled = self.sheets.iter().filter(|(_, sheet)| !sheet.entries.is_empty());
        let actual: BTreeMap<_, _> = filled.map(|(key, sheet)| (*key, sheet.entries.clone())).collect();
        assert_eq!(actual, expected);
    }

    fn check_places(&self) {
        let mut listed = BTreeSet::new();
        for ((series, original), place) in &self.places {
            assert_eq!(place.original, *original);
            let Some(id) = place.session() else { continue };
            assert!(listed.insert(id), "{id} has two places");
            let details = self.session(id).details();
            if let Session::Scheduled(_) | Session::Closed(_) = self.session(id) {
                let occurrence = details.occurrence.as_ref().unwrap();
                assert_eq!((occurrence.series, occurrence.original), (*series, *original));
                assert_eq!(occurrence.root, self.series(*series).root);
            }
        }
        for session in self.sessions.values() {
            if let Session::Scheduled(Scheduled { details, .. }) = session {
                let is_over = details.slot.ends_at() <= self.now;
                assert!(is_over || details.occurrence.is_none() || listed.contains(&details.id), "{details:#?} has no place");
            }
        }
        for series in self.series.values() {
            assert_eq!(series.busy, None);
        }
    }

    /// What is to come was armed for; nothing else is wanted, for what is wanted follows from the session alone.
    fn check_reminders(&self) {
        for session in self.sessions.values() {
            let Session::Scheduled(Scheduled { details, .. }) = session else { continue };
            for reminder in details.reminders.iter() {
                let due_at = reminder.due_at(&details.slot);
                let armed = self.armed.contains(&(details.id, reminder, due_at));
                assert!(armed || due_at <= details_written(details, &self.events), "{details:#?} has no reminder at {due_at}");
            }
        }
    }
}

/// When a session was last written.
fn details_written(details: &crate::session::Details, events: &[Event]) -> DateTime<Utc> {
    let of = events.iter().rev().find(|event| event.subject == details.id.into());
    of.map(|event| event.at).unwrap()
}

/// At another wall time, else as before.
pub(super) fn starting(to: &str) -> NewTiming {
    NewTiming { local_start: local(to), zone: None, length: None, rule: None }
}

/// By another rule.
pub(super) fn ruled(start: &str, rule: &str) -> NewTiming {
    NewTiming { rule: Some(rule.to_owned()), ..starting(start) }
}
