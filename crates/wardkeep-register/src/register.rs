//! The traits that a register file implements.

use crate::{ChoiceOption, Field, Move, Names, StageSchema, Value};
use wardkeep_types::Problems;

/// A struct whose fields are a register's fields. Derived; the derive copies facts and decides nothing.
pub trait Record: Sized {
    /// The fields in declared order.
    const FIELDS: &'static [Field];
    /// The record as values, parallel to `FIELDS`.
    fn to_values(&self) -> Vec<Value>;
    /// Back from values; names every field that is missing or of the wrong kind.
    fn from_values(values: &[Value]) -> Result<Self, Problems>;
}

/// A closed list of choices. Derived.
pub trait Choice: Sized + Copy + PartialEq + 'static {
    /// The choices in declared order.
    const OPTIONS: &'static [ChoiceOption];
    /// The stable key.
    fn key(self) -> &'static str;
    /// Back from the key.
    fn from_key(key: &str) -> Option<Self>;
}

/// The stages of a register, in order; the first is where records begin. Derived.
pub trait Stages: Sized + Copy + PartialEq + 'static {
    /// The stages in declared order.
    const STAGES: &'static [StageSchema];
    /// The stable key.
    fn key(self) -> &'static str;
    /// Back from the key.
    fn from_key(key: &str) -> Option<Self>;
}

/// A register: what is kept, how it moves, what must hold.
pub trait Register: Record + 'static {
    /// Its stages.
    type Stage: Stages;
    /// Its names.
    const NAMES: Names;
    /// Its moves.
    const MOVES: &'static [Move<Self>];
    /// Single records can be restricted to a need-to-know list.
    const NEED_TO_KNOW: bool = false;
    /// Records hold one natural person's data and can be erased.
    const PERSONAL: bool = false;
    /// Brings values into the form in which they are kept, before they are checked: one form for what people write in
    /// many. Applied twice, it changes nothing more.
    const TIDY: Option<fn(&mut Self)> = None;
    /// What must hold between fields in that stage; single fields are checked by their type.
    fn check(&self, _stage: Self::Stage, _problems: &mut Problems) {}
}
