//! The chain as plain files, so that anybody can check it elsewhere without this program's database.
//!
//! - `entries.jsonl`: one entry a line, `{"entry": {...}, "hash": "...", "values": [...]}`. A value holds the JSON
//!   text and the salt that were committed to: SHA-256(salt, JCS of the text) is what the entry names.
//! - `heads.json`: the signed heads; `keys.json`: the public keys; `chain.json`: what is in here.

use crate::files::at;
use crate::keys::{PublicKey, SignedHead, signing_keys};
use crate::proof::{Found, Kept, Proof};
use crate::report::Report;
use crate::verify::{Pages, signed_heads};
use crate::{Db, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use wardkeep_types::Moment;
use wardkeep_types::limits::RECORD_BYTES;

/// Most bytes of `heads.json`: hourly heads of a hundred years.
const HEADS_BYTES: u64 = 512 * 1024 * 1024;

/// Which values an export carries beside the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Values {
    /// All that were not erased.
    Kept,
    /// None but those of keys and erasures: order and authorship can be shown without showing content.
    Withheld,
}

/// `chain.json`: what an export holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainExport {
    /// `wardkeep-chain-v1`.
    pub format: String,
    /// When it was made.
    pub made_at: Moment,
    /// Number of the last entry.
    pub n: i64,
    /// Its hash.
    pub hash: String,
    /// Which values are in it.
    pub values: Values,
}

#[derive(Serialize, Deserialize)]
struct Line {
    entry: Json,
    hash: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<LineValue>,
}

#[derive(Serialize, Deserialize)]
struct LineValue {
    field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old_salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new_salt: Option<String>,
}

/// Writes the chain into `folder`, as it stands, while others go on writing.
pub async fn export_chain(
    db: &Db,
    folder: &Path,
    values: Values,
    now: Moment,
) -> Result<ChainExport, StoreError> {
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let tx = db.snapshot().await?;
    let path = folder.join("entries.jsonl");
    let mut out = BufWriter::new(File::create(&path).map_err(at(&path))?);
    let mut export = ChainExport {
        format: "wardkeep-chain-v1".into(),
        made_at: now,
        n: 0,
        hash: crate::GENESIS.into(),
        values,
    };
    let mut pages = Pages::new(&tx);
    while let Some(page) = pages.next().await? {
        for found in page {
            (export.n, export.hash) = (found.n, found.hash.clone());
            let line = serde_json::to_string(&line(found, values)?).map_err(unwritable)?;
            writeln!(out, "{line}").map_err(at(&path))?;
        }
    }
    out.into_inner()
        .map_err(std::io::IntoInnerError::into_error)
        .and_then(|f| f.sync_all())
        .map_err(at(&path))?;
    write_json(&folder.join("heads.json"), &signed_heads(&tx).await?)?;
    write_json(&folder.join("keys.json"), &signing_keys(&tx).await?)?;
    tx.rollback().await?;
    write_json(&folder.join("chain.json"), &export)?;
    Ok(export)
}

fn line(found: Found, values: Values) -> Result<Line, StoreError> {
    let wrong = |e| StoreError::Inconsistent(format!("change entry {}: {e}", found.n));
    let entry: Json = serde_json::from_str(&found.entry).map_err(wrong)?;
    let act = entry["act"].as_str().unwrap_or_default();
    let shown = values == Values::Kept || act.starts_with("key:") || act == "erase";
    let kept = if shown { found.kept } else { Vec::new() };
    let values = kept.into_iter().map(|Kept { field, old, new }| LineValue {
        field,
        old: old.0,
        old_salt: old.1,
        new: new.0,
        new_salt: new.1,
    });
    Ok(Line { entry, hash: found.hash, values: values.collect() })
}

/// Checks an export without any database.
pub fn verify_export(folder: &Path) -> Result<Report, StoreError> {
    let export: ChainExport = read_json(&folder.join("chain.json"))?;
    let heads: Vec<SignedHead> = read_json(&folder.join("heads.json"))?;
    let keys: Vec<PublicKey> = read_json(&folder.join("keys.json"))?;
    let mut proof = Proof::new(heads).withheld(export.values == Values::Withheld);
    let path = folder.join("entries.jsonl");
    let mut input = BufReader::new(File::open(&path).map_err(at(&path))?);
    let (mut text, mut number) = (Vec::new(), 0_u64);
    loop {
        text.clear();
        number += 1;
        // A line holds an entry and its values, each bounded by the size of a record.
        let limit = 4 * RECORD_BYTES as u64;
        let read = input.by_ref().take(limit).read_until(b'\n', &mut text).map_err(at(&path))?;
        if read == 0 {
            break;
        }
        match serde_json::from_slice::<Line>(&text) {
            Ok(line) => proof.entry(found(line)),
            Err(error) => {
                let text = format!("line {number} of entries.jsonl cannot be read: {error}");
                proof.report.fault(format!("entries.jsonl:{number}"), "line", text);
                if read as u64 == limit {
                    break;
                }
            }
        }
    }
    let mut report = proof.end(Some((export.n, export.hash)));
    for key in keys {
        if !report.keys.contains(&key.key_id) {
            let text = format!("keys.json names the key {}, which no entry names", key.key_id);
            report.fault(format!("key {}", key.key_id), "key", text);
        }
    }
    Ok(report)
}

fn found(line: Line) -> Found {
    let kept = line.values.into_iter().map(|v| Kept {
        field: v.field,
        old: (v.old, v.old_salt),
        new: (v.new, v.new_salt),
    });
    Found {
        n: line.entry["n"].as_i64().unwrap_or_default(),
        kept: kept.collect(),
        entry: line.entry.to_string(),
        hash: line.hash,
        columns: None,
    }
}

fn unwritable(error: serde_json::Error) -> StoreError {
    StoreError::Inconsistent(format!("cannot be written as JSON: {error}"))
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), StoreError> {
    let text = serde_json::to_vec_pretty(value).map_err(unwritable)?;
    std::fs::write(path, text).map_err(at(path))
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, StoreError> {
    let file = File::open(path).map_err(at(path))?;
    let read = serde_json::from_reader(BufReader::new(file.take(HEADS_BYTES)));
    read.map_err(|e| StoreError::Inconsistent(format!("{}: {e}", path.display())))
}
