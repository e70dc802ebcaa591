//! The measured program: `wardkeep serve` in a process of its own, and what the system says of it.

use crate::exit::Failure;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Ticks of `/proc/PID/stat` in a second; the kernel shows this many to every program.
const TICKS: f64 = 100.0;

/// A running server. It is killed when it is dropped.
pub struct Server {
    child: Child,
    folder: PathBuf,
    /// Where it answers HTTP.
    pub address: SocketAddr,
}

/// Waits.
pub fn pause(time: Duration) {
    let (_open, never) = std::sync::mpsc::channel::<()>();
    let _ = never.recv_timeout(time);
}

fn command(folder: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    // Settings of this shell must not reach the measured program.
    command.args(arguments).env_clear().env("HOME", folder).env("WARDKEEP_DATA_DIR", folder);
    Ok(command)
}

/// The answer of a command of the program in that folder.
pub fn ask(folder: &Path, arguments: &[&str]) -> anyhow::Result<Json> {
    let ran = command(folder, arguments)?.arg("--json").output()?;
    serde_json::from_slice(&ran.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
        Failure::refused("bench", format!("{} did not answer", arguments.join(" "))).at(said).into()
    })
}

impl Server {
    /// Starts it in a folder whose configuration is written.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        let log = fs::File::create(folder.join("serve.log"))?;
        let mut command = command(folder, &["serve", "--listen", "127.0.0.1:0", "--json"])?;
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let out = child.stdout.take().ok_or_else(|| anyhow::anyhow!("no output"))?;
        let (mut reader, mut text) = (BufReader::new(out), String::new());
        let said: Json = loop {
            if reader.read_line(&mut text)? == 0 {
                let log = fs::read_to_string(folder.join("serve.log")).unwrap_or_default();
                return Err(Failure::refused("bench", "the server did not start").at(log.trim()).into());
            }
            if let Ok(said) = serde_json::from_str(&text) {
                break said;
            }
        };
        let address = said["listen"].as_str().unwrap_or_default().parse()?;
        Ok(Self { child, folder: folder.to_owned(), address })
    }
    /// Whether it still runs.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
    /// Seconds of processor time so far, in all and by the names of its threads; nothing where the system does not
    /// say.
    pub fn cpu(&self) -> Option<(f64, BTreeMap<String, f64>)> {
        let of = |path: PathBuf| cpu_of(&fs::read_to_string(path).ok()?);
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let all = of(process.join("stat"))?.1;
        let mut threads = BTreeMap::new();
        for task in fs::read_dir(process.join("task")).ok()?.filter_map(Result::ok) {
            if let Some((name, seconds)) = of(task.path().join("stat")) {
                *threads.entry(name).or_insert(0.0) += seconds;
            }
        }
        Some((all, threads))
    }
    /// The most memory it ever held, bytes.
    pub fn memory(&self) -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let row = text.lines().find_map(|row| row.strip_prefix("VmHWM:"))?;
        row.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1_024)
    }
    /// Bytes of the spool now.
    pub fn spool(&self) -> u64 {
        let Ok(entries) = fs::read_dir(self.folder.join("spool/live")) else { return 0 };
        entries.filter_map(Result::ok).filter_map(|entry| entry.metadata().ok()).map(|m| m.len()).sum()
    }
    /// Asks it to stop and waits for the end.
    pub fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Name and processor time of a row of `/proc/PID/stat`.
fn cpu_of(text: &str) -> Option<(String, f64)> {
    let (open, close) = (text.find('(')?, text.rfind(')')?);
    let mut rest = text[close + 1..].split_whitespace().skip(11);
    let ticks = rest.next()?.parse::<u64>().ok()? + rest.next()?.parse::<u64>().ok()?;
    Some((text[open + 1..close].to_owned(), ticks as f64 / TICKS))
}

#[cfg(test)]
mod tests {
    use super::cpu_of;

    #[test]
    fn a_row_of_the_kernel_is_read() {
        let row = "17 (tokio (x) rt) S 1 17 17 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 5 0 99";
        assert_eq!(cpu_of(row), Some(("tokio (x) rt".to_owned(), 3.0)));
        assert_eq!(cpu_of("nonsense"), None);
    }
}
