//! What the calendar of one person should hold of one session.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

/// From when until when.
pub(super) type Span = (DateTime<Utc>, DateTime<Utc>);

/// A person who may be invited to a session.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) invited: bool,
    /// A mail is on its way.
    asked: bool,
    /// What the calendar holds: one of these.
    holds: BTreeSet<Option<Span>>,
    /// What a worker that died may have sent all the same since the mail was asked for.
    maybe: BTreeSet<Option<Span>>,
}

impl Holder {
    pub(super) fn new() -> Self {
        Self { invited: false, asked: false, holds: BTreeSet::from([None]), maybe: BTreeSet::new() }
    }

    /// A mail with the current state is asked for; whatever was sent before it is overtaken.
    pub(super) fn ask(&mut self) {
        self.asked = true;
        self.holds.append(&mut self.maybe);
    }

    /// Nobody is to be told any more.
    pub(super) fn forget(&mut self) {
        self.asked = false;
        self.holds.append(&mut self.maybe);
    }

    /// Workers died, or are not yet sure to have done everything.
    pub(super) fn may_be_told(&mut self, truth: Option<Span>) {
        if self.asked {
            self.maybe.insert(truth);
        }
    }

    /// Everything was delivered: what the calendar shows must be one of what it can. Answers what was expected if not.
    pub(super) fn settle(&mut self, truth: Option<Span>, shown: Option<Span>) -> Result<(), BTreeSet<Option<Span>>> {
        let mut possible = std::mem::take(&mut self.maybe);
        if self.asked {
            possible.insert(truth);
        } else {
            possible.append(&mut self.holds);
        }
        if !possible.contains(&shown) {
            return Err(possible);
        }
        self.asked = false;
        self.holds = BTreeSet::from([shown]);
        Ok(())
    }
}
