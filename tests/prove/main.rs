//! `make prove-aws`: what functions cost as they are deployed, next to a bare function, on this machine. `--write` puts it into
//! `docs/performance.md` and `infra/measured.json`.
//!
//! Each function is measured as Lambda runs it: the release binary, an event at a time, from a Runtime API of this program
//! (`runtime.rs`), with a table in the embedded `DynamoDB` and moto's queues, timers and mail. Nothing is asserted: the page
//! says which goals were missed.

mod measure;
mod report;
mod runtime;
mod scene;

use std::{error::Error, io::Write as _, path::PathBuf, process::ExitCode};

/// Whatever goes wrong ends the run.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "prove: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, write) = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder] => (PathBuf::from(folder), false),
        [folder, "--write"] => (PathBuf::from(folder), true),
        _ => return Err("usage: prove FOLDER-OF-FUNCTIONS [--write]".into()),
    };
    let machine = report::Machine::look()?;
    let proven = measure::all(&folder).await?;
    let page = report::page(&machine, &proven);
    write!(std::io::stdout(), "{page}")?;
    if write {
        report::write_page(&page)?;
        report::write_measured(&machine, &proven)?;
    }
    Ok(())
}
