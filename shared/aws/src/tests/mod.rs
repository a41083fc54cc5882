mod events;
mod scheduler;
mod ses;
mod sqs;
mod wire;
