//! What was measured, and where: a table in `docs/performance.md`, and figures that costs are computed from.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use hourkeep_app::port::Clock as _;
use hourkeep_aws::clock::SystemClock;
use serde_json::Value;

use crate::{
    Outcome,
    measure::{Proven, REQUESTS, STARTS},
    scene::HELLO,
};

const BEGIN: &str = "<!-- make prove-aws: begin -->";
const END: &str = "<!-- make prove-aws: end -->";

/// The goals, of issue 3 and of the design's budget.
const MOST_HELLOS: f64 = 1.5;
const MOST_RESIDENT: u64 = 40_000_000;
const MOST_ZIPPED: u64 = 6_000_000;

/// What it was measured on.
pub(crate) struct Machine {
    date: String,
    commit: String,
    processor: String,
    cores: usize,
    busy: String,
}

impl Machine {
    /// This one.
    pub(crate) fn look() -> Outcome<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
        let commit = Command::new("git").args(["describe", "--always", "--dirty"]).output();
        let commit = commit.ok().filter(|output| output.status.success());
        let busy = fs::read_to_string("/proc/loadavg")?;
        Ok(Self {
            date: SystemClock.now().format("%Y-%m-%d").to_string(),
            commit: commit.map_or_else(|| "none".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            processor: model.unwrap_or("unknown processor").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            busy: busy.split(' ').next().unwrap_or_default().to_owned(),
        })
    }
}

/// The page.
pub(crate) fn page(machine: &Machine, proven: &[Proven]) -> String {
    let Machine { date, commit, processor, cores, busy } = machine;
    let mut page = format!(
        "{date}, commit {commit}, release build by cargo-lambda for {}, {processor}, {cores} cores; load average before the run\n\
         {busy}. Each time is a median (fastest–slowest): of {STARTS} starts and first requests, of {} warm requests.\n\n\
         | function | start to first poll | of hello's | first request | warm request | computing, warm | memory after {} | binary | zipped |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        std::env::consts::ARCH,
        grouped(u64::from(REQUESTS - 1)),
        grouped(REQUESTS.into()),
    );
    for its in proven {
        let _ = writeln!(
            page,
            "| {} | {} | {:.2}× | {} | {} | {:.2} ms | {} MB | {} MB | {} MB |",
            its.function,
            spread(&its.starts),
            hellos(proven, its),
            spread(&its.firsts),
            spread(&its.warm),
            milliseconds(its.computing),
            megabytes(its.resident_kib * 1024),
            megabytes(its.size),
            megabytes(its.zipped),
        );
    }
    page.push('\n');
    match &beyond_the_goals(proven)[..] {
        [] => page.push_str("All goals are met.\n"),
        beyond => {
            for line in beyond {
                let _ = writeln!(page, "- **Goal missed:** {line}");
            }
        }
    }
    page
}

/// Where the goals are missed.
fn beyond_the_goals(proven: &[Proven]) -> Vec<String> {
    let mut beyond = Vec::new();
    for its in proven {
        let (name, resident) = (its.function, its.resident_kib * 1024);
        let hellos = hellos(proven, its);
        if hellos > MOST_HELLOS {
            beyond.push(format!("{name} starts in {hellos:.2} times hello's time, not in {MOST_HELLOS}"));
        }
        if resident > MOST_RESIDENT {
            beyond.push(format!("{name} has {} MB resident, not {}", megabytes(resident), megabytes(MOST_RESIDENT)));
        }
        if its.zipped > MOST_ZIPPED {
            beyond.push(format!("{name} is {} MB zipped, not {}", megabytes(its.zipped), megabytes(MOST_ZIPPED)));
        }
    }
    beyond
}

/// Puts the page between its marks.
pub(crate) fn write_page(page: &str) -> Outcome<()> {
    let file = of_the_repository("docs/performance.md");
    let kept = fs::read_to_string(&file)?;
    let marks = kept.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = marks.ok_or_else(|| format!("{} has no \"{BEGIN}\" and \"{END}\"", file.display()))?;
    Ok(fs::write(&file, format!("{before}{BEGIN}\n\n{page}\n{END}{after}"))?)
}

/// Puts what costs are computed from in place of what was assumed or measured before: whole milliseconds, rounded up.
pub(crate) fn write_measured(machine: &Machine, proven: &[Proven]) -> Outcome<()> {
    const REQUESTS: [&str; 6] = ["schedule", "reschedule", "cancel", "mark-outcome", "send-invites", "api"];
    const MAILS: [&str; 3] = ["send-invite", "send-cancellation", "send-reminder"];
    let file = of_the_repository("infra/measured.json");
    let mut measured: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let of = |names: &[&str]| proven.iter().filter(|its| names.contains(&its.function)).collect::<Vec<_>>();
    let longest = |names: &[&str]| of(names).iter().map(|its| its.computing.as_micros().div_ceil(1_000)).max().unwrap_or_default();
    let Machine { date, processor, .. } = machine;
    measured["source"] = format!("`make prove-aws`, {date}, {processor}, {}", std::env::consts::ARCH).into();
    measured["note"] =
        "Measured: computing of a warm invocation (the longest of its kind), rounded up, and the function's own log. \
        The rest is an assumption: no AWS account was measured, nor arm64."
            .into();
    for (kind, names) in [
        ("request", &REQUESTS[..]),
        ("relay", &["relay"]),
        ("mail", &MAILS),
        ("sweep", &["sweep"]),
        ("sign_in", &["name-practice"]),
    ] {
        measured["warm_ms"][kind] = u64::try_from(longest(names))?.into();
    }
    let log = of(&[&REQUESTS[..], &MAILS[..], &["relay"]].concat()).iter().map(|its| its.log).max().unwrap_or_default();
    measured["log_bytes"]["own"] = log.into();
    Ok(fs::write(&file, format!("{measured:#}\n"))?)
}

fn of_the_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn hellos(proven: &[Proven], its: &Proven) -> f64 {
    let hello = proven.iter().find(|its| its.function == HELLO).map(|its| milliseconds(median(&its.starts)));
    milliseconds(median(&its.starts)) / hello.unwrap_or(f64::NAN)
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times
}

fn median(times: &[Duration]) -> Duration {
    sorted(times).get(times.len() / 2).copied().unwrap_or_default()
}

/// `4.2 ms (4.0–5.1)`.
fn spread(times: &[Duration]) -> String {
    let sorted = sorted(times);
    let [fastest, slowest] = [sorted.first(), sorted.last()].map(|time| milliseconds(time.copied().unwrap_or_default()));
    format!("{:.1} ms ({fastest:.1}–{slowest:.1})", milliseconds(median(times)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Of a million bytes each, rounded up to a tenth.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn grouped(number: u64) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}
