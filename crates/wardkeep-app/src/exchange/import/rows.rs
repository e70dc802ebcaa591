//! Rows of a table, cut into what names the record and what fills its fields.

use super::columns::{Columns, Slot};
use crate::Organisation;
use crate::exchange::marks::HELP;
use std::collections::HashMap;
use wardkeep_intake::Table;
use wardkeep_types::Id;

/// One row, still text.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw {
    pub(super) line: u64,
    pub(super) reference: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) stage: Option<String>,
    /// Texts of fields: index in `Columns::fields`. A column that is there and empty empties its field.
    pub(super) cells: Vec<(usize, String)>,
}

/// The rows of a table; the row of a template that explains the columns is no record.
pub(super) fn raw_rows(table: Table, columns: &Columns) -> Vec<Raw> {
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in table.rows {
        if row.cells.first().is_some_and(|cell| cell.starts_with(HELP)) {
            continue;
        }
        let mut raw = Raw { line: row.line, ..Raw::default() };
        for (slot, cell) in columns.slots.iter().zip(row.cells) {
            let said = || Some(cell.trim().to_owned()).filter(|c| !c.is_empty());
            match slot {
                Slot::Reference => raw.reference = said(),
                Slot::Unit => raw.unit = said(),
                Slot::Stage => raw.stage = said(),
                Slot::Field(index) => raw.cells.push((*index, cell)),
                Slot::Ignored => {}
            }
        }
        rows.push(raw);
    }
    rows
}

/// Units by what people write for them: reference, name or id.
pub(super) struct UnitNames {
    by_name: HashMap<String, Option<Id>>,
}

impl UnitNames {
    pub(super) fn of(organisation: &Organisation) -> Self {
        let mut by_name: HashMap<String, Option<Id>> = HashMap::new();
        for (id, (reference, name)) in &organisation.unit_names {
            by_name.insert(reference.to_lowercase(), Some(*id));
            by_name.insert(id.to_string(), Some(*id));
            by_name.entry(name.trim().to_lowercase()).and_modify(|one| *one = None).or_insert(Some(*id));
        }
        Self { by_name }
    }
    /// The unit of that reference, name or id; `UNI-0003 Cardiology` is read by its reference.
    pub(super) fn find(&self, text: &str) -> Result<Id, String> {
        let whole = text.trim().to_lowercase();
        let first = whole.split_whitespace().next().unwrap_or_default();
        match self.by_name.get(&whole).or_else(|| self.by_name.get(first).filter(|_| first.contains('-'))) {
            Some(Some(id)) => Ok(*id),
            Some(None) => Err(format!("several units are called '{text}'; write the reference")),
            None => Err(format!("there is no unit '{text}'")),
        }
    }
}
