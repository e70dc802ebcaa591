//! The archive of a backup: a tar file compressed with zstd, whose last member lists all others with their
//! hashes. Written in one pass, read in as many as wanted, never held in memory.

use crate::StoreError;
use crate::files::at;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use wardkeep_types::Moment;

/// Name of the member that lists the others.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Bytes of rows after which a part ends.
pub(crate) const PART_BYTES: usize = 4 * 1024 * 1024;
/// Most bytes of a part when it is read: rows of the largest size, and the last one beyond the limit.
const PART_MOST: u64 = 512 * 1024 * 1024;
const FORMAT: &str = "wardkeep-backup-v1";

/// One member of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Path within the archive.
    pub path: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
}

/// `manifest.json`: what a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `wardkeep-backup-v1`.
    pub format: String,
    /// When it was begun.
    pub made_at: Moment,
    /// Number of the newest change in it.
    pub change: i64,
    /// Hash of that change.
    pub hash: String,
    /// Schema number of the data.
    pub schema: i64,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Every other member.
    pub members: Vec<Member>,
}

/// What is handed to the thread that writes.
pub(crate) enum Item {
    Bytes(String, Vec<u8>),
    Copy(String, PathBuf),
}

/// Writes an archive on a thread of its own, since compressing is work.
pub(crate) struct Writer {
    items: Sender<Item>,
    done: tokio::task::JoinHandle<Result<Written, StoreError>>,
    part: PathBuf,
    path: PathBuf,
}

/// The archive so far, and what is in it.
type Written = (tar::Builder<Compressed>, Vec<Member>);
type Compressed = zstd::Encoder<'static, BufWriter<File>>;

impl Writer {
    /// Begins an archive at `path`; it bears another name until it is whole.
    pub fn begin(path: &Path) -> Result<Self, StoreError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        // A backup holds what only few may read.
        let mut options = std::fs::OpenOptions::new();
        let file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(at(&part))?;
        let encoder = zstd::Encoder::new(BufWriter::new(file), 3).map_err(at(&part))?;
        let (items, taken) = channel(4);
        let shown = part.clone();
        let done = tokio::task::spawn_blocking(move || write_all(tar::Builder::new(encoder), taken, &shown));
        Ok(Self { items, done, part, path: path.to_owned() })
    }
    /// Adds a member. An error of the writing thread shows in [`Writer::finish`].
    pub async fn add(&self, item: Item) -> bool {
        self.items.send(item).await.is_ok()
    }
    /// Gives up; nothing is left. Returns what went wrong with writing, if that was the cause.
    pub async fn abandon(self) -> Option<StoreError> {
        drop(self.items);
        let ended = self.done.await;
        let _ = std::fs::remove_file(&self.part);
        ended.ok()?.err()
    }
    /// Adds the manifest and puts the archive in its place.
    pub async fn finish(self, mut manifest: Manifest) -> Result<Manifest, StoreError> {
        drop(self.items);
        let ended =
            self.done.await.map_err(|e| StoreError::Inconsistent(format!("writing a backup: {e}")))?;
        let ended = ended.and_then(|(mut tar, members)| {
            manifest.format = FORMAT.into();
            manifest.members = members;
            let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
            let closed = append(&mut tar, MANIFEST, &mut text.as_slice(), text.len() as u64)
                .and_then(|_| tar.into_inner())
                .and_then(zstd::Encoder::finish)
                .and_then(|out| out.into_inner().map_err(std::io::IntoInnerError::into_error))
                .and_then(|file| file.sync_all())
                .and_then(|()| std::fs::rename(&self.part, &self.path));
            closed.map_err(at(&self.path))
        });
        if ended.is_err() {
            // Half an archive helps nobody.
            let _ = std::fs::remove_file(&self.part);
        }
        ended.map(|()| manifest)
    }
}

fn write_all(
    mut tar: tar::Builder<Compressed>,
    mut items: Receiver<Item>,
    shown: &Path,
) -> Result<Written, StoreError> {
    let mut members = Vec::new();
    while let Some(item) = items.blocking_recv() {
        let (path, (sha256, bytes)) = match item {
            Item::Bytes(path, content) => {
                let added = append(&mut tar, &path, &mut content.as_slice(), content.len() as u64);
                (path, added.map_err(at(shown))?)
            }
            Item::Copy(path, from) => {
                let opened = File::open(&from).and_then(|f| f.metadata().map(|m| (m.len(), f)));
                let (size, file) = opened.map_err(at(&from))?;
                // A file that grows meanwhile is copied as far as it went.
                let added = append(&mut tar, &path, &mut file.take(size), size);
                (path, added.map_err(at(&from))?)
            }
        };
        members.push(Member { path, sha256, bytes });
    }
    Ok((tar, members))
}

/// Adds one member; returns its hash and size.
fn append<R: Read>(
    tar: &mut tar::Builder<Compressed>,
    path: &str,
    content: &mut R,
    size: u64,
) -> std::io::Result<(String, u64)> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    let mut hashed = Hashed { inner: content, hasher: Sha256::new(), bytes: 0 };
    tar.append_data(&mut header, path, &mut hashed)?;
    if hashed.bytes != size {
        return Err(std::io::Error::other(format!("{path} became shorter while it was copied")));
    }
    Ok((hex::encode(hashed.hasher.finalize()), hashed.bytes))
}

struct Hashed<R> {
    inner: R,
    hasher: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hasher.update(&into[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

type Opened = tar::Archive<zstd::Decoder<'static, BufReader<File>>>;

pub(crate) fn open(path: &Path) -> Result<Opened, StoreError> {
    let decoder = File::open(path).and_then(zstd::Decoder::new).map_err(at(path))?;
    Ok(tar::Archive::new(decoder))
}

/// Calls `each` with the path, size and content of every member, in order, until it says stop with `false`.
/// Members whose path leads out of the archive are refused.
pub(crate) fn walk(
    path: &Path,
    mut each: impl FnMut(&str, u64, &mut dyn Read) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let damaged = |e: std::io::Error| {
        StoreError::Inconsistent(format!("the backup {} is damaged: {e}", path.display()))
    };
    let mut archive = open(path)?;
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let name = entry.path().map_err(damaged)?.into_owned();
        let inside = name.components().all(|c| matches!(c, Component::Normal(_)));
        let (Some(name), true, true) = (name.to_str(), inside, entry.header().entry_type().is_file()) else {
            return Err(StoreError::Inconsistent(format!(
                "the backup holds the strange member {}",
                name.display()
            )));
        };
        let size = entry.size();
        if !each(name, size, &mut entry)? {
            break;
        }
    }
    Ok(())
}

/// Reads the whole archive once: its manifest, and what does not agree with it, in words.
pub(crate) fn check(path: &Path) -> Result<(Manifest, Vec<(String, String)>), StoreError> {
    let (mut found, mut manifest) = (BTreeMap::new(), None);
    walk(path, |name, size, content| {
        let mut hashed = Hashed { inner: content, hasher: Sha256::new(), bytes: 0 };
        if name == MANIFEST {
            let read = serde_json::from_reader::<_, Manifest>(BufReader::new(hashed.take(size)));
            manifest = Some(read.map_err(|e| StoreError::Inconsistent(format!("{MANIFEST}: {e}")))?);
        } else {
            std::io::copy(&mut hashed, &mut std::io::sink()).map_err(at(path))?;
            found.insert(name.to_owned(), (hex::encode(hashed.hasher.finalize()), hashed.bytes));
        }
        Ok(true)
    })?;
    let incomplete = || {
        StoreError::Inconsistent(format!("{} has no {MANIFEST}: it is not a whole backup", path.display()))
    };
    let manifest: Manifest = manifest.ok_or_else(incomplete)?;
    if manifest.format != FORMAT {
        return Err(StoreError::Inconsistent(format!(
            "the backup is of the unknown form '{}'",
            manifest.format
        )));
    }
    let mut wrong = Vec::new();
    for Member { path, sha256, bytes } in &manifest.members {
        match found.remove(path) {
            None => wrong.push((path.clone(), format!("{path} is missing from the backup"))),
            Some(there) if there != (sha256.clone(), *bytes) => {
                wrong.push((path.clone(), format!("{path} was altered in the backup")));
            }
            Some(_) => {}
        }
    }
    wrong.extend(
        found.into_keys().map(|path| (path.clone(), format!("{path} is not in the backup's manifest"))),
    );
    Ok((manifest, wrong))
}

/// A part of a table: which table, its columns, its rows.
pub(crate) struct Part {
    pub table: String,
    pub columns: Vec<String>,
    pub rows: VecDeque<Vec<Json>>,
}

/// Reads a part from a member `db/<table>/<number>.jsonl`; `None` for other members.
pub(crate) fn part(name: &str, size: u64, content: &mut dyn Read) -> Result<Option<Part>, StoreError> {
    let Some(table) = name.strip_prefix("db/").and_then(|n| n.split_once('/')) else { return Ok(None) };
    let wrong = |e: &dyn std::fmt::Display| StoreError::Inconsistent(format!("{name}: {e}"));
    if size > PART_MOST {
        return Err(wrong(&"the part is too large"));
    }
    let mut text = String::new();
    content.read_to_string(&mut text).map_err(|e| wrong(&e))?;
    let mut lines = text.lines();
    let columns = serde_json::from_str(lines.next().unwrap_or_default()).map_err(|e| wrong(&e))?;
    let rows = lines.map(serde_json::from_str).collect::<Result<_, _>>().map_err(|e| wrong(&e))?;
    Ok(Some(Part { table: table.0.to_owned(), columns, rows }))
}

/// Collects rows into parts of a table.
pub(crate) struct Parts<'a> {
    table: &'a str,
    head: String,
    bytes: Vec<u8>,
    number: u32,
    pub rows: u64,
}

impl<'a> Parts<'a> {
    pub fn new(table: &'a str, columns: &[&str]) -> Self {
        let head = Json::from(columns.to_vec()).to_string();
        Self { table, head, bytes: Vec::new(), number: 0, rows: 0 }
    }
    /// Adds a row; returns a part when one is full.
    pub fn row(&mut self, row: Vec<Json>) -> Option<Item> {
        if self.bytes.is_empty() {
            self.bytes.extend(self.head.bytes());
            self.bytes.push(b'\n');
        }
        self.rows += 1;
        // Writing into memory cannot fail.
        let _ = writeln!(self.bytes, "{}", Json::Array(row));
        if self.bytes.len() > PART_BYTES { self.end() } else { None }
    }
    /// The last part.
    pub fn end(&mut self) -> Option<Item> {
        let bytes = std::mem::take(&mut self.bytes);
        self.number += 1;
        (!bytes.is_empty()).then(|| Item::Bytes(format!("db/{}/{:05}.jsonl", self.table, self.number), bytes))
    }
}
