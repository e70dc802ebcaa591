//! Configuration: one file in the data folder, the environment on top, unknown keys are errors.

mod intake;
mod risk;

pub use intake::{Intake, IntakeTail, IntakeTls};
pub use risk::RiskSettings;

use serde::Deserialize;
use std::fmt;
use std::path::Path;

/// A secret of the configuration; shows as stars.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("********")
    }
}

/// What can be set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port on which pages are served. `WARDKEEP_LISTEN`
    pub listen: String,
    /// The address people type, if a proxy stands before: `https://wardkeep.example.org`. `WARDKEEP_PUBLIC_URL`
    pub public_url: Option<String>,
    /// `postgres://...`; SQLite in the data folder when absent. `WARDKEEP_DATABASE_URL`
    pub database_url: Option<Secret>,
    /// Schema within PostgreSQL. `WARDKEEP_DATABASE_SCHEMA`
    pub database_schema: String,
    /// Log filter, such as `info`. `WARDKEEP_LOG`
    pub log: String,
    /// One officer only: the same person may complete a move after 24 hours, marked everywhere.
    pub single_officer: bool,
    /// Outgoing mail; notices stay in the program when absent.
    pub mail: Option<Mail>,
    /// Webhooks may also go to private networks and to this machine, over plain HTTP too. Leave it off unless every
    /// person with an account may reach what stands there.
    pub private_webhooks: bool,
    /// Live intake of log records; nothing listens unless it is said here.
    pub intake: Intake,
    /// Risk in money: who may accept how much, and when new figures wait for somebody.
    pub risk: RiskSettings,
}

/// Outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Sender address.
    pub from: String,
    /// Account, if the server wants one.
    pub user: Option<String>,
    /// Password of the account. `WARDKEEP_MAIL_PASSWORD`
    pub password: Option<Secret>,
    /// `tls`, `starttls` or `none` (loopback only).
    #[serde(default = "starttls")]
    pub security: String,
}

fn starttls() -> String {
    "starttls".into()
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8420".into(),
            public_url: None,
            database_url: None,
            database_schema: "public".into(),
            log: "info".into(),
            single_officer: false,
            mail: None,
            private_webhooks: false,
            intake: Intake::default(),
            risk: RiskSettings::default(),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {message}")]
pub struct ConfigError {
    /// Which file, or `environment`.
    pub file: String,
    /// What is wrong and where.
    pub message: String,
}

impl Config {
    /// Reads `wardkeep.toml` if it is there, then the environment.
    pub fn load(path: &Path, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let mut config: Self = match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|e| ConfigError { file, message: e.to_string() })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(e) => return Err(ConfigError { file, message: e.to_string() }),
        };
        let set = |name: &str, target: &mut String| {
            if let Some(value) = environment(name) {
                *target = value;
            }
        };
        set("WARDKEEP_LISTEN", &mut config.listen);
        set("WARDKEEP_DATABASE_SCHEMA", &mut config.database_schema);
        set("WARDKEEP_LOG", &mut config.log);
        if let Some(url) = environment("WARDKEEP_PUBLIC_URL") {
            config.public_url = Some(url);
        }
        if let Some(url) = environment("WARDKEEP_DATABASE_URL") {
            config.database_url = Some(Secret(url));
        }
        if let (Some(mail), Some(password)) = (&mut config.mail, environment("WARDKEEP_MAIL_PASSWORD")) {
            mail.password = Some(Secret(password));
        }
        config
            .intake
            .environment(&environment)
            .map_err(|message| ConfigError { file: path.display().to_string(), message })?;
        config.risk.check().map_err(|message| ConfigError { file: path.display().to_string(), message })?;
        config.listen.parse::<std::net::SocketAddr>().map_err(|_| ConfigError {
            file: path.display().to_string(),
            message: format!(
                "listen = \"{}\" is not an address and port; write 127.0.0.1:8420",
                config.listen
            ),
        })?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn unknown_keys_are_errors_and_the_environment_wins() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wardkeep.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\n").unwrap();
        let none = |_: &str| None;
        assert_eq!(Config::load(&path, none).unwrap().listen, "127.0.0.1:1");
        let env = |name: &str| (name == "WARDKEEP_LISTEN").then(|| "127.0.0.1:2".to_owned());
        assert_eq!(Config::load(&path, env).unwrap().listen, "127.0.0.1:2");
        std::fs::write(&path, "lissten = \"x\"\n").unwrap();
        assert!(Config::load(&path, none).unwrap_err().to_string().contains("lissten"));
        std::fs::write(&path, "database_url = \"postgres://u:geheim@h/d\"\n").unwrap();
        assert!(!format!("{:?}", Config::load(&path, none).unwrap()).contains("geheim"));
    }
}
