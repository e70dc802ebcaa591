//! What somebody wants to write, and what became of it.

use super::Edits;
use wardkeep_register::Schema;
use wardkeep_types::{Id, Reference};

/// Which record a proposal is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A new record in that unit; the id is made by whoever wants to repeat the work safely.
    New {
        /// Its id.
        id: Id,
        /// Its unit.
        unit: Id,
    },
    /// An existing record.
    Existing {
        /// Its id.
        id: Id,
        /// The version that was read; `None` takes the newest, for programs that own the field they write.
        version: Option<i64>,
    },
}

/// Something somebody wants to write.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The register.
    pub schema: &'static Schema,
    /// Which record.
    pub target: Target,
    /// New values by field name; fields that are not named stay as they are.
    pub edits: Edits,
    /// A move to make with it.
    pub movement: Option<String>,
    /// Another unit.
    pub unit: Option<Id>,
    /// Need-to-know on or off.
    pub restricted: Option<bool>,
    /// Why.
    pub why: Option<String>,
    /// A second person has already agreed (set by the approvals alone).
    pub agreed: bool,
    /// The stage at which the program itself brings a new record in; nobody else may name one.
    pub(crate) stage: Option<&'static str>,
    /// The use case has worked out the computed fields among the edits; whoever acts still needs the right to edit.
    pub(crate) worked_out: bool,
}

impl Proposal {
    /// A new record.
    pub fn add(schema: &'static Schema, id: Id, unit: Id, edits: Edits) -> Self {
        Self::of(schema, Target::New { id, unit }, edits)
    }
    /// A new record that the program brings in at a later stage than the first: what ships proven, or was chosen by
    /// whoever started the program. The entry of the change log names the stage.
    pub(crate) fn add_at(
        schema: &'static Schema,
        id: Id,
        unit: Id,
        edits: Edits,
        stage: &'static str,
    ) -> Self {
        Self { stage: Some(stage), ..Self::add(schema, id, unit, edits) }
    }
    /// The computed fields among the edits were worked out by the use case itself, not given by whoever acts.
    #[must_use]
    pub(crate) fn worked_out(mut self) -> Self {
        self.worked_out = true;
        self
    }
    /// A change of fields.
    pub fn change(schema: &'static Schema, id: Id, version: Option<i64>, edits: Edits) -> Self {
        Self::of(schema, Target::Existing { id, version }, edits)
    }
    /// A move.
    pub fn movement(schema: &'static Schema, id: Id, version: Option<i64>, name: &str) -> Self {
        let movement = Some(name.to_owned());
        Self { movement, ..Self::of(schema, Target::Existing { id, version }, Edits::new()) }
    }
    /// Says why.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into()).filter(|w: &String| !w.trim().is_empty());
        self
    }
    fn of(schema: &'static Schema, target: Target, edits: Edits) -> Self {
        let (movement, unit, restricted, why, stage) = (None, None, None, None, None);
        let (agreed, worked_out) = (false, false);
        Self { schema, target, edits, movement, unit, restricted, why, agreed, stage, worked_out }
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The record.
    pub id: Id,
    /// Its reference.
    pub reference: Reference,
    /// Its version now.
    pub version: i64,
    /// The change's number; `None` when nothing differed.
    pub change: Option<i64>,
}
