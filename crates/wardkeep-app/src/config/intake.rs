//! `[intake]`: what listens, what is followed, and the bounds.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use wardkeep_types::limits;

/// Live intake. Everything is off unless it is named.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Intake {
    /// Syslog over UDP: address and port. `WARDKEEP_INTAKE_UDP`
    pub udp: Option<SocketAddr>,
    /// Syslog over TCP: address and port. `WARDKEEP_INTAKE_TCP`
    pub tcp: Option<SocketAddr>,
    /// Syslog over TLS.
    pub tls: Option<IntakeTls>,
    /// `POST /api/v1/events` takes records from sources with a token. `WARDKEEP_INTAKE_HTTP`
    pub http: bool,
    /// Files and folders that are followed.
    pub tail: Vec<IntakeTail>,
    /// Folders of Sigma rules beside our own.
    pub rules: Vec<PathBuf>,
    /// Connections at once.
    pub connections: usize,
    /// Seconds that a connection may be silent.
    pub idle_seconds: u64,
    /// MiB that wait in the spool before senders are refused.
    pub spool_mib: u64,
    /// Seconds after which received events stand in their final files at the latest.
    pub flush_seconds: u64,
    /// Log sources that may register themselves by sending.
    pub unknown_sources: usize,
}

/// Syslog over TLS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeTls {
    /// Address and port.
    pub listen: SocketAddr,
    /// Our certificate, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// Authorities of senders, PEM; senders must then show a certificate.
    pub client_ca: Option<PathBuf>,
}

/// A file or folder that is followed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeTail {
    /// File or folder.
    pub path: PathBuf,
    /// Where to begin when it is seen first: `start` or `end`.
    #[serde(default = "start")]
    pub from: String,
}

fn start() -> String {
    "start".into()
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            udp: None,
            tcp: None,
            tls: None,
            http: false,
            tail: Vec::new(),
            rules: Vec::new(),
            connections: 1_024,
            idle_seconds: 900,
            spool_mib: 4_096,
            flush_seconds: 10,
            unknown_sources: 1_000,
        }
    }
}

impl Intake {
    /// Whether anything is taken in.
    pub fn is_on(&self) -> bool {
        self.http || self.udp.is_some() || self.tcp.is_some() || self.tls.is_some() || !self.tail.is_empty()
    }
    /// Bytes of one log line.
    pub fn line_bytes(&self) -> usize {
        limits::LOG_LINE_BYTES
    }
    pub(super) fn environment(&mut self, of: &impl Fn(&str) -> Option<String>) -> Result<(), String> {
        let address = |name: &str| match of(name) {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| format!("{name} = \"{text}\" is not an address and port; write 127.0.0.1:5514")),
        };
        self.udp = address("WARDKEEP_INTAKE_UDP")?.or(self.udp);
        self.tcp = address("WARDKEEP_INTAKE_TCP")?.or(self.tcp);
        if let Some(text) = of("WARDKEEP_INTAKE_HTTP") {
            self.http = matches!(text.as_str(), "1" | "true" | "yes" | "on");
        }
        if let Some(wrong) = self.tail.iter().find(|tail| !matches!(tail.from.as_str(), "start" | "end")) {
            return Err(format!("[[intake.tail]] from = \"{}\": write start or end", wrong.from));
        }
        if self.spool_mib == 0 || self.connections == 0 || self.flush_seconds == 0 {
            return Err("[intake] spool_mib, connections and flush_seconds are 1 at least".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Config;

    #[test]
    fn intake_is_off_until_it_is_named_and_says_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wardkeep.toml");
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Config::load(&path, |_| None).map_err(|e| e.to_string())
        };
        assert!(!load("").unwrap().intake.is_on());
        let config =
            load("[intake]\ntcp = \"127.0.0.1:5514\"\n[[intake.tail]]\npath = \"/var/log/auth.log\"\n")
                .unwrap();
        assert!(config.intake.is_on() && config.intake.tail[0].from == "start");
        assert!(load("[intake]\nudpp = 1\n").unwrap_err().contains("udpp"));
        assert!(load("[[intake.tail]]\npath = \"a\"\nfrom = \"middle\"\n").is_err());
        let broken = load("[[intake.tail]]\npath = \"a\"\nfrom = \"middle\"\n").unwrap_err();
        assert!(broken.contains("start or end"), "{broken}");
    }
}
