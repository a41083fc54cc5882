//! Series as staff, clocks and crashes come upon them in any order, beside a list on paper ([`super::naive`]).
//!
//! While nothing comes between the transactions of a plan, the table is to say exactly what the paper says. Where something
//! does, the paper is written anew from the table, once all that must hold in any case has been found to hold.

use chrono::{Days, Duration, NaiveDateTime};
use proptest::prelude::*;

use super::{
    naive::{At, Change, End, Entry, Every, Fate, Line, Naive, Time, bit},
    world::{World, link, starting, wish_at},
};
use crate::{
    ids::{RoomId, SeriesId, SessionId},
    series::{
        BookSeries, ChangeSeries, ChangeSeriesRefused, Ending, Exceptions, IfTaken, NewTiming, OnConflict, Place, Plan, Series,
        Standing, Taken, Why,
    },
    session::{
        Reschedule, Session, Template,
        tests::clinic::{ADA, BEN, BLUE, GREEN, minutes, to},
    },
};

#[derive(Clone, Debug)]
enum Step {
    Book { rule: Rule, day: u64, hour: u32, ben: bool, room: u8, on: IfTaken, way: Way },
    Change { which: usize, nth: usize, wish: Wish, way: Way },
    Cancel { which: usize, nth: usize, way: Way },
    Delete { which: usize, nth: usize, way: Way },
    Extend { which: usize, way: Way },
    Aside(Aside),
    Clock { hours: i64 },
}

/// What one person does to one session.
#[derive(Clone, Debug)]
enum Aside {
    Move {
        nth: usize,
        days: i64,
        half_hours: i64,
        ben: Option<bool>,
        room: Option<u8>,
    },
    Link {
        nth: usize,
        link: u8,
    },
    Cancel {
        nth: usize,
    },
    Delete {
        nth: usize,
    },
    Single {
        day: u64,
        half_hours: i64,
        ben: bool,
        room: u8,
        allow: bool,
    },
    /// Someone prepares a transaction and dies.
    Crash,
    /// Someone is slow, and another does the work.
    Race,
    Later {
        minutes: i64,
    },
}

/// In what chunks a plan is worked off, and what comes between them.
#[derive(Clone, Debug)]
struct Way {
    chunk: usize,
    between: Vec<(usize, Aside)>,
}

#[derive(Clone, Copy, Debug)]
struct Rule {
    kind: u8,
    count: usize,
}

/// So many days from its place, at this hour, for so many minutes, by this rule.
type When = (i64, Option<u32>, Option<i64>, Option<Rule>);

#[derive(Clone, Debug)]
struct Wish {
    time: Option<When>,
    ben: Option<bool>,
    room: Option<u8>,
    link: Option<u8>,
    reset: bool,
    on: IfTaken,
}

fn on() -> impl Strategy<Value = IfTaken> {
    prop_oneof![Just(IfTaken::Skip), Just(IfTaken::Keep), Just(IfTaken::Stop)]
}

fn rules() -> impl Strategy<Value = Rule> {
    // None ends not at all.
    (0_u8..4, prop_oneof![4 => 1_usize..9, 1 => Just(0)]).prop_map(|(kind, count)| Rule { kind, count })
}

fn asides() -> impl Strategy<Value = Aside> {
    let maybe_room = proptest::option::weighted(0.3, 0_u8..3);
    prop_oneof![
        4 => (any::<usize>(), -3_i64..9, 16_i64..34, proptest::option::weighted(0.3, any::<bool>()), maybe_room)
            .prop_map(|(nth, days, half_hours, ben, room)| Aside::Move { nth, days, half_hours, ben, room }),
        1 => (any::<usize>(), 1_u8..4).prop_map(|(nth, link)| Aside::Link { nth, link }),
        1 => any::<usize>().prop_map(|nth| Aside::Cancel { nth }),
        1 => any::<usize>().prop_map(|nth| Aside::Delete { nth }),
        2 => (0_u64..60, 16_i64..34, any::<bool>(), 0_u8..3, any::<bool>())
            .prop_map(|(day, half_hours, ben, room, allow)| Aside::Single { day, half_hours, ben, room, allow }),
        1 => Just(Aside::Crash),
        1 => Just(Aside::Race),
        1 => (1_i64..600).prop_map(|minutes| Aside::Later { minutes }),
    ]
}

fn ways() -> impl Strategy<Value = Way> {
    let between = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec((0_usize..8, asides()), 1..4)];
    (prop_oneof![1_usize..6, Just(500)], between).prop_map(|(chunk, between)| Way { chunk, between })
}

fn wishes() -> impl Strategy<Value = Wish> {
    let time = (
        -3_i64..10,
        proptest::option::of(8_u32..17),
        proptest::option::weighted(0.2, prop_oneof![Just(30_i64), Just(90)]),
        proptest::option::weighted(0.4, rules()),
    );
    (
        proptest::option::weighted(0.8, time),
        proptest::option::weighted(0.2, any::<bool>()),
        proptest::option::weighted(0.2, 0_u8..3),
        proptest::option::weighted(0.2, 1_u8..4),
        prop::bool::weighted(0.15),
        on(),
    )
        .prop_map(|(time, ben, room, link, reset, on)| Wish { time, ben, room, link, reset, on })
}

fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (rules(), 1_u64..20, 8_u32..17, any::<bool>(), 0_u8..3, on(), ways())
            .prop_map(|(rule, day, hour, ben, room, on, way)| Step::Book { rule, day, hour, ben, room, on, way }),
        8 => (any::<usize>(), any::<usize>(), wishes(), ways()).prop_map(|(which, nth, wish, way)| Step::Change { which, nth, wish, way }),
        1 => (any::<usize>(), any::<usize>(), ways()).prop_map(|(which, nth, way)| Step::Cancel { which, nth, way }),
        1 => (any::<usize>(), any::<usize>(), ways()).prop_map(|(which, nth, way)| Step::Delete { which, nth, way }),
        2 => (any::<usize>(), ways()).prop_map(|(which, way)| Step::Extend { which, way }),
        6 => asides().prop_map(Step::Aside),
        2 => prop_oneof![1_i64..100, 100_i64..1500].prop_map(|hours| Step::Clock { hours }),
    ];
    prop::collection::vec(step, 1..count)
}

fn room(number: u8) -> Option<RoomId> {
    [None, Some(BLUE), Some(GREEN)][usize::from(number)]
}

fn room_number(id: Option<RoomId>) -> u8 {
    match id {
        None => 0,
        Some(id) if id == BLUE => 1,
        Some(_) => 2,
    }
}

fn wall(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

impl Rule {
    fn read(self, first: NaiveDateTime) -> (String, Every, End) {
        let code = |at: NaiveDateTime| at.format("%a").to_string()[..2].to_uppercase();
        let other = first + Days::new(2);
        let (text, every) = match self.kind {
            0 => ("FREQ=WEEKLY".to_owned(), Every::Weeks { days: bit(first), interval: 1 }),
            1 => ("FREQ=WEEKLY;INTERVAL=2".to_owned(), Every::Weeks { days: bit(first), interval: 2 }),
            2 => {
                let both = Every::Weeks { days: bit(first) | bit(other), interval: 1 };
                (format!("FREQ=WEEKLY;BYDAY={},{}", code(first), code(other)), both)
            }
            _ => ("FREQ=DAILY".to_owned(), Every::Day),
        };
        // A day that never ends makes many sessions, and shows no more than a few.
        let count = if self.count == 0 && self.kind == 3 { 12 } else { self.count };
        if count == 0 { (text, every, End::Never) } else { (format!("{text};COUNT={count}"), every, End::Count(count)) }
    }
}

struct Model {
    world: World,
    naive: Naive,
    /// Cancelled or deleted: nothing brings them back.
    gone: Vec<SessionId>,
}

/// What was done to a session while a plan was under way.
type Meanwhile = Vec<(SessionId, Option<NaiveDateTime>)>;

impl Model {
    fn new() -> Self {
        Self { world: World::new(), naive: Naive::default(), gone: Vec::new() }
    }

    fn now(&self) -> NaiveDateTime {
        // Vancouver, for good.
        self.world.now.naive_utc() - Duration::hours(7)
    }

    fn seen(session: &Session) -> At {
        let details = session.details();
        let link = (1..4).find(|number| details.url == Some(link(&number.to_string()))).unwrap_or(0);
        At {
            start: details.slot.local_start(),
            minutes: details.slot.length().get().into(),
            ben: details.practitioner == BEN,
            room: room_number(details.room),
            link,
        }
    }

    fn entry(world: &World, place: &Place) -> Entry {
        let fate = match place.taken {
            Taken::LeftOut { why: Why::TimeTaken } => Fate::Taken,
            Taken::LeftOut { why: Why::Asked | Why::DoesNotExist } => panic!("{place:?}"),
            Taken::Session { session } => match world.session(session) {
                session @ (Session::Scheduled(_) | Session::Closed(_)) => Fate::Stands(Self::seen(session)),
                Session::Cancelled(_) => Fate::Cancelled,
                Session::Deleted(_) => Fate::Deleted,
            },
        };
        Entry { place: place.original, session: place.session(), fate }
    }

    /// The one of a list, as far as there is one.
    fn pick<T: Copy>(list: &[T], nth: usize) -> Option<T> {
        if list.is_empty() { None } else { Some(list[nth % list.len()]) }
    }

    fn to_come(&self) -> Vec<SessionId> {
        let now = self.now();
        let stands = |session: &&Session| matches!(session, Session::Scheduled(_)) && Self::seen(session).is_to_come(now);
        self.world.sessions.values().filter(stands).map(|session| session.details().id).collect()
    }

    fn line(&self, which: usize) -> Option<usize> {
        let open: Vec<usize> = (0..self.naive.lines.len()).filter(|index| !self.naive.lines[*index].over).collect();
        Self::pick(&open, which)
    }

    fn named(&self, line: usize, nth: usize) -> Option<usize> {
        let (entries, now) = (&self.naive.lines[line].entries, self.now());
        let to_come = |index: &usize| entries[*index].stands().is_some_and(|at| at.is_to_come(now));
        let to_come: Vec<usize> = (0..entries.len()).filter(to_come).collect();
        // Those in the far future are many and alike.
        Self::pick(&to_come[..to_come.len().min(8)], nth)
    }

    fn step(&mut self, step: &Step) {
        let past = self.past();
        let exact = match step {
            Step::Book { rule, day, hour, ben, room, on, way } => self.book(*rule, (*day, *hour), (*ben, *room), *on, way),
            Step::Change { which, nth, wish, way } => self.change(*which, *nth, wish, way),
            Step::Cancel { which, nth, way } => {
                self.end(*which, *nth, &Ending::Cancel { notify: None, fee: None }, Fate::Cancelled, way)
            }
            Step::Delete { which, nth, way } => self.end(*which, *nth, &Ending::Delete, Fate::Deleted, way),
            Step::Extend { which, way } => self.extend(*which, way),
            Step::Aside(aside) => {
                self.aside(aside, None);
                false
            }
            Step::Clock { hours } => {
                self.world.now += Duration::hours(*hours);
                true
            }
        };
        self.world.check();
        self.check_past(&past, step);
        self.check_gone();
        self.check_places();
        if exact { self.compare() } else { self.write_anew() }
    }

    // What must hold in any case.

    fn past(&self) -> Vec<(SessionId, Session)> {
        let over = |session: &&Session| Self::seen(session).has_ended(self.now());
        self.world.sessions.values().filter(over).map(|session| (session.details().id, session.clone())).collect()
    }

    fn check_past(&self, past: &[(SessionId, Session)], step: &Step) {
        for (id, before) in past {
            let after = self.world.session(*id);
            assert_eq!(Self::seen(before), Self::seen(after));
            let same = std::mem::discriminant(before) == std::mem::discriminant(after);
            // Deleting one that is over has to name it.
            assert!(
                same || matches!(step, Step::Delete { .. } | Step::Aside(_)) || matches!(after, Session::Deleted(_)),
                "{before:#?}"
            );
        }
    }

    fn check_gone(&mut self) {
        for id in &self.gone {
            assert!(!matches!(self.world.session(*id), Session::Scheduled(_)), "{id} is back");
        }
        let gone = self.world.sessions.values().filter(|session| !matches!(session, Session::Scheduled(_)));
        self.gone = gone.map(|session| session.details().id).collect();
    }

    /// Each place between the first and the last that was made is decided upon.
    fn check_places(&self) {
        for series in self.world.series.values().filter(|series| series.standing == Standing::Standing) {
            let places = self.world.places(series.id);
            let Some(made_until) = series.made_until else { continue };
            let by_rule = series.timing.occurrences(None).take_while(|o| o.local_start() <= made_until);
            for occurrence in by_rule {
                let found = places.iter().any(|place| place.original == occurrence.local_start());
                assert!(found, "{} of {} is missing", occurrence.local_start(), series.id);
            }
        }
    }

    /// The table says what the paper says; sessions that were new are known from then on.
    fn compare(&mut self) {
        let world = &self.world;
        for line in &mut self.naive.lines {
            let seen: Vec<Entry> = world.places(line.id).iter().map(|place| Self::entry(world, place)).collect();
            if seen.len() == line.entries.len() {
                for (entry, seen) in line.entries.iter_mut().zip(&seen) {
                    if entry.session.is_none() {
                        entry.session = seen.session;
                    }
                }
            }
            assert_eq!(line.entries, seen, "{}", line.id);
            let series = world.series(line.id);
            assert_eq!(line.over, series.standing != Standing::Standing, "{}", line.id);
        }
        for (id, at) in &self.naive.singles {
            assert_eq!(Self::seen(world.session(*id)), *at);
        }
        let listed = self.naive.lines.iter().flat_map(|line| &line.entries).filter_map(|entry| entry.stands().and(entry.session));
        let known: std::collections::BTreeSet<_> = listed.chain(self.naive.singles.iter().map(|(id, _)| *id)).collect();
        for (id, session) in &world.sessions {
            let is_past = Self::seen(session).has_ended(self.world.now.naive_utc() - Duration::hours(7));
            assert!(known.contains(id) || is_past || !matches!(session, Session::Scheduled(_)), "{session:#?} is on no list");
        }
    }

    /// The lists as the table has them; the rules stay as they were written.
    fn write_anew(&mut self) {
        let world = &self.world;
        for line in &mut self.naive.lines {
            line.entries = world.places(line.id).iter().map(|place| Self::entry(world, place)).collect();
        }
        let listed = |id: &SessionId| self.naive.lines.iter().any(|line| line.entries.iter().any(|e| e.session == Some(*id)));
        let alone = world.sessions.iter().filter(|(id, session)| matches!(session, Session::Scheduled(_)) && !listed(id));
        self.naive.singles = alone.map(|(id, session)| (*id, Self::seen(session))).collect();
    }

    // Plans.

    /// Works a plan off. Answers what came between; nothing, if the paper can follow.
    fn work(&mut self, owner: Series, plan: &Plan, way: &Way) -> Option<Meanwhile> {
        let id = owner.id;
        self.world.chunk = way.chunk;
        if way.between.is_empty() {
            self.world.whole(owner, plan);
            return None;
        }
        if plan.steps.len() <= way.chunk {
            // Nothing comes between one transaction.
            self.world.whole(owner, plan);
            return None;
        }
        self.world.begin(owner, plan);
        let mut meanwhile = Vec::new();
        for chunk in 0..10_000 {
            for (_, aside) in way.between.iter().filter(|(when, _)| *when == chunk) {
                if self.world.plans.contains_key(&id) {
                    meanwhile.extend(self.aside(aside, Some(id)));
                }
            }
            if !self.world.plans.contains_key(&id) {
                break;
            }
            self.world.work(id);
        }
        Some(meanwhile)
    }

    /// What was moved by hand meanwhile stays there, if it stands; what was called off stays so.
    fn check_meanwhile(&self, meanwhile: &Meanwhile, sent: &[SessionId]) {
        for (index, (id, to)) in meanwhile.iter().enumerate() {
            let last = meanwhile[index + 1..].iter().all(|(other, _)| other != id);
            let session = self.world.session(*id);
            if let (Some(to), true, Session::Scheduled(_)) = (to, last, session) {
                let at = Self::seen(session);
                let by_rule = session.details().occurrence.as_ref().is_some_and(|o| o.original == at.start);
                assert!(at.start == *to || by_rule || sent.contains(id), "{id} was moved to {to} by hand, and is at {}", at.start);
            }
        }
    }

    fn book(&mut self, rule: Rule, (day, hour): (u64, u32), (ben, room_of): (bool, u8), on: IfTaken, way: &Way) -> bool {
        let first = (self.now().date() + Days::new(day)).and_hms_opt(hour, 0, 0).unwrap();
        let (text, every, end) = rule.read(first);
        let mut wish: BookSeries = wish_at(&text, &wall(first), "America/Vancouver");
        let template = &mut wish.terms.template;
        (template.practitioner, template.room, template.url) = (if ben { BEN } else { ADA }, room(room_of), Some(link("0")));
        wish.on_conflict = OnConflict::all(on);
        let (series, plan) = self.world.plan_booking(wish).unwrap();
        let id = series.id;
        let sessions = At { start: first, minutes: 60, ben, room: room_of, link: 0 };
        let line = Line { id, every, first, end, like: sessions, entries: Vec::new(), made: None, over: false };
        let now = self.now();
        let meanwhile = self.work(series, &plan, way);
        let stands = self.world.series.get(&id).is_some_and(|series| series.standing == Standing::Standing);
        if let Some(meanwhile) = meanwhile {
            self.check_meanwhile(&meanwhile, &[]);
            if stands {
                let made = self.world.series(id).made_until;
                self.naive.lines.push(Line { made, ..line });
            }
            return false;
        }
        assert_eq!(self.naive.book(line, on, now), stands);
        true
    }

    fn change(&mut self, which: usize, nth: usize, wish: &Wish, way: &Way) -> bool {
        let Some(index) = self.line(which) else { return true };
        let Some(named) = self.named(index, nth) else { return true };
        let (line, now) = (&self.naive.lines[index], self.now());
        let (entry, id) = (line.entries[named], line.id);
        let time = wish.time.map(|(days, hour, minutes, rule)| {
            let date = (entry.place + Duration::days(days)).date();
            let start = hour.map_or(date.and_time(entry.place.time()), |hour| date.and_hms_opt(hour, 0, 0).unwrap());
            (start, minutes, rule)
        });
        let read = time.map(|(start, minutes, rule)| Time {
            start,
            minutes,
            rule: rule.map(|rule| rule.read(start)).map(|(_, every, end)| (every, end)),
        });
        let change = Change { time: read, ben: wish.ben, room: wish.room, link: wish.link, reset: wish.reset, on: wish.on };
        let same = self.world.like(id, entry.session.unwrap());
        let template = Template {
            practitioner: wish.ben.map_or(same.template.practitioner, |ben| if ben { BEN } else { ADA }),
            room: wish.room.map_or(same.template.room, room),
            url: wish.link.map_or(same.template.url.clone(), |number| Some(link(&number.to_string()))),
            ..same.template.clone()
        };
        let timing = time.map(|(start, length, rule)| NewTiming {
            length: length.map(minutes),
            rule: rule.map(|rule| rule.read(start).0),
            ..starting(&wall(start))
        });
        let exceptions = if wish.reset { Exceptions::Reset } else { Exceptions::Keep };
        let wished =
            ChangeSeries { timing, room: template.room, template, exceptions, on_conflict: OnConflict::all(wish.on), ..same };
        let parted = self.world.next_series();
        let plan = match self.world.plan_change(id, wished) {
            Ok(plan) => plan,
            Err(ChangeSeriesRefused::NothingToDo) => {
                let expected =
                    self.naive.change(index, named, &Change { on: IfTaken::Keep, ..change }, (parted, false, now)).unwrap();
                assert_eq!(expected.lines.len(), self.naive.lines.len());
                return true;
            }
            Err(ChangeSeriesRefused::Blocked(_)) => {
                assert!(read.is_some_and(|time| time.start < now));
                return true;
            }
            Err(refused) => panic!("{refused}"),
        };
        let events = self.world.events.len();
        let held = plan.steps.len() > way.chunk;
        let meanwhile = self.work(self.world.series(id).clone(), &plan, way);
        let is_done =
            self.world.events[events..].iter().any(|event| matches!(event.change, crate::event::Change::SeriesChanged { .. }));
        let expected = self.naive.change(index, named, &change, (parted, held, now));
        if let Some(meanwhile) = meanwhile {
            let sent: Vec<SessionId> = if wish.reset {
                self.world.sessions.keys().copied().collect()
            } else {
                wish.time.and(entry.session).into_iter().collect()
            };
            self.check_meanwhile(&meanwhile, &sent);
            if is_done {
                // The rules are as they would be.
                let keep = Change { on: IfTaken::Keep, ..change };
                self.naive = self.naive.change(index, named, &keep, (parted, held, now)).unwrap();
            }
            return false;
        }
        assert_eq!(expected.is_some(), is_done, "{change:?}");
        if let Some(expected) = expected {
            self.naive = expected;
        }
        true
    }

    fn end(&mut self, which: usize, nth: usize, ending: &Ending, fate: Fate, way: &Way) -> bool {
        let Some(index) = self.line(which) else { return true };
        let Some(named) = self.named(index, nth) else { return true };
        let (id, session) = (self.naive.lines[index].id, self.naive.lines[index].entries[named].session.unwrap());
        let now = self.now();
        let plan = self.world.plan_end(id, session, ending.clone()).unwrap();
        let meanwhile = self.work(self.world.series(id).clone(), &plan, way);
        self.naive.end(index, named, fate, now);
        meanwhile.is_none()
    }

    fn extend(&mut self, which: usize, way: &Way) -> bool {
        let Some(index) = self.line(which) else { return true };
        let (id, now) = (self.naive.lines[index].id, self.now());
        let meanwhile = self.world.plan_extension(id).and_then(|plan| self.work(self.world.series(id).clone(), &plan, way));
        if let Some(meanwhile) = meanwhile {
            self.check_meanwhile(&meanwhile, &[]);
            self.naive.lines[index].made = self.world.series(id).made_until;
            return false;
        }
        self.naive.extend(index, now);
        assert!(self.world.plan_extension(id).is_none(), "never twice");
        true
    }

    // By hand, alone or while a plan is under way. Answers which sessions were moved, and where to.

    fn aside(&mut self, aside: &Aside, under_way: Option<SeriesId>) -> Meanwhile {
        let to_come = self.to_come();
        match aside {
            Aside::Move { nth, days, half_hours, ben, room: into } => {
                let Some(id) = Self::pick(&to_come, *nth) else { return Vec::new() };
                let date = (Self::seen(self.world.session(id)).start + Duration::days(*days)).date();
                let start = date.and_time(chrono::NaiveTime::MIN) + Duration::minutes(30 * half_hours);
                let practitioner = ben.map(|ben| if ben { BEN } else { ADA });
                let wish = Reschedule { practitioner, room: into.map(room), ..to(&wall(start)) };
                let before = Self::seen(self.world.session(id));
                let after = At { start, ben: ben.unwrap_or(before.ben), room: into.unwrap_or(before.room), ..before };
                let moved = self.world.reschedule(id, wish).is_ok();
                // What others hold is not on paper.
                if under_way.is_none() && start > self.now() && after != before && self.naive.is_free(&after, &[id]) {
                    assert!(moved, "{after:?} is free");
                }
                if moved { vec![(id, Some(start))] } else { Vec::new() }
            }
            Aside::Link { nth, link } => {
                if let Some(id) = Self::pick(&to_come, *nth) {
                    let _ = self.world.link_one(id, &link.to_string());
                }
                Vec::new()
            }
            Aside::Cancel { nth } => {
                let Some(id) = Self::pick(&to_come, *nth) else { return Vec::new() };
                self.world.cancel_one(id).unwrap();
                self.gone.push(id);
                vec![(id, None)]
            }
            Aside::Delete { nth } => {
                let Some(id) = Self::pick(&to_come, *nth) else { return Vec::new() };
                self.world.delete_one(id).unwrap();
                self.gone.push(id);
                vec![(id, None)]
            }
            Aside::Single { day, half_hours, ben, room: into, allow } => {
                let date = self.now().date() + Days::new(*day);
                let start = date.and_time(chrono::NaiveTime::MIN) + Duration::minutes(30 * half_hours);
                let treats = if *ben { BEN } else { ADA };
                let _ = self.world.single((treats, room(*into)), start, 60, *allow);
                Vec::new()
            }
            Aside::Crash => {
                if let Some(id) = under_way {
                    drop(self.world.prepare(id));
                }
                Vec::new()
            }
            Aside::Race => {
                if let Some(id) = under_way {
                    self.world.race(id, |world| world.work(id));
                }
                Vec::new()
            }
            Aside::Later { minutes } => {
                self.world.now += Duration::minutes(*minutes);
                Vec::new()
            }
        }
    }
}

fn run(steps: &[Step]) {
    let mut model = Model::new();
    for step in steps {
        model.step(step);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_series_is_what_a_list_on_paper_says(steps in steps(25)) {
        run(&steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    /// `cargo nextest run -p hourkeep-domain --run-ignored only a_series_is`: minutes.
    #[test]
    #[ignore = "the same at length"]
    fn a_series_is_what_a_list_on_paper_says_at_length(steps in steps(40)) {
        run(&steps);
    }
}
