//! What was measured, and where, as a page of Markdown.

use std::{fmt::Write as _, fs, process::Command};

use hourkeep_app::port::Clock as _;

use crate::{Outcome, bookings::Load, series::Year, stopwatch::Time};

const BEGIN: &str = "<!-- make bench: begin -->";
const END: &str = "<!-- make bench: end -->";

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
        let commit = commit
            .ok()
            .filter(|output| output.status.success())
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        let busy = fs::read_to_string("/proc/loadavg")?;
        Ok(Self {
            date: hourkeep_aws::clock::SystemClock.now().format("%Y-%m-%d").to_string(),
            commit: commit.unwrap_or_else(|| "none".to_owned()),
            processor: model.unwrap_or("unknown processor").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            busy: busy.split(' ').next().unwrap_or_default().to_owned(),
        })
    }
}

/// Memory of this process that is in use now.
pub(crate) fn resident_mib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    Ok(kib.ok_or("the system does not say how much memory is in use")?.parse::<u64>()? / 1024)
}

/// The page.
pub(crate) fn page(machine: &Machine, times: &[Time], years: &[Year], loads: &[Load]) -> String {
    let Machine { date, commit, processor, cores, busy } = machine;
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let mut page = format!(
        "{date}, commit {commit}, {build} build, {processor}, {cores} cores; load average before the run {busy}.\n\n\
         | computing | median | slowest tenth |\n|---|---:|---:|\n"
    );
    for Time { what, median_ns, slowest_tenth_ns } in times {
        let _ = writeln!(page, "| {what} | {} | {} |", nanoseconds(*median_ns), nanoseconds(*slowest_tenth_ns));
    }
    page.push_str(
        "\n| a series through the local server | requests to the database | of them transactions | median | slowest tenth |\n\
         |---|---:|---:|---:|---:|\n",
    );
    for Year { what, requests, transactions, median_ms, slowest_tenth_ms } in years {
        let _ = writeln!(page, "| {what} | {requests} | {transactions} | {median_ms:.1} ms | {slowest_tenth_ms:.1} ms |");
    }
    page.push_str(
        "\n| bookings through the local server | connections | bookings | per second | p50 | p99 | memory after |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    for load in loads {
        let what = if load.mails { "each with an invite and a reminder" } else { "no mail" };
        let Load { connections, bookings, per_second, p50_ms, p99_ms, resident_mib, .. } = load;
        let _ = writeln!(
            page,
            "| {what} | {connections} | {bookings} | {per_second:.0} | {p50_ms:.1} ms | {p99_ms:.1} ms | {resident_mib} MiB |"
        );
    }
    page
}

/// `12345` as `12,345 ns`.
fn nanoseconds(count: u128) -> String {
    let digits = count.to_string();
    let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{} ns", grouped.join(","))
}

/// Puts the page between its marks in a file.
pub(crate) fn write_into(path: &str, page: &str) -> Outcome<()> {
    let kept = fs::read_to_string(path)?;
    let marks = kept.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = marks.ok_or_else(|| format!("{path} has no \"{BEGIN}\" and \"{END}\""))?;
    fs::write(path, format!("{before}{BEGIN}\n\n{page}\n{END}{after}"))?;
    Ok(())
}
