//! What a file is, judged by its content.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A file that nothing here reads: what it looks like and why that is no source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unknown {
    /// What it looks like, in words: `PDF document`, `XML document <html>`, `plain text`.
    pub sniffed: String,
    /// Why it is not read, in one sentence.
    pub reason: String,
}

/// A format that [`crate::read`] understands, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Windows event log file.
    Evtx,
    /// Windows events as JSON, from an export or a shipping agent.
    WindowsJson,
    /// AWS CloudTrail.
    CloudTrail,
    /// Other JSON records: lines, an array, or objects one after the other.
    Json,
    /// Syslog lines, RFC 3164 or 5424.
    Syslog,
    /// Linux auth log.
    AuthLog,
    /// Web server access log, common or combined.
    WebAccess,
    /// Nessus version 2 XML.
    Nessus,
    /// SARIF 2.1.0.
    Sarif,
    /// CycloneDX, JSON or XML.
    CycloneDx,
    /// nmap XML.
    Nmap,
    /// Rows of text with a header.
    Csv,
    /// Office Open XML workbook.
    Xlsx,
    /// gzip stream.
    Gzip,
    /// Zstandard stream.
    Zstd,
    /// ZIP archive.
    Zip,
    /// tar archive.
    Tar,
    /// Nothing that is read here.
    Unknown(Unknown),
}

impl Format {
    /// Every format that can be named with `--format`, in the order of the documentation.
    pub const ALL: [Self; 17] = [
        Self::Evtx,
        Self::WindowsJson,
        Self::CloudTrail,
        Self::Json,
        Self::Syslog,
        Self::AuthLog,
        Self::WebAccess,
        Self::Nessus,
        Self::Sarif,
        Self::CycloneDx,
        Self::Nmap,
        Self::Csv,
        Self::Xlsx,
        Self::Gzip,
        Self::Zstd,
        Self::Zip,
        Self::Tar,
    ];
    /// A format that is not read, said in words.
    pub fn unknown(sniffed: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unknown(Unknown { sniffed: sniffed.into(), reason: reason.into() })
    }
    /// Stable name.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Evtx => "evtx",
            Self::WindowsJson => "windows_json",
            Self::CloudTrail => "cloudtrail",
            Self::Json => "json",
            Self::Syslog => "syslog",
            Self::AuthLog => "auth_log",
            Self::WebAccess => "web_access",
            Self::Nessus => "nessus",
            Self::Sarif => "sarif",
            Self::CycloneDx => "cyclonedx",
            Self::Nmap => "nmap",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Unknown(_) => "unknown",
        }
    }
    /// The format with that stable name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }
    /// Name for people.
    pub fn label(&self) -> &str {
        match self {
            Self::Evtx => "Windows event log (EVTX)",
            Self::WindowsJson => "Windows events as JSON",
            Self::CloudTrail => "AWS CloudTrail",
            Self::Json => "JSON records",
            Self::Syslog => "Syslog",
            Self::AuthLog => "Linux auth log",
            Self::WebAccess => "Web access log",
            Self::Nessus => "Nessus report",
            Self::Sarif => "SARIF report",
            Self::CycloneDx => "CycloneDX bill of materials",
            Self::Nmap => "nmap report",
            Self::Csv => "CSV table",
            Self::Xlsx => "Excel workbook",
            Self::Gzip => "gzip file",
            Self::Zstd => "Zstandard file",
            Self::Zip => "ZIP archive",
            Self::Tar => "tar archive",
            Self::Unknown(unknown) => &unknown.sniffed,
        }
    }
    /// Whether it holds log records.
    pub fn is_log(&self) -> bool {
        matches!(
            self,
            Self::Evtx
                | Self::WindowsJson
                | Self::CloudTrail
                | Self::Json
                | Self::Syslog
                | Self::AuthLog
                | Self::WebAccess
        )
    }
    /// Whether it holds a scanner's report or a bill of materials.
    pub fn is_report(&self) -> bool {
        matches!(self, Self::Nessus | Self::Sarif | Self::CycloneDx | Self::Nmap)
    }
    /// Whether it holds rows and columns.
    pub fn is_table(&self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx)
    }
    /// Whether it wraps other files.
    pub fn is_container(&self) -> bool {
        matches!(self, Self::Gzip | Self::Zstd | Self::Zip | Self::Tar)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
