//! Sending mail over SMTP.

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};
use wardkeep_types::Moment;

/// For the whole conversation with the server.
const WHOLE: Duration = Duration::from_secs(30);

/// How the line to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (port 465).
    Tls,
    /// TLS after a greeting, or not at all: a server that does not offer it gets no mail (port 587).
    StartTls,
    /// None; for a server on this machine.
    None,
}

/// Where mail is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Server.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Sender.
    pub from: String,
    /// Account and password, if the server wants them.
    pub account: Option<(String, String)>,
    /// Protection.
    pub security: Security,
}

/// Why mail cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The settings do not fit.
    #[error("{0}")]
    Settings(String),
    /// The letter cannot be written.
    #[error("the letter cannot be written: {0}")]
    Letter(String),
    /// The server refused for good: another attempt would be refused too.
    #[error("the mail server refused: {0}")]
    Refused(String),
    /// The server cannot be reached, or is busy.
    #[error("the mail server could not take it: {0}")]
    NotNow(String),
}

impl MailError {
    /// Whether another attempt may succeed.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::NotNow(_))
    }
}

/// A letter in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Their name; may be empty.
    pub name: String,
    /// Subject, one line.
    pub subject: String,
    /// Text.
    pub text: String,
    /// A stable id: the same letter sent twice is one letter for the receiver's program.
    pub id: String,
    /// When it was written.
    pub at: Moment,
}

/// Hands in mail. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// A mailer with these settings; nothing is sent yet.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let wrong = |e: &dyn std::fmt::Display| MailError::Settings(format!("mail: {e}"));
        let host = settings.host.as_str();
        let builder = match settings.security {
            Security::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host).map_err(|e| wrong(&e))?,
            Security::StartTls => {
                AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host).map_err(|e| wrong(&e))?
            }
            Security::None if is_here(host) => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
            Security::None => {
                let text = format!(
                    "mail: security = \"none\" is for a server on this machine; {host} is elsewhere, use starttls or tls"
                );
                return Err(MailError::Settings(text));
            }
        };
        let mut builder = builder.port(settings.port).timeout(Some(WHOLE));
        if let Some((user, password)) = &settings.account {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        let from = settings.from.parse().map_err(|_| {
            MailError::Settings(format!("mail: from = \"{}\" is no mail address", settings.from))
        })?;
        Ok(Self { transport: builder.build(), from })
    }
    /// Sends a letter.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = self.message(letter)?;
        let sent = tokio::time::timeout(WHOLE, self.transport.send(message)).await;
        match sent {
            Err(_) => Err(MailError::NotNow("it did not answer in time".into())),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(MailError::Refused(error.to_string())),
            Ok(Err(error)) => Err(MailError::NotNow(error.to_string())),
        }
    }
    fn message(&self, letter: &Letter) -> Result<Message, MailError> {
        let wrong = |e: &dyn std::fmt::Display| MailError::Letter(e.to_string());
        let to: Address = letter.to.parse().map_err(|e| wrong(&e))?;
        let name = Some(letter.name.clone()).filter(|n| !n.is_empty());
        let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let at = UNIX_EPOCH + Duration::from_micros(letter.at.as_micros().unsigned_abs());
        let domain = self.from.email.domain();
        let automatic =
            HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, to))
            .subject(subject)
            .date(at)
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|e| wrong(&e))?;
        // Programs that answer mail for absent people leave it alone (RFC 3834).
        message.headers_mut().insert_raw(automatic);
        Ok(message)
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|a| a.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Letter, MailSettings, Mailer, Security};

    fn settings() -> MailSettings {
        MailSettings {
            host: "localhost".into(),
            port: 25,
            from: "Wardkeep <wardkeep@hospital.example>".into(),
            account: None,
            security: Security::None,
        }
    }

    #[tokio::test]
    async fn settings_that_cannot_work_are_refused_with_a_remedy() {
        let said = |settings: MailSettings| Mailer::new(&settings).err().unwrap().to_string();
        assert!(said(MailSettings { host: "mail.example.org".into(), ..settings() }).contains("starttls"));
        assert!(said(MailSettings { from: "nobody".into(), ..settings() }).contains("nobody"));
        assert!(
            Mailer::new(&MailSettings {
                host: "mail.example.org".into(),
                security: Security::StartTls,
                ..settings()
            })
            .is_ok()
        );
    }

    #[tokio::test]
    async fn a_letter_cannot_smuggle_headers() {
        let mailer = Mailer::new(&settings()).unwrap();
        let letter = Letter {
            to: "a.demir@hospital.example".into(),
            name: "Aylin \"A\" Demir".into(),
            subject: "Risk\r\nBcc: everybody@example.org".into(),
            text: "Übersicht\n.\nend".into(),
            id: "0198".into(),
            at: "2026-07-01T08:00:00Z".parse().unwrap(),
        };
        let text = String::from_utf8(mailer.message(&letter).unwrap().formatted()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|l| l.starts_with("Bcc")), "{head}");
        for line in [
            "Message-ID: <0198@hospital.example>",
            "Auto-Submitted: auto-generated",
            "Date: Wed, 01 Jul 2026 08:00:00 +0000",
        ] {
            assert!(head.lines().any(|l| l == line), "{line} in {head}");
        }
        assert!(mailer.message(&Letter { to: "a b".into(), ..letter }).is_err());
    }
}
