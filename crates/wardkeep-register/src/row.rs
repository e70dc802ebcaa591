//! Rows: a record's values without its Rust type.

use crate::Value;
use std::collections::BTreeMap;
use wardkeep_types::{Id, Moment, Reference};

/// The values of one record, parallel to its register's fields, and the values of custom fields by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Parallel to the schema's declared fields.
    pub values: Vec<Value>,
    /// Custom fields that have a value.
    pub custom: BTreeMap<String, Value>,
}

/// What every record has, whatever its register.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Identity.
    pub id: Id,
    /// Human reference.
    pub reference: Reference,
    /// The part of the organisation it belongs to.
    pub unit: Id,
    /// Key of its stage.
    pub stage: String,
    /// Grows by one with each change; a write names the version it read.
    pub version: i64,
    /// Only for those on its need-to-know list.
    pub restricted: bool,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub changed_at: Moment,
}

/// A record as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// What every record has.
    pub head: Head,
    /// Its values.
    pub row: Row,
}

/// Proof that a value passed its register's checks. Only [`crate::Schema::check`] makes one, and the store
/// takes nothing else: forgetting to check does not compile.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<T>(T);

impl<T> Checked<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }
    /// The value.
    pub fn get(&self) -> &T {
        &self.0
    }
    /// The value, taken out.
    pub fn into_inner(self) -> T {
        self.0
    }
}
