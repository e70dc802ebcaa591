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
    /// Windows events as XML, as the event viewer and wevtutil export them.
    WindowsXml,
    /// AWS CloudTrail.
    CloudTrail,
    /// Microsoft Entra ID sign-ins, audit and risk detections as JSON.
    Entra,
    /// Microsoft 365 unified audit, JSON or the CSV export.
    M365,
    /// Okta system log as JSON.
    Okta,
    /// Google Workspace activity reports as JSON.
    GoogleWorkspace,
    /// GitHub audit log as JSON.
    #[serde(rename = "github")]
    GitHub,
    /// Events in the Open Cybersecurity Schema Framework, as JSON.
    Ocsf,
    /// Other JSON records: lines, an array, or objects one after the other.
    Json,
    /// Syslog lines, RFC 3164 or 5424.
    Syslog,
    /// Linux auth log.
    AuthLog,
    /// Linux audit records, as auditd writes them.
    Auditd,
    /// Web server access log, common or combined.
    WebAccess,
    /// Web server error log, Apache or nginx.
    WebError,
    /// Suricata EVE JSON.
    Suricata,
    /// Zeek logs, tab-separated or JSON.
    Zeek,
    /// ArcSight common event format.
    Cef,
    /// QRadar log event extended format, versions 1 and 2.
    Leef,
    /// Lines of names and values.
    Logfmt,
    /// Rows with a header, one column of which is the time.
    CsvLog,
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
    pub const ALL: [Self; 32] = [
        Self::Evtx,
        Self::WindowsJson,
        Self::WindowsXml,
        Self::CloudTrail,
        Self::Entra,
        Self::M365,
        Self::Okta,
        Self::GoogleWorkspace,
        Self::GitHub,
        Self::Ocsf,
        Self::Json,
        Self::Syslog,
        Self::AuthLog,
        Self::Auditd,
        Self::WebAccess,
        Self::WebError,
        Self::Suricata,
        Self::Zeek,
        Self::Cef,
        Self::Leef,
        Self::Logfmt,
        Self::CsvLog,
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
            Self::WindowsXml => "windows_xml",
            Self::CloudTrail => "cloudtrail",
            Self::Entra => "entra",
            Self::M365 => "m365",
            Self::Okta => "okta",
            Self::GoogleWorkspace => "google_workspace",
            Self::GitHub => "github",
            Self::Ocsf => "ocsf",
            Self::Json => "json",
            Self::Syslog => "syslog",
            Self::AuthLog => "auth_log",
            Self::Auditd => "auditd",
            Self::WebAccess => "web_access",
            Self::WebError => "web_error",
            Self::Suricata => "suricata",
            Self::Zeek => "zeek",
            Self::Cef => "cef",
            Self::Leef => "leef",
            Self::Logfmt => "logfmt",
            Self::CsvLog => "csv_log",
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
            Self::WindowsXml => "Windows events as XML",
            Self::CloudTrail => "AWS CloudTrail",
            Self::Entra => "Microsoft Entra ID log",
            Self::M365 => "Microsoft 365 audit log",
            Self::Okta => "Okta system log",
            Self::GoogleWorkspace => "Google Workspace activity",
            Self::GitHub => "GitHub audit log",
            Self::Ocsf => "OCSF events",
            Self::Json => "JSON records",
            Self::Syslog => "Syslog",
            Self::AuthLog => "Linux auth log",
            Self::Auditd => "Linux audit log",
            Self::WebAccess => "Web access log",
            Self::WebError => "Web error log",
            Self::Suricata => "Suricata EVE log",
            Self::Zeek => "Zeek log",
            Self::Cef => "CEF log",
            Self::Leef => "LEEF log",
            Self::Logfmt => "logfmt log",
            Self::CsvLog => "CSV log",
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
                | Self::WindowsXml
                | Self::CloudTrail
                | Self::Entra
                | Self::M365
                | Self::Okta
                | Self::GoogleWorkspace
                | Self::GitHub
                | Self::Ocsf
                | Self::Json
                | Self::Syslog
                | Self::AuthLog
                | Self::Auditd
                | Self::WebAccess
                | Self::WebError
                | Self::Suricata
                | Self::Zeek
                | Self::Cef
                | Self::Leef
                | Self::Logfmt
                | Self::CsvLog
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
