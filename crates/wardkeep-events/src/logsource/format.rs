//! The form of `content/logsources/*.yaml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use wardkeep_types::event::{Dialect, LogSource};

/// A field to fill: its name, and the fields to take the value from, best first.
pub(super) type Copies = BTreeMap<String, Vec<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub dialect: Dialects,
    /// Fields whose value names the source, best first.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Field that holds the event id.
    #[serde(default)]
    pub event: Option<String>,
    /// Look the key up without path and without what follows a bracket.
    #[serde(default)]
    pub plain_key: bool,
    /// Log sources of every event of a dialect.
    #[serde(default)]
    pub always: BTreeMap<Dialect, Vec<LogSource>>,
    /// Log sources of events whose source is not listed.
    #[serde(default)]
    pub otherwise: Vec<LogSource>,
    /// Fields from which empty entities are filled.
    #[serde(default)]
    pub entities: BTreeMap<Entity, Vec<String>>,
    /// Fields that also take the values of others, as a list.
    #[serde(default)]
    pub also: Copies,
    #[serde(default)]
    pub copy: Copies,
    pub sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Dialects {
    One(Dialect),
    Several(Vec<Dialect>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entity {
    Host,
    User,
    SrcIp,
    DstIp,
    Process,
    Action,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    /// Values of the key, without regard to case.
    pub is: Vec<String>,
    /// Only in this dialect of the file.
    #[serde(default)]
    pub dialect: Option<Dialect>,
    /// Its log source; events add a category to it.
    pub logsource: LogSource,
    /// Further log sources.
    #[serde(default)]
    pub logsources: Vec<LogSource>,
    /// Offer field names with blanks also without them.
    #[serde(default)]
    pub unblank: bool,
    #[serde(default)]
    pub copy: Copies,
    #[serde(default)]
    pub events: Vec<ById>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ById {
    pub id: Vec<i64>,
    pub category: String,
    /// Fields that must have one of these values.
    #[serde(default)]
    pub when: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub copy: Copies,
    /// For copied fields, the word that stands for a code; word and code are then both offered.
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, String>>,
}
