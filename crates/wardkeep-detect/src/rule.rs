//! A compiled rule.

use crate::correlation::Correlation;
use crate::ir::Node;
use rsigma_parser as sigma;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wardkeep_types::Severity;
use wardkeep_types::event::LogSource;

/// How mature a rule is, as its author says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Proven in use.
    Stable,
    /// Nearly proven.
    Test,
    /// Young: expect false alarms.
    Experimental,
    /// Replaced by another.
    Deprecated,
    /// Cannot work here.
    Unsupported,
    /// The rule does not say.
    Unknown,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSource {
    /// Shipped with Wardkeep.
    BuiltIn,
    /// Read from a folder or a checkout.
    Folder,
    /// Written in Wardkeep.
    Hand,
}

/// A rule's own file: its text and where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFile {
    /// Path to show to people.
    pub path: String,
    /// The YAML.
    pub text: String,
    /// Where it comes from.
    pub source: RuleSource,
}

impl RuleFile {
    /// A file from a folder.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), source: RuleSource::Folder }
    }
}

/// What a rule looks for.
#[derive(Debug, Clone)]
pub enum Logic {
    /// Something in a single event.
    Detection(Node),
    /// Something in several hits of other rules.
    Correlation(Box<Correlation>),
}

/// A compiled rule with what people need to know about it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The rule's own id; a rule without one gets an id made from its title and logic.
    pub id: Arc<str>,
    /// The name by which correlations may call it.
    pub name: Option<Arc<str>>,
    /// Title.
    pub title: Arc<str>,
    /// What it is about.
    pub description: String,
    /// Author as written.
    pub author: String,
    /// Level.
    pub level: Severity,
    /// Maturity.
    pub status: Status,
    /// All tags as written.
    pub tags: Vec<String>,
    /// ATT&CK tactics, such as `credential-access`.
    pub tactics: Vec<String>,
    /// ATT&CK techniques, such as `T1003.001`.
    pub techniques: Vec<String>,
    /// References.
    pub references: Vec<String>,
    /// Log source it is written for. Correlations have none of their own.
    pub logsource: LogSource,
    /// What it looks for.
    pub logic: Logic,
    /// Condition as written.
    pub condition: String,
    /// Fields worth showing on an alert.
    pub fields: Vec<String>,
    /// Known harmless causes.
    pub falsepositives: Vec<String>,
    /// Placeholders that have no list: while any is missing the rule is not evaluated.
    pub unset_placeholders: Vec<String>,
    /// Titles of the filters applied to it.
    pub filters: Vec<Arc<str>>,
    /// Whether its own hits are reported; false when it only feeds correlations (`generate: false`).
    pub reported: bool,
    /// Whether it is left out of all matching (see [`crate::RuleSet::keep`]).
    pub asleep: bool,
    /// File it was read from.
    pub path: Arc<str>,
    /// Where it comes from.
    pub source: RuleSource,
}

impl Rule {
    /// Whether the rule can ever fire: it states a log source, its placeholders are filled, and it is not asleep.
    pub fn runnable(&self) -> bool {
        let routed = matches!(self.logic, Logic::Correlation(_)) || self.logsource != LogSource::default();
        routed && !self.asleep && self.unset_placeholders.is_empty()
    }
    /// Whether an event of that log source is one that the rule is written for (DE-2: a rule without a log source
    /// is written for none).
    pub fn takes(&self, from: &LogSource) -> bool {
        crate::route::takes(&self.logsource, from)
    }
}

pub(crate) fn severity(level: Option<sigma::Level>) -> Severity {
    match level {
        None => Severity::Unknown,
        Some(sigma::Level::Informational) => Severity::Info,
        Some(sigma::Level::Low) => Severity::Low,
        Some(sigma::Level::Medium) => Severity::Medium,
        Some(sigma::Level::High) => Severity::High,
        Some(sigma::Level::Critical) => Severity::Critical,
    }
}

pub(crate) fn status(status: Option<sigma::Status>) -> Status {
    match status {
        None => Status::Unknown,
        Some(sigma::Status::Stable) => Status::Stable,
        Some(sigma::Status::Test) => Status::Test,
        Some(sigma::Status::Experimental) => Status::Experimental,
        Some(sigma::Status::Deprecated) => Status::Deprecated,
        Some(sigma::Status::Unsupported) => Status::Unsupported,
    }
}

/// Tactics and techniques among the tags.
pub(crate) fn attack(tags: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for tag in tags {
        let tag = tag.to_lowercase();
        let Some(rest) = tag.strip_prefix("attack.") else { continue };
        let is_technique = rest.starts_with('t') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        let is_other = rest.len() > 1
            && rest.starts_with(['g', 's', 'c', 'm'])
            && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if is_technique {
            techniques.push(rest.to_uppercase());
        } else if !is_other {
            tactics.push(rest.replace('_', "-"));
        }
    }
    (tactics, techniques)
}

pub(crate) fn logsource(source: &sigma::LogSource) -> LogSource {
    let part = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| Arc::from(text.to_lowercase()))
    };
    LogSource {
        category: part(&source.category),
        product: part(&source.product),
        service: part(&source.service),
    }
}

#[cfg(test)]
mod tests {
    use super::attack;

    #[test]
    fn tags_are_sorted_into_tactics_and_techniques() {
        let tags =
            ["attack.T1059.001", "attack.credential_access", "attack.g0010", "cve.2021-1", "attack.stealth"];
        let (tactics, techniques) = attack(&tags.map(String::from));
        assert_eq!(tactics, ["credential-access", "stealth"]);
        assert_eq!(techniques, ["T1059.001"]);
    }
}
