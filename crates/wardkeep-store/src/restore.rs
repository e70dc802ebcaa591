//! Restoring a backup into an empty database and data folder, and checking one without restoring it.

use crate::archive::{self, Manifest, Part, check, walk};
use crate::catalog::{Column, Table, cell, tables};
use crate::files::at;
use crate::keys::SignedHead;
use crate::proof::{Columns, Found, Kept, Proof};
use crate::report::Report;
use crate::{Cell, Db, Dialect, MIGRATIONS, StoreError, Tx, cells, words};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use wardkeep_types::{Id, Moment};

/// Most parameters of one statement that both databases take.
const PARAMETERS: usize = 30_000;

/// Restores a backup. The database must be empty: new, or migrated to the backup's schema and never written;
/// the data folder must hold no files. Nothing is changed when the backup does not agree with its manifest.
/// Afterwards migrate the database and verify it.
pub async fn restore(from: &Path, db: &Db, data: &Path) -> Result<Manifest, StoreError> {
    let path = from.to_owned();
    let checked = tokio::task::spawn_blocking(move || check(&path));
    let (manifest, wrong) =
        checked.await.map_err(|e| StoreError::Inconsistent(format!("reading a backup: {e}")))??;
    if let Some((_, wrong)) = wrong.into_iter().next() {
        return Err(StoreError::Inconsistent(format!("{wrong}; nothing was restored")));
    }
    for folder in ["files", "events", "spool/live"] {
        if holds_files(&data.join(folder)).map_err(at(data))? {
            let text =
                format!("{} already holds files; restore into an empty folder", data.join(folder).display());
            return Err(StoreError::Inconsistent(text));
        }
    }
    prepare(db, manifest.schema).await?;
    let (parts, mut taken) = channel(2);
    let (path, folder) = (from.to_owned(), data.to_owned());
    let reading = tokio::task::spawn_blocking(move || unpack(&path, &folder, &parts));
    let tx = db.begin().await?;
    let loaded = load(&tx, &mut taken).await;
    drop(taken);
    let read = reading.await.map_err(|e| StoreError::Inconsistent(format!("reading a backup: {e}")))?;
    match loaded.and(read) {
        Ok(()) => tx.commit().await?,
        Err(error) => {
            tx.rollback().await?;
            return Err(error);
        }
    }
    Ok(manifest)
}

/// Whether there is any file below the folder.
fn holds_files(folder: &Path) -> std::io::Result<bool> {
    if !folder.is_dir() {
        return Ok(false);
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if (entry.file_type()?.is_dir() && holds_files(&entry.path())?)
            || (entry.file_type()?.is_file() && !hidden)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Brings an empty database to the schema of the backup; refuses one that holds something.
async fn prepare(db: &Db, schema: i64) -> Result<(), StoreError> {
    let known = MIGRATIONS.last().map_or(0, |m| m.0);
    if schema > known {
        return Err(StoreError::Newer { found: schema, known });
    }
    let table =
        "CREATE TABLE IF NOT EXISTS schema_version (number {int} PRIMARY KEY, name {text} NOT NULL){strict}";
    db.script(&db.dialect().render(table)).await?;
    let there = db.schema_number().await?;
    if there > 0 {
        let head = db.chain_head().await?.0;
        if head > 0 {
            let text = format!("the database already holds {head} changes; restore into an empty one");
            return Err(StoreError::Inconsistent(text));
        }
        if there != schema {
            let text =
                format!("the empty database has schema {there}, the backup {schema}; restore into a new one");
            return Err(StoreError::Inconsistent(text));
        }
        return Ok(());
    }
    let tx = db.begin().await?;
    for (number, name, text) in MIGRATIONS.iter().filter(|m| m.0 <= schema) {
        tx.script(&tx.dialect().render(text)).await?;
        tx.run("INSERT INTO schema_version (number, name) VALUES ($1, $2)", cells![*number, *name]).await?;
    }
    tx.commit().await
}

/// Sends the parts of tables and writes files into the data folder.
fn unpack(from: &Path, data: &Path, parts: &Sender<Part>) -> Result<(), StoreError> {
    walk(from, |name, size, content| {
        if let Some(part) = archive::part(name, size, content)? {
            return Ok(parts.blocking_send(part).is_ok());
        }
        let below = ["files/", "events/", "keys/", "spool/"].iter().any(|folder| name.starts_with(folder));
        if below {
            write_file(&data.join(name), content)?;
        }
        Ok(true)
    })
}

fn write_file(path: &PathBuf, content: &mut dyn Read) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut write = || {
        std::fs::create_dir_all(path.parent().unwrap_or(path))?;
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
        std::io::copy(content, &mut file)?;
        file.sync_all()
    };
    write().map_err(at(path))
}

async fn load(tx: &Tx, parts: &mut Receiver<Part>) -> Result<(), StoreError> {
    let tables = tables(tx).await?;
    // What migrations put there is in the backup too. Rows go in the opposite order of their references.
    for table in tables.iter().rev() {
        tx.run(&format!("DELETE FROM \"{}\"", table.name), cells![]).await?;
    }
    let by_name: HashMap<&str, &Table> = tables.iter().map(|t| (t.name.as_str(), t)).collect();
    while let Some(Part { table, columns, rows }) = parts.recv().await {
        if table == "search" {
            for row in rows {
                let row = words::from_json(&row)
                    .ok_or_else(|| StoreError::Inconsistent("words of the search".into()))?;
                words::put(tx, row).await?;
            }
            continue;
        }
        let strange =
            || StoreError::Inconsistent(format!("the backup's table '{table}' does not fit this schema"));
        let known = by_name.get(table.as_str()).ok_or_else(strange)?;
        let place = |name: &String| known.columns.iter().find(|c| c.name == *name);
        let columns: Vec<&Column> = columns.iter().map(place).collect::<Option<_>>().ok_or_else(strange)?;
        insert(tx, &table, &columns, rows.into()).await?;
    }
    if tx.dialect() == Dialect::Postgres {
        for table in &tables {
            for column in table.columns.iter().filter(|c| c.serial) {
                let (name, column) = (&table.name, &column.name);
                let sql = format!(
                    "SELECT setval(pg_get_serial_sequence('\"{name}\"', '{column}'), max(\"{column}\")) AS last FROM \"{name}\" HAVING max(\"{column}\") IS NOT NULL"
                );
                tx.rows(&sql, cells![]).await?;
            }
        }
    }
    Ok(())
}

async fn insert(tx: &Tx, table: &str, columns: &[&Column], rows: Vec<Vec<Json>>) -> Result<(), StoreError> {
    let names = columns.iter().map(|c| format!("\"{}\"", c.name)).collect::<Vec<_>>().join(", ");
    for chunk in rows.chunks((PARAMETERS / columns.len().max(1)).clamp(1, 500)) {
        let mut values: Vec<Cell> = Vec::with_capacity(chunk.len() * columns.len());
        let mut tuples = Vec::with_capacity(chunk.len());
        for row in chunk {
            let cells = columns.iter().zip(row).map(|(column, json)| cell(column, json));
            let cells: Option<Vec<Cell>> = cells.collect();
            let wrong =
                || StoreError::Inconsistent(format!("a row of the backup's table '{table}' does not fit"));
            let cells = cells.filter(|c| c.len() == columns.len()).ok_or_else(wrong)?;
            let marks: Vec<String> = (1..=cells.len()).map(|i| format!("${}", values.len() + i)).collect();
            tuples.push(format!("({})", marks.join(",")));
            values.extend(cells);
        }
        let sql = format!("INSERT INTO \"{table}\" ({names}) VALUES {}", tuples.join(","));
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Checks a backup without restoring it and without any database: every member against the manifest, the
/// chain, the signed heads, the versions of the records, and the files that the tables name.
pub fn verify_backup(from: &Path) -> Result<Report, StoreError> {
    let (manifest, wrong) = check(from)?;
    let mut heads = Vec::new();
    each_row(from, "signed_head", |row| {
        heads.push(SignedHead {
            n: row.int("n"),
            hash: row.text("hash"),
            at: Moment::from_micros(row.int("at")),
            key_id: row.text("key_id"),
            signature: row.text("signature"),
            reason: row.text("reason"),
        });
    })?;
    let mut proof = Proof::new(heads);
    // Entries and their values are two tables in the same order; they are read side by side.
    let (values, taken) = std::sync::mpsc::sync_channel::<(i64, Kept)>(10_000);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || {
            each_row(from, "change_value", |row| {
                let maybe = |name: &str| row.maybe(name);
                let kept = Kept {
                    field: row.text("field"),
                    old: (maybe("old_value"), maybe("old_salt")),
                    new: (maybe("new_value"), maybe("new_salt")),
                };
                // When nobody listens any more, the rest is not needed.
                let _ = values.send((row.int("n"), kept));
            })
        });
        let mut taken = taken.into_iter().peekable();
        each_row(from, "change", |row| {
            let n = row.int("n");
            let mut kept = Vec::new();
            while let Some((_, value)) = taken.next_if(|(of, _)| *of <= n) {
                kept.push(value);
            }
            let columns = Columns {
                at: row.int("at"),
                actor: row.id("actor_id"),
                record: row.id("record_id"),
                register: row.text("register"),
                act: row.text("act"),
            };
            proof.entry(Found {
                n,
                entry: row.text("entry"),
                hash: row.text("hash"),
                columns: Some(columns),
                kept,
            });
        })?;
        if let Some((n, _)) = taken.next() {
            proof.report.fault(format!("change {n}"), "value", format!("values of entry {n} have no entry"));
        }
        drop(taken);
        reading.join().unwrap_or_else(|_| Err(StoreError::Inconsistent("the backup cannot be read".into())))
    })?;
    each_row(from, "record", |row| {
        let sound = row.id("id").is_some_and(|id| proof.current(id, row.int("version")).is_some());
        proof.report.rows += u64::from(sound);
    })?;
    proof.no_more_records();
    let mut report = proof.end(Some((manifest.change, manifest.hash)));
    let members: HashMap<&str, &str> =
        manifest.members.iter().map(|m| (m.path.as_str(), m.sha256.as_str())).collect();
    each_row(from, "file", |row| {
        let sha256 = row.text("sha256");
        let path = crate::Files::name(&sha256).unwrap_or_default();
        match (members.get(path.as_str()), row.maybe("erased_at").is_none()) {
            (Some(found), true) if *found == sha256 => report.files += 1,
            (None, false) => {}
            (Some(_), true) => {
                report.fault(path, "file", format!("the file {sha256} was altered before the backup"));
            }
            (None, true) => {
                report.fault(path, "file", format!("the file {sha256} is missing from the backup"));
            }
            (Some(_), false) => {
                report.fault(path, "file", format!("the file {sha256} was erased and is in the backup"));
            }
        }
    })?;
    for (path, wrong) in wrong {
        report.fault(path, "member", wrong);
    }
    Ok(report)
}

/// A row of a table in a backup.
struct Row<'a> {
    columns: &'a [String],
    values: Vec<Json>,
}

impl Row<'_> {
    fn get(&self, name: &str) -> &Json {
        let index = self.columns.iter().position(|c| c == name);
        index.and_then(|i| self.values.get(i)).unwrap_or(&Json::Null)
    }
    fn int(&self, name: &str) -> i64 {
        self.get(name).as_i64().unwrap_or_default()
    }
    /// Text; a number as its digits.
    fn maybe(&self, name: &str) -> Option<String> {
        match self.get(name) {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
    fn text(&self, name: &str) -> String {
        self.maybe(name).unwrap_or_default()
    }
    fn id(&self, name: &str) -> Option<Id> {
        self.maybe(name).and_then(|text| text.parse().ok())
    }
}

fn each_row(from: &Path, table: &str, mut each: impl FnMut(&Row<'_>)) -> Result<(), StoreError> {
    let prefix = format!("db/{table}/");
    walk(from, |name, size, content| {
        if !name.starts_with(&prefix) {
            return Ok(true);
        }
        if let Some(part) = archive::part(name, size, content)? {
            for values in part.rows {
                each(&Row { columns: &part.columns, values });
            }
        }
        Ok(true)
    })
}
