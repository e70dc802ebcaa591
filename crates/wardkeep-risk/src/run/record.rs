//! Who computed it: engine and formula versions.

use serde::{Deserialize, Serialize};

/// The engine of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Version of the formulas: a change of figures by design raises it.
    pub formulas: u32,
    /// How: `exact` (no seed) or `simulated`.
    pub method: String,
}

impl Engine {
    /// This engine.
    pub fn this() -> Self {
        Self {
            name: "wardkeep-risk".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            formulas: 1,
            method: "exact".into(),
        }
    }
}
