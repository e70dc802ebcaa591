//! Running the program in a folder of its own.

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A temporary folder with a data folder in it.
pub struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }
    pub fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
    /// The command in this folder, without anything of the tester's environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wardkeep"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("WARDKEEP_DATA_DIR", self.at("data"));
        command
    }
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }
    /// Runs with `--json`, expects that exit code, and reads the one object.
    pub fn json(&self, exit: i32, args: &[&str]) -> Json {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.exit, exit, "{args:?}: {}{}", ran.out, ran.err);
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", ran.out))
    }
}

/// What a run left behind.
pub struct Ran {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { exit: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A little evidence: somebody guesses a password and gets in; a scan with two weaknesses.
pub fn evidence(place: &Place) -> PathBuf {
    let mut log = String::new();
    for second in 0..30 {
        log.push_str(&format!("2026-03-30T04:11:{second:02}Z web01 sshd[4242]: Failed password for root from 203.0.113.9 port {} ssh2\n", 40_000 + second));
    }
    log.push_str("2026-03-30T04:11:40Z web01 sshd[4242]: Accepted password for root from 203.0.113.9 port 40999 ssh2\n");
    place.write("evidence/web01/auth.log", log);
    place.write("evidence/scan.sarif", SARIF);
    place.at("evidence")
}

const SARIF: &str = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "samplescan", "rules": [
  {"id": "S1", "shortDescription": {"text": "Query built from input"}, "properties": {"security-severity": "9.1"}},
  {"id": "S2", "shortDescription": {"text": "Weak hash"}, "properties": {"security-severity": "5.0"}}]}},
  "results": [
  {"ruleId": "S1", "level": "error", "message": {"text": "input reaches a query"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": 4}}}]},
  {"ruleId": "S2", "level": "warning", "message": {"text": "MD5"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/b.py"}, "region": {"startLine": 9}}}]}]}]}"#;

/// Sample data shared by the project; `None` with a word about it when it is not at hand.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WARDKEEP_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    eprintln!("{} is missing; this part is left out", path.display());
    None
}

/// Waits until something is so, a minute at most.
pub fn wait_for(so: impl Fn() -> bool) {
    let (_open, never) = std::sync::mpsc::channel::<()>();
    for _ in 0..6_000 {
        if so() {
            return;
        }
        let _ = never.recv_timeout(std::time::Duration::from_millis(10));
    }
    panic!("it never happened");
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found.sort();
    found
}
