//! The reference model of one sequence: a plain list of sessions, and what each step must be answered with.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, DurationRound as _, Utc};

use super::{
    holder::{Holder, Span},
    step::{Start, Step},
};

/// A session is due this long before its start.
const DUE: Duration = Duration::minutes(10);

/// What is stored of a session's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Stands,
    Closed { came: bool },
    Cancelled,
    Deleted,
}

/// A session.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) span: Span,
    pub(super) state: State,
    /// Whether invites went out.
    pub(super) invited: bool,
    /// The guardian, and another contact.
    pub(super) people: [Holder; 2],
    reminders: BTreeSet<i64>,
    /// Every start that it ever had.
    starts: BTreeSet<DateTime<Utc>>,
    /// The reminders that came due, and whether one was or must be sent.
    pub(super) due: BTreeMap<DateTime<Utc>, Due>,
    /// Plain notices of its cancellation.
    pub(super) notices: usize,
}

/// What became of a reminder that came due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// To be sent at its minute exactly.
    OnTime,
    /// To be sent when workers are back.
    Late,
    /// May have been sent, or may not.
    Perhaps,
    /// Was sent.
    Sent,
    /// Was not.
    Unsent,
}

/// What a step must be answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Done,
    Refused(u16, &'static str),
}

const PAST: Verdict = Verdict::Refused(422, "starts-in-the-past");
const OVERLAP: Verdict = Verdict::Refused(409, "overlap");
const WRONG_STATUS: Verdict = Verdict::Refused(409, "wrong-status");
const NOTHING_TO_DO: Verdict = Verdict::Refused(409, "nothing-to-do");
const NO_INVITES: Verdict = Verdict::Refused(422, "no-invites-sent");

impl Start {
    pub(super) fn after(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let hour = now.duration_trunc(Duration::hours(1)).unwrap();
        hour + Duration::days(self.days) + Duration::minutes(15 * self.quarters)
    }
}

fn overlap(one: Span, other: Span) -> bool {
    one.0 < other.1 && other.0 < one.1
}

impl State {
    /// Whether it is in the calendar, and whoever is invited is to hold it.
    pub(super) fn shows(self) -> bool {
        match self {
            Self::Stands | Self::Closed { .. } => true,
            Self::Cancelled | Self::Deleted => false,
        }
    }
}

impl Kept {
    fn new(span: Span, reminders: &[i64]) -> Self {
        Self {
            id: String::new(),
            span,
            state: State::Stands,
            invited: false,
            people: [Holder::new(), Holder::new()],
            reminders: reminders.iter().copied().collect(),
            starts: BTreeSet::from([span.0]),
            due: BTreeMap::new(),
            notices: 0,
        }
    }

    pub(super) fn status(&self, now: DateTime<Utc>) -> &'static str {
        match self.state {
            State::Cancelled => "cancelled",
            State::Deleted => "deleted",
            State::Closed { .. } => "closed",
            State::Stands if now < self.span.0 - DUE => "scheduled",
            State::Stands if now < self.span.0 => "due",
            State::Stands if now < self.span.1 => "underway",
            State::Stands => "awaiting_outcome",
        }
    }

    pub(super) fn truth(&self, person: usize) -> Option<Span> {
        (self.people[person].invited && self.state.shows()).then_some(self.span)
    }

    /// What was to be sent late may by now not be wanted any more.
    fn doubt_reminders(&mut self) {
        for due in self.due.values_mut().filter(|due| **due == Due::Late) {
            *due = Due::Perhaps;
        }
    }

    fn invite(&mut self, both: bool) {
        self.invited = true;
        for (person, wanted) in self.people.iter_mut().zip([true, both]) {
            if person.invited != wanted {
                person.invited = wanted;
                person.ask();
            }
        }
    }

    fn update(&mut self) {
        self.people.iter_mut().filter(|person| person.invited).for_each(Holder::ask);
    }

    /// Time passes while workers do what is due, or while nobody is sure of that.
    pub(super) fn pass(&mut self, from: DateTime<Utc>, until: DateTime<Utc>, sure: bool) {
        let within = |due: &DateTime<Utc>| from < *due && *due <= until;
        if self.state == State::Stands {
            let due: Vec<_> = self.reminders.iter().map(|days| self.span.0 - Duration::days(*days)).filter(within).collect();
            self.due.extend(due.into_iter().map(|due| (due, if sure { Due::OnTime } else { Due::Late })));
        }
        if !sure {
            let once = self.starts.iter().flat_map(|start| (1..=5).map(|days| *start - Duration::days(days))).filter(within);
            for due in once.collect::<Vec<_>>() {
                self.due.entry(due).or_insert(Due::Perhaps);
            }
            for person in 0..2 {
                let truth = self.truth(person);
                self.people[person].may_be_told(truth);
            }
        }
        if self.span.0 <= until {
            self.doubt_reminders();
        }
    }
}

/// The sessions of one sequence.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    pub(super) sessions: Vec<Kept>,
}

impl Book {
    /// Which session a step is about, if it is about one that there is.
    pub(super) fn which(&self, step: &Step) -> Option<usize> {
        match step {
            Step::Schedule { .. } => Some(self.sessions.len()),
            Step::Move { which, .. }
            | Step::Invite { which, .. }
            | Step::Remind { which, .. }
            | Step::Cancel { which, .. }
            | Step::Delete { which }
            | Step::Outcome { which, .. } => which.checked_rem(self.sessions.len()),
        }
    }

    fn clashes(&self, own: usize, span: Span, before: Option<Span>) -> bool {
        let others = self.sessions.iter().enumerate().filter(|(place, _)| *place != own).map(|(_, other)| other);
        let standing = others.filter(|other| other.state.shows());
        standing.filter(|other| before.is_none_or(|before| !overlap(other.span, before))).any(|other| overlap(other.span, span))
    }

    /// Takes the step, and says what it must be answered with.
    pub(super) fn take(&mut self, step: &Step, now: DateTime<Utc>) -> Verdict {
        let Some(place) = self.which(step) else { return Verdict::Done };
        match step {
            Step::Schedule { start, minutes, invited, reminders, allow_overlap } => {
                let start = start.after(now);
                let span = (start, start + Duration::minutes(*minutes));
                if start < now {
                    return PAST;
                }
                if !allow_overlap && self.clashes(place, span, None) {
                    return OVERLAP;
                }
                let mut kept = Kept::new(span, reminders);
                if let Some(both) = invited {
                    kept.invite(*both);
                }
                self.sessions.push(kept);
                Verdict::Done
            }
            Step::Move { start, minutes, send, allow_overlap, .. } => {
                let start = start.after(now);
                self.move_to(place, start, *minutes, *send, *allow_overlap, now)
            }
            Step::Invite { both, .. } => {
                let kept = &mut self.sessions[place];
                if kept.status(now) != "scheduled" {
                    return WRONG_STATUS;
                }
                if kept.invited && kept.people[1].invited == *both {
                    return NOTHING_TO_DO;
                }
                kept.invite(*both);
                Verdict::Done
            }
            Step::Remind { reminders, .. } => {
                let kept = &mut self.sessions[place];
                let wanted: BTreeSet<i64> = reminders.iter().copied().collect();
                if kept.status(now) != "scheduled" {
                    return WRONG_STATUS;
                }
                if kept.reminders == wanted {
                    return NOTHING_TO_DO;
                }
                kept.reminders = wanted;
                kept.doubt_reminders();
                Verdict::Done
            }
            Step::Cancel { notify, .. } => self.sessions[place].cancel(*notify, now),
            Step::Delete { .. } => self.sessions[place].delete(),
            Step::Outcome { came, .. } => {
                let kept = &mut self.sessions[place];
                match kept.status(now) {
                    "scheduled" | "due" | "cancelled" | "deleted" => WRONG_STATUS,
                    _ if kept.state == (State::Closed { came: *came }) => NOTHING_TO_DO,
                    _ => {
                        kept.state = State::Closed { came: *came };
                        kept.doubt_reminders();
                        Verdict::Done
                    }
                }
            }
        }
    }

    fn move_to(
        &mut self,
        place: usize,
        start: DateTime<Utc>,
        minutes: Option<i64>,
        send: Option<bool>,
        allow_overlap: bool,
        now: DateTime<Utc>,
    ) -> Verdict {
        let before = self.sessions[place].span;
        let length = minutes.map_or(before.1 - before.0, Duration::minutes);
        let span = (start, start + length);
        let invited = self.sessions[place].invited;
        if self.sessions[place].status(now) != "scheduled" {
            return WRONG_STATUS;
        }
        if start < now {
            return PAST;
        }
        if span == before {
            return NOTHING_TO_DO;
        }
        if send == Some(true) && !invited {
            return NO_INVITES;
        }
        if !allow_overlap && self.clashes(place, span, Some(before)) {
            return OVERLAP;
        }
        let kept = &mut self.sessions[place];
        kept.span = span;
        kept.starts.insert(start);
        kept.doubt_reminders();
        if invited && send.unwrap_or(true) {
            kept.update();
        }
        Verdict::Done
    }
}

impl Kept {
    fn delete(&mut self) -> Verdict {
        match self.state {
            State::Deleted => return WRONG_STATUS,
            // Who was to hear of that still does.
            State::Cancelled => {}
            State::Stands | State::Closed { .. } => self.forget(),
        }
        self.state = State::Deleted;
        self.doubt_reminders();
        Verdict::Done
    }

    /// Nobody who is invited is told any more. Who was removed before is still told of that.
    fn forget(&mut self) {
        self.people.iter_mut().filter(|person| person.invited).for_each(Holder::forget);
    }

    fn cancel(&mut self, notify: Option<bool>, now: DateTime<Utc>) -> Verdict {
        match self.status(now) {
            "scheduled" | "due" | "underway" => {}
            _ => return WRONG_STATUS,
        }
        let told = notify.unwrap_or(self.invited);
        self.state = State::Cancelled;
        self.doubt_reminders();
        if told && self.invited {
            self.update();
        } else if told {
            self.notices += 1;
        } else {
            self.forget();
        }
        Verdict::Done
    }
}
