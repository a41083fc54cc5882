//! What can go wrong with one call, and when it does.

/// One way for a call to fail. Each is a failure that AWS or the network really produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The connection fails before anything is sent.
    NotSent,
    /// The call takes effect, then its answer is lost and the caller sees a timeout.
    AnswerLost,
    /// Refused for throughput, with no effect; the SDK may try again.
    Throttled,
    /// Refused because another transaction holds an item, with no effect; the SDK leaves the retry to its caller.
    TransactionConflict,
    /// 500 with no effect.
    ServerError,
}

/// Which side of a call's effect it fails on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Nothing happened.
    BeforeEffect,
    /// It happened, and the caller is not told.
    AfterEffect,
}

impl Fault {
    /// Every fault, for tests that go through them all.
    pub const ALL: [Self; 5] = [Self::NotSent, Self::AnswerLost, Self::Throttled, Self::TransactionConflict, Self::ServerError];

    /// The side of the effect on which this fault strikes: all that a port's wrapper needs to know of it.
    pub const fn moment(self) -> Moment {
        match self {
            Self::AnswerLost => Moment::AfterEffect,
            Self::NotSent | Self::Throttled | Self::TransactionConflict | Self::ServerError => Moment::BeforeEffect,
        }
    }

    /// This fault at the `n`-th call (0 is the next) counted from when the rule is added, once.
    pub const fn at(self, n: usize) -> Rule {
        Rule { fault: self, label: None, skip: n, times: Some(1) }
    }
}

/// When a [`Fault`] strikes; made by [`Fault::at`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    fault: Fault,
    label: Option<String>,
    skip: usize,
    times: Option<usize>,
}

impl Rule {
    /// Counts and strikes only calls of this label, such as `TransactWriteItems`.
    #[must_use]
    pub fn on(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Strikes `k` matching calls in a row. The SDK makes up to three attempts, so 3 outlasts it.
    #[must_use]
    pub const fn times(mut self, k: usize) -> Self {
        self.times = Some(k);
        self
    }

    /// Strikes every matching call from then on, until the script is cleared.
    #[must_use]
    pub const fn forever(mut self) -> Self {
        self.times = None;
        self
    }

    pub(crate) const fn fault(&self) -> Fault {
        self.fault
    }

    pub(crate) fn matches(&self, label: &str) -> bool {
        self.label.as_deref().is_none_or(|wanted| wanted == label)
    }

    /// Whether the rule strikes the matching call that has `seen` matching calls before it.
    pub(crate) fn strikes(&self, seen: usize) -> bool {
        seen >= self.skip && self.times.is_none_or(|k| seen - self.skip < k)
    }
}
