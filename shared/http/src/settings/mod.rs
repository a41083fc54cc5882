//! Routes of practice data.

mod client_bodies;
mod clients;
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
use utoipa_axum::{router::OpenApiRouter, routes};

/// Which of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Whether to list those too that are deactivated.
    #[serde(default)]
    include_inactive: bool,
}

/// All of them.
pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(practice::show, practice::change))
        .routes(routes!(usage::usage))
        .routes(routes!(practitioners::list, practitioners::create))
        .routes(routes!(practitioners::show, practitioners::change))
        .routes(routes!(members::list, members::create))
        .routes(routes!(members::show, members::change))
        .routes(routes!(clients::list, clients::create))
        .routes(routes!(clients::show, clients::change))
        .routes(routes!(clients::sessions))
        .routes(routes!(services::list, services::create))
        .routes(routes!(services::show, services::change))
        .routes(routes!(rooms::list, rooms::create))
        .routes(routes!(rooms::show, rooms::change))
        .routes(routes!(locations::list, locations::create))
        .routes(routes!(locations::show, locations::change))
}
