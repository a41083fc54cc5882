//! `hourkeep-operator`: what whoever runs the platform does with its practices (D6).
//!
//! Who may use it is whoever may write to the table: none of this is reachable over HTTP.

mod arguments;
mod failure;
mod found;
mod limit;
mod list;
mod named;
mod reach;
mod show;
mod stand;
mod tenant;
mod words;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser as _;

use self::{
    arguments::{Arguments, Command},
    failure::Failure,
    reach::Reach,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "hourkeep-operator: {failure}");
            failure.exit_code()
        }
    }
}

async fn run(Arguments { at, command }: Arguments) -> Result<(), Failure> {
    let reach = &Reach::new(&at).await?;
    let out = &mut io::stdout();
    match command {
        Command::Found(wish) => found::found(reach, *wish, out).await,
        Command::List { json } => list::list(reach, json, out).await,
        Command::Show { practice, month, json } => show::show(reach, &practice, month, json, out).await,
        Command::Suspend { practice, reason, yes } => stand::suspend(reach, &practice, &reason, yes, out).await,
        Command::Resume { practice } => stand::resume(reach, &practice, out).await,
        Command::Limit(wish) => limit::limit(reach, &wish, out).await,
        Command::Tenant { practice, resources } => tenant::tenant(reach, &practice, &resources, out).await,
    }
}
