//! What the contract's tests share.

mod docs;
mod records;
mod routes;
mod scene;
mod watched;

pub(crate) use self::{
    docs::hold,
    records::{differences, records, restore},
    routes::{Route, routes},
    scene::{Request, Scene, Whose},
    watched::{watched, writes},
};
