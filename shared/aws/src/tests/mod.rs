mod events;
mod journal;
mod lines;
mod scheduler;
mod ses;
mod sqs;
mod wire;
