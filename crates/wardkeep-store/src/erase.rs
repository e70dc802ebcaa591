//! Erasing a person: nothing readable of them stays, and the chain still verifies.
//!
//! In one transaction under the lock of the chain: the record's personal fields are emptied, every value and
//! salt of its history is dropped, every other text that gives the person away is replaced in every table the
//! database has, and an `erase` entry says who did it, on which legal basis, and which values are gone. The
//! commitments stay in the entries. Then the database file is compacted, so that its free space tells nothing.
//!
//! Outside of this: backups taken before, heads and messages sent outside, and what the caller keeps elsewhere
//! (events): it gets the texts to search for.

use crate::agree;
use crate::catalog::tables;
use crate::files::Files;
use crate::read::stored;
use crate::redact::{self, Redacted};
use crate::sql::get;
use crate::write::write_in;
use crate::{Act, Author, Cell, Db, Dialect, FieldEdit, StoreError, Tx, Write, cells};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use wardkeep_register::{Field, Form, Kind, Schema, Stored, Value};
use wardkeep_types::Id;

mod traces;

pub use traces::Redactor;
use traces::{Marks, needles};

/// What happens to stored files that give the person away in plain text. Redacting a file would change the hash
/// that proves it, so a file is kept or goes as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePolicy {
    /// They are named in the report, and a person decides.
    Report,
    /// They are erased, except under legal hold.
    Erase,
}

/// Whom to erase, and how.
pub struct Erasure<'a> {
    /// The register of the record; its personal fields are emptied.
    pub schema: &'a Schema,
    /// Custom fields of it.
    pub custom: &'a [Field],
    /// The record.
    pub id: Id,
    /// Legal basis, such as `GDPR 17(1)(b)`. It stays readable in the entry.
    pub basis: String,
    /// Further texts that give the person away (a nickname, a former name), beside what the record held.
    pub also: Vec<String>,
    /// Statements of the same transaction: sessions, tokens, sealed secrets.
    pub statements: Vec<(String, Vec<Cell>)>,
    /// What happens to stored files.
    pub files: FilePolicy,
    /// Every register, to index again what was found by the person's name.
    pub schemas: &'a [Schema],
}

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Erased {
    /// Number of the `erase` entry.
    pub change: i64,
    /// Values of the change log that were dropped.
    pub values: u64,
    /// Rows in which texts were replaced, by table.
    pub rows: BTreeMap<String, u64>,
    /// Hashes of stored files that give the person away.
    pub files: Vec<String>,
    /// Those of them that stay: the policy says so, or they are under legal hold.
    pub files_kept: Vec<String>,
    /// Texts too short to be searched for outside of the record itself.
    pub too_short: Vec<String>,
    /// What was searched for: for what the caller keeps elsewhere. Not to be stored.
    pub texts: Vec<String>,
    /// The database file was compacted. False when a long reader was in the way: call [`compact`] again.
    pub compacted: bool,
}

/// Erases a person's record and every other trace of the person. Running it again does no harm.
pub async fn erase(
    db: &Db,
    files: &Files,
    author: &Author,
    erasure: Erasure<'_>,
) -> Result<Erased, StoreError> {
    let marks = Marks::of(erasure.id, author.now);
    // Files are many; they are searched before anybody has to wait.
    let snapshot = db.snapshot().await?;
    let needles = needles(&snapshot, &erasure, &marks).await?;
    snapshot.rollback().await?;
    let mut found = Vec::new();
    for sha256 in files.list().await? {
        if redact::file(files, &sha256, &needles).await? {
            found.push(sha256);
        }
    }
    let tx = db.begin().await?;
    let mut erased = match rewrite(&tx, author, &erasure, &marks, &found).await {
        Ok(erased) => erased,
        Err(error) => {
            let _ = tx.rollback().await;
            return Err(error);
        }
    };
    tx.commit().await?;
    erased.files_kept = match erasure.files {
        FilePolicy::Report => found.clone(),
        FilePolicy::Erase => files.erase(db, &found, &erasure.basis, author.now).await?,
    };
    erased.files = found;
    let touched: Vec<&str> = erased.rows.keys().map(String::as_str).collect();
    erased.compacted = compact(db, &touched).await?;
    Ok(erased)
}

async fn rewrite(
    tx: &Tx,
    author: &Author,
    erasure: &Erasure<'_>,
    marks: &Marks,
    files: &[String],
) -> Result<Erased, StoreError> {
    let Erasure { schema, custom, id, .. } = erasure;
    let (schema, id) = (*schema, *id);
    tx.run("UPDATE chain_head SET writers = writers + 1 WHERE id = 1", cells![]).await?;
    let needles = needles(tx, erasure, marks).await?;
    let record = current(tx, schema, custom, id).await?.ok_or(StoreError::NotFound(id))?;
    // The record itself, through the path of every change: it gets a version and an entry.
    let mut row = record.row.clone();
    for (field, value) in schema.fields.iter().zip(&mut row.values) {
        if field.personal {
            *value = blank(field, marks).unwrap_or_else(|| value.clone());
        } else if let Value::Text(text) = value {
            *text = needles.redact(text).unwrap_or_else(|| text.clone());
        }
    }
    for value in row.custom.values_mut() {
        if let Value::Text(text) = value {
            *text = needles.redact(text).unwrap_or_else(|| text.clone());
        }
    }
    let checked = schema.check(row, &record.head.stage, custom).map_err(|problems| {
        let why = problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; ");
        StoreError::Inconsistent(format!("{} cannot be emptied: {why}", record.head.reference))
    })?;
    let change = Write::Change {
        schema,
        custom,
        id,
        version: record.head.version,
        act: "erase:fields".into(),
        unit: record.head.unit,
        stage: record.head.stage,
        restricted: record.head.restricted,
        row: checked,
        why: None,
    };
    let written = write_in(tx, author, vec![change], vec![]).await?;
    let own = written.first().and_then(|w| w.change).unwrap_or_default();
    forget_past(tx, schema, id, marks).await?;
    let mut dropped = drop_history(tx, id, own).await?;
    let mut erased =
        Erased { too_short: needles.too_short.clone(), texts: needles.texts.clone(), ..Erased::default() };
    for table in tables(tx).await? {
        let rows = match table.name.as_str() {
            // Entries hold commitments alone; keys and heads are nobody's.
            "change" | "chain_head" | "signed_head" | "signing_key" => continue,
            "change_value" => redact::drop_values(tx, &needles, &mut dropped).await?,
            _ => redact::table(tx, &table, &needles, &Redacted { id, mark: &marks.text }).await?,
        };
        if rows > 0 {
            erased.rows.insert(table.name, rows);
        }
    }
    redact::index(tx, &needles, erasure.schemas).await?;
    // The record's own tables and the index are rewritten whatever was found in them.
    for name in [
        schema.key.to_owned(),
        format!("{}_was", schema.key),
        "change_value".into(),
        "record".into(),
        "search".into(),
    ] {
        erased.rows.entry(name).or_default();
    }
    erased.values = dropped.len() as u64;
    let said = |field: &str, new: Json| FieldEdit { field: field.into(), old: Json::Null, new };
    let counts: BTreeMap<&String, u64> =
        erased.rows.iter().filter(|(_, n)| **n > 0).map(|(t, n)| (t, *n)).collect();
    let act = Act {
        act: "erase".into(),
        record: Some((id, schema.key)),
        unit: Some(record.head.unit),
        fields: vec![
            said("basis", json!(erasure.basis)),
            said("dropped", json!(dropped)),
            said("files", json!(files)),
            said("rows", json!(counts)),
        ],
        why: None,
        statements: erasure.statements.clone(),
    };
    let written = write_in(tx, author, vec![Write::Act(act)], vec![]).await?;
    erased.change = written.first().and_then(|w| w.change).unwrap_or_default();
    Ok(erased)
}

async fn current(tx: &Tx, schema: &Schema, custom: &[Field], id: Id) -> Result<Option<Stored>, StoreError> {
    let sql = format!("SELECT * FROM \"{}\" WHERE id = $1", schema.key);
    let Some(row) = tx.row(&sql, cells![id]).await? else { return Ok(None) };
    let mut record = stored(schema, custom, &row)?;
    let mut links = agree::links(tx, "$1", cells![id]).await?;
    for (field, value) in schema.fields.iter().zip(&mut record.row.values) {
        if matches!(field.kind, Kind::Links(_)) {
            let mut ids = links.remove(&(id, field.name.to_owned())).unwrap_or_default();
            ids.sort_unstable();
            *value = Value::Links(ids);
        }
    }
    Ok(Some(record))
}

/// What a personal field holds afterwards; `None` when it must keep its value because it has no empty form.
fn blank(field: &Field, marks: &Marks) -> Option<Value> {
    if !field.required {
        return Some(Value::Empty);
    }
    match field.kind {
        Kind::Line if field.form == Form::Email => Some(Value::Text(marks.mail.clone())),
        Kind::Line | Kind::Text | Kind::Markdown => Some(Value::Text(marks.text.clone())),
        Kind::Links(_) => Some(Value::Links(Vec::new())),
        Kind::Int | Kind::Percent | Kind::Money | Kind::Date | Kind::Moment | Kind::Duration | Kind::Bool => {
            None
        }
        Kind::Choice(_) | Kind::Link(_) | Kind::Estimate(_) | Kind::File | Kind::Url => None,
    }
}

/// Empties the personal columns of the rows that were.
async fn forget_past(tx: &Tx, schema: &Schema, id: Id, marks: &Marks) -> Result<(), StoreError> {
    let mut sets = Vec::new();
    let mut values = cells![id];
    for field in schema.fields.iter().filter(|f| f.personal) {
        for (column, cell) in crate::values::columns(field).iter().zip(match blank(field, marks) {
            Some(value) => crate::values::to_cells(field, &value),
            None => continue,
        }) {
            values.push(cell);
            sets.push(format!("\"{}\" = ${}", column.0, values.len()));
        }
    }
    if !sets.is_empty() {
        let sql = format!("UPDATE \"{}_was\" SET {} WHERE id = $1", schema.key, sets.join(", "));
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Drops every value of the record's history but what entry `own` has just set; returns what was dropped.
async fn drop_history(tx: &Tx, id: Id, own: i64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT v.n, v.field, CASE WHEN v.old_value IS NULL THEN 0 ELSE 1 END AS was, CASE WHEN v.new_value IS NULL THEN 0 ELSE 1 END AS has FROM change c JOIN change_value v ON v.n = c.n WHERE c.record_id = $1 AND c.act <> 'erase' ORDER BY v.n, v.field";
    let mut dropped = Vec::new();
    for row in &tx.rows(sql, cells![id]).await? {
        let (n, field): (i64, String) = (get(row, "n")?, get(row, "field")?);
        let flag = |name| get::<i32>(row, name).map(|f| f != 0);
        if flag("was")? {
            dropped.push(format!("{n}/{field}/old"));
        }
        if flag("has")? && n != own {
            dropped.push(format!("{n}/{field}/new"));
        }
    }
    let theirs = "n IN (SELECT n FROM change WHERE record_id = $1 AND act <> 'erase')";
    tx.run(&format!("UPDATE change_value SET old_value = NULL, old_salt = NULL WHERE {theirs}"), cells![id])
        .await?;
    let sql = format!("UPDATE change_value SET new_value = NULL, new_salt = NULL WHERE {theirs} AND n <> $2");
    tx.run(&sql, cells![id, own]).await?;
    Ok(dropped)
}

/// Rewrites what the database keeps of deleted rows: the file as a whole on SQLite, those tables on PostgreSQL.
/// Writers wait meanwhile. False when a reader kept an old state of the database alive.
pub async fn compact(db: &Db, touched: &[&str]) -> Result<bool, StoreError> {
    match db.dialect() {
        Dialect::Sqlite => {
            db.script("VACUUM").await?;
            let row = db.run_returning("PRAGMA wal_checkpoint(TRUNCATE)", cells![]).await?;
            row.map_or(Ok(false), |r| Ok(get::<i32>(&r, "busy")? == 0))
        }
        Dialect::Postgres => {
            for table in touched {
                db.script(&format!("VACUUM (FULL) \"{table}\"")).await?;
            }
            Ok(true)
        }
    }
}
