//! The built binary, used from outside.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// A debug build makes and loads a town of a thousand buildings in a few seconds; this is for a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Runs a command to its end, away from this machine's configuration.
pub(crate) fn quartier(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quartier"));
    let settings = [
        "QUARTIER_STORE",
        "QUARTIER_LISTEN",
        "QUARTIER_MQTT_LISTEN",
        "QUARTIER_PUBLIC_URL",
        "QUARTIER_TOKEN",
        "QUARTIER_LOG",
    ];
    for name in settings {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

pub(crate) fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server on a free port; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    log: Option<thread::JoinHandle<String>>,
}

impl Server {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned))
            .expect("the server says where it listens");
        let server = Self { child, url, log: Some(log) };
        server.until_ready();
        server
    }

    fn until_ready(&self) {
        let started = Instant::now();
        while ureq::get(format!("{}/ready", self.url)).call().is_err() {
            assert!(started.elapsed() < PATIENCE, "the server gets ready");
            thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        let bytes = self.bytes(path);
        serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{path}: {}", words(&bytes)))
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let asked = ureq::get(format!("{}{path}", self.url)).config().http_status_as_error(false);
        let mut answer = asked.build().call().unwrap();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        assert_eq!(answer.status(), 200, "{path}: {}", words(&bytes));
        bytes
    }

    /// With SIGKILL: nothing can be done about it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop; returns how it ended and what it logged.
    pub(crate) fn stop(mut self) -> (ExitStatus, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
