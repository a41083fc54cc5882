//! A function's real binary under Amazon's runtime emulator, as Lambda runs it, without a container.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read},
    net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use crate::Tools;

/// Longer than anything here takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(5);

/// A function under the emulator. It starts at the first call, as on Lambda, and ends when this is dropped.
#[derive(Debug)]
pub struct Function {
    emulator: Mutex<Child>,
    _ports: [Port; 2],
    http: Client,
    url: String,
    written: Arc<Mutex<Vec<String>>>,
    noted: Arc<Mutex<Vec<String>>>,
}

/// What the emulator answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// 200 also for a function that answered with an error; 502 for one that ended instead.
    pub status: u16,
    /// What the function answered, byte for byte.
    pub body: Vec<u8>,
}

impl Reply {
    /// The answer, or the error that the function answered with (`errorType`, `errorMessage`); null if there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Where cargo has put this binary of the workspace, built with the profile of the tests; or where cargo-lambda has, for whoever
/// says `HOURKEEP_FUNCTIONS=target/lambda`.
pub fn binary(name: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "which binaries are tried is for whoever runs the test to say")]
    let path = match std::env::var_os("HOURKEEP_FUNCTIONS") {
        Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder).join(name).join("bootstrap"),
        None => std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join(name),
    };
    assert!(path.is_file(), "{} is missing: make built", path.display());
    path
}

impl Function {
    /// Starts the emulator for a binary that is given these variables of the environment and no others; answers once the
    /// emulator takes calls.
    pub async fn start<N: AsRef<OsStr>, V: AsRef<OsStr>>(binary: &Path, environment: impl IntoIterator<Item = (N, V)>) -> Self {
        let ports = [Port::claim(), Port::claim()];
        let [invocations, runtime] = &ports;
        let mut emulator = Command::new(Tools::find().runtime_emulator())
            .args(["--runtime-interface-emulator-address", &invocations.address()])
            .args(["--runtime-api-address", &runtime.address()])
            .arg(binary)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (written, noted) = (lines_of(emulator.stdout.take().unwrap()), lines_of(emulator.stderr.take().unwrap()));
        let address = invocations.address();
        let url = format!("http://{address}/2015-03-31/functions/function/invocations");
        let function = Self { emulator: Mutex::new(emulator), _ports: ports, http: Client::new(), url, written, noted };
        function.until("the emulator", |_| TcpStream::connect(&address).is_ok()).await;
        function
    }

    /// Calls the function with an event, and answers with its answer or its error.
    pub async fn invoke(&self, event: &Value) -> Value {
        self.call(event.to_string()).await.json()
    }

    /// Calls the function with whatever bytes. One call at a time, as Lambda does.
    pub async fn call(&self, event: impl Into<Vec<u8>>) -> Reply {
        let ended = self.calls_ended();
        let response = timeout(PATIENCE, self.http.post(&self.url).body(event.into()).send()).await.unwrap().unwrap();
        let (status, body) = (response.status().as_u16(), response.bytes().await.unwrap().to_vec());
        // Where a call went well the emulator writes so last, after all that the function wrote.
        if status == 200 {
            self.until("the end of the call", |function| function.calls_ended() > ended).await;
        }
        Reply { status, body }
    }

    /// All that the function wrote, line by line: to standard output and to standard error.
    pub fn lines(&self) -> Vec<String> {
        let written = self.written.lock().unwrap();
        let emulators = ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "];
        written.iter().filter(|line| !emulators.iter().any(|words| line.starts_with(words))).cloned().collect()
    }

    /// The lines of its log: those that are JSON.
    pub fn log(&self) -> Vec<Value> {
        self.lines().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// What the emulator itself noted, such as `INIT REPORT(durationMs: 22.206000)`.
    pub fn notes(&self) -> Vec<String> {
        self.noted.lock().unwrap().clone()
    }

    /// Waits for a line with this text, for a function that ends writes after the emulator has answered.
    pub async fn wrote(&self, text: &str) {
        self.until(text, |function| function.lines().iter().any(|line| line.contains(text))).await;
    }

    /// The function's own process, once it was called.
    pub fn process_id(&self) -> Option<u32> {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.emulator.lock().unwrap().id())).ok()?;
        let children = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("children")).ok());
        children.collect::<String>().split_whitespace().find_map(|id| id.parse().ok())
    }

    fn calls_ended(&self) -> usize {
        self.written.lock().unwrap().iter().filter(|line| line.starts_with("REPORT RequestId: ")).count()
    }

    async fn until(&self, what: &str, met: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !met(self) {
            let ended = self.emulator.lock().unwrap().try_wait().unwrap();
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "no {what}: {:#?} {:#?}", self.lines(), self.notes());
            sleep(PAUSE).await;
        }
    }
}

impl Drop for Function {
    /// The emulator ends its function before it ends itself, if it is asked to.
    fn drop(&mut self) {
        let emulator = self.emulator.get_mut().unwrap();
        if let Some(id) = i32::try_from(emulator.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(id, Signal::TERM);
        }
        let _ = emulator.wait();
    }
}

/// A port of 127.0.0.1 that the emulator can be told to take. Tests beside each other know from the claim, which is the
/// same port of UDP, that it is taken; and the system gives none of these ports to anybody who does not ask for it.
#[derive(Debug)]
struct Port(UdpSocket);

impl Port {
    fn claim() -> Self {
        let claimed = (20_000..30_000).find_map(|port| {
            let claim = UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok().map(|_free| Self(claim))
        });
        claimed.expect("a port is free")
    }

    fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }
}

/// Reads lines on a thread of its own until whoever writes them ends.
fn lines_of(from: impl Read + Send + 'static) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = lines.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            kept.lock().unwrap().push(String::from_utf8_lossy(&line).into_owned());
        }
    });
    lines
}
