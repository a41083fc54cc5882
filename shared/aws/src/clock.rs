//! The machine's clock.

use chrono::{DateTime, SubsecRound as _, Utc};
use hourkeep_app::port::Clock;

/// The time that the machine has, to the millisecond: finer digits only make records and answers longer.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock that everything else is given")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}
