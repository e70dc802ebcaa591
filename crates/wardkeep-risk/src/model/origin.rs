//! Where a number comes from.

use serde::{Deserialize, Serialize};

/// What a number rests on, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Measured here.
    Evidence,
    /// A study with a name and a date.
    Study,
    /// A person who answers for it.
    Expert,
    /// Put there so that something stands: replace it.
    Placeholder,
}

/// A value with its origin: no source kind, no value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// What it rests on.
    pub source: SourceKind,
    /// Who said it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
    /// The question that was asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// Why this answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// A public figure shown beside it, never used as the value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub anchor: String,
    /// Ids or hashes of evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

impl<T> Sourced<T> {
    /// A value with nothing but its source kind.
    pub fn new(value: T, source: SourceKind) -> Self {
        Self {
            value,
            source,
            by: String::new(),
            on: String::new(),
            question: String::new(),
            reason: String::new(),
            anchor: String::new(),
            evidence: Vec::new(),
        }
    }
}
