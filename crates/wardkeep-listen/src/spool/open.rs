//! Opening a spool: what is whole is found, what is torn is cut off.

use super::cursor::Cursor;
use super::gate::{Gate, Shared, Written};
use super::record::{Content, HEADER, MAGIC, Memory, header, read};
use super::writer::Writer;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// Bounds of a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpoolOptions {
    /// Bytes on disk; beyond them senders are refused.
    pub bytes: u64,
    /// Bytes of one segment before the next is begun.
    pub segment_bytes: u64,
    /// Batches that may wait to be written.
    pub waiting: usize,
}

impl Default for SpoolOptions {
    fn default() -> Self {
        Self { bytes: 4 << 30, segment_bytes: 64 << 20, waiting: 256 }
    }
}

/// A spool that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct SpoolError {
    /// The file or folder.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl SpoolError {
    pub(super) fn at(path: &Path, error: &io::Error) -> Self {
        Self { path: path.display().to_string(), message: error.to_string() }
    }
}

/// An open spool.
pub struct Spool {
    folder: PathBuf,
    gate: Gate,
    shared: Arc<Shared>,
    marks: BTreeMap<Arc<str>, Vec<u8>>,
    damaged: u64,
    writer: Option<JoinHandle<()>>,
}

pub(super) fn segment_path(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:016x}.spool"))
}

/// Numbers of the first messages of all segments, in order.
pub(super) fn segments(folder: &Path) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".spool"));
        if let Some(first) = stem.and_then(|stem| u64::from_str_radix(stem, 16).ok()) {
            found.push(first);
        }
    }
    found.sort_unstable();
    Ok(found)
}

impl Spool {
    /// Opens the spool in a folder, makes it if it is not there, and starts its writing thread. Messages are numbered
    /// from `first` at least: a spool that was emptied by hand never gives a number twice.
    pub fn open(folder: &Path, options: SpoolOptions, first: u64) -> Result<Self, SpoolError> {
        let wrong = |error| SpoolError::at(folder, &error);
        fs::create_dir_all(folder).map_err(wrong)?;
        let known = segments(folder).map_err(wrong)?;
        let shared = Arc::new(Shared { bytes: options.bytes, ..Shared::default() });
        let (mut memory, mut damaged) = (Memory::default(), 0);
        let mut at = Written { segment: first.max(1), length: 0, next: first.max(1) };
        // Each segment begins with all that is remembered, so the newest tells everything; unless its beginning was
        // being written when the program ended.
        let mut from = known.len().saturating_sub(1);
        while from > 0 && !begins_whole(&segment_path(folder, known[from])) {
            from -= 1;
        }
        for (place, segment) in known.iter().enumerate() {
            let path = segment_path(folder, *segment);
            let wrong = |error| SpoolError::at(&path, &error);
            let last = place + 1 == known.len();
            if place < from {
                shared.held.fetch_add(path.metadata().map_err(wrong)?.len(), Ordering::Relaxed);
                continue;
            }
            let bytes = fs::read(&path).map_err(wrong)?;
            let scanned = scan(&bytes, &mut memory);
            let torn = bytes.len() - scanned.whole;
            damaged += scanned.damaged + if last { 0 } else { torn as u64 };
            let length = if last { scanned.whole } else { bytes.len() };
            shared.held.fetch_add(length as u64, Ordering::Relaxed);
            let next = scanned.next.max(*segment).max(at.next);
            at = Written { segment: *segment, length: length as u64, next };
            if last && torn > 0 {
                tracing::info!(segment = %path.display(), bytes = torn, "cut off what was not whole and never acknowledged");
            }
        }
        if damaged > 0 {
            tracing::error!(bytes = damaged, folder = %folder.display(), "the spool is damaged; what could be read was kept");
        }
        let marks = memory.marks.clone();
        let writer = Writer::open(folder, at, memory, options.segment_bytes, shared.clone())?;
        let (requests, received) = mpsc::channel(options.waiting.max(1));
        let thread = std::thread::Builder::new().name("spool".into()).spawn(move || writer.run(received));
        Ok(Self {
            folder: folder.to_owned(),
            gate: Gate { requests, shared: shared.clone() },
            shared,
            marks,
            damaged,
            writer: Some(thread.map_err(wrong)?),
        })
    }
    /// The way in.
    pub fn gate(&self) -> Gate {
        self.gate.clone()
    }
    /// What was remembered when the spool was opened.
    pub fn marks(&self) -> &BTreeMap<Arc<str>, Vec<u8>> {
        &self.marks
    }
    /// Bytes that could not be read when the spool was opened.
    pub fn damaged(&self) -> u64 {
        self.damaged
    }
    /// Reads from the message of that number on.
    pub fn cursor(&self, from: u64) -> Cursor {
        Cursor::new(self.folder.clone(), self.shared.clone(), from)
    }
    /// Removes the segments whose messages all lie before `upto`; the newest stays, with all that is remembered.
    /// Returns how many went.
    pub fn release(&self, upto: u64) -> Result<usize, SpoolError> {
        self.shared.released.fetch_max(upto, Ordering::Relaxed);
        clear(&self.folder, &self.shared)
    }
    /// Ends the writing thread once every other gate is gone.
    pub fn close(mut self) {
        let writer = self.writer.take();
        drop(self);
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }
}

/// Removes the segments that are done with; returns how many went.
pub(super) fn clear(folder: &Path, shared: &Shared) -> Result<usize, SpoolError> {
    let (newest, upto) = (shared.written().segment, shared.released.load(Ordering::Relaxed));
    let known = segments(folder).map_err(|error| SpoolError::at(folder, &error))?;
    let mut gone = 0;
    for pair in known.windows(2).filter(|pair| pair[1] <= upto && pair[0] < newest) {
        let path = segment_path(folder, pair[0]);
        let size = path.metadata().map_or(0, |m| m.len());
        match fs::remove_file(&path) {
            Ok(()) => {
                shared.held.fetch_sub(size, Ordering::Relaxed);
                gone += 1;
            }
            // Another thread was here first.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(SpoolError::at(&path, &error)),
        }
    }
    Ok(gone)
}

/// Whether the first record of a segment is whole.
fn begins_whole(path: &Path) -> bool {
    let Ok(bytes) = fs::read(path) else { return false };
    next_record(&bytes, 0).is_some_and(|(start, ..)| start == 0)
}

struct Scanned {
    /// Bytes up to the end of the last whole record.
    whole: usize,
    /// Bytes before it that are no record.
    damaged: u64,
    /// Number after the last message.
    next: u64,
}

fn scan(bytes: &[u8], memory: &mut Memory) -> Scanned {
    let mut found = Scanned { whole: 0, damaged: 0, next: 0 };
    let mut at = 0;
    while let Some((start, end, content)) = next_record(bytes, at) {
        found.damaged += (start - at) as u64;
        match content {
            Content::Memory(next, kept) => {
                found.next = found.next.max(next);
                *memory = kept;
            }
            Content::Batch(first, batch) => {
                found.next = first + batch.len() as u64;
                memory.learn(&batch);
            }
        }
        (at, found.whole) = (end, end);
    }
    found
}

/// The next whole record at or after a place.
pub(super) fn next_record(bytes: &[u8], mut at: usize) -> Option<(usize, usize, Content)> {
    loop {
        let rest = bytes.get(at..)?;
        let found = header(rest).and_then(|(length, sum)| {
            let body = rest.get(HEADER..HEADER + length)?;
            Some((at, at + HEADER + length, read(body, sum)?))
        });
        if found.is_some() {
            return found;
        }
        let later = rest.get(1..)?.windows(MAGIC.len()).position(|window| window == MAGIC)?;
        at += 1 + later;
    }
}
