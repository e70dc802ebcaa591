//! What can be set about signing in. The defaults are those of OWASP ASVS level 2.

use crate::Config;
use crate::auth::Cost;

/// Lengths of time are in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address people type, such as `https://wardkeep.example.org`; passkeys are bound to it.
    pub public_url: String,
    /// A session ends after so long without a request.
    pub idle: i64,
    /// A session ends after so long in any case.
    pub absolute: i64,
    /// Dangerous acts need a proof of identity no older than this.
    pub fresh: i64,
    /// A mailed link to sign in or to set a new password holds so long.
    pub link: i64,
    /// An invitation and the link of the first start hold so long.
    pub invitation: i64,
    /// A browser that signed in is known for so long.
    pub device: i64,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// Most characters of a password.
    pub password_max: usize,
    /// What hashing a password costs.
    pub cost: Cost,
    /// Whether links can be mailed. If so, an account under attack asks strangers for one.
    pub mail_links: bool,
    /// One officer only: the asker may complete a move after 24 hours, marked everywhere.
    pub single_officer: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8420".into(),
            idle: 30 * 60,
            absolute: 12 * 3_600,
            fresh: 15 * 60,
            link: 15 * 60,
            invitation: 24 * 3_600,
            device: 180 * 86_400,
            password_min: 12,
            password_max: 128,
            cost: Cost::default(),
            mail_links: false,
            single_officer: false,
        }
    }
}

impl Settings {
    /// As the configuration says.
    pub fn of(config: &Config) -> Self {
        let port = config.listen.rsplit(':').next().unwrap_or("8420");
        let local = format!("http://localhost:{port}");
        Self {
            public_url: config.public_url.clone().unwrap_or(local),
            mail_links: config.mail.is_some(),
            single_officer: config.single_officer,
            ..Self::default()
        }
    }
    /// Whether people reach the program over TLS, so that cookies can be marked so.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
