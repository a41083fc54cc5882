//! Starts, calls and weighs every function.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use hourkeep_tests::{Moto, Tools};

use crate::{
    Outcome,
    runtime::Process,
    scene::{FUNCTIONS, HELLO, Scene, binary},
};

/// How often each function is started.
pub(crate) const STARTS: usize = 30;
/// How many requests one copy of it answers.
pub(crate) const REQUESTS: u32 = 1_000;

/// What a function costs.
pub(crate) struct Proven {
    pub(crate) function: &'static str,
    /// From the start of the process to its first poll.
    pub(crate) starts: Vec<Duration>,
    /// From the first event to its answer.
    pub(crate) firsts: Vec<Duration>,
    /// The same, of all later ones.
    pub(crate) warm: Vec<Duration>,
    /// Time on a core for each of those.
    pub(crate) computing: Duration,
    /// Bytes of log for each of those.
    pub(crate) log: u64,
    /// Memory after those.
    pub(crate) resident_kib: u64,
    /// Bytes of the binary.
    pub(crate) size: u64,
    /// Bytes that are uploaded.
    pub(crate) zipped: u64,
}

/// Measures the bare function first, then the others, whose binaries are in this folder.
pub(crate) async fn all(folder: &Path) -> Outcome<Vec<Proven>> {
    nobody_forgotten()?;
    let moto = Moto::start();
    let variables = furnished(&moto)?;
    let mut scenes = Vec::new();
    for function in [HELLO].into_iter().chain(FUNCTIONS) {
        let binary = binary(folder, function);
        let (size, zipped) = (std::fs::metadata(&binary)?.len(), zipped(&binary)?);
        let empty = Proven {
            function,
            starts: Vec::new(),
            firsts: Vec::new(),
            warm: Vec::new(),
            computing: Duration::ZERO,
            log: 0,
            resident_kib: 0,
            size,
            zipped,
        };
        scenes.push((Scene::new(function, &variables, folder).await?, binary, empty));
    }
    // In turn, so that whatever else the machine does strikes all of them.
    say(&format!("starting {} functions {STARTS} times each", scenes.len()))?;
    for _ in 0..STARTS {
        for (scene, binary, proven) in &mut scenes {
            let mut process = Process::start(binary, &scene.environment).await?;
            proven.starts.push(process.to_first_poll);
            proven.firsts.push(call(scene, &mut process).await?);
        }
    }
    for (scene, binary, proven) in &mut scenes {
        say(&format!("{REQUESTS} requests to {}", proven.function))?;
        let mut process = Process::start(binary, &scene.environment).await?;
        call(scene, &mut process).await?;
        let (computed, written) = (process.computed()?, process.written());
        for _ in 1..REQUESTS {
            proven.warm.push(call(scene, &mut process).await?);
        }
        proven.computing = process.computed()?.saturating_sub(computed) / (REQUESTS - 1);
        proven.log = (process.written() - written) / u64::from(REQUESTS - 1);
        proven.resident_kib = process.resident_kib()?;
    }
    Ok(scenes.into_iter().map(|(_, _, proven)| proven).collect())
}

async fn call(scene: &mut Scene, process: &mut Process) -> Outcome<Duration> {
    let event = scene.event().await?.to_string();
    let (answer, took) = process.call(event.clone()).await?;
    if scene.is_done(&answer) {
        return Ok(took);
    }
    Err(format!("an event was answered {}\nIt was {event}", String::from_utf8_lossy(&answer)).into())
}

/// Each folder of `functions/` is a function.
fn nobody_forgotten() -> Outcome<()> {
    let mut there = BTreeSet::new();
    for entry in std::fs::read_dir(of_the_repository("functions"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            there.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    let listed = FUNCTIONS.map(str::to_owned).into();
    let missing: Vec<_> = there.symmetric_difference(&listed).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("tests/prove/scene.rs and functions/ differ in {missing:?}").into()) }
}

/// Queues, timers and mail, and the variables by which functions find them.
fn furnished(moto: &Moto) -> Outcome<BTreeMap<String, String>> {
    let output = Command::new(Tools::find().python()).arg(of_the_repository("infra/tools/furnish.py")).arg(moto.url()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The size of what SAM would upload: it is SAM that zips it.
fn zipped(binary: &Path) -> Outcome<u64> {
    const ZIP: &str = "import os, sys
from samcli.lib.package.utils import make_zip_with_lambda_permissions, zip_folder
with zip_folder(sys.argv[1], zip_method=make_zip_with_lambda_permissions) as (file, _):
    print(os.path.getsize(file))";
    let folder = binary.parent().ok_or("a binary without a folder")?;
    let output = Command::new(Tools::find().python()).args(["-c", ZIP]).arg(folder).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn of_the_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn say(what: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stderr(), "prove: {what}")?)
}
