//! Event files: what the manifest names lies there as it was written, and the change log agrees with the manifest.

use crate::report::Report;
use crate::sql::get;
use crate::{StoreError, Tx, cells};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A file of the manifest.
pub(crate) struct Named {
    name: String,
    sha256: String,
    size: u64,
}

/// What the database says of event files.
pub(crate) struct Said {
    manifest: Vec<Named>,
    /// Hash by name as the change log has it; nothing for files that were replaced or deleted.
    logged: BTreeMap<String, Option<String>>,
}

/// Reads manifest and log in one snapshot.
pub(crate) async fn said(tx: &Tx) -> Result<Said, StoreError> {
    let sql = "SELECT name, sha256, size FROM event_file WHERE superseded_by IS NULL ORDER BY name";
    let rows = tx.rows(sql, cells![]).await?;
    let manifest = rows
        .iter()
        .map(|r| {
            let size: i64 = get(r, "size")?;
            Ok(Named { name: get(r, "name")?, sha256: get(r, "sha256")?, size: size.unsigned_abs() })
        })
        .collect::<Result<_, StoreError>>()?;
    let sql = "SELECT v.field, v.new_value FROM change c JOIN change_value v ON v.n = c.n WHERE c.act IN ('events:close', 'events:replace', 'events:delete') AND v.field <> 'why' ORDER BY c.n";
    let mut logged = BTreeMap::new();
    for row in &tx.rows(sql, cells![]).await? {
        let hash =
            get::<Option<String>>(row, "new_value")?.and_then(|v| serde_json::from_str::<Json>(&v).ok());
        let hash = hash.and_then(|v| v.get("sha256").and_then(Json::as_str).map(str::to_owned));
        logged.insert(get(row, "field")?, hash);
    }
    Ok(Said { manifest, logged })
}

/// Compares what was said with what lies in the folder.
pub(crate) async fn check(folder: &Path, said: Said, report: &mut Report) -> Result<(), StoreError> {
    let mut logged = said.logged;
    for file in said.manifest {
        match logged.remove(&file.name) {
            Some(Some(hash)) if hash != file.sha256 => {
                fault(
                    report,
                    &file.name,
                    "the manifest names another hash than the change log: the manifest was changed by hand; restore it from a backup",
                );
                continue;
            }
            Some(None) => {
                fault(
                    report,
                    &file.name,
                    "the change log says that it was replaced or deleted, and the manifest still names it; restore the database from a backup",
                );
                continue;
            }
            // Written before the log kept hashes of event files.
            None | Some(Some(_)) => {}
        }
        let path = folder.join(&file.name);
        match hashed(path).await? {
            None => fault(
                report,
                &file.name,
                "the manifest names it and it is not there; restore it from a backup",
            ),
            Some((_, size)) if size != file.size => {
                let what =
                    format!("it has {size} bytes, and {} were written; restore it from a backup", file.size);
                fault(report, &file.name, &what);
            }
            Some((hash, _)) if hash != file.sha256 => {
                fault(report, &file.name, "its content is not what was written; restore it from a backup");
            }
            Some(_) => report.event_files += 1,
        }
    }
    for name in logged.into_iter().filter(|(_, hash)| hash.is_some()).map(|(name, _)| name) {
        fault(
            report,
            &name,
            "the change log says that it was written, and never that it was replaced or deleted, but the manifest does not name it; restore the database from a backup",
        );
    }
    Ok(())
}

fn fault(report: &mut Report, name: &str, what: &str) {
    report.fault(format!("events/{name}"), "event_file", what.to_owned());
}

/// Hash and size of a file, if it is there.
async fn hashed(path: PathBuf) -> Result<Option<(String, u64)>, StoreError> {
    let shown = path.display().to_string();
    let read = tokio::task::spawn_blocking(move || {
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 128 * 1024]);
        loop {
            let n = file.read(&mut buffer)?;
            if n == 0 {
                return Ok(Some((hex::encode(hasher.finalize()), size)));
            }
            hasher.update(&buffer[..n]);
            size += n as u64;
        }
    });
    let read = read.await.map_err(|e| StoreError::Inconsistent(format!("reading event files: {e}")))?;
    read.map_err(|cause| StoreError::File { path: shown, cause })
}
