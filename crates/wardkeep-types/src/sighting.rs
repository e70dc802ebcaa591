//! One row of a scanner's report, as it said it (`specs/exposure.md` 2).

use crate::{Moment, Severity};
use serde::{Deserialize, Serialize};

/// What the row says about the thing it looked at. Only `Fail` becomes a finding; `Pass` is coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The weakness is there.
    Fail,
    /// Looked at and fine.
    Pass,
    /// Could not or did not look. Never a pass.
    NotChecked,
    /// The tool failed on it. Never a pass.
    Error,
    /// The tool's user silenced it: the tool's opinion, not ours.
    Muted,
}

/// The class decides how a finding is identified (`specs/exposure.md` 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A vulnerable package: weakness = vulnerability, locus = purl without version.
    Package,
    /// A check of a host by a network scanner.
    HostCheck,
    /// A compliance or benchmark rule.
    Compliance,
    /// Source code (SAST).
    Code,
    /// A web application (DAST).
    Web,
    /// Cloud configuration.
    Cloud,
    /// A secret in a place where it must not be.
    Secret,
    /// Anything else.
    Other,
}

/// What the report says about the asset; matched to a record later, strongest key first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssetHint {
    /// Fully qualified or short host name.
    pub hostname: Option<String>,
    /// IP address.
    pub ip: Option<String>,
    /// Repository, project, image or service name.
    pub name: Option<String>,
    /// Cloud resource uid or ARN.
    pub cloud_uid: Option<String>,
}

impl AssetHint {
    /// The strongest key the hint has, for people.
    pub fn label(&self) -> &str {
        [&self.cloud_uid, &self.hostname, &self.name, &self.ip]
            .into_iter()
            .find_map(|x| x.as_deref())
            .unwrap_or("unknown asset")
    }
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// Row number within the report, from 1.
    pub row: u64,
    /// Tool family, such as `nessus`.
    pub tool: String,
    /// The tool's rule, plugin or check id.
    pub rule: String,
    /// Short human title.
    pub title: String,
    /// What the row says.
    pub outcome: Outcome,
    /// How a finding of it is identified.
    pub class: Class,
    /// Mapped severity.
    pub severity: Severity,
    /// The severity word or number as the tool wrote it.
    pub raw_severity: String,
    /// CVSS base score if the report states one.
    pub cvss: Option<f64>,
    /// CVSS vector if the report states one.
    pub vector: Option<String>,
    /// Vulnerability ids as written (CVE, GHSA, RUSTSEC, ...).
    pub vulnerabilities: Vec<String>,
    /// Weakness type, such as `CWE-79`.
    pub cwe: Option<String>,
    /// Which asset.
    pub asset: AssetHint,
    /// Where on the asset: `tcp/443`, a file and line, a purl, a URL.
    pub locus: String,
    /// The readable identity inside the asset: no version, no score, no date, no line number unless nothing
    /// else is there.
    pub identity: String,
    /// Package URL with version, for packages.
    pub purl: Option<String>,
    /// Version in which it is fixed.
    pub fixed_in: Option<String>,
    /// What to do, in the tool's words.
    pub solution: Option<String>,
    /// Proof as given, masked and at most 64 KiB.
    pub evidence: Option<String>,
}

/// Whether the scan looked with credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credentialed {
    /// With credentials that worked.
    Yes,
    /// On some targets.
    Partly,
    /// Without.
    No,
    /// The report does not say.
    #[default]
    Unknown,
}

/// A target that the scan says it looked at, with or without rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Which asset.
    pub asset: AssetHint,
    /// Whether it answered.
    pub reached: bool,
    /// With credentials?
    pub credentialed: Credentialed,
    /// Operating system as reported.
    pub system: Option<String>,
    /// Open ports as `tcp/443 https`.
    pub open_ports: Vec<String>,
}

/// A component of a bill of materials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Name.
    pub name: String,
    /// Version as written.
    pub version: Option<String>,
    /// Package URL as written.
    pub purl: Option<String>,
    /// `library`, `application`, `operating-system`, ...
    pub kind: String,
    /// Licences as written.
    pub licences: Vec<String>,
}

/// What one report says as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Tool family, such as `nessus`.
    pub tool: String,
    /// Tool version as written.
    pub tool_version: Option<String>,
    /// When the scan began.
    pub started: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// The targets it states.
    pub targets: Vec<Target>,
    /// Components, for a bill of materials.
    pub components: Vec<Component>,
    /// The thing a bill of materials describes.
    pub subject: Option<Component>,
    /// Rows.
    pub sightings: Vec<Sighting>,
    /// Whether the file ended as it should; a cut-off report closes nothing.
    pub complete: bool,
    /// The tool itself says it failed.
    pub tool_failed: Option<String>,
}
