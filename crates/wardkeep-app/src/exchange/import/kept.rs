//! What the store keeps of a staged row beside its columns.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use wardkeep_register::{Field, Schema, Value};
use wardkeep_types::Id;

use crate::records::Edits;
use crate::{Error, Organisation};

/// What a row wants to write: column `edits` of `import_row`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Line of the file, from 1.
    pub(super) line: u64,
    /// The unit of a new record, or the unit to which one moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<Id>,
    /// The record it meets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    /// New values by field name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(super) edits: Map<String, Json>,
    /// Moves still to be made after it; absent when there are none, which is how pending ones are found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) moves: Vec<String>,
}

/// Finds rows with moves still to be made. A quote within a value is escaped in JSON, so no value looks like it.
pub(super) const MOVES_PENDING: &str = "%\"moves\":[\"%";

/// What stood before a change: column `undo` of `import_row`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Before {
    /// The unit, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<Id>,
    /// The stage, if it changes; absent for a new record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stage: Option<String>,
    /// The values, null where there was nothing.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(super) edits: Map<String, Json>,
}

/// Values as they are kept.
pub(super) fn to_json(edits: &Edits) -> Map<String, Json> {
    edits.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
}

/// Kept values as values.
pub(super) fn from_json(
    schema: &Schema,
    organisation: &Organisation,
    json: &Map<String, Json>,
) -> Result<Edits, Error> {
    let mut edits = Edits::new();
    for (name, json) in json {
        // A custom field that was retired since is left out.
        let Some(field) = field_of(schema, organisation, name) else { continue };
        let value =
            Value::from_json(&field, json).map_err(|e| Error::fault(format!("staged row: {name}: {e}")))?;
        edits.insert(name.clone(), value);
    }
    Ok(edits)
}

/// The declared or custom field of that name.
pub(super) fn field_of(schema: &Schema, organisation: &Organisation, name: &str) -> Option<Field> {
    let custom = || organisation.custom(schema.key).iter().find(|f| f.name == name).copied();
    schema.field(name).map(|(_, field)| *field).or_else(custom)
}
