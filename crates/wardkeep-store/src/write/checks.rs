//! What the database is asked before rows are written: targets of links, unique values, numbers.

use super::Write;
use crate::sql::{get, get_id};
use crate::{StoreError, Tx, cells};
use std::collections::{HashMap, HashSet};
use wardkeep_types::{Id, Reference};

/// Links must point to records of the register that the field names; records of the same batch count.
pub(super) async fn check_targets(tx: &Tx, batch: &[Write<'_>]) -> Result<(), StoreError> {
    let mut known: HashMap<Id, String> = HashMap::new();
    let mut wanted: Vec<(usize, &str, &str, Id)> = Vec::new();
    for (index, write) in batch.iter().enumerate() {
        let (schema, row, id) = match write {
            Write::Add { schema, row, id, .. } => (schema, row, Some(*id)),
            Write::Change { schema, row, .. } => (schema, row, None),
            Write::Act(_) => continue,
        };
        if let Some(id) = id {
            known.insert(id, schema.key.to_owned());
        }
        for (field, value) in schema.fields.iter().zip(&row.get().values) {
            let target = field.kind.target().unwrap_or_default();
            wanted.extend(value.links().iter().map(|to| (index, field.name, target, *to)));
        }
    }
    let ids: HashSet<Id> = wanted.iter().map(|w| w.3).filter(|id| !known.contains_key(id)).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    for chunk in ids.chunks(500) {
        let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
        let sql = format!("SELECT id, register FROM record WHERE id IN ({})", marks.join(","));
        for row in &tx.rows(&sql, chunk.iter().map(|id| (*id).into()).collect()).await? {
            known.insert(get_id(row, "id")?, get(row, "register")?);
        }
    }
    for (index, field, register, target) in wanted {
        if known.get(&target).is_none_or(|found| found != register) {
            let error = StoreError::BrokenLink { field: field.into(), target };
            return Err(StoreError::At { index, error: Box::new(error) });
        }
    }
    Ok(())
}

/// A unique value that a write would leave in a record.
struct Asked {
    index: usize,
    value: String,
    id: Id,
    is_new: bool,
}

/// No two records of a register share the value of a unique field, in the table or within the batch.
pub(super) async fn check_unique(tx: &Tx, batch: &[Write<'_>]) -> Result<(), StoreError> {
    let mut wanted: HashMap<(&str, &str), Vec<Asked>> = HashMap::new();
    for (index, write) in batch.iter().enumerate() {
        let (schema, row, id, is_new) = match write {
            Write::Add { schema, row, id, .. } => (schema, row, *id, true),
            Write::Change { schema, row, id, .. } => (schema, row, *id, false),
            Write::Act(_) => continue,
        };
        for (field, value) in schema.fields.iter().zip(&row.get().values) {
            if field.unique && !value.is_empty() {
                wanted.entry((schema.key, field.name)).or_default().push(Asked {
                    index,
                    value: value.show(),
                    id,
                    is_new,
                });
            }
        }
    }
    for ((table, field), asked) in wanted {
        let not_unique = |index: usize, reference: String| {
            let error = StoreError::NotUnique { field: field.to_owned(), reference };
            StoreError::At { index, error: Box::new(error) }
        };
        let mut seen: HashMap<&str, Id> = HashMap::new();
        for one in &asked {
            // A record may be changed by the batch that adds it; added twice it is two.
            if seen.insert(&one.value, one.id).is_some_and(|other| one.is_new || other != one.id) {
                return Err(not_unique(one.index, "an earlier row of the same batch".into()));
            }
        }
        for chunk in asked.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!(
                "SELECT id, ref_prefix, ref_number, \"{field}\" AS v FROM \"{table}\" WHERE \"{field}\" IN ({})",
                marks.join(",")
            );
            for row in &tx.rows(&sql, chunk.iter().map(|one| one.value.clone().into()).collect()).await? {
                let (owner, value): (Id, String) = (get_id(row, "id")?, get(row, "v")?);
                let other = |one: &&Asked| one.value == value && (one.is_new || one.id != owner);
                if let Some(one) = chunk.iter().find(other) {
                    let number = get::<i64>(row, "ref_number")? as u64;
                    let reference = Reference::new(&get::<String>(row, "ref_prefix")?, number);
                    return Err(not_unique(one.index, reference.to_string()));
                }
            }
        }
    }
    Ok(())
}

/// Reserves running numbers: the last one used before the batch, by prefix.
pub(super) async fn take_numbers(
    tx: &Tx,
    batch: &[Write<'_>],
) -> Result<HashMap<&'static str, i64>, StoreError> {
    let mut wanted: HashMap<&'static str, i64> = HashMap::new();
    for write in batch {
        if let Write::Add { schema, .. } = write {
            *wanted.entry(schema.names.prefix).or_default() += 1;
        }
    }
    let mut last = HashMap::new();
    for (prefix, count) in wanted {
        let sql = "INSERT INTO counter (name, next) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET next = counter.next + $2 RETURNING next";
        let row = tx.row(sql, cells![prefix, count]).await?;
        let next: i64 = row.map_or(Err(StoreError::Inconsistent("counter".into())), |r| get(&r, "next"))?;
        last.insert(prefix, next - count);
    }
    Ok(last)
}
