//! The normalised event: one log record, whatever wrote it (`specs/detection.md` 2).

mod fields;
mod name;

pub use fields::{Fields, IntoIter, Iter};
pub use name::Name;

use crate::Moment;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// 128 bits of BLAKE3 over (source, raw, position among equal raws): reading a file twice adds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct EventId(pub [u8; 16]);

impl EventId {
    /// `repeat` counts equal raws before this one within the source, so that true repeats stay apart.
    pub fn of(source: &str, raw: &[u8], repeat: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(source.as_bytes());
        hasher.update(&[0]);
        hasher.update(raw);
        hasher.update(&repeat.to_le_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(id)
    }
    /// The id of a record that is known by its place in a source, such as the byte offset in a file that is
    /// followed: reading on from a checkpoint gives the same ids as reading in one go. `nth` tells the records of
    /// one place apart.
    pub fn at(source: &str, raw: &[u8], position: u64, nth: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(source.as_bytes());
        // Another mark than above, so that no place is taken for a count.
        hasher.update(&[1]);
        hasher.update(raw);
        hasher.update(&position.to_le_bytes());
        hasher.update(&nth.to_le_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(id)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// How far the event's time can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeQuality {
    /// The record states year and zone.
    #[default]
    Stated,
    /// The record has no year; it was taken from the file's date.
    AssumedYear,
    /// The record has no zone; UTC was taken.
    AssumedZone,
    /// The record has no time at all; `Event::at` is the time of receipt.
    Missing,
}

/// A Sigma log source: each part may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct LogSource {
    /// Such as `process_creation`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<Arc<str>>,
    /// Such as `windows`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub product: Option<Arc<str>>,
    /// Such as `security`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub service: Option<Arc<str>>,
}

/// A field's value with its type kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Present, without a value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Box<str>),
    /// Several values under one name.
    List(Vec<FieldValue>),
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(b) => b.fmt(f),
            Self::Int(i) => i.fmt(f),
            Self::Float(x) => x.fmt(f),
            Self::Text(t) => f.write_str(t),
            Self::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    item.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for FieldValue {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// What kind of text the record was, before any log source is worked out. The mapping to Sigma log sources
/// (`wardkeep-events`) starts here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Windows event log: EVTX, XML export, or JSON shipped by an agent.
    Windows,
    /// AWS CloudTrail.
    CloudTrail,
    /// Syslog, RFC 3164 or 5424.
    Syslog,
    /// Linux auth log (sshd, sudo, su, PAM).
    Auth,
    /// Web server access log, common or combined format.
    WebAccess,
    /// Linux auditd.
    Auditd,
    /// Suricata EVE JSON.
    Suricata,
    /// Zeek.
    Zeek,
    /// Web server error log, Apache or nginx.
    WebError,
    /// ArcSight common event format.
    Cef,
    /// QRadar log event extended format.
    Leef,
    /// Pairs of names and values on a line.
    Logfmt,
    /// Rows of a table with a time.
    Table,
    /// Microsoft Entra ID sign-ins and audit.
    Entra,
    /// Microsoft 365 unified audit.
    M365,
    /// Okta system log.
    Okta,
    /// Google Workspace activity reports.
    GoogleWorkspace,
    /// GitHub audit log.
    #[serde(rename = "github")]
    GitHub,
    /// Events in the Open Cybersecurity Schema Framework.
    Ocsf,
    /// JSON of no known kind.
    Json,
    /// Text of no known kind.
    Text,
}

impl Dialect {
    /// Every dialect with its stable key, which is also its serialised form.
    pub const ALL: [(Self, &'static str); 21] = [
        (Self::Windows, "windows"),
        (Self::CloudTrail, "cloud_trail"),
        (Self::Syslog, "syslog"),
        (Self::Auth, "auth"),
        (Self::WebAccess, "web_access"),
        (Self::Auditd, "auditd"),
        (Self::Suricata, "suricata"),
        (Self::Zeek, "zeek"),
        (Self::WebError, "web_error"),
        (Self::Cef, "cef"),
        (Self::Leef, "leef"),
        (Self::Logfmt, "logfmt"),
        (Self::Table, "table"),
        (Self::Entra, "entra"),
        (Self::M365, "m365"),
        (Self::Okta, "okta"),
        (Self::GoogleWorkspace, "google_workspace"),
        (Self::GitHub, "github"),
        (Self::Ocsf, "ocsf"),
        (Self::Json, "json"),
        (Self::Text, "text"),
    ];
    /// Its stable key.
    pub fn key(self) -> &'static str {
        // Every variant is listed: a test walks the keys.
        Self::ALL.iter().find(|(dialect, _)| *dialect == self).map_or("text", |(_, key)| key)
    }
    /// The dialect of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == key).map(|(dialect, _)| *dialect)
    }
}

/// One log record, normalised. `fields` keeps every original field under its flat dotted name; the members
/// beside it are the common entities, filled by the reader or the mapping when they are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// See [`EventId`].
    #[serde(skip, default)]
    pub id: EventId,
    /// When it happened, UTC.
    pub at: Moment,
    /// How far `at` can be trusted.
    pub time_quality: TimeQuality,
    /// What kind of record it was.
    pub dialect: Dialect,
    /// Which source it came from: a file's path within the evidence, or a live source's name.
    pub source: Arc<str>,
    /// Line or record number within the source, from 1.
    pub position: u64,
    /// Every Sigma log source this event belongs to: a set, not one value (EV-1). Events of one kind share it.
    #[serde(default)]
    pub logsources: Arc<[LogSource]>,
    /// Host that logged it.
    pub host: Option<Box<str>>,
    /// Account that acted.
    pub user: Option<Box<str>>,
    /// Address it came from.
    pub src_ip: Option<Box<str>>,
    /// Address it went to.
    pub dst_ip: Option<Box<str>>,
    /// Program that acted.
    pub process: Option<Box<str>>,
    /// What was done, in the source's word (`ConsoleLogin`, `GET`, `4625`).
    pub action: Option<Box<str>>,
    /// `success`, `failure`, or absent when the record does not say.
    pub outcome: Option<Box<str>>,
    /// Human text of the record.
    pub message: Option<Box<str>>,
    /// All original fields by flat dotted name, types kept.
    pub fields: Fields,
    /// The record as received (EVTX: its JSON form).
    pub raw: Box<str>,
}

impl Event {
    /// An event with nothing known but where it stood and what it said.
    pub fn new(dialect: Dialect, source: Arc<str>, position: u64, raw: impl Into<Box<str>>) -> Self {
        Self {
            id: EventId::default(),
            at: Moment::EPOCH,
            time_quality: TimeQuality::Missing,
            dialect,
            source,
            position,
            logsources: Arc::default(),
            host: None,
            user: None,
            src_ip: None,
            dst_ip: None,
            process: None,
            action: None,
            outcome: None,
            message: None,
            fields: Fields::new(),
            raw: raw.into(),
        }
    }
    /// The field of that exact name.
    pub fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.get(name)
    }
    /// The field of that exact name as text; numbers and booleans are shown, lists are not.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            FieldValue::Null | FieldValue::List(_) => None,
            value => Some(value.to_string()),
        }
    }
}
