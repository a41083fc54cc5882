//! Many workers, one session: jobs late, twice and out of order, workers cut off anywhere, against a naive calendar.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    person::{Letter, Person},
    *,
};
use crate::{
    event::Effect,
    ids::AttemptId,
    session::{
        Deciding, Decision, Delete, Edit, InviteChoice, RescheduleFacts,
        tests::clinic::{BLUE, GREEN, edit_facts, lea, member, naming, room, schedule_facts},
    },
    text::Url,
};

const PEOPLE: [&str; 3] = [A, B, "c@home.test"];
/// How long a function may run: shorter than the lease.
const TIMEOUT: Duration = Duration::seconds(60);

#[derive(Clone, Copy, Debug)]
enum Step {
    Move {
        day: u8,
        send: Option<bool>,
    },
    Room {
        blue: bool,
        send: Option<bool>,
    },
    Link {
        path: u8,
        send: Option<bool>,
    },
    Invite {
        people: u8,
    },
    Cancel {
        notify: Option<bool>,
    },
    Delete,
    /// What is in every mail changes, though no session does.
    Rename,
    /// A job is delivered; it stays on its queue's mind until it is done.
    Deliver {
        job: usize,
    },
    /// A job that was handed on before is handed on again.
    Again {
        job: usize,
    },
    /// A worker does the next few things.
    Work {
        worker: usize,
        things: u8,
    },
    /// A worker is gone, wherever it was.
    Crash {
        worker: usize,
    },
    Wait {
        seconds: i64,
    },
    /// The mail service says that a mail did not arrive, or was not wanted.
    Note {
        person: usize,
        complained: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let send = || any::<Option<bool>>();
    let step = prop_oneof![
        2 => (1_u8..9, send()).prop_map(|(day, send)| Step::Move { day, send }),
        1 => (any::<bool>(), send()).prop_map(|(blue, send)| Step::Room { blue, send }),
        1 => (0_u8..3, send()).prop_map(|(path, send)| Step::Link { path, send }),
        4 => (1_u8..8).prop_map(|people| Step::Invite { people }),
        1 => send().prop_map(|notify| Step::Cancel { notify }),
        1 => Just(Step::Delete),
        1 => Just(Step::Rename),
        12 => any::<usize>().prop_map(|job| Step::Deliver { job }),
        3 => any::<usize>().prop_map(|job| Step::Again { job }),
        20 => (any::<usize>(), 1_u8..6).prop_map(|(worker, things)| Step::Work { worker, things }),
        4 => any::<usize>().prop_map(|worker| Step::Crash { worker }),
        4 => (1_i64..120).prop_map(|seconds| Step::Wait { seconds }),
        4 => (0..PEOPLE.len(), any::<bool>()).prop_map(|(person, complained)| Step::Note { person, complained }),
    ];
    prop::collection::vec(step, 20..160)
}

#[derive(Clone, Copy, Debug)]
struct Job {
    person: usize,
    ask: Ask,
}

#[derive(Clone, Debug)]
struct Worker {
    job: Job,
    since: DateTime<Utc>,
    at: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Began,
    HasSession(Session),
    HasBoth(Session, Box<Lane<Letter>>),
    Taken(Posting, Letter),
    Sent(Posting, Slot),
}

struct World {
    now: DateTime<Utc>,
    session: Session,
    sender: u32,
    /// What calendars were to show at each SEQUENCE.
    shown: BTreeMap<u32, Letter>,
    /// By which SEQUENCE each person was last to be told something.
    asked: BTreeMap<usize, u32>,
    /// Who was to learn that the session is cancelled.
    called_off: BTreeSet<usize>,
    queue: Vec<Job>,
    handed_on: Vec<Job>,
    workers: Vec<Worker>,
    lanes: [Lane<Letter>; 3],
    people: [Person; 3],
}

impl World {
    fn new() -> Self {
        let wish = Schedule { invite: InviteChoice::Named(choices(&[A, B])), reminders: Some(reminders(&[1])), ..wish() };
        let decision = deciding(NOW, |deciding| wish.decide(&naming(), schedule_facts(), deciding)).unwrap();
        let mut world = Self {
            now: at(NOW),
            session: decision.session.clone(),
            sender: 0,
            shown: BTreeMap::new(),
            asked: BTreeMap::new(),
            called_off: BTreeSet::new(),
            queue: Vec::new(),
            handed_on: Vec::new(),
            workers: Vec::new(),
            lanes: Default::default(),
            people: Default::default(),
        };
        world.commit(decision);
        world
    }

    fn commit(&mut self, decision: Decision) {
        self.session = decision.session;
        let calendars_see = |letter: &Letter| Letter { sender: 0, ..letter.clone() };
        let letter = calendars_see(&letter(&self.session, self.sender));
        let shown = self.shown.entry(letter.sequence).or_insert_with(|| letter.clone());
        assert_eq!(*shown, letter, "two states of one SEQUENCE");
        for effect in decision.event.effects {
            let person = |id| PEOPLE.iter().position(|address| recipient(address) == id).unwrap();
            let job = match effect {
                Effect::Invite { recipient, sequence } => Job { person: person(recipient), ask: Ask::Entry { sequence } },
                Effect::Cancel { recipient, sequence } => Job { person: person(recipient), ask: Ask::Cancellation { sequence } },
                Effect::Remind { reminder, due_at } => Job { person: 0, ask: Ask::Reminder(Due { reminder, due_at }) },
                // The practitioner has a lane of their own, and only a series leaves places out.
                Effect::Inform { .. } | Effect::LeaveOut { .. } => continue,
            };
            if let Ask::Entry { sequence } | Ask::Cancellation { sequence } = job.ask {
                self.asked.insert(job.person, sequence);
            }
            if let (Ask::Cancellation { .. }, Session::Cancelled(_)) = (job.ask, &self.session) {
                self.called_off.insert(job.person);
            }
            self.queue.push(job);
            self.handed_on.push(job);
        }
    }

    /// A change of the session, if it is allowed.
    fn change(&mut self, decide: impl FnOnce(Session, Deciding<'_>) -> Option<Decision>) {
        let member = member();
        let deciding = Deciding { actor: &member, now: self.now, attempt: AttemptId::from_bits(1) };
        if let Some(decision) = decide(self.session.clone(), deciding) {
            self.commit(decision);
        }
    }

    fn reschedule(&mut self, wish: impl FnOnce(&Scheduled) -> Reschedule) {
        self.change(|session, deciding| {
            let standing = standing(session)?;
            let wish = wish(&standing);
            let room = wish.room.unwrap_or(standing.details.room).map(room);
            let facts = RescheduleFacts { room, ..reschedule_facts(&standing) };
            wish.decide(standing, facts, deciding).ok()
        });
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Move { day, send } => {
                self.reschedule(|_| Reschedule { send_updates: send, ..to(&format!("2026-12-0{day}T09:00")) });
            }
            Step::Room { blue, send } => self.reschedule(|standing| Reschedule {
                local_start: standing.details.slot.local_start(),
                room: Some(Some(if blue { BLUE } else { GREEN })),
                send_updates: send,
                ..to("2026-12-01T09:00")
            }),
            Step::Link { path, send } => {
                let url = Some(Url::parse(&format!("https://meet.example/{path}")).unwrap());
                let edit = Edit { url: Some(url), send_updates: send, ..Edit::default() };
                self.change(|session, deciding| edit.decide(session, &edit_facts(), deciding).ok());
            }
            Step::Invite { people } => {
                let chosen = (0..3).filter(|bit| people & (1 << bit) != 0).map(|bit| PEOPLE[bit]);
                let invite = Invite { recipients: Some(choices(&chosen.collect::<Vec<_>>())) };
                self.change(|session, deciding| invite.decide(standing(session)?, &practice(), &[lea()], deciding).ok());
            }
            Step::Cancel { notify } => {
                let cancel = Cancel { reason: None, notify, fee: None };
                self.change(|session, deciding| {
                    cancel.decide(standing(session)?, &practice(), &[lea()], Vec::new(), deciding).ok()
                });
            }
            Step::Delete => {
                let delete = Delete { reason: None };
                self.change(|session, deciding| delete.decide(session, &practice(), Vec::new(), deciding).ok());
            }
            Step::Rename => self.sender += 1,
            Step::Deliver { job } if !self.queue.is_empty() => {
                let job = self.queue.remove(job % self.queue.len());
                self.workers.push(Worker { job, since: self.now, at: Stage::Began });
            }
            Step::Again { job } if !self.handed_on.is_empty() => self.queue.push(self.handed_on[job % self.handed_on.len()]),
            Step::Work { worker, things } if !self.workers.is_empty() => {
                let index = worker % self.workers.len();
                let busy = self.workers.len();
                for _ in 0..things {
                    if self.workers.len() == busy {
                        self.work(index);
                    }
                }
            }
            Step::Crash { worker } if !self.workers.is_empty() => self.crash(worker % self.workers.len()),
            Step::Wait { seconds } => self.wait(Duration::seconds(seconds)),
            Step::Note { person, complained } => self.note(person, complained),
            Step::Deliver { .. } | Step::Again { .. } | Step::Work { .. } | Step::Crash { .. } => {}
        }
    }

    fn crash(&mut self, worker: usize) {
        let worker = self.workers.remove(worker);
        self.queue.push(worker.job);
    }

    fn note(&mut self, person: usize, complained: bool) {
        let lane = &mut self.lanes[person];
        // Whoever sends goes first.
        if !lane.is_held(self.now) {
            let reason = if complained { Reason::Complained } else { Reason::Bounced };
            *lane = lane.clone().noted(Undeliverable { reason, at: Some(self.now) });
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        while let Some(late) = self.workers.iter().position(|worker| self.now - worker.since >= TIMEOUT) {
            self.crash(late);
        }
    }

    fn work(&mut self, index: usize) {
        let Worker { job, since, at } = self.workers.remove(index);
        let lane = &mut self.lanes[job.person];
        let next = match at {
            Stage::Began => Stage::HasSession(self.session.clone()),
            Stage::HasSession(session) => Stage::HasBoth(session, Box::new(lane.clone())),
            Stage::HasBoth(session, read) => {
                let (posting, letter) = match read.plan(job.ask, Matter::Session(&session), recipient(PEOPLE[job.person]), self.now)
                {
                    Plan::Done => return,
                    Plan::Busy => return self.queue.push(job),
                    Plan::Repeat(cut_off) => (cut_off.posting, cut_off.letter),
                    Plan::Send(posting) => (posting, letter(&session, self.sender)),
                };
                let alone = |other: &Worker| match other.at {
                    Stage::Began | Stage::HasSession(_) | Stage::HasBoth(..) => true,
                    Stage::Taken(..) | Stage::Sent(..) => other.job.person != job.person,
                };
                // The lane is written on condition that lane and session are as they were read.
                if *lane != *read || self.session.details().revision != session.details().revision {
                    return self.queue.push(job);
                }
                assert!(self.workers.iter().all(alone), "two send at once");
                *lane = read.taken(posting, letter.clone(), session.details().sequence, "worker".to_owned(), self.now);
                self.check_still_due(job.person, posting);
                Stage::Taken(posting, letter)
            }
            Stage::Taken(posting, letter) => {
                let slot = letter.slot.clone();
                self.people[job.person].receive(posting, letter);
                Stage::Sent(posting, slot)
            }
            Stage::Sent(posting, slot) => {
                *lane = lane.clone().sent(posting, &slot, self.now);
                return;
            }
        };
        self.workers.insert(index, Worker { job, since, at: next });
    }

    /// Once a session is deleted, nothing is sent but what takes back an entry, and only where that was promised before.
    fn check_still_due(&self, person: usize, posting: Posting) {
        let Session::Deleted(deleted) = &self.session else { return };
        let withdrawn = deleted.details.withdrawn.iter().any(|r| r.id == recipient(PEOPLE[person]));
        let takes_back = matches!(posting, Posting::Cancellation { .. });
        assert!(takes_back && (withdrawn || self.called_off.contains(&person)), "{posting:?} to {}", PEOPLE[person]);
    }

    /// Every job is worked off, none cut off any more.
    fn drain(&mut self) {
        self.wait(TIMEOUT);
        for _ in 0..100_000 {
            if self.workers.is_empty() {
                if self.queue.is_empty() {
                    return;
                }
                let job = self.queue.remove(0);
                self.wait(Duration::seconds(10));
                self.workers.push(Worker { job, since: self.now, at: Stage::Began });
            }
            self.work(0);
        }
        panic!("jobs go round for ever");
    }

    /// Everyone's calendar is as it should be.
    fn check(&self) {
        let details = self.session.details();
        for (index, address) in PEOPLE.iter().enumerate() {
            let (person, id) = (&self.people[index], recipient(address));
            let holds = person.entry.as_ref();
            for (posting, said) in &person.mails {
                let said = Letter { sender: 0, ..said.clone() };
                assert_eq!(self.shown.get(&said.sequence), Some(&said), "{posting:?}");
            }
            let about_it = person.mails.iter().filter(|(posting, _)| posting.is_of_the_entry()).count();
            let asked = self.asked.get(&index).copied();
            if details.withdrawn.iter().any(|r| r.id == id) {
                assert_eq!(holds, None, "{address} was removed");
            } else if details.invitation.recipients().any(|r| r.id == id) {
                let asked = asked.unwrap();
                match &self.session {
                    Session::Scheduled(_) | Session::Closed(_) => {
                        assert!(holds.is_some_and(|letter| letter.sequence >= asked), "{address} holds {holds:?}");
                    }
                    Session::Cancelled(_) if asked == details.sequence => {
                        assert_eq!(holds, None, "{address} was told");
                        assert!(about_it > 0, "{address} was not told");
                    }
                    Session::Cancelled(_) => {
                        assert!(person.highest.is_none_or(|highest| highest < details.sequence), "{address} was to hear nothing");
                    }
                    Session::Deleted(_) if self.called_off.contains(&index) => {
                        assert_eq!(holds, None, "{address} was told before");
                        assert!(about_it > 0, "{address} was not told");
                    }
                    // What was sent until then stays as it was.
                    Session::Deleted(_) => {}
                }
            } else {
                assert_eq!(about_it, 0, "{address} was never invited");
            }
        }
    }
}

fn standing(session: Session) -> Option<Scheduled> {
    match session {
        Session::Scheduled(scheduled) => Some(scheduled),
        Session::Closed(_) | Session::Cancelled(_) | Session::Deleted(_) => None,
    }
}

fn letter(session: &Session, sender: u32) -> Letter {
    let details = session.details();
    Letter {
        sequence: details.sequence,
        stamped_at: details.stamped_at,
        slot: details.slot.clone(),
        room: details.room,
        url: details.url.clone(),
        sender,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn every_calendar_ends_as_the_session_is(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.drain();
        world.check();
    }
}
