//! Finding and replacing what gives a person away, in every table, in the search index and in stored files.

use crate::catalog::{Sort, Table};
use crate::files::Files;
use crate::needles::Needles;
use crate::read::stored;
use crate::search::body;
use crate::sql::{get, get_id};
use crate::{Dialect, StoreError, Tx, cells};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use tokio::io::AsyncReadExt;
use wardkeep_register::Schema;
use wardkeep_types::Id;

/// Rows looked at closely at a time.
const PAGE: i64 = 500;
/// Bytes of a file looked at at a time.
const PIECE: usize = 1024 * 1024;

/// The erasure for which a table is redacted.
pub(crate) struct Redacted<'a> {
    /// The record.
    pub id: Id,
    /// What replaces a text.
    pub mark: &'a str,
}

/// A page of rows that may hold a needle: places and texts of the table's text columns.
async fn suspects(
    tx: &Tx,
    table: &str,
    columns: &[&str],
    needles: &Needles,
    after: &str,
) -> Result<Vec<(String, Vec<Option<String>>)>, StoreError> {
    let dialect = tx.dialect();
    let mut values = cells![after];
    let mut conditions = Vec::new();
    for hint in needles.hints() {
        values.push(hint.into());
        let mark = format!("${}", values.len());
        conditions.extend(columns.iter().map(|c| dialect.holds(&format!("\"{c}\""), &mark)));
    }
    let list = columns.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", ");
    let place = dialect.place("$1").0;
    let rest = dialect.behind("$1", &conditions.join(" OR "), PAGE);
    let sql = format!("SELECT {place} AS \"_place\", {list} FROM \"{table}\" WHERE {rest}");
    let rows = tx.rows(&sql, values).await?;
    rows.iter()
        .map(|row| Ok((get(row, "_place")?, columns.iter().map(|c| get(row, c)).collect::<Result<_, _>>()?)))
        .collect()
}

/// Replaces needles in all text columns of a table; returns the rows changed.
pub(crate) async fn table(
    tx: &Tx,
    table: &Table,
    needles: &Needles,
    why: &Redacted<'_>,
) -> Result<u64, StoreError> {
    let texts: Vec<_> = table.columns.iter().filter(|c| c.sort == Sort::Text).collect();
    if texts.is_empty() || needles.is_empty() {
        return Ok(0);
    }
    let names: Vec<&str> = texts.iter().map(|c| c.name.as_str()).collect();
    let (mut changed, mut after) = (0, tx.dialect().before_all().to_owned());
    loop {
        let page = suspects(tx, &table.name, &names, needles, &after).await?;
        let Some((last, _)) = page.last() else { return Ok(changed) };
        after.clone_from(last);
        for (place, row) in page {
            let mut values = cells![place];
            let mut sets = Vec::new();
            for (column, text) in texts.iter().zip(row) {
                let Some(mut text) = text.and_then(|t| needles.redact(&t)) else { continue };
                // Two erased persons may not meet in a column where every value stands alone.
                if column.unique && text.contains(why.mark) {
                    text = format!("{text} {} {}", why.id.uuid().simple(), changed);
                }
                values.push(text.into());
                sets.push(format!("\"{}\" = ${}", column.name, values.len()));
            }
            if !sets.is_empty() {
                let here = tx.dialect().place("$1").1;
                let sql = format!("UPDATE \"{}\" SET {} WHERE {here}", table.name, sets.join(", "));
                changed += tx.run(&sql, values).await?;
            }
        }
    }
}

/// Drops values of the change log that hold a needle, with their salts; adds them to `dropped`.
pub(crate) async fn drop_values(
    tx: &Tx,
    needles: &Needles,
    dropped: &mut Vec<String>,
) -> Result<u64, StoreError> {
    if needles.is_empty() {
        return Ok(0);
    }
    let columns = ["field", "old_value", "new_value"];
    let (mut changed, mut after) = (0, tx.dialect().before_all().to_owned());
    loop {
        let page = suspects(tx, "change_value", &columns, needles, &after).await?;
        let Some((last, _)) = page.last() else { return Ok(changed) };
        after.clone_from(last);
        for (place, row) in page {
            let given = |i: usize| row[i].as_deref().is_some_and(|text| needles.are_in(text));
            let mut sets = Vec::new();
            for (side, i) in [("old", 1), ("new", 2)] {
                if given(i) {
                    sets.push((side, format!("{side}_value = NULL, {side}_salt = NULL")));
                }
            }
            if sets.is_empty() {
                continue;
            }
            let list = sets.iter().map(|s| s.1.as_str()).collect::<Vec<_>>().join(", ");
            let here = tx.dialect().place("$1").1;
            let sql = format!("UPDATE change_value SET {list} WHERE {here} RETURNING n");
            let Some(updated) = tx.row(&sql, cells![place]).await? else { continue };
            let n: i64 = get(&updated, "n")?;
            let field = row[0].as_deref().unwrap_or_default();
            dropped.extend(sets.iter().map(|(side, _)| format!("{n}/{field}/{side}")));
            changed += 1;
        }
    }
}

/// Indexes again what the index finds by the person's texts; the rows themselves hold them no more.
pub(crate) async fn index(tx: &Tx, needles: &Needles, schemas: &[Schema]) -> Result<(), StoreError> {
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for text in &needles.texts {
        let (sql, words) = match tx.dialect() {
            Dialect::Sqlite => {
                let Some(words) = tx.dialect().match_text(&format!("{text} "), &[]) else { continue };
                ("SELECT rowid AS seq FROM search WHERE search MATCH $1", words)
            }
            Dialect::Postgres => {
                ("SELECT seq FROM search WHERE doc @@ plainto_tsquery('simple', $1)", text.clone())
            }
        };
        for row in &tx.rows(sql, cells![words]).await? {
            found.insert(get(row, "seq")?);
        }
    }
    for seq in found {
        let sql = "SELECT id, register, reference, title FROM record WHERE seq = $1";
        let Some(head) = tx.row(sql, cells![seq]).await? else { continue };
        let (id, register): (Id, String) = (get_id(&head, "id")?, get(&head, "register")?);
        let schema = schemas.iter().find(|s| s.key == register);
        let row = match schema {
            Some(schema) => {
                tx.row(&format!("SELECT * FROM \"{}\" WHERE id = $1", schema.key), cells![id]).await?
            }
            None => None,
        };
        if let (Some(schema), Some(row)) = (schema, row) {
            let made: Option<String> = get(&row, "custom")?;
            let made: Map<String, Json> =
                made.and_then(|m| serde_json::from_str(&m).ok()).unwrap_or_default();
            let record = stored(schema, &[], &row)?;
            let mut words = body(schema, &[], &get::<String>(&head, "reference")?, &record.row);
            for text in made.values().filter_map(Json::as_str) {
                words.push(' ');
                words.push_str(text);
            }
            tx.index(seq, &get::<String>(&head, "title")?, &words, (schema.key, record.head.unit)).await?;
        } else {
            // A register that this program does not know: better not found than found by an erased name.
            let key = if tx.dialect() == Dialect::Sqlite { "rowid" } else { "seq" };
            tx.run(&format!("DELETE FROM search WHERE {key} = $1"), cells![seq]).await?;
        }
    }
    Ok(())
}

/// Whether a stored file gives the person away in plain text. What is packed or encrypted cannot be seen.
pub(crate) async fn file(files: &Files, sha256: &str, needles: &Needles) -> Result<bool, StoreError> {
    let Some(mut file) = files.get(sha256).await? else { return Ok(false) };
    let at = |cause| StoreError::File { path: sha256.to_owned(), cause };
    // Each piece begins with the end of the one before, long enough for any needle.
    let overlap = needles.longest() + 8;
    let (mut piece, mut begins) = (Vec::with_capacity(PIECE), true);
    loop {
        let before = piece.len();
        let wanted = (PIECE - before.min(PIECE)) as u64;
        let read = (&mut file).take(wanted.max(1)).read_to_end(&mut piece).await.map_err(at)?;
        let ends = read == 0;
        let full = piece.len() >= PIECE;
        if !ends && !full {
            continue;
        }
        if needles.are_in_bytes(&piece, begins, ends) {
            return Ok(true);
        }
        if ends {
            return Ok(false);
        }
        piece.drain(..piece.len().saturating_sub(overlap));
        begins = false;
    }
}
