//! Rows on their way into their tables, many in a statement.

use super::Pending;
use crate::search::Words;
use crate::sql::{get, get_id};
use crate::{Cell, StoreError, Tx};
use std::collections::HashMap;
use wardkeep_types::Id;

/// Most parameters of one statement that both databases take.
pub(super) const PARAMETERS: usize = 30_000;

pub(super) async fn insert(
    tx: &Tx,
    table: &str,
    columns: &[String],
    rows: Vec<Vec<Cell>>,
) -> Result<(), StoreError> {
    let columns_text = columns.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", ");
    for chunk in rows.chunks((PARAMETERS / columns.len()).min(500)) {
        let mut n = 0;
        let tuples: Vec<String> = chunk
            .iter()
            .map(|row| {
                let marks: Vec<String> = row
                    .iter()
                    .map(|_| {
                        n += 1;
                        format!("${n}")
                    })
                    .collect();
                format!("({})", marks.join(","))
            })
            .collect();
        let sql = format!("INSERT INTO \"{table}\" ({columns_text}) VALUES {}", tuples.join(","));
        tx.run(&sql, chunk.iter().flatten().cloned().collect()).await?;
    }
    Ok(())
}

pub(super) async fn flush(tx: &Tx, pending: &mut Pending) -> Result<(), StoreError> {
    let pending = std::mem::take(pending);
    let names = |list: &[&str]| list.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let record = names(&[
        "id",
        "register",
        "reference",
        "title",
        "unit_id",
        "owner_id",
        "due_on",
        "stage",
        "is_open",
        "restricted",
        "version",
        "created_at",
        "changed_at",
    ]);
    insert(tx, "record", &record, pending.records).await?;
    for (table, (columns, rows)) in pending.rows {
        insert(tx, table, &columns, rows).await?;
    }
    let link = names(&["from_id", "field", "to_id", "from_change", "to_change"]);
    insert(tx, "link", &link, pending.links).await?;
    let change = names(&["n", "at", "actor_id", "record_id", "register", "act", "unit_id", "entry", "hash"]);
    insert(tx, "change", &change, pending.changes).await?;
    let value = names(&["n", "field", "old_value", "old_salt", "new_value", "new_salt"]);
    insert(tx, "change_value", &value, pending.values).await?;
    index_all(tx, pending.words).await
}

pub(super) async fn index_all(
    tx: &Tx,
    words: Vec<(Id, String, String, &'static str, Id)>,
) -> Result<(), StoreError> {
    let mut known: HashMap<Id, i64> = HashMap::new();
    for chunk in words.chunks(500) {
        let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
        let sql = format!("SELECT id, seq FROM record WHERE id IN ({})", marks.join(","));
        for row in &tx.rows(&sql, chunk.iter().map(|w| w.0.into()).collect()).await? {
            known.insert(get_id(row, "id")?, get(row, "seq")?);
        }
    }
    let found: Vec<Words<'_>> = words
        .iter()
        .filter_map(|(id, title, body, register, unit)| {
            known.get(id).map(|seq| Words { seq: *seq, title, body, register, unit: *unit })
        })
        .collect();
    tx.index_many(&found).await
}
