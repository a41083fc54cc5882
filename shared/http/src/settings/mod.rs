//! Routes of practice data.

mod client_bodies;
mod clients;
mod event_types;
mod locations;
mod members;
mod practice;
mod practitioners;
mod rooms;
mod services;
mod usage;

use hourkeep_app::desk::Desk;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::list::{Routes, at};

/// Which of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Whether to list those too that are deactivated.
    #[serde(default)]
    include_inactive: bool,
}

/// All of them, added to these.
pub(crate) fn routes<R: Routes<Desk>>(routes: R) -> R {
    let routes = at!(routes, practice::show, practice::change);
    let routes = at!(routes, usage::usage);
    let routes = at!(routes, practitioners::list, practitioners::create);
    let routes = at!(routes, practitioners::show, practitioners::change);
    let routes = at!(routes, members::list, members::create);
    let routes = at!(routes, members::show, members::change);
    let routes = at!(routes, clients::list, clients::create);
    let routes = at!(routes, clients::show, clients::change);
    let routes = at!(routes, clients::sessions);
    let routes = at!(routes, services::list, services::create);
    let routes = at!(routes, services::show, services::change);
    let routes = at!(routes, rooms::list, rooms::create);
    let routes = at!(routes, rooms::show, rooms::change);
    let routes = at!(routes, locations::list, locations::create);
    let routes = at!(routes, locations::show, locations::change);
    let routes = at!(routes, event_types::list, event_types::create);
    at!(routes, event_types::show, event_types::change)
}
