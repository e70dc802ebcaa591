//! Keywords: every distinct value of every column is looked at once, whatever the number of rules and log sources.

use crate::matcher::{Scan, Scratch};
use crate::view::{Looked, Scalar, each_member};
use ahash::RandomState;
use std::collections::HashMap;
use wardkeep_types::columns::{Column, Columns};
use wardkeep_types::event::FieldValue;

/// For each keyword that was found, by its number within the program, the rows in which it stands, in order.
pub(super) type Found = HashMap<u32, Vec<u32>, RandomState>;

/// Finds keywords in all values, messages and raw texts.
pub(super) fn find(scan: &Scan, numbers: &[u32], columns: &Columns) -> Found {
    let mut found = Found::default();
    let mut scratch = Scratch::default();
    for column in columns.fields.values().chain([&columns.message, &columns.raw]) {
        let hits: Vec<Vec<u32>> = column.values.iter().map(|value| look(scan, value, &mut scratch)).collect();
        if hits.iter().any(|hits| !hits.is_empty()) {
            rows(column, &hits, numbers, &mut found);
        }
    }
    for rows in found.values_mut() {
        rows.sort_unstable();
        rows.dedup();
    }
    found
}

fn look(scan: &Scan, value: &FieldValue, scratch: &mut Scratch) -> Vec<u32> {
    match Scalar::of(value) {
        Scalar::Null => Vec::new(),
        Scalar::Int(_) | Scalar::Float(_) if !scan.may_be_number() => Vec::new(),
        Scalar::List(items) => {
            let mut all = Vec::new();
            each_member(items, &mut |member| {
                scan.look(member, scratch);
                all.extend_from_slice(&scratch.found);
            });
            all
        }
        scalar => {
            scan.look(&Looked::of(scalar), scratch);
            scratch.found.clone()
        }
    }
}

fn rows(column: &Column, hits: &[Vec<u32>], numbers: &[u32], found: &mut Found) {
    for (row, code) in (0_u32..).zip(&column.codes) {
        let Some(code) = (*code as usize).checked_sub(1) else { continue };
        for leaf in &hits[code] {
            found.entry(numbers[*leaf as usize]).or_default().push(row);
        }
    }
}
