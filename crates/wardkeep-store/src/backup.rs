//! Backups: everything as it was at one change, taken while others go on writing.
//!
//! The database is read in one snapshot into a form that both databases can read back, so a backup of one
//! restores into the other. Then every file is copied; a hold keeps files from being deleted meanwhile.
//! Private keys are in a backup only when asked for: they open what is sealed, so such a backup is a secret.

use crate::archive::{Item, Manifest, Parts, Writer};
use crate::catalog::{Reader, Table, tables};
use crate::files::at;
use crate::sql::get;
use crate::{Db, Hold, StoreError, Tx, cells, words};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wardkeep_types::Moment;

/// Folders of the data folder whose files are copied. What waits in the spool was acknowledged to its sender: it is
/// copied after the snapshot, and removed by nobody meanwhile, so that nothing lies between the two.
const FOLDERS: [&str; 3] = ["files", "events", "spool/live"];
/// Beginning of the names of the files in `spool` in which live intake keeps what correlations remember.
const STATE: &str = "state-";

/// Takes a backup of the database and of the files in `data` into the archive `to` (`.tar.zst`), which must
/// not exist yet. `with_keys` adds the private keys of `keys/`.
pub async fn backup(
    db: &Db,
    data: &Path,
    to: &Path,
    with_keys: bool,
    now: Moment,
) -> Result<Manifest, StoreError> {
    if to.exists() {
        return Err(StoreError::File {
            path: to.display().to_string(),
            cause: std::io::ErrorKind::AlreadyExists.into(),
        });
    }
    let hold = Hold::shared(data).await?;
    let writer = Writer::begin(to)?;
    let made = copy(db, data, &writer, with_keys, now).await;
    drop(hold);
    match made {
        // An error of the writing thread is the cause of whatever else went wrong.
        Ok(manifest) => writer.finish(manifest).await,
        Err(error) => Err(writer.abandon().await.unwrap_or(error)),
    }
}

async fn copy(
    db: &Db,
    data: &Path,
    writer: &Writer,
    with_keys: bool,
    now: Moment,
) -> Result<Manifest, StoreError> {
    let tx = db.snapshot().await?;
    let head = tx.row("SELECT n, hash FROM chain_head WHERE id = 1", cells![]).await?;
    let head = head.ok_or_else(|| StoreError::Inconsistent("no chain head".into()))?;
    let schema = tx.row("SELECT max(number) AS number FROM schema_version", cells![]).await?;
    let mut manifest = Manifest {
        format: String::new(),
        made_at: now,
        change: get(&head, "n")?,
        hash: get(&head, "hash")?,
        schema: schema.map_or(Ok(0), |r| get(&r, "number"))?,
        rows: BTreeMap::new(),
        members: Vec::new(),
    };
    for table in tables(&tx).await? {
        let rows = copy_table(&tx, &table, writer).await?;
        manifest.rows.insert(table.name, rows);
    }
    manifest.rows.insert("search".into(), copy_words(&tx, writer).await?);
    tx.rollback().await?;
    let keys = with_keys.then_some("keys");
    for path in below(&data.join("spool")).await? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(STATE) && path.parent() == Some(&data.join("spool")) {
            send(writer, Item::Copy(format!("spool/{name}"), path)).await?;
        }
    }
    for folder in FOLDERS.into_iter().chain(keys) {
        for path in below(&data.join(folder)).await? {
            let name = path.strip_prefix(data).unwrap_or(&path).to_string_lossy().into_owned();
            send(writer, Item::Copy(name, path)).await?;
        }
    }
    Ok(manifest)
}

async fn copy_table(tx: &Tx, table: &Table, writer: &Writer) -> Result<u64, StoreError> {
    let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let mut parts = Parts::new(&table.name, &columns);
    let mut reader = Reader::new(tx, table);
    loop {
        let page = reader.next().await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            if let Some(part) = parts.row(row) {
                send(writer, part).await?;
            }
        }
    }
    if let Some(part) = parts.end() {
        send(writer, part).await?;
    }
    Ok(parts.rows)
}

async fn copy_words(tx: &Tx, writer: &Writer) -> Result<u64, StoreError> {
    let mut parts = Parts::new("search", &["seq", "title", "body", "tags"]);
    let mut after = i64::MIN;
    loop {
        let page = words::page(tx, after).await?;
        let Some(last) = page.last() else { break };
        after = last.0;
        for row in &page {
            if let Some(part) = parts.row(words::to_json(row)) {
                send(writer, part).await?;
            }
        }
    }
    if let Some(part) = parts.end() {
        send(writer, part).await?;
    }
    Ok(parts.rows)
}

async fn send(writer: &Writer, item: Item) -> Result<(), StoreError> {
    let sent = writer.add(item).await;
    sent.then_some(()).ok_or_else(|| StoreError::Inconsistent("the backup could not be written".into()))
}

/// Every finished file below a folder, sorted. What is still being written bears another name: it stands in
/// `incoming`, begins with a dot or ends with `.tmp` or `.part`.
async fn below(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    fn visit(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind, name) = (entry.path(), entry.file_type()?, entry.file_name());
            let name = name.to_string_lossy();
            if kind.is_dir() && name != "incoming" && !name.starts_with('.') {
                visit(&path, found)?;
            } else if kind.is_file()
                && !name.starts_with('.')
                && !name.ends_with(".tmp")
                && !name.ends_with(".part")
            {
                found.push(path);
            }
        }
        Ok(())
    }
    let start = folder.to_owned();
    let listed = tokio::task::spawn_blocking(move || {
        let mut found = Vec::new();
        if start.is_dir() {
            visit(&start, &mut found)?;
        }
        found.sort_unstable();
        Ok(found)
    });
    listed.await.map_err(|e| StoreError::Inconsistent(format!("listing files: {e}")))?.map_err(at(folder))
}
