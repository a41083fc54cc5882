//! `make run`: everything on one port of this machine.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use hourkeep_local::{Begin, Data, Options, Server};

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,dynoxide=off".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "hourkeep: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let options = options()?;
    let has_app = options.app.is_some();
    let server = Server::start(options).await?;
    let mut out = std::io::stdout();
    writeln!(out, "ready {}", server.url())?;
    if has_app {
        writeln!(out, "      app        {}/app/", server.url())?;
    }
    writeln!(out, "      mailbox    {}/local/mailbox", server.url())?;
    writeln!(out, "      reference  {}/local/reference", server.url())?;
    writeln!(out, "      database   {}", server.database_url())?;
    writeln!(out, "      Ctrl-C ends; \"make demo\" in another window tells the whole story")?;
    out.flush()?;
    until_told().await?;
    writeln!(out, "ending")?;
    server.stop().await;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is where the local server is configured")]
fn options() -> Result<Options, String> {
    let port = |name: &str, otherwise: u16| match std::env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} must be a number from 0 to 65535, not {text:?}")),
        Err(_) => Ok(otherwise),
    };
    let (port, database_port) = (port("PORT", 3000)?, port("HOURKEEP_DATABASE_PORT", 0)?);
    let data = match std::env::var("HOURKEEP_DATA") {
        Ok(text) if text == "memory" => Data::Memory,
        Ok(text) if !text.is_empty() => Data::Folder(PathBuf::from(text)),
        _ => Data::Folder(PathBuf::from("data")),
    };
    // Where `make run` builds it; `cargo run` alone serves what was built last.
    let app = std::env::var_os("HOURKEEP_APP").map_or_else(|| PathBuf::from("web/app/dist"), PathBuf::from);
    let app = app.join("index.html").is_file().then_some(app);
    let clock = match std::env::var("HOURKEEP_NOW") {
        Ok(text) if !text.is_empty() => {
            let at =
                text.parse().map_err(|_| format!("HOURKEEP_NOW must be an instant such as 2027-02-01T09:00:00Z, not {text:?}"))?;
            Begin::Running(at)
        }
        _ => Begin::RealTime,
    };
    Ok(Options { port, database_port, data, app, clock, ..Options::default() })
}

async fn until_told() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
