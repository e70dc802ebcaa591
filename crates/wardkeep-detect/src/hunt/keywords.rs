//! Keywords: each distinct value is looked at once for all rules that share their keywords, and only where rows of
//! their log sources have it.

use crate::matcher::{FieldPlan, Scan, Scratch};
use crate::view::{Looked, Scalar, each_member};
use ahash::RandomState;
use std::collections::HashMap;
use wardkeep_types::columns::{Column, Columns};
use wardkeep_types::event::FieldValue;

/// For each keyword that was found, by its number within the program, the rows in which it stands, in order.
pub(super) type Found = HashMap<u32, Vec<u32>, RandomState>;

/// Finds keywords in all values, messages and raw texts. Each plan's keywords are given with the plan's rows.
pub(super) fn find<'p>(plans: impl Iterator<Item = (&'p FieldPlan, &'p [u32])>, columns: &Columns) -> Found {
    let mut groups: HashMap<&[u32], (&FieldPlan, Vec<u32>)> = HashMap::new();
    for (plan, rows) in plans {
        groups.entry(&plan.leaves).or_insert_with(|| (plan, Vec::new())).1.extend_from_slice(rows);
    }
    let mut found = Found::default();
    let mut scratch = Scratch::default();
    for (plan, rows) in groups.into_values() {
        for column in columns.fields.values().chain([&columns.message, &columns.raw]) {
            search(plan, column, &rows, &mut scratch, &mut found);
        }
    }
    for rows in found.values_mut() {
        rows.sort_unstable();
        rows.dedup();
    }
    found
}

fn search(plan: &FieldPlan, column: &Column, rows: &[u32], scratch: &mut Scratch, found: &mut Found) {
    let code = |row: u32| (column.codes.get(row as usize).copied().unwrap_or(0) as usize).checked_sub(1);
    let mut hits: HashMap<usize, Vec<u32>, RandomState> = HashMap::default();
    if column.values.len() <= rows.len() {
        // Most columns hold no keyword: then no row need be looked at.
        for (code, value) in column.values.iter().enumerate() {
            let leaves = look(&plan.scan, value, scratch);
            if !leaves.is_empty() {
                hits.insert(code, leaves);
            }
        }
        if hits.is_empty() {
            return;
        }
    } else {
        for code in rows.iter().filter_map(|row| code(*row)) {
            hits.entry(code).or_insert_with(|| look(&plan.scan, &column.values[code], scratch));
        }
    }
    for row in rows {
        let Some(leaves) = code(*row).and_then(|code| hits.get(&code)) else { continue };
        for leaf in leaves {
            found.entry(plan.leaves[*leaf as usize]).or_default().push(*row);
        }
    }
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
