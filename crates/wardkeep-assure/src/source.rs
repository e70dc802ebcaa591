//! Where facts come from, and which names each source knows.

use crate::facts::EVENT_ENTITIES;
use std::fmt;
use std::str::FromStr;

/// A stream of facts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// Normalised log records.
    Events,
    /// Findings as they stand: one per weakness and asset.
    Findings,
    /// Single rows of scanner reports.
    Sightings,
    /// What reports say they looked at: one per report and target.
    Scans,
    /// Records of one register, by the register's name.
    Records(String),
}

/// The facts of a finding.
pub const FINDING_FACTS: &[&str] = &[
    "reference",
    "title",
    "severity",
    "class",
    "tool",
    "rule",
    "stage",
    "stage_category",
    "asset",
    "owner",
    "due",
    "first_seen",
    "last_seen",
    "closed_on",
    "known_exploited",
    "vulnerability",
    "fixed_in",
];
/// The facts of a scanner row.
pub const SIGHTING_FACTS: &[&str] = &[
    "tool",
    "rule",
    "title",
    "outcome",
    "class",
    "severity",
    "hostname",
    "ip",
    "name",
    "cloud_uid",
    "locus",
    "identity",
    "asset",
];
/// The facts of a scanned target.
pub const SCAN_FACTS: &[&str] = &[
    "tool",
    "kind",
    "hostname",
    "ip",
    "name",
    "cloud_uid",
    "asset",
    "reached",
    "credentialed",
    "complete",
    "components",
    "system",
];

impl Source {
    /// Whether a field of that name may exist. Events and registers know more names than can be listed here.
    pub fn may_know(&self, field: &str) -> bool {
        match self {
            Self::Events => !field.starts_with('@') || EVENT_ENTITIES.contains(&field),
            Self::Findings => FINDING_FACTS.contains(&field),
            Self::Sightings => SIGHTING_FACTS.contains(&field),
            Self::Scans => SCAN_FACTS.contains(&field),
            Self::Records(_) => !field.starts_with('@'),
        }
    }
    /// The names it knows, for a refusal; empty when they cannot be listed.
    pub fn known(&self) -> &'static [&'static str] {
        match self {
            Self::Events => EVENT_ENTITIES,
            Self::Findings => FINDING_FACTS,
            Self::Sightings => SIGHTING_FACTS,
            Self::Scans => SCAN_FACTS,
            Self::Records(_) => &[],
        }
    }
}

impl FromStr for Source {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let register = |name: &str| {
            !name.is_empty() && name.len() <= 64 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        };
        match text.trim() {
            "events" => Ok(Self::Events),
            "findings" => Ok(Self::Findings),
            "sightings" => Ok(Self::Sightings),
            "scans" => Ok(Self::Scans),
            other => match other.strip_prefix("records/") {
                Some(name) if register(name) => Ok(Self::Records(name.to_owned())),
                _ => Err(format!(
                    "'{other}' is not a source; use events, findings, sightings, scans or records/<register>"
                )),
            },
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Events => f.write_str("events"),
            Self::Findings => f.write_str("findings"),
            Self::Sightings => f.write_str("sightings"),
            Self::Scans => f.write_str("scans"),
            Self::Records(name) => write!(f, "records/{name}"),
        }
    }
}
