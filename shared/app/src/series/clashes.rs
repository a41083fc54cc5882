//! What stands in the way of a series, as far as the caller may see it.

use hourkeep_domain::{people::Client, slot::Slot};

use super::run::Taken;
use crate::{
    error::{Error, TakenTime},
    sessions::Seeker,
    view::{ClashView, SlotView},
};

/// That nothing was booked or moved, since these times are taken (B4, B11).
pub(super) fn conflicts(taken: &[Taken], seeker: &Seeker<'_>, own_clients: &[Client]) -> Error {
    let time = |Taken { slot, clashes }: &Taken| TakenTime {
        slot: SlotView::from(slot),
        clashes: shown(seeker, clashes, slot, own_clients),
    };
    Error::SeriesConflicts { taken: taken.iter().map(time).collect() }
}

fn shown(seeker: &Seeker<'_>, clashes: &[hourkeep_domain::session::Clash], slot: &Slot, own_clients: &[Client]) -> Vec<ClashView> {
    clashes.iter().map(|clash| seeker.clash(clash, slot.zone(), own_clients)).collect()
}
