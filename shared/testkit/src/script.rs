//! One script of faults, shared by everything a test reaches: the wire and every port.

use std::fmt;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::fault::{Fault, Moment, Rule};

/// A call that is about to be made, as a hook sees it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Its place among all calls that asked this script, from 0.
    pub index: usize,
    /// The DynamoDB operation, or what a port calls itself.
    pub label: &'a str,
    /// The request's JSON on the wire; null from a port.
    pub body: &'a Value,
}

/// A fault that struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The call's place among all calls that asked this script, from 0.
    pub index: usize,
    /// The call's label.
    pub label: String,
    /// What struck it.
    pub fault: Fault,
}

/// The shared handle: clones are the same script and count together.
///
/// ```
/// use hourkeep_testkit::{Fault, Script};
///
/// for k in 0.. {
///     let script = Script::new();
///     script.at(k, Fault::AnswerLost);
///     // what is tested: three calls of the wire and of ports, in any mixture
///     for label in ["GetItem", "TransactWriteItems", "timers.arm"] {
///         let _fault = script.next(label);
///     }
///     if script.fired().is_empty() {
///         assert_eq!(k, 3);
///         break;
///     }
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    labels: Vec<String>,
    rules: Vec<Armed>,
    hook: Option<Hook>,
    fired: Vec<Fired>,
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    seen: usize,
}

type Decide = dyn Fn(&Call<'_>) -> Option<Fault> + Send + Sync;

#[derive(Clone)]
struct Hook(Arc<Decide>);

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl Script {
    /// A script without faults: it only counts.
    pub fn new() -> Self {
        Self::default()
    }

    /// `fault` at the `n`-th call from now (0 is the next), whatever it is, once.
    pub fn at(&self, n: usize, fault: Fault) {
        self.add(fault.at(n));
    }

    /// Adds a rule, counting from now. Where two strike the same call, the one added first does.
    pub fn add(&self, rule: Rule) {
        self.0.lock().unwrap().rules.push(Armed { rule, seen: 0 });
    }

    /// The process dies around the `n`-th call from now: nothing after it gets out, and it takes effect only if the moment is
    /// [`Moment::AfterEffect`].
    pub fn crash_at(&self, n: usize, moment: Moment) {
        if moment == Moment::AfterEffect {
            self.add(Fault::AnswerLost.at(n));
        }
        self.add(Fault::NotSent.at(n).forever());
    }

    /// Lets a closure decide about every call that no rule strikes; replaces the closure before it.
    pub fn decide(&self, hook: impl Fn(&Call<'_>) -> Option<Fault> + Send + Sync + 'static) {
        self.0.lock().unwrap().hook = Some(Hook(Arc::new(hook)));
    }

    /// Takes away the rules and the closure; counts and what struck stay.
    pub fn clear(&self) {
        let mut state = self.0.lock().unwrap();
        state.rules.clear();
        state.hook = None;
    }

    /// Counts a port's call and says what goes wrong with it; [`Fault::moment`] tells on which side of the effect.
    #[must_use]
    pub fn next(&self, label: &str) -> Option<Fault> {
        self.next_with(label, &Value::Null)
    }

    pub(crate) fn next_with(&self, label: &str, body: &Value) -> Option<Fault> {
        let (index, struck, hook) = {
            let mut state = self.0.lock().unwrap();
            let index = state.labels.len();
            state.labels.push(label.to_owned());
            let mut struck = None;
            for armed in state.rules.iter_mut().filter(|armed| armed.rule.matches(label)) {
                if struck.is_none() && armed.rule.strikes(armed.seen) {
                    struck = Some(armed.rule.fault());
                }
                armed.seen += 1;
            }
            (index, struck, state.hook.clone())
        };
        // The lock is let go so that the closure may use the script itself.
        let fault = struck.or_else(|| hook.and_then(|Hook(decide)| decide(&Call { index, label, body })))?;
        self.0.lock().unwrap().fired.push(Fired { index, label: label.to_owned(), fault });
        Some(fault)
    }

    /// How many calls have asked.
    pub fn calls(&self) -> usize {
        self.0.lock().unwrap().labels.len()
    }

    /// The labels of the calls that have asked, in order.
    pub fn labels(&self) -> Vec<String> {
        self.0.lock().unwrap().labels.clone()
    }

    /// What has struck, in order.
    pub fn fired(&self) -> Vec<Fired> {
        self.0.lock().unwrap().fired.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &Script, labels: &[&str]) -> Vec<Option<Fault>> {
        labels.iter().map(|label| script.next(label)).collect()
    }

    #[test]
    fn a_rule_counts_from_when_it_is_added_and_strikes_once() {
        let script = Script::new();
        assert_eq!(script.next("setup"), None);
        script.at(1, Fault::NotSent);
        assert_eq!(run(&script, &["a", "b", "c"]), [None, Some(Fault::NotSent), None]);
        assert_eq!(script.fired(), [Fired { index: 2, label: "b".into(), fault: Fault::NotSent }]);
    }

    #[test]
    fn a_labelled_rule_counts_only_its_label() {
        let script = Script::new();
        script.add(Fault::Throttled.at(1).on("GetItem").times(2));
        let struck = Some(Fault::Throttled);
        assert_eq!(
            run(&script, &["GetItem", "PutItem", "GetItem", "PutItem", "GetItem", "GetItem"]),
            [None, None, struck, None, struck, None]
        );
    }

    #[test]
    fn forever_lasts_until_cleared() {
        let script = Script::new();
        script.add(Fault::ServerError.at(0).forever());
        assert_eq!(run(&script, &["a"; 50]), [Some(Fault::ServerError); 50]);
        script.clear();
        assert_eq!(script.next("a"), None);
        assert_eq!(script.calls(), 51);
    }

    #[test]
    fn after_a_crash_nothing_gets_out() {
        let (before, after) = (Script::new(), Script::new());
        before.crash_at(1, Moment::BeforeEffect);
        after.crash_at(1, Moment::AfterEffect);
        let dead = Some(Fault::NotSent);
        assert_eq!(run(&before, &["a", "b", "c", "d"]), [None, dead, dead, dead]);
        assert_eq!(run(&after, &["a", "b", "c", "d"]), [None, Some(Fault::AnswerLost), dead, dead]);
    }

    #[test]
    fn a_hook_decides_where_no_rule_does_and_may_use_the_script() {
        let script = Script::new();
        let inside = script.clone();
        script.decide(move |call| (call.label == "mailer.send" && inside.calls() > 2).then_some(Fault::AnswerLost));
        script.at(0, Fault::NotSent);
        assert_eq!(
            run(&script, &["mailer.send", "mailer.send", "GetItem", "mailer.send"]),
            [Some(Fault::NotSent), None, None, Some(Fault::AnswerLost)]
        );
    }
}
