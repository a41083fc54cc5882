//! What the contract's tests share.

mod docs;
mod records;
mod routes;
mod scene;

pub(crate) use self::{
    docs::hold,
    records::{Records, differences, records},
    routes::{Route, routes},
    scene::{Request, Scene, Whose},
};
