//! One file per route, problem details in one place, and the OpenAPI description that both are held against.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, clippy::allow_attributes, reason = "tests stop at the first surprise"))]

mod apart;
pub mod body;
mod exports;
mod inbox;
mod json;
mod list;
mod memberships;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod request;
pub mod router;
mod series;
mod sessions;
mod settings;
