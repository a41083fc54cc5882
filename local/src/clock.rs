//! A clock that can be moved forward, and never back.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use hourkeep_app::port::Clock;

/// The server's clock. It runs beside real time, or stands still where tests want it to.
#[derive(Debug)]
pub struct LocalClock {
    real: hourkeep_aws::clock::SystemClock,
    hands: Mutex<Hands>,
}

#[derive(Clone, Copy, Debug)]
enum Hands {
    /// This much ahead of real time.
    Running(Duration),
    /// Held at an instant while what is due then is handled; afterwards it runs on.
    Held(DateTime<Utc>),
    /// Stands at an instant until it is moved.
    Standing(DateTime<Utc>),
}

impl LocalClock {
    /// A clock that is ahead of real time by this much.
    pub fn ahead(by: Duration) -> Self {
        Self::with(Hands::Running(by))
    }

    /// A clock that stands still until it is moved.
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self::with(Hands::Standing(at))
    }

    fn with(hands: Hands) -> Self {
        Self { real: hourkeep_aws::clock::SystemClock, hands: Mutex::new(hands) }
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is ahead of real time.
    pub(crate) fn offset(&self) -> Duration {
        self.now() - self.real.now()
    }

    /// Moves it to a later instant and holds it there. An earlier one changes nothing.
    pub(crate) fn hold(&self, at: DateTime<Utc>) {
        let later = self.now().max(at);
        let mut hands = self.hands();
        *hands = match *hands {
            Hands::Running(_) | Hands::Held(_) => Hands::Held(later),
            Hands::Standing(_) => Hands::Standing(later),
        };
    }

    /// Lets it run on.
    pub(crate) fn release(&self) {
        let mut hands = self.hands();
        if let Hands::Held(at) = *hands {
            *hands = Hands::Running(at - self.real.now());
        }
    }
}

impl Clock for LocalClock {
    fn now(&self) -> DateTime<Utc> {
        match *self.hands() {
            Hands::Running(ahead) => self.real.now() + ahead,
            Hands::Held(at) | Hands::Standing(at) => at,
        }
    }
}
