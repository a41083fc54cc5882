//! Everything in one process on a laptop: the same routers, workers and event types as on AWS, over an embedded
//! DynamoDB, with queues, timers and a mailbox in a table of their own.

mod app;
mod clock;
mod database;
mod demo;
mod drain;
mod issuer;
mod mailbox;
mod pages;
mod queue;
mod routes;
mod server;
mod shelf;
mod sign_in;
mod simulator;
mod stream;
mod timers;

pub use self::{
    clock::LocalClock,
    demo::Demo,
    server::{Around, Begin, Data, Options, Ports, Server, StartError},
};
