//! Which Sigma log sources an event belongs to, and under which names rules expect its fields (EV-1, EV-2).
//!
//! The facts are in `content/logsources/*.yaml`; here they are compiled once into lookups by dialect, then by
//! channel, provider or program, then by event id.

mod apply;
mod compile;
mod format;
mod light;

use compile::Plan;
pub use light::LightMapping;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};
use wardkeep_types::event::{Dialect, Event, LogSource};

/// Name and text of each mapping that Wardkeep ships.
pub const CONTENT: &[(&str, &str)] = &[
    ("auditd.yaml", include_str!("../../../../content/logsources/auditd.yaml")),
    ("cloud.yaml", include_str!("../../../../content/logsources/cloud.yaml")),
    ("devices.yaml", include_str!("../../../../content/logsources/devices.yaml")),
    ("entra.yaml", include_str!("../../../../content/logsources/entra.yaml")),
    ("github.yaml", include_str!("../../../../content/logsources/github.yaml")),
    ("google_workspace.yaml", include_str!("../../../../content/logsources/google_workspace.yaml")),
    ("linux.yaml", include_str!("../../../../content/logsources/linux.yaml")),
    ("m365.yaml", include_str!("../../../../content/logsources/m365.yaml")),
    ("network.yaml", include_str!("../../../../content/logsources/network.yaml")),
    ("ocsf.yaml", include_str!("../../../../content/logsources/ocsf.yaml")),
    ("okta.yaml", include_str!("../../../../content/logsources/okta.yaml")),
    ("web.yaml", include_str!("../../../../content/logsources/web.yaml")),
    ("web_error.yaml", include_str!("../../../../content/logsources/web_error.yaml")),
    ("windows.yaml", include_str!("../../../../content/logsources/windows.yaml")),
];

/// A mapping that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct MappingError {
    /// The mapping's file.
    pub file: String,
    /// What is wrong, with line and column where known.
    pub message: String,
}

/// A compiled mapping.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    plans: HashMap<Dialect, Plan>,
}

impl Mapping {
    /// Compiles mapping files (name and YAML). A later file adds to the dialects of an earlier one.
    pub fn compile<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for (name, text) in files {
            let wrong = |message: String| MappingError { file: name.to_owned(), message };
            let file: format::File = serde_yaml_ng::from_str(text).map_err(|e| wrong(e.to_string()))?;
            compile::add(&mut mapping.plans, &file).map_err(wrong)?;
        }
        mapping.plans.values_mut().for_each(Plan::finish);
        Ok(mapping)
    }
    /// Fills `event.logsources` and the field names that rules expect; entities only where the reader left them
    /// empty. Doing it twice changes nothing.
    pub fn classify(&self, event: &mut Event) {
        match self.plans.get(&event.dialect) {
            Some(plan) => apply::apply(plan, event),
            None => event.logsources = Arc::default(),
        }
    }
    /// Every log source that the mapping can give: rules for others are blind.
    pub fn logsources(&self) -> BTreeSet<LogSource> {
        self.plans.values().flat_map(Plan::logsources).collect()
    }
}

static SHIPPED: LazyLock<Mapping> = LazyLock::new(|| {
    // A test compiles the same constants, so this cannot fail in a build that passed its tests.
    Mapping::compile(CONTENT.iter().copied()).unwrap_or_default()
});

/// The mapping that Wardkeep ships.
pub fn shipped() -> &'static Mapping {
    &SHIPPED
}

/// Fills log sources and field names by the shipped mapping.
pub fn classify(event: &mut Event) {
    SHIPPED.classify(event);
}
