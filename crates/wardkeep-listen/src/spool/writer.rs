//! The one thread that writes: it takes what has come together, writes it, makes it durable once, and answers all.

use super::gate::{Receipt, Refused, Request, Shared, Written};
use super::open::{SpoolError, clear, segment_path};
use super::record::{Memory, put_batch, put_memory};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use tokio::sync::mpsc;

/// Bytes written before they are made durable, at most; one batch may be larger.
const COMMIT_BYTES: usize = 16 * 1024 * 1024;
/// Batches made durable at once, at most.
const COMMIT_BATCHES: usize = 1_024;

/// The end of the spool.
pub(super) struct Writer {
    folder: PathBuf,
    file: File,
    at: Written,
    memory: Memory,
    /// The keys of `memory`, to be looked up.
    known: HashSet<[u8; 16]>,
    segment_bytes: u64,
    shared: Arc<Shared>,
}

impl Writer {
    pub fn open(
        folder: &Path,
        at: Written,
        memory: Memory,
        segment_bytes: u64,
        shared: Arc<Shared>,
    ) -> Result<Self, SpoolError> {
        let path = segment_path(folder, at.segment);
        let wrong = |error| SpoolError::at(&path, &error);
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(wrong)?;
        // What lies behind was not whole when the program ended; nobody was told that it was taken.
        file.set_len(at.length).map_err(wrong)?;
        file.seek(SeekFrom::Start(at.length)).map_err(wrong)?;
        let known = memory.keys.iter().copied().collect();
        let mut writer = Self { folder: folder.to_owned(), file, at, memory, known, segment_bytes, shared };
        if at.length == 0 {
            writer.head().map_err(|error| SpoolError::at(&path, &error))?;
        }
        *writer.shared.written.lock().unwrap_or_else(PoisonError::into_inner) = writer.at;
        Ok(writer)
    }
    /// Writes until every gate is gone.
    pub fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let (mut taken, mut bytes) = (Vec::new(), Vec::new());
        while let Some(first) = requests.blocking_recv() {
            let mut size = first.batch.size();
            taken.push(first);
            while size < COMMIT_BYTES && taken.len() < COMMIT_BATCHES {
                let Ok(next) = requests.try_recv() else { break };
                size += next.batch.size();
                taken.push(next);
            }
            self.commit(&mut taken, &mut bytes, size);
        }
        self.shared.closed.store(true, Ordering::Relaxed);
        self.shared.grown.notify_all();
    }

    fn commit(&mut self, taken: &mut Vec<Request>, bytes: &mut Vec<u8>, size: usize) {
        bytes.clear();
        let mut next = self.at.next;
        let mut fresh: HashSet<[u8; 16]> = HashSet::new();
        let receipts: Vec<Receipt> = taken
            .iter()
            .map(|request| {
                let batch = &request.batch;
                if batch.key.is_some_and(|key| self.known.contains(&key) || !fresh.insert(key)) {
                    return Receipt { first: 0, messages: 0, repeated: true };
                }
                let first = next;
                put_batch(bytes, first, batch);
                next += batch.len() as u64;
                Receipt { first, messages: batch.len(), repeated: false }
            })
            .collect();
        let outcome = self.write(bytes, next);
        self.shared.waiting.fetch_sub(size as u64, Ordering::Relaxed);
        for (request, receipt) in taken.drain(..).zip(receipts) {
            if outcome.is_ok() && !receipt.repeated {
                let forgotten = (self.memory.keys.len() >= super::record::KEYS)
                    .then(|| self.memory.keys.front().copied())
                    .flatten();
                self.memory.learn(&request.batch);
                if let Some(key) = request.batch.key {
                    forgotten.map(|old| self.known.remove(&old));
                    self.known.insert(key);
                }
            }
            // Who no longer waits for the answer sends again, and is then known by the key.
            let _ = request.answer.send(outcome.clone().map(|()| receipt));
        }
        if outcome.is_ok() && self.at.length >= self.segment_bytes {
            self.roll();
        }
    }
    fn write(&mut self, bytes: &[u8], next: u64) -> Result<(), Refused> {
        if bytes.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.shared.disk_faults.fetch_add(1, Ordering::Relaxed);
            tracing::error!(%error, "the spool could not be written; senders are refused");
            // Whatever part of it was written must not be taken for whole later.
            let cut = self.file.set_len(self.at.length);
            if let Err(error) = cut.and_then(|()| self.file.seek(SeekFrom::Start(self.at.length))) {
                tracing::error!(%error, "the spool could not be cut back");
            }
            return Err(Refused::Disk(error.to_string()));
        }
        self.at.length += bytes.len() as u64;
        self.at.next = next;
        self.shared.held.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.tell();
        Ok(())
    }
    fn tell(&self) {
        *self.shared.written.lock().unwrap_or_else(PoisonError::into_inner) = self.at;
        self.shared.grown.notify_all();
    }
    /// Begins the next segment. When that fails, the old one just grows on.
    fn roll(&mut self) {
        if self.at.next == self.at.segment {
            return;
        }
        let path = segment_path(&self.folder, self.at.next);
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(&path);
        let before = self.at;
        let rolled = file.and_then(|file| {
            let old = std::mem::replace(&mut self.file, file);
            self.at = Written { segment: before.next, length: 0, next: before.next };
            self.head().inspect_err(|_| {
                self.file = old;
                self.at = before;
            })
        });
        match rolled {
            Ok(()) => {
                self.tell();
                // What lay in the old segment may have been done with before there was a newer one; while the spool is
                // full nothing else comes that would ask again.
                if self.shared.is_full()
                    && let Err(error) = clear(&self.folder, &self.shared)
                {
                    tracing::warn!(%error, "the spool could not be cleared");
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the next segment of the spool could not be begun");
                let _ = std::fs::remove_file(&path);
            }
        }
    }
    fn head(&mut self) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        put_memory(&mut bytes, self.at.next, &self.memory);
        self.file.write_all(&bytes)?;
        self.file.sync_all()?;
        File::open(&self.folder)?.sync_all()?;
        self.at.length = bytes.len() as u64;
        self.shared.held.fetch_add(self.at.length, Ordering::Relaxed);
        Ok(())
    }
}
