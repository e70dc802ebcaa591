//! A running `wardkeep serve`, and the little that senders need.

use serde_json::Value as Json;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server in a data folder; killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

pub fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wardkeep"));
    command.args(args).env_clear().env("HOME", data).env("WARDKEEP_DATA_DIR", data);
    command
}

pub fn json(data: &Path, args: &[&str]) -> Json {
    let ran = command(data, &[args, &["--json"]].concat()).output().unwrap();
    let out = String::from_utf8_lossy(&ran.stdout).into_owned();
    serde_json::from_str(&out)
        .unwrap_or_else(|e| panic!("{args:?}: {e}: {out}{}", String::from_utf8_lossy(&ran.stderr)))
}

pub fn pause(millis: u64) {
    let (_open, never) = std::sync::mpsc::channel::<()>();
    let _ = never.recv_timeout(Duration::from_millis(millis));
}

impl Server {
    pub fn start(data: &Path) -> Self {
        let mut child = command(data, &["serve", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        let said: Json = loop {
            assert!(reader.read_line(&mut text).unwrap() > 0, "serve ended: {text}");
            if let Ok(said) = serde_json::from_str(&text) {
                break said;
            }
        };
        Self { child, address: said["listen"].as_str().unwrap().parse().unwrap() }
    }
    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
    /// Ctrl-C, and waits for the end.
    pub fn stop(mut self) {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap();
    }
    /// Posts a body; status and answer, or nothing when the connection broke.
    pub fn post(&self, token: &str, body: &str) -> Option<(u16, String)> {
        post(self.address, token, body).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn post(address: SocketAddr, token: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "POST /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok());
    status.map(|status| (status, answer)).ok_or_else(|| std::io::Error::other("no answer"))
}
