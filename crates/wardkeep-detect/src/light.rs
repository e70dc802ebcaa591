//! Records that are no events yet, as the matcher sees them.

use crate::engine::{Slots, UNKNOWN};
use crate::ir::Field;
use crate::matcher::Input;
use crate::view::{Looked, Scalar, Values, any_member};
use wardkeep_types::record::{Cell, NameId, Names, Record};

/// What an engine says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen<'r> {
    /// No rule fires.
    Nothing,
    /// These rules fire, by place in the rule set and in order.
    Fires(&'r [u32]),
    /// Only an event can tell.
    Unsure,
}

/// Numbers of fields and numbers of names, for one table of names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Light {
    token: u64,
    slots: Vec<u32>,
    /// For each field, its name, if it was met.
    names: Vec<Option<NameId>>,
}

impl Light {
    /// Takes in the names that are new.
    pub(crate) fn learn(&mut self, names: &Names, slots: &Slots) {
        if self.token != names.token() {
            *self = Self { token: names.token(), slots: Vec::new(), names: vec![None; slots.len()] };
        }
        for (number, name) in names.all().iter().enumerate().skip(self.slots.len()) {
            let slot = slots.get(&**name).copied().unwrap_or(UNKNOWN);
            if let Some(place) = self.names.get_mut(slot as usize) {
                *place = Some(NameId(number as u32));
            }
            self.slots.push(slot);
        }
    }
    /// The values that rules may look at; with `keywords` all of them.
    pub(crate) fn inputs<'r>(&self, record: &'r Record, line: &'r str, keywords: bool) -> Vec<Input<'r>> {
        let mut inputs = Vec::with_capacity(record.fields.len());
        for (name, cell) in &record.fields {
            let slot = self.slots[name.0 as usize];
            if slot != UNKNOWN || keywords {
                inputs.push(Input { slot, scalar: scalar(*cell, record, line), searched: true });
            }
        }
        inputs
    }
    pub(crate) fn values<'r>(&'r self, record: &'r Record, line: &'r str) -> RecordValues<'r> {
        RecordValues { light: self, record, line }
    }
}

fn scalar<'r>(cell: Cell, record: &'r Record, line: &'r str) -> Scalar<'r> {
    match cell {
        Cell::Null => Scalar::Null,
        Cell::Bool(flag) => Scalar::Bool(flag),
        Cell::Int(number) => Scalar::Int(number),
        Cell::Float(number) => Scalar::Float(number),
        Cell::List(at) => Scalar::List(record.lists.get(at as usize).map_or(&[], Vec::as_slice)),
        text => Scalar::Text(record.text(text, line).unwrap_or_default()),
    }
}

/// The values of a record.
pub(crate) struct RecordValues<'r> {
    light: &'r Light,
    record: &'r Record,
    line: &'r str,
}

impl Values for RecordValues<'_> {
    fn with(&self, field: &Field, see: &mut dyn FnMut(Option<&Looked<'_>>)) {
        let name = self.light.names.get(field.slot as usize).copied().flatten();
        match name.and_then(|name| self.record.get(name)) {
            Some(cell) => see(Some(&Looked::of(scalar(cell, self.record, self.line)))),
            None => see(None),
        }
    }
    fn any_text(&self, wanted: &mut dyn FnMut(&Looked<'_>) -> bool) -> bool {
        self.record.fields.iter().any(|(_, cell)| match scalar(*cell, self.record, self.line) {
            Scalar::List(items) => any_member(items, wanted),
            scalar => wanted(&Looked::of(scalar)),
        })
    }
}
