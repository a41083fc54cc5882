//! Another implementation of Amazon's services than the one that the product runs on at home: moto's server.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStderr, Command, Stdio},
};

use crate::Tools;

/// A running moto server with nothing in it yet; it ends when this is dropped.
#[derive(Debug)]
pub struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    /// Starts one on a free port of 127.0.0.1, and waits until it listens.
    ///
    /// # Panics
    ///
    /// Where the tools are missing, or it ends without listening.
    pub fn start() -> Self {
        let mut process = Command::new(Tools::find().python())
            .args(["-c", include_str!("moto.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let url = address(&mut log);
        // It goes on logging, and would stop at a full pipe.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { process, url }
    }

    /// `http://127.0.0.1:port`, of all services.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address that it says it listens at, which it says once it does.
fn address(log: &mut BufReader<ChildStderr>) -> String {
    let mut said = String::new();
    loop {
        let before = said.len();
        assert!(log.read_line(&mut said).unwrap() > 0, "moto ended without listening:\n{said}");
        if let Some((_, url)) = said[before..].split_once("Running on ") {
            return url.trim().to_owned();
        }
    }
}
