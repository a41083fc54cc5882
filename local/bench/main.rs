//! `make bench`: how long rules, mails and bookings take on this machine, as a table. `--write` puts it into
//! `docs/performance.md`. Nothing here asserts anything.

mod bookings;
mod letters;
mod report;
mod rules;
mod series;
mod stopwatch;

use std::{error::Error, io::Write as _, process::ExitCode};

use report::{Machine, page, write_into};

/// Whatever goes wrong ends the run.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Where results are kept; `make` runs at the root of the repository.
const PAGE: &str = "docs/performance.md";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome<()> {
    let write = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--write") => true,
        Some(other) => return Err(format!("the only argument is --write, not {other}").into()),
    };
    let machine = Machine::look()?;
    let mut times = rules::measure()?;
    times.extend(letters::measure()?);
    let years = series::measure().await?;
    let bookings = bookings::measure().await?;
    let page = page(&machine, &times, &years, &bookings);
    write!(std::io::stdout(), "{page}")?;
    if write { write_into(PAGE, &page) } else { Ok(()) }
}
