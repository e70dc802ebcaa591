//! One row as comparisons see it.

use crate::ir::Field;
use crate::view::{Looked, Scalar, Values, any_member};
use wardkeep_types::columns::{Column, Columns};

/// The values of one row.
pub(super) struct Row<'c> {
    pub(super) columns: &'c Columns,
    pub(super) row: usize,
}

/// The column that a rule reads under a name, and the one it falls back to row by row.
pub(super) fn columns_of<'c>(columns: &'c Columns, name: &str) -> [Option<&'c Column>; 2] {
    [columns.fields.get(name), columns.entities.get(name)]
}

impl Values for Row<'_> {
    fn with(&self, field: &Field, see: &mut dyn FnMut(Option<&Looked<'_>>)) {
        let found = columns_of(self.columns, &field.name).into_iter().flatten().find_map(|c| c.get(self.row));
        match found {
            Some(value) => see(Some(&Looked::new(value))),
            None => see(None),
        }
    }
    fn any_text(&self, wanted: &mut dyn FnMut(&Looked<'_>) -> bool) -> bool {
        let all = self.columns.fields.values().chain([&self.columns.message, &self.columns.raw]);
        all.filter_map(|column| column.get(self.row)).any(|value| match Scalar::of(value) {
            Scalar::List(items) => any_member(items, wanted),
            scalar => wanted(&Looked::of(scalar)),
        })
    }
}
